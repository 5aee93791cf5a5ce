"""What is promised by a day."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pmosync.compute.forecast.site import pending

from pmosync.compute.forecast.given import Part
from pmosync.compute.forecast.pace import Total, needed, pmf, powers
from pmosync.compute.forecast.promised import Delivered, capped, delivered, quantiles, thresholds

COUNTS = st.lists(st.integers(0, 4), min_size=1, max_size=4)


def after(counts: list[int], days: int) -> Total:
    """What a team has delivered after so many days."""
    return powers(Total(0, pmf(counts)), days)[days]


def test_no_forecast_is_certain() -> None:
    """Certainty is capped at "> 95 %"."""
    assert [capped(chance) for chance in (0.0, 0.5, 0.95, 0.951, 1.0)] == [0.0, 0.5, 0.95, 0.95, 0.95]


def test_likely_and_safe_are_percentiles_of_delivered_scope() -> None:
    """18 of 30 likely, 14 safe: 8 are done, and in 10 days of (0, 0, 1, 3) a team delivers 10 or more in half of the cases, 6
    or more in 85 of 100.
    """
    found = delivered(pending("S", ("T", 22, 1.0), delivered=8), {"T": after([0, 0, 1, 3], 10)})
    assert found == Delivered(likely=18, safe=14, committed=30)
    assert found.part == 0.6


def test_the_committed_scope_may_be_another_than_the_one_of_today() -> None:
    """What was committed counts: more cannot be fulfilled than all of it, and nothing committed is fulfilled."""
    found = delivered(pending("S", ("T", 4, 1.0), delivered=8, committed=10), {"T": after([1], 9)})
    assert (found, found.part) == (Delivered(12, 12, 10), 1.0)
    assert Delivered(0, 0, 0).part == 1.0


@given(COUNTS, COUNTS, st.integers(0, 3), st.integers(0, 6), st.integers(0, 6), st.sampled_from([0.25, 0.5, 1.0]))
def test_several_teams_add_up(one: list[int], other: list[int], days: int, left: int, more: int, share: float) -> None:
    """The milestone's parts of what two teams deliver are summed over every sequence of their days, up to what is open."""
    each = pending("S", ("T", left, share), ("U", more, 1.0), delivered=3)
    totals = {"T": after(one, days), "U": after(other, days)}
    sums = sorted(
        3 + min(left, int(sum(mine) * share)) + min(more, sum(theirs))
        for mine, theirs in product(product(one, repeat=days), product(other, repeat=days))
    )
    for level in (0.5, 0.85):
        surely = [items for items in range(sums[-1] + 1) if sum(each >= items for each in sums) >= level * len(sums)]
        assert quantiles(each, totals, (level,)) == (max(surely),)


@given(st.integers(0, 50), st.floats(0, 1))
def test_each_item_needs_what_pace_says(items: int, share: float) -> None:
    """The items that the team has to deliver until k are the milestone's are those of the pace."""
    found = thresholds(Part("T", items, share))
    assert found.tolist() == [min(needed(each, share), 2**53) for each in range(items + 1)]


def test_nothing_open_is_nothing_more() -> None:
    """Without open items the day finds what is done today."""
    assert quantiles(pending("S", delivered=7), {}, (0.5, 0.85)) == pytest.approx((7, 7))
