"""Where a pull of issues stands: what the cursor holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from pmosync.raw import Cursor


class Position(Struct, frozen=True, omit_defaults=True):
    """``since``: the server's time when the last complete sweep began; nothing before it (less the overlap) is asked
    again.

    While a sweep goes on, ``started`` is when it began, ``floor`` where its window starts, ``reached`` the last change
    that was delivered and ``token`` Jira's own page token (which may expire: then the window goes on from ``reached``).
    ``sure`` is the last instant whose changes the search index knew when the sweep began: an issue changed later may
    stand at its old place in the order, so that what it says of itself moves no window.
    A first reading goes by creation instead: everything created before ``born`` was delivered,
    and of what was created at that instant all up to the issue ``past``.
    On Data Center ``offset`` counts into the window, and ``expected`` is the issue that must stand there; a sweep that was
    left off begins its window anew. ``fields`` and ``home`` tell another mapping or a renamed project: then everything is
    read anew. Instants are UTC epoch milliseconds.
    """

    fields: str = ""
    home: str = ""
    since: int | None = None
    started: int | None = None
    sure: int | None = None
    floor: int | None = None
    reached: int | None = None
    token: str = ""
    born: int | None = None
    past: str = ""
    offset: int = 0
    expected: str = ""


def read(cursor: Cursor | None) -> Position | None:
    """The position in a cursor; None for none, or for one that this version cannot read (a new sweep is always right)."""
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(cursor.value, type=Position)
    except msgspec.DecodeError:
        return None


def cursor(position: Position) -> Cursor:
    """The cursor that holds a position."""
    return Cursor(msgspec.json.encode(position).decode())


def rewound(told: Cursor, instant: datetime) -> Cursor | None:
    """A cursor behind which all that changed at or after an instant comes again; None: everything. A sweep that was left off
    begins anew.
    """
    known = read(told)
    if known is None or known.since is None:
        return None
    return cursor(Position(known.fields, known.home, since=min(known.since, millis(instant))))


def begin(known: Position | None, fields: str, home: str, now: datetime, overlap: timedelta) -> Position:
    """Where a pull starts: at a sweep that was left off, behind the last complete one, or with everything. Without a page
    token the questions of a sweep that was left off are new ones, to an index that has learned meanwhile.
    """
    behind = round(overlap.total_seconds() * 1000)
    fresh = Position(fields, home, started=millis(now), sure=millis(now) - behind)
    if known is None or (known.fields, known.home) != (fields, home):
        return fresh
    if known.started is not None:
        return known if known.token else narrowed(msgspec.structs.replace(known, sure=fresh.sure))
    if known.since is None:
        return fresh
    return msgspec.structs.replace(fresh, since=known.since, floor=known.since - behind)


def onward(position: Position, changes: Iterable[datetime], token: str) -> Position:
    """After a page of issues that were last changed at these instants."""
    known = [at for at in map(millis, changes) if position.sure is None or at <= position.sure]
    if position.reached is not None:
        known.append(position.reached)
    return msgspec.structs.replace(position, reached=max(known, default=None), token=token)


def grown(position: Position, births: Iterable[datetime], past: str) -> Position:
    """After issues that were created at these instants, read in that order up to the one with the id ``past``."""
    known = [position.born] if position.born is not None else []
    return msgspec.structs.replace(position, born=max([*known, *map(millis, births)], default=None), past=past)


def ahead(position: Position, ids: Sequence[str]) -> Sequence[str]:
    """Those of the ids, listed by creation, that lie ahead; all of them where the last one delivered is not there any more."""
    return ids[ids.index(position.past) + 1 :] if position.past in ids else ids


def narrowed(position: Position) -> Position:
    """A window of its own from the last delivered change on, without a page token or offset."""
    floor = position.floor if position.reached is None else max(position.reached, position.floor or 0)
    return msgspec.structs.replace(position, floor=floor, token="", offset=0, expected="")


def within(position: Position, offset: int, expected: str) -> Position:
    """The same window from ``offset`` on, where the issue ``expected`` must stand."""
    return msgspec.structs.replace(position, offset=offset, expected=expected)


def ended(position: Position) -> Position:
    """The sweep is complete: the next pull starts where this one began."""
    return Position(position.fields, position.home, since=position.started)


def millis(moment: datetime) -> int:
    """UTC epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def moment(value: int | None) -> datetime | None:
    """The UTC instant of epoch milliseconds."""
    return None if value is None else datetime.fromtimestamp(value / 1000, UTC)
