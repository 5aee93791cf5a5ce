"""What Google answers as the grids and rows of our vocabulary. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from pmosync.rows import Located, locate, month_of
from pmosync.sheet import EPOCH, Column, Format, Formula, Kind, Link, Row, Stamp, Tab, Value, from_serial, letters
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.content import Spot


def layout_fields(more: str = "") -> str:
    """The mask of a spreadsheet's layout; ``more``: of its grid data, each with a comma behind it."""
    objects = "protectedRanges,conditionalFormats,bandedRanges,filterViews,columnGroups,merges,charts(chartId,spec)"
    data = f"data({more or 'startColumn,'}columnMetadata(developerMetadata))"
    return f"properties(title,timeZone),developerMetadata,sheets(properties,{objects},developerMetadata,{data})"


FIELDS = layout_fields()
LOOKS = "sheets(properties(sheetId),data(startRow,startColumn,rowData(values(effectiveFormat(numberFormat)))))"
TAB_KEY, COLUMN_KEY, LAYOUT_KEY, STAMP_KEY = "pmosync.tab", "pmosync.column", "pmosync.layout", "pmosync.stamp"

FIRST_DAY, LAST_DAY = 32_874, 73_050
"""Numbers outside 1990-01-01 … 2099-12-31 are not taken for dates: a typed 20261205 is a number to be judged as
text.
"""


class Area(Struct, frozen=True):
    """What stands in an area: ``range`` in A1 notation, as Google tells where the area lies now, and its rows from its first
    cell on; ragged, dates as serial numbers.
    """

    range: str
    values: list[list[Any]]


class Shown(Struct, frozen=True):
    """One sheet as ``spreadsheets.get`` tells it."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    json: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        """SheetProperties."""
        found: Mapping[str, Any] = self.json.get("properties", {})
        return found

    def remembered(self, key: str) -> str:
        """The value of the sheet's own developer metadata of that key, or ""."""
        return next((value for name, value in _pairs(self.json.get("developerMetadata", ())) if name == key), "")

    def columns(self) -> dict[str, int]:
        """Zero-based place of every column that carries its key as metadata; the first of two twins."""
        found: dict[str, int] = {}
        for block in self.json.get("data", ()):
            for place, column in enumerate(block.get("columnMetadata", ()), block.get("startColumn", 0)):
                for name, value in _pairs(column.get("developerMetadata", ())):
                    if name == COLUMN_KEY:
                        found.setdefault(value, place)
        return found


def sheets(layout: Json) -> tuple[Shown, ...]:
    """Every sheet with a grid."""
    return tuple(_shown(one) for one in layout.get("sheets", ()) if "gridProperties" in one.get("properties", {}))


def find(tab: Tab, shown: Sequence[Shown]) -> Shown | None:
    """The sheet that is this tab: by its chosen id, else by its metadata, else (input tabs only) by its title.

    A published tab is never found by title alone: it could be a tab that people made.
    """
    by_id = next((one for one in shown if one.sheet_id == tab.sheet_id), None)
    by_key = next((one for one in shown if one.remembered(TAB_KEY) == tab.key), None)
    by_title = next((one for one in shown if one.title.strip() == tab.title), None) if tab.kind is Kind.INPUT else None
    return by_id or by_key or by_title


def stamp(layout: Json) -> Stamp | None:
    """The stamp in the spreadsheet's metadata; None if there is none that can be read."""
    text = next((value for name, value in _pairs(layout.get("developerMetadata", ())) if name == STAMP_KEY), "")
    try:
        return msgspec.json.decode(text, type=Stamp) if text else None
    except msgspec.DecodeError:
        return None


def metadata_ids(entries: Iterable[Mapping[str, Any]], key: str) -> list[int]:
    """The ids of all metadata of one key."""
    return [int(one["metadataId"]) for one in entries if one.get("metadataKey") == key and "metadataId" in one]


def columns(title: str, spots: Iterable[int]) -> list[str]:
    """Whole columns of a sheet as A1 ranges."""
    return [f"{quoted(title)}!{letters(spot)}:{letters(spot)}" for spot in spots]


def quoted(title: str) -> str:
    """A whole sheet as an A1 range."""
    return "'" + title.replace("'", "''") + "'"


def header(tab: Tab, shown: Shown, values: Sequence[Sequence[Any]], *, remembered: bool = True) -> Located:
    """Where the tab's header and columns are; a published tab's header is its first row, always. ``remembered``: columns
    that the sheet itself knows count too, where ``values`` begin at its first cell.
    """
    if tab.kind is Kind.PUBLISHED:
        return Located(0, locate(_blanks(values[:1]), tab.columns).spots)
    return locate(_blanks(values), tab.columns, shown.columns() if remembered else {})


def _blanks(values: Sequence[Sequence[Any]]) -> list[Row]:
    return [tuple(map(blank, row)) for row in values]


def rows(
    values: Sequence[Sequence[Any]],
    tab: Tab,
    where: Located,
    formulas: Mapping[Spot, str] = {},
    links: Mapping[Spot, str] = {},
) -> tuple[Row, ...]:
    """Cells as plain values from the sheet's first row on: dates by their column's format, our formulas, links."""
    formats = {where.spots[column.key]: column.format for column in tab.columns if column.key in where.spots}
    dates = {place: shape for place, shape in formats.items() if shape in (Format.DATE, Format.INSTANT)}
    plain = (_dated_row(row, dates) for row in values)
    return tuple(_live(row, number, formulas, links) for number, row in enumerate(plain))


def _dated_row(row: Sequence[Any], dates: Mapping[int, Format]) -> Row:
    made = list(map(blank, row))
    for place, shape in dates.items():
        value = made[place] if place < len(made) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            made[place] = dated(value, shape)
    return tuple(made)


def _live(row: Row, number: int, formulas: Mapping[Spot, str], links: Mapping[Spot, str]) -> Row:
    """A row with what computes or leads somewhere in it as that."""
    if not (formulas or links):
        return row
    spots = ((number, place) for place in range(len(row)))
    return tuple(
        _live_value(value, formulas.get(spot, ""), links.get(spot, "")) for value, spot in zip(row, spots, strict=True)
    )


def _live_value(value: Value, formula: str, link: str) -> Value:
    if formula:
        return Formula(formula, value if not isinstance(value, Link | Formula) else None)
    return Link(value, link) if link and isinstance(value, str) else value


def firsts(values: Sequence[Sequence[Any]], tab: Tab, where: Located) -> tuple[int, ...]:
    """The date columns that hold the first day of a month: a month may have been typed, which the cell's format tells."""
    spots = (where.spots.get(column.key) for column in tab.columns if column.format is Format.DATE)
    return tuple(
        spot for spot in spots if spot is not None and any(_first(_peek(values, n, spot)) for n in range(len(values)))
    )


def months(grid: Sequence[Row], sheet: Json) -> tuple[Row, ...]:
    """Rows in which days that their cells show as months (grid data with ``LOOKS``) are those months, as typed."""
    patterns = {
        (row, column): str(one.get("effectiveFormat", {}).get("numberFormat", {}).get("pattern", ""))
        for block in sheet.get("data", ())
        for row, line in enumerate(block.get("rowData", ()), block.get("startRow", 0))
        for column, one in enumerate(line.get("values", ()), block.get("startColumn", 0))
    }
    return tuple(
        tuple(_month(value, patterns.get((row, column), "")) for column, value in enumerate(line))
        for row, line in enumerate(grid)
    )


def _month(value: Value, pattern: str) -> Value:
    plain = isinstance(value, date) and not isinstance(value, datetime)
    return (month_of(value, pattern) or value) if plain and isinstance(value, date) else value


def _first(value: Any) -> bool:
    day = dated(value, Format.DATE) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return isinstance(day, date) and day.day == 1


def dated(number: float, shape: Format | None) -> Value:
    """A number in a date column as the date it stands for; implausible ones stay numbers."""
    if shape not in (Format.DATE, Format.INSTANT) or not FIRST_DAY <= number < LAST_DAY:
        return number
    if shape is Format.DATE:
        return from_serial(number)
    midnight = datetime(EPOCH.year, EPOCH.month, EPOCH.day)  # noqa: DTZ001 — a cell's instant has no zone of its own
    return midnight + timedelta(seconds=round(number * 86400))


def blank(value: Any) -> Value:
    """A JSON scalar as a value; "" is an empty cell."""
    if value is None or value == "":
        return None
    return value if isinstance(value, (str, int, float)) else str(value)


def _peek(grid: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def _shown(json: Json) -> Shown:
    properties = json["properties"]
    grid = properties["gridProperties"]
    return Shown(
        properties.get("sheetId", 0),
        properties.get("title", ""),
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        json,
    )


def _pairs(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(str(one.get("metadataKey", "")), str(one.get("metadataValue", ""))) for one in entries]


def labels(columns: Sequence[Column]) -> Row:
    """The header row of a tab."""
    return tuple(column.label for column in columns)
