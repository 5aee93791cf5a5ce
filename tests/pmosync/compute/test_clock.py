"""A project's clock: which day it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.calendars import Clock
from pmosync.compute.workdays import EVERY_DAY

ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "Pacific/Kiritimati",
    "Asia/Kolkata",
)
INSTANTS = st.lists(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds take no zone
    max_size=12,
)


@given(INSTANTS, st.dates(date(2023, 12, 1), date(2027, 2, 1)), st.sampled_from(ZONES))
def test_how_many_by_a_day(instants: list[datetime], day: date, zone: str) -> None:
    """What lies on a day or before it, as the project's own calendar has it, is what looking at each instant tells."""
    clock = Clock(EVERY_DAY, ZoneInfo(zone), date(2026, 1, 1))
    near = [datetime(day.year, day.month, day.day, 22, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(-50, 50)]
    told = sorted((*instants, *near))
    assert clock.by(told, day) == sum(clock.day(at) <= day for at in told)


def test_the_last_day_there_is() -> None:
    """Everything lies on it or before it."""
    clock = Clock(EVERY_DAY, ZoneInfo("UTC"), date(2026, 1, 1))
    assert clock.by([datetime(2026, 1, 1, tzinfo=UTC)], date.max) == 1
