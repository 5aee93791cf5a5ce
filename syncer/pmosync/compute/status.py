"""A project's status report, drafted: what was done, what comes next, what moved and why, the risks.

It tells of what was seen since the sync that saw the last report marked as sent (``after``), up to today; where none was
ever sent, or a beginning is asked for, of the days behind ``since``. Everything in it is data: ``dashboard.status`` puts it
into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import marks, rollup, signs
from pmosync.compute.assessment import Letter, MilestoneVerdict, ProjectVerdict
from pmosync.compute.calendars import Clock
from pmosync.compute.colour import effective
from pmosync.compute.ledger.periods import period_of
from pmosync.compute.people import People
from pmosync.compute.workdays import Calendar
from pmosync.mapping.text import fold
from pmosync.model import Level, Move, ProjectRow, ReportTextRow, RiskRow

AHEAD = 2
"""Reporting periods for which a report looks ahead: what is due before the next report, and before the one after it."""

MOST_RISKS = 5
OPEN = frozenset({Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE, Letter.GREY, Letter.MISSING})
ACTUAL = "actual"
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

    ``sent`` is the day on which the last report was sent (None: it begins elsewhere).
    ``done`` are the milestones that were done in them, ``ahead`` the open ones that are due soon, over already or late now,
    ``moves`` the rows of the slip ledger, ``risks`` the open ones with the highest exposure (``more_risks`` are left out),
    ``small`` counts the team's own milestones that were done.
    """

    project: ProjectVerdict
    since: date
    today: date
    sent: date | None = None
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
    begins: Begins,
    period: int,
) -> StatusReport:
    """The report of a project whose ``milestones`` these are; ``period`` is its reporting period in wd."""
    own = {each.milestone.code: moves.get(each.milestone.code, ()) for each in milestones}
    listed = sorted((each for each in milestones if each.level is not Level.TEAM), key=_turn)
    until = clock.calendar.add(clock.today, AHEAD * period)
    open_risks = sorted(
        (replace(risk, owner=who.shown(risk.owner)) for risk in risks if signs.is_open(risk)), key=_graver
    )
    return StatusReport(
        project=project,
        since=begins.day,
        today=clock.today,
        sent=begins.day if begins.sent else None,
        done=tuple(each for each in listed if _ended(each, own[each.milestone.code], begins, clock.today)),
        delivered=tuple(each for verdict in listed if (each := _delivered(verdict, clock, begins)).lately),
        ahead=tuple(each for each in listed if _is_ahead(each, until)),
        moves=tuple(_moved([move for each in listed for move in own[each.milestone.code]], begins)),
        risks=tuple(open_risks[:MOST_RISKS]),
        more_risks=max(0, len(open_risks) - MOST_RISKS),
        small=sum(
            each.level is Level.TEAM and _ended(each, own[each.milestone.code], begins, clock.today)
            for each in milestones
        ),
    )


def last_period(clock: Clock, period: int) -> date:
    """The day before a report that tells of one whole period: for who never sent one."""
    return clock.calendar.add(clock.today, -period) - timedelta(days=0 if clock.calendar.works(clock.today) else 1)


# ---------------------------------------------------------------- when a report is due


class Begins(Struct, frozen=True):
    """Where a report begins: behind a day, and, where the sync is known that saw the last one marked as sent, with what was
    seen ``after`` that (UTC). ``sent``: the day is the one on which the last report was sent.
    """

    day: date
    after: datetime | None = None
    sent: bool = False


class Due(Struct, frozen=True, kw_only=True):
    """Where a project stands with its reports: the ``period`` that runs (its name), due on its last working day, ``end``.

    ``state`` is draft, sent or overdue: then ``late`` wd have passed since the report on the period ``missing`` was due, and
    ``end`` is the day on which that one was. ``text`` is what was typed for the period told. The draft ``begins`` where the
    last report that was sent ended.
    """

    period: str
    end: date
    state: str
    begins: Begins
    late: int = 0
    missing: str = ""
    text: ReportTextRow | None = None


def due(row: ProjectRow, texts: Iterable[ReportTextRow], marked: Mapping[str, datetime], clock: Clock, wd: int) -> Due:
    """Where the project stands, by what was typed of its reports; ``wd`` is its reporting period, ``marked`` since when each is
    known to be sent, as ``marks.since`` tells.

    One is owed on every period by a project that has sent one, and, where anybody sends any, by each that was committed and
    has a cadence of its own: overdue is the last period's, however late the one before it was sent.
    """
    texts = tuple(texts)
    own = {fold(each.period): each for each in texts if fold(each.project) == fold(row.code)}
    used = any(each.sent_on is not None for each in texts)
    sent = {
        name: each.sent_on for name, each in own.items() if each.sent_on is not None and each.sent_on <= clock.today
    }
    first, end = bounds(clock.today, wd, clock.calendar)
    name, before = period_name(end, wd), bounds(first - timedelta(days=1), wd, clock.calendar)
    mine = own.get(fold(name))
    begins, missing = _begins(row.code, sent, marked, clock, wd), period_name(before[1], wd)
    if fold(name) in sent:
        return Due(period=name, end=end, state="sent", begins=begins, text=mine)
    agreed = [
        *sent.values(),
        *([row.committed_on] if row.committed_on and (sent or (used and row.cadence.strip())) else ()),
    ]
    if not agreed or min(agreed) >= before[0] or fold(missing) in sent:
        return Due(period=name, end=end, state="draft", begins=begins, text=mine)
    late = clock.calendar.between(before[1], clock.today)
    return Due(
        period=name,
        end=before[1],
        state="overdue",
        begins=begins,
        late=late,
        missing=missing,
        text=own.get(fold(missing), mine),
    )


def _begins(code: str, sent: Mapping[str, date], marked: Mapping[str, datetime], clock: Clock, wd: int) -> Begins:
    """Behind the last report that was sent. Where that was typed on a later day than it was sent, what was known to its writer
    is not known: the report begins with the day of sending, rather twice told than never.
    """
    if not sent:
        return Begins(last_period(clock, wd))
    period, day = max(sent.items(), key=lambda each: (each[1], each[0]))
    seen = marked.get(marks.sent(code, period))
    if seen is not None and clock.day(seen) > day:
        seen = datetime.combine(day, time(), clock.zone)
    return Begins(day, seen, sent=True)


def period_name(end: date, wd: int) -> str:
    """What people call the reporting period that ends on a day: 2026-W48 (of two weeks the last one), 2026-11, else its last
    day.
    """
    if wd in (5, 10):
        year, week, _ = end.isocalendar()
        return f"{year}-W{week:02}"
    return f"{end:%Y-%m}" if wd == 21 else end.isoformat()


WEEK, MONTH = re.compile("(20[0-9]{2})-w([0-9]{2})"), re.compile("20[0-9]{2}-[0-9]{2}")
DAY = re.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def day_named(period: str) -> date | None:
    """The first day of the week, month or day that people call so, as ``period_name`` does; None where it is the name of none."""
    name = fold(period)
    try:
        if week := WEEK.fullmatch(name):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if MONTH.fullmatch(name):
            return date.fromisoformat(f"{name}-01")
        return date.fromisoformat(name) if DAY.fullmatch(name) else None
    except ValueError:
        return None


def owed_from(clock: Clock, wd: int) -> date:
    """The first day of the oldest period of which a report is owed: the one before that which runs."""
    running, _ = bounds(clock.today, wd, clock.calendar)
    return bounds(running - timedelta(days=1), wd, clock.calendar)[0]


def is_period(name: str, owed: date, clock: Clock, wd: int) -> bool:
    """Whether a period of ``wd`` is called so. The name of any that begins before the day ``owed``, as ``owed_from`` tells, is
    let pass: it can be of a cadence that the project had, and there is nothing to mend.
    """
    day = day_named(name)
    return day is not None and (day < owed or fold(name_at(day, clock, wd)) == fold(name))


def name_at(day: date, clock: Clock, wd: int) -> str:
    """What people call the reporting period of ``wd`` in which a day lies."""
    return period_name(bounds(day, wd, clock.calendar)[1], wd)


LONGEST = 400
"""Days that a reporting period has at most."""


def bounds(day: date, wd: int, calendar: Calendar) -> tuple[date, date]:
    """The first day of the reporting period in which a day lies, and its last working day; its last day where it has none."""
    number = period_of(day, wd, calendar)
    inside = [day]
    for step in (-1, 1):
        at = day
        while len(inside) < LONGEST and period_of(at + timedelta(days=step), wd, calendar) == number:
            at += timedelta(days=step)
            inside.append(at)
    return min(inside), max((each for each in inside if calendar.works(each)), default=max(inside))


# ---------------------------------------------------------------- parts


def _due(verdict: MilestoneVerdict) -> date:
    return rollup.due(verdict) or date.max


def _turn(verdict: MilestoneVerdict) -> tuple[date, str]:
    return _due(verdict), verdict.milestone.code


def _is_ahead(verdict: MilestoneVerdict, until: date) -> bool:
    """Whether a report looks ahead to it: due soon, or late now however far away, since the colour above it tells of that."""
    return effective(verdict.rag) in OPEN and (_due(verdict) <= until or rollup.is_late(verdict))


def _graver(risk: RiskRow) -> tuple[int, date, str]:
    return -signs.exposure(risk), risk.due or date.max, risk.id


def _ended(verdict: MilestoneVerdict, moves: Iterable[Move], begins: Begins, today: date) -> bool:
    """Whether it was done in what the report tells of: by when its end was seen, by its day where the ledger has no row of it."""
    if verdict.actual is None or verdict.actual.day > today:
        return False
    seen = [move.seen for move in moves if move.field == ACTUAL and move.new == verdict.actual.day]
    if begins.after is None or not seen:
        return begins.day < verdict.actual.day
    return max(seen) > begins.after


def _delivered(verdict: MilestoneVerdict, clock: Clock, begins: Begins) -> Delivered:
    progress, after = verdict.progress, begins.after
    if after is None:
        lately = clock.by(progress.delivered_at, clock.today) - clock.by(progress.delivered_at, begins.day)
    else:
        lately = sum(at > after for at in progress.delivered_at)
    return Delivered(verdict.milestone.code, lately, progress.delivered, progress.total)


def _moved(moves: Iterable[Move], begins: Begins) -> list[Move]:
    """What moved in what the report tells of, oldest first; rows that open a ledger are no moves, and planning is no slip."""
    after = begins.after
    those = (move for move in moves if move.field in MOVED and not (move.opening or move.planning))
    found = (move for move in those if (move.seen > after if after is not None else move.day > begins.day))
    return sorted(found, key=lambda move: (move.day, move.code, move.field))
