"""A house for the length of one command."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from pmosync import log, settings, wiring
from pmosync.engine.house import House
from pmosync.errors import StoreError
from pmosync.settings import Configuration


def clock() -> datetime:
    """The moment, in UTC: the only clock a one-off run reads."""
    return datetime.now(UTC)


@contextmanager
def house(config: Path, now: Callable[[], datetime] = clock) -> Iterator[House]:
    """Open everything that the settings name; the first Ctrl-C ends waits, the second ends the program."""
    log.configure()
    configuration = settings.load(config)
    stop = threading.Event()
    with writer(configuration), _interruptible(stop):
        opened = wiring.open_house(configuration, now, stop)
        try:
            yield opened
        finally:
            opened.store.close()


@contextmanager
def writer(configuration: Configuration) -> Iterator[None]:
    """One writer at a time on this host: another command that holds the data folder is waited for a little, then
    named.
    """
    configuration.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(configuration.data / "writer.lock", timeout=10)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            f"{configuration.data}: another pmosync is writing", remedy="wait until it is done, or stop it"
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield
    finally:
        stop.set()
        signal.signal(signal.SIGTERM, before)
