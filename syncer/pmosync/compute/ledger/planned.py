"""What an expected date is made of, written down; and the date that follows from what was written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from pmosync.compute import dates
from pmosync.compute.assessment import Dated, RollUp
from pmosync.compute.case import Case
from pmosync.compute.dates import Evidence, Forecast
from pmosync.compute.draft import Draft
from pmosync.compute.outcome import Outcome
from pmosync.compute.workdays import Calendar
from pmosync.model import Outcome as Ending
from pmosync.model import Planned, WorkItem

BY_RULES = frozenset({"latest", "forecast", "forecast_floor", "none"})
"""How an expected date follows from evidence; any other rule is a decision's."""
HOLDING, LAPSED = date.max, date.min


def planned(draft: Draft, outcome: Outcome, predecessors: Sequence[Dated]) -> Planned:
    """What the outcome's expected date is made of."""
    case, evidence, expected = draft.case, draft.evidence, outcome.expected
    said = evidence.forecast
    return Planned(
        today=case.today,
        calendar=fingerprint(case.clock.calendar),
        target=evidence.target.day if evidence.target else None,
        withdrawn=evidence.withdrawn.day if evidence.withdrawn else None,
        p50=evidence.p50.day if evidence.p50 else None,
        children=children(draft.items),
        dated=case.progress.dated_open,
        open=case.progress.open,
        predecessors=_named(predecessors),
        blockers=_named(evidence.items),
        forecast=said.day if said else None,
        holds=said is not None and said.in_force(case.today),
        fixed=None if expected.rule in BY_RULES else outcome.ends,
        launch=evidence.launch,
    )


def children(items: Sequence[WorkItem]) -> tuple[tuple[str, str, date], ...]:
    """The open dated items, all of them, the latest first; a restricted one without its key. An early one sets no date today,
    but one that is due later tomorrow was estimated anew: it shall not look like scope that came.
    """
    dated = [(item.due, item) for item in items if item.due is not None and item.outcome is Ending.OPEN]
    latest = sorted(dated, key=lambda each: (each[0], each[1].key), reverse=True)
    return tuple((str(item.ref), "" if item.restricted else item.key, due) for due, item in latest)


def expected(case: Case, given: Planned, share: float) -> date | None:
    """The expected date that follows from what was written down, by the calendar of ``case`` and the rules of today."""
    if given.fixed is not None:
        return given.fixed
    then = replace(case, clock=replace(case.clock, today=given.today))
    before = [Dated(day, "predecessor", code) for code, day in given.predecessors]
    found = dates.expected(then, _evidence(then, given, share), before, 0)
    return found.dated.day if found.dated else None


@lru_cache(maxsize=256)
def fingerprint(calendar: Calendar) -> str:
    """A short text that differs where the days of two calendars do."""
    told = msgspec.json.encode((calendar.name, calendar.week, calendar.off, calendar.on, calendar.freezes))
    return blake2b(told, digest_size=6).hexdigest()


def _evidence(case: Case, given: Planned, share: float) -> Evidence:
    lapses = HOLDING if given.holds else LAPSED
    return Evidence(
        target=Dated(given.target, "target") if given.target else None,
        rollup=_rollup(case, given, share),
        items=tuple(Dated(_not_past(case, day), "predecessor", key) for key, day in given.blockers),
        p50=Dated(given.p50, "p50") if given.p50 else None,
        forecast=Forecast(given.forecast, given.today, lapses) if given.forecast else None,
        withdrawn=Dated(given.withdrawn, "withdrawn") if given.withdrawn else None,
        launch=given.launch,
    )


def _rollup(case: Case, given: Planned, share: float) -> RollUp | None:
    if not given.open or not given.children:
        return None
    _, key, due = max(given.children, key=lambda each: each[2])
    used = given.dated >= share * given.open
    return RollUp(given.dated, given.open, _not_past(case, due), key, used, due)


def _named(given: Sequence[Dated]) -> tuple[tuple[str, date], ...]:
    """Names with their days; of what is overdue the day on which it was due."""
    return tuple(sorted((each.name, each.due or each.day) for each in given))


def _not_past(case: Case, day: date) -> date:
    """An open item that was due in the past counts as the next working day, as in ``dates.rollup``."""
    return case.clock.calendar.after(case.today) if day < case.today else day
