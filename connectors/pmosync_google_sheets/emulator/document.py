"""A spreadsheet and its tabs. A committed spreadsheet is never changed: edits work on a copy that shares rows and objects."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pmosync_google_sheets.emulator.cells import BLANK, Cell, Row
from pmosync_google_sheets.emulator.ranges import Area, Box, bounded
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
NO_CELLS: Row = {}
NO_PROPERTIES: Json = {}


class Sheet:
    """A tab. ``rows`` has a Row for every grid row (shared, replaced when changed); ``row_looks`` and ``column_looks`` hold
    DimensionProperties; the other lists hold the API's own objects with ``sheetId`` always told."""

    def __init__(self, number: int, title: str, rows: int = 1000, columns: int = 26) -> None:
        self.id = number
        self.title = title
        self.rows: list[Row] = [NO_CELLS] * rows
        self.row_looks: list[Json] = [NO_PROPERTIES] * rows
        self.column_looks: list[Json] = [NO_PROPERTIES] * columns
        self.grid: Json = {}
        self.extra: Json = {}
        self.merges: list[Json] = []
        self.protected: list[Json] = []
        self.conditional: list[Json] = []
        self.bandings: list[Json] = []
        self.filter: Json | None = None
        self.filter_views: list[Json] = []
        self.charts: list[Json] = []
        self.row_groups: list[Json] = []
        self.column_groups: list[Json] = []

    @property
    def row_count(self) -> int:
        """Rows of the grid."""
        return len(self.rows)

    @property
    def column_count(self) -> int:
        """Columns of the grid."""
        return len(self.column_looks)

    def copy(self) -> Sheet:
        """A copy that may be edited; rows and objects are shared."""
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, list | dict):
                setattr(twin, name, value.copy())
        return twin

    def cell(self, row: int, column: int) -> Cell:
        """A cell, blank if nothing is there."""
        return self.rows[row].get(column, BLANK) if row < len(self.rows) else BLANK

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace one cell."""
        self.put_row(row, {column: cell})

    def put_row(self, row: int, cells: Row) -> None:
        """Replace some cells of a row."""
        line = {**self.rows[row], **cells}
        for column, cell in cells.items():
            if cell == BLANK:
                del line[column]
        self.rows[row] = line or NO_CELLS

    def box(self, area: Area) -> Box:
        """The part of an area that lies on the grid."""
        return bounded(area, self.row_count, self.column_count)

    def whole(self) -> Box:
        """All of the grid."""
        return Box(self.id, 0, 0, self.row_count, self.column_count)

    def filled(self, box: Box) -> Iterator[tuple[int, int, Cell]]:
        """The cells in a box that hold anything, in reading order."""
        for row in range(box.top, box.bottom):
            line = self.rows[row]
            if line:
                yield from ((row, column, line[column]) for column in sorted(line) if box.left <= column < box.right)


class Spreadsheet:
    """A spreadsheet: its tabs in order, named ranges, developer metadata and properties."""

    def __init__(self, number: str, title: str) -> None:
        self.id = number
        self.properties: Json = {"title": title, "locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
        self.sheets: list[Sheet] = [Sheet(0, "Sheet1")]
        self.named: list[Json] = []
        self.metadata: list[Json] = []

    def copy(self) -> Spreadsheet:
        """A copy that may be edited."""
        twin = copy.copy(self)
        twin.properties = dict(self.properties)
        twin.sheets = [sheet.copy() for sheet in self.sheets]
        twin.named = list(self.named)
        twin.metadata = list(self.metadata)
        return twin

    @property
    def locale(self) -> str:
        """Such as ``en_US`` or ``zh_CN``."""
        return str(self.properties["locale"])

    def find(self, number: int) -> Sheet | None:
        """The tab with that sheetId."""
        return next((sheet for sheet in self.sheets if sheet.id == number), None)

    def sheet(self, number: int, kind: str = "grid") -> Sheet:
        """The tab with that sheetId. Raises Refusal, in which ``kind`` is what the request calls it: grid or sheet."""
        found = self.find(number)
        if found is None:
            raise invalid(f"No {kind} with id: {number}")
        return found

    def titled(self, title: str) -> Sheet | None:
        """The tab with that title; without regard to case if none fits exactly."""
        exact = next((sheet for sheet in self.sheets if sheet.title == title), None)
        return exact or next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def first_visible(self) -> Sheet:
        """The tab that a range without a title means."""
        return next((sheet for sheet in self.sheets if not sheet.extra.get("hidden")), self.sheets[0])

    def cells_used(self) -> int:
        """Cells of all grids, empty ones too: what counts towards the limit."""
        return sum(sheet.row_count * sheet.column_count for sheet in self.sheets)


def resize(document: Spreadsheet, sheet: Sheet, rows: int, columns: int) -> None:
    """Grow or cut a grid at its end. Raises Refusal beyond the limits."""
    growth = rows * columns - sheet.row_count * sheet.column_count
    if columns > MAX_COLUMNS or document.cells_used() + growth > MAX_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )
    _fit(sheet.rows, rows, NO_CELLS)
    _fit(sheet.row_looks, rows, NO_PROPERTIES)
    if columns < sheet.column_count:
        sheet.rows = [_narrowed(row, columns) for row in sheet.rows]
    _fit(sheet.column_looks, columns, NO_PROPERTIES)


def _fit(items: list[Any], size: int, filler: Any) -> None:
    del items[size:]
    items.extend([filler] * (size - len(items)))


def _narrowed(row: Row, columns: int) -> Row:
    if not row or max(row) < columns:
        return row
    return {column: cell for column, cell in row.items() if column < columns} or NO_CELLS
