"""The life of a promise, as the rows of Decisions tell it: proposed, active, paused, partial, cancelled, replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.place import spot
from pmosync.compute.workdays import Calendar
from pmosync.mapping.told import values
from pmosync.model import DecisionRow, DecisionType, Problem, ProjectRow, State

WHOLE_PROJECT = frozenset({DecisionType.PAUSE, DecisionType.RESUME, DecisionType.CANCEL, DecisionType.KILL})
NEEDS_SUCCESSOR = frozenset({DecisionType.SPLIT, DecisionType.MERGE, DecisionType.PARTIAL})

OPEN = frozenset({State.ACTIVE, State.PROPOSED, State.PAUSED})
"""Where a promise is still to be kept: the end of its project ends it."""

Counted = tuple[tuple[int, str], ...]
"""A number with letters, cut where digits begin and end."""


class Pause(Struct, frozen=True):
    """A pause by a decision: from ``since`` until the day of its resumption (None: still paused)."""

    decision: str
    since: date
    until: date | None = None


class Life(Struct, frozen=True, kw_only=True):
    """Where a promise stands by decision. ``since`` and ``decision`` are those of the state, ``review`` a pause's review date.

    ``into`` names the milestones that a split, a merge or a partial delivery put in its place; ``whole``: the decision is on the
    whole project, and so is the one that undoes it. ``done`` follows from facts, not from here.
    """

    state: State = State.ACTIVE
    since: date | None = None
    decision: str = ""
    review: date | None = None
    into: tuple[str, ...] = ()
    whole: bool = False
    pauses: tuple[Pause, ...] = ()


def in_force(decisions: Iterable[DecisionRow], today: date) -> tuple[DecisionRow, ...]:
    """Decisions taken by ``today``, by day and number; the order of rows decides nothing."""
    taken = (row for row in decisions if row.type is not None and row.day is not None and row.day <= today)
    return tuple(sorted(taken, key=when))


def when(row: DecisionRow) -> tuple[date, Counted, str]:
    """What puts decisions in order: their day, then their number as people count it, D-9 before D-10."""
    return row.day or date.min, counted(row.number), row.number


def counted(number: str) -> Counted:
    """A decision's number as a sort key: its digits count as numbers."""
    parts = re.split(r"(\d+)", number)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)


def by_code(decisions: Iterable[DecisionRow]) -> Mapping[str, tuple[DecisionRow, ...]]:
    """The decisions that name each code; one decision may name many."""
    found: dict[str, list[DecisionRow]] = {}
    for row in decisions:
        for code in dict.fromkeys(row.codes):
            found.setdefault(code, []).append(row)
    return {code: tuple(rows) for code, rows in found.items()}


def life(
    own: Sequence[DecisionRow], project: Sequence[DecisionRow], row: ProjectRow | None, code: str, today: date
) -> Life:
    """The state of milestone ``code`` on ``today``: its own decisions and those that pause, resume or end its whole project."""
    proposed = row is not None and row.state is State.PROPOSED
    start = Life(state=State.PROPOSED, whole=True) if proposed else Life()
    whole = (each for each in project if each.type in WHOLE_PROJECT)
    for decision in in_force((*own, *whole), today):
        start = step(start, decision, code)
    return start


def step(now: Life, row: DecisionRow, code: str) -> Life:
    """The life after one decision; types that do not change the state leave it as it is."""
    match row.type:
        case DecisionType.PAUSE if now.state in {State.ACTIVE, State.PROPOSED}:
            pauses = (*now.pauses, Pause(row.number, row.day or date.min))
            return replace(
                _entered(now, State.PAUSED, row), review=row.new_date, pauses=pauses, whole=_whole(row, code)
            )
        case DecisionType.PAUSE if now.state is State.PAUSED and (now.whole or not _whole(row, code)):
            return replace(now, review=row.new_date, decision=row.number, whole=_whole(row, code))
        case DecisionType.RESUME if now.whole or not _whole(row, code):
            return _resumed(now, row)
        case DecisionType.CANCEL | DecisionType.KILL if now.state in OPEN or not _whole(row, code):
            return replace(_entered(_closed(now, row), State.CANCELLED, row), whole=_whole(row, code))
        case DecisionType.PARTIAL:
            return replace(_entered(now, State.PARTIAL, row), into=_others(row, code))
        case DecisionType.SPLIT | DecisionType.MERGE if _others(row, code) and code not in row.into:
            return replace(_entered(now, State.REPLACED, row), into=_others(row, code))
        case _:
            return now


def later(calendar: Calendar, since: date, wd: int, away: Sequence[tuple[date, date]]) -> date:
    """The day ``wd`` after ``since``, the working days of ``away`` (first day, day after the last) not counted: a clock stands
    still on them.
    """
    day, reached = calendar.add(since, wd), next_day(calendar.on_or_after(since))
    for start, end in sorted(away):
        start = max(start, reached)
        if start <= day and start < end:
            day, reached = calendar.add(day, calendar.between(start, end)), end
    return day


def next_day(day: date) -> date:
    """The day after; the last day there is has none."""
    return day + timedelta(days=1) if day < date.max else day


def paused_wd(pauses: Iterable[Pause], calendar: Calendar, first: date, last: date) -> int:
    """Working days of ``pauses`` between ``first`` and ``last``: clocks stand still on them."""
    return covered(spans(pauses, last), calendar, first, last)


def spans(pauses: Iterable[Pause], last: date) -> list[tuple[date, date]]:
    """Pauses as (first day, day after the last); one that still runs ends at ``last``."""
    return [(pause.since, pause.until or last) for pause in pauses]


def covered(found: Iterable[tuple[date, date]], calendar: Calendar, first: date, last: date) -> int:
    """Working days from ``first`` to ``last`` that lie in any of the spans; where they overlap, days count once."""
    count, reached = 0, first
    for start, end in sorted(found):
        start, end = max(start, reached), min(end, last)
        if start < end:
            count += calendar.between(start, end)
            reached = end
    return count


def effective(decisions: Iterable[DecisionRow], milestones: Collection[str]) -> tuple[DecisionRow, ...]:
    """The decisions that can take effect: a promise is handed on only to ``milestones`` that are there, all of them."""
    return tuple(row for row in decisions if not _astray(row, milestones))


def problems(decisions: Iterable[DecisionRow], codes: frozenset[str], milestones: Collection[str]) -> Iterator[Problem]:
    """What a person must mend in Decisions: rows without type, day or successor, codes nobody knows, and successors that
    are no ``milestones``.
    """
    for row in decisions:
        yield from _blank(row)
        yield from _nameless(row, codes, _astray(row, milestones))


def _blank(row: DecisionRow) -> Iterator[Problem]:
    """What a row lacks to have an effect."""
    if row.type is None:
        text = "has no type that we know, so it has no effect"
        yield _problem(row, "decision-type", "type", text, "choose a type from the list")
    elif row.day is None:
        text = "has no date, so it is not in force"
        yield _problem(row, "decision-day", "day", text, "enter the day it was taken")
    if not row.codes:
        text = "names no code, so it has no effect"
        yield _problem(row, "decision-codes", "codes", text, "enter the codes that it concerns", which="none")
    if row.type in NEEDS_SUCCESSOR and not row.into:
        text = f"is a {row.type} that names no successor"
        yield _problem(row, "decision-successor", "into", text, "enter the codes that follow", type=str(row.type))


def _nameless(row: DecisionRow, codes: frozenset[str], astray: tuple[str, ...]) -> Iterator[Problem]:
    """The codes of a row that nobody knows, and the successors that are ``astray``."""
    for field, named in (("codes", row.codes), ("into", set(row.into).difference(astray))):
        for code in sorted(set(named) - codes):
            text = f"names {code}, which is no code of ours"
            yield _problem(row, "unknown-code", field, text, "correct the code", code, which="decision")
    for code in astray:
        text = f"hands on to {code}, which is no milestone of ours: it has no effect"
        remedy = "correct the code, or add the milestone to its tab"
        yield _problem(row, "unknown-code", "into", text, remedy, code, which="successor")


def _astray(row: DecisionRow, milestones: Collection[str]) -> tuple[str, ...]:
    """The successors a decision names that are not there."""
    return tuple(sorted(set(row.into).difference(milestones))) if row.type in NEEDS_SUCCESSOR else ()


def _entered(now: Life, state: State, row: DecisionRow) -> Life:
    return replace(now, state=state, since=row.day, decision=row.number, review=None, into=(), whole=False)


def _resumed(now: Life, row: DecisionRow) -> Life:
    return (
        _entered(_closed(now, row), State.ACTIVE, row)
        if now.state in {State.PAUSED, State.CANCELLED, State.PROPOSED}
        else now
    )


def _closed(now: Life, row: DecisionRow) -> Life:
    if not now.pauses or now.pauses[-1].until is not None:
        return now
    return replace(now, pauses=(*now.pauses[:-1], replace(now.pauses[-1], until=row.day)))


def _whole(row: DecisionRow, code: str) -> bool:
    """Whether a decision reaches a milestone by its project, not by name."""
    return code not in row.codes


def _others(row: DecisionRow, code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in row.into if each != code))


def _problem(row: DecisionRow, rule: str, field: str, what: str, remedy: str, code: str = "", **told: str) -> Problem:
    """A finding on a decision; ``told`` is what its words speak of beside the number and the code."""
    return Problem(
        rule=rule,
        place=spot(row.place, field),
        message=f"decision {row.number or 'without a number'} {what}",
        remedy=remedy,
        code=code or ", ".join(row.codes),
        values=values(number=row.number, code=code, **told),
    )
