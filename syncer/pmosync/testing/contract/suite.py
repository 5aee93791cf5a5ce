"""All checks that apply to a world, each with a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

from msgspec import Struct

from pmosync.testing.contract import clocks, manners, reading, refusals, vanishing
from pmosync.testing.contract.trial import Stand, Trial
from pmosync.testing.contract.world import Conditions, Deed, World, minutes

SKEWS = tuple(timedelta(minutes=count) for count in (0, -10, 10))
PLACE = (Deed.ARCHIVE, Deed.RENAME, Deed.LOSE)
SPARSE = 9
"""Where a check is not thorough, the first request is broken, the last one and every ninth, other ones for each fault."""


class Check(Struct, frozen=True):
    """One rule of the contract, for one world. ``str`` gives its name."""

    name: str
    kind: type[World]
    body: Callable[[Trial], None]
    conditions: Conditions = Conditions()
    skew: timedelta = timedelta()

    def __str__(self) -> str:
        return self.name

    def run(self, stand: Stand, folder: Path) -> None:
        """Make the world anew behind ``stand`` and hold its source to the rule; ``folder`` is empty and its own.

        BreachError tells what the source did. What the source's own code raises passes, where the engine would not
        catch it.
        """
        with Trial(self.kind, stand, folder, self.conditions, self.skew) as trial:
            self.body(trial)


def checks(kind: type[World], *, thorough: bool = False) -> tuple[Check, ...]:
    """The checks for a world: those whose deeds it can do. ``thorough`` breaks every request with every fault, and tries
    all zones with all clocks; else a part of that, which takes seconds. A refused credential is tried at every request
    all the same.
    """
    plain = [*_reading(kind, thorough), *_refusals(kind, thorough), *_vanishing(kind, thorough)]
    plain += [("paths", manners.paths), ("closing", manners.closing), ("check", refusals.checked)]
    return (*(Check(name, kind, body) for name, body in plain), *_clocks(kind, thorough))


Named = tuple[str, Callable[[Trial], None]]


def _reading(kind: type[World], thorough: bool) -> Iterator[Named]:
    yield "resume from every cursor", reading.resume
    yield "resume after changes", reading.resume_after_changes
    yield from ((f"drift {first}", partial(reading.drift, first=first)) for first in (range(5) if thorough else (0, 3)))
    yield "exact pages", reading.exact_pages
    yield "leave anywhere", reading.leave
    yield "again since an instant", reading.again
    if Deed.SHORTEN in kind.deeds:
        yield "short pages", reading.short_pages


def _refusals(kind: type[World], thorough: bool) -> Iterator[Named]:
    every = 1 if thorough else SPARSE
    for refusal in refusals.REFUSALS:
        often = 1 if refusal.name == "401" else every
        yield f"{refusal.name} at any request", partial(refusals.refused, refusal=refusal, every=often)
    yield "single things unanswered", partial(refusals.unanswered, every=every)
    if Deed.REVOKE in kind.deeds:
        for share in (0.0, 0.25, 0.5, 0.75, 1.0) if thorough else (0.25, 0.75):
            yield f"revoked at {share:.0%} of a reading", partial(refusals.revoked, share=share)


def _vanishing(kind: type[World], thorough: bool) -> Iterator[Named]:
    yield "nearly everything deleted", vanishing.many
    for share in (0.0, 0.5, 1.0) if thorough else (0.5,):
        yield f"401 at {share:.0%} of a sync", partial(vanishing.refused, share=share)
    if kind.kind != "row":
        yield "deleted", vanishing.deleted
    if {Deed.HIDE, Deed.SHOW} <= kind.deeds:
        yield "hidden", vanishing.hidden
    if Deed.MOVE in kind.deeds:
        yield "moved", vanishing.moved
    for deed in PLACE:
        if deed in kind.deeds:
            yield f"place: {deed}", partial(vanishing.place, deed=deed)


def _clocks(kind: type[World], thorough: bool) -> Iterator[Check]:
    """All zones with all skews and lags; or each zone once, each with another skew and another lag."""
    zones, lags = kind.zones or ("UTC",), kind.lags or (timedelta(),)
    some = ((zones[i % len(zones)], SKEWS[i % len(SKEWS)], lags[i % len(lags)]) for i in range(max(len(zones), 3)))
    for zone, skew, lag in product(zones, SKEWS, lags) if thorough else some:
        conditions = Conditions(zone=zone, lag=lag)
        yield Check(f"clocks: {conditions}, ours {minutes(skew)}", kind, clocks.increments, conditions, skew)
