"""The baseline: what a script with the plain ``python-gitlab`` library does to read projects, and no more."""

from __future__ import annotations

import sys
from pathlib import Path

import gitlab


def main(url: str, token_file: str) -> None:
    """Iterate over every issue and merge request of every project; nothing is mapped, compared or stored."""
    client = gitlab.Gitlab(url, private_token=Path(token_file).read_text(encoding="utf-8").strip(), keep_base_url=True)
    count = 0
    for project in client.projects.list(iterator=True):
        count += sum(1 for _ in project.issues.list(iterator=True, scope="all"))
        count += sum(1 for _ in project.mergerequests.list(iterator=True, scope="all"))
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
