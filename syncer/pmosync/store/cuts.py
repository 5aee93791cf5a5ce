"""The committee cuts: each is kept once, as it was made, and stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pmosync.compute.cuts import Cut
from pmosync.store.bulk import add_new
from pmosync.store.codec import cut_of, packed
from pmosync.store.tables import cut


def keep(connection: sa.Connection, run: int, value: Cut) -> bool:
    """Append a cut unless one of its due moment is kept; whether it was."""
    return bool(add_new(connection, cut, [cut_row(value, run)]))


def last(connection: sa.Connection, as_of: datetime) -> Cut | None:
    """The cut that stood at ``as_of``; None before the first."""
    query = sa.select(cut.c.body).where(cut.c.kept <= as_of).order_by(cut.c.due.desc()).limit(1)
    body = connection.scalar(query)
    return None if body is None else cut_of(body)


def every_cut(connection: sa.Connection, as_of: datetime) -> tuple[Cut, ...]:
    """All cuts kept by ``as_of``, oldest first."""
    return tuple(map(cut_of, connection.scalars(sa.select(cut.c.body).where(cut.c.kept <= as_of).order_by(cut.c.due))))


def cut_row(value: Cut, run: int) -> dict[str, Any]:
    """A cut as a row."""
    return {"due": value.due, "kept": value.made, "body": packed(value), "run": run}
