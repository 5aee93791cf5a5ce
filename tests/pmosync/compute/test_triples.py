"""Every three dates (promised, expected, today) have a colour, and none that gets better as things get worse."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute import rag
from pmosync.compute.assessment import Letter
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy, Tolerance
from pmosync.compute.rag import GRAVITY
from pmosync.compute.workday_arrays import laid_out
from pmosync.compute.workdays import EVERY_DAY, Calendar
from pmosync.model import Control

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

POLICY = Policy()
CHINA = clocks((), (), POLICY, datetime(2026, 3, 2, tzinfo=UTC)).default.calendar
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
TRIPLES = 100_000 if os.environ.get("PMOSYNC_SOAK") else 2_000
TOLERANCES = (POLICY.key, POLICY.part_time, POLICY.short)
MOST = 800
"""wd: more than three years have."""


def shade(slip: int, *, missed: bool, tolerance: Tolerance) -> str:
    """The letter that the colour table gives for a slip; Green where no rule holds."""
    signs: rag.Signs = {
        "slip": slip, "missed": missed, "typed": True, "baseline": FIRST, "expected": FIRST, "late_wd": 1,
    }  # fmt: skip
    found = rag.judge(signs, tolerance, POLICY)
    return found.letter if found else Letter.GREEN


def gravities(tolerance: Tolerance) -> Mapping[bool, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """How grave the letter is for every slip from -MOST to MOST, not missed and missed: 0 is Red."""
    return {
        missed: np.array([GRAVITY[shade(slip, missed=missed, tolerance=tolerance)] for slip in range(-MOST, MOST + 1)])
        for missed in (False, True)
    }


@pytest.mark.parametrize("tolerance", TOLERANCES)
@pytest.mark.parametrize("calendar", [CHINA, EVERY_DAY], ids=["China", "every day"])
def test_every_pair_of_three_years_is_coloured(calendar: Calendar, tolerance: Tolerance) -> None:
    """Promised and expected, each any day of three years: Red above red, Amber above amber, Green else; one day later is never
    better, a promise one day later never worse.
    """
    days = np.arange(FIRST.toordinal(), LAST.toordinal() + 1, dtype=np.int64)
    stretch = laid_out(calendar, FIRST - timedelta(days=60), LAST + timedelta(days=60))
    slips = stretch.between(days[:, None], days[None, :])
    if calendar is EVERY_DAY:
        slips = np.clip(slips, -MOST, MOST)
    grave = gravities(tolerance)[False][slips + MOST]
    assert np.array_equal(grave == GRAVITY["R"], slips > tolerance.red)
    assert np.array_equal(grave == GRAVITY["A"], (slips > tolerance.amber) & (slips <= tolerance.red))
    assert (np.diff(grave, axis=1) <= 0).all()
    assert (np.diff(grave, axis=0) >= 0).all()


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_what_is_missed_is_red(tolerance: Tolerance) -> None:
    """A promise whose day is over is Red, whatever is expected."""
    assert (gravities(tolerance)[True] == GRAVITY["R"]).all()


def test_triples_have_a_colour_that_time_never_mends() -> None:
    """Promised, expected, today at random: the letter of an open milestone is never better a day later, nor with a later
    expected day.
    """
    chance, table = np.random.default_rng(2026), gravities(POLICY.key)
    days = np.arange(FIRST.toordinal(), LAST.toordinal() + 1, dtype=np.int64)
    stretch = laid_out(CHINA, FIRST - timedelta(days=60), LAST + timedelta(days=60))
    promised, expected, today = chance.choice(days, (3, TRIPLES))

    def grave(expected: np.ndarray, today: np.ndarray) -> np.ndarray:
        """An open milestone is expected today at the earliest; it is missed once the day on which it counts is over."""
        slips = stretch.between(promised, np.maximum(expected, today)) + MOST
        return np.where(today > stretch.add(promised, 0), table[True][slips], table[False][slips])

    now = grave(expected, today)
    assert (grave(expected, today + 1) <= now).all()
    assert (grave(expected + 1, today) <= now).all()


@given(
    st.dates(date(2026, 3, 12), date(2026, 9, 18)),
    st.integers(-5, 60),
    st.integers(0, 30),
    st.sampled_from(list(Control)),
)
def test_a_later_target_never_looks_better(
    stories: type[Story], promised: date, slip: int, more: int, control: Control
) -> None:
    """The assessment itself: of two targets after one promise the later one is never coloured milder, nor told less late."""
    found = []
    for wd in (slip, slip + more):
        story = stories(replace(POLICY, steady_days=1))
        story.project("PAY", control=control)
        ref = story.version("PAY-M01", promised)
        story.typed("PAY-M01", owner="Li")
        story.on(date(2026, 3, 9))
        story.moved(ref, CHINA.add(promised, wd))
        found.append(story.on(date(2026, 3, 10)))
    one, other = found
    assert GRAVITY[other.rag.shown] <= GRAVITY[one.rag.shown]
    assert one.slip is not None
    assert other.slip is not None
    assert other.slip >= one.slip
