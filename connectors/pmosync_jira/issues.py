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
from .comments import counted
from .fields import FieldPlan
from .histories import completed
from .pages import Loop
from .position import Position, ahead, cursor, ended, grown, millis, moment, narrowed, onward
from .query import births, window
from .records import issue_record
from .salvage import emptied, hollow, too_many
from .windows import Windows, instants
from .wire import BulkIssues, Issue, SearchPage, ServerSearchPage

CLOUD_IDS, SERVER_IDS = 5000, 1000
"""Ids a page, at most."""
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

    @property
    def expanded(self) -> tuple[str, ...]:
        """What is to be told beyond fields."""
        return ("changelog",) if self.history else ()

    @property
    def asked(self) -> dict[str, Any]:
        """What is wanted of every issue, in the words of a request that names issues by id."""
        return {"fields": list(self.plan.asked), **({"expand": list(self.expanded)} if self.history else {})}

    def batch(self, issues: Sequence[Issue], position: Position, total: int | None = None) -> Batch:
        """A page of records with the cursor behind it."""
        return Batch(self.unit, self.records(issues), cursor(position), total=total)

    def records(self, issues: Sequence[Issue]) -> tuple[RawRecord, ...]:
        """The issues with their whole history, and with their comments in numbers, as records. HeldError where too many of
        them are no more than names.
        """
        empty = [issue for issue in issues if hollow(issue) and not issue.fault]
        if too_many(len(empty), len(issues)):
            raise self.client.unreadable(len(empty), len(issues))
        issues = [emptied(issue) if issue in empty else issue for issue in issues]
        whole = completed(self.client, self.standing.cloud, issues) if self.history else issues
        whole = counted(self.client, self.standing.cloud, whole)
        return tuple(issue_record(self.unit.connection, issue, self.plan) for issue in whole)


def pull(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Everything changed since the position, oldest change first; each batch carries a cursor to resume from."""
    if position.floor is None:
        return _pull_by_id(sweep, position)
    return _pull_by_token(sweep, position) if sweep.standing.cloud else _pull_by_window(sweep, position)


class Fetched(Struct, frozen=True):
    """Issues read by their ids, when they were created, and the last id that was asked for."""

    records: tuple[RawRecord, ...]
    births: tuple[datetime, ...]
    past: str


def _pull_by_id(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Everything: ids by few large pages, then the issues, several requests at once. A list of several pages is not
    trusted to be complete: from its last issue on it is asked again, until nothing new comes.
    """
    told: set[str] = set()
    while True:
        pages = [*_ids(sweep.client, sweep.standing, sweep.scope, moment(position.born))]
        ids = list(dict.fromkeys(one for page in pages for one in page))
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
    issues = _in_bulk(sweep, ids) if sweep.standing.cloud else _searched(sweep, ids)
    return Fetched(sweep.records(issues), instants(issues, "created"), ids[-1])


def _in_bulk(sweep: Sweep, ids: Sequence[str]) -> Sequence[Issue]:
    return sweep.client.post("issue/bulkfetch", {"issueIdsOrKeys": ids, **sweep.asked}, BulkIssues).issues


def _one_by_one(sweep: Sweep, ids: Sequence[str]) -> Iterator[Issue]:
    asked = {"fields": ",".join(sweep.plan.asked), **({"expand": "changelog"} if sweep.history else {})}
    found = (sweep.client.find(f"issue/{one}", Issue, **asked) for one in ids)
    return (issue for issue in found if issue is not None)


def _searched(sweep: Sweep, ids: Sequence[str]) -> Sequence[Issue]:
    """Data Center has no bulk reading but a search. What that does not know is asked for by itself: it may be gone, but the
    node that answers may also have an older index than the one that listed it.
    """
    issues = _indexed(sweep, ids)
    came = {issue.id for issue in issues}
    return [*issues, *_one_by_one(sweep, [one for one in ids if one not in came])]


def _indexed(sweep: Sweep, ids: Sequence[str]) -> list[Issue]:
    """``validateQuery`` off: one id that is gone would refuse them all. What a page leaves out is asked for by id again, so
    that no offset can shift.
    """
    issues: list[Issue] = []
    rest = list(ids)
    while rest:
        body = {"jql": f"id IN ({', '.join(rest)})", "maxResults": len(rest), "validateQuery": False, **sweep.asked}
        page = sweep.client.post("search", body, ServerSearchPage)
        issues += page.issues
        if len(page.issues) >= page.total:
            break
        rest = _left(sweep, rest, page)
    return issues


def _left(sweep: Sweep, ids: Sequence[str], page: ServerSearchPage) -> list[str]:
    came = {issue.id for issue in page.issues}
    left = [one for one in ids if one not in came]
    if len(left) == len(ids):
        raise TransientError(f"jira: {sweep.unit.title} broke off", remedy="wait; the next sync goes on from here")
    return left


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
        position = onward(position, instants(page.issues, "updated"), page.next_page_token or "")
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


def _pull_by_window(sweep: Sweep, position: Position) -> Iterator[Batch]:
    """Data Center, what changed: windows of ``updated``."""
    windows = Windows(
        sweep.client, sweep.unit.title, "updated", sweep.jql, sweep.plan.asked, sweep.page_size, sweep.expanded
    )
    total: int | None = None
    for page, behind in windows.pages(position):
        total = page.total if total is None else total
        yield sweep.batch(page.issues, behind, total)


def census(client: JiraClient, standing: Standing, connection: str, scope: str) -> Iterator[Sequence[Ref]]:
    """The ids of all visible issues of a scope, each once."""
    told: set[str] = set()
    for ids in _ids(client, standing, scope, None):
        new = [one for one in dict.fromkeys(ids) if one not in told]
        told.update(new)
        yield [Ref(connection, "issue", one) for one in new]


def _ids(client: JiraClient, standing: Standing, scope: str, born: datetime | None) -> Iterator[Sequence[str]]:
    """The ids of a scope's issues created since ``born`` (None: all), oldest first; on Data Center pages overlap."""
    query = partial(births, scope, zone=standing.zone)
    if standing.cloud:
        yield from _chained(client, query(born))
        return
    windows = Windows(client, "the list of ids", "created", query, ("created",), SERVER_IDS)
    for page, _ in windows.pages(Position(floor=None if born is None else millis(born))):
        yield [issue.id for issue in page.issues]


def _chained(client: JiraClient, jql: str) -> Iterator[Sequence[str]]:
    loop, token = Loop("the list of ids"), ""
    while True:
        loop.step(token)
        body = {"jql": jql, "fields": ["id"], "maxResults": CLOUD_IDS}
        page = _ending(
            client, client.post("search/jql", body | ({"nextPageToken": token} if token else {}), SearchPage)
        )
        yield [issue.id for issue in page.issues]
        token = page.next_page_token or ""
        if not token:
            return


def visible(client: JiraClient, cloud: bool, refs: Sequence[Ref]) -> Mapping[Ref, bool]:
    """Whether each issue answers by its id."""
    if not cloud:
        return {ref: client.find(f"issue/{ref.id}", Issue, fields="id") is not None for ref in refs}
    shown: set[str] = set()
    for ids in pieces([ref.id for ref in refs], BULK):
        body = {"issueIdsOrKeys": ids, "fields": ["id"]}
        shown |= {issue.id for issue in client.post("issue/bulkfetch", body, BulkIssues).issues}
    return {ref: ref.id in shown for ref in refs}
