"""What comes in through the door: records in the system's own words, and where the next pull goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

UNREADABLE = "unreadable"


class Ref(Struct, frozen=True, order=True):
    """Identity of one thing in one system: the connection's name, the kind, the system's immutable id.

    ``id`` is never a key, a path or a row number: those are attributes with a history.
    """

    connection: str
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.connection}:{self.kind}:{self.id}"


class Scope(Struct, frozen=True, order=True):
    """What a connection is asked to read: ``what`` is a word of the connector (project, jql, group …), ``which`` its
    value.
    """

    what: str
    which: str

    def __str__(self) -> str:
        return f"{self.what} {self.which}"


class Unit(Struct, frozen=True, order=True):
    """The smallest piece of pulling that is resumed on its own: one connection and one scope.

    ``behind`` is the key of the unit whose things this one tells more about (their history, say). Such a unit is patient:
    it is pulled when all others of its connection are through, in no run in which the one it is behind broke off, and from
    the start where that one begins anew.
    """

    connection: str
    key: str
    title: str = ""
    behind: str = ""


class RawRecord(Struct, frozen=True):
    """One record as its system tells it, cut down to the mapped fields; no word of milestones or colours.

    ``updated`` is the system's own time of last change (UTC), where it has one; newest wins, never backwards.
    ``restricted`` is True where the system itself limits who may see it (security level, confidential).
    A payload with ``unreadable`` tells why the record could not be read, and for the rest no more than its name: it is put
    aside and told, and what was last read of the thing stays in force.
    """

    ref: Ref
    payload: dict[str, Any]
    updated: datetime | None = None
    restricted: bool = False


class Cursor(Struct, frozen=True):
    """Where a unit's next pull starts: an opaque JSON text that only its connector reads."""

    value: str


class Batch(Struct, frozen=True):
    """Records that are committed together with the cursor behind them, in one transaction.

    ``cursor`` None means: nothing to move forward yet (a resumable page inside a sweep may still carry one).
    ``whole`` names the kinds of which this pull, when it ends, has listed *everything* in the unit: what is absent
    from such a list is missing (never "deleted"). A unit that lists any kind whole lists all its kinds whole, and no
    census of it is taken. ``total`` is the expected count of records, when known. ``share`` is for a unit that takes several
    runs to come to its end: how much of its work lies behind this batch, from 0 to 1; kept with the cursor and shown to
    people until it is 1. ``as_of`` is for a pull that was let off reading, because the system says that nothing has changed:
    until then what was read before is known to hold (UTC). None: until now.
    """

    unit: Unit
    records: tuple[RawRecord, ...]
    cursor: Cursor | None = None
    whole: tuple[str, ...] = ()
    total: int | None = None
    share: float | None = None
    as_of: datetime | None = None
