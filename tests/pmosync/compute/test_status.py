"""A status report tells of the days since the last one: what was done, what comes, what moved, what threatens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute import marks
from pmosync.compute.assessment import Letter, Reason
from pmosync.compute.calendars import clocks
from pmosync.compute.people import people
from pmosync.compute.policy import Policy
from pmosync.compute.status import MOST_RISKS, Begins, Due, StatusReport, bounds, drafted, due, last_period, period_name
from pmosync.model import DecisionType, Level, PersonRow, ReportTextRow, RiskRow

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

FRIDAY, NEXT = date(2026, 3, 6), date(2026, 3, 13)


def report(story: Story, since: date, *risks: RiskRow, after: datetime | None = None) -> StatusReport:
    """The draft of PAY as of the last assessment; ``after`` is when the last one was seen sent."""
    clock = clocks((), tuple(story.projects.values()), story.policy, story.now).of("PAY")
    who = people((PersonRow(place=story.place("People", "x"), key="zhao@x.example", name="赵敏"),))
    return drafted(story.of_project(), story.last.milestones, story.moves, risks, who, clock, Begins(since, after), 5)


def promised(story: Story, code: str, day: date, **fields: object) -> None:
    """A milestone with a promise."""
    story.typed(code, target=day, owner="Li", **fields)
    story.decide(f"D-{code}", DecisionType.BASELINE, code, new_date=day)


def codes(report: StatusReport, field: str) -> list[str]:
    """The milestones that a part of the report names."""
    return [each.milestone.code for each in getattr(report, field)]


def test_what_was_done_is_told_once(story: Story) -> None:
    """In the report of the days in which it was done, the first day excluded, and not in the next."""
    promised(story, "PAY-M01", FRIDAY)
    promised(story, "PAY-M02", NEXT, level=Level.TEAM)
    story.assess()
    story.typed("PAY-M01", actual=date(2026, 3, 5))
    story.typed("PAY-M02", actual=date(2026, 3, 5))
    story.on(FRIDAY)
    told = report(story, date(2026, 3, 2))
    assert (codes(told, "done"), told.small) == (["PAY-M01"], 1)
    assert not codes(report(story, date(2026, 3, 5)), "done")


def test_items_are_counted_in_the_reports_days(story: Story) -> None:
    """Those that were delivered behind its first day, of all there are."""
    promised(story, "PAY-M01", NEXT)
    when = story.ends({date(2026, 3, 2): 2, date(2026, 3, 4): 3})
    story.scope("PAY-M01", total=9, delivered=5, open=4, delivered_at=when)
    story.on(FRIDAY)
    (told,) = report(story, date(2026, 3, 2)).delivered
    assert (told.lately, told.done, told.total) == (3, 5, 9)
    assert not report(story, date(2026, 3, 4)).delivered


def test_what_is_ahead(story: Story) -> None:
    """Open ones due within two periods, and those that are over; what rests or lies further ahead is not told."""
    for code, day in (
        ("PAY-M01", FRIDAY),
        ("PAY-M02", date(2026, 3, 24)),
        ("PAY-M03", date(2026, 3, 25)),
        ("PAY-M04", NEXT),
    ):
        promised(story, code, day)
    story.decide("D-9", DecisionType.PAUSE, "PAY-M04", new_date=date(2026, 4, 30))
    story.on(date(2026, 3, 10))
    assert codes(report(story, FRIDAY), "ahead") == ["PAY-M01", "PAY-M02"]


def test_what_is_late_now_is_ahead_however_far(story: Story) -> None:
    """A project may be Red by a milestone that is promised far away: a draft without it would not tell of what it is Red."""
    promised(story, "PAY-M03", date(2026, 5, 25))
    story.on(date(2026, 3, 10))
    who, clock = people(()), clocks((), (), Policy(), story.now).default
    (far,) = (each for each in story.last.milestones if each.milestone.code == "PAY-M03")
    late = Reason("expected_late_red", {"slip": 26})
    red = replace(far, rag=replace(far.rag, shown=Letter.RED, reasons=(late,)))
    for verdict, told in ((far, []), (red, ["PAY-M03"])):
        made = drafted(story.of_project(), (verdict,), {}, (), who, clock, Begins(FRIDAY), 5)
        assert [each.milestone.code for each in made.ahead] == told


def test_moves_of_the_reports_days(story: Story) -> None:
    """Each with the ledger's causes; what opened a ledger is no move, and what nobody had promised yet no slip."""
    promised(story, "PAY-M01", FRIDAY)
    story.assess()
    story.typed("PAY-M01", forecast=NEXT)
    story.on(date(2026, 3, 3))
    story.typed("PAY-M01", forecast=date(2026, 3, 20))
    story.on(date(2026, 3, 4))
    told = [(each.field, each.new) for each in report(story, date(2026, 3, 2)).moves]
    assert ("forecast", date(2026, 3, 20)) in told
    assert not report(story, date(2026, 3, 4)).moves
    story.moves["PAY-M01"] = tuple(replace(each, planning=True) for each in story.moves["PAY-M01"])
    assert not report(story, date(2026, 3, 2)).moves


def test_the_gravest_open_risks(story: Story) -> None:
    """By exposure, the owner by name; closed ones are none, and what is left out is counted."""
    story.assess()
    risks = [
        RiskRow(place=story.place("Risks", str(at)), id=f"R-{at}", probability=1, impact=at, owner="zhao@x.example")
        for at in range(1, 8)
    ]
    closed = RiskRow(place=story.place("Risks", "c"), id="R-9", probability=5, impact=5, status="closed")
    told = report(story, FRIDAY, closed, *risks)
    assert [each.id for each in told.risks] == ["R-7", "R-6", "R-5", "R-4", "R-3"]
    assert (len(told.risks), told.more_risks, told.risks[0].owner) == (MOST_RISKS, 2, "赵敏")


def test_a_whole_period_for_who_never_sent_one(story: Story) -> None:
    """The last period's working days, today's included, wherever today lies."""
    for today in (date(2026, 3, 6), date(2026, 3, 8)):
        story.today = today
        clock = clocks((), (), story.policy, story.now).default
        began = last_period(clock, 5).toordinal() + 1
        days = [date.fromordinal(at) for at in range(began, today.toordinal() + 1)]
        assert sum(map(clock.calendar.works, days)) == 5


def stands(
    story: Story,
    today: date,
    *sent: tuple[str, date | None],
    wd: int = 5,
    cadence: str = "weekly",
    seen: Mapping[str, datetime] = {},
    **fields: Any,
) -> Due:
    """Where PAY stands with its reports on a day, as its manager typed them and syncs have ``seen`` them sent, by period."""
    story.today = today
    story.project("PAY", cadence=cadence, **fields)
    texts = [
        ReportTextRow(place=story.place("Report texts", "x"), project="pay", period=period, sent_on=day)
        for period, day in sent
    ]
    clock = clocks((), tuple(story.projects.values()), story.policy, story.now).of("PAY")
    marked = {marks.sent("PAY", period): at for period, at in seen.items()}
    return due(story.projects["PAY"], texts, marked, clock, wd)


def test_a_report_is_due_on_the_last_working_day_of_its_period(story: Story) -> None:
    """Of a week the Friday; sent it is sent, and the draft begins behind that day."""
    last_week = ("2026-W09", date(2026, 2, 27))
    told = stands(story, date(2026, 3, 4), last_week)
    assert (told.period, told.end, told.state, told.begins.day) == ("2026-W10", FRIDAY, "draft", date(2026, 2, 27))
    told = stands(story, FRIDAY, last_week, ("2026-w10", FRIDAY))
    assert (told.state, told.begins.day) == ("sent", FRIDAY)
    assert stands(story, date(2026, 3, 4), last_week, ("2026-W10", date(2026, 3, 5))).state == "draft"


def test_a_report_that_was_not_sent_is_overdue(story: Story) -> None:
    """So many wd since it was due, under the name to type; one sent late settles it, and none but it: the day on which another
    one was sent says nothing of this one.
    """
    told = stands(story, date(2026, 3, 10), ("2026-W09", date(2026, 2, 27)))
    assert (told.state, told.late, told.missing, told.period) == ("overdue", 2, "2026-W10", "2026-W11")
    assert told.end == FRIDAY
    late = stands(story, date(2026, 3, 17), ("2026-W10", date(2026, 3, 9)), ("2026-W09", date(2026, 2, 27)))
    assert (late.state, late.missing) == ("overdue", "2026-W11")
    assert stands(story, date(2026, 3, 10), ("2026-W10", date(2026, 3, 9))).state == "draft"


def test_who_never_agreed_to_report_owes_nothing(story: Story) -> None:
    """Neither a report ever sent nor, where others send theirs, a cadence of its own; nor who was not yet committed."""
    assert stands(story, date(2026, 3, 10)).state == "draft"
    assert stands(story, date(2026, 3, 10), cadence="").state == "draft"
    assert stands(story, date(2026, 3, 10), ("2026-W05", date(2026, 1, 30)), cadence="").state == "overdue"
    assert stands(story, date(2025, 3, 4)).state == "draft"
    sent = ("2026-W09", date(2026, 2, 27))
    assert stands(story, date(2026, 3, 10), sent, committed_on=None).state == "overdue", (
        "who has sent one owes the next"
    )
    assert stands(story, date(2026, 3, 4), sent, committed_on=None).state == "draft"


def test_a_report_begins_with_the_sync_that_saw_the_last_one_sent(story: Story) -> None:
    """What was seen on the day of sending, but behind it, is told by the next report; what was typed for a day before it too.
    Where the sending was typed on a later day, the report begins with the day of sending.
    """
    seen = datetime(2026, 3, 6, 2, tzinfo=UTC)
    told = stands(story, date(2026, 3, 9), ("2026-W10", FRIDAY), seen={"2026-w10": seen})
    assert told.begins == Begins(FRIDAY, seen, sent=True)
    late = stands(story, date(2026, 3, 9), ("2026-W10", FRIDAY), seen={"2026-W10": datetime(2026, 3, 9, 1, tzinfo=UTC)})
    assert late.begins == Begins(FRIDAY, datetime(2026, 3, 5, 16, tzinfo=UTC), sent=True)
    assert stands(story, date(2026, 3, 9), ("2026-W10", FRIDAY)).begins == Begins(FRIDAY, sent=True)


def test_what_is_learned_behind_a_report_is_told_by_the_next(story: Story) -> None:
    """Done on the day of sending, typed later for an earlier day, delivered an hour later: each is seen behind it, and told."""
    promised(story, "PAY-M01", FRIDAY)
    promised(story, "PAY-M02", FRIDAY)
    story.on(date(2026, 3, 5))
    sent = datetime(2026, 3, 6, 1, tzinfo=UTC)
    story.today = FRIDAY
    story.typed("PAY-M01", actual=FRIDAY)
    when = (sent - timedelta(hours=1), sent + timedelta(hours=1))
    story.scope("PAY-M02", total=9, delivered=2, open=7, delivered_at=when)
    story.on(FRIDAY)
    told = report(story, FRIDAY, after=sent)
    assert (codes(told, "done"), [each.lately for each in told.delivered]) == (["PAY-M01"], [1])
    friday, story.today = story.now, date(2026, 3, 9)
    story.typed("PAY-M02", actual=date(2026, 3, 5))
    story.on(date(2026, 3, 9))
    assert codes(report(story, FRIDAY, after=sent), "done") == ["PAY-M01", "PAY-M02"]
    assert codes(report(story, FRIDAY, after=friday), "done") == ["PAY-M02"]
    assert not codes(report(story, date(2026, 3, 9), after=story.now), "done")


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from((1, 3, 5, 10, 15, 21, 60)))
def test_periods_follow_each_other(day: date, wd: int) -> None:
    """Every day lies in one period; the next one begins behind its end, and has another name."""
    clock = clocks((), (), Policy(), datetime(2026, 3, 2, tzinfo=UTC)).default
    first, end = bounds(day, wd, clock.calendar)
    assert first <= day
    assert bounds(first, wd, clock.calendar) == (first, end)
    before = bounds(first - timedelta(days=1), wd, clock.calendar)
    assert before[1] < first
    assert period_name(before[1], wd) != period_name(end, wd)
