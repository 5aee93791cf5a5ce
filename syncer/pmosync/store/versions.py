"""Versions of what answers depend on besides facts: policy, mapping, calendar, inputs; and single words of the store itself."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from pmosync.store.bulk import add, add_or_replace
from pmosync.store.tables import meta, version

INSTANCE = "instance"
EPOCH_FLOOR = "epoch_floor"
CHAMPION = "champion"
"""The kind of version that is a forecaster with what it has learned."""


class Version(Struct, frozen=True):
    """``body`` is the text itself, ``digest`` its hash, in force from ``since`` on until the next of its ``kind``."""

    kind: str
    digest: str
    body: str
    since: datetime


def put(connection: sa.Connection, value: Version) -> bool:
    """Put in force unless the one in force has the same hash; whether it is new."""
    last = sa.select(version.c.digest).where(version.c.kind == value.kind).order_by(version.c.id.desc()).limit(1)
    if connection.scalar(last) == value.digest:
        return False
    add(connection, version, [{name: getattr(value, name) for name in value.__struct_fields__}])
    return True


def in_force(connection: sa.Connection, kind: str, as_of: datetime) -> Version | None:
    """The version in force at ``as_of``; None before the first."""
    query = sa.select(version).where(version.c.kind == kind, version.c.since <= as_of)
    row = connection.execute(query.order_by(version.c.since.desc(), version.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Version(row.kind, row.digest, row.body, row.since)


def until(connection: sa.Connection, kind: str, as_of: datetime) -> tuple[Version, ...]:
    """All versions that came into force by ``as_of``, oldest first."""
    query = sa.select(version).where(version.c.kind == kind, version.c.since <= as_of)
    rows = connection.execute(query.order_by(version.c.since, version.c.id)).all()
    return tuple(Version(row.kind, row.digest, row.body, row.since) for row in rows)


def get_meta(connection: sa.Connection, key: str) -> str | None:
    """A word of the store, None if it was never put."""
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))


def put_meta(connection: sa.Connection, key: str, value: str) -> None:
    """Put a word of the store."""
    add_or_replace(connection, meta, [{"key": key, "value": value}], ["value"])
