"""What a command works with, opened for its length: a whole house, or the store alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click
from filelock import FileLock, Timeout
from msgspec import Struct

from pmosync import log, settings, wiring
from pmosync.compute.policy import Policy
from pmosync.engine.house import House
from pmosync.errors import ConfigError, StoreError
from pmosync.settings import Configuration
from pmosync.store import PRIVATE_FILE, Store, is_damaged, open_store, private_folder, rebuild

LOCK = "writer.lock"
PATIENCE = 5.0
"""Seconds for which another writer is waited for: enough for a quick command, not for a whole sync."""


class Records(Struct, frozen=True):
    """The store, the settings and the rules in force: all that commands need which only look. ``busy``: a writer is at work."""

    store: Store
    configuration: Configuration
    policy: Policy
    now: datetime
    busy: bool


def clock() -> datetime:
    """The moment, in UTC: the only clock a one-off run reads."""
    return datetime.now(UTC)


def configured(config: Path) -> Configuration:
    """The settings. ConfigError tells their faults and, where there are any, those of the connections beside them."""
    configuration, problems = settings.read(config)
    if problems:
        raise settings.faulty(config, (*problems, *wiring.faults(configuration, clock)))
    return configuration


@contextmanager
def house(config: Path, *, attempts: int | None = None, anew: bool = False, insist: bool = False) -> Iterator[House]:
    """Open everything that the settings name, as the one writer. Ctrl-C ends every wait at once.

    ``attempts`` replaces the settings' tries a request. ``anew`` sets the store aside and begins another from
    the last daily copy and the journal; newer facts come back with the next pull. ConfigError for a store that is
    sound, unless somebody does ``insist``.
    """
    log.configure()
    configuration = configured(config)
    stop = threading.Event()
    with writer(configuration), _interruptible(stop):
        if anew:
            _refuse_sound(configuration, insist)
            _rebuild(configuration)
        opened = wiring.open_house(configuration, clock, stop, attempts=attempts)
        try:
            yield opened
        finally:
            opened.store.close()


def _refuse_sound(configuration: Configuration, insist: bool) -> None:
    """A store that is not damaged is not set aside by a slip: its runs and hidden things would be gone for good."""
    path = configuration.data / wiring.STORE
    if not insist and not is_damaged(path, clock()):
        raise ConfigError(
            f"the store {path} is sound, so it is not set aside",
            remedy="sync without --rebuild; to begin anew all the same, add --insist",
        )


def _rebuild(configuration: Configuration) -> None:
    """Begin the store anew, and say from what."""
    rebuilt = rebuild(configuration.data / wiring.STORE, configuration.data / wiring.JOURNAL, now=clock())
    rebuilt.store.close()
    for copy in rebuilt.ahead:
        click.echo(f"{copy}: this copy is dated after today, so it is the last one to be looked at", err=True)
    for copy in rebuilt.unsound:
        click.echo(f"{copy}: this copy is not sound, so an older one is looked for", err=True)
    begun = (
        f"from the copy {rebuilt.copy.name} and the journal" if rebuilt.copy else "from the journal: there is no copy"
    )
    click.echo(f"the store is begun anew {begun}", err=True)


@contextmanager
def records(config: Path) -> Iterator[Records]:
    """Open the store alone: no credential is read, and a sync may be running meanwhile."""
    log.configure()
    configuration = settings.load(config)
    with _folder(configuration):
        busy = _busy(_lock(configuration))
        store = open_store(configuration.data / wiring.STORE, now=clock())
    try:
        yield Records(store, configuration, configuration.policy, clock(), busy)
    finally:
        store.close()


@contextmanager
def writer(configuration: Configuration) -> Iterator[None]:
    """One writer at a time on this host: another command that holds the data folder is waited for a little, then
    named. The operating system lets go of the lock of a writer that was killed.
    """
    with _folder(configuration):
        lock = _lock(configuration)
        _acquire(lock, configuration.data)
    try:
        yield
    finally:
        lock.release()


def _lock(configuration: Configuration) -> FileLock:
    return FileLock(configuration.data / LOCK, mode=PRIVATE_FILE)


def _busy(lock: FileLock) -> bool:
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True


def _acquire(lock: FileLock, folder: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        click.echo(f"{folder}: another pmosync is writing; waiting {PATIENCE:.0f} s for it", err=True)
    else:
        return
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise StoreError(
            f"{folder}: another pmosync is writing to this store",
            remedy="run this again when it is done, or stop that one; `pmosync status` shows how it goes",
        ) from None


@contextmanager
def _folder(configuration: Configuration) -> Iterator[None]:
    """The data folder, made if need be; what the system says against it becomes one line."""
    folder = configuration.data
    try:
        private_folder(folder)
        yield
    except OSError as error:
        raise StoreError(
            f"the data folder {folder} cannot be used ({error.strerror or type(error).__name__})",
            remedy="give the user that runs pmosync the right to write there, or set data: to another folder",
        ) from None


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    """While this lasts, Ctrl-C and SIGTERM set ``stop``, so that threads which wait for a server end too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        stop.set()
        for number, handler in before.items():
            signal.signal(number, handler)
