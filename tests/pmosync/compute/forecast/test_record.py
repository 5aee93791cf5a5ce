"""What a record tells of a milestone on a day, and which milestones forecasts learn from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from tests.pmosync.compute.forecast.invented import MONDAY, WEEK, after, journey

from pmosync.compute.forecast.record import Count, Deliveries, Journey, comparable, quiet_end


def test_a_milestone_on_a_day_is_what_had_happened_by_its_end() -> None:
    """Before the first count there is nothing; between two of them the earlier stands."""
    one = Journey(
        code="A", project="PAY", plans=((MONDAY, after(20)),), counts=(Count(after(2), 5), Count(after(4), 8, 1, 2))
    )
    assert one.at(after(1)) == Count(after(1))
    assert one.at(after(3)).left == 5
    assert (one.at(after(9)).scope, one.at(after(9)).left, one.start) == (7, 5, after(4))


def test_a_plan_is_the_one_that_was_promised_then() -> None:
    """A later promise says nothing of the days before it; the first one holds from the beginning."""
    one = replace(journey(0, 0), plans=((after(1), after(30)), (after(10), after(50))))
    assert [one.plan(after(day)) for day in (0, 9, 10)] == [after(30), after(30), after(50)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"counts": (Count(MONDAY, 12, 0, 9),)}, False),
        ({"counts": ()}, False),
        ({"plans": ((MONDAY, after(9)),)}, False),
        ({"plans": ((MONDAY, after(366)),)}, False),
        ({"completed": after(28 + 181)}, False),
        ({"completed": None, "counts": (Count(MONDAY, 10, 0, 1),)}, True),
    ],
)
def test_only_what_can_be_compared_is_learned_from(change: dict[str, object], told: bool) -> None:
    """Ten items at least (of an open one: in scope), planned for 10 to 365 days, at most 180 days late."""
    assert comparable(replace(journey(0, 3), **change)) is told


def test_a_teams_weeks_are_its_working_days_with_zeros() -> None:
    """Twelve weeks are 60 working days; what is delivered on a day off counts on the next working day."""
    friday = MONDAY + timedelta(weeks=12, days=-3)
    team = Deliveries(WEEK, (MONDAY, MONDAY, after(5), friday))
    counts = team.recent(friday)
    assert (len(counts), counts[0], counts[5], counts[-1], counts.sum()) == (60, 2, 1, 1, 4)
    assert team.recent(friday + timedelta(days=3))[0] == 0
    assert team.recent(after(6)).tolist()[-5:] == [2, 0, 0, 0, 0]
    assert team.recent(after(7)).tolist()[-2:] == [0, 1]


def test_where_nobody_says_so_it_ends_before_the_first_quiet_gap() -> None:
    """The last delivery before 28 days without one, once 80 % is delivered: what comes later is another story."""
    days = [after(day) for day in (0, 40, 41, 42, 43, 44, 45, 46, 60, 89)]
    assert quiet_end(days) == after(60)
    assert quiet_end([*days[:9], after(88)]) == after(88)
    assert quiet_end(days[:8]) == after(46)
    assert quiet_end([]) is None
    assert quiet_end([date(2024, 1, 1)]) == date(2024, 1, 1)
