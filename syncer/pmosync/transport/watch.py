"""The deadline of one request, carried to the socket that reads its answer: nothing outlives it, a stop interrupts."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from pmosync.errors import TransientError

SLICE = 0.25
"""The longest a read blocks before the deadline and the stop event are looked at again, in seconds."""


class Stop(Protocol):
    """Says whether to stop; a ``threading.Event`` does."""

    def is_set(self) -> bool:
        """Whether nothing more is wanted."""
        ...

    def wait(self, timeout: float) -> bool:
        """Sleep for so many seconds, or until a stop comes; whether one came."""
        ...


class AnyOf:
    """A stop that comes with the first of several."""

    def __init__(self, *stops: Stop) -> None:
        self._stops = stops

    def is_set(self) -> bool:
        """Whether any has come."""
        return any(stop.is_set() for stop in self._stops)

    def wait(self, timeout: float) -> bool:
        """Sleep on the last one, with a look at the others several times a second."""
        left = timeout
        while left > 0 and not self.is_set():
            self._stops[-1].wait(min(SLICE, left))
            left -= SLICE
        return self.is_set()


class Watch:
    """How much time one request has left. ``check`` raises TransientError when there is none, or when a stop is
    wanted.
    """

    def __init__(self, host: str, deadline: float, read: float, clock: Callable[[], float], stop: Stop) -> None:
        self.host, self.read, self.stop = host, read, stop
        self._deadline, self._clock = deadline, clock
        self._ends = clock() + deadline

    def remaining(self) -> float:
        """Seconds left, 0 if none."""
        return max(0.0, self._ends - self._clock())

    def check(self) -> None:
        """Go on only while there is time and nobody wants to stop."""
        if self.stop.is_set():
            raise TransientError(f"the request to {self.host} was interrupted by a stop")
        if not self.remaining():
            raise TransientError(
                f"{self.host} did not finish its answer within {self._deadline:g} s",
                remedy="it is asked again at the next sync",
            )


current: ContextVar[Watch] = ContextVar("current")


class Watched(io.RawIOBase):
    """The reading end of a socket, read in slices so that it can be interrupted."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        super().__init__()
        self._sock, self._watch = sock, watch
        self._held = sock.makefile("rb", buffering=0)  # keeps the descriptor while a closing connection is read out

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for bytes. TimeoutError after ``read`` seconds of silence; TransientError at the deadline or stop."""
        silence = 0.0
        while True:
            self._watch.check()
            patience = max(0.001, min(SLICE, self._watch.read - silence, self._watch.remaining()))
            self._sock.settimeout(patience)
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                silence += patience
                if silence >= self._watch.read:
                    raise

    def close(self) -> None:
        self._held.close()
        super().close()


class Reading:
    """What http.client takes for a socket: all it asks of it is a file to read from."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, mode: str) -> io.BufferedReader:
        """A buffered file over the watched socket."""
        return io.BufferedReader(Watched(self._sock, current.get()))
