"""One SQLite file, opened for safety: rollback journal, full synchronous writes, explicit transactions, and errors as ours.

SQLite before 3.51.3 can corrupt a WAL on reset, hence the rollback journal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pmosync.errors import StoreError

T = TypeVar("T")
CHUNK = 900
BUSY_SECONDS = 15
WRITE = "pmosync_write"
PRAGMAS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)
REBUILD = "`pmosync sync --rebuild` sets it aside and begins anew from the last daily copy, the journal and the sources"
REMEDIES = {
    "SQLITE_BUSY": ("is locked by another process", "wait for the other pmosync to finish, or stop it"),
    "SQLITE_LOCKED": ("is locked by another process", "wait for the other pmosync to finish, or stop it"),
    "SQLITE_READONLY": ("is read-only", "give the user that runs pmosync the right to write the file and its folder"),
    "SQLITE_PERM": ("may not be opened", "give the user that runs pmosync the right to read and write it"),
    "SQLITE_FULL": ("cannot grow: the disk is full", "free some space; nothing that was committed is lost"),
    "SQLITE_CORRUPT": ("is damaged", REBUILD),
    "SQLITE_NOTADB": ("is not a pmosync store", REBUILD),
    "SQLITE_CANTOPEN": ("cannot be opened", "check that its folder exists and may be written"),
    "SQLITE_IOERR": ("could not be read or written: the disk reports an error", "check the disk and its free space"),
}
UNKNOWN = ("refused a statement", "run `pmosync check`; if it stays, report it as a bug")


def connect(path: Path, busy_seconds: float = BUSY_SECONDS) -> sa.Engine:
    """An engine on the file at ``path``; a lock held elsewhere is waited for at most ``busy_seconds``."""
    address = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(address, pool_size=1, hide_parameters=True, connect_args={"timeout": busy_seconds})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: sa.Engine, path: Path) -> Iterator[sa.Connection]:
    """One consistent read of the file. Raises StoreError."""
    with guarded(path), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine, path: Path) -> Iterator[sa.Connection]:
    """One transaction that holds the write lock from its start: all of it or nothing is kept. Raises StoreError."""
    with guarded(path), engine.execution_options(**{WRITE: True}).begin() as connection:
        yield connection


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn the database's errors into StoreError with the file and the remedy; the library's own text is left out."""
    try:
        yield
    except DBAPIError as error:
        raise failure(path, error.orig) from None
    except sqlite3.Error as error:
        raise failure(path, error) from None


def failure(path: Path, error: BaseException | None) -> StoreError:
    """The StoreError of a database error, by SQLite's own name for it."""
    name = str(getattr(error, "sqlite_errorname", ""))
    known = next((words for prefix, words in REMEDIES.items() if name.startswith(prefix)), None)
    what, remedy = known or UNKNOWN
    return StoreError(f"the store {path} {what}" + (f" ({name})" if name else ""), remedy=remedy)


def damaged(path: Path) -> StoreError:
    """The StoreError of a file whose integrity check failed."""
    what, remedy = REMEDIES["SQLITE_CORRUPT"]
    return StoreError(f"the store {path} {what}", remedy=remedy)


def chunks(values: Sequence[T]) -> Iterator[list[T]]:
    """The values in pieces that stay under SQLite's limit of variables."""
    pending = iter(values)
    while piece := list(islice(pending, CHUNK)):
        yield piece


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
