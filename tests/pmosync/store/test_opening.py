"""Opening the store: what is made, what is refused, and what each refusal tells the reader."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from pmosync.errors import StoreError
from pmosync.store import Store, open_store
from pmosync.store.database import connect, reading, writing
from pmosync.store.schema import HEAD, MIGRATIONS, revision, upgrade
from pmosync.store.tables import metadata

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_made_with_its_folder(tmp_path: Path) -> None:
    """A store that is not there is made, with a folder that only its owner may enter, and keeps its instance id."""
    path = tmp_path / "数据" / "store.db"
    store = open_store(path, now=NOW)
    instance = store.get_meta("instance")
    store.close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    again = open_store(path, now=NOW)
    assert instance
    assert again.get_meta("instance") == instance
    again.close()


def test_what_was_open_to_others_is_closed(tmp_path: Path) -> None:
    """A folder that somebody made by hand, a store that was copied there: others' rights are taken away, the owner's
    stay as they are.
    """
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "store.db").touch()
    (folder / "store.db").chmod(0o664)
    open_store(folder / "store.db", now=NOW).close()
    assert (folder.stat().st_mode & 0o777, (folder / "store.db").stat().st_mode & 0o777) == (0o700, 0o600)


def migrated(path: Path) -> None:
    """An empty store that has gone through every migration."""
    engine = connect(path)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine, path) as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, HEAD)
    engine.dispose()


def shape(path: Path) -> dict[str, object]:
    """Every table of a database with its columns, key and rules, and every index as it was written."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        look = sa.inspect(connection)
        tables: dict[str, object] = {
            name: (
                sorted((each["name"], str(each["type"]), each["nullable"]) for each in look.get_columns(name)),
                look.get_pk_constraint(name),
                sorted(map(str, look.get_unique_constraints(name))),
                sorted(map(str, look.get_foreign_keys(name))),
            )
            for name in look.get_table_names()
        }
        indexes = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''"))
        found = tables | {row.name: " ".join(row.sql.split()) for row in indexes}
    engine.dispose()
    return found


def test_schema_is_what_the_tables_say(tmp_path: Path) -> None:
    """The migrations lead to exactly the tables the code uses."""
    path = tmp_path / "store.db"
    migrated(path)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


def test_a_new_store_is_made_as_the_migrations_make_it(tmp_path: Path) -> None:
    """At once, with the same tables, columns, keys and indexes, and the same revision."""
    migrated(tmp_path / "old.db")
    open_store(tmp_path / "new.db", now=NOW).close()
    assert shape(tmp_path / "new.db") == shape(tmp_path / "old.db")
    with sqlite3.connect(tmp_path / "new.db") as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    file.close()


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


def test_older_schema(tmp_path: Path) -> None:
    """A store of an older schema is copied beside the file, then brought up to date, and keeps its rows."""
    path = tmp_path / "store.db"
    store = open_store(path, now=NOW)
    store.put_meta("heartbeat", "二")
    store.close()
    later = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, later)
    (later / "versions" / "v9999.py").write_text(NEXT, encoding="utf-8")
    engine = connect(path)
    upgrade(engine, path, NOW, later, "v9999")
    with reading(engine, path) as connection:
        assert revision(connection, path) == "v9999"
        assert connection.scalar(sa.text("SELECT note FROM meta WHERE key = 'heartbeat' AND value = '二'")) == "new"
    engine.dispose()
    (copy,) = tmp_path.glob("store.db.before-*")
    assert copy.name == f"store.db.before-{HEAD}-20260302T090000Z"
    old = open_store(copy, now=NOW)
    assert old.get_meta("heartbeat") == "二"
    old.close()


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "v9999"
down_revision = "@HEAD@"


def upgrade() -> None:
    op.add_column("meta", sa.Column("note", sa.Text(), nullable=False, server_default="new"))
""".replace("@HEAD@", HEAD)


def test_a_store_of_the_first_schema_keeps_its_history(tmp_path: Path) -> None:
    """What was kept before there was a table for findings stays, and findings begin to be kept."""
    first = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, first, ignore=shutil.ignore_patterns(*(f"v{number:04}.py" for number in range(2, 100))))
    path = tmp_path / "store.db"
    engine = connect(path)
    upgrade(engine, path, NOW, first, "v0001")
    with writing(engine, path) as connection:
        connection.execute(sa.text("INSERT INTO meta VALUES ('heartbeat', '二'), ('instance', 'x')"))
    engine.dispose()
    store = open_store(path, now=NOW)
    assert store.get_meta("heartbeat") == "二"
    assert store.stand(store.begin(NOW), {"a": NOW}, NOW) == 1
    assert store.snapshot(NOW).standing == {"a": NOW}
    store.close()


def test_broken_migration(tmp_path: Path) -> None:
    """A migration that fails leaves the store as it was."""
    path = tmp_path / "store.db"
    open_store(path, now=NOW).close()
    later = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, later)
    broken = NEXT + '    op.execute("INSERT INTO nowhere VALUES (1)")\n'
    (later / "versions" / "v9999.py").write_text(broken, encoding="utf-8")
    engine = connect(path)
    with pytest.raises(StoreError, match="refused a statement"):
        upgrade(engine, path, NOW, later, "v9999")
    engine.dispose()
    open_store(path, now=NOW).close()


def test_locked(tmp_path: Path) -> None:
    """A store that another process holds is waited for, then said to be locked; a reader beside a reader is fine."""
    path = tmp_path / "store.db"
    store = open_store(path, now=NOW, busy_seconds=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"locked by another process .*wait for the other"):
        store.begin(NOW)
    with pytest.raises(StoreError, match="locked"):
        open_store(path, now=NOW, busy_seconds=0.05)
    other.execute("ROLLBACK")
    other.close()
    assert store.begin(NOW).epoch == 1
    store.close()


def test_write_lock_from_the_start(tmp_path: Path) -> None:
    """A write holds the lock before its first statement: what it reads to decide cannot change under it."""
    path = tmp_path / "store.db"
    open_store(path, now=NOW).close()
    engine = connect(path)
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    with writing(engine, path), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    engine.dispose()


def test_read_only(tmp_path: Path) -> None:
    """A store that cannot be written says so when it is written, and can still be read."""
    path = tmp_path / "store.db"
    open_store(path, now=NOW).close()
    engine = sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    )
    store = Store(engine, path)
    assert store.snapshot(NOW).milestones == ()
    with pytest.raises(StoreError, match=r"is read-only .*right to write"):
        store.begin(NOW)
    store.close()


def test_full(tmp_path: Path) -> None:
    """A full disk is said with its remedy, and what was committed before is there."""
    path = tmp_path / "store.db"
    store = open_store(path, now=NOW)
    store.put_meta("kept", "yes")
    with reading(store._engine, path) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match=r"disk is full .*free some space"):
        store.put_meta("big", "x" * 100_000)
    assert store.get_meta("kept") == "yes"
    assert store.get_meta("big") is None
    store.close()


def test_damaged_inside(tmp_path: Path) -> None:
    """Damage behind the header is found by the integrity check or the first read that meets it."""
    path = tmp_path / "store.db"
    store = open_store(path, now=NOW)
    store.put_meta("big", "x" * 50_000)
    store.close()
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(StoreError, match="is damaged"):
        read(path)


def read(path: Path) -> None:
    """Open the store and read all of it."""
    store = open_store(path, now=NOW)
    try:
        store.snapshot(NOW)
        store.get_meta("big")
    finally:
        store.close()


def test_not_a_store(tmp_path: Path) -> None:
    """A file of something else is refused, be it text or another program's database, and left as it is."""
    text = tmp_path / "notes.txt"
    text.write_text("这不是数据库" * 300, encoding="utf-8")
    with pytest.raises(StoreError, match="is not a pmosync store"):
        open_store(text, now=NOW)
    other = tmp_path / "other.db"
    file = sqlite3.connect(other)
    with file:
        file.execute("CREATE TABLE notes (words TEXT)")
    file.close()
    with pytest.raises(StoreError, match=r"not a pmosync store.*name another file"):
        open_store(other, now=NOW)


def test_folder_in_the_way(tmp_path: Path) -> None:
    """A folder that cannot be made, or a folder where the file should be, is named."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"folder .* of the store cannot be made"):
        open_store(tmp_path / "file" / "store.db", now=NOW)
    (tmp_path / "store.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "store.db", now=NOW)


def test_safe_pragmas(tmp_path: Path) -> None:
    """Rollback journal, full synchronous writes and foreign keys hold on every connection."""
    path = tmp_path / "store.db"
    store = open_store(path, now=NOW)
    with reading(store._engine, path) as connection:
        held = [
            connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert held == ["delete", 2, 1]
    store.close()
