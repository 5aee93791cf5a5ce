"""Several questions at once, their answers in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Generic, TypeVar

from pmosync.errors import PmosyncError

Q = TypeVar("Q")
A = TypeVar("A")

AHEAD = 2
"""Answers that wait for their turn, for each thread: enough that one slow answer stops no other, few enough to be held in
memory however many lists are asked.
"""


class Crew:
    """Threads that ask for one source, ``width`` at most, as long as it is open: each keeps its connection from one list
    of questions to the next. Several lists may be asked at once; they share the threads.
    """

    def __init__(self, width: int) -> None:
        self.width = max(1, width)
        self._pool = ThreadPoolExecutor(max_workers=self.width, thread_name_prefix="crew")
        self._lock = threading.Lock()
        self._held = 0

    def answers(self, ask: Callable[[Q], A], questions: Iterable[Q]) -> Iterator[A]:
        """The answers to ``questions`` in their order. ``questions`` are drawn as they are needed, by the caller's thread. The
        first is asked alone: a server that refuses us is not asked ``width`` times.

        What ``ask`` raises is raised here. From then on no question is begun, nor once the caller leaves; those under way
        are waited for, so give ``ask`` a deadline. A question must not wait for another one of the same crew. A
        PmosyncError in drawing a question comes behind the answers to the questions before it.
        """
        asker, waiting = _Asker(ask), deque[Future[tuple[A, ...]]]()
        broken: list[PmosyncError] = []
        try:
            for question in _drawn(questions, broken):
                self._count(1)
                waiting.append(self._pool.submit(copy_context().run, asker, question))
                while waiting and (asker.first or self._held >= AHEAD * self.width):
                    yield from self._next(waiting)
            while waiting:
                yield from self._next(waiting)
            for error in broken:
                raise error
        finally:
            asker.over = True
            self._count(-len(waiting))
            wait([each for each in waiting if not each.cancel()])

    def _next(self, waiting: deque[Future[tuple[A, ...]]]) -> tuple[A, ...]:
        self._count(-1)
        return waiting.popleft().result()

    def _count(self, more: int) -> None:
        with self._lock:
            self._held += more

    def close(self) -> None:
        """End the threads; a question under way is waited for."""
        self._pool.shutdown(cancel_futures=True)


def _drawn(questions: Iterable[Q], broken: list[PmosyncError]) -> Iterator[Q]:
    """The questions as far as they can be drawn; what stops them goes to ``broken``."""
    try:
        yield from questions
    except PmosyncError as error:
        broken.append(error)


class _Asker(Generic[Q, A]):
    """Asks until one question fails: those that had not begun are left unasked, and the failure comes in its turn."""

    def __init__(self, ask: Callable[[Q], A]) -> None:
        self._ask = ask
        self.over = False
        self.first = True

    def __call__(self, question: Q) -> tuple[A, ...]:
        if self.over:
            return ()
        fine = False
        try:
            answer = self._ask(question)
            fine = True
        finally:
            self.over |= not fine
            self.first = False
        return (answer,)
