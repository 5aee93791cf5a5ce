"""Changelogs in full: a search answer holds only the recent part of a long one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .client import ForbiddenError, JiraClient, MissingError
from .pages import Loop, by_offset
from .records import is_cut
from .wire import BulkChangelogs, Changelog, Issue, Loose, Page

MOST_ISSUES = 1000
MOST_ENTRIES = 10_000
A_PAGE = 100


def completed(client: JiraClient, cloud: bool, issues: Sequence[Issue]) -> Sequence[Issue]:
    """The issues, those with a cut changelog given the whole of it: on Cloud all of a page at once, in few answers. What no
    address tells whole keeps the ``total`` that it should have.
    """
    cut = [issue for issue in issues if is_cut(issue.changelog, cloud)]
    if not cut:
        return issues
    whole = _in_bulk(client, [issue.id for issue in cut]) if cloud else {one.id: _alone(client, one) for one in cut}
    return [_with(issue, whole[issue.id]) if issue.id in whole else issue for issue in issues]


def _with(issue: Issue, changelog: Changelog) -> Issue:
    return Issue(issue.id, issue.key, issue.fields, changelog)


def _in_bulk(client: JiraClient, ids: Sequence[str]) -> dict[str, Changelog]:
    """Entries come by date over all issues: one issue's lie on several pages."""
    merged: defaultdict[str, list[Loose]] = defaultdict(list)
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
    return {one: Changelog(entries, len(entries)) for one, entries in merged.items()}


def _alone(client: JiraClient, issue: Issue) -> Changelog:
    """One issue's changelog as the issue itself tells it; where that is cut too, page by page."""
    first = issue.changelog or Changelog()
    found = client.find(f"issue/{issue.id}", Issue, fields="id", expand="changelog")
    again = found.changelog if found and found.changelog else first
    entries = {str(one.get("id")): one for one in (*first.histories, *again.histories)}
    if len(entries) < again.total:
        entries |= {str(one.get("id")): one for one in _paged(client, issue.id)}
    return Changelog(list(entries.values()), again.total)


def _paged(client: JiraClient, issue: str) -> list[Loose]:
    """All entries from the address that pages them; none where the server has no such address."""

    def page(start: int) -> Page[Loose]:
        return client.get(f"issue/{issue}/changelog", Page[Loose], startAt=start, maxResults=A_PAGE)

    try:
        return list(by_offset(page, "a changelog"))
    except (MissingError, ForbiddenError):
        return []
