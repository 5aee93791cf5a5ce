"""The daily copies of the store, from which a rebuild begins: whole and sound, or not there at all."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pmosync.errors import StoreError
from pmosync.store.database import damaged, guarded, reading
from pmosync.store.private import private_file, private_folder

FOLDER = "backups"
DAY = r"\d{4}-\d{2}-\d{2}"


def copies(store: Path) -> tuple[Path, ...]:
    """The copies of the store at this path, newest first. Files of other names are none of ours."""
    ours = re.compile(re.escape(store.stem) + "-" + DAY + re.escape(store.suffix))
    found = (file for file in (store.parent / FOLDER).glob("*") if ours.fullmatch(file.name))
    return tuple(sorted(found, reverse=True))


def ahead(store: Path, today: date) -> tuple[Path, ...]:
    """The copies dated after ``today``, nearest first: a clock was set ahead when they were made, or is back now."""
    return tuple(file for file in reversed(copies(store)) if file > _named(store, today))


def keep(engine: sa.Engine, store: Path, today: date, days: int) -> Path | None:
    """Copy the store once a day and let go of copies older than ``days`` days, counted from ``today``; 0 keeps none. The
    ``days`` newest stay whatever their age: the clock that makes all of them old may be wrong. Those dated after today
    count for nothing.

    The new copy's path; None if today's is there already. Raises StoreError: an older copy is only let go of once there
    is a newer sound one.
    """
    target = _named(store, today)
    if not days or target.exists():
        return None
    with _told(store):
        private_folder(target.parent)
        with _whole(target) as part:
            _copy(engine, store, part)
        oldest = _named(store, today - timedelta(days=days))
        dated = [file for file in copies(store) if file <= target]
        for file in dated[days:]:
            if file <= oldest:
                file.unlink()
    return target


def place(copy: Path, store: Path) -> None:
    """Put a copy where the store was. Raises OSError."""
    with _whole(store) as part:
        shutil.copyfile(copy, part)


def _named(store: Path, day: date) -> Path:
    return store.parent / FOLDER / f"{store.stem}-{day.isoformat()}{store.suffix}"


@contextmanager
def _told(store: Path) -> Iterator[None]:
    """What stands in the way of a copy, as one StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"today's copy of {store} was not made ({error.strerror or type(error).__name__})",
            remedy=f"check the rights of {store.parent / FOLDER} and free space; the next sync tries again",
        ) from None
    except StoreError as error:
        raise StoreError(f"today's copy of {store} was not made: {error.message}", remedy=error.remedy) from None


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A private file to be filled, which takes the target's place once it is on the disk, or vanishes."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    private_file(part)
    try:
        yield part
        _to_disk(part)
        part.replace(target)
        _to_disk(target.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until the disk has a file, or a folder's names. Other systems than POSIX open no folder."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(engine: sa.Engine, store: Path, part: Path) -> None:
    """Copy by SQLite's online backup, and prove the copy. The read held meanwhile makes a lock of another process an
    error in due time: the backup itself would wait for ever.
    """
    with closing(sqlite3.connect(part)) as copy, guarded(part):
        with reading(engine, store) as connection:
            connection.execute(sa.text("SELECT count(*) FROM sqlite_master"))
            source: Any = connection.connection.driver_connection
            source.backup(copy)
        if copy.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
            raise damaged(store)
