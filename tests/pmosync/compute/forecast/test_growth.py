"""How scope grew in comparable milestones."""

from __future__ import annotations

from pmosync.compute.forecast.growth import Closed, factor, usual

GREW = [Closed((0.0, 0.0, 0.1, 0.4, *[0.8] * more)) for more in (0, 1, 2, 3, 4)]


def test_the_median_of_comparable_milestones_tells_what_is_not_seen_yet() -> None:
    """At half of their way five milestones knew 4 of their 4, 5, 6, 7, 8 items: scope is multiplied by 1.5 from there on."""
    assert factor(GREW, 0.5) == 1.5
    assert factor(GREW, 0.9) == 1.0
    assert factor(GREW, 0.05) == 3.0


def test_few_comparable_milestones_say_nothing() -> None:
    """Under five of them, or where they had no scope by then, nothing is added and no scope is usual."""
    assert (factor(GREW[:4], 0.5), usual(GREW[:4])) == (1.0, None)
    assert factor([Closed((0.9,))] * 9, 0.5) == 1.0
    assert factor([], 0.5) == 1.0


def test_the_usual_scope_is_the_median() -> None:
    """Comparable scope is the median of what closed milestones came to."""
    assert usual(GREW) == 6.0
