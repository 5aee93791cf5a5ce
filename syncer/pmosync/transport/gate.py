"""How many requests of one transport are under way at once: as many as the server bears."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.25
"""The longest a thread waits at the gate before it looks at its deadline and the stop event again, in seconds."""


class Gate:
    """Lets at most ``width`` requests through at once. A server that says "too many" halves that, each answer that came
    well widens it by one request a round, never beyond ``width`` (additive increase, multiplicative decrease).
    """

    def __init__(self, width: int) -> None:
        self._most = float(max(1, width))
        self._open = self._most
        self._inside = 0
        self._round = 0
        self._changed = threading.Condition()

    @property
    def width(self) -> int:
        """How many may be under way now."""
        return int(self._open)

    @contextmanager
    def through(self, check: Callable[[], None]) -> Iterator[int]:
        """Wait for a place and hold it; gives the round that the request belongs to. What ``check`` raises ends the wait."""
        with self._changed:
            while self._inside >= self.width:
                check()
                self._changed.wait(LOOK)
            self._inside += 1
            entered = self._round
        try:
            yield entered
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify()

    def widen(self) -> None:
        """An answer came well."""
        with self._changed:
            self._open = min(self._most, self._open + 1 / self._open)
            self._changed.notify()

    def narrow(self, entered: int) -> None:
        """A request of the round ``entered`` was one too many. All that were under way with it say the same once more:
        only the first of them counts.
        """
        with self._changed:
            if entered == self._round:
                self._round += 1
                self._open = max(1.0, self._open / 2)
