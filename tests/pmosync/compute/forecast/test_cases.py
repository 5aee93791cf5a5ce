"""Cases tell what was known of a milestone on a day, and nothing that came later."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from msgspec.structs import replace
from tests.pmosync.compute.forecast.invented import ITEMS, PLANNED, after, irregular, journey, site

from pmosync.compute.forecast import pace
from pmosync.compute.forecast.cases import LEVELS, NEVER, closed, replayed, scaled, seen, unscaled, working_days
from pmosync.compute.forecast.record import Count, Record


def test_every_milestone_is_looked_at_three_times() -> None:
    """At 25, 50 and 75 % of its planned way, in the order of the days; never after its end."""
    record = site(4, lambda number: -10 if number == 1 else 5)
    cases = replayed(record)
    assert [(row.code, row.share, row.day - after(0).toordinal()) for row in cases.rows if row.code < "PAY-M002"] == [
        ("PAY-M000", 0.25, 7),
        ("PAY-M000", 0.5, 14),
        ("PAY-M001", 0.25, 14),
        ("PAY-M000", 0.75, 21),
        ("PAY-M001", 0.5, 21),
    ]
    assert sorted(cases.day.tolist()) == cases.day.tolist()
    assert cases.slips.tolist() == [-10.0 if row.code == "PAY-M001" else 5.0 for row in cases.rows]


def test_what_comes_later_changes_no_case() -> None:
    """A case of a day is the same, whether the record ends on that day or years later, but for how it ended."""
    whole, then = site(40, irregular), site(40, irregular, until=200)
    known = [row for row in replayed(whole).rows if row.day <= then.as_of.toordinal()]
    past = {row.code: row for row in replayed(then).rows}
    assert [repr(replace(row, end=0)) for row in replayed(then).rows] == [repr(replace(row, end=0)) for row in known]
    assert {row.end for row in past.values() if row.end > then.as_of.toordinal()} == {NEVER}


def test_features_are_those_of_the_day() -> None:
    """Half of the way; 6 of 12 items left; one joined since the start and one was removed; the pace must stay as it was."""
    record = Record(as_of=after(400))
    one = replace(journey(0, 0), counts=(Count(after(0), 12, 0, 1), Count(after(14), 13, 1, 6)))
    row = seen(closed(record), record.teams.get(one.team), one, after(14))
    gone, left, moves, pressure, slips = row.features
    assert (gone, left, moves, slips) == pytest.approx((0.5, np.log(7), 2 / 12, 0))
    assert pressure == pytest.approx(np.log((6.5 / 15) / (7 / 15)))


def test_a_straight_line_goes_on_as_before() -> None:
    """7 items in 15 days, 5 left: 11 days more, and 14 remain: 3 days early. Before any delivery it is as planned."""
    record = Record(as_of=after(400))
    one = replace(journey(0, 0), counts=(Count(after(0), ITEMS, 0, 1), Count(after(14), ITEMS, 0, 7)))
    assert seen(closed(record), record.teams.get(one.team), one, after(14)).line == -3.0
    assert seen(closed(record), record.teams.get(one.team), one, after(0) - timedelta(days=3)).line == 0.0


def test_past_slips_are_those_that_had_ended() -> None:
    """The mean of the last of the same project, else of all; a milestone that ends later tells nothing yet."""
    record = site(12, lambda number: 0 if number < 6 else 20)
    past = closed(record)
    slips = [seen(past, None, record.journeys[0], after(day)).features[-1] for day in (20, 7 * 5 + PLANNED, 400)]
    assert slips == [0.0, 0.0, pytest.approx(float(scaled(np.array([20.0]))[0]) / 2)]
    other = replace(record.journeys[0], project="NEW")
    assert seen(past, None, other, after(400)).features[-1] == slips[-1]


def test_pace_says_nothing_without_enough_active_days() -> None:
    """Below five working days with a delivery, without a team, and where nothing is left."""
    record = site(1, lambda _: 0)
    past, one = closed(record), record.journeys[0]
    team = record.teams[one.team]
    assert np.isnan(seen(past, team, one, after(7)).pace).all()
    assert not np.isnan(seen(past, team, one, after(20)).pace).any()
    assert np.isnan(seen(past, team, one, after(PLANNED)).pace).all()
    assert np.isnan(seen(past, None, one, after(20)).pace).all()


@pytest.mark.parametrize("needed", [3, 10, 40, 160])
@pytest.mark.parametrize("counts", [[0, 1, 0, 2, 0, 0, 1, 3], [1] * 12, [0, 0, 1], [2, 3, 4, 5]])
def test_the_normal_limit_is_near_the_convolution(counts: list[int], needed: int) -> None:
    """Within two working days, or a fifteenth of the way where days are very uneven."""
    daily = np.array(counts)
    curve = pace.done_by(daily, 1.0, needed, 900)
    exact = np.array([pace.quantile(curve, level) for level in LEVELS], dtype=np.float64)
    assert np.all(np.abs(working_days(daily, needed) - exact) <= np.maximum(2, exact / 15))


def test_the_scale_keeps_order_and_comes_back() -> None:
    """Small slips count by their days, large ones by their order of magnitude."""
    days = np.array([-300.0, -7.0, -1.0, 0.0, 1.0, 7.0, 300.0])
    assert unscaled(scaled(days)) == pytest.approx(days)
    steps = np.diff(scaled(np.array([0.0, 1.0, 100.0, 101.0])))
    assert steps[0] > 10 * steps[2]
