"""Producers feed one consumer from a bounded pool of threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from pmosync.engine.pool import merge


def numbers(start: int, count: int) -> Iterator[int]:
    """Consecutive numbers."""
    yield from range(start, start + count)


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(1, 4))
def test_every_value_arrives_once_and_each_producer_in_order(sizes: list[int], workers: int) -> None:
    """Nothing is lost or doubled, whatever the sizes, and a producer's own order is kept."""
    producers = [partial(numbers, 1000 * place, size) for place, size in enumerate(sizes)]
    got = list(merge(producers, workers, threading.Event()))
    assert sorted(got) == [1000 * place + n for place, size in enumerate(sizes) for n in range(size)]
    for place in range(len(sizes)):
        mine = [value for value in got if value // 1000 == place]
        assert mine == sorted(mine)


def test_a_consumer_that_leaves_ends_the_producers() -> None:
    """No thread goes on producing for nobody."""
    begun = threading.active_count()
    stream = merge([partial(numbers, 0, 10_000_000)] * 3, 3, threading.Event())
    assert isinstance(next(stream), int)
    stream.close()  # type: ignore[attr-defined]
    assert threading.active_count() <= begun


def test_stop_ends_the_stream() -> None:
    """A stop is obeyed at the next value."""
    stop = threading.Event()
    stream = merge([partial(numbers, 0, 10_000_000)], 1, stop)
    next(stream)
    stop.set()
    assert len(list(stream)) < 100


def test_a_deadline_ends_the_wait_for_producers_that_hang() -> None:
    """What came in time is given; a producer that hangs holds nobody up."""
    released = threading.Event()

    def hanging() -> Iterator[int]:
        yield 1
        released.wait(30)
        yield 2

    assert list(merge([hanging], 1, threading.Event(), deadline=0.2)) == [1]
    released.set()
