"""Several questions at once: answers in order, no question behind a failure, none when nobody listens."""

from __future__ import annotations

import threading
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.transport import abreast


@given(st.lists(st.integers()), st.integers(1, 9))
def test_answers_come_in_the_order_of_the_questions(questions: list[int], width: int) -> None:
    """Whichever is answered first."""
    assert list(abreast(lambda number: number * 2, questions, width)) == [number * 2 for number in questions]


def test_so_many_are_asked_at_once() -> None:
    """Four questions that wait for each other are answered by four threads."""
    together = threading.Barrier(4)

    def ask(number: int) -> int:
        together.wait(timeout=10)
        return number

    assert list(abreast(ask, range(8), 4)) == list(range(8))


def test_a_failure_is_raised_and_nothing_is_asked_behind_it() -> None:
    """What was answered before comes first; later questions are not begun."""
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    got: list[int] = []
    with pytest.raises(ValueError, match="three"):
        got.extend(abreast(ask, range(1000), 1))
    assert got == [0, 1, 2]
    assert max(asked) == 3


def test_a_caller_who_leaves_is_not_asked_for() -> None:
    """An endless list of questions ends with the caller."""
    answers = abreast(lambda number: number, count(), 2)
    assert list(islice(answers, 5)) == [0, 1, 2, 3, 4]
    answers.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("abreast")]
