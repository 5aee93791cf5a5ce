"""What teams delivered in their last weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pmosync.compute.forecast.site import MONDAY, WEEK

from pmosync.compute.forecast.throughput import Delivery, Served, shares, team
from pmosync.compute.workdays import EVERY_DAY, Calendar

MAY = Calendar("May", off=(date(2026, 5, 1).toordinal(),), on=(date(2026, 5, 9).toordinal(),))


def on(*days: date) -> list[Delivery]:
    """One item on each of the days."""
    return [Delivery(day) for day in days]


def test_twelve_weeks_of_working_days_count_zeros_included() -> None:
    """The last 12 weeks have 60 working days; today is not over, and what was before is forgotten."""
    delivered = on(MONDAY, MONDAY - timedelta(days=3), MONDAY - timedelta(days=84), MONDAY - timedelta(days=85 + 6))
    found = team("T", WEEK, delivered, MONDAY)
    assert (found.code, found.calendar) == ("T", WEEK)
    assert found.counts == (1, *[0] * 58, 1)


def test_a_day_off_counts_on_the_next_working_day() -> None:
    """What was delivered on a Saturday is Monday's; on a make-up Saturday it is that day's; a holiday is no day at all."""
    saturday = date(2026, 2, 28)
    assert team("T", WEEK, on(saturday, MONDAY), MONDAY + timedelta(days=1), weeks=1).counts == (0, 0, 0, 0, 2)
    found = team("T", MAY, on(date(2026, 5, 9), date(2026, 5, 1)), date(2026, 5, 11), weeks=2)
    assert found.counts == (0, 0, 0, 0, 1, 0, 0, 0, 0, 1)


def test_paused_days_leave_the_history() -> None:
    """Days of a pause are left out, whatever was delivered on them; their items are in no share either."""
    pause = (MONDAY - timedelta(days=7), MONDAY - timedelta(days=4))
    delivered = [Delivery(MONDAY - timedelta(days=5), ("A",)), Delivery(MONDAY - timedelta(days=3), ("B",))]
    assert team("T", WEEK, delivered, MONDAY, [pause], weeks=1).counts == (0, 1)
    assert shares(WEEK, delivered, MONDAY, [pause], weeks=1) == {"B": Served(1.0, 1)}


def test_a_share_is_the_part_of_what_was_delivered() -> None:
    """Two of five items were of A, one of them of B as well, two of no milestone; what is older than 12 weeks does not count."""
    friday, old = MONDAY - timedelta(days=3), MONDAY - timedelta(days=200)
    codes: list[tuple[str, ...]] = [("A", "B"), ("A",), ("C",), (), ()]
    found = shares(WEEK, [*(Delivery(friday, each) for each in codes), Delivery(old, ("D",))], MONDAY)
    assert {code: each.share for code, each in found.items()} == pytest.approx({"A": 0.4, "B": 0.2, "C": 0.2})


def test_a_day_on_which_a_milestone_got_anything_counts_once() -> None:
    """Three items of one day and one of another are two days of a milestone; a Saturday's is Monday's."""
    friday = MONDAY - timedelta(days=3)
    days = [friday, friday, friday, MONDAY - timedelta(days=8), MONDAY - timedelta(days=7)]
    assert shares(WEEK, [Delivery(day, ("A",)) for day in days], MONDAY)["A"] == Served(1.0, 2)


def test_nothing_delivered_is_no_share() -> None:
    """A team without deliveries has nothing to share out."""
    assert shares(WEEK, [], MONDAY) == {}


@given(st.lists(st.dates(date(2025, 10, 1), date(2026, 4, 1)), max_size=30), st.sampled_from([WEEK, MAY, EVERY_DAY]))
def test_every_item_of_these_days_is_counted_once(days: list[date], calendar: Calendar) -> None:
    """The counts add up to the items that count on one of the days looked back at."""
    found = team("T", calendar, on(*days), MONDAY)
    first, last = calendar.position(MONDAY - timedelta(days=84)), calendar.position(MONDAY)
    assert len(found.counts) == last - first
    assert sum(found.counts) == sum(first <= calendar.position(day) < last for day in days)


def test_time_begins() -> None:
    """In the first weeks of all there is less to look back at, and no exception."""
    assert team("T", EVERY_DAY, on(date.min), date(1, 1, 3)).counts == (1, 0)
