"""What a translation knows beside the record: addresses, people, keys met so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct

from pmosync.mapping.people import NOBODY, People
from pmosync.model import Fact, PlanRow
from pmosync.raw import Ref


class Context(Struct, frozen=True, kw_only=True):
    """What ``translate`` may know beside the record.

    ``base_url`` is where people open the system. ``ids`` gives an item's immutable id by its key (the caller may go on
    filling it). ``known`` are source milestones the store already has or somebody bound, so that an epic whose date was
    cleared is still told. ``people`` is the people table, ``seen`` the sync's moment (for dates typed without a year),
    ``duplicates`` the identities that stand twice in a tab, as ``duplicates()`` finds them, ``before`` what is in force
    of a typed row.
    """

    base_url: str = ""
    ids: Mapping[str, str] = {}
    known: Collection[Ref] = frozenset()
    people: People = NOBODY
    seen: datetime | None = None
    duplicates: Collection[tuple[str, ...]] = frozenset()
    before: Fact | PlanRow | None = None


class Env:
    """One record's translation while it runs: its connection, its level once known, and keys that ``ids`` could not resolve."""

    __slots__ = ("connection", "context", "level", "unresolved")

    def __init__(self, context: Context, connection: str) -> None:
        self.context = context
        self.connection = connection
        self.level = 0
        self.unresolved: list[str] = []

    def item(self, value: object) -> str:
        """Immutable id of an item told as an object with an id, or by key; a key that is not known is noted, and "" is given."""
        if isinstance(value, dict):
            found = value.get("id")
            return str(found) if isinstance(found, str | int) else ""
        key = str(value)
        found = self.context.ids.get(key, "")
        if not found:
            self.unresolved.append(key)
        return found
