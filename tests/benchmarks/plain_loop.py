"""The baseline: what a script with the plain ``jira`` library does to read a project, and no more."""

from __future__ import annotations

import sys
from pathlib import Path

from jira import JIRA


def main(url: str, email: str, token_file: str, jql: str) -> None:
    """Iterate over every issue of a query; nothing is mapped, compared or stored."""
    client = JIRA(
        server=url,
        basic_auth=(email, Path(token_file).read_text(encoding="utf-8").strip()),
        options={"rest_api_version": "3"},
        max_retries=0,
        timeout=120,
    )
    found = client.search_issues(jql, maxResults=False, expand="changelog")
    sys.stdout.write(f"{len(found)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
