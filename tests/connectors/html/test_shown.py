"""How values read."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pmosync.sheet import Format, Value
from pmosync_html.cells import inner
from pmosync_html.words import ENGLISH


@pytest.mark.parametrize(
    ("value", "style", "read"),
    [
        (1234567, Format.INTEGER, "1,234,567"),
        (-3, Format.INTEGER, "−3"),
        (4, Format.SIGNED, "+4"),
        (0, Format.SIGNED, "0"),
        (-0.2, Format.SIGNED, "0"),
        (-1200, Format.SIGNED, "−1,200"),
        (2.0, Format.NUMBER, "2.0"),
        (2.25, Format.NUMBER, "2.25"),
        (0.125, Format.PERCENT, "12%"),
        (5_600_000, Format.MONEY, "5,600,000"),
        (42, Format.TEXT, "42"),
        (0.1, Format.TEXT, "0.1"),
        (46_357, Format.DATE, "2026-12-01"),
        (date(2026, 12, 1), Format.TEXT, "2026-12-01"),
        (datetime(2026, 12, 1, 8, 5, 59), Format.INSTANT, "2026-12-01 08:05"),  # noqa: DTZ001 - a cell's time is naive
        (True, Format.BOOLEAN, "yes"),
        ("007", Format.INTEGER, "007"),
        (float("nan"), Format.NUMBER, "nan"),
    ],
)
def test_values_read_by_their_column(value: Value, style: Format, read: str) -> None:
    """Digits in groups of three, signs where a column has them, dates as the calendar's standard has them."""
    told = str(inner(value, style, ENGLISH))
    assert told.partition(">")[2].partition("<")[0] or told == read
    assert read in told
