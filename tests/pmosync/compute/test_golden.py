"""Published cases, each with its source: what others say of dates must come out here too, or differ for a stated reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Letter
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import DecisionType, State

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

WEEK = Calendar("")
"""Monday to Friday, no holidays: the standard calendar of MS Project."""

DAYS_OFF: tuple[tuple[date, date], ...] = (
    (date(2024, 1, 1), date(2024, 1, 1)),
    (date(2024, 2, 10), date(2024, 2, 17)),
    (date(2024, 4, 4), date(2024, 4, 6)),
    (date(2024, 5, 1), date(2024, 5, 5)),
    (date(2024, 6, 10), date(2024, 6, 10)),
    (date(2024, 9, 15), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
"""放假: the days off of the notices of the General Office of the State Council of 25 October 2023, 12 November 2024 and
4 November 2025 (国务院办公厅关于2024年、2025年、2026年部分节假日安排的通知).
"""
MADE_UP = frozenset(
    {
        *(date(2024, 2, 4), date(2024, 2, 18), date(2024, 4, 7), date(2024, 4, 28), date(2024, 5, 11)),
        *(date(2024, 9, 14), date(2024, 9, 29), date(2024, 10, 12)),
        *(date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)),
        *(date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)),
        date(2026, 10, 10),
    }
)
"""上班: the make-up workdays of the same notices."""


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_chinas_working_days_are_those_of_the_notices(year: int) -> None:
    """Day by day: off on the days off of the State Council's notice, at work on its make-up workdays, else by the week."""
    calendar = clocks((), (), Policy(), datetime(2026, 3, 2, tzinfo=UTC)).default.calendar
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    off = {day for day in days if any(first <= day <= last for first, last in DAYS_OFF)}
    told = {day for day in days if day in MADE_UP or (day.weekday() < 5 and day not in off)}
    assert {day for day in days if calendar.works(day)} == told
    assert not calendar.awaits(year)


CLARITY = date(2026, 5, 20)
"""A Wednesday; no Chinese holiday lies within two weeks behind it."""


def test_clarity_finish_minus_baseline_finish(story: Story) -> None:
    """Clarity PPM, "Days Late", case 1: with a baseline, days late = finish - baseline finish; early is negative."""
    ref = story.version("PAY-M01", CLARITY)
    story.on(date(2026, 3, 9))
    for moved, days, wd in ((date(2026, 5, 27), 7, 5), (date(2026, 5, 13), -7, -5)):
        story.moved(ref, moved)
        verdict = story.on(story.today + timedelta(days=1))
        assert (verdict.slip_days, verdict.slip) == (days, wd)


def test_clarity_today_minus_finish(story: Story) -> None:
    """Clarity, case 2: baseline finish and finish are the same, it is not completed and was due: days late = today - finish."""
    story.version("PAY-M01", CLARITY)
    story.on(date(2026, 3, 9))
    verdict = story.on(date(2026, 5, 28))
    assert (verdict.slip_days, verdict.slip, verdict.rag.shown) == (8, 6, Letter.RED)


def test_clarity_without_a_baseline(story: Story) -> None:
    """Clarity, case 3: without a baseline, days late = today - finish once it was due. Here it is told as days behind the
    first target and never as a slip, since nothing was promised.
    """
    story.project("PAY", committed_on=None)
    story.version("PAY-M01", CLARITY)
    story.on(date(2026, 3, 9))
    verdict = story.on(date(2026, 5, 28))
    assert (verdict.slip, verdict.slip_days, verdict.slip_first) == (None, None, 6)
    assert verdict.first_target == CLARITY


def test_finish_variance_of_ms_project() -> None:
    """MS Project, Finish Variance = ProjDateDiff(baseline finish, finish) in working time: a task planned from Monday to
    Friday that takes 11 working days ends on a Monday: 6 days, 10 by the wall calendar (microsoft.public.project,
    "Baseline Finish to Finish Variance"). With one workday off between it ends on Tuesday: 6 days again, 11 by the wall.
    """
    monday = date(2026, 3, 2)
    baseline, finish = WEEK.add(monday, 4), WEEK.add(monday, 10)
    assert WEEK.slip(baseline, finish) == (6, 10)
    closed = replace(WEEK, off=(date(2026, 3, 11).toordinal(),))
    assert closed.slip(baseline, closed.add(monday, 10)) == (6, 11)


def test_finish_variance_is_negative_when_early() -> None:
    """MS Project: a negative variance says that the task ends before its baseline."""
    assert WEEK.slip(date(2026, 3, 13), date(2026, 3, 6)) == (-5, -7)


def test_the_worked_examples_of_the_rules(china: Calendar) -> None:
    """Fri 13 Feb → Tue 24 Feb 2026 in China is +2 wd / 11 days, Wed 30 Sep → Sat 10 Oct 2026 is +3 / 10, Sat 3 Oct → Thu 8
    Oct is 0: one by one, with the days that count.
    """
    cases: tuple[tuple[date, date, int, list[date]], ...] = (
        (date(2026, 2, 13), date(2026, 2, 24), 11, [date(2026, 2, 14), date(2026, 2, 24)]),
        (date(2026, 9, 30), date(2026, 10, 10), 10, [date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]),
        (date(2026, 10, 3), date(2026, 10, 8), 5, []),
    )
    for first, later, days, counted in cases:
        start = china.on_or_after(first)
        between = [start + timedelta(days=n) for n in range(1, (later - start).days + 1)]
        assert [day for day in between if china.works(day)] == counted
        assert china.slip(first, later) == (len(counted), days)


def test_rollup_of_few_dated_children_as_the_rules_tell_it(story: Story) -> None:
    """ "Partial (7 of 22 dated)" is shown and unused."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.scope("PAY-M01", total=22, open=22, dated_open=7, latest_due=(date(2026, 7, 30), "PAY-41"))
    verdict = story.assessed()
    assert verdict.rollup is not None
    assert verdict.expected is not None
    assert (verdict.rollup.dated, verdict.rollup.open, verdict.rollup.used) == (7, 22, False)
    assert verdict.expected.day == date(2026, 6, 12)


def test_34_wd_since_the_first_promise(story: Story) -> None:
    """ "+34 wd since the first promise, v3": the slip against the original stands beside the one against the current one."""
    ref = story.version("PAY-M01", date(2026, 6, 12))
    story.on(date(2026, 3, 9))
    for day, new in ((10, date(2026, 7, 1)), (11, date(2026, 7, 31))):
        story.today = date(2026, 3, day)
        story.decide(f"D-{day}", DecisionType.REBASELINE, "PAY-M01", new_date=new)
        story.assess()
    story.moved(ref, date(2026, 7, 31))
    verdict = story.on(date(2026, 3, 12))
    assert verdict.current is not None
    assert (verdict.slip, verdict.slip_original, verdict.current.version, verdict.state) == (0, 34, 3, State.ACTIVE)
