"""The days of the story, counted from the first sync, and the days on which nothing may be launched."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

# A Thursday: teams release on Thursdays, and the sync comes on the evening of that day.
FIRST_SYNC = date(2026, 8, 20)
SYNC_HOUR = 11
WEEKS = 12
BEFORE = 84
AFTER = WEEKS * 7
NEVER = AFTER + 60

FREEZE = (date(2026, 10, 31), date(2026, 11, 16))
"""Double 11: the shops' busiest days, on which nothing is launched."""


def day_of(day: int) -> date:
    """The date of a story day; day 0 is the first sync."""
    return FIRST_SYNC + timedelta(days=day)


def moment(day: int, hour: int = 3, minute: int = 0) -> datetime:
    """A UTC instant on a story day (hour 3 is 11:00 in Shanghai)."""
    return datetime.combine(day_of(day), time(hour, minute), tzinfo=UTC)


def release_day(day: int) -> int:
    """The next Thursday on or after a story day that lies outside the freeze."""
    day += (3 - day_of(day).weekday()) % 7
    return day if not FREEZE[0] <= day_of(day) <= FREEZE[1] else release_day(day + 7)


def workday(day: int) -> int:
    """Story day moved forward off a weekend."""
    return day + max(0, 7 - day_of(day).weekday()) % 7 if day_of(day).weekday() >= 5 else day
