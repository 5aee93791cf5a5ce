"""Increments by clocks that do not agree: the account's zone, the server's clock, an index that is behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pmosync.testing.contract.trial import Memory, Trial

GAPS = (1, 4, 13, 75)
"""Minutes between a change and the next pull: within an overlap, near its edge, and past it; over the end of summer time."""


def increments(trial: Trial) -> None:
    """Whatever the clocks say, a pull misses no change: what was pulled piece by piece is what is pulled at once."""
    items = iter(trial.fill(4 * len(GAPS)))
    memory = Memory()
    trial.read(memory, census=False)
    for gap in GAPS:
        _busy(trial, items, memory, timedelta(minutes=gap))
    trial.pass_by(max(trial.world.lags, default=timedelta()) + timedelta(minutes=1))
    trial.read(memory, census=False)
    trial.same(memory, trial.fully().memory, "pulled piece by piece")


def _busy(trial: Trial, items: Iterator[str], memory: Memory, gap: timedelta) -> None:
    """Changes long before a pull, right before it, at its very instant, and right behind it; each of another item, so that
    no later change makes good what was missed.
    """
    trial.change(next(items))
    trial.pass_by(gap)
    trial.world.change(next(items))
    trial.read(memory, census=False)
    trial.world.change(next(items))
    trial.change(next(items))
    trial.add()
