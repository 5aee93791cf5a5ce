"""Where two tools, or a person and the evidence, say different things of one matter; with what counts meanwhile, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from pmosync.compute.assessment import Contradiction, Dated, Side
from pmosync.compute.dates import CONTRADICTED
from pmosync.compute.draft import Draft
from pmosync.compute.outcome import Outcome
from pmosync.compute.people import People
from pmosync.compute.reported import REPORTED
from pmosync.compute.turns import PRIORITY
from pmosync.model import MergeRequest, Snapshot, WorkItem
from pmosync.model import Outcome as Ending
from pmosync.raw import Ref

DATES, FORECAST, IN_REVIEW, MILESTONES, OWNER = "dates", "forecast", "in_review", "milestones", "owner"
UNMERGED = "unmerged"
KINDS = (DATES, FORECAST, IN_REVIEW, UNMERGED, MILESTONES, OWNER, REPORTED, PRIORITY)
"""What may be contradicted, in the order in which it is shown."""
REVIEW = "code review"
"""The stage in which work waits for its merge request."""
MERGED, OPENED, DRAFT = "merged", "opened", "draft"


def contradictions(
    snapshot: Snapshot, drafts: Mapping[str, Draft], ends: Mapping[str, Outcome], people: People
) -> tuple[Contradiction, ...]:
    """All of them, by kind, project, code and what the first side is called. What is restricted is not named."""
    projects = {code: draft.case.project.code if draft.case.project else "" for code, draft in drafts.items()}
    work = _Work(snapshot, drafts, projects)
    found = (
        *(each for draft in drafts.values() for each in _dated(draft, ends[draft.case.code])),
        *work.reviewed(),
        *work.unmerged(),
        *work.filed(),
        *work.owned(people),
    )
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), each.project, each.code, each.sides[0].name)))


def _dated(draft: Draft, outcome: Outcome) -> Iterator[Contradiction]:
    """Several dates for one milestone; a person's forecast that the evidence does not bear out. Of open ones only."""
    case, target, expected = draft.case, draft.target, outcome.expected
    project = case.project.code if case.project else ""
    if outcome.actual is not None:
        return
    if target.disagrees and target.winner is not None:
        sides = tuple(map(_said, target.candidates))
        counts = _said(target.winner)
        yield Contradiction(kind=DATES, code=case.code, project=project, sides=sides, counts=counts, rule=target.rule)
    if expected.forecast_state == CONTRADICTED and draft.evidence.forecast and expected.evidence:
        sides = (Side("forecast", day=draft.evidence.forecast.day), _said(expected.evidence))
        yield Contradiction(
            kind=FORECAST, code=case.code, project=project, sides=sides, counts=sides[1], rule="evidence"
        )


def _state(request: MergeRequest) -> str:
    """A draft is open, and nobody is asked to merge it yet."""
    return DRAFT if request.state == OPENED and request.draft else request.state


def _said(dated: Dated) -> Side:
    return Side(dated.source, dated.name, day=dated.day)


class _Work:
    """The items that serve milestones, the merge requests that name them, and what each of both is filed under.

    A key that items of two connections bear names neither: which one is meant cannot be said.
    """

    def __init__(self, snapshot: Snapshot, drafts: Mapping[str, Draft], projects: Mapping[str, str]) -> None:
        self.projects = projects
        self.clocks = {projects[code]: draft.case.clock for code, draft in drafts.items()}
        self.items = [item for item in snapshot.items if item.outcome is Ending.OPEN and not item.restricted]
        self.done = [each for each in snapshot.deliveries if each.key and each.ref not in snapshot.gone]
        self.codes = snapshot.item_codes
        shown = [each for each in snapshot.merge_requests if not each.restricted and each.ref not in snapshot.gone]
        clear = self._clear({key for each in shown for key in each.items})
        self.named: dict[str, list[MergeRequest]] = defaultdict(list)
        for request in shown:
            for key in clear.intersection(request.items):
                self.named[key].append(request)
        self.reviewable = [item for item in self.items if item.key in self.named]
        self.filed_under: dict[object, set[str]] = defaultdict(set)
        for binding in snapshot.bindings:
            if binding.until is None and binding.code in projects:
                self.filed_under[binding.ref].add(binding.code)
        self.bound: dict[str, set[str]] = defaultdict(set)
        for row in snapshot.plan.bindings:
            self.bound[row.code].add(row.system)

    def _clear(self, named: Collection[str]) -> set[str]:
        """Of the keys that merge requests name those that one site alone has."""
        bearers: dict[str, set[str]] = defaultdict(set)
        for item in self.items:
            if item.key in named:
                bearers[item.key].add(item.ref.connection)
        for done in self.done:
            if done.key in named:
                bearers[done.key].add(done.ref.connection)
        return {key for key, connections in bearers.items() if len(connections) == 1}

    def reviewed(self) -> Iterator[Contradiction]:
        """Merged, and the item still waits for its review: of those of whose merge requests none is open."""
        for item in self.reviewable:
            requests = self.named[item.key]
            merged = [each for each in requests if each.state == MERGED]
            if item.stage == REVIEW and merged and not any(each.state == OPENED for each in requests):
                last = max(merged, key=lambda each: (each.merged is not None, each.merged, each.ref))
                day = self._day(self._project(item.ref), last.merged)
                other = Side("merge_request", last.key, last.state, day, last.url)
                yield self._of(item.ref, IN_REVIEW, _item(item), other)

    def unmerged(self) -> Iterator[Contradiction]:
        """Delivered lately, while a merge request for it is open: each with the one that was opened first."""
        for each in self.done:
            requests = [one for one in self.named.get(each.key, ()) if one.state == OPENED]
            if requests and any(code in self.projects for code in each.codes):
                project = self._home(each.codes)
                first = min(requests, key=lambda one: (one.created is None, one.created, one.ref))
                sides = (
                    Side("item", each.key, each.status, self._day(project, each.at), each.url),
                    Side("merge_request", first.key, _state(first), self._day(project, first.created), first.url),
                )
                yield Contradiction(kind=UNMERGED, code=min(each.codes), project=project, sides=sides)

    def filed(self) -> Iterator[Contradiction]:
        """An item that serves one of our milestones, and a merge request for it that is filed under another one."""
        for item in self.reviewable:
            own = set(self.codes.get(item.ref, ()))
            for request in self.named[item.key]:
                other = {code for ref in request.milestones for code in self.filed_under.get(ref, ())}
                if own and other and not own & other:
                    sides = (
                        Side("item", item.key, ", ".join(sorted(own)), url=item.url),
                        Side("merge_request", request.key, ", ".join(sorted(other)), url=request.url),
                    )
                    yield self._of(item.ref, MILESTONES, *sides)

    def owned(self, people: People) -> Iterator[Contradiction]:
        """Accounts that own work in one tool of a project that lives in another too, and that mean nobody we know, or two
        people: who that is in the other one cannot be said. Each once, and only where there is a table of people.
        """
        told: set[tuple[str, str]] = set()
        for item in sorted(self.items if people.names else (), key=lambda each: self._project(each.ref)):
            project, mark = self._project(item.ref), (item.ref.connection, item.owner)
            others = self.bound.get(project, set()) - {item.ref.connection}
            if item.owner and others and mark not in told and not _known(item, people):
                told.add(mark)
                account = Side("account", item.owner_name or item.owner, item.ref.connection)
                sides = (account, *(Side("system", name) for name in sorted(others)))
                yield Contradiction(kind=OWNER, project=project, sides=sides)

    def _of(self, ref: Ref, kind: str, *sides: Side) -> Contradiction:
        code = min(self.codes.get(ref, ()), default="")
        return Contradiction(kind=kind, code=code, project=self._project(ref), sides=sides)

    def _project(self, ref: Ref) -> str:
        return self._home(self.codes.get(ref, ()))

    def _home(self, codes: Collection[str]) -> str:
        return next((self.projects[code] for code in sorted(codes) if code in self.projects), "")

    def _day(self, project: str, instant: datetime | None) -> date | None:
        """The project's day at an instant."""
        clock = self.clocks.get(project)
        return None if instant is None else clock.day(instant) if clock else instant.date()


def _item(item: WorkItem) -> Side:
    return Side("item", item.key, item.status, url=item.url)


def _known(item: WorkItem, people: People) -> bool:
    """Whether the owner of an item is one person of the table, by account, else by name."""
    return people.account(item.owner) is not None or len(people.called(item.owner_name)) == 1
