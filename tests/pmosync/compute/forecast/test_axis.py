"""The days ahead: curves of working days become curves of dates, each team by its own calendar."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pmosync.compute.forecast.site import MONDAY, WEEK

from pmosync.compute.forecast.axis import axis, chance, elapsed, laid, nth, reached, released, since, thawed
from pmosync.compute.workdays import EVERY_DAY, Calendar, Freeze

FRIDAY = MONDAY + timedelta(days=4)
MAY = Calendar("May", off=(date(2026, 5, 1).toordinal(),), on=(date(2026, 5, 9).toordinal(),))
FROZEN = Calendar("frozen", freezes=(Freeze(date(2026, 3, 9), date(2026, 3, 12), "618"),))
CALENDARS = st.sampled_from([WEEK, MAY, EVERY_DAY])
DATES = st.dates(date(2026, 4, 20), date(2026, 5, 20))


def test_today_is_over_and_days_off_deliver_nothing() -> None:
    """The first working day after a Friday is Monday: on Saturday and Sunday nothing more is over than on Friday."""
    along = axis(FRIDAY, 4)
    assert elapsed(along, WEEK).tolist() == [0, 0, 1, 2]
    assert laid(np.array([[0.25], [0.75]]), elapsed(along, WEEK)).tolist() == [[0, 0, 0.25, 0.75]]


def test_holidays_and_makeup_days_count() -> None:
    """1 May is off, Saturday 9 May is worked: the sixth working day after Thursday 30 April is that Saturday."""
    along = axis(date(2026, 4, 30), 10)
    assert elapsed(along, MAY).tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 6, 6]
    assert nth(MAY, date(2026, 4, 30), 6) == date(2026, 5, 9)


@given(CALENDARS, DATES, st.integers(1, 20))
def test_the_nth_working_day_is_where_the_curve_steps(calendar: Calendar, today: date, wd: int) -> None:
    """Quantiles in working days and in dates are the same day, whatever the calendar; a day off as today changes nothing."""
    steps = np.where(np.arange(1, 41) >= wd, 1.0, 0.0)
    along = axis(today, 60)
    assert reached(along, laid(steps[:, None], np.minimum(elapsed(along, calendar), 40))[0], 0.5) == nth(
        calendar, today, wd
    )


@given(DATES, st.integers(1, 30))
def test_without_a_calendar_days_are_calendar_days(today: date, days: int) -> None:
    """An empty calendar is calendar arithmetic: n working days after today is today + n days."""
    assert nth(EVERY_DAY, today, days) == today + timedelta(days=days)
    assert elapsed(axis(today, days), EVERY_DAY).tolist() == list(range(1, days + 1))


def test_the_probability_by_a_date() -> None:
    """Today and before nothing open is done; on a day off what was done by the day before; beyond the end at least so much."""
    along, curve = axis(FRIDAY, 4), np.array([0, 0, 0.25, 0.75])
    days = [FRIDAY - timedelta(days=9), *(FRIDAY + timedelta(days=n) for n in range(5)), FRIDAY + timedelta(days=99)]
    assert [chance(along, curve, day) for day in days] == [0, 0, 0, 0, 0.25, 0.75, 0.75]
    assert (reached(along, curve, 0.5), reached(along, curve, 0.85)) == (date(2026, 3, 10), None)


def test_a_certain_day_is_a_step() -> None:
    """What is expected on a day is over on that day, not before; what was expected by now is over at once."""
    along = axis(MONDAY, 4)
    assert since(along, date(2026, 3, 5)).tolist() == [0, 0, 1, 1]
    assert since(along, MONDAY).tolist() == since(along, date(2026, 1, 1)).tolist() == [1, 1, 1, 1]
    assert since(along, date(2027, 1, 1)).tolist() == [0, 0, 0, 0]


def test_a_launch_waits_for_the_end_of_the_freeze() -> None:
    """What would fall into a window is out on the next allowed day: Friday 13 March after a freeze from 9 to 12 March. The
    weekend before counts as its Monday, so it is frozen too.
    """
    along = axis(date(2026, 3, 5), 9)
    curve = np.array([0.1, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6])
    assert released(along, FROZEN).tolist() == [1, 1, 1, 1, 1, 1, 1, 8, 9]
    assert thawed(curve, released(along, FROZEN)).tolist() == [*[0.1] * 7, 0.6, 0.6]


@given(DATES, st.dates(date(2026, 4, 20), date(2026, 6, 20)), st.integers(0, 30), CALENDARS)
def test_a_freeze_lets_nothing_out_that_is_frozen(today: date, first: date, length: int, calendar: Calendar) -> None:
    """Whenever a launch is ready, it is out on the first day that its windows allow."""
    freeze = Freeze(first, first + timedelta(days=length), "freeze")
    frozen, along = Calendar("frozen", calendar.week, calendar.off, calendar.on, (freeze,)), axis(today, 50)
    windows = released(along, frozen)
    for ahead in range(1, along.days + 1):
        ready = along.day(ahead)
        if frozen.works(ready):
            out = reached(along, thawed(since(along, ready), windows), 0.5)
            assert out == frozen.thaw(ready)[0] or (out is None and frozen.thaw(ready)[0] > along.day(along.days))


@pytest.mark.parametrize("days", [-1, 0, 5])
def test_time_ends(days: int) -> None:
    """On the last days of the calendar of dates there is nothing ahead, and no exception."""
    along = axis(date.max, days)
    assert (along.days, elapsed(along, WEEK).tolist(), reached(along, np.ones(0), 0.5)) == (0, [], None)


@pytest.mark.parametrize("days", [0, 1, 2, 560])
@pytest.mark.parametrize(
    "calendar", [WEEK, Calendar("off", off=(MONDAY.toordinal() + 1,), on=(MONDAY.toordinal() + 5,))]
)
def test_the_days_of_an_axis_pass_as_the_calendar_counts_them(days: int, calendar: Calendar) -> None:
    """Laid out at once or asked day by day: equally many working days are over by the end of each day."""
    along = axis(MONDAY, days)
    first = calendar.position(MONDAY + timedelta(days=1))
    ends = (calendar.position(MONDAY + timedelta(days=ahead + 1)) for ahead in range(1, days + 1))
    assert elapsed(along, calendar).tolist() == [end - first for end in ends]
