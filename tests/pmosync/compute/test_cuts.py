"""When a cut is due, and what is kept of it is read back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import msgspec
import pytest

from pmosync.compute.assessment import Reason
from pmosync.compute.cuts import Cut, Schedule, Why, is_due, kept_reason, last_due, next_due, reason_of

MONDAY = Schedule(0, time(10), "Asia/Shanghai")


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026; the 30th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def cut(due: datetime) -> Cut:
    """A cut of that moment."""
    return Cut(due=due, made=due, following=due)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(30, 2), utc(30, 2)),
        (utc(30, 1, 59), utc(23, 2)),
        (utc(29, 23), utc(23, 2)),
        (utc(27, 12), utc(23, 2)),
    ],
)
def test_the_last_due_moment_is_local(now: datetime, due: datetime) -> None:
    """Monday 10:00 in Shanghai is 02:00 UTC; until then last week's counts."""
    assert last_due(now, MONDAY) == due


def test_a_clock_change_keeps_the_local_hour() -> None:
    """In Berlin summer ends on 25 October 2026: 10:00 stays 10:00."""
    berlin = Schedule(0, time(10), "Europe/Berlin")
    before = datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert last_due(datetime(2026, 10, 20, tzinfo=UTC), berlin) == before
    assert next_due(before, berlin) == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_missed_ones_are_not_made_up() -> None:
    """After three silent weeks one cut is due, for the last moment; once made, none is until the next hour,
    which comes less than a week after a first cut in the middle of one.
    """
    assert is_due(utc(30, 9), None, MONDAY)
    assert is_due(utc(30, 9), cut(utc(9, 2)), MONDAY)
    assert not is_due(utc(30, 9), cut(last_due(utc(30, 9), MONDAY)), MONDAY)
    assert not is_due(utc(27, 9), cut(utc(25, 9)), MONDAY)
    assert is_due(utc(30, 2), cut(utc(25, 9)), MONDAY)


def test_a_reason_is_read_back_as_it_was() -> None:
    """Dates come back as dates and text as text, whatever it looks like."""
    told = Reason("missed", {"baseline": date(2026, 11, 2), "late_wd": 3, "name": "2026-11-02", "share": 0.5})
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(kept_reason(told)), type=Why)
    assert reason_of(kept) == told
