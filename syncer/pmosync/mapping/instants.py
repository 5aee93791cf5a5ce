"""Dates and instants as systems write them: exact, or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any


class UnfitError(ValueError):
    """A value is not what its field needs; ``expected`` says what would be, and ``which`` is a stable word for it where a
    person is told in another language ("" = the usual one of the field).
    """

    def __init__(self, expected: str, which: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.which = which


def as_instant(value: Any) -> datetime:
    """UTC instant of ISO text with an offset or of epoch milliseconds. UnfitError for anything else."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise UnfitError("a time with its offset")


def as_date(value: Any) -> date:
    """The day of ISO text; of a full timestamp, the day as written. UnfitError for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value if len(value) <= 10 else value[: value.index("T")])
        except ValueError:
            pass
    raise UnfitError("a date such as 2026-12-05")
