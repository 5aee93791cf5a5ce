"""What was said of an issue, in numbers: how many comments there are, and when one was last written or changed. They come whole
where a mapping asks for them; not a word of them goes further than here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .client import JiraClient
from .records import instant
from .wire import CommentPage, Issue, Loose

FIELD = "comment"
LONGEST = 20
"""Comments that a search of Cloud tells of an issue, at most; its contract calls ``total`` the number on the page."""


def counted(client: JiraClient, cloud: bool, issues: Sequence[Issue]) -> Sequence[Issue]:
    """The issues with their comments as {total, last}; those whose comments were not asked for as they are."""
    return [_counted(client, cloud, issue) if FIELD in issue.fields else issue for issue in issues]


def _counted(client: JiraClient, cloud: bool, issue: Issue) -> Issue:
    told = _told(issue.fields[FIELD])
    if cloud and len(told.comments) >= LONGEST:
        newest = client.find(f"issue/{issue.id}/comment", CommentPage, maxResults=1, orderBy="-created")
        told = _joined(told, newest) if newest else told
    return msgspec.structs.replace(issue, fields=issue.fields | {FIELD: _numbers(told)})


def _joined(told: CommentPage, newest: CommentPage) -> CommentPage:
    return CommentPage(told.comments + newest.comments, max(told.total, newest.total))


def _told(value: Any) -> CommentPage:
    """What an issue says of its comments; one that says it in another way says nothing."""
    try:
        return msgspec.convert(value, CommentPage)
    except msgspec.ValidationError:
        return CommentPage([], 0)


def _numbers(told: CommentPage) -> Loose:
    times = [one.get("updated") or one.get("created") for one in told.comments]
    last = max((when for when in map(instant, times) if when), default=None)
    return {"total": told.total, **({"last": last.isoformat()} if last else {})}
