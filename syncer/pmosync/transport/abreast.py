"""Several questions at once, their answers in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

AHEAD = 2
"""Answers that wait for their turn, for each question under way: enough that one slow answer stops no other."""


def abreast(ask: Callable[[Q], A], questions: Iterable[Q], width: int) -> Iterator[A]:
    """The answers to ``questions`` in their order, ``width`` of them asked at once by threads of their own.

    What ``ask`` raises is raised here. From then on no question is begun, nor once the caller leaves; those under way are
    waited for, so give ``ask`` a deadline.
    """
    asker, waiting = _Asker(ask), deque[Future[tuple[A, ...]]]()
    pool = ThreadPoolExecutor(max_workers=max(1, width), thread_name_prefix="abreast")
    try:
        for question in questions:
            waiting.append(pool.submit(asker, question))
            if len(waiting) >= AHEAD * width:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Asker(Generic[Q, A]):
    """Asks until one question fails: those that had not begun are left unasked, and the failure comes in its turn."""

    def __init__(self, ask: Callable[[Q], A]) -> None:
        self._ask = ask
        self._failed = False

    def __call__(self, question: Q) -> tuple[A, ...]:
        if self._failed:
            return ()
        fine = False
        try:
            answer = self._ask(question)
            fine = True
        finally:
            self._failed |= not fine
        return (answer,)
