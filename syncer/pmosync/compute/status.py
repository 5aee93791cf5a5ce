"""A project's status report, drafted: what was done, what comes next, what moved and why, the risks.

It tells of the days since the last report (``since``, excluded) up to today. Everything in it is data: ``dashboard.status``
puts it into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import rollup, signs
from pmosync.compute.assessment import Letter, MilestoneVerdict, ProjectVerdict
from pmosync.compute.calendars import Clock
from pmosync.compute.colour import effective
from pmosync.compute.people import People
from pmosync.model import Level, Move, RiskRow

AHEAD = 2
"""Reporting periods for which a report looks ahead: what is due before the next report, and before the one after it."""

MOST_RISKS = 5
OPEN = frozenset({Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE, Letter.GREY, Letter.MISSING})
MOVED = frozenset({"expected", "target", "baseline", "forecast", "paused"})
"""The dates whose moves are told; those of an actual date are told as what was done."""


class Delivered(Struct, frozen=True):
    """How many items of a milestone were delivered in the report's days, and how many of all are by now."""

    code: str
    lately: int
    done: int
    total: int


class StatusReport(Struct, frozen=True, kw_only=True):
    """The draft of one project on the days after ``since`` up to ``today``.

    ``done`` are the milestones that were done in them, ``ahead`` the open ones that are due soon or over already, ``moves`` the
    rows of the slip ledger, ``risks`` the open ones with the highest exposure (``more_risks`` are left out), ``small`` counts
    the team's own milestones that were done.
    """

    project: ProjectVerdict
    since: date
    today: date
    done: tuple[MilestoneVerdict, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    ahead: tuple[MilestoneVerdict, ...] = ()
    moves: tuple[Move, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    more_risks: int = 0
    small: int = 0


def drafted(
    project: ProjectVerdict,
    milestones: Sequence[MilestoneVerdict],
    moves: Mapping[str, Sequence[Move]],
    risks: Iterable[RiskRow],
    who: People,
    clock: Clock,
    since: date,
    period: int,
) -> StatusReport:
    """The report of a project whose ``milestones`` these are; ``period`` is its reporting period in wd."""
    listed = sorted((each for each in milestones if each.level is not Level.TEAM), key=_turn)
    until = clock.calendar.add(clock.today, AHEAD * period)
    open_risks = sorted(
        (replace(risk, owner=who.shown(risk.owner)) for risk in risks if signs.is_open(risk)), key=_graver
    )
    return StatusReport(
        project=project,
        since=since,
        today=clock.today,
        done=tuple(each for each in listed if _ended(each, since, clock.today)),
        delivered=tuple(each for verdict in listed if (each := _delivered(verdict, clock, since)).lately),
        ahead=tuple(each for each in listed if effective(each.rag) in OPEN and _due(each) <= until),
        moves=tuple(_moved([move for each in listed for move in moves.get(each.milestone.code, ())], since)),
        risks=tuple(open_risks[:MOST_RISKS]),
        more_risks=max(0, len(open_risks) - MOST_RISKS),
        small=sum(each.level is Level.TEAM and _ended(each, since, clock.today) for each in milestones),
    )


def last_period(clock: Clock, period: int) -> date:
    """The day before a report that tells of one whole period: for who never sent one."""
    return clock.calendar.add(clock.today, -period) - timedelta(days=0 if clock.calendar.works(clock.today) else 1)


def _due(verdict: MilestoneVerdict) -> date:
    return rollup.due(verdict) or date.max


def _turn(verdict: MilestoneVerdict) -> tuple[date, str]:
    return _due(verdict), verdict.milestone.code


def _graver(risk: RiskRow) -> tuple[int, date, str]:
    return -signs.exposure(risk), risk.due or date.max, risk.id


def _ended(verdict: MilestoneVerdict, since: date, today: date) -> bool:
    return verdict.actual is not None and since < verdict.actual.day <= today


def _delivered(verdict: MilestoneVerdict, clock: Clock, since: date) -> Delivered:
    progress = verdict.progress
    lately = clock.by(progress.delivered_at, clock.today) - clock.by(progress.delivered_at, since)
    return Delivered(verdict.milestone.code, lately, progress.delivered, progress.total)


def _moved(moves: Iterable[Move], since: date) -> list[Move]:
    """What moved in the report's days, oldest first; rows that open a ledger are no moves."""
    found = (move for move in moves if move.field in MOVED and not move.opening and move.day > since)
    return sorted(found, key=lambda move: (move.day, move.code, move.field))
