"""Dates as people type them: exact days, and coarse ones (a month, quarter, half-year) that mean their last working day.

Which day that is depends on the project's calendar, of which nothing is known here: a coarse date is kept as its last calendar
day with a mark, and ``compute.coarse`` takes the last working day.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from pmosync.mapping.instants import UnfitError
from pmosync.sheet import from_serial

EXPECTED = "a date such as 2026-12-05, 2026/12/5, 12月5日, or coarse 2026-12, 12月底, 2026Q4, 2026H2"
FIRST_YEAR, LAST_YEAR = 2000, 2099
LOOK_BACK = timedelta(days=180)
FIRST_SERIAL, LAST_SERIAL = 36526, 73050  # 2000-01-01 to 2099-12-31 as spreadsheet numbers


class TypedDay(Struct, frozen=True):
    """A day somebody typed; ``coarse`` marks the last calendar day of a month, quarter, half-year or year, or a day
    written with a "~" before it.
    """

    day: date
    coarse: bool = False


class UndecidedError(UnfitError):
    """Somebody typed that the date is not known yet."""


def typed_day(value: Any, seen: datetime | None = None) -> TypedDay:
    """The day a cell means: a real date, a spreadsheet number, or text.

    Without a year it is the next such day on or after ``seen`` − 180 days. Raises UnfitError (UndecidedError for TBD).
    """
    match value:
        case datetime():
            return TypedDay(_sane(value.date()))
        case date():
            return TypedDay(_sane(value))
        case bool():
            raise UnfitError(EXPECTED)
        case int() | float():
            return TypedDay(_numbered(value))
        case str():
            return _written(unicodedata.normalize("NFKC", value).strip(), seen)
    raise UnfitError(EXPECTED)


def yearless(value: Any) -> bool:
    """Whether a cell names a day or a month of no year: which one is meant depends on when that was first seen."""
    if not isinstance(value, str):
        return False
    text = unicodedata.normalize("NFKC", value).strip().lstrip("~").strip()
    found = next((read for form, read in _FORMS if form.fullmatch(text)), None)
    return found in (_day_of_year, _month_of_year)


def _sane(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnfitError(f"a date between {FIRST_YEAR} and {LAST_YEAR}", "years")
    return day


def _numbered(value: float) -> date:
    if FIRST_SERIAL <= value < LAST_SERIAL + 1:
        return from_serial(value)
    if 10_000_000 <= value < 100_000_000 and value == int(value):
        return _day(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
    raise UnfitError(EXPECTED)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _sane(date(year, month, day))
    except ValueError as error:
        raise (
            error if isinstance(error, UnfitError) else UnfitError("a day that the calendar has", "no-such-day")
        ) from None


def month_end(year: int, month: int) -> date:
    """The last calendar day of a month. UnfitError outside the calendar."""
    if not 1 <= month <= 12:
        raise UnfitError("a month from 1 to 12", "month")
    return _day(year, month, monthrange(year, month)[1])


# ---------------------------------------------------------------- written forms

_UNDECIDED = re.compile(r"tb[dacn]|n/?a|\?+|未定|待定|待確定|待确定|暂无|无|none|open", re.IGNORECASE)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}

Read = Callable[[re.Match[str], datetime | None], TypedDay]


def _exact(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(_day(int(found["y"]), int(found["m"]), int(found["d"])))


def _month(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(month_end(int(found["y"]), int(found["m"])), coarse=True)


def _quarter(found: re.Match[str], seen: datetime | None) -> TypedDay:
    number = _QUARTERS.get(found["q"]) or int(found["q"])
    return TypedDay(month_end(int(found["y"]), 3 * number), coarse=True)


def _half(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(month_end(int(found["y"]), 6 if found["h"] in "1上" else 12), coarse=True)


def _year(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(month_end(int(found["y"]), 12), coarse=True)


def _day_of_year(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(_next(lambda year: _day(year, int(found["m"]), int(found["d"])), seen))


def _month_of_year(found: re.Match[str], seen: datetime | None) -> TypedDay:
    return TypedDay(_next(lambda year: month_end(year, int(found["m"])), seen), coarse=True)


def _next(day_in: Callable[[int], date], seen: datetime | None) -> date:
    """The first of a day's yearly returns that is not before ``seen`` − 180 days (29 February may skip years)."""
    if seen is None:
        raise UnfitError("a date with its year", "year-missing")
    earliest = seen.date() - LOOK_BACK
    for day in _returns(day_in, earliest.year):
        if day >= earliest:
            return day
    raise UnfitError("a day that the calendar has", "no-such-day")


def _returns(day_in: Callable[[int], date], year: int) -> Iterator[date]:
    for candidate in range(year, year + 10):
        try:
            yield day_in(candidate)
        except UnfitError:
            continue


_FORMS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(form, re.IGNORECASE), read)
    for form, read in (
        (
            r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?",
            _exact,
        ),
        (r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _exact),
        (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", _exact),
        (r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _day_of_year),
        (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})", _month),
        (r"(?P<y>\d{4})年(?P<m>\d{1,2})月[底末]?", _month),
        (r"(?P<m>\d{1,2})月[底末]", _month_of_year),
        (r"(?P<y>\d{4})年?[ -]?Q(?P<q>[1-4])", _quarter),
        (r"(?P<y>\d{4})年?第?(?P<q>[1-4一二三四])季度?", _quarter),
        (r"(?P<y>\d{4})年?[ -]?H(?P<h>[12])", _half),
        (r"(?P<y>\d{4})年?(?P<h>[上下])半年", _half),
        (r"(?P<y>\d{4})年[底末]", _year),
    )
)


def _written(text: str, seen: datetime | None) -> TypedDay:
    if text.startswith("~"):
        return TypedDay(_written(text[1:].strip(), seen).day, coarse=True)
    for form, read in _FORMS:
        found = form.fullmatch(text)
        if found:
            return read(found, seen)
    if _UNDECIDED.fullmatch(text):
        raise UndecidedError(f"{EXPECTED}; leave it empty until it is decided")
    raise UnfitError(EXPECTED)
