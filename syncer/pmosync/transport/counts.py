"""What a transport has done so far."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar

from msgspec import Struct


class Counts(Struct, frozen=True):
    """Sums since the transport was made.

    ``requests`` counts attempts sent (a retry is one more), ``received`` decoded body bytes, ``waited`` the seconds
    spent in waits between attempts and for the rate limit. ``statuses`` maps ``2xx`` … ``5xx`` and ``failed`` (no
    answer) to counts.
    """

    requests: int = 0
    retries: int = 0
    sent: int = 0
    received: int = 0
    waited: float = 0.0
    statuses: Mapping[str, int] = {}


class Tally:
    """The running sums behind ``Counts``, shared by threads. What is added counts for the tally that is ``apart`` too, if
    there is one where it is added.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._waited = 0.0

    def add(self, **amounts: int) -> None:
        """Add to the named sums."""
        for tally in self._both():
            with tally._lock:
                tally._sums.update(amounts)

    def answered(self, status: int) -> None:
        """One attempt ended with an HTTP status; 0 means with none."""
        for tally in self._both():
            with tally._lock:
                tally._statuses[f"{status // 100}xx" if status else "failed"] += 1

    def waited(self, seconds: float) -> None:
        """So many seconds were waited."""
        for tally in self._both():
            with tally._lock:
                tally._waited += seconds

    def _both(self) -> tuple[Tally, ...]:
        own = apart.get()
        return (self,) if own is None else (self, own)

    def snapshot(self) -> Counts:
        """The sums now."""
        with self._lock:
            sums = {name: self._sums[name] for name in ("requests", "retries", "sent", "received")}
            return Counts(**sums, waited=self._waited, statuses=dict(self._statuses))


apart: ContextVar[Tally | None] = ContextVar("apart", default=None)
"""The tally of one piece of work, set where it is done and in the threads that work for it."""
