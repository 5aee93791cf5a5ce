"""The schema on disk: made, brought up to date after a copy, or refused if a newer pmosync has written it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pmosync.errors import StoreError
from pmosync.store.database import reading, writing

HEAD = "v0008"
MIGRATIONS = Path(__file__).parent / "migrations"
STAMP = "%Y%m%dT%H%M%SZ"


def upgrade(engine: sa.Engine, path: Path, now: datetime, migrations: Path = MIGRATIONS, head: str = HEAD) -> None:
    """Bring the schema to ``head``; an older one is copied beside the file first. Raises StoreError."""
    with reading(engine, path) as connection:
        found = revision(connection, path)
    if found == head:
        return
    if found:
        _refuse_newer(path, found, migrations)
        _copy(path, found, now)
    with writing(engine, path) as connection:
        if revision(connection, path) != head:
            _migrate(connection, migrations, head)


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
