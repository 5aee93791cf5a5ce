"""The forecast fan of a burn-up: for future days the delivered scope that is safe, likely and possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmosync.compute.assessment import Spoke
from pmosync.compute.forecast.axis import Axis
from pmosync.compute.forecast.given import Pending
from pmosync.compute.forecast.pace import P50, P85
from pmosync.compute.forecast.paced import Paced
from pmosync.compute.forecast.promised import quantiles
from pmosync.compute.forecast.sharing import undone

FAN = (P85, P50, 1 - P85)
"""Probabilities with which at least so much is delivered: the 15th, 50th and 85th percentile of delivered scope."""


def distances(pending: Pending, along: Axis) -> tuple[int, ...]:
    """How many days ahead the days of the fan lie, each once and in order, as far as the axis reaches."""
    ahead = {along.ahead(day) for day in pending.fan}
    return tuple(sorted(days for days in ahead if 0 < days <= along.days))


def fan(pending: Pending, lanes: Mapping[str, Paced], along: Axis) -> tuple[Spoke, ...]:
    """The fan on each of the days asked for that lies ahead; it ends where all that is known today is safe.

    ``lanes`` hold the totals of the milestone's teams by these days. What nobody delivers stays open.
    """
    return tuple(_spokes(pending, lanes, along))


def _spokes(pending: Pending, lanes: Mapping[str, Paced], along: Axis) -> Iterator[Spoke]:
    for ahead in distances(pending, along):
        totals = {part.team: lanes[part.team].total(ahead) for part in undone(pending)}
        spoke = Spoke(along.day(ahead), *quantiles(pending, totals, FAN))
        yield spoke
        if spoke.low >= pending.scope:
            return
