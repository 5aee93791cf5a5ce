"""Answers that are good for a while."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from pmosync.transport import Memo

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_an_answer_is_good_for_a_while() -> None:
    """Within the time it is not asked for again; behind it, and where the clock was set back, it is."""
    asked: list[str] = []
    clock = [NOON]

    def ask(key: str) -> int:
        asked.append(key)
        return len(asked)

    memo = Memo(ask, MINUTE, lambda: clock[0])
    assert [memo("a"), memo("a"), memo("b")] == [1, 1, 2]
    clock[0] = NOON + MINUTE
    assert memo("a") == 1
    clock[0] = NOON + 2 * MINUTE
    assert memo("a") == 3
    clock[0] = NOON
    assert memo("a") == 4


def test_a_failure_is_not_remembered() -> None:
    """The next who wants it asks anew."""
    asked: list[str] = []

    def ask(key: str) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise ValueError("no")
        return "yes"

    memo = Memo(ask, MINUTE, lambda: NOON)
    with pytest.raises(ValueError, match="no"):
        memo("a")
    assert memo("a") == "yes"


def test_threads_wait_for_one_answer_and_not_for_other_keys() -> None:
    """Four who want the same ask once; two keys that wait for each other's question are both answered."""
    asked: list[str] = []
    together = threading.Barrier(2)

    def ask(key: str) -> str:
        asked.append(key)
        together.wait(timeout=10)
        return key

    memo = Memo(ask, MINUTE, lambda: NOON)
    got: list[str] = []
    threads = [threading.Thread(target=lambda key=key: got.append(memo(key))) for key in "aaaabbbb"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(got) == list("aaaabbbb")
    assert sorted(asked) == ["a", "b"]
