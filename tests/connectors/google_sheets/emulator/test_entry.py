"""What typing enters, and what a person sees of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator.cells import Formula
from pmosync_google_sheets.emulator.entry import typed
from pmosync_google_sheets.emulator.patterns import day_serial, general, moment, show, through

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("42", 42, "42"),
        ("0042", 42, "42"),
        ("-1.50", -1.5, "-1.5"),
        ("2,000,000.01", 2000000.01, "2,000,000.01"),
        ("12%", 0.12, "12%"),
        ("12.5%", 0.125, "12.50%"),
        ("$5", 5, "$5"),
        ("1e3", 1000, "1.00E+03"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("1999-01-02", 36162, "1999-01-02"),
        ("2026/12/5", 46361, "2026/12/5"),
        ("12/5/2026", 46361, "12/5/2026"),
        ("Dec 5, 2026", 46361, "Dec 5, 2026"),
        ("5 December 2026", 46361, "5 December 2026"),
        ("2026-12-05 06:00", 46361.25, "2026-12-05 6:00:00"),
        ("12/5", 46361, "12/5"),
        ("06:30", 0.2708333333333333, "6:30"),
        ("6:30 PM", 0.7708333333333334, "6:30 PM"),
    ],
)
def test_numbers_dates_and_times_are_parsed_and_shown_as_typed(text: str, value: float, shown: str) -> None:
    """The number format that comes with the entry shows it the way it was typed."""
    entered, look = typed(text, TODAY)
    assert entered == pytest.approx(value)
    assert isinstance(entered, int | float)
    assert show(entered, look) == shown


@pytest.mark.parametrize(
    "text",
    [
        "3_1_0",
        "2026-13-01",
        "2026-02-30",
        "12月底",
        "2026Q4",
        "TBD",
        "PAY-41",
        "1,00",
        "2026.12.5",
        "十二月",
        "+",
        "-",
        "1 2",
        "=",
        "99:99",
        "T1",
    ],
)
def test_what_is_neither_stays_text(text: str) -> None:
    """Impossible dates and anything unknown stay as typed."""
    assert typed(text, TODAY) == (text, None)


def test_truth_formula_quote_and_blank() -> None:
    """TRUE in any case is a truth value, = starts a formula, a leading quote makes text, nothing is nothing."""
    assert typed("true", TODAY) == (True, None)
    assert typed("=1+1", TODAY) == (Formula("=1+1"), None)
    assert typed("'=1+1", TODAY) == ("=1+1", None)
    assert typed("", TODAY) == (None, None)
    assert typed("2020-01-01", TODAY, as_text=True) == ("2020-01-01", None)


def test_chinese_dates_are_dates_in_a_chinese_sheet_only() -> None:
    """The locale decides."""
    assert typed("12月5日", TODAY) == ("12月5日", None)
    entered, look = typed("2026年12月5日", TODAY, "zh_CN")
    assert entered == 46361
    assert show(46361, look, "zh_CN") == "2026年12月5日"
    assert typed("12月5日", TODAY, "zh_CN")[0] == 46361


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_iso_dates_round_trip(day: date) -> None:
    """Typed, counted, shown: the same day."""
    entered, look = typed(day.isoformat(), TODAY)
    assert entered == day_serial(day)
    assert show(day_serial(day), look) == day.isoformat()
    assert moment(day_serial(day)).date() == day


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (2, "2"),
        (1.5, "1.5"),
        (1 / 1024, "0.0009765625"),
        (1 / 3, "0.3333333333"),
        (0.1 + 0.2, "0.3"),
        (-7.25, "-7.25"),
        (1e15, "1E+15"),
        (123456.789, "123456.789"),
    ],
)
def test_plain_numbers(number: float, shown: str) -> None:
    """Without a format: no trailing zeros, ten significant digits."""
    assert general(number) == shown


@pytest.mark.parametrize(
    ("number", "pattern", "shown"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (-3, "+0;-0;0", "-3"),
        (3, "+0;-0;0", "+3"),
        (0, "+0;-0;0", "0"),
        (0.256, "0%", "26%"),
        (5, "000", "005"),
        (1.005, "0.00", "1.01"),
        (2.5, "0.##", "2.5"),
        (7, '0" wd"', "7 wd"),
        (46361, "ddd d mmm yyyy", "Sat 5 Dec 2026"),
        (46361.5, "yyyy-mm-dd hh:mm", "2026-12-05 12:00"),
        (46361.75, "h:mm am/pm", "6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
    ],
)
def test_patterns(number: float, pattern: str, shown: str) -> None:
    """Sections, thousands, percent, literals; m is minutes beside hours."""
    assert through(number, pattern) == shown


@pytest.mark.parametrize(
    ("look", "locale", "shown"),
    [
        ({"type": "DATE"}, "en_US", "12/5/2026"),
        ({"type": "DATE"}, "zh_CN", "2026/12/5"),
        ({"type": "TEXT"}, "en_US", "46361"),
        ({"type": "PERCENT"}, "en_US", "4636100.00%"),
    ],
)
def test_a_type_without_a_pattern_takes_the_locales(look: dict[str, Any], locale: str, shown: str) -> None:
    """Dates differ by locale."""
    assert show(46361, look, locale) == shown
