"""Requests that write cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from pmosync_google_sheets.emulator.cells import BLANK, Cell, Row, entered_of
from pmosync_google_sheets.emulator.document import Sheet, resize
from pmosync_google_sheets.emulator.draft import Draft, off_grid
from pmosync_google_sheets.emulator.edits.pasting import moved
from pmosync_google_sheets.emulator.looks import canonical, linked, paired, told
from pmosync_google_sheets.emulator.masks import Mask, update, update_mask
from pmosync_google_sheets.emulator.ranges import Box
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
Writer = Callable[[Cell, Json], Cell]
"""A cell and the CellData given for it → the cell with the masked fields set."""


def writer(fields: str) -> Writer:
    """The writer for an update mask. Raises Refusal for an empty mask or a field that is none."""
    mask = paired(update_mask(fields, "CellData"), "CellData")
    every = not mask
    parts = mask or {
        name: {} for name in ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns")
    }
    dress = _dresser(parts.get("userEnteredFormat")) if "userEnteredFormat" in parts else None
    value, note, rule, runs = (
        name in parts for name in ("userEnteredValue", "note", "dataValidation", "textFormatRuns")
    )

    def write(cell: Cell, given: Json) -> Cell:
        return Cell(
            entered_of(given.get("userEnteredValue")) if value else cell.entered,
            dress(cell.look, given.get("userEnteredFormat")) if dress else cell.look,
            given.get("note", "") if note else cell.note,
            _rule(given.get("dataValidation")) if rule else cell.rule,
            tuple(canonical(given.get("textFormatRuns") or ())) if runs else () if value and not every else cell.runs,
        )

    return write


def _rule(given: Json | None) -> Json | None:
    return told(given) if given else None


def _dresser(mask: Mask | None) -> Callable[[Json | None, Json | None], Json | None]:
    """Sets the masked parts of a format. Equal formats become one object, so that a grid of them stays small."""
    known: dict[tuple[bytes, int], Json | None] = {}
    looks: dict[bytes, Json] = {}
    alive: list[Json] = []

    def dress(current: Json | None, given: Json | None) -> Json | None:
        key = (msgspec.json.encode(given) if given else b"", id(current))
        if key not in known:
            made = linked(update(current or {}, canonical(given or {}), mask or {}))
            if current:
                alive.append(current)
            known[key] = looks.setdefault(msgspec.json.encode(made), made) if made else None
        return known[key]

    return dress


def update_cells(draft: Draft, request: Json) -> None:
    """updateCells: within ``range`` what the rows do not cover loses the masked fields; from ``start`` nothing does."""
    write = writer(request.get("fields", ""))
    rows = [row.get("values", []) for row in request.get("rows", [])]
    if "start" in request:
        sheet, box = _from_start(draft, request["start"], rows)
    elif "range" in request:
        sheet, box = draft.region(request["range"])
        _check_fit(rows, box)
    else:
        raise invalid("Exactly one of 'range' or 'start' must be set.")
    draft.guard(sheet, box)
    clears = "range" in request
    for place in range(box.height):
        _write_row(sheet, box, place, rows[place] if place < len(rows) else [], write, clears)


def _write_row(sheet: Sheet, box: Box, place: int, given: list[Json], write: Writer, clears: bool) -> None:
    row = sheet.rows[box.top + place]
    cells: Row = {column: write(row.get(column, BLANK), data) for column, data in enumerate(given, box.left)}
    if clears and len(given) < box.width:
        covered = box.left + len(given)
        cells.update({column: write(cell, {}) for column, cell in row.items() if covered <= column < box.right})
    if cells:
        sheet.put_row(box.top + place, cells)


def _from_start(draft: Draft, start: Json, rows: list[list[Json]]) -> tuple[Sheet, Box]:
    sheet, top, left = draft.spot(start)
    box = Box(sheet.id, top, left, top + len(rows), left + max((len(row) for row in rows), default=0))
    if box.bottom > sheet.row_count or box.right > sheet.column_count:
        raise off_grid(sheet, box)
    return sheet, box


def _check_fit(rows: list[list[Json]], box: Box) -> None:
    if len(rows) > box.height:
        raise invalid(f"Attempting to write row: {box.bottom}, beyond the last requested row of: {box.bottom - 1}")
    if any(len(row) > box.width for row in rows):
        raise invalid(f"Attempting to write column: {box.right}, beyond the last requested column of: {box.right - 1}")


def repeat_cell(draft: Draft, request: Json) -> None:
    """repeatCell: one CellData for every cell of the range; formulas are copied relative to the first cell."""
    write = writer(request.get("fields", ""))
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    given = request.get("cell", {})
    for row in range(box.top, box.bottom):
        line = sheet.rows[row]
        cells = {column: write(line.get(column, BLANK), given) for column in range(box.left, box.right)}
        if "formulaValue" in given.get("userEnteredValue", {}):
            cells = {column: moved(cell, row - box.top, column - box.left) for column, cell in cells.items()}
        sheet.put_row(row, cells)


def append_cells(draft: Draft, request: Json) -> None:
    """appendCells: behind the last row that holds data; rows are added where the grid ends."""
    write = writer(request.get("fields", ""))
    sheet = draft.document.sheet(request.get("sheetId", 0))
    rows = [row.get("values", []) for row in request.get("rows", [])]
    top = last_row(sheet) + 1
    width = max((len(row) for row in rows), default=0)
    if width > sheet.column_count or top + len(rows) > sheet.row_count:
        resize(draft.document, sheet, max(sheet.row_count, top + len(rows)), max(sheet.column_count, width))
    box = Box(sheet.id, top, 0, top + len(rows), width)
    draft.guard(sheet, box)
    for place, given in enumerate(rows):
        _write_row(sheet, box, place, given, write, clears=False)


def last_row(sheet: Sheet) -> int:
    """The last row in which a cell has a value, -1 if none."""
    for row in range(sheet.row_count - 1, -1, -1):
        if any(cell.entered is not None for cell in sheet.rows[row].values()):
            return row
    return -1


def set_data_validation(draft: Draft, request: Json) -> None:
    """setDataValidation: without a rule the range is freed of rules."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    rule = _rule(request.get("rule"))
    for row in range(box.top, box.bottom):
        line = sheet.rows[row]
        touched = range(box.left, box.right) if rule else [column for column in line if box.left <= column < box.right]
        old = {column: line.get(column, BLANK) for column in touched}
        sheet.put_row(
            row, {column: Cell(cell.entered, cell.look, cell.note, rule, cell.runs) for column, cell in old.items()}
        )


def update_borders(draft: Draft, request: Json) -> None:
    """updateBorders: the sides of the range; inner ones between its cells."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    given = canonical({name: item for name, item in request.items() if name != "range"})
    for row in range(box.top, box.bottom):
        sheet.put_row(
            row,
            {
                column: _bordered(sheet.cell(row, column), _sides(given, box, row, column))
                for column in range(box.left, box.right)
            },
        )


def _sides(given: Json, box: Box, row: int, column: int) -> Json:
    chosen = {
        "top": given.get("top" if row == box.top else "innerHorizontal"),
        "bottom": given.get("bottom" if row == box.bottom - 1 else "innerHorizontal"),
        "left": given.get("left" if column == box.left else "innerVertical"),
        "right": given.get("right" if column == box.right - 1 else "innerVertical"),
    }
    return {side: border for side, border in chosen.items() if border}


def _bordered(cell: Cell, sides: Json) -> Cell:
    if not sides:
        return cell
    borders = {
        side: border
        for side, border in ((cell.look or {}).get("borders", {}) | sides).items()
        if border.get("style") != "NONE"
    }
    look = {name: item for name, item in (cell.look or {}).items() if name != "borders"} | (
        {"borders": borders} if borders else {}
    )
    return Cell(cell.entered, look or None, cell.note, cell.rule, cell.runs)


EDITS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
}
