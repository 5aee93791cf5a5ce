"""Causes by telescoping: they add up to the move, in an order that never changes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.ledger import CAUSES, UNEXPLAINED, telescoped
from pmosync.compute.ledger.causes import METHOD, explained, with_rest

DAY = date(2026, 3, 2)
NAMES = ("a", "b", "c", "d")
State = tuple[int | None, ...]


def wd(first: date, later: date) -> int:
    """Every day counts."""
    return (later - first).days


def latest(state: State) -> date | None:
    """The date that follows from a state: the latest of its inputs; none where nothing is known."""
    known = [part for part in state if part is not None]
    return DAY + timedelta(days=max(known)) if known else None


def replacing(new: State) -> list[tuple[str, object]]:
    """A step for each input."""

    def step(place: int) -> object:
        return lambda old: (*old[:place], new[place], *old[place + 1 :])

    return [(name, step(place)) for place, name in enumerate(NAMES)]


STATES = st.tuples(*[st.one_of(st.none(), st.integers(-90, 90))] * len(NAMES))


@given(STATES.filter(any), STATES.filter(any), st.integers(0, 9))
def test_causes_add_up_to_the_move(old: State, new: State, least: int) -> None:
    """Whatever the inputs, the contributions are those of the steps in their order, and their sum is the move exactly, also
    when small ones are put together as unexplained.
    """
    before, after = latest(old), latest(new)
    if before is None or after is None:
        return
    found = telescoped(old, replacing(new), latest, wd)  # type: ignore[arg-type]
    assert [name for name, _ in found] == list(NAMES)
    whole = with_rest(found, wd(before, after))
    assert sum(part for _, part in whole) == wd(before, after)
    assert sum(part for _, part in explained(whole, least)) == wd(before, after)


@given(STATES.filter(any), STATES.filter(any))
def test_nothing_is_left_for_the_method_where_inputs_explain_all(old: State, new: State) -> None:
    """The rest is the change of the rules alone: there is none where the last state gives the new date."""
    before, after = latest(old), latest(new)
    if before is None or after is None:
        return
    found = telescoped(old, replacing(new), latest, wd)  # type: ignore[arg-type]
    assert with_rest(found, wd(before, after))[-1] == (METHOD, 0)


def test_the_order_decides_who_bears_what_two_did_together() -> None:
    """Two inputs that each move the date to the same day: the first in the order bears it."""
    found = telescoped((0, 0, None, None), replacing((5, 5, None, None)), latest, wd)  # type: ignore[arg-type]
    assert found == (("a", 5), ("b", 0), ("c", 0), ("d", 0))


def test_below_the_least_is_unexplained() -> None:
    """Contributions below 2 wd are told together as unexplained; what comes to nothing is not told."""
    assert explained((("a", 4), ("b", 1), ("c", -3)), 2) == (("a", 4), ("c", -3), (UNEXPLAINED, 1))
    assert explained((("a", 4), ("b", 1), ("c", -1)), 2) == (("a", 4),)
    assert explained((("a", 1), ("b", 1)), 2) == ((UNEXPLAINED, 2),)


def test_the_printed_order() -> None:
    """The order in which inputs are replaced is the one that is printed."""
    assert (
        *("calendar", "scope", "re_estimate", "predecessor", "throughput"),
        *("blocked", "waiting", "re_planned", "method"),
    ) == CAUSES
