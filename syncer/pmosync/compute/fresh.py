"""How old the facts of a milestone are: fresh, behind (its last colour stands), or stale (no colour)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from pmosync.compute.calendars import Clock
from pmosync.compute.draft import Draft
from pmosync.compute.policy import Policy
from pmosync.model import Freshness


class Age(StrEnum):
    """``behind``: not read now, but not long ago; ``stale``: too long ago to show a colour."""

    FRESH = "fresh"
    BEHIND = "behind"
    STALE = "stale"


class Facts(Struct, frozen=True):
    """The age of the oldest source, its title, the day of its last good read, and how many wd ago that was."""

    age: Age = Age.FRESH
    source: str = ""
    good: date | None = None
    wd: int = 0


def facts(draft: Draft, known: Mapping[str, Freshness], policy: Policy) -> Facts:
    """The worst of the sources a milestone hangs on: those it is bound to, and the sheet where it lives there alone or
    its row supplies the target, the forecast or the owner.
    """
    case = draft.case
    connections = {tie.source.ref.connection for tie in case.ties}
    if case.row is not None and (not connections or _supplies(draft)):
        connections.add(case.row.place.connection)
    return oldest(connections, known, case.clock, policy)


def oldest(connections: Iterable[str], known: Mapping[str, Freshness], clock: Clock, policy: Policy) -> Facts:
    """The age of the connection that was not read for longest; those nobody knows of are fresh."""
    found = [_age(clock, known[name], policy) for name in sorted(connections) if name in known]
    return max(found, key=lambda each: (list(Age).index(each.age), each.wd), default=Facts())


def _supplies(draft: Draft) -> bool:
    """Whether the milestone's own row supplies a date that counts, or its owner."""
    return draft.target.rule == "sheet" or draft.evidence.forecast is not None or draft.owner.found == "input"


def _age(clock: Clock, freshness: Freshness, policy: Policy) -> Facts:
    title = freshness.title or freshness.connection
    if freshness.good is None:
        return Facts(Age.FRESH if freshness.state == "ok" else Age.STALE, title)
    good = clock.day(freshness.good)
    wd = max(0, clock.calendar.between(good, clock.today))
    if wd > policy.stale_after:
        return Facts(Age.STALE, title, good, wd)
    return Facts(Age.FRESH if freshness.state == "ok" else Age.BEHIND, title, good, wd)
