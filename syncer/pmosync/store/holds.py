"""Holds: scopes that are not published until somebody looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from pmosync.errors import ConfigError
from pmosync.model import Hold
from pmosync.raw import Unit
from pmosync.store.bulk import add, add_or_replace
from pmosync.store.codec import hold_of, packed
from pmosync.store.tables import hold, hold_past


def holds(connection: sa.Connection) -> tuple[Hold, ...]:
    """Those nobody has accepted yet, oldest first."""
    query = sa.select(hold.c.body).where(hold.c.accepted.is_(None)).order_by(hold.c.since, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def holds_at(connection: sa.Connection, as_of: datetime) -> tuple[Hold, ...]:
    """Those that nobody had accepted at ``as_of``, with the words of then, oldest first; of those that are over, without what
    they were on (``refs``).
    """
    told = sa.func.coalesce(hold.c.told, hold.c.since)
    now = sa.select(hold.c.body).where(told <= as_of, sa.or_(hold.c.accepted.is_(None), hold.c.accepted > as_of))
    then = sa.select(hold_past.c.body).where(hold_past.c.told <= as_of, hold_past.c.until > as_of)
    found = [hold_of(body) for query in (now, then) for body in connection.scalars(query)]
    open_then = (msgspec.structs.replace(each, accepted=None, accepted_as="") for each in found)
    return tuple(sorted(open_then, key=lambda each: (each.since, each.id)))


def accepted(connection: sa.Connection) -> tuple[Hold, ...]:
    """Those somebody has accepted, oldest first."""
    query = sa.select(hold.c.body).where(hold.c.accepted.is_not(None)).order_by(hold.c.accepted, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def of_unit(connection: sa.Connection, unit: Unit) -> tuple[Hold, ...]:
    """All of one unit, open or accepted, oldest first."""
    mine = sa.and_(hold.c.connection == unit.connection, hold.c.unit == unit.key)
    query = sa.select(hold.c.body).where(mine).order_by(hold.c.since, hold.c.id)
    return tuple(map(hold_of, connection.scalars(query)))


def put(connection: sa.Connection, value: Hold, at: datetime) -> None:
    """Hold, as told at ``at``; one with the same id is renewed and keeps its first ``since`` while nobody has accepted it. What
    it said until then, if that was something else, stays with its past.
    """
    before = _find(connection, value.id)
    if before is None:
        return _write(connection, value, at)
    known = hold_of(before.body)
    if known.accepted is None:
        value = msgspec.structs.replace(value, since=known.since)
        if _words(known) == _words(value):
            return _write(connection, value, before.told or known.since)
    _keep(connection, before, at)
    return _write(connection, value, at)


def accept(connection: sa.Connection, hold_id: str, as_: str, at: datetime) -> Hold:
    """Mark a hold as looked at. Raises ConfigError if there is no such open hold."""
    row = _find(connection, hold_id)
    held = None if row is None else hold_of(row.body)
    if row is None or held is None or held.accepted is not None:
        raise ConfigError(f"there is no open hold {hold_id!r}", remedy="`pmosync status` lists the open holds")
    told = msgspec.structs.replace(held, accepted=at, accepted_as=as_)
    _write(connection, told, row.told or held.since)
    return told


def lift(connection: sa.Connection, hold_id: str, at: datetime) -> None:
    """A hold whose cause is gone at ``at``, accepted or not, is over; its past stays."""
    before = _find(connection, hold_id)
    if before is not None:
        _keep(connection, before, at)
        connection.execute(sa.delete(hold).where(hold.c.id == hold_id))


def _words(value: Hold) -> tuple[object, ...]:
    """What readers are told of a hold."""
    return value.unit, value.reason, value.count, value.moved_to, value.lost


def _find(connection: sa.Connection, hold_id: str) -> Any:
    return connection.execute(sa.select(hold.c.body, hold.c.told).where(hold.c.id == hold_id)).first()


def _keep(connection: sa.Connection, row: Any, at: datetime) -> None:
    """What was told until ``at``, or until somebody accepted it."""
    was = hold_of(row.body)
    told, until = row.told or was.since, min(was.accepted or at, at)
    if told < until:
        body = packed(msgspec.structs.replace(was, refs=()))
        add(connection, hold_past, [{"told": told, "until": until, "body": body}])


def _write(connection: sa.Connection, value: Hold, told: datetime) -> None:
    row = {name: getattr(value, name) for name in ("id", "connection", "unit", "since", "accepted")}
    changing = ["connection", "unit", "since", "accepted", "told", "body"]
    add_or_replace(connection, hold, [row | {"told": told, "body": packed(value)}], changing)
