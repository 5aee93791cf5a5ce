"""Changelogs in full: a search answer holds only the recent part of a long one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from .client import JiraClient
from .pages import Loop
from .records import is_cut
from .wire import BulkChangelogs, Changelog, Issue

MOST_ISSUES = 1000
MOST_ENTRIES = 10_000


def completed(client: JiraClient, cloud: bool, issues: Sequence[Issue]) -> Sequence[Issue]:
    """The issues, those with a cut changelog given the whole of it: on Cloud all of a page at once, in few answers."""
    cut = [issue.id for issue in issues if is_cut(issue.changelog, cloud)]
    if not cut:
        return issues
    whole = _in_bulk(client, cut) if cloud else _one_by_one(client, cut)
    return [_with(issue, whole[issue.id]) if issue.id in whole else issue for issue in issues]


def _with(issue: Issue, histories: list[dict[str, Any]]) -> Issue:
    return Issue(issue.id, issue.key, issue.fields, Changelog(histories, len(histories)))


def _in_bulk(client: JiraClient, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Entries come by date over all issues: one issue's lie on several pages."""
    merged: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, len(ids), MOST_ISSUES):
        loop, token = Loop("a changelog"), ""
        while True:
            loop.step(token)
            body = {"issueIdsOrKeys": ids[start : start + MOST_ISSUES], "maxResults": MOST_ENTRIES}
            page = client.post(
                "changelog/bulkfetch", body | ({"nextPageToken": token} if token else {}), BulkChangelogs
            )
            for one in page.issue_change_logs:
                merged[one.issue_id] += one.change_histories
            token = page.next_page_token or ""
            if not token:
                break
    return merged


def _one_by_one(client: JiraClient, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found = {one: client.find(f"issue/{one}", Issue, fields="id", expand="changelog") for one in ids}
    return {one: issue.changelog.histories for one, issue in found.items() if issue and issue.changelog}
