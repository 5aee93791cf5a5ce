"""A changed calendar changes no colour by itself: spans are counted on from how they were counted before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace
from tests.pmosync.compute.conftest import MONDAY, keys

from pmosync.compute.assessment import Letter, Reason
from pmosync.model import Control, Level

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

    from pmosync.compute.workdays import Calendar


def begun(story: Story, target: date) -> None:
    """A committee milestone that somebody owns and works for."""
    story.version("PAY-M01", target)
    story.typed("PAY-M01", owner="Li", level=Level.COMMITTEE)
    story.scope("PAY-M01", total=6, open=6, started=1)
    story.on(MONDAY)


def test_workdays_entered_later_make_nothing_quiet(story: Story) -> None:
    """Nothing moved for 9 wd; that two days off were workdays after all does not make it 11. The next days do."""
    begun(story, date(2026, 5, 29))
    assert "quiet" not in keys(story.until(date(2026, 3, 13)))
    story.calendar("workday", date(2026, 3, 7), date(2026, 3, 8))
    assert "quiet" not in keys(story.on(date(2026, 3, 13)))
    assert "quiet" in keys(story.on(date(2026, 3, 16)))


def test_holidays_entered_later_wake_nothing(story: Story) -> None:
    """… nor do holidays make anything move that has not; what moves is counted anew, by the calendar of then."""
    begun(story, date(2026, 5, 29))
    assert "quiet" in keys(story.until(date(2026, 3, 17)))
    story.calendar("holiday", date(2026, 3, 9), date(2026, 3, 13))
    assert "quiet" in keys(story.on(date(2026, 3, 18)))
    story.progress["PAY-M01"] = replace(story.progress["PAY-M01"], moved=story.now)
    assert "quiet" not in keys(story.assessed())


def test_a_silent_project_is_not_heard_by_a_holiday(story: Story) -> None:
    """A part-time project that missed its updates still has: the days that went by do not come back."""
    story.project("PAY", control=Control.PART_TIME, cadence="weekly")
    begun(story, date(2026, 5, 29))
    assert story.until(date(2026, 3, 17)).rag.computed is Letter.MISSING
    story.calendar("holiday", date(2026, 3, 9), date(2026, 3, 13))
    assert story.on(date(2026, 3, 18)).rag.computed is Letter.MISSING


def test_a_calendar_neither_lifts_a_milestone_out_of_the_roll_up_nor_into_it(story: Story, china: Calendar) -> None:
    """Which gates colour their project was told by the calendar of then: one that is 60 wd away counts also when days off
    become workdays, one that is further away does not when workdays become days off.
    """
    near, far = (china.add(date(2026, 3, 10), wd) for wd in (60, 62))
    for code, day in (("PAY-M01", near), ("PAY-M02", far), ("PAY-M09", date(2026, 12, 18))):
        story.version(code, day)
        story.typed(code, owner="Li", level=Level.COMMITTEE)
    story.until(date(2026, 3, 10))
    assert within(story) == {"PAY-M01"}
    story.calendar("workday", date(2026, 5, 16), date(2026, 5, 17))
    story.on(date(2026, 3, 10))
    assert within(story) == {"PAY-M01"}
    story.calendar("holiday", date(2026, 5, 18), date(2026, 5, 29))
    story.on(date(2026, 3, 10))
    assert within(story) == {"PAY-M01"}


def within(story: Story) -> set[str]:
    """The milestones that are due soon enough to colour their project."""
    (step,) = [each for each in story.of_project().steps if each.field == "rag"]
    told = [each for each in step.inputs if isinstance(each, Reason)]
    return {str(each.values["code"]) for each in told if each.values.get("within")}


def test_a_workday_entered_later_puts_no_target_into_the_past(story: Story) -> None:
    """A target on a day off was kept until the next workday; that people worked on it after all does not move that day."""
    story.version("PAY-M01", date(2026, 3, 14))
    story.typed("PAY-M01", owner="Li", level=Level.COMMITTEE)
    story.until(date(2026, 3, 13))
    story.calendar("workday", date(2026, 3, 14))
    verdict = story.on(date(2026, 3, 16))
    assert not {"missed", "target_past"} & set(keys(verdict))
    assert "missed" in keys(story.on(date(2026, 3, 17)))
