"""Issues of one scope: a first reading by ids, sweeps by window of ``updated``, censuses, proofs that one is still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from pmosync.errors import TransientError
from pmosync.raw import Batch, RawRecord, Ref, Unit
from pmosync.transport import Crew

from .client import JiraClient, RefusedError, Standing
from .fields import FieldPlan
from .histories import completed
from .pages import Loop
from .position import Position, ahead, cursor, ended, grown, moment, narrowed, onward, within
from .query import births, window
from .records import instant, issue_record
from .wire import BulkIssues, Issue, SearchPage, ServerSearchPage

CENSUS_PAGE = 5000
SERVER_CENSUS_PAGE = 1000
BULK = 100


class Sweep(Struct, frozen=True):
    """What one pull of issues works with."""

    client: JiraClient
    standing: Standing
    unit: Unit
    scope: str
    plan: FieldPlan
    page_size: int
    history: bool
    crew: Crew

    def jql(self, floor: datetime | None) -> str:
        """The window from ``floor`` on."""
        return window(self.scope, floor, self.standing.zone)

    def batch(self, issues: Sequence[Issue], position: Position, total: int | None = None) -> Batch:
        """A page of records with the cursor behind it."""
        return Batch(self.unit, self.records(issues), cursor(position), total=total)

    def records(self, issues: Sequence[Issue]) -> tuple[RawRecord, ...]:
        """The issues with their whole history, as records."""
        whole = completed(self.client, self.standing.cloud, issues) if self.history else issues
        return tuple(issue_record(self.unit.connection, issue, self.plan) for issue in whole)


def pull(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Everything changed since the position, oldest change first; each batch carries a cursor to resume from."""
    if not sweep.standing.cloud:
        return _pull_by_window(sweep, position)
    return _pull_by_id(sweep, position) if position.floor is None else _pull_by_token(sweep, position)


class Fetched(Struct, frozen=True):
    """Issues read by their ids, when they were created, and the last id that was asked for."""

    records: tuple[RawRecord, ...]
    births: tuple[datetime, ...]
    past: str


def _pull_by_id(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Cloud, everything: ids by few large pages, then the issues, several requests at once. A list of several pages is not
    trusted to be complete: from its last issue on it is asked again, until nothing new comes.
    """
    told: set[str] = set()
    while True:
        pages = [*_id_pages(sweep.client, births(sweep.scope, moment(position.born), sweep.standing.zone))]
        ids = list(dict.fromkeys(issue.id for page in pages for issue in page))
        new = [one for one in ahead(position, ids) if one not in told]
        told.update(new)
        for fetched in sweep.crew.answers(partial(_fetch, sweep), pieces(new, min(BULK, sweep.page_size))):
            position = grown(position, fetched.births, fetched.past)
            yield Batch(sweep.unit, fetched.records, cursor(position), total=len(told))
        if len(pages) == 1 or not new:
            yield Batch(sweep.unit, (), cursor(ended(position)), total=len(told))
            return


def _fetch(sweep: Sweep, ids: Sequence[str]) -> Fetched:
    """Issues by their ids. One that went away, or out of sight, since they were listed is absent."""
    body: dict[str, Any] = {"issueIdsOrKeys": ids, "fields": list(sweep.plan.asked)}
    if sweep.history:
        body["expand"] = ["changelog"]
    issues = sweep.client.post("issue/bulkfetch", body, BulkIssues).issues
    return Fetched(sweep.records(issues), _instants(issues, "created"), ids[-1])


def pieces(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The ids in runs of at most ``size``."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _pull_by_token(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Cloud. A chain of tokens that took several pages is not trusted to be complete: from the last change on it is
    asked again, until one page is the answer or nothing newer comes.
    """
    loop = Loop(sweep.unit.title)
    while True:
        loop.step(position.token)
        page = _token_page(sweep, position)
        if page is None:
            position = narrowed(position)
            continue
        single = not position.token
        position = onward(position, _changes(page.issues), page.next_page_token or "")
        if position.token:
            yield sweep.batch(page.issues, position)
        elif single or narrowed(position).floor == position.floor:
            yield sweep.batch(page.issues, ended(position))
            return
        else:
            position = narrowed(position)
            yield sweep.batch(page.issues, position)


def _token_page(sweep: Sweep, position: Position) -> SearchPage | None:
    """One page; None where the token is no longer good."""
    body: dict[str, Any] = {
        "jql": sweep.jql(moment(position.floor)),
        "fields": list(sweep.plan.asked),
        "maxResults": sweep.page_size,
    }
    if sweep.history:
        body["expand"] = "changelog"
    if position.token:
        body["nextPageToken"] = position.token
    try:
        return _ending(sweep.client, sweep.client.post("search/jql", body, SearchPage))
    except RefusedError:
        if not position.token:
            raise
        return None


def _ending(client: JiraClient, page: SearchPage) -> SearchPage:
    """A page that is not the last one must say where the next one is."""
    if page.is_last is False and not page.next_page_token:
        raise client.misshapen("search/jql")
    return SearchPage(page.issues) if page.is_last else page


def _changes(issues: Sequence[Issue]) -> tuple[datetime, ...]:
    return _instants(issues, "updated")


def _instants(issues: Sequence[Issue], field: str) -> tuple[datetime, ...]:
    return tuple(when for issue in issues if (when := instant(issue.fields.get(field))))


def _pull_by_window(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Data Center. Offsets shift when issues change, so every page opens a new window at the last change seen; only
    inside one minute is an offset used, overlapping by one issue that proves that nothing shifted.
    """
    loop, total = Loop(sweep.unit.title), None
    while True:
        loop.step()
        page = _server_page(sweep, position)
        total = page.total if total is None else total
        if position.expected and (not page.issues or page.issues[0].id != position.expected):
            position = within(position, 0, "")
            continue
        behind = onward(position, _changes(page.issues), "")
        if position.offset + len(page.issues) >= page.total:
            yield sweep.batch(page.issues, ended(behind), total)
            return
        if len(page.issues) < 2:
            raise TransientError(f"jira: {sweep.unit.title} broke off", remedy="wait; the next sync goes on from here")
        position = _ahead(sweep, behind, page)
        yield sweep.batch(page.issues, position, total)


def _ahead(sweep: Sweep, behind: Position, page: ServerSearchPage) -> Position:
    """The window behind a page; while that is the same minute still, the next offset in it."""
    ahead = narrowed(behind)
    if sweep.jql(moment(ahead.floor)) != sweep.jql(moment(behind.floor)):
        return ahead
    return within(behind, behind.offset + len(page.issues) - 1, page.issues[-1].id)


def _server_page(sweep: Sweep, position: Position) -> ServerSearchPage:
    body: dict[str, Any] = {
        "jql": sweep.jql(moment(position.floor)),
        "fields": list(sweep.plan.asked),
        "startAt": position.offset,
        "maxResults": sweep.page_size,
    }
    if sweep.history:
        body["expand"] = ["changelog"]
    page = sweep.client.post("search", body, ServerSearchPage)
    if page.start_at != position.offset:
        raise sweep.client.misshapen("search")
    return page


def census(client: JiraClient, cloud: bool, connection: str, scope: str) -> Iterator[Sequence[Ref]]:
    """The ids of all visible issues of a scope."""
    pages = _id_pages(client, f"{scope} ORDER BY key ASC") if cloud else _server_id_pages(client, scope)
    for issues in pages:
        yield [Ref(connection, "issue", issue.id) for issue in issues]


def _id_pages(client: JiraClient, jql: str) -> Iterator[Sequence[Issue]]:
    loop, token = Loop("the list of ids"), ""
    while True:
        loop.step(token)
        body = {"jql": jql, "fields": ["id"], "maxResults": CENSUS_PAGE}
        page = _ending(
            client, client.post("search/jql", body | ({"nextPageToken": token} if token else {}), SearchPage)
        )
        yield page.issues
        token = page.next_page_token or ""
        if not token:
            return


def _server_id_pages(client: JiraClient, scope: str) -> Iterator[Sequence[Issue]]:
    loop, start = Loop("the census"), 0
    while True:
        loop.step()
        body = {
            "jql": f"{scope} ORDER BY key ASC",
            "fields": ["id"],
            "maxResults": SERVER_CENSUS_PAGE,
            "startAt": start,
        }
        page = client.post("search", body, ServerSearchPage)
        yield page.issues
        start += len(page.issues)
        if start >= page.total:
            return
        if not page.issues:
            raise TransientError(f"jira: the census broke off after {start} issues", remedy="wait; it is counted again")


def visible(client: JiraClient, cloud: bool, refs: Sequence[Ref]) -> Mapping[Ref, bool]:
    """Whether each issue answers by its id."""
    if not cloud:
        return {ref: client.find(f"issue/{ref.id}", Issue, fields="id") is not None for ref in refs}
    shown: set[str] = set()
    for ids in pieces([ref.id for ref in refs], BULK):
        body = {"issueIdsOrKeys": ids, "fields": ["id"]}
        shown |= {issue.id for issue in client.post("issue/bulkfetch", body, BulkIssues).issues}
    return {ref: ref.id in shown for ref in refs}
