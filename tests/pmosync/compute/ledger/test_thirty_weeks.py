"""Thirty weeks of one launch, told day by day: every turn that a promise can take, and the ledger behind it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pmosync.compute.policy import Policy
from pmosync.model import DecisionType, Move

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.pmosync.compute.conftest import Story

MONDAY, TARGET = date(2026, 3, 2), date(2026, 6, 26)
WEEKS = 30
LATER, ANEW = TARGET + timedelta(days=7), date(2026, 7, 24)
SAID = date(2026, 8, 7)
CLOSED, AGAIN = date(2026, 8, 18), date(2026, 8, 25)
"""The date when the targets move, what the manager says, and when it was done, the first time and at last."""


def week(number: int, days: int = 0) -> date:
    """The Monday of a week of the story, or so many days behind it."""
    return MONDAY + timedelta(days=7 * number + days)


@pytest.fixture(scope="module")
def told(stories: type[Story]) -> Story:
    """The story under rules that tell every move and every cause, assessed on each working day, and once more at once."""
    story = stories(Policy(ledger_move=1, ledger_cause=1))
    ref = story.version("PAY-M01", TARGET)
    story.typed("PAY-M01", type="launch")
    happenings: Mapping[date, Callable[[], None]] = {
        week(1, 1): lambda: story.moved(ref, LATER),
        week(2, 2): lambda: story.moved(ref, TARGET),
        week(3): lambda: story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=week(8)),
        week(5): lambda: story.decide("D-2", DecisionType.RESUME, "PAY-M01"),
        week(7, 3): lambda: _joins(story, "PAY-7", date(2026, 7, 3)),
        week(9, 1): lambda: story.decide("D-3", DecisionType.REBASELINE, "PAY-M01", new_date=ANEW, reason="partner"),
        week(10, 2): lambda: story.moved(ref, ANEW),
        week(13): lambda: story.calendar("freeze", date(2026, 7, 20), date(2026, 7, 28)),
        week(14): lambda: story.calendar("holiday", date(2026, 3, 16), date(2026, 3, 20)),
        week(20): lambda: story.typed("PAY-M01", forecast=SAID),
        CLOSED: lambda: story.closed(ref),
        AGAIN: lambda: story.closed(ref, closed=False),
        week(29): lambda: story.closed(ref),
    }
    for number in range(7 * WEEKS):
        story.today = week(0, number)
        happenings.get(story.today, lambda: None)()
        if story.today.weekday() < 5:
            story.assess()
            before = story.moves, story.reports
            story.assess()
            assert (story.moves, story.reports) == before, story.today
    return story


def _joins(story: Story, key: str, due: date) -> None:
    """An item comes into the scope, with its due date."""
    story.item("PAY-M01", key, due=due)
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(due, key))


def causes(row: Move) -> dict[str, int]:
    """The causes of a row."""
    return {cause.key: cause.wd for cause in row.causes}


def rows(story: Story, field: str) -> list[tuple[date | None, date | None, int | None]]:
    """The rows of one date: from where to where, by how many wd."""
    return [(row.old, row.new, row.wd) for row in story.ledger(field)]


def test_each_move_has_one_row(told: Story) -> None:
    """A move and what took it back, the decision and the target that follows it, the pause, the end and the end taken back:
    each once, in the order in which it was seen.
    """
    assert rows(told, "target") == [(TARGET, LATER, 5), (LATER, TARGET, -5), (TARGET, ANEW, 20)]
    assert rows(told, "baseline") == [(TARGET, ANEW, 20)]
    assert rows(told, "forecast") == [(None, SAID, None)]
    assert rows(told, "paused") == [(week(3), week(5), 10)]
    assert rows(told, "actual") == [(None, CLOSED, 0), (CLOSED, None, 0), (None, week(29), 5)]


def test_the_expected_date_and_why_it_moved(told: Story) -> None:
    """On report days alone, each from where the one before left it: the target there and back, the scope that came behind the
    pause, the new promise, the freeze window, the manager's word, and the work that is not done by its day.
    """
    moved = [(row.day, row.new, causes(row)) for row in told.ledger("expected")]
    assert moved[:6] == [
        (week(2), LATER, {"re_planned": 5}),
        (week(3), TARGET, {"re_planned": -5}),
        (week(8), LATER, {"scope": 5}),
        (week(11), ANEW, {"re_planned": 15}),
        (week(13), date(2026, 7, 29), {"calendar": 3}),
        (week(20), SAID, {"re_planned": 7}),
    ]
    assert {cause for _, _, found in moved[6:] for cause in found} == {"throughput", "re_planned"}
    assert all(row.old == before.new for before, row in pairwise(told.ledger("expected")))


def test_the_causes_add_up_to_the_net_move(told: Story) -> None:
    """Each row's causes to its move; the rows up to a report to the steps of the reports, and both to how far the date is from
    the first one. The end is a step of the last report, and no row.
    """
    reports, moves = told.reports["PAY-M01"], told.ledger("expected")
    for report in reports:
        behind = [sum(causes(row).values()) for row in moves if row.day <= report.day]
        if not report.ended:
            assert sum(behind) == sum(each.step for each in reports if each.day <= report.day) == report.net
    assert [sum(causes(row).values()) for row in moves] == [row.wd for row in moves]
    assert (reports[-1].expected, reports[-1].ended, reports[-1].net) == (week(29), True, sum(behind) + 5)


def test_nothing_is_told_twice(told: Story) -> None:
    """No row says what another does, and no day has two reports."""
    seen = Counter((row.field, row.seen, row.old, row.new) for row in told.moves["PAY-M01"])
    days = Counter(report.day for report in told.reports["PAY-M01"])
    assert {*seen.values(), *days.values()} == {1}
    assert len(days) == WEEKS
