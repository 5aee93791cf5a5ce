"""What is open counts as not done yet, what is recent counts more."""

from __future__ import annotations

import numpy as np
import pytest

from pmosync.compute.forecast.weighing import HALF, fading, lasting, quantile


def test_without_anything_open_all_weigh_the_same() -> None:
    """The product-limit estimate is the empirical distribution then."""
    assert lasting(np.array([5, 1, 9, 3]), np.full(4, True)) == pytest.approx(np.full(4, 0.25))


def test_the_published_example_of_leukaemia() -> None:
    """Remission in weeks under 6-MP (E. Freireich et al., Blood 21, 1963; in every textbook of survival analysis): S(6) =
    0.857, S(10) = 0.753, S(16) = 0.627, S(23) = 0.448.
    """
    weeks = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
    open_ = {3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20}
    weights = lasting(weeks, np.array([place not in open_ for place in range(len(weeks))]))
    alive = [1 - weights[weeks <= week].sum() for week in (6, 10, 16, 23)]
    assert alive == pytest.approx([0.857, 0.753, 0.627, 0.448], abs=0.001)


def test_what_is_still_open_speaks_for_later_ends() -> None:
    """Of three, one ended at 1 and one at 9; the third is open at 5: it counts half again as one that ends at 9."""
    assert lasting(np.array([1, 5, 9]), np.array([True, False, True])) == pytest.approx([1 / 3, 0, 2 / 3])


def test_weights_halve_with_so_many_later_milestones() -> None:
    """Cases of one milestone are one milestone; of two that ended on one day neither is later."""
    codes = [f"M{number}" for number in range(HALF + 1)]
    ends = np.arange(HALF + 1)
    assert fading([*codes, codes[0]], np.append(ends, 0))[[0, -2, -1]] == pytest.approx([0.5, 1.0, 0.5])
    assert fading(["A", "B"], np.array([4, 4])) == pytest.approx([1, 1])


def test_a_weighted_quantile_is_the_least_value_with_enough_below() -> None:
    """Weights need not add up to 1."""
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([2.0, 1.0, 1.0])
    assert [quantile(values, weights, level) for level in (0.25, 0.26, 0.5, 0.51, 1.0)] == [1.0, 2.0, 2.0, 3.0, 3.0]
