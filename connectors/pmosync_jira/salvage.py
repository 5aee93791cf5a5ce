"""A page of issues of which some cannot be read: one poison record takes neither its page nor its project with it. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from pmosync.jsontext import decoded

from .wire import BulkIssues, Issue, SearchPage, ServerSearchPage

LEAST, SHARE = 2, 0.01
PAGES = (SearchPage, ServerSearchPage, BulkIssues)
EVERY = ("created", "project", "updated")
KEPT = ("security", "updated")
"""What is taken of an issue that cannot be read: who may see it, and when it changed."""

FAULT = "Jira's answer does not have the shape of an issue"


class Salvage(Struct, frozen=True):
    """A page whose issues are all there; of ``lost`` of them nothing but the name could be read."""

    page: SearchPage | ServerSearchPage | BulkIssues
    lost: int


def too_many(lost: int, issues: int) -> bool:
    """More than max(2, 1 %) of a page looks as if Jira's answers had changed, not as if records were broken."""
    return lost > max(LEAST, SHARE * issues)


def hollow(issue: Issue) -> bool:
    """Nothing is told of what every issue has: the answer holds no more of it than its name."""
    return all(issue.fields.get(name) is None for name in EVERY)


def emptied(issue: Issue) -> Issue:
    """The issue as one that cannot be read: taken as it is, its silence would wipe out what is known of it."""
    return Issue(issue.id, issue.key, {}, fault=FAULT)


def salvaged(content: bytes, shape: type[Any]) -> Salvage:
    """A page with its issues read one by one. One that cannot be read keeps its name and says so. ValueError for another
    answer, or an issue without an id.
    """
    if shape not in PAGES:
        raise ValueError("not a page of issues")
    parts = decoded(content, dict[str, Any])
    told = msgspec.convert(parts.get("issues"), list[dict[str, Any]])
    page = msgspec.convert({**parts, "issues": []}, shape)
    read = [_read(one) for one in told]
    page.issues = [issue or _named(one) for issue, one in zip(read, told, strict=True)]
    return Salvage(page, read.count(None))


def _read(told: dict[str, Any]) -> Issue | None:
    try:
        return msgspec.convert(told, Issue)
    except msgspec.ValidationError:
        return None


def _named(told: dict[str, Any]) -> Issue:
    number, key, fields = told.get("id"), told.get("key"), told.get("fields")
    if not isinstance(number, str):
        raise ValueError("an issue without an id")
    shown = {name: fields[name] for name in KEPT if name in fields} if isinstance(fields, dict) else {}
    return Issue(number, key if isinstance(key, str) else "", shown, fault=FAULT)
