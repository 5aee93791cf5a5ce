"""Where a unit's next pull goes on: after a whole sweep, or in the middle of one."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from pmosync.raw import Cursor

MOST_RECENT = 5_000
"""More rows than this are not remembered: they are read again, which costs time and changes nothing."""


class Position(Struct, frozen=True, omit_defaults=True):
    """Inside a sweep: the next page holds what was created at or after ``after``, from page ``page`` of that."""

    after: datetime | None = None
    page: int = 1


class Mark(Struct, frozen=True, omit_defaults=True):
    """``started``: the server's time when the sweep began. ``at`` is set while it is under way, and ``since`` is the
    ``updated_after`` it uses (None: everything).

    ``recent`` are rows that the sweep before had seen changed shortly before its start, by id, each with a digest of its
    content: they are listed once more, and passed over if they are the same. ``fresh`` are those this sweep has seen.
    ``manner`` tells how rows were read; in another manner every row must be read anew, changed or not. ``read``: a sweep
    came to its end once, so what was never seen before is new.
    """

    started: datetime | None = None
    since: datetime | None = None
    at: Position | None = None
    recent: dict[str, str] = {}
    fresh: dict[str, str] = {}
    manner: str = ""
    read: bool = False
    format: int = 1


class Trail(Struct, frozen=True, omit_defaults=True):
    """How far a backfill has come that began at ``started``: it goes on ``at`` (None: it is through) behind so many issues
    (``passed``), of which the first was created at ``first``. ``done`` are the ids of those that were created at the very
    instant of ``at`` and lie behind it all the same. In another ``manner`` it begins anew.
    """

    started: datetime | None = None
    at: Position | None = None
    passed: int = 0
    first: datetime | None = None
    done: tuple[int, ...] = ()
    manner: str = ""
    format: int = 1


T = TypeVar("T", Mark, Trail)


def dump(mark: Mark) -> Cursor:
    """A mark as the text that the store keeps."""
    kept = msgspec.structs.replace(mark, recent=_capped(mark.recent), fresh=_capped(mark.fresh))
    return Cursor(msgspec.json.encode(kept).decode())


def rewound(told: Cursor, instant: datetime) -> Cursor | None:
    """A cursor behind which all that changed at or after an instant comes again, also what is the same; None: everything. A
    sweep that was left off begins anew.
    """
    known = parse(told)
    begun = known.since if known.at else known.started
    return None if begun is None else dump(Mark(started=min(begun, instant), manner=known.manner, read=known.read))


def _capped(digests: dict[str, str]) -> dict[str, str]:
    return digests if len(digests) <= MOST_RECENT else {}


def parse(cursor: Cursor | None) -> Mark:
    """The mark in a cursor; one that cannot be read, or of another format, means: from the beginning, which is always safe."""
    return _parsed(cursor, Mark)


def trail(cursor: Cursor | None) -> Trail:
    """The trail in a cursor, read like a mark."""
    return _parsed(cursor, Trail)


def laid(trail: Trail) -> Cursor:
    """A trail as the text that the store keeps."""
    return Cursor(msgspec.json.encode(trail).decode())


def _parsed(cursor: Cursor | None, kind: type[T]) -> T:
    if cursor is None:
        return kind()
    try:
        found = msgspec.json.decode(cursor.value, type=kind)
    except msgspec.DecodeError:
        return kind()
    return found if found.format == 1 else kind()
