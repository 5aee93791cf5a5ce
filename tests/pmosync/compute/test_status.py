"""A status report tells of the days since the last one: what was done, what comes, what moved, what threatens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmosync.compute.calendars import clocks
from pmosync.compute.people import people
from pmosync.compute.status import MOST_RISKS, StatusReport, drafted, last_period
from pmosync.model import DecisionType, Level, PersonRow, RiskRow

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

FRIDAY, NEXT = date(2026, 3, 6), date(2026, 3, 13)


def report(story: Story, since: date, *risks: RiskRow) -> StatusReport:
    """The draft of PAY as of the last assessment."""
    clock = clocks((), tuple(story.projects.values()), story.policy, story.now).of("PAY")
    who = people((PersonRow(place=story.place("People", "x"), key="zhao@x.example", name="赵敏"),))
    return drafted(story.of_project(), story.last.milestones, story.moves, risks, who, clock, since, 5)


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


def test_moves_of_the_reports_days(story: Story) -> None:
    """Each with the ledger's causes; what opened a ledger is no move."""
    promised(story, "PAY-M01", FRIDAY)
    story.assess()
    story.typed("PAY-M01", forecast=NEXT)
    story.on(date(2026, 3, 3))
    story.typed("PAY-M01", forecast=date(2026, 3, 20))
    story.on(date(2026, 3, 4))
    told = [(each.field, each.new) for each in report(story, date(2026, 3, 2)).moves]
    assert ("forecast", date(2026, 3, 20)) in told
    assert not report(story, date(2026, 3, 4)).moves


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
