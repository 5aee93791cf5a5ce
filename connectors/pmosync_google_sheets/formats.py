"""How the values of many rows are shown, told once a column and not once a cell. Pure.

A number format is longer than most values: in a table of 160,000 cells it would be two thirds of what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pmosync.sheet import Column, Row
from pmosync_google_sheets.cells import PATTERNS, Json, grid_range, odd_pattern

MANY = 4
"""From so many rows on the formats of their columns take fewer bytes than those of their cells."""

FIELD = "userEnteredFormat.numberFormat"


def columns(sheet_id: int, first: int, last: int, wanted: Sequence[Column]) -> Iterator[Json]:
    """Give rows ``first`` to ``last`` (half-open) the number formats of their columns, and no other to the right end of the
    grid.
    """
    yield _shown(grid_range(sheet_id, first, last, 0, None), None)
    for pattern, run in groupby(enumerate(wanted), key=lambda pair: PATTERNS.get(pair[1].format)):
        places = [place for place, _ in run]
        if pattern:
            yield _shown(grid_range(sheet_id, first, last, places[0], places[-1] + 1), pattern)


def exceptions(sheet_id: int, first: int, rows: Sequence[Row], wanted: Sequence[Column]) -> Iterator[Json]:
    """The cells that their column's format would show wrongly, such as a date among texts; below each other at once."""
    for place, column in enumerate(wanted):
        shapes = (odd_pattern(row[place], column.format) if place < len(row) else None for row in rows)
        for pattern, run in groupby(enumerate(shapes, first), key=lambda pair: pair[1]):
            numbers = [number for number, _ in run] if pattern else []
            if numbers:
                yield _shown(grid_range(sheet_id, numbers[0], numbers[-1] + 1, place, place + 1), pattern)


def _shown(area: Json, pattern: Json | None) -> Json:
    look: Json = {"userEnteredFormat": {"numberFormat": dict(pattern)}} if pattern else {}
    return {"repeatCell": {"range": area, "cell": look, "fields": FIELD}}
