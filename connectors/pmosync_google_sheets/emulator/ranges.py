"""Areas of a grid: A1 notation both ways, GridRange both ways, and how areas meet."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from pmosync.sheet import letters


class Area(Struct, frozen=True):
    """Rows ``top`` (incl.) to ``bottom`` (excl.), columns ``left`` to ``right``, zero-based, on one sheet; None is unbounded."""

    sheet: int
    top: int | None = None
    left: int | None = None
    bottom: int | None = None
    right: int | None = None


class Box(Struct, frozen=True):
    """A bounded area."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def covers(self, other: Box) -> bool:
        """Whether ``other`` lies wholly inside."""
        inside = (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )
        return self.sheet == other.sheet and inside

    def meets(self, other: Box) -> bool:
        """Whether the two share a cell."""
        apart = (
            other.bottom <= self.top or self.bottom <= other.top or other.right <= self.left or self.right <= other.left
        )
        return (
            self.sheet == other.sheet
            and not apart
            and self.height > 0
            and self.width > 0
            and other.height > 0
            and other.width > 0
        )


_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]+)?")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


def column_number(name: str) -> int:
    """Zero-based column of its letters: A → 0, AA → 26."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """A tab's title as it stands before ``!``: quoted unless plain."""
    if _PLAIN.fullmatch(title) and not _CELL_LIKE.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def unquoted(name: str) -> str:
    """The title without its quotes."""
    if len(name) >= 2 and name[0] == name[-1] == "'":
        return name[1:-1].replace("''", "'")
    return name


def split(text: str) -> tuple[str, str]:
    """An A1 text's title part (quotes kept) and cell part; a text without ``!`` is returned as ("", text)."""
    if text.startswith("'"):
        end = re.match(r"'(?:[^']|'')*'", text)
        if end and text[end.end() : end.end() + 1] in ("!", ""):
            return end.group(), text[end.end() + 1 :]
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else ("", text)


def corners(cells: str, sheet: int) -> Area | None:
    """The area of ``B2``, ``A1:C4``, ``A:C``, ``2:3``, ``A2:C`` … in any order of corners; None if it is no such text."""
    first, colon, last = cells.partition(":")
    start = _corner(first)
    end = _corner(last) if colon else start
    if start is None or end is None or (not colon and None in start):
        return None
    if (start[0] is None and end[0] is not None) or (start[1] is None and end[1] is not None):
        start, end = end, start
    top, bottom = _ordered(start[0], end[0])
    left, right = _ordered(start[1], end[1])
    return Area(sheet, top, left, bottom, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    match = _CORNER.fullmatch(text)
    if not match or not text or match.group(2) == "0":
        return None
    row = int(match.group(2)) - 1 if match.group(2) else None
    column = column_number(match.group(1)) if match.group(1) else None
    return (row, column) if (row, column) != (None, None) else None


def _ordered(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    if start is not None and end is not None:
        return min(start, end), max(start, end) + 1
    return start, None


def a1(title: str, box: Box) -> str:
    """A bounded area as the API prints it."""
    first = f"{letters(box.left)}{box.top + 1}"
    last = f"{letters(box.right - 1)}{box.bottom}"
    return f"{quoted(title)}!{first}" if first == last else f"{quoted(title)}!{first}:{last}"


def area_of(grid_range: dict[str, Any]) -> Area:
    """The area of a GridRange; a missing sheetId is 0."""
    return Area(
        grid_range.get("sheetId", 0),
        grid_range.get("startRowIndex"),
        grid_range.get("startColumnIndex"),
        grid_range.get("endRowIndex"),
        grid_range.get("endColumnIndex"),
    )


def grid_range(area: Area | Box) -> dict[str, Any]:
    """The GridRange of an area: what is unbounded is left out; ``sheetId`` is always told."""
    told = {
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }
    return {"sheetId": area.sheet} | {name: number for name, number in told.items() if number is not None}


def bounded(area: Area, rows: int, columns: int) -> Box:
    """The area cut to a grid of that size."""
    top, left = area.top or 0, area.left or 0
    bottom = rows if area.bottom is None else min(area.bottom, rows)
    right = columns if area.right is None else min(area.right, columns)
    return Box(area.sheet, top, left, max(bottom, top), max(right, left))
