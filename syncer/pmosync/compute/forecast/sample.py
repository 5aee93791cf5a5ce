"""Which milestones are learned from where a site has more items than a run can look at: a fixed choice, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.compute.forecast.journeys import CLOSED
from pmosync.compute.forecast.record import LEAST_ITEMS, WEEKS
from pmosync.model import State

OPEN_SHARE = 0.5
"""The part of the items that milestones under way may take: their scope is known to be late at least as today, no more."""

BEFORE = timedelta(weeks=WEEKS + 1)
"""So long before the first delivery the pace of teams is looked at: its weeks, and one for the days off they begin with."""


def sampled(verdicts: Iterable[MilestoneVerdict], most: int) -> tuple[MilestoneVerdict, ...]:
    """Milestones of at most ``most`` items in all, an item counted once for each that it ever served.

    Those under way come first, up to ``OPEN_SHARE`` of the items, in an order that tells nothing of how they go; then those
    that ended, the newest first. One that does not fit any more is passed over. Equal verdicts give equal choices.
    """
    told = tuple(each for each in verdicts if size(each) >= LEAST_ITEMS)
    under_way = sorted((each for each in told if _under_way(each)), key=_drawn)
    ended = sorted((each for each in told if _ended(each)), key=_newest, reverse=True)
    first = _fitting(under_way, int(most * OPEN_SHARE))
    return (*first, *_fitting(ended, most - sum(map(size, first))))


def size(verdict: MilestoneVerdict) -> int:
    """The items that ever served a milestone, as far as they were seen."""
    counted = verdict.progress
    return counted.total + counted.undelivered + counted.removed


def reaches_back(verdicts: Iterable[MilestoneVerdict], now: datetime) -> datetime:
    """Since when deliveries of teams tell anything of these milestones; ``now`` where none delivered anything."""
    first = min((each.progress.delivered_at[0] for each in verdicts if each.progress.delivered_at), default=now)
    return first - BEFORE


def _under_way(verdict: MilestoneVerdict) -> bool:
    promised = verdict.current or verdict.target or verdict.first_target
    return verdict.state is State.ACTIVE and promised is not None


def _ended(verdict: MilestoneVerdict) -> bool:
    return verdict.state in CLOSED and verdict.actual is not None


def _drawn(verdict: MilestoneVerdict) -> bytes:
    return blake2b(verdict.milestone.code.encode(), digest_size=8).digest()


def _newest(verdict: MilestoneVerdict) -> tuple[date, str]:
    return verdict.actual.day if verdict.actual else date.min, verdict.milestone.code


def _fitting(verdicts: Iterable[MilestoneVerdict], most: int) -> tuple[MilestoneVerdict, ...]:
    found: list[MilestoneVerdict] = []
    for each in verdicts:
        if size(each) <= most:
            found.append(each)
            most -= size(each)
    return tuple(found)
