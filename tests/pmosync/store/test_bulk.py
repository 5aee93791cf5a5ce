"""Many rows into a table at once: the same rows as one by one through SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pmosync.store import bulk
from pmosync.store.tables import missing, record

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

MONDAY = datetime(2026, 9, 7, 2, 3, 4, 567890, tzinfo=UTC)
WRITTEN = sa.select(record).where(record.c.ref.in_(["a", "b"])).order_by(record.c.ref)


def row(name: str, **other: object) -> dict[str, object]:
    """A record's row."""
    told = {"ref": name, "connection": "jira", "kind": "issue", "digest": b"\0\1", "updated": MONDAY}
    return told | {"restricted": True, "mapping": "", "body": b"x"} | other


def test_every_type_comes_back_as_it_was_given(desk: Desk) -> None:
    """Instants to the microsecond, absent ones, truth values, bytes: columns may come in any order."""
    rows = [row("a"), dict(reversed(row("b", updated=None, restricted=False).items()))]
    with desk.store._engine.begin() as connection:
        assert bulk.add(connection, record, rows) == 2
        found = [dict(each._mapping) for each in connection.execute(WRITTEN)]
    assert found == rows


def test_what_exists_is_left_or_overwritten_as_asked(desk: Desk) -> None:
    """``add_new`` counts what it really added; ``add_or_replace`` overwrites the columns that are named, no others."""
    with desk.store._engine.begin() as connection:
        assert bulk.add_new(connection, record, [row("a")]) == 1
        assert bulk.add_new(connection, record, [row("a", body=b"y"), row("b")]) == 1
        bulk.add_or_replace(connection, record, [row("a", body=b"z", mapping="new")], ["mapping"])
        found = {each.ref: (each.body, each.mapping) for each in connection.execute(WRITTEN)}
    assert found == {"a": (b"x", "new"), "b": (b"x", "")}


def test_no_rows_are_no_statement(desk: Desk) -> None:
    """Nothing to write is not an error, whatever the table."""
    with desk.store._engine.begin() as connection:
        assert bulk.add(connection, missing, []) == 0
        assert bulk.add_new(connection, missing, []) == 0
        bulk.add_or_replace(connection, missing, [], ["times"])
