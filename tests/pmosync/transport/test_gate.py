"""How many requests are under way at once: never more than the width, fewer where the server has too much to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.errors import TransientError
from pmosync.transport.gate import Gate


def fine() -> None:
    """There is time."""


def late() -> None:
    """There is none."""
    raise TransientError("too late")


def test_no_more_than_the_width_are_inside() -> None:
    """Three places for nine threads: three are inside at most, and all come through."""
    gate, inside, most = Gate(3), set[int](), [0]
    lock, together = threading.Lock(), threading.Barrier(3)

    def visit(number: int) -> int:
        with gate.through(fine):
            with lock:
                inside.add(number)
                most[0] = max(most[0], len(inside))
            together.wait(timeout=10)
            with lock:
                inside.remove(number)
        return number

    with ThreadPoolExecutor(9) as pool:
        assert sorted(pool.map(visit, range(9))) == list(range(9))
    assert most == [3]


def test_the_wait_at_the_gate_has_an_end() -> None:
    """What the check raises ends the wait, and the place of the other is its own still."""
    gate = Gate(1)
    with gate.through(fine), pytest.raises(TransientError), gate.through(late):
        pass
    with gate.through(late):
        pass


def test_one_refusal_of_a_round_counts_once() -> None:
    """Eight requests are under way when the server has had enough: their eight refusals mean half, not a 256th."""
    gate = Gate(8)
    with gate.through(fine) as entered:
        for _ in range(8):
            gate.narrow(entered)
    assert gate.width == 4
    with gate.through(fine) as entered:
        gate.narrow(entered)
    assert gate.width == 2


@given(st.integers(1, 16), st.lists(st.booleans(), max_size=60))
def test_the_width_stays_within_its_bounds(most: int, answers: list[bool]) -> None:
    """Whatever the server says, one request is allowed and never more than were wished."""
    gate = Gate(most)
    for well in answers:
        with gate.through(fine) as entered:
            if well:
                gate.widen()
            else:
                gate.narrow(entered)
        assert 1 <= gate.width <= most


def test_patience_is_rewarded() -> None:
    """From one request, the full width is there again after a round of good answers for each."""
    gate = Gate(8)
    for _ in range(3):
        with gate.through(fine) as entered:
            gate.narrow(entered)
    assert gate.width == 1
    for _ in range(8 * 8):
        gate.widen()
    assert gate.width == 8
