"""Many rows at once into one table. The statement's text is made once, and rows go to the driver as plain tuples: made row by
row, SQLAlchemy's binding of parameters costs more than the database's own work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

Row = dict[str, Any]


def add(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert rows, which name the same columns; how many."""
    _run(connection, table, rows, None)
    return len(rows)


def add_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert rows, leaving those whose unique key exists; how many were really added."""
    return _run(connection, table, rows, ())


def add_or_replace(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], overwrite: Sequence[str]) -> None:
    """Insert rows; where the primary key exists, these columns are overwritten."""
    _run(connection, table, rows, tuple(overwrite))


def _run(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], overwrite: tuple[str, ...] | None) -> int:
    """The number of rows that were written."""
    if not rows:
        return 0
    ready = _ready(table, tuple(rows[0]), overwrite, connection.dialect)
    return connection.exec_driver_sql(ready.text, ready.tuples(rows)).rowcount


def _statement(table: sa.Table, overwrite: tuple[str, ...] | None, dialect: Dialect) -> Any:
    """An insert; ``overwrite`` names the columns that it overwrites where the primary key exists, () leaves what exists,
    None takes nothing into account.
    """
    if overwrite is None:
        return sa.insert(table)
    insert: Any = _insert(dialect)(table)
    if not overwrite:
        return insert.on_conflict_do_nothing()
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_={name: insert.excluded[name] for name in overwrite}
    )


def _insert(dialect: Dialect) -> Any:
    """PostgreSQL's words are loaded where they are spoken: they take a tenth of a second."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    return sqlite.insert


class _Ready(Struct, frozen=True):
    """A statement's text, the order of its columns, and what turns a value of a column into what the driver takes."""

    text: str
    order: tuple[str, ...]
    binds: tuple[tuple[int, Callable[[Any], Any]], ...]

    def tuples(self, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them."""
        pick = itemgetter(*self.order)
        told = map(pick, rows) if len(self.order) > 1 else ((pick(row),) for row in rows)
        return [self._bound(values) for values in told] if self.binds else list(told)

    def _bound(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        mutable = list(values)
        for place, bind in self.binds:
            mutable[place] = bind(mutable[place])
        return tuple(mutable)


@lru_cache(maxsize=64)
def _ready(table: sa.Table, names: tuple[str, ...], overwrite: tuple[str, ...] | None, dialect: Dialect) -> _Ready:
    compiled = _statement(table, overwrite, dialect).compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or ())
    binds = [(place, _bind(table.c[name].type, dialect)) for place, name in enumerate(order)]
    return _Ready(str(compiled), order, tuple((place, bind) for place, bind in binds if bind is not None))


def _bind(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns a value of a type into what the driver takes; None where it takes it as it is."""
    return kind.dialect_impl(dialect).bind_processor(dialect)
