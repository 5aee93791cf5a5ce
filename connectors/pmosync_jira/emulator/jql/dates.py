"""Dates in queries: minute precision, read in the profile time zone of the asking account."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from .lexer import JqlError

_ABSOLUTE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?")
_PERIOD = re.compile(r"\s*(-?)((?:\d+[wdhm]\s*)+)", re.IGNORECASE)
_PIECE = re.compile(r"(\d+)([wdhm])", re.IGNORECASE)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def moment(text: str, quoted: bool, field: str, now: datetime, zone: tzinfo) -> datetime:
    """The UTC instant that a date operand means. An unquoted number is epoch milliseconds."""
    if not quoted and text.lstrip("-").isdecimal():
        return _epoch(text, field)
    if absolute := _ABSOLUTE.fullmatch(text):
        return _local(absolute, text, field, zone)
    if period := _PERIOD.fullmatch(text):
        return now + _length(period)
    raise _invalid(text, field)


def day(text: str, quoted: bool, field: str, now: datetime, zone: tzinfo) -> date:
    """The calendar day that a date operand means to the asking account."""
    return moment(text, quoted, field, now, zone).astimezone(zone).date()


def start_of_day(now: datetime, zone: tzinfo, days: int) -> datetime:
    """Local midnight, ``days`` away from today."""
    local = now.astimezone(zone).date() + timedelta(days=days)
    return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)


def _epoch(text: str, field: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise _invalid(text, field) from error


def _local(match: re.Match[str], text: str, field: str, zone: tzinfo) -> datetime:
    year, month, of_month, hour, minute = (int(part or 0) for part in match.group(1, 3, 4, 5, 6))
    try:
        return datetime(year, month, of_month, hour, minute, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _invalid(text, field) from error


def _length(match: re.Match[str]) -> timedelta:
    total = timedelta()
    for amount, unit in _PIECE.findall(match.group(2)):
        total += timedelta(**{_UNITS[unit.lower()]: min(int(amount), 100_000)})
    return -total if match.group(1) else total


def _invalid(text: str, field: str) -> JqlError:
    return JqlError(
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', "
        "'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )
