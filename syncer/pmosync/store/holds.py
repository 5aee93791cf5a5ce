"""Holds: scopes that are not published until somebody looks."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from pmosync.errors import ConfigError
from pmosync.model import Hold
from pmosync.raw import Unit
from pmosync.store.bulk import add_or_replace
from pmosync.store.codec import hold_of, packed
from pmosync.store.tables import hold


def holds(connection: sa.Connection) -> tuple[Hold, ...]:
    """Those nobody has accepted yet, oldest first."""
    query = sa.select(hold.c.body).where(hold.c.accepted.is_(None)).order_by(hold.c.since, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def accepted(connection: sa.Connection) -> tuple[Hold, ...]:
    """Those somebody has accepted, oldest first."""
    query = sa.select(hold.c.body).where(hold.c.accepted.is_not(None)).order_by(hold.c.accepted, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def of_unit(connection: sa.Connection, unit: Unit) -> tuple[Hold, ...]:
    """All of one unit, open or accepted, oldest first."""
    mine = sa.and_(hold.c.connection == unit.connection, hold.c.unit == unit.key)
    query = sa.select(hold.c.body).where(mine).order_by(hold.c.since, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def put(connection: sa.Connection, value: Hold) -> None:
    """Hold; one with the same id is renewed and keeps its first ``since`` while nobody has accepted it."""
    before = _find(connection, value.id)
    if before is not None and before.accepted is None:
        value = msgspec.structs.replace(value, since=before.since)
    _write(connection, value)


def accept(connection: sa.Connection, hold_id: str, as_: str, at: datetime) -> Hold:
    """Mark a hold as looked at. Raises ConfigError if there is no such open hold."""
    held = _find(connection, hold_id)
    if held is None or held.accepted is not None:
        raise ConfigError(f"there is no open hold {hold_id!r}", remedy="`pmosync status` lists the open holds")
    told = msgspec.structs.replace(held, accepted=at, accepted_as=as_)
    _write(connection, told)
    return told


def lift(connection: sa.Connection, hold_id: str) -> None:
    """Forget a hold whose cause is gone, accepted or not."""
    connection.execute(sa.delete(hold).where(hold.c.id == hold_id))


def _find(connection: sa.Connection, hold_id: str) -> Hold | None:
    body = connection.scalar(sa.select(hold.c.body).where(hold.c.id == hold_id))
    return None if body is None else hold_of(body)


def _write(connection: sa.Connection, value: Hold) -> None:
    row = {name: getattr(value, name) for name in ("id", "connection", "unit", "since", "accepted")}
    add_or_replace(
        connection, hold, [row | {"body": packed(value)}], ["connection", "unit", "since", "accepted", "body"]
    )
