"""How old the facts of a milestone are: fresh, behind (its last colour stands), or stale (no colour)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from pmosync.compute.case import Case
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


def facts(case: Case, known: Mapping[str, Freshness], policy: Policy) -> Facts:
    """The worst of the sources a milestone hangs on: those it is bound to; for one that lives in the sheet alone, the sheet."""
    connections = {tie.source.ref.connection for tie in case.ties}
    if not connections and case.row is not None:
        connections = {case.row.place.connection}
    found = [_age(case, known[name], policy) for name in sorted(connections) if name in known]
    return max(found, key=lambda each: (list(Age).index(each.age), each.wd), default=Facts())


def _age(case: Case, freshness: Freshness, policy: Policy) -> Facts:
    title = freshness.title or freshness.connection
    if freshness.good is None:
        return Facts(Age.FRESH if freshness.state == "ok" else Age.STALE, title)
    good = case.clock.day(freshness.good)
    wd = max(0, case.clock.calendar.between(good, case.today))
    if wd > policy.stale_after:
        return Facts(Age.STALE, title, good, wd)
    return Facts(Age.FRESH if freshness.state == "ok" else Age.BEHIND, title, good, wd)
