"""Who gets what of a team."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pmosync.compute.forecast.site import pending

from pmosync.compute.forecast import sharing


def test_by_the_observed_split_each_has_its_part() -> None:
    """12 items of who got 40 % are there when the team has delivered 30; what is not open is not needed."""
    found = sharing.split(pending("A", ("T", 12, 0.4), ("U", 5, 1.0), ("V", 0, 0.5)))
    assert found == {"T": 30, "U": 5}


def test_by_strict_priority_one_comes_after_the_other() -> None:
    """A team delivers all of the first one's items, then those of the next, on every team by itself."""
    first = pending("Z", ("T", 10, 0.1), baseline=date(2026, 4, 1))
    later = pending("A", ("T", 5, 0.9), ("U", 7, 1.0), baseline=date(2026, 5, 1))
    assert sharing.queued([later, first]) == {"Z": {"T": 10}, "A": {"T": 15, "U": 7}}


def test_who_goes_first() -> None:
    """Control, priority, baseline, code: each decides where those before it do not; who has none of it comes last."""
    order = [
        pending("G", priority="P0", baseline=date(2026, 9, 1)),
        pending("F", priority="高", baseline=date(2026, 4, 1)),
        pending("E", priority="high", baseline=date(2026, 5, 1)),
        pending("C", priority="", baseline=date(2026, 3, 1)),
        pending("B"),
        pending("D"),
        pending("A", key=False, priority="P0", baseline=date(2026, 3, 1)),
    ]
    assert sorted(sorted(order, key=lambda each: each.code), key=sharing.turn) == order


@pytest.mark.parametrize(
    ("typed", "rank"), [("P0", 0), ("p2 ", 2), ("3", 3), ("Highest", 0), ("紧急", 0), ("中", 2), ("低", 3)]
)
def test_priorities_as_people_type_them(typed: str, rank: int) -> None:
    """Numbers and the usual words count, in English and Chinese; whatever else is typed comes after all of them."""
    assert sharing.rank(typed) == rank
    assert sharing.rank("soon") == sharing.rank("") > sharing.rank("P999")


def test_scope_not_yet_seen_is_added() -> None:
    """30 known items that grow by 20 % as comparable milestones did are 6 more, spread over what is open; never fewer."""
    known = pending("A", ("T", 8, 1.0), ("U", 4, 1.0), delivered=18, growth=1.2)
    assert sharing.split(known) == {"T": 12, "U": 6}
    assert sharing.queued([known]) == {"A": {"T": 12, "U": 6}}
    assert sharing.split(pending("A", ("T", 8, 1.0), delivered=18, growth=0.5)) == {"T": 8}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_the_last_in_the_queue_waits_for_all(items: list[int]) -> None:
    """Who comes last needs of the team what all of them have left; whoever goes before needs less."""
    found = sharing.queued([pending(f"M{at}", ("T", left, 0.5)) for at, left in enumerate(items)])
    needs = [found[f"M{at}"]["T"] for at in range(len(items))]
    assert needs == sorted(needs)
    assert needs[-1] == sum(items)


def test_the_leader_of_a_shared_team() -> None:
    """Only a team with open items of several milestones is shared; the leader is who goes first there."""
    mine = pending("B", ("T", 1, 0.5), ("U", 1, 0.5))
    first = sharing.leaders(
        [mine, pending("A", ("T", 1, 0.5)), pending("C", ("U", 0, 0.5)), pending("D", ("V", 3, 1.0))]
    )
    assert {team: each.code for team, each in first.items()} == {"T": "A"}
    found = sharing.leader(mine, first)
    assert found is not None
    assert found.code == "A"
    assert sharing.leader(pending("D", ("V", 3, 1.0)), first) is None
