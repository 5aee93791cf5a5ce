"""So many turns a minute and account: never more, however many there are to take, and by however many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pmosync.transport import Commons, Transport
from pmosync.transport.budget import SPAN, Budget

ORIGIN = "https://sheets.example.com"
MINUTE = 60.0


def book(
    folder: Path, clock: Callable[[], float], account: str = "robot", credential: bytes = b"key", most: int = 2
) -> Budget:
    """As the transport of one workbook has it."""
    transport = Transport(clock=clock, now=lambda: datetime.fromtimestamp(clock(), UTC))
    return transport.among(Commons(folder, credential)).budget(ORIGIN, account, most)


@example([0.055, 0.0, 0.0], 1)
@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5))
def test_no_minute_has_more_turns_than_are_allowed(gaps: list[float], most: int) -> None:
    """Whenever work comes: between a turn and the ``most``-th before it lies more than a minute; and nobody waits for longer
    than that and a second.
    """
    now, taken = [0.0], list[float]()
    budget = Budget(most, lambda: now[0])
    for gap in gaps:
        now[0] += gap
        wait = budget.take()
        now[0] += wait
        taken.append(now[0])
        assert wait <= SPAN + 1e-6
    assert all(later - sooner > MINUTE for sooner, later in zip(taken, taken[most:], strict=False))
    assert all(sooner <= later for sooner, later in pairwise(taken))


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 2)), max_size=20), st.integers(1, 4))
def test_those_who_meet_share_one_budget(work: list[tuple[float, int]], most: int) -> None:
    """Three who take turns in any order, none of whom knows of the others but by the file: together they stay within it."""
    now, taken = [1_000.0], list[float]()
    with TemporaryDirectory() as folder:
        budgets = [book(Path(folder), lambda: now[0], most=most) for _ in range(3)]
        for gap, who in work:
            now[0] += gap
            taken.append(now[0] + budgets[who].take())
    assert all(later - sooner > MINUTE for sooner, later in zip(taken, taken[most:], strict=False))


def test_an_account_has_one_budget_whatever_its_key(tmp_path: Path) -> None:
    """Another key of the same account counts with it, another account does not; nothing of either stands in the folder."""
    clock = lambda: 500.0  # noqa: E731
    one = book(tmp_path, clock, credential=b"key 1")
    assert [one.take(), one.take()] == [0, 0]
    assert book(tmp_path, clock, account="other").take() == 0
    assert book(tmp_path, clock, credential=b"key 2").take() == pytest.approx(SPAN)
    assert not any(b"robot" in file.name.encode() + file.read_bytes() for file in tmp_path.iterdir())


def test_who_meets_nobody_counts_alone(tmp_path: Path) -> None:
    """Without a folder, and with one that cannot be made, our own turns are still counted."""
    (tmp_path / "file").write_text("")
    for budget in (
        Transport(clock=lambda: 1.0).budget(ORIGIN, "robot", 1),
        book(tmp_path / "file" / "under", lambda: 1.0, most=1),
    ):
        assert [budget.take(), budget.take()] == [0, SPAN]


def test_turns_of_a_clock_that_has_begun_anew_bind_nobody(tmp_path: Path) -> None:
    """Where the machine's name for its start stays the same and its clock does not, what was taken later than now counts no
    more.
    """
    assert [book(tmp_path, lambda: 9_000.0, most=1).take() for _ in range(2)] == [0, SPAN]
    assert [book(tmp_path, lambda: 5.0, most=1).take() for _ in range(2)] == [0, SPAN]
