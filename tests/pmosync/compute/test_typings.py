"""What a row said, since when, and what it said before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pmosync.compute.typings import Typing, before, same, stood
from pmosync.model import MilestoneRow, Place

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def at(days: int) -> datetime:
    """A moment of the story."""
    return MONDAY + timedelta(days=days)


def row(day: int, line: int = 2) -> MilestoneRow:
    """A milestone with a target in March."""
    return MilestoneRow(place=Place("sheet", "milestone_inputs", line, "M"), code="M", target=date(2026, 3, day))


STORY = (
    Typing(row(10), at(0), at(1)),
    Typing(row(10, line=5), at(1), at(3)),
    Typing(row(20, line=5), at(3), at(6)),
    Typing(row(20, line=9), at(6)),
)


def test_a_row_that_moves_says_what_it_said() -> None:
    """When a cell was typed is when a sync first saw it so, however often the sheet was sorted since."""
    assert stood(STORY, at(2)) == Typing(row(10, line=5), at(0), at(3))
    assert stood(STORY, at(9)) == Typing(row(20, line=9), at(3))
    assert same(row(10), row(10, line=5))
    assert not same(row(10), row(20))


def test_what_was_not_there_said_nothing() -> None:
    """Before it came and after it went; a row that comes back says it from then on."""
    gone = (Typing(row(10), at(0), at(2)), Typing(row(10), at(2), at(4), gone=True), Typing(row(10), at(4)))
    assert stood(gone, at(-1)) is None
    assert stood(gone, at(3)) is None
    back = stood(gone, at(5))
    assert back is not None
    assert back.seen == at(4)
    assert stood((Typing(row(10), at(0), at(2)),), at(2)) is None


def test_before_the_last_change() -> None:
    """The last other words, not those of another place; of a row that went, its last ones; else nothing."""
    assert before(STORY, at(9)) == Typing(row(10, line=5), at(0), at(3))
    assert before(STORY[:2], at(2)) is None
    left = (Typing(row(10), at(0), at(2)), Typing(row(20), at(2), at(4)))
    assert before(left, at(9)) == left[1]
    assert before((), at(9)) is None
