"""Values as the Sheets API writes them: typed, never parsed, a formula only where it is one of our own. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from pmosync.sheet import Column, Format, Formula, Link, Row, Value, serial

Json = dict[str, Any]

VALUES = "userEnteredValue,userEnteredFormat.textFormat.link"
"""What a cell says and where it leads, its number format apart."""

FIELDS = f"{VALUES},userEnteredFormat.numberFormat"
"""What a written cell replaces: notes, validation, colours and widths stay as they are."""

BLOCK = 1_500_000
"""Bytes of JSON in one block of rows; Google recommends requests of at most 2 MB."""

PATTERNS: Mapping[Format, Json] = {
    Format.DATE: {"type": "DATE", "pattern": "yyyy-mm-dd"},
    Format.INSTANT: {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
    Format.INTEGER: {"type": "NUMBER", "pattern": "#,##0"},
    Format.SIGNED: {"type": "NUMBER", "pattern": "+#,##0;-#,##0;0"},
    Format.NUMBER: {"type": "NUMBER", "pattern": "#,##0.0#"},
    Format.PERCENT: {"type": "PERCENT", "pattern": "0%"},
    Format.MONEY: {"type": "NUMBER", "pattern": "#,##0"},
}


def cell(value: Value, shape: Format, gids: Mapping[str, int]) -> Json:
    """One CellData. ``gids`` gives the sheetId of each tab key, for links inside the workbook."""
    made = content(value, gids)
    if value is None or not (pattern := _pattern(value, shape)):
        return made
    return {**made, "userEnteredFormat": {"numberFormat": dict(pattern)}}


def content(value: Value, gids: Mapping[str, int]) -> Json:
    """A CellData that says nothing of how its value is shown."""
    if value is None:
        return {}
    made: Json = {"userEnteredValue": _entered(value)}
    if isinstance(value, Link):
        made["userEnteredFormat"] = {"textFormat": {"link": {"uri": address(value.url, gids)}}}
    return made


def row(values: Row, columns: Sequence[Column], gids: Mapping[str, int]) -> Json:
    """One RowData, a cell a column."""
    return {"values": [cell(value, column.format, gids) for value, column in zip(values, columns, strict=False)]}


def contents(values: Row, columns: Sequence[Column], gids: Mapping[str, int]) -> Json:
    """One RowData for ``VALUES``, a cell a column."""
    return {"values": [content(value, gids) for value, _ in zip(values, columns, strict=False)]}


def write(sheet_id: int, first: int, rows: Sequence[Json], width: int | None, fields: str = FIELDS) -> Json:
    """``updateCells`` of an absolute range; what ``rows`` leave empty in it is cleared. ``width`` None: to the right end of
    the grid, wherever that is by then.
    """
    area = grid_range(sheet_id, first, first + len(rows), 0, width)
    return {"updateCells": {"range": area, "rows": list(rows), "fields": fields}}


def clear(sheet_id: int, first: int, last: int, width: int | None) -> Json:
    """``updateCells`` without rows: empties everything in the range. ``width`` as in ``write``."""
    return {"updateCells": {"range": grid_range(sheet_id, first, last, 0, width), "fields": FIELDS}}


def size_of(told: Json) -> int:
    """The bytes that it takes in a request."""
    return len(msgspec.json.encode(told))


def blocks(first: int, rows: Sequence[Json]) -> Iterator[tuple[int, list[Json]]]:
    """Cut rows into blocks small enough for one request, each with its absolute first row."""
    block: list[Json] = []
    size = 0
    for number, one in enumerate(rows):
        weight = size_of(one)
        if block and size + weight > BLOCK:
            yield first + number - len(block), block
            block, size = [], 0
        block.append(one)
        size += weight
    if block:
        yield first + len(rows) - len(block), block


def grid_range(sheet_id: int, top: int, bottom: int | None, left: int, right: int | None) -> Json:
    """A half-open GridRange; None leaves an end open."""
    area = {"sheetId": sheet_id, "startRowIndex": top, "startColumnIndex": left}
    if bottom is not None:
        area["endRowIndex"] = bottom
    if right is not None:
        area["endColumnIndex"] = right
    return area


INSIDE = re.compile(r"#([^!]+)!([A-Z]+[0-9]+)")
GID = re.compile(r"#gid=(\d+)&range=([A-Z]+[0-9]+)")


def address(url: str, gids: Mapping[str, int]) -> str:
    """A link as Google keeps it: ``#tab_key!A1`` becomes ``#gid=7&range=A1``."""
    match = INSIDE.fullmatch(url)
    return f"#gid={gids[match[1]]}&range={match[2]}" if match and match[1] in gids else url


def url(address: str, keys: Mapping[int, str]) -> str:
    """The other way: Google's link as our tables write it."""
    match = GID.fullmatch(address)
    return f"#{keys[int(match[1])]}!{match[2]}" if match and int(match[1]) in keys else address


def _entered(value: Value) -> Json:
    match value:
        case str():
            return {"stringValue": value}
        case Link(text=text):
            return {"stringValue": text}
        case Formula(text=text):
            return {"formulaValue": text}
        case bool():
            return {"boolValue": value}
        case int() | float() if math.isfinite(value):
            return {"numberValue": value}
        case date():
            return {"numberValue": serial(value)}
        case _:
            return {"stringValue": str(value)}


def odd_pattern(value: Value, shape: Format) -> Json | None:
    """The number format of a date that does not stand in a column of dates; None for whatever its column's format shows
    rightly (text looks the same under every one).
    """
    shown = value.value if isinstance(value, Formula) else value
    if not isinstance(shown, date) or shape in (Format.DATE, Format.INSTANT):
        return None
    return PATTERNS[Format.INSTANT if isinstance(shown, datetime) else Format.DATE]


def _pattern(value: Value, shape: Format) -> Json | None:
    shown = value.value if isinstance(value, Formula) else value
    return odd_pattern(value, shape) or (None if isinstance(shown, str | Link) else PATTERNS.get(shape))
