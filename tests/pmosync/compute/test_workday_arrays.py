"""Arithmetic on arrays of days says of every day what the calendar says of it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy
from pmosync.compute.workday_arrays import EPOCH, Ints, Stretch, laid_out, works
from pmosync.compute.workdays import EVERY_DAY, Calendar

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CALENDARS = {
    name: clocks((), (), Policy(default_calendar=name), NOW).default.calendar for name in ("CN", "DE-BY", "IL")
} | {"": EVERY_DAY}
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
"""Three years, with the make-up workdays of three Chinese notices."""
TRIPLES = 100_000 if os.environ.get("PMOSYNC_SOAK") else 2_000


def span(first: date = FIRST, last: date = LAST) -> Ints:
    """All days of a span."""
    return np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64)


def told(calendar: Calendar) -> Stretch:
    """The calendar over the three years, with a year before and behind them."""
    return laid_out(calendar, FIRST - timedelta(days=366), LAST + timedelta(days=366))


@pytest.fixture(params=sorted(CALENDARS), ids=lambda name: name or "every day")
def calendar(request: pytest.FixtureRequest) -> Calendar:
    """China, Bavaria, Israel (whose week begins on Sunday), and no calendar at all."""
    return CALENDARS[request.param]


def test_every_day_of_three_years_is_the_calendars(calendar: Calendar) -> None:
    """Whether people work on a day, its number, and the working day n before or after it: as ``Calendar`` says of each."""
    days, stretch = span(), told(calendar)
    plain = [date.fromordinal(int(day)) for day in days]
    assert works(calendar, days).tolist() == [calendar.works(day) for day in plain]
    assert stretch.position(days).tolist() == [calendar.position(day) for day in plain]
    for wd in (-21, -1, 0, 1, 21):
        assert stretch.add(days, wd).tolist() == [calendar.add(day, wd).toordinal() for day in plain]


def test_every_pair_of_days_of_three_years_is_numpys(calendar: Calendar) -> None:
    """wd between each two days of three years are those that ``numpy.busday_count`` finds with all days off as holidays."""
    days, stretch = span(), told(calendar)
    wide = span(FIRST - timedelta(days=366), LAST + timedelta(days=366))
    off = (wide[~works(calendar, wide)] - EPOCH).astype("M8[D]")
    counted = np.busday_count("2023-06-01", (days - EPOCH).astype("M8[D]"), "1111111", off)
    assert np.array_equal(stretch.between(days[:, None], days[None, :]), counted[None, :] - counted[:, None])


def test_every_pair_of_days_is_monotone_and_antisymmetric(calendar: Calendar) -> None:
    """A later day never has a smaller slip; there and back is nothing; never more wd than days from a working day on."""
    days, stretch = span(), told(calendar)
    slips = stretch.between(days[:, None], days[None, :])
    assert (np.diff(slips, axis=1) >= 0).all()
    assert (np.diff(slips, axis=1) <= 1).all()
    assert np.array_equal(slips, -slips.T)
    apart = days[None, :] - days[:, None]
    ends = works(calendar, days)
    assert (np.abs(slips) <= np.abs(apart))[np.ix_(ends, ends)].all()


def test_triples_of_dates_add_up(calendar: Calendar) -> None:
    """Promised, expected, actual: whatever three days, the slips between them add up, and none is refused."""
    chance, stretch = np.random.default_rng(2026), told(calendar)
    promised, expected, actual = chance.choice(span(), (3, TRIPLES))
    whole = stretch.between(promised, actual)
    assert np.array_equal(stretch.between(promised, expected) + stretch.between(expected, actual), whole)
    for one, other, wd in zip(promised, actual, whole, strict=True):
        slip = calendar.slip(date.fromordinal(int(one)), date.fromordinal(int(other)))
        assert slip == (wd, other - one)


def test_no_calendar_is_calendar_arithmetic() -> None:
    """Without a calendar wd are days: for each two days of three years."""
    days, stretch = span(), told(EVERY_DAY)
    apart = days[None, :] - days[:, None]
    assert np.array_equal(stretch.between(days[:, None], days[None, :]), apart)
    assert np.array_equal(stretch.add(days, 100), days + 100)


@given(st.sampled_from(sorted(CALENDARS)), st.dates(), st.dates())
def test_any_stretch_of_time(name: str, one: date, other: date) -> None:
    """From the first year to the last one: a stretch of a few weeks there counts as the calendar does."""
    calendar, first = CALENDARS[name], min(one, other, date.max - timedelta(days=60))
    stretch, days = laid_out(calendar, first, first + timedelta(days=60)), span(first, first + timedelta(days=60))
    assert stretch.position(days).tolist() == [calendar.position(date.fromordinal(int(day))) for day in days]


def test_a_day_outside_is_refused() -> None:
    """A day before or behind what was laid out is an error, never another day's answer."""
    stretch = told(EVERY_DAY)
    for day in (date(2020, 1, 1), date(2040, 1, 1)):
        with pytest.raises(IndexError):
            stretch.position(np.array([day.toordinal()]))


def test_the_program_starts_without_numpy() -> None:
    """``pmosync --help``, ``status`` and what is only told of an assessment load no numpy: whoever asks for no forecast does
    not wait for it.
    """
    line = "import sys, pmosync.cli.main, pmosync.cli.status, pmosync.compute.assessment; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "False"
