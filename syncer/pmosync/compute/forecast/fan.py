"""The forecast fan of a burn-up: for future days the delivered scope that is safe, likely and possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from pmosync.compute.forecast.axis import Axis, axis, elapsed
from pmosync.compute.forecast.given import NOBODY, Part, Pending, Team
from pmosync.compute.forecast.pace import P50, P85
from pmosync.compute.forecast.paced import Paced, paced
from pmosync.compute.forecast.promised import quantiles, thresholds
from pmosync.compute.forecast.sharing import undone

FAN = (P85, P50, 1 - P85)
"""Probabilities with which at least so much is delivered: the 15th, 50th and 85th percentile of delivered scope."""


class Spoke(Struct, frozen=True):
    """Delivered items by the end of a day, those done today among them: the 15th, 50th and 85th percentile."""

    day: date
    low: int
    likely: int
    high: int


def fan(pending: Pending, teams: Iterable[Team], today: date, days: Iterable[date]) -> tuple[Spoke, ...]:
    """The fan on each of ``days`` that lies ahead, in their order; what nobody delivers stays open."""
    ahead = {day: (day - today).days for day in sorted(set(days)) if day > today}
    named = {each.code: each for each in teams}
    along = axis(today, max(ahead.values(), default=0))
    lanes = {part.team: _lane(part, named.get(part.team, NOBODY), along, ahead.values()) for part in undone(pending)}
    return tuple(
        Spoke(day, *quantiles(pending, {team: each.total(at) for team, each in lanes.items()}, FAN))
        for day, at in ahead.items()
        if at <= along.days
    )


def _lane(part: Part, team: Team, along: Axis, days: Collection[int]) -> Paced:
    return paced(team, thresholds(part)[-1:].tolist(), elapsed(along, team.calendar), days)
