"""A rate limit shared by the threads of one transport."""

from __future__ import annotations

import threading


class Pace:
    """Hands out moments to send at: evenly spaced, and none before a server's wish to be left alone has passed."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second > 0 else 0.0
        self._lock = threading.Lock()
        self._next = 0.0
        self._until = 0.0

    @property
    def until(self) -> float:
        """The moment before which nobody sends, as servers wished."""
        return self._until

    def turn(self, now: float, patience: float) -> float:
        """Seconds until the next free moment, which is taken unless it lies beyond ``patience`` seconds."""
        with self._lock:
            moment = max(now, self._next)
            if self._gap and moment - now <= patience:
                self._next = moment + self._gap
            return moment - now

    def hold(self, until: float) -> None:
        """Let no thread send before ``until``: one thread's 429 is meant for all of them."""
        with self._lock:
            self._next = max(self._next, until)
            self._until = max(self._until, until)
