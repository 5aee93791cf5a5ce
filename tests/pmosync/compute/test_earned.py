"""Earned schedule: the published case, its edges, and what it says of items with estimates and days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.earned import Earned, Effort, duration, earned_schedule, figures, standing
from pmosync.compute.workdays import EVERY_DAY, Calendar

PLANNED = (5.0, 10.0, 25.0, 55.0, 85.0, 120.0, 130.0, 140.0, 150.0)
EARNED = (3.33, 6.67, 10.0, 22.5, 70.0, 82.5)
MONDAY = date(2026, 3, 2)
WEEK = Calendar("")


def test_the_published_case() -> None:
    """Lipke's earned schedule: PV 5, 10, 25, 55, 85, 120, 130, 140, 150 and EV 3.33, 6.67, 10, 22.5, 70, 82.5 give ES 0.67,
    1.33, 2.00, 2.83, 4.50, 4.92.
    """
    assert [round(earned_schedule(PLANNED, value), 2) for value in EARNED] == [0.67, 1.33, 2.0, 2.83, 4.5, 4.92]


def test_variance_index_and_estimate_of_the_published_case() -> None:
    """SV(t) = ES - AT, SPI(t) = ES / AT, IEAC(t) = PD / SPI(t): after the sixth of nine periods 1.08 behind, 0.82, 10.98."""
    found = figures(PLANNED, EARNED[-1], 6)
    assert (found.duration, found.elapsed, found.budget, found.planned) == (9, 6, 150, 120)
    assert found.index is not None
    assert found.estimate is not None
    assert [round(each, 2) for each in (found.variance, found.index, found.estimate)] == [-1.08, 0.82, 10.98]


def test_at_the_end_a_late_plan_is_still_late() -> None:
    """What effort alone forgets (SV = EV - PV ends at 0): all is earned in period 12 of 9, so SV(t) is -3 and IEAC(t) 12."""
    found = figures(PLANNED, 150.0, 12)
    assert (found.schedule, found.variance, found.index, found.estimate) == (9, -3, 0.75, 12)


@pytest.mark.parametrize(
    ("planned", "earned", "schedule"),
    [
        ((), 3.0, 0.0),
        ((0.0, 0.0, 4.0), 0.0, 2.0),
        ((0.0, 0.0, 4.0), 2.0, 2.5),
        ((4.0, 4.0, 8.0), 4.0, 2.0),
        ((4.0, 8.0, 8.0), 8.0, 2.0),
        ((4.0, 8.0), 9.0, 2.0),
        ((4.0,), -1.0, 0.0),
    ],
)
def test_edges(planned: tuple[float, ...], earned: float, schedule: float) -> None:
    """Periods in which nothing was due are earned by nothing; more than was planned earns no more than the plan."""
    assert earned_schedule(planned, earned) == schedule


def test_items_are_planned_on_their_days_and_earn_their_estimates() -> None:
    """A plan of ten hours a day from Monday to Friday, of which two days' work was delivered by Wednesday evening: one wd
    behind, at two thirds of the pace, and seven and a half days long at that pace.
    """
    days = [MONDAY + timedelta(days=n) for n in range(5)]
    items = [Effort(10.0, day, day if day < days[2] else None) for day in days]
    found = standing(items, MONDAY, days[2], WEEK)
    assert found == Earned(
        budget=50, planned=30, earned=20, duration=5, elapsed=3, schedule=2, variance=-1, index=2 / 3, estimate=7.5
    )


def test_days_off_are_no_time() -> None:
    """Neither the plan nor the clock runs on a weekend: what is due on Saturday is due on Monday."""
    items = [Effort(1.0, date(2026, 3, 7)), Effort(1.0, date(2026, 3, 6), date(2026, 3, 8))]
    found = standing(items, date(2026, 3, 6), date(2026, 3, 8), WEEK)
    assert found is not None
    assert (found.duration, found.elapsed, found.schedule) == (2, 2, 1)


def test_time_stands_still_when_all_is_delivered() -> None:
    """The figures of a plan that is through are those of its last delivery, however long ago that was."""
    items = [Effort(1.0, MONDAY, MONDAY), Effort(1.0, MONDAY + timedelta(days=1), MONDAY + timedelta(days=3))]
    soon, later = (standing(items, MONDAY, MONDAY + timedelta(days=day), WEEK) for day in (3, 60))
    assert soon == later
    assert soon is not None
    assert (soon.elapsed, soon.variance, soon.estimate) == (4, -2, 4)


def test_what_was_delivered_later_is_not_earned_yet() -> None:
    """A past day knows no later delivery."""
    found = standing([Effort(1.0, MONDAY, MONDAY + timedelta(days=2))], MONDAY, MONDAY, WEEK)
    assert found is not None
    assert (found.earned, found.index, found.estimate) == (0, 0, None)


@pytest.mark.parametrize("items", [[], [Effort(0.0, MONDAY)], [Effort(3.0, date(2126, 1, 1))]])
def test_without_planned_effort_there_are_no_figures(items: list[Effort]) -> None:
    """No estimate, no figures; a due date in another century is a typing slip and planned nothing."""
    assert standing(items, MONDAY, MONDAY, WEEK) is None


VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=40).map(lambda steps: tuple(accumulate(steps)))


@given(VALUES, st.floats(0, 2e6), st.floats(0, 2e6))
def test_more_earned_is_never_less_schedule(planned: tuple[float, ...], one: float, other: float) -> None:
    """ES grows with what is earned and stays within the plan."""
    low, high = sorted((one, other))
    assert 0 <= earned_schedule(planned, low) <= earned_schedule(planned, high) <= duration(planned)


@given(VALUES)
def test_a_plan_that_is_kept_is_on_time(planned: tuple[float, ...]) -> None:
    """What earns its planned value has an earned schedule of at least the time that went by."""
    for at, value in enumerate(planned[: duration(planned)], start=1):
        assert earned_schedule(planned, value) >= at


EFFORTS = st.builds(
    Effort,
    st.floats(0, 1e4),
    st.dates(MONDAY - timedelta(days=40), MONDAY + timedelta(days=400)),
    st.one_of(st.none(), st.dates(MONDAY, MONDAY + timedelta(days=400))),
)


@given(st.lists(EFFORTS, max_size=12), st.dates(MONDAY - timedelta(days=9), MONDAY + timedelta(days=500)))
def test_any_plan_has_figures(items: list[Effort], today: date) -> None:
    """Whatever was estimated, planned and delivered: no exception, and the figures belong together."""
    for calendar in (WEEK, EVERY_DAY):
        found = standing(items, MONDAY, today, calendar)
        assert (found is None) == (not any(item.estimate > 0 for item in items))
        if found is not None:
            assert found.variance == found.schedule - found.elapsed
            assert 0 <= found.schedule <= found.duration
