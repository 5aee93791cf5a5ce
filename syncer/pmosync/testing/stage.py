"""Where emulated systems stand: in threads of this process, where a test reaches into them, or in a process of their own,
where they answer while this one computes.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from pmosync import plugins
from pmosync.connector import Emulator
from pmosync.emulation.events import Event
from pmosync.emulation.server import LoopbackServer
from pmosync.errors import ConfigError, PmosyncError
from pmosync.guard import guarded

PATIENCE = 60.0
"""Seconds in which another process must have done what it was told."""


class Stage(Protocol):
    """Emulators that are served on loopback from ``open`` to ``close``, each known by its connector's name."""

    def open(self, names: Sequence[str], now: datetime) -> None:
        """Begin to serve, with the emulated clocks at ``now``. ConfigError for a connector that has no emulator."""
        ...

    def connection(self, name: str, secrets: Path) -> Mapping[str, Any]:
        """Settings of a connection to an emulator; secret files it needs are written below ``secrets``."""
        ...

    def load(self, name: str, folder: Path) -> None:
        """Load records into an emulator. ConfigError names a broken file and line."""
        ...

    def live(self, events: Iterable[Event]) -> None:
        """Let events happen in every system they concern, in the order given."""
        ...

    def advance(self, now: datetime) -> None:
        """Set the emulated clocks."""
        ...

    def close(self) -> None:
        """Stop serving."""
        ...


class Here:
    """In threads of this process."""

    def __init__(self) -> None:
        self.emulators: dict[str, Emulator] = {}
        self._urls: dict[str, str] = {}
        self._stack = ExitStack()

    def open(self, names: Sequence[str], now: datetime) -> None:
        """Make and serve the emulators."""
        for name in names:
            emulator = self.emulators[name] = _emulator(name)
            emulator.advance(now)
            self._urls[name] = self._stack.enter_context(LoopbackServer(emulator.app)).url

    def connection(self, name: str, secrets: Path) -> Mapping[str, Any]:
        """As the emulator tells it."""
        return self.emulators[name].connection(self._urls[name], secrets)

    def load(self, name: str, folder: Path) -> None:
        """Load at once."""
        self.emulators[name].load(folder)

    def live(self, events: Iterable[Event]) -> None:
        """Each event in every emulator before the next one."""
        for event in events:
            for emulator in self.emulators.values():
                emulator.apply(event)

    def advance(self, now: datetime) -> None:
        """All clocks at once."""
        for emulator in self.emulators.values():
            emulator.advance(now)

    def close(self) -> None:
        """Close the ports."""
        self._stack.close()


class Apart:
    """In a process of its own, which ends with this one. What fails there is raised here.

    The process imports the main module of this one anew, as ``multiprocessing`` does: a script that makes one stands
    under ``if __name__ == "__main__"``.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="emulators", daemon=True)
        self._process.start()
        theirs.close()

    def open(self, names: Sequence[str], now: datetime) -> None:
        """Make and serve the emulators there."""
        self._tell("open", tuple(names), now)

    def connection(self, name: str, secrets: Path) -> Mapping[str, Any]:
        """As the emulator there tells it."""
        found: Mapping[str, Any] = self._tell("connection", name, secrets)
        return found

    def load(self, name: str, folder: Path) -> None:
        """Load there."""
        self._tell("load", name, folder)

    def live(self, events: Iterable[Event]) -> None:
        """Let events happen there; back when they have."""
        self._tell("live", tuple(events))

    def advance(self, now: datetime) -> None:
        """Set the clocks there."""
        self._tell("advance", now)

    def close(self) -> None:
        """Stop serving and wait until the process has ended."""
        self._line.close()
        self._process.join(PATIENCE)

    def _tell(self, word: str, *arguments: object) -> Any:
        try:
            self._line.send((word, arguments))
            if not self._line.poll(PATIENCE):
                raise ConfigError("the emulators do not answer", remedy="stop them and begin again")
            fine, answer = self._line.recv()
        except (EOFError, OSError):
            raise ConfigError("the emulators have ended", remedy="begin again") from None
        if not fine:
            raise answer
        return answer


def _serve(line: Connection) -> None:
    """Do what is told until nobody tells anything any more. Ctrl-C is for the one who tells."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    here = Here()
    try:
        while True:
            word, arguments = line.recv()
            line.send(_done(here, word, arguments))
    except (EOFError, OSError):
        here.close()


def _done(here: Here, word: str, arguments: tuple[Any, ...]) -> tuple[bool, object]:
    """Whether it went well, and the answer or the error: whatever it is belongs to the process that asked."""
    answer = guarded(lambda: getattr(here, word)(*arguments))
    return not isinstance(answer, PmosyncError), answer


def _emulator(name: str) -> Emulator:
    make = plugins.connector(name, plugins.named([name]), "the rig").emulator
    if make is None:
        raise ConfigError(f"the connector {name!r} has no emulator", remedy="reinstall pmosync")
    return make()
