"""The expected date of an open milestone, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import lifecycle
from pmosync.compute.assessment import Dated, RollUp
from pmosync.compute.case import Case
from pmosync.compute.place import spot
from pmosync.compute.policy import Policy
from pmosync.mapping.told import values
from pmosync.model import MilestoneRow, Outcome, PersonRow, Problem, ProjectRow, WorkItem

IN_FORCE, UNCONFIRMED, CONTRADICTED = "in_force", "unconfirmed", "contradicted"
TYPED = frozenset(
    {"sheet", "version", "epic", "milestone", "forecast", "predecessor", "overdue", "withdrawn", "successor"}
)
CADENCES: Mapping[str, int] = {
    "daily": 1,
    "每日": 1,
    "weekly": 5,
    "week": 5,
    "每周": 5,
    "周": 5,
    "biweekly": 10,
    "fortnightly": 10,
    "双周": 10,
    "monthly": 21,
    "month": 21,
    "每月": 21,
    "月": 21,
}


Named = Mapping[tuple[str, str], WorkItem]
"""Items by connection and what their system calls them: key or id."""

BLOCKED_BY = "blocked_by"
"""The kind of a link to what must end first."""


class Forecast(Struct, frozen=True):
    """A person's forecast: the ``day`` (``coarse``: of a month or more), when it was first ``seen``, and the day on which it
    ``lapses`` unless confirmed.
    """

    day: date
    seen: date
    lapses: date
    coarse: bool = False

    @property
    def dated(self) -> Dated:
        """The day with where it comes from."""
        return Dated(self.day, "forecast", seen=self.seen, coarse=self.coarse)

    def in_force(self, today: date) -> bool:
        """Whether it still holds."""
        return today <= self.lapses


class Expected(Struct, frozen=True, kw_only=True):
    """``dated`` is what slip is measured to, ``judged`` what the colour is computed on: they differ if evidence contradicts.

    ``typed`` is the latest day among the evidence behind which a person stands. ``freeze`` names the windows that moved it;
    ``forecast_state`` and ``forecast_since`` say how a person's forecast stands.
    """

    dated: Dated | None = None
    judged: Dated | None = None
    evidence: Dated | None = None
    typed: date | None = None
    rule: str = "none"
    freeze: str = ""
    forecast_state: str = ""
    forecast_since: date | None = None


class Evidence(Struct, frozen=True, kw_only=True):
    """What speaks for a date before its predecessors are known; ``withdrawn``: the last target, if it was taken back.

    ``launch``: something goes live on that day, so it may not lie in a freeze window.
    """

    target: Dated | None = None
    rollup: RollUp | None = None
    items: tuple[Dated, ...] = ()
    p50: Dated | None = None
    forecast: Forecast | None = None
    withdrawn: Dated | None = None
    launch: bool = False


def rollup(case: Case, items: Sequence[WorkItem], policy: Policy) -> RollUp | None:
    """The latest date of the open children, used if enough are dated; one due in the past counts as the next working day."""
    progress = case.progress
    if progress.open == 0:
        return None
    if progress.latest_due is None:
        return RollUp(dated=0, open=progress.open)
    due, child = progress.latest_due
    late = [item for item in items if item.due and item.due < case.today and item.outcome is Outcome.OPEN]
    if due == case.today and late:
        due, child = max((item.due or date.min, "" if item.restricted else item.key) for item in late)
    day = _not_past(case, due)
    used = progress.dated_open >= policy.rollup_share * progress.open
    return RollUp(dated=progress.dated_open, open=progress.open, day=day, child=child, used=used, due=due)


def blocking(items: Iterable[WorkItem]) -> Named:
    """The items that any item names as what blocks it, by connection and key or ref id: few of all that there are."""
    items = tuple(items)
    others = {link.other for item in items for link in item.links if link.kind == BLOCKED_BY}
    named = (item for item in items if item.key in others or item.ref.id in others)
    found: dict[tuple[str, str], WorkItem] = {}
    for item in sorted(named, key=lambda each: each.ref):
        found[item.ref.connection, item.key] = found[item.ref.connection, item.ref.id] = item
    return found


def blockers(case: Case, items: Sequence[WorkItem], known: Named) -> tuple[Dated, ...]:
    """Open items of others that block the milestone's own: it cannot end before they are due.

    ``known`` finds items by connection and key or ref id.
    """
    names = {(item.ref.connection, link.other) for item in items for link in item.links if link.kind == BLOCKED_BY}
    own = {item.ref for item in items}
    found = (known[name] for name in sorted(names) if name in known)
    return tuple(
        Dated(_not_past(case, item.due), "predecessor", "" if item.restricted else item.key, due=item.due)
        for item in found
        if item.due and item.outcome is Outcome.OPEN and item.ref not in own
    )


def forecast(case: Case, owner: PersonRow | None, policy: Policy) -> Forecast | None:
    """The forecast a person typed, dated by the sync that saw it; leave of its owner and pauses do not use it up."""
    if case.row is None or case.row.forecast is None:
        return None
    typed = case.row.forecast.isoformat()
    seen = next(
        (case.clock.day(each.seen) for each in reversed(case.said("forecast")) if each.new == typed), case.today
    )
    holds = policy.forecast_periods * period(case, policy)
    return Forecast(case.row.forecast, seen, _lapses(case, owner, seen, holds), case.row.forecast_coarse)


def period(case: Case, policy: Policy) -> int:
    """The reporting period of the milestone's project in wd."""
    return reporting(case.project, policy)


def reporting(project: ProjectRow | None, policy: Policy) -> int:
    """A project's reporting period in wd: a word such as weekly, a number, else the policy's."""
    typed = project.cadence.strip().casefold() if project else ""
    if typed.isdecimal() and int(typed) > 0:
        return int(typed)
    return CADENCES.get(typed, policy.cadence_days)


def expected(case: Case, evidence: Evidence, predecessors: Iterable[Dated], amber: int) -> Expected:
    """The latest of target, roll-up, calibrated P50 and predecessors; a forecast in force replaces it, a lapsed one stays as a
    floor, and so does a target that was taken back while nothing of its own says when.
    """
    before = tuple(predecessors)
    found = _expected(case, evidence, before, amber)
    typed = [each.day for each in (evidence.target, *evidence.items, *before) if each is not None and is_typed(each)]
    return replace(found, typed=max(typed, default=None))


def _expected(case: Case, evidence: Evidence, predecessors: Sequence[Dated], amber: int) -> Expected:
    latest = _latest(case, evidence, predecessors)
    proof, freeze = _possible(case, latest, evidence.launch)
    if evidence.forecast is None:
        return Expected(dated=proof, judged=proof, evidence=proof, rule="latest" if proof else "none", freeze=freeze)
    said, said_freeze = _possible(case, evidence.forecast.dated, evidence.launch)
    if not evidence.forecast.in_force(case.today):
        floor = said if proof is None or (said and said.day > proof.day) else proof
        chosen = said_freeze if floor is said else freeze
        since = evidence.forecast.lapses
        return Expected(
            dated=floor,
            judged=floor,
            evidence=proof,
            rule="forecast_floor",
            freeze=chosen,
            forecast_state=UNCONFIRMED,
            forecast_since=since,
        )
    against = proof is not None and case.clock.calendar.between(evidence.forecast.day, proof.day) > amber
    return Expected(
        dated=said,
        judged=proof if against else said,
        evidence=proof,
        rule="forecast",
        freeze=said_freeze,
        forecast_state=CONTRADICTED if against else IN_FORCE,
        forecast_since=evidence.forecast.seen,
    )


def contradiction(row: MilestoneRow, found: Expected) -> Problem | None:
    """A forecast that the evidence contradicts: both are shown, the colour follows the evidence."""
    if found.forecast_state != CONTRADICTED or found.evidence is None or row.forecast is None:
        return None
    proof = found.evidence
    source = "P50" if proof.source == "p50" else proof.source
    message = f"{row.code} is forecast for {row.forecast}, but {source} {proof.name} says {proof.day}".replace(
        "  ", " "
    )
    remedy = "correct the forecast, or bring the source up to date"
    return Problem(
        rule="forecast-against-evidence",
        place=spot(row.place, "forecast"),
        message=message,
        remedy=remedy,
        code=row.code,
        values=values(code=row.code, forecast=row.forecast, source=proof.source, name=proof.name, day=proof.day),
    )


def unbelieved(evidence: Evidence, found: Expected) -> date | None:
    """A person's forecast that the evidence contradicts: the columns show it, the colour is judged on the evidence."""
    return evidence.forecast.day if evidence.forecast and found.forecast_state == CONTRADICTED else None


def is_typed(dated: Dated | None) -> bool:
    """Whether a person stands behind a date (typed target, forecast, other milestone), unlike one computed from children."""
    return dated is None or dated.source in TYPED


def _latest(case: Case, evidence: Evidence, predecessors: Iterable[Dated]) -> Dated | None:
    used = evidence.rollup if evidence.rollup and evidence.rollup.used and evidence.rollup.day else None
    child = Dated(used.day, "child", used.child, due=used.due) if used and used.day else None
    said = evidence.forecast is not None and evidence.forecast.in_force(case.today)
    floor = None if evidence.target or child or said else evidence.withdrawn
    found = [
        each
        for each in (evidence.target, child, evidence.p50, floor, *evidence.items, *predecessors)
        if each is not None
    ]
    return max(found, key=lambda each: each.day, default=None)


def _possible(case: Case, dated: Dated | None, launch: bool) -> tuple[Dated | None, str]:
    """An open milestone ends today at the earliest, and a launch not within a freeze window.

    A day off is not over before the next working day is, as for a promise.
    """
    if dated is None:
        return None, ""
    if case.clock.calendar.met_until(dated.day) < case.today:
        name = "" if dated.source == "withdrawn" else dated.name
        dated = Dated(case.clock.calendar.on_or_after(case.today), "overdue", name, due=dated.day)
    day, words = case.clock.calendar.thaw(dated.day) if launch else (dated.day, "")
    return (replace(dated, day=day, thawed=dated.day, freeze=words) if words else dated), words


def _not_past(case: Case, day: date) -> date:
    return case.clock.calendar.after(case.today) if day < case.today else day


def _lapses(case: Case, owner: PersonRow | None, seen: date, holds: int) -> date:
    """The day ``holds`` wd after ``seen``; days on which nobody could confirm (pauses, the owner's leave) do not count."""
    away = lifecycle.spans(case.life.pauses, lifecycle.next_day(case.today))
    if owner is not None and owner.leave_from is not None and owner.leave_to is not None:
        away.append((owner.leave_from, lifecycle.next_day(owner.leave_to)))
    return lifecycle.later(case.clock.calendar, seen, holds, away)
