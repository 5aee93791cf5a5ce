"""Reads what a person types into a cell: number, percent, money, date, time, truth value, formula or text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pmosync_google_sheets.emulator.cells import Entered, Formula, fitting
from pmosync_google_sheets.emulator.patterns import MONTHS, day_serial

Format = dict[str, Any] | None
_NUMBER = re.compile(r"([+-]?)([$¥€£]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d+)?(%?)")
_ISO_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[ ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_SHORT = re.compile(r"(\d{1,2})([/-])(\d{1,2})")
_NAMED = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](?:(\d{1,2}),?[ ])?(\d{4})")
_CHINESE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp][Mm]))?")
_MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}


def typed(text: str, today: date, locale: str = "en_US", as_text: bool = False) -> tuple[Entered, Format]:
    """What typing ``text`` enters, and the number format that comes with it (None: the cell keeps its own).

    ``as_text`` is set for cells formatted as plain text, which parse nothing.
    """
    fitting(text)
    if as_text or not text.strip():
        return text or None, None
    if text.startswith("'"):
        return text[1:] or None, None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    stripped = text.strip()
    if stripped.upper() in ("TRUE", "FALSE"):
        return stripped.upper() == "TRUE", None
    return _number(stripped) or _date(stripped, today, locale) or (text, None)


def _number(text: str) -> tuple[Entered, Format] | None:
    match = _NUMBER.fullmatch(text)
    if not match or not re.search(r"\d", (match.group(3) or "") + (match.group(4) or "")):
        return None
    sign, money, whole, fraction, power, percent = match.groups()
    value = float((whole.replace(",", "") or "0") + (fraction or "") + (power or ""))
    value = -value if sign == "-" else value
    return (value / 100 if percent else value), _number_format(money, whole, fraction or "", power or "", percent)


def _number_format(money: str, whole: str, fraction: str, power: str, percent: str) -> Format:
    decimals = ".00" if len(fraction) > 1 else ""
    if percent:
        return {"type": "PERCENT", "pattern": f"0{decimals}%"}
    if money:
        return {"type": "CURRENCY", "pattern": f'"{money}"#,##0{decimals}'}
    if power:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return {"type": "NUMBER", "pattern": f"#,##0{decimals}"} if "," in whole else None


def _date(text: str, today: date, locale: str) -> tuple[Entered, Format] | None:
    for reader in (_iso, _slashed, _named, _time):
        found = reader(text)
        if found:
            return found
    return _short(text, today) or (_chinese(text, today) if locale.startswith("zh") else None)


def _iso(text: str) -> tuple[Entered, Format] | None:
    month = _MONTH.fullmatch(text)
    if month:
        return _dated(int(month.group(1)), int(month.group(2)), 1, "yyyy-mm")
    match = _ISO_DATE.fullmatch(text)
    if not match:
        return None
    year, mark, month_text, day, *clock = match.groups()
    pattern = mark.join(("yyyy", "mm" if len(month_text) == 2 else "m", "dd" if len(day) == 2 else "d"))
    return _dated(int(year), int(month_text), int(day), pattern, clock)


def _slashed(text: str) -> tuple[Entered, Format] | None:
    match = _SLASHED.fullmatch(text)
    if not match:
        return None
    month, day, year, *clock = match.groups()
    full = int(year) + (2000 if len(year) == 2 and int(year) < 70 else 1900 if len(year) == 2 else 0)
    return _dated(full, int(month), int(day), "m/d/yyyy" if len(year) == 4 else "m/d/yy", clock)


def _named(text: str) -> tuple[Entered, Format] | None:
    match = _NAMED.fullmatch(text)
    month = _MONTHS.get(match.group(2)[:3].lower()) if match else None
    if not match or not month:
        return None
    before, name, after, year = match.groups()
    word = "mmm" if len(name) == 3 else "mmmm"
    if before:
        return _dated(int(year), month, int(before), f"d {word} yyyy")
    return _dated(int(year), month, int(after or 1), f"{word} d, yyyy" if after else f"{word} yyyy")


def _short(text: str, today: date) -> tuple[Entered, Format] | None:
    match = _SHORT.fullmatch(text)
    if not match:
        return None
    return _dated(today.year, int(match.group(1)), int(match.group(3)), f"m{match.group(2)}d")


def _chinese(text: str, today: date) -> tuple[Entered, Format] | None:
    match = _CHINESE.fullmatch(text)
    if not match:
        return None
    year, month, day = match.groups()
    return _dated(int(year or today.year), int(month), int(day), 'yyyy"年"m"月"d"日"' if year else 'm"月"d"日"')


def _dated(
    year: int, month: int, day: int, pattern: str, clock: list[str | None] | None = None
) -> tuple[Entered, Format] | None:
    """The serial number of a date and the format it is shown with; None where the calendar has no such day."""
    try:
        serial = day_serial(date(year, month, day))
    except ValueError:
        return None
    if not clock or clock[0] is None:
        return serial, {"type": "DATE", "pattern": pattern}
    seconds = _seconds([int(part or 0) for part in clock])
    return (
        None if seconds is None else (serial + seconds / 86400, {"type": "DATE_TIME", "pattern": f"{pattern} h:mm:ss"})
    )


def _seconds(clock: list[int]) -> int | None:
    hours, minutes, seconds = clock
    return hours * 3600 + minutes * 60 + seconds if hours < 24 and minutes < 60 and seconds < 60 else None


def _time(text: str) -> tuple[Entered, Format] | None:
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hours, minutes, half = int(match.group(1)), int(match.group(2)), (match.group(4) or "").lower()
    if minutes > 59 or (half and not 1 <= hours <= 12):
        return None
    hours = hours % 12 + (12 if half == "pm" else 0) if half else hours
    seconds = hours * 3600 + minutes * 60 + int(match.group(3) or 0)
    return seconds / 86400, {
        "type": "TIME",
        "pattern": "h:mm am/pm" if half else "h:mm:ss" if match.group(3) else "h:mm",
    }
