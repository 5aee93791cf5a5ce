"""Dates as people type them and as systems write them."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.mapping.dates import TypedDay, UndecidedError, typed_day, yearless
from pmosync.mapping.instants import UnfitError, as_date, as_instant
from pmosync.sheet import serial

SEEN = datetime(2026, 11, 20, 9, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_exact_form_means_the_same_day(day: date) -> None:
    """A real date, its spreadsheet number and all written forms are one day, never coarse."""
    y, m, d = day.year, day.month, day.day
    forms: list[Any] = [
        day,
        datetime(y, m, d, 23, 59),  # noqa: DTZ001 - a cell's moment has no zone
        serial(day),
        int(serial(day)),
        serial(day) + 0.75,
        y * 10_000 + m * 100 + d,
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}{m:02}{d:02}",
        f"{y}年{m}月{d}日",
        f" {y}-{m}-{d} 00:00:00 ",
        f"{y}／{m:02}／{d:02}",
    ]
    assert {typed_day(form) for form in forms} == {TypedDay(day)}


@given(DAYS)
def test_coarse_forms_are_kept_with_their_mark(day: date) -> None:
    """A month, quarter or half-year is kept as its last calendar day, marked: which working day that means is for the
    project's calendar to say. A day with "~" before it is as coarse.
    """
    y, m = day.year, day.month
    quarter, half = (m + 2) // 3, 1 if m <= 6 else 2
    for forms, last in (
        ([f"{y}-{m:02}", f"{y}年{m}月", f"{y}年{m}月底", f"{y}/{m}"], m),
        ([f"{y}Q{quarter}", f"{y} q{quarter}", f"{y}年第{'一二三四'[quarter - 1]}季度"], 3 * quarter),
        ([f"{y}H{half}", f"{y}年{'上下'[half - 1]}半年"], 6 * half),
    ):
        expected = TypedDay(date(y, last, monthrange(y, last)[1]), coarse=True)
        forms.append(f"~{y}-{last:02}-{monthrange(y, last)[1]}")
        assert {typed_day(form) for form in forms} == {expected}


@given(MOMENTS, DAYS)
def test_a_day_without_year_is_the_next_one_from_half_a_year_back(seen: datetime, day: date) -> None:
    """12月5日 is the first 5 December on or after the moment it was seen − 180 days."""
    found = typed_day(f"{day.month}月{day.day}日", seen).day
    earliest = seen.date() - timedelta(days=180)
    assert (found.month, found.day) == (day.month, day.day)
    assert found >= earliest
    assert found - earliest < timedelta(days=366 * 8)
    if (day.month, day.day) != (2, 29):
        assert found.replace(year=found.year - 1) < earliest


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12月5日", date(2026, 12, 5)),
        ("5月24日", date(2026, 5, 24)),
        ("5月23日", date(2027, 5, 23)),
        ("12月底", date(2026, 12, 31)),
        ("2月末", date(2027, 2, 28)),
        ("2月29日", date(2028, 2, 29)),
    ],
)
def test_without_year_worked_examples(typed: str, day: date) -> None:
    """Seen on 20 November 2026, 180 days back is 24 May 2026."""
    assert typed_day(typed, SEEN).day == day


@pytest.mark.parametrize("typed", ["TBD", "tbc", "待定", "未定", "？", "n/a"])
def test_an_open_date_is_told_apart(typed: str) -> None:
    """Words for "not known yet" are a finding of their own."""
    with pytest.raises(UndecidedError):
        typed_day(typed, SEEN)


@pytest.mark.parametrize(
    "typed",
    ["soon", "2026-13-01", "2026-02-30", "31/12/2026", "12/5", "2026-1/5", "1899-12-30", "2026Q5", "13月5日", "2月30日",
     "", True, None, 2026.12, 12, 1e300, -5, float("nan"), float("inf"), [], "2026-12-05 or later", "'2026-12-05"],
)  # fmt: skip
def test_anything_else_is_refused(typed: object) -> None:
    """What is not surely a date is refused, with what is expected."""
    with pytest.raises(UnfitError, match=r".+"):
        typed_day(typed, SEEN)


def test_a_day_without_year_needs_a_moment() -> None:
    """Without knowing when it was typed, no year is guessed."""
    with pytest.raises(UnfitError, match="year"):
        typed_day("12月5日")


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), st.booleans()))
def test_no_value_breaks_the_reading(value: object) -> None:
    """Any value is read or refused; nothing else is raised."""
    for read in (lambda: typed_day(value, SEEN), lambda: as_instant(value), lambda: as_date(value)):
        with suppress(UnfitError):
            read()


@given(MOMENTS, OFFSETS)
def test_instants_become_utc(moment: datetime, offset: timezone) -> None:
    """ISO text with an offset and epoch milliseconds are UTC instants."""
    whole = moment.replace(microsecond=0).astimezone(offset)
    assert as_instant(whole.isoformat()) == whole
    assert as_instant(int(whole.timestamp() * 1000)) == whole
    assert as_instant(whole.isoformat()).tzinfo is UTC


def test_what_jira_and_gitlab_write() -> None:
    """Offsets without a colon and Z are read; a time without offset is refused; a date keeps its written day."""
    assert as_instant("2018-09-12T21:25:14.000+0800") == datetime(2018, 9, 12, 13, 25, 14, tzinfo=UTC)
    assert as_instant("2026-11-20T09:02:06.047Z").microsecond == 47_000
    with pytest.raises(UnfitError):
        as_instant("2026-11-20T09:02:06")
    assert as_date("2026-12-05") == date(2026, 12, 5)
    assert as_date("2026-12-05T23:00:00.000-0800") == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("typed", "without"),
    [
        ("12月5日", True),
        ("~12月5日", True),
        ("１２月底", True),
        ("2026年12月5日", False),
        ("2026-12", False),
        ("soon", False),
        (5, False),
    ],
)
def test_which_cells_name_no_year(typed: object, without: bool) -> None:
    """Those whose year depends on when they were first seen."""
    assert yearless(typed) is without
