"""What the author of a source tells of the system it reads: a small world that can be changed and looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from msgspec import Struct
from pydantic import BaseModel
from starlette.types import ASGIApp

from pmosync.connector import Connector
from pmosync.raw import Scope

START = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
"""An hour and a half before clocks are set back in Los Angeles."""


class Deed(StrEnum):
    """What may happen in some systems and not in others. ``item`` says of a deed whether it befalls a single item."""

    HIDE = "hide"
    """An item goes out of the account's sight; its id answers as that of a deleted one does."""
    SHOW = "show"
    """The hidden item is seen again."""
    MOVE = "move"
    """An item moves to a place that nobody asks for."""
    ARCHIVE = "archive"
    """The place that is asked for is archived."""
    RENAME = "rename"
    """The place that is asked for gets another name, and another key or path where it has one."""
    LOSE = "lose"
    """The account may not see the place any more."""
    REVOKE = "revoke"
    """The credential dies, however this system answers then."""
    SHORTEN = "shorten"
    """From now on pages of lists are shorter than asked for."""


class Conditions(Struct, frozen=True):
    """How a world begins: its server's clock (UTC), the time zone of the tool's account, and how far behind the truth the
    index is that lists are made from.
    """

    start: datetime = START
    zone: str = "UTC"
    lag: timedelta = timedelta()

    def __str__(self) -> str:
        return f"{self.zone} index {minutes(self.lag)} behind"


class World(Protocol):
    """A system with nothing in it, and a source to read it by.

    ``kind`` is the kind of its items, ``page`` how many of them a page of its lists holds at most under ``settings`` (few,
    so that a dozen items are several pages; 0: all come in one answer). ``events`` are the kinds of records that tell what
    happened to items: a source may read them only where something of the item has changed.

    ``deeds`` are those it can do. ``zones`` are time zones that its account may have, ``lags`` how far its index may be
    behind: leave empty what the system does not know. ``always`` are names at the top of a payload that are told whatever
    the mapping reads. ``unasked`` is a text that stands in every item where the mapping does not look ("": there is no
    such place).

    Everything may be called by another thread than the one that made the world, and while a request is under way.
    """

    kind: ClassVar[str]
    page: ClassVar[int]
    events: ClassVar[frozenset[str]]
    deeds: ClassVar[frozenset[Deed]]
    zones: ClassVar[tuple[str, ...]]
    lags: ClassVar[tuple[timedelta, ...]]
    always: ClassVar[frozenset[str]]
    unasked: ClassVar[str]

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        """A new system; secret files go below ``folder``."""
        ...

    @property
    def connector(self) -> Connector:
        """The connector under proof, with the mapping that translates its records."""
        ...

    @property
    def scope(self) -> Scope:
        """The place that is asked for."""
        ...

    @property
    def app(self) -> ASGIApp:
        """The system's server."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown: the credential, and what is got with it."""
        ...

    def settings(self, url: str) -> BaseModel:
        """The connection's settings, for the server at ``url``."""
        ...

    def advance(self, now: datetime) -> None:
        """Set the server's clock; it never goes back."""
        ...

    def add(self) -> str:
        """Make an item now; its ``Ref.id``."""
        ...

    def change(self, item: str) -> None:
        """Change something of an item now that the mapping reads; each time to something new."""
        ...

    def delete(self, item: str) -> None:
        """Delete an item now, as this system does it."""
        ...

    def do(self, deed: Deed, item: str = "") -> None:
        """One of ``deeds``, now."""
        ...


def minutes(span: timedelta) -> str:
    """A span for the name of a check."""
    return f"{span.total_seconds() / 60:+.0f} min" if span else "0 min"
