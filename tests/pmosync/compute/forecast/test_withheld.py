"""Where pace says nothing, and why."""

from __future__ import annotations

from datetime import timedelta

from tests.pmosync.compute.forecast.site import MONDAY, pending, team

from pmosync.compute.forecast.given import Pending, Team
from pmosync.compute.forecast.withheld import Bounds, Withheld, withheld


def said(each: Pending, *teams: Team, bounds: Bounds | None = None) -> tuple[Withheld, ...]:
    """The reasons not to say anything."""
    return withheld(each, {team.code: team for team in teams}, MONDAY, bounds or Bounds())


def test_a_team_of_few_active_days_has_no_pace() -> None:
    """Under five active days: "team T delivered on only 3 days"; a team of which nothing is known delivered on none."""
    assert said(pending("A", ("T", 9, 1.0)), team(counts=(0, 7, 7, 7, 0))) == (Withheld("few_active_days", 3, "T"),)
    assert said(pending("A", ("X", 9, 1.0))) == (Withheld("few_active_days", 0, "X"),)
    assert said(pending("A", ("T", 9, 1.0)), team(counts=(1, 1, 1, 1, 1))) == ()


def test_a_team_of_which_nothing_is_open_is_not_asked() -> None:
    """Whose part is done does not keep the rest from having a pace."""
    assert said(pending("A", ("T", 9, 1.0), ("X", 0, 0.0)), team()) == ()


def test_a_scope_of_few_items_is_not_broken_down() -> None:
    """Under five items, delivered ones among them, there is no pace."""
    assert said(pending("A", ("T", 2, 1.0), delivered=2), team()) == (Withheld("few_items", 4),)
    assert said(pending("A", ("T", 2, 1.0), delivered=3), team()) == ()


def test_less_than_half_of_the_usual_scope_is_not_broken_down_either() -> None:
    """With more than 20 wd to go, under half of comparable scope says that most is not written down yet; near the end it is."""
    far, near = MONDAY + timedelta(days=29), MONDAY + timedelta(days=28)
    few = pending("A", ("T", 9, 1.0), usual=20.0)
    assert said(pending("A", ("T", 9, 1.0), usual=20.0, due=far), team()) == (Withheld("part_of_usual", 9, usual=20.0),)
    assert said(pending("A", ("T", 9, 1.0), usual=20.0, due=near), team()) == ()
    assert said(pending("A", ("T", 10, 1.0), usual=20.0, due=far), team()) == ()
    assert said(few, team()) == (Withheld("part_of_usual", 9, usual=20.0),)


def test_who_got_nothing_of_a_team_has_no_pace_by_the_observed_split() -> None:
    """A milestone to which the team delivered nothing in those weeks would never be done; that is said instead."""
    assert said(pending("A", ("T", 9, 0.0)), team()) == (Withheld("unserved", 0, "T"),)


def test_who_got_next_to_nothing_of_a_team_has_none_either() -> None:
    """One item of sixty is no split: under five days on which anything of it was delivered, its part is not known."""
    assert said(pending("A", ("T", 9, 0.02, 4)), team()) == (Withheld("unserved", 4, "T"),)
    assert said(pending("A", ("T", 9, 0.02, 5)), team()) == ()


def test_the_bounds_are_settings() -> None:
    """Each number is a default."""
    bounds = Bounds(active=1, items=1, part=0.1, far=99)
    assert said(pending("A", ("T", 2, 1.0), usual=20.0), team(counts=(5,)), bounds=bounds) == ()
