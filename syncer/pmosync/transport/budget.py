"""How many requests of a kind a server allows one account in a minute, kept by ourselves: whoever is refused does not learn
for how long.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from pmosync.transport.truce import Truce

SPAN = 61.0
"""Seconds in which there are no more than are allowed: a minute, and a second for the way, since a server counts a request
when it has come.
"""


def due(taken: Sequence[float], now: float, most: int) -> float:
    """The first instant from ``now`` on at which ``most`` in any ``SPAN`` allow one more; ``taken`` are those of the others,
    oldest first.
    """
    return max(now, taken[-most] + SPAN) if len(taken) >= most else now


class Budget:
    """Turns of one account, ``most`` in any ``SPAN``; any thread may take one. ``truce`` is where everybody on this machine
    meets who uses that account: their turns count, too. Without it, or while its file cannot be used, only our own do.
    """

    def __init__(self, most: int, clock: Callable[[], float], truce: Truce | None = None) -> None:
        self._most, self._clock, self._truce = most, clock, truce
        self._taken: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def take(self) -> float:
        """Seconds until our next turn, which is taken: nobody else gets it."""
        with self._lock:
            own = self._due(self._taken)
            turn = max(own, self._truce.share(self._due, self._most)) if self._truce else own
            self._taken.append(turn)
            return max(0.0, turn - self._clock())

    def _due(self, taken: Sequence[float]) -> float:
        return due(taken, self._clock(), self._most)
