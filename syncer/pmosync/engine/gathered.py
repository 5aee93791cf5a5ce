"""What waits for the next commit: batches of units, and units that came to their end behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pmosync.engine.house import Lane
from pmosync.engine.pull import Ended
from pmosync.raw import Batch, Unit

# A commit waits for the disk: it is made once so many records wait, or the first of them for so long (seconds).
GATHERED, GATHERING = 1_000, 1.0


class Gathered:
    """Batches by unit, in their order, and the ends of units, until they are taken."""

    def __init__(self) -> None:
        self._batches: dict[Unit, tuple[Lane, list[Batch]]] = {}
        self._ended: list[Ended] = []
        self._records = 0
        self._since = math.inf

    def put(self, lane: Lane, unit: Unit, batch: Batch, now: float) -> None:
        """A batch of a unit that came at ``now`` (seconds)."""
        self._batches.setdefault(unit, (lane, []))[1].append(batch)
        self._records += len(batch.records)
        self._since = min(self._since, now)

    def end(self, ended: Ended, now: float) -> None:
        """A unit is over."""
        self._ended.append(ended)
        self._since = min(self._since, now)

    def due(self, now: float) -> bool:
        """Whether it is time to commit. Plans wait for nothing: what they say decides what is read next."""
        plan = any(ended.lane.plan for ended in self._ended)
        return plan or self._records >= GATHERED or now - self._since >= GATHERING

    def taken(self) -> tuple[list[tuple[Lane, Batch]], list[Ended]]:
        """All that waits, the batches of a unit as one, and from now on nothing."""
        waiting, ended = [(lane, joined(batches)) for lane, batches in self._batches.values()], self._ended
        self._batches, self._ended, self._records, self._since = {}, [], 0, math.inf
        return waiting, ended


def joined(batches: Sequence[Batch]) -> Batch:
    """Consecutive batches of one unit as one."""
    furthest = next((batch for batch in reversed(batches) if batch.cursor is not None), batches[-1])
    return Batch(
        batches[0].unit,
        tuple(record for batch in batches for record in batch.records),
        furthest.cursor,
        tuple(dict.fromkeys(kind for batch in batches for kind in batch.whole)),
        next((batch.total for batch in reversed(batches) if batch.total is not None), None),
        furthest.share,
        min((batch.as_of for batch in batches if batch.as_of is not None), default=None),
    )
