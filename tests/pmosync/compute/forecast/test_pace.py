"""Pace: exact distributions of how long a team needs, from what its days delivered."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.forecast import pace

COUNTS = st.lists(st.integers(0, 6), max_size=12)
SHARES = st.floats(0, 1)
LEFT = st.integers(0, 40)
HORIZON = 30


def enumerated(counts: list[int], items: int, days: int) -> float:
    """P(at least so many items in so many days) by looking at every sequence of days."""
    sums = [sum(each) for each in product(counts, repeat=days)]
    return sum(total >= items for total in sums) / len(sums)


def test_two_dice() -> None:
    """P(k items by day n) = P(Sₙ ≥ k): two days like a die deliver 7 or more in 21 cases of 36, 12 in one."""
    die = [1, 2, 3, 4, 5, 6]
    assert pace.done_by(die, 1.0, 7, 2)[1] == pytest.approx(21 / 36, abs=1e-15)
    assert pace.done_by(die, 1.0, 12, 2).tolist() == [0.0, pytest.approx(1 / 36, abs=1e-15)]
    assert pace.done_by(die, 1.0, 2, 2)[1] == 1.0


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.integers(0, 18), st.integers(1, 5))
def test_it_counts_every_sequence_of_days(counts: list[int], items: int, days: int) -> None:
    """The n-fold convolution weighs every sequence of observed days alike, zeros included."""
    found = pace.done_by(counts, 1.0, items, days)
    assert found[-1] == pytest.approx(enumerated(counts, items, days), abs=1e-12)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(0, 120))
def test_strides_are_days_one_by_one(counts: list[int], items: int) -> None:
    """However many days are taken at once, each is convolved with the ones before."""
    total, days = np.ones(1), []
    for _ in range(HORIZON):
        total = np.convolve(total, pace.pmf(counts))
        days.append(total[items:].sum())
    assert pace.done_by(counts, 1.0, items, HORIZON).tolist() == pytest.approx(days, abs=1e-12)


def test_a_share_of_the_team_is_its_part_of_what_the_team_delivers() -> None:
    """A milestone that gets 40 % has its 12 items when the team has delivered 30; a quotient's last digit adds none."""
    assert (pace.needed(12, 0.4), pace.needed(3, 0.1), pace.needed(1, 1 / 3)) == (30, 30, 3)
    counts = [0, 2, 3, 5]
    assert pace.done_by(counts, 0.4, 12, 40).tolist() == pace.done_by(counts, 1.0, 30, 40).tolist()


def test_quantiles_are_the_first_day_that_reaches_the_level() -> None:
    """P50 is the first wd with at least 50 %; what lies beyond the horizon is not said."""
    curve = np.array([0.0, 0.5, 0.8, 0.9])
    assert [pace.quantile(curve, level) for level in (0.0, 0.5, 0.51, 0.85, 0.95)] == [1, 2, 3, 4, None]


@given(COUNTS, SHARES, LEFT)
def test_probabilities_never_fall_with_time(counts: list[int], share: float, left: int) -> None:
    """Probabilities lie within 0 and 1 and do not fall with further days; equal inputs give equal answers."""
    curve = pace.done_by(counts, share, left, HORIZON)
    assert curve.shape == (HORIZON,)
    assert ((curve >= 0) & (curve <= 1)).all()
    assert (np.diff(curve) >= 0).all()
    assert curve.tolist() == pace.done_by(counts, share, left, HORIZON).tolist()


@given(COUNTS, SHARES, SHARES, LEFT, LEFT)
def test_less_left_and_a_larger_share_are_never_later(
    counts: list[int], one: float, other: float, few: int, more: int
) -> None:
    """Fewer items, or a larger share of the team, are done no later; sums of probabilities are exact to their rounding."""
    small, large = sorted((one, other))
    few, more = sorted((few, more))
    sooner, later = pace.done_by(counts, large, few, HORIZON), pace.done_by(counts, small, more, HORIZON)
    assert (sooner >= later - pace.ROUNDING).all()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=12), LEFT)
def test_a_faster_team_is_never_later(pairs: list[tuple[int, int]], left: int) -> None:
    """A team whose every day delivered at least as much is done no later."""
    slow, fast = [count for count, _ in pairs], [count + more for count, more in pairs]
    ahead = pace.done_by(fast, 1.0, left, HORIZON) - pace.done_by(slow, 1.0, left, HORIZON)
    assert (ahead >= -1e-12).all()


@given(
    st.lists(st.integers(-5, 10**4), max_size=5),
    st.floats(),
    st.integers(-(10**12), 10**12),
    st.integers(-3, 5),
)
def test_any_input_has_an_answer(counts: list[int], share: float, left: int, horizon: int) -> None:
    """Whatever is given, there is a curve of the horizon's length, within 0 and 1."""
    curve = pace.done_by(counts, share, left, horizon)
    assert len(curve) == max(horizon, 0)
    assert ((curve >= 0) & (curve <= 1)).all()


def test_a_day_of_very_many_is_summed_alike() -> None:
    """A day on which a hundred items were closed at once is one of the observed days, as each other is."""
    counts = [0, 1, 100, 3]
    curve = pace.done_by(counts, 1.0, 101, 5)
    assert curve.tolist() == pytest.approx([enumerated(counts, 101, days) for days in range(1, 6)], abs=1e-12)


def test_a_transform_is_as_good_as_the_sum() -> None:
    """Large convolutions are computed by Fourier transforms: within 1e-15 of the sums, and never negative."""
    one, other = (np.exp(-(((np.arange(2_000) - middle) / 90) ** 2)) for middle in (300, 900))
    one, other = one / one.sum(), other / other.sum()
    found = pace.convolved(one, other)
    assert np.abs(found - np.convolve(one, other)).max() < 1e-15
    assert found.min() >= 0


def test_nobody_delivers_nothing() -> None:
    """Without counts, with days of zeros or without a share nothing is ever done; with nothing left all is."""
    assert pace.done_by([], 1.0, 1, 3).tolist() == [0, 0, 0]
    assert pace.done_by([0, 0], 1.0, 1, 3).tolist() == [0, 0, 0]
    assert pace.done_by([4], 0.0, 1, 3).tolist() == [0, 0, 0]
    assert pace.done_by([], 0.0, 0, 3).tolist() == [1, 1, 1]


def test_long_horizons_stay_exact() -> None:
    """After 1,000 days of heads or tails the median is the middle, to 1e-12: the binomial distribution knows it."""
    curve = pace.done_by([0, 1], 1.0, 501, 1_001)
    assert curve[-1] == pytest.approx(0.5, abs=1e-12)
    assert pace.quantile(curve, 0.5) == 1_001
