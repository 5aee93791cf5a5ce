"""The committee cuts: each is kept once, as it was made, and stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from pmosync.compute.cuts import Cut
from pmosync.mapping.text import fold
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


def every_cut(connection: sa.Connection, as_of: datetime, dues: Collection[datetime] | None) -> tuple[Cut, ...]:
    """The cuts kept by ``as_of``, oldest first: all, or those of these due moments."""
    query = sa.select(cut.c.body).where(cut.c.kept <= as_of).order_by(cut.c.due)
    chosen = query if dues is None else query.where(cut.c.due.in_(dues))
    return tuple(map(cut_of, connection.scalars(chosen)))


def dues(connection: sa.Connection, as_of: datetime) -> tuple[datetime, ...]:
    """When the cuts kept by ``as_of`` were due, oldest first."""
    return tuple(connection.scalars(sa.select(cut.c.due).where(cut.c.kept <= as_of).order_by(cut.c.due)))


def dues_with(connection: sa.Connection, words: Collection[str], as_of: datetime) -> frozenset[datetime]:
    """When those cuts were due on whose pages one of the words may stand, folded."""
    wanted = tuple(filter(None, map(_searched, words)))
    query = sa.select(cut.c.due, cut.c.body).where(cut.c.kept <= as_of)
    return frozenset(due for due, body in connection.execute(query) if _mentions(cut_of(body), wanted))


def _mentions(value: Cut, wanted: Collection[str]) -> bool:
    """One text of all that the page tells: to look through that costs a hundredth of drawing it."""
    told = fold(msgspec.json.encode((value.sections, value.freezes)).decode())
    return any(word in told for word in wanted)


def _searched(word: str) -> str:
    """A word as it stands in such a text."""
    return fold(msgspec.json.encode(word.strip()).decode()[1:-1])


def cut_row(value: Cut, run: int) -> dict[str, Any]:
    """A cut as a row."""
    return {"due": value.due, "kept": value.made, "body": packed(value), "run": run}
