"""Opening the store: what is made, what is refused, and what each refusal tells the reader."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pmosync.errors import StoreError
from pmosync.store import open_store
from pmosync.store.schema import HEAD
from pmosync.store.tables import metadata

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_made_with_its_folder(tmp_path: Path) -> None:
    """A store that is not there is made, with a folder that only its owner may enter, and keeps its instance id."""
    path = tmp_path / "数据" / "store.db"
    store = open_store(path, now=NOW)
    instance = store.get_meta("instance")
    store.close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    again = open_store(path, now=NOW)
    assert instance
    assert again.get_meta("instance") == instance
    again.close()


def test_schema_is_what_the_tables_say(tmp_path: Path) -> None:
    """The migrations lead to exactly the tables the code uses."""
    path = tmp_path / "store.db"
    open_store(path, now=NOW).close()
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


def test_newer_schema(tmp_path: Path) -> None:
    """A store of a newer pmosync is refused and left as it is."""
    path = tmp_path / "store.db"
    open_store(path, now=NOW).close()
    file = sqlite3.connect(path)
    with file:
        file.execute("UPDATE alembic_version SET version_num = 'v9999'")
    file.close()
    with pytest.raises(StoreError, match=r"newer pmosync \(schema v9999.*install that version"):
        open_store(path, now=NOW)
    assert [entry.name for entry in tmp_path.iterdir()] == ["store.db"]
