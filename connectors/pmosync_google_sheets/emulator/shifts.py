"""What inserting, deleting and moving rows or columns does to places, areas and everything that holds an area."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pmosync_google_sheets.emulator.ranges import Area, area_of, grid_range

ROWS, COLUMNS = "ROWS", "COLUMNS"
_RANGE_KEYS = {"sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"}
_COORDINATE_KEYS = {"sheetId", "rowIndex", "columnIndex"}
_DIMENSION_KEYS = {"sheetId", "dimension", "startIndex", "endIndex"}


class Shift(Struct, frozen=True):
    """One structural edit of a sheet. ``kind``: ``insert`` (``count`` before ``start``), ``delete`` (``count`` from ``start``) or
    ``move`` (``count`` from ``start`` to before ``target``)."""

    sheet: int
    dimension: str
    kind: str
    start: int
    count: int
    target: int = 0

    def point(self, place: int) -> int | None:
        """Where a row or column stands afterwards; None if it was deleted."""
        end = self.start + self.count
        match self.kind:
            case "insert":
                return place + self.count if place >= self.start else place
            case "delete":
                return place if place < self.start else None if place < end else place - self.count
        return self._moved(place)

    def _moved(self, place: int) -> int:
        end = self.start + self.count
        goal = self.target if self.target <= self.start else self.target - self.count
        if self.start <= place < end:
            return goal + place - self.start
        closed = place - self.count if place >= end else place
        return closed + self.count if closed >= goal else closed

    def span(self, start: int | None, end: int | None) -> tuple[int | None, int | None] | None:
        """Where a stretch (end exclusive, None open) stands afterwards; None if nothing of it is left."""
        if start is None and end is None:
            return None, None
        begin = start or 0
        if self.kind == "delete":
            return self._cut(start, begin, end)
        first = self.point(begin)
        last = None if end is None else self.point(end - 1)
        if self.kind == "move" and first is not None and last is not None:
            first, last = min(first, last), max(first, last)
        return (None if start is None else first), (None if last is None else last + 1)

    def _cut(self, start: int | None, begin: int, end: int | None) -> tuple[int | None, int | None] | None:
        stop = self.start + self.count
        first = begin if begin < self.start else max(begin, stop) - self.count
        if end is None:
            return (None if start is None else first), None
        last = end if end <= self.start else max(end, stop) - self.count
        return ((None if start is None else first), last) if last > first else None

    def area(self, area: Area) -> Area | None:
        """Where an area stands afterwards; None if all of it was deleted."""
        if area.sheet != self.sheet:
            return area
        span = self.span(area.top, area.bottom) if self.dimension == ROWS else self.span(area.left, area.right)
        if span is None:
            return None
        if self.dimension == ROWS:
            return Area(area.sheet, span[0], area.left, span[1], area.right)
        return Area(area.sheet, area.top, span[0], area.bottom, span[1])


GONE = object()
"""Stands for something whose whole place was deleted."""


def follow(value: Any, shift: Shift) -> Any:
    """``value`` (JSON) with every GridRange, GridCoordinate and DimensionRange in it moved; GONE if its place is gone."""
    if isinstance(value, list):
        moved = [follow(item, shift) for item in value]
        return [item for item in moved if item is not GONE]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= _RANGE_KEYS:
        area = shift.area(area_of(value))
        return GONE if area is None else grid_range(area)
    if value and value.keys() <= _COORDINATE_KEYS:
        return _coordinate(value, shift)
    if "dimension" in value and value.keys() <= _DIMENSION_KEYS:
        return _dimension(value, shift)
    return _object(value, shift)


def _coordinate(value: dict[str, Any], shift: Shift) -> Any:
    if value.get("sheetId", 0) != shift.sheet:
        return value
    name = "rowIndex" if shift.dimension == ROWS else "columnIndex"
    # What is anchored on a deleted row stays, on the row that took its place.
    place = shift.point(value.get(name, 0))
    return value | {name: shift.start if place is None else place}


def _dimension(value: dict[str, Any], shift: Shift) -> Any:
    if value.get("sheetId", 0) != shift.sheet or value["dimension"] != shift.dimension:
        return value
    span = shift.span(value.get("startIndex"), value.get("endIndex"))
    if span is None:
        return GONE
    return value | {
        name: place for name, place in zip(("startIndex", "endIndex"), span, strict=True) if place is not None
    }


def _object(value: dict[str, Any], shift: Shift) -> Any:
    result = {}
    for name, item in value.items():
        moved = follow(item, shift)
        if moved is GONE or (name == "ranges" and item and not moved):
            return GONE
        result[name] = moved
    return result
