"""When a merge request was first reviewed, and who approves it since when: GitLab keeps no such fields, its notes tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .client import Client, Row
from .payload import PERSON, only
from .walk import moment

FIRST, APPROVERS, APPROVED = "first_review_at", "approved_by", "approved_at"
FIELDS = (FIRST, APPROVERS, APPROVED)
GIVEN, TAKEN, RESET = "approved this merge request", "unapproved this merge request", "reset approvals from "
VERDICTS = (GIVEN, "requested changes")
NAME = re.compile(r"@([\w.-]*\w)")


def reviewed(client: Client, request: Row, asked: Collection[str], before: Mapping[str, Any]) -> dict[str, Any]:
    """The ``asked`` ones of ``FIELDS``, in GitLab's form; ``before`` is what was last read of the request.

    A first review stays the first, and alone it is looked for no farther than it stands. NotVisibleError where the notes
    are refused.
    """
    first = before.get(FIRST) if FIRST in asked else None
    if not {APPROVERS, APPROVED} & set(asked):
        return {FIRST: first or first_review(request, _notes(client, request, "all_notes"))}
    notes = list(_notes(client, request, "only_activity" if first or FIRST not in asked else "all_notes"))
    given = approvals(notes)
    told = {
        FIRST: first or first_review(request, notes),
        APPROVERS: [only(note["author"], PERSON) for note in given],
        APPROVED: max((note["created_at"] for note in given), key=moment, default=None),
    }
    return {name: told[name] for name in asked}


def first_review(request: Row, notes: Iterable[Row]) -> str | None:
    """The instant of the first comment or verdict of somebody other than the author; None if there is none."""
    author = (request.get("author") or {}).get("id")
    return next((str(note["created_at"]) for note in notes if _is_review(note, author)), None)


def approvals(notes: Iterable[Row]) -> list[Row]:
    """The notes (oldest first) of the approvals in force: neither taken back nor reset by a push."""
    given: dict[str, Row] = {}
    for note in notes:
        body, by = str(note.get("body", "")), (note.get("author") or {}).get("username")
        if not note.get("system") or not by:
            continue
        if body.startswith(GIVEN):
            given[by] = note
        elif body.startswith(TAKEN):
            given.pop(by, None)
        elif body.startswith(RESET):
            given = {name: kept for name, kept in given.items() if name not in NAME.findall(body)}
    return list(given.values())


def _notes(client: Client, request: Row, which: str) -> Iterator[Row]:
    """The request's notes, oldest first."""
    path = f"/projects/{request['project_id']}/merge_requests/{request['iid']}"
    query = {"sort": "asc", "order_by": "created_at", "activity_filter": which}
    for page in client.beside(path, "notes", query):
        yield from page.rows


def _is_review(note: Row, author: object) -> bool:
    if (note.get("author") or {}).get("id") == author or not note.get("created_at"):
        return False
    return not note.get("system") or str(note.get("body", "")).startswith(VERDICTS)
