"""The schema on disk: made, brought up to date after a copy, or refused if a newer pmosync has written it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pmosync.errors import StoreError
from pmosync.store.database import reading, writing
from pmosync.store.tables import metadata

HEAD = "v0009"
MIGRATIONS = Path(__file__).parent / "migrations"
STAMP = "%Y%m%dT%H%M%SZ"
VERSIONS = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""Alembic's own table, as it makes it."""


def upgrade(engine: sa.Engine, path: Path, now: datetime, migrations: Path = MIGRATIONS, head: str = HEAD) -> None:
    """Bring the schema to ``head``; an older one is copied beside the file first, an empty file gets the newest at once.
    Raises StoreError.
    """
    with reading(engine, path) as connection:
        found = revision(connection, path)
    if found == head:
        return
    if found:
        _refuse_newer(path, found, migrations)
        _copy(path, found, now)
    with writing(engine, path) as connection:
        now_found = revision(connection, path)
        if not now_found and head == HEAD:
            make(connection)
        elif now_found != head:
            _migrate(connection, migrations, head)


def make(connection: sa.Connection) -> None:
    """The newest schema in an empty database: what all migrations one after the other make, in a tenth of their time."""
    metadata.create_all(connection)
    connection.execute(sa.text(VERSIONS))
    connection.execute(sa.text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def revision(connection: sa.Connection, path: Path) -> str:
    """The schema's revision; "" for an empty file. Raises StoreError for a database of something else."""
    names = sa.inspect(connection).get_table_names()
    if not names:
        return ""
    if "alembic_version" not in names:
        raise StoreError(
            f"the file {path} is a database, but not a pmosync store",
            remedy="name another file as the store in the settings",
        )
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""


def _refuse_newer(path: Path, found: str, migrations: Path) -> None:
    if not (migrations / "versions" / f"{found}.py").exists():
        raise StoreError(
            f"the store {path} was written by a newer pmosync (schema {found}, this one knows {HEAD})",
            remedy="install that version again, or name another file as the store",
        )


def _copy(path: Path, found: str, now: datetime) -> None:
    copy = path.with_name(f"{path.name}.before-{found}-{now.strftime(STAMP)}")
    try:
        shutil.copy2(path, copy)
    except OSError as error:
        raise StoreError(
            f"no copy of {path} could be made before its schema is changed ({error.strerror})",
            remedy="free some space, or check the folder's rights",
        ) from None


def _migrate(connection: sa.Connection, migrations: Path, head: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, head)
