"""Committee cuts: when one is made, and what is kept of it. Codes, letters, dates and reasons are data, so that one cut is
told in every language, and under the mask of the day on which it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from pmosync.compute.assessment import Letter, Rag, Reason
from pmosync.model import CalendarRow, DecisionRow, RiskRow

WEEK = timedelta(days=7)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Schedule(Struct, frozen=True):
    """When the committee meets: every week on this day (0 = Monday) at this local time of ``zone`` (IANA name)."""

    weekday: int = 0
    at: time = time(10)
    zone: str = "Asia/Shanghai"


class Why(Struct, frozen=True):
    """A reason as it is kept: its dates stand apart from its words and numbers, so that each is read back as what it was."""

    key: str
    said: Mapping[str, str | int | float] = {}
    days: Mapping[str, date] = {}


class Shade(Struct, frozen=True, kw_only=True):
    """A colour as the committee saw it: the fields of ``Rag`` that a page tells."""

    letter: Letter
    whys: tuple[Why, ...] = ()
    override: str = ""
    mark: str = ""
    days: int = 0
    before: str = ""

    def rag(self) -> Rag:
        """The colour as the tabs know it."""
        reasons = tuple(reason_of(why) for why in self.whys)
        given = {"override": self.override, "mark": self.mark, "days": self.days, "before": self.before}
        return Rag(shown=self.letter, computed=self.letter, reasons=reasons, **given)  # type: ignore[arg-type]


class Goal(Struct, frozen=True, kw_only=True):
    """A milestone as it stood: ``expected`` is the actual day where it is ``done``, ``promise`` the P85. ``slip`` and
    ``original`` in wd against the current and the first baseline, ``step`` since the cut before; None = undefined.
    ``unbelieved``: it is expected by a forecast that the evidence contradicts.
    """

    code: str
    name: str = ""
    baseline: date | None = None
    expected: date | None = None
    coarse: bool = False
    promise: date | None = None
    done: bool = False
    slip: int | None = None
    step: int | None = None
    original: int | None = None
    unbelieved: bool = False


class CutLine(Struct, frozen=True, kw_only=True):
    """A portfolio, program or project of a cut; ``counts`` are of the projects below it, by letter. ``said`` and ``help`` are a
    project manager's line for the committee and what is wanted, ``reported`` the colour in that person's eyes where it is
    another one. ``behind`` is the open milestone with the largest slip, where that is neither the final nor the next one.
    """

    level: str
    code: str
    name: str = ""
    owner: str = ""
    shade: Shade
    counts: Mapping[str, int] = {}
    final: Goal | None = None
    next: Goal | None = None
    behind: Goal | None = None
    said: str = ""
    help: str = ""
    reported: str = ""


class Ask(Struct, frozen=True, kw_only=True):
    """Something that waits for a decision: of ``kind`` wish, review, learning or risk, about ``code`` (``name``) of a
    project; ``who`` should bring or take it. ``day`` is the wished, review, learning or due day, ``instead`` the day in
    force, ``words`` what a person typed, ``by`` the decision or risk behind it.
    """

    kind: str
    code: str
    name: str = ""
    project: str = ""
    who: str = ""
    day: date | None = None
    instead: date | None = None
    words: str = ""
    by: str = ""


class Section(Struct, frozen=True, kw_only=True):
    """A portfolio's part of the page; ``head`` is None for the projects of no portfolio. ``rest`` counts by letter the
    projects that are not listed. ``decisions`` are those taken since the cut before, ``risks`` the gravest first.
    """

    head: CutLine | None = None
    asks: tuple[Ask, ...] = ()
    lines: tuple[CutLine, ...] = ()
    rest: Mapping[str, int] = {}
    decisions: tuple[DecisionRow, ...] = ()
    risks: tuple[RiskRow, ...] = ()


class Stood(Struct, frozen=True):
    """Where a milestone, project, program or portfolio stood: its letter as a cell shows it, and its (or its final
    milestone's) expected day.
    """

    letter: str
    expected: date | None = None


class Cut(Struct, frozen=True, kw_only=True):
    """The committee's page of one week. ``due`` is when it was to be made, ``made`` when it was, ``following`` when the next
    one is due (UTC). ``stood`` is by code, ``decided`` are the numbers of all decisions known then, ``before`` when the cut
    before was made (None: this is the first).
    """

    due: datetime
    made: datetime
    following: datetime
    before: datetime | None = None
    sections: tuple[Section, ...] = ()
    freezes: tuple[CalendarRow, ...] = ()
    stood: Mapping[str, Stood] = {}
    decided: tuple[str, ...] = ()


def last_due(now: datetime, schedule: Schedule) -> datetime:
    """The last moment up to ``now`` at which a cut was due, in UTC.

    A time of day that a clock change skips or repeats counts as Python reads it (PEP 495, ``fold`` 0).
    """
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    back = (today.weekday() - schedule.weekday) % 7
    due = _moment(today - timedelta(days=back), schedule, zone)
    return due if due <= now else _moment(today - timedelta(days=back + 7), schedule, zone)


def letter_then(rag: Rag, code: str, cut: Cut | None) -> str:
    """The letter that a line had at a cut; where none was made yet, the one that it had before it last changed."""
    if cut is None:
        return rag.before
    return cut.stood[code].letter if code in cut.stood else ""


def next_due(due: datetime, schedule: Schedule) -> datetime:
    """The first moment behind ``due`` at which a cut is due, in UTC."""
    zone = ZoneInfo(schedule.zone)
    return _moment(last_due(due, schedule).astimezone(zone).date() + WEEK, schedule, zone)


def is_due(now: datetime, last: Cut | None, schedule: Schedule) -> bool:
    """Whether a cut is to be made: none was made since the last due moment. Missed ones are not made up: one is made
    for the last of them.
    """
    return last is None or last.due < last_due(now, schedule)


def kept_reason(told: Reason) -> Why:
    """A reason as it is kept."""
    days = {key: value for key, value in told.values.items() if isinstance(value, date)}
    said = {key: value for key, value in told.values.items() if not isinstance(value, date)}
    return Why(told.key, said, days)


def reason_of(why: Why) -> Reason:
    """A kept reason as it was."""
    return Reason(why.key, {**why.said, **why.days})


def _moment(day: date, schedule: Schedule, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, schedule.at, zone).astimezone(UTC)
