"""Opening a store, and what to do with one that is damaged."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path
from uuid import uuid4

from msgspec import Struct

from pmosync.errors import StoreError
from pmosync.store.copies import ahead, copies, place
from pmosync.store.database import BUSY_SECONDS, REBUILD, connect, guarded
from pmosync.store.journal import read_journal
from pmosync.store.private import private_file, private_folder
from pmosync.store.schema import STAMP, upgrade
from pmosync.store.store import Store
from pmosync.store.versions import EPOCH_FLOOR, INSTANCE

EASTERNMOST = timedelta(hours=14)
"""Copies are named by the day where the settings say; no place on earth is further ahead of UTC."""


def open_store(path: Path, *, now: datetime, busy_seconds: float = BUSY_SECONDS) -> Store:
    """The store at ``path``, made with its folder if it is not there; both are made their owner's alone.

    An older schema is brought up to date after a copy beside it.

    Raises StoreError, with the place and the remedy, for a file that is locked (waited for ``busy_seconds``),
    read-only, full, damaged, not a store, or of a newer schema.
    """
    _folder(path)
    _private(path)
    engine = connect(path, busy_seconds)
    store = Store(engine, path)
    try:
        with guarded(path):
            upgrade(engine, path, now)
        if store.get_meta(INSTANCE) is None:
            store.put_meta(INSTANCE, uuid4().hex)
    except StoreError:
        store.close()
        raise
    return store


def set_aside(path: Path, now: datetime) -> Path:
    """Move a damaged store (and its rollback journal) out of the way, keeping it; its new name. Raises StoreError."""
    aside = _unused(path.with_name(f"{path.name}.damaged-{now.strftime(STAMP)}"))
    try:
        path.rename(aside)
        leftover = path.with_name(f"{path.name}-journal")
        if leftover.exists():
            leftover.rename(aside.with_name(f"{aside.name}-journal"))
    except OSError as error:
        raise StoreError(
            f"the damaged store {path} cannot be set aside ({error.strerror})", remedy="move the file away by hand"
        ) from None
    return aside


def _unused(path: Path) -> Path:
    """The path, with a number behind it where something of that name lies already: nothing set aside is overwritten."""
    names = chain([path], (path.with_name(f"{path.name}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


def is_damaged(path: Path, now: datetime) -> bool:
    """Whether a store is one to be set aside: damaged, no store at all, or not there. StoreError for what hinders looking
    and is no damage: a lock, missing rights, a newer schema.
    """
    if not path.exists():
        return True
    try:
        store = open_store(path, now=now)
    except StoreError as error:
        if error.remedy == REBUILD:
            return True
        raise
    with closing(store):
        return not _is_sound(store)


class Rebuilt(Struct, frozen=True):
    """A store that was begun anew: from which ``copy`` (None: from nothing), past which newer ones that were not sound.
    Copies ``ahead`` of the clock were looked at last.
    """

    store: Store
    copy: Path | None = None
    unsound: tuple[Path, ...] = ()
    ahead: tuple[Path, ...] = ()


def rebuild(path: Path, journal: Path, *, now: datetime) -> Rebuilt:
    """A store in place of a damaged one, which is set aside: the newest sound daily copy, brought up to the history of
    the journal; without a copy a fresh one. Newer facts come back with the next pull.

    Raises StoreError.
    """
    lines, epoch = read_journal(journal), _last_epoch(path, now)
    if path.exists():
        set_aside(path, now)
    rebuilt = _begun(path, now)
    rebuilt.store.restore(lines)
    # A run that was never journaled has its number all the same, and perhaps its stamp on a workbook.
    floor = int(rebuilt.store.get_meta(EPOCH_FLOOR) or 0)
    rebuilt.store.put_meta(EPOCH_FLOOR, str(max(floor, epoch)))
    return rebuilt


def _last_epoch(path: Path, now: datetime) -> int:
    """The epoch of the last run of a store that is about to be set aside, as far as it can be read."""
    if not path.exists():
        return 0
    try:
        store = open_store(path, now=now)
    except StoreError:
        return 0
    with closing(store):
        try:
            return max((run.epoch for run in store.runs(1)), default=0)
        except StoreError:
            return 0


def _begun(path: Path, now: datetime) -> Rebuilt:
    unsound: list[Path] = []
    later = ahead(path, (now + EASTERNMOST).date())
    for copy in (*(each for each in copies(path) if each not in later), *later):
        store = _from(copy, path, now)
        if store is not None:
            return Rebuilt(store, copy, tuple(unsound), later)
        unsound.append(copy)
    return Rebuilt(open_store(path, now=now), None, tuple(unsound), later)


def _from(copy: Path, path: Path, now: datetime) -> Store | None:
    """The store that a copy holds, at ``path``; None, and nothing there, if it is not sound."""
    try:
        place(copy, path)
        store = open_store(path, now=now)
    except (OSError, StoreError):
        path.unlink(missing_ok=True)
        return None
    if _is_sound(store):
        return store
    store.close()
    path.unlink(missing_ok=True)
    return None


def _is_sound(store: Store) -> bool:
    try:
        return not store.check()
    except StoreError:
        return False


def _folder(path: Path) -> None:
    try:
        private_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"the folder {path.parent} of the store cannot be made ({error.strerror})",
            remedy="make it, or name another file as the store in the settings",
        ) from None


def _private(path: Path) -> None:
    """Make a file that only its owner may read; one that is there becomes so.

    What is wrong with the place is told by the opening itself.
    """
    with suppress(OSError):
        private_file(path)
