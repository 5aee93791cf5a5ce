"""Scores, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pmosync.compute.forecast import scores


def test_pinball_weighs_late_and_early_by_the_level() -> None:
    """At P85 a day too late costs 0.85 and a day too early 0.15; at P50 half the distance either way."""
    slips, dates = np.array([10.0, -10.0]), np.zeros(2)
    assert scores.pinball(slips, dates, 0.85) == pytest.approx((8.5 + 1.5) / 2)
    assert scores.pinball(slips, dates, 0.5) == pytest.approx(5)
    assert scores.pinball(slips, dates, 0.85, np.array([1.0, 3.0])) == pytest.approx((8.5 + 3 * 1.5) / 4)
    assert scores.pinball(slips[:0], dates[:0], 0.5) == 0


def test_kept_includes_the_day_itself() -> None:
    """A date is kept until its end."""
    assert scores.kept(np.array([0.0, 1.0, -3.0, 5.0]), np.zeros(4)) == 0.5
    assert scores.kept(np.array([]), np.array([])) == 0


def test_brier_of_the_textbook() -> None:
    """Saying 0.7 of what came costs 0.09, of what did not 0.49; one half always costs a quarter."""
    assert scores.brier(np.array([0.7, 0.7]), np.array([1.0, 0.0])) == pytest.approx(0.29)
    assert scores.brier(np.full(6, 0.5), np.array([1.0, 0, 1, 1, 0, 0])) == 0.25
    assert scores.brier(np.array([]), np.array([])) == 0
