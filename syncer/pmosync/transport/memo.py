"""Answers that are good for a while: asked for once, however many threads want them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """What ``ask`` answers to a key, asked again where the last answer is older than ``good`` by the clock ``now`` (or of a
    time to come: the clock was set back). Threads that want the same key wait for one answer; different keys do not wait
    for each other. What ``ask`` raises is not remembered.
    """

    def __init__(self, ask: Callable[[K], V], good: timedelta, now: Callable[[], datetime]) -> None:
        self._ask, self._good, self._now = ask, good, now
        self._lock = threading.Lock()
        self._locks: dict[K, threading.Lock] = {}
        self._known: dict[K, tuple[datetime, V]] = {}

    def __call__(self, key: K) -> V:
        """The answer to a key."""
        with self._lock:
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            now, known = self._now(), self._known.get(key)
            if known is not None and timedelta(0) <= now - known[0] <= self._good:
                return known[1]
            answer = self._ask(key)
            self._known[key] = now, answer
            return answer
