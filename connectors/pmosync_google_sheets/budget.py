"""How many writes a minute Google allows one user, kept by ourselves: whoever is refused does not learn for how long."""

from __future__ import annotations

from collections import deque

WRITES = 60
"""Writes a minute of one user (developers.google.com/sheets/api/limits)."""
MINUTE = 60.0


class Budget:
    """Moments of the last writes. In no 60 seconds, and so in no minute of the clock, are there more than ``most``."""

    def __init__(self, most: int = WRITES) -> None:
        self._moments: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Seconds from ``now`` (of a monotonic clock) until one more write is allowed."""
        full = len(self._moments) == self._moments.maxlen
        return min(max(0.0, self._moments[0] + MINUTE - now), MINUTE) if full else 0.0

    def spend(self, now: float) -> None:
        """One write was sent."""
        self._moments.append(now)
