"""The baseline: what a script with the plain ``jira`` library does to read a project, and no more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jira import JIRA


def main(url: str, email: str, token_file: str, jql: str) -> None:
    """Iterate over every issue of a query; nothing is mapped, compared or stored. Without ``email`` it is Data Center."""
    token = Path(token_file).read_text(encoding="utf-8").strip()
    signed: dict[str, Any] = {"basic_auth": (email, token)} if email else {"token_auth": token}
    options: dict[str, Any] = {"rest_api_version": "3" if email else "2"}
    client = JIRA(server=url, options=options, max_retries=0, timeout=120, **signed)
    found = client.search_issues(jql, maxResults=False, expand="changelog")
    sys.stdout.write(f"{len(found)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
