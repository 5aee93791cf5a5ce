"""Coarse dates: a month, quarter or half-year is the last working day of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmosync.dashboard.summary import worst
from pmosync.dashboard.words import answered, why
from pmosync.model import DecisionType

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

OCTOBER = date(2026, 10, 31)
"""A Saturday: the last working day of October is Friday the 30th."""


def test_a_coarse_target_is_the_last_working_day(story: Story) -> None:
    """2026-10 is Friday 30 October in China; February ends on a make-up Saturday; the mark stays, the baseline follows."""
    story.typed("PAY-M01", target=OCTOBER, target_coarse=True)
    story.typed("PAY-M02", target=date(2027, 1, 31), target_coarse=True)
    verdict = story.until(date(2026, 3, 12))
    assert verdict.target is not None
    assert verdict.current is not None
    assert (verdict.target.day, verdict.target.coarse, verdict.current.day) == (
        date(2026, 10, 30),
        True,
        date(2026, 10, 30),
    )
    assert verdict.slip == 0
    other = story.of("PAY-M02")
    assert other.target is not None
    assert other.target.day == date(2027, 1, 29)


def test_the_projects_own_calendar_says_which_day(story: Story) -> None:
    """Where the 30th is a holiday of the project, the 29th is the last working day; an exact date never moves."""
    story.calendar("holiday", date(2026, 10, 30), applies_to="PAY")
    story.typed("PAY-M01", target=OCTOBER, target_coarse=True)
    verdict = story.assessed()
    assert verdict.target is not None
    assert verdict.target.day == date(2026, 10, 29)
    story.typed("PAY-M01", target_coarse=False)
    verdict = story.assessed()
    assert verdict.target is not None
    assert verdict.target.day == OCTOBER


def test_a_coarse_forecast_is_dated_by_the_sync_that_saw_it(story: Story) -> None:
    """A coarse forecast holds its two reporting periods from the day on which it was typed, like an exact one."""
    story.typed("PAY-M01", target=date(2026, 9, 1), owner="Li")
    story.until(date(2026, 3, 10))
    story.typed("PAY-M01", forecast=OCTOBER, forecast_coarse=True)
    verdict = story.on(date(2026, 3, 11))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source) == (date(2026, 10, 30), "forecast")
    assert story.until(date(2026, 4, 8)).forecast_state == "unconfirmed"


def test_a_decided_coarse_date_is_the_last_working_day_of_its_milestone(story: Story) -> None:
    """The new baseline of a decision for 2026-10 is 30 October, and no later sync takes the decision for changed."""
    story.typed("PAY-M01", target=date(2026, 9, 1), owner="Li")
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=OCTOBER, new_date_coarse=True)
    verdict = story.until(date(2026, 3, 13))
    assert verdict.current is not None
    assert (verdict.current.version, verdict.current.day) == (2, date(2026, 10, 30))
    assert "decision-changed" not in story.rules()


def test_a_coarse_date_is_to_be_sharpened_eight_weeks_ahead(story: Story) -> None:
    """Still coarse eight weeks ahead is a finding for each date, of decisions too; before that it is none."""
    story.typed("PAY-M01", target=OCTOBER, target_coarse=True, forecast=OCTOBER, owner="Li")
    story.decide("D-1", DecisionType.PAUSE, "PAY-M02", new_date=OCTOBER, new_date_coarse=True)
    story.on(date(2026, 9, 3))
    assert "date-to-sharpen" not in story.rules()
    story.on(date(2026, 9, 4))
    told = [each.message for each in story.last.findings if each.rule == "date-to-sharpen"]
    assert told == [
        "the target of PAY-M01 is still coarse (~2026-10-30), 8 weeks ahead or less",
        "the new date of decision D-1 is still coarse (~2026-10-30)",
    ]


def test_a_coarse_date_never_looks_exact(story: Story) -> None:
    """A month, quarter or half-year is marked "~" wherever its day is told: in the chain of evidence, in reasons, in the
    summary, and where others wait for it; what is moved to today is a day.
    """
    story.typed("PAY-M01", target=OCTOBER, target_coarse=True, owner="Li")
    story.typed("PAY-M02", target=date(2026, 6, 30), depends_on=("PAY-M01",), owner="Li")
    verdict = story.until(date(2026, 3, 12))
    steps = {each.field: answered(each, "en") for each in verdict.steps}
    assert "~30 Oct 2026 (plan sheet)" in steps["target"]
    assert "~30 Oct 2026 (plan sheet)" in steps["expected"]
    assert why(verdict.rag.reasons, "en").startswith("expected ~30 Oct 2026")
    assert "预计 ~2026年10月30日" in why(story.of("PAY-M02").rag.reasons, "zh-CN")
    assert {each.code: each.coarse for each in worst(story.last)} == {"PAY-M01": True, "PAY-M02": True}
    late = story.on(date(2026, 11, 2))
    assert late.expected is not None
    assert (late.expected.day, late.expected.coarse) == (date(2026, 11, 2), False)
