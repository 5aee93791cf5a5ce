"""A bounded pool of threads whose producers feed one consumer: sources pull in parallel, one thread writes the
store.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# Enough to keep every producer busy while a batch is committed, few enough to bound memory.
WAITING = 4

# A wait has an end that every platform's clock can hold, in seconds.
LONGEST = 3600.0


def merge(
    producers: Sequence[Callable[[], Iterator[T]]], workers: int, stop: threading.Event, deadline: float = math.inf
) -> Iterator[T]:
    """All values of all producers, in the order they come. ``workers`` producers run at a time.

    Producers must not raise (see ``guard``). When ``stop`` is set, the consumer leaves, or ``deadline`` seconds are over,
    they end at their next value, and no more values are given.
    """
    lane: queue.Queue[T | _End] = queue.Queue(maxsize=WAITING * max(1, workers))
    todo = queue.SimpleQueue[Callable[[], Iterator[T]]]()
    for producer in producers:
        todo.put(producer)
    leave = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(todo, lane, stop, leave), daemon=True, name=f"pull-{number}")
        for number in range(min(max(1, workers), len(producers)))
    ]
    for thread in threads:
        thread.start()
    try:
        yield from _drain(lane, len(threads), time.monotonic() + deadline)
    finally:
        leave.set()
        _empty(lane)
        for thread in threads:
            thread.join(timeout=1)


class _End:
    """A worker has nothing left to do."""


def _drain(lane: queue.Queue[T | _End], running: int, end: float) -> Iterator[T]:
    while running:
        left = end - time.monotonic()
        try:
            value = lane.get(timeout=min(max(left, 0), LONGEST))
        except queue.Empty:
            if time.monotonic() >= end:
                return
            continue
        if isinstance(value, _End):
            running -= 1
        else:
            yield value


def _work(
    todo: queue.SimpleQueue[Callable[[], Iterator[T]]],
    lane: queue.Queue[T | _End],
    stop: threading.Event,
    leave: threading.Event,
) -> None:
    try:
        while not (stop.is_set() or leave.is_set()):
            producer = todo.get_nowait()
            for value in producer():
                if not _offer(lane, value, leave):
                    return
                if stop.is_set():
                    break
    except queue.Empty:
        return
    finally:
        _offer(lane, _End(), leave)


def _offer(lane: queue.Queue[T | _End], value: T | _End, leave: threading.Event) -> bool:
    """Hand a value over; False if nobody takes values any more."""
    while not leave.is_set():
        try:
            lane.put(value, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False


def _empty(lane: queue.Queue[T | _End]) -> None:
    while not lane.empty():
        lane.get_nowait()
