"""Corrections keep the past at its levels; probabilities count whole days."""

from __future__ import annotations

import numpy as np
import pytest

from pmosync.compute.forecast import conformal
from pmosync.compute.forecast.cases import LEVELS, scaled, unscaled
from pmosync.compute.forecast.conformal import Correction
from pmosync.compute.forecast.scores import P50, P85

SPREAD = np.array([[-4.0, -2.0, 0.0, 2.0, 5.0, 9.0, 30.0]])


def test_the_past_is_kept_at_every_level() -> None:
    """Forecasts that always said "as planned" are moved so far that each level would have been kept as often as it says."""
    slips = np.random.default_rng(4).normal(8, 20, size=400)
    told = np.zeros((400, len(LEVELS)))
    moves = conformal.offsets(told, slips, np.ones(400))
    days = conformal.corrected(told, Correction(moves, -900, 900), np.full(400, -300))
    assert [np.mean(slips <= days[:, place]) for place in range(len(LEVELS))] == pytest.approx(LEVELS, abs=0.005)


def test_weights_say_which_misses_count() -> None:
    """A miss of weight 0 does not."""
    told, slips = np.zeros((4, len(LEVELS))), np.array([100.0, 1.0, 2.0, 3.0])
    moves = conformal.offsets(told, slips, np.array([0.0, 1.0, 1.0, 1.0]))
    assert unscaled(moves)[[P50, P85]] == pytest.approx([2, 3])


def test_what_is_open_ends_later() -> None:
    """No level lies before the next day."""
    days = conformal.corrected(scaled(SPREAD), Correction(np.zeros(len(LEVELS)), -900, 900), np.array([3]))
    assert days[0] == pytest.approx([4, 4, 4, 4, 5, 9, 30])


def test_nothing_is_told_that_was_never_seen() -> None:
    """Beyond the least and the most slip of the record a correction only multiplies its own past errors."""
    days = conformal.corrected(scaled(SPREAD), Correction(np.linspace(-1, 1, len(LEVELS)), -1, 25), np.array([-30]))
    assert (days.min(), days.max()) == (-1, 25)


def test_a_probability_counts_the_whole_day() -> None:
    """Done by a day is done by its end; before the first level it is 0, behind the last one the last level."""
    assert conformal.reached(np.repeat(SPREAD, 4, axis=0), np.array([-9, 2, 9, 99])) == pytest.approx(
        [0.0, 0.5 + 0.2 * 0.5 / 3, 0.85 + 0.1 * 0.5 / 21, 0.95]
    )
    assert conformal.reached(np.zeros((1, len(LEVELS))), np.array([0])) == pytest.approx([0.95])


def test_what_is_still_open_is_forecast_among_what_was_later() -> None:
    """Open at the end of the day that half of them had reached: what is left of the distribution is cut in half anew."""
    days = conformal.still_open(np.array([[0.0, 1.0, 2.0, 3.5, 4.0, 5.0, 10.0]]), np.array([3]))
    assert days[0, P50] == pytest.approx(np.interp(0.75, LEVELS, [0, 1, 2, 3.5, 4, 5, 10]))
    assert days[0].min() >= 4
    assert np.all(np.diff(days[0]) >= 0)
