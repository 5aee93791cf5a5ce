"""The frozen reference: what reading issues must cost at least. Each issue is decoded into the fields that the mapping reads,
and all of them are inserted at once; nothing is asked, translated, compared or dated. Change it, and figures of before and after
mean different things.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import msgspec


class Named(msgspec.Struct):
    """What is kept of a value that is an object."""

    id: str = ""
    name: str = ""


class Status(msgspec.Struct):
    """A status with Jira's own category."""

    name: str
    statusCategory: dict[str, Any]  # noqa: N815 - Jira's word


class Fields(msgspec.Struct, rename="lower"):
    """The mapped fields."""

    summary: str
    status: Status
    issuetype: Named
    project: Named
    created: str
    updated: str
    resolution: Named | None = None
    resolutiondate: str | None = None
    duedate: str | None = None
    fixversions: list[Named] = msgspec.field(default_factory=list, name="fixVersions")
    assignee: dict[str, Any] | None = None
    labels: list[str] = msgspec.field(default_factory=list)


class Issue(msgspec.Struct):
    """An issue with its history."""

    id: str
    key: str
    fields: Fields
    changelog: dict[str, Any] | None = None


def main(issues: str, store: str) -> None:
    """Decode the lines of ``issues`` and insert a row for each into a new database at ``store``."""
    decode = msgspec.json.Decoder(Issue).decode
    with open(issues, "rb") as lines:
        rows = [_row(decode(line)) for line in lines]
    database = sqlite3.connect(store)
    database.execute("CREATE TABLE issue (id TEXT PRIMARY KEY, key TEXT, status TEXT, updated TEXT, body BLOB)")
    with database:
        database.executemany("INSERT INTO issue VALUES (?, ?, ?, ?, ?)", rows)
    database.close()


def _row(issue: Issue) -> tuple[Any, ...]:
    return issue.id, issue.key, issue.fields.status.name, issue.fields.updated, msgspec.msgpack.encode(issue)


if __name__ == "__main__":
    main(*sys.argv[1:])
