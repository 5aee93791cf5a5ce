"""Several questions at once: answers in order, no question behind a failure, none when nobody listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.errors import TransientError
from pmosync.transport import Crew


@pytest.fixture
def four() -> Iterator[Crew]:
    """Four who ask."""
    with closing(Crew(4)) as crew:
        yield crew


@given(st.lists(st.integers()), st.integers(1, 9))
def test_answers_come_in_the_order_of_the_questions(questions: list[int], width: int) -> None:
    """Whichever is answered first."""
    with closing(Crew(width)) as crew:
        assert list(crew.answers(lambda number: number * 2, questions)) == [number * 2 for number in questions]


def test_so_many_are_asked_at_once(four: Crew) -> None:
    """Four questions that wait for each other are answered by four threads, once the first of all is answered."""
    together = threading.Barrier(4)

    def ask(number: int) -> int:
        if number:
            together.wait(timeout=10)
        return number

    assert list(four.answers(ask, range(9))) == list(range(9))


def test_the_first_is_asked_alone(four: Crew) -> None:
    """Where it fails, no other question was begun."""
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        list(four.answers(ask, range(100)))
    assert asked == [0]


def test_the_same_threads_ask_again(four: Crew) -> None:
    """The next list is asked by those who asked the last: what a thread keeps of its own is used again."""
    asked = {thread for _ in range(5) for thread in four.answers(lambda _: threading.get_ident(), range(40))}
    assert len(asked) <= 4


def test_a_failure_is_raised_and_nothing_is_asked_behind_it() -> None:
    """What was answered before comes first; later questions are not begun. The next list is asked as ever."""
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        if number == 3:
            raise ValueError("three")
        return number

    got: list[int] = []
    with closing(Crew(1)) as crew:
        with pytest.raises(ValueError, match="three"):
            got.extend(crew.answers(ask, range(1000)))
        assert got == [0, 1, 2]
        assert max(asked) == 3
        assert list(crew.answers(ask, [7])) == [7]


def test_a_list_that_breaks_off(four: Crew) -> None:
    """What was drawn before is answered first."""

    def questions() -> Iterator[int]:
        yield from range(3)
        raise TransientError("the next page is not to be had")

    got: list[int] = []
    with pytest.raises(TransientError, match="next page"):
        got.extend(four.answers(lambda number: number, questions()))
    assert got == [0, 1, 2]


def test_a_caller_who_leaves_is_not_asked_for(four: Crew) -> None:
    """An endless list of questions ends with the caller, and none is under way any more then."""
    under_way: set[int] = set()

    def ask(number: int) -> int:
        under_way.add(number)
        under_way.discard(number)
        return number

    answers = four.answers(ask, count())
    assert list(islice(answers, 5)) == [0, 1, 2, 3, 4]
    answers.close()  # type: ignore[attr-defined]
    assert not under_way


def test_a_closed_crew_has_no_threads() -> None:
    """A source that is let go leaves nothing running."""
    crew = Crew(3)
    assert list(crew.answers(str, range(9))) == [str(number) for number in range(9)]
    crew.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crew")]
