"""The forecast fan of a burn-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.pmosync.compute.forecast.site import MONDAY, pending, team

from pmosync.compute.assessment import Spoke
from pmosync.compute.forecast.given import Pending, Team
from pmosync.compute.forecast.outlook import outlooks
from pmosync.compute.forecast.withheld import Bounds

BOUNDS = Bounds(active=0, items=0)
"""Nothing is too little to be told: that is another rule."""


def days(*ahead: int) -> list[date]:
    """Days after the Monday."""
    return [MONDAY + timedelta(days=n) for n in ahead]


def fan(each: Pending, teams: Iterable[Team], today: date, asked: Iterable[date]) -> tuple[Spoke, ...]:
    """The fan that the outlook of a milestone holds."""
    return outlooks(teams, [replace(each, fan=tuple(asked))], today, BOUNDS).of[each.code].fan


def test_a_fan_opens_and_closes() -> None:
    """It begins at what is done, opens with the days, and ends at the whole scope, once; a weekend adds nothing."""
    found = fan(pending("A", ("T", 10, 1.0), delivered=5), [team()], MONDAY, days(1, 4, 5, 6, 7, 60, 90))
    assert found[0] == Spoke(MONDAY + timedelta(days=1), 5, 6, 8)
    assert [(each.low, each.likely, each.high) for each in found[1:4]] == [(8, 10, 13)] * 3
    assert found[-1] == Spoke(MONDAY + timedelta(days=60), 15, 15, 15)


def test_its_low_edge_is_what_is_safe() -> None:
    """On the day of a promise the fan says what the promise says: the 15th percentile is safe, the median likely."""
    each = pending("A", ("T", 20, 0.5), ("U", 9, 1.0), delivered=5, by=MONDAY + timedelta(days=11))
    teams = [team(), team("U", (0, 1, 1, 0, 2, 1, 1))]
    promise = outlooks(teams, [each], MONDAY).of["A"].delivered
    (spoke,) = fan(each, teams, MONDAY, days(11))
    assert promise is not None
    assert (promise.safe, promise.likely) == (spoke.low, spoke.likely)


def test_what_is_not_ahead_has_no_spoke() -> None:
    """Today and past days are no forecast; a day asked for twice comes once; an unknown team delivers nothing."""
    assert fan(pending("A", ("T", 9, 1.0)), [team()], MONDAY, days(-3, 0)) == ()
    assert fan(pending("A", ("X", 9, 1.0), delivered=2), [team()], MONDAY, days(9, 9)) == (Spoke(days(9)[0], 2, 2, 2),)


@given(
    st.lists(st.integers(0, 5), max_size=8),
    st.integers(0, 20),
    st.floats(0, 1),
    st.lists(st.integers(-5, 40), max_size=6),
)
def test_a_fan_never_falls(counts: list[int], left: int, share: float, ahead: list[int]) -> None:
    """Low ≤ likely ≤ high, none falls with time, none exceeds the scope."""
    found = fan(pending("A", ("T", left, share), delivered=1), [team(counts=tuple(counts))], MONDAY, days(*ahead))
    assert all(1 <= each.low <= each.likely <= each.high <= 1 + left for each in found)
    for edge in ("low", "likely", "high"):
        values = [getattr(each, edge) for each in found]
        assert values == sorted(values)
