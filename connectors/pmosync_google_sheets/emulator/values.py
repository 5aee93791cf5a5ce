"""The ``values`` calls: reading, writing, appending and clearing plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmosync_google_sheets.emulator.calculation import Calculation, is_checkbox
from pmosync_google_sheets.emulator.cells import BLANK, Cell, Entered, Fault, Formula, Scalar, fitting, plain
from pmosync_google_sheets.emulator.document import Sheet, resize
from pmosync_google_sheets.emulator.draft import Draft, off_grid
from pmosync_google_sheets.emulator.entry import typed
from pmosync_google_sheets.emulator.notation import cells_of
from pmosync_google_sheets.emulator.patterns import DATES, is_date
from pmosync_google_sheets.emulator.ranges import Area, Box, a1
from pmosync_google_sheets.emulator.refusals import invalid
from pmosync_google_sheets.emulator.regions import table
from pmosync_google_sheets.emulator.restructure import shift_document
from pmosync_google_sheets.emulator.shifts import ROWS, Shift

Json = dict[str, Any]
Render = Callable[[Scalar, Cell], Any]
INPUTS = ("RAW", "USER_ENTERED")


def render(calculation: Calculation, option: str, dates: str) -> Render:
    """How a value is told for a valueRenderOption and a dateTimeRenderOption."""
    if option in ("", "FORMATTED_VALUE"):
        return calculation.text

    def unformatted(value: Scalar, cell: Cell) -> Any:
        if option == "FORMULA" and isinstance(cell.entered, Formula):
            return cell.entered.text
        if isinstance(value, Fault):
            return value.shown
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "" if value is None else value
        if dates == "FORMATTED_STRING" and is_date((cell.look or {}).get("numberFormat")):
            return calculation.text(value, cell)
        return plain(value)

    return unformatted


def get(calculation: Calculation, area: Area, query: Json) -> Json:
    """The ValueRange of an area; ``values`` is absent when nothing is there."""
    sheet, box = cells_of(calculation.document, area)
    told = render(calculation, query.get("valueRenderOption", ""), query.get("dateTimeRenderOption", ""))
    dimension = query.get("majorDimension") or ROWS
    dimension = ROWS if dimension == "DIMENSION_UNSPECIFIED" else dimension
    rows = grid(calculation, sheet, box, told)
    values = rows if dimension == ROWS else _turned(rows)
    return {"range": a1(sheet.title, box), "majorDimension": dimension} | ({"values": values} if values else {})


def grid(calculation: Calculation, sheet: Sheet, box: Box, told: Render) -> list[list[Any]]:
    """The told values of a box, trailing empty cells and rows cut."""
    spills = calculation.spills(sheet.id)
    rows = [_line(calculation, sheet, row, box, told, spills.get(row)) for row in range(box.top, box.bottom)]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _line(
    calculation: Calculation, sheet: Sheet, row: int, box: Box, told: Render, spilled: dict[int, Scalar] | None
) -> list[Any]:
    cells = sheet.rows[row]
    if not cells and not spilled:
        return []
    found: dict[int, Any] = {}
    for column, cell in cells.items():
        if box.left <= column < box.right and _tells(cell):
            value = _worth(calculation, sheet.id, row, column, cell.entered)
            if value is not None:
                found[column] = told(value, cell)
    for column, value in (spilled or {}).items():
        if box.left <= column < box.right and column not in found:
            found[column] = told(value, cells.get(column, BLANK))
    return [found.get(column, "") for column in range(box.left, max(found) + 1)] if found else []


def _tells(cell: Cell) -> bool:
    """Whether a cell is worth something by itself: what spills into it is known already."""
    return cell.entered is not None or bool(cell.rule and is_checkbox(cell.rule))


def _worth(calculation: Calculation, sheet: int, row: int, column: int, entered: Entered) -> Scalar:
    """A plain value is worth itself; only the rest is worked out."""
    if entered is None or isinstance(entered, Formula):
        return calculation.value(sheet, row, column)
    return entered


def _turned(rows: list[list[Any]]) -> list[list[Any]]:
    width = max((len(row) for row in rows), default=0)
    columns = [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    return columns


Written = tuple[Sheet, Box, int, int, int]
"""The tab, the area written, and how many rows, columns and cells that were."""


def update(draft: Draft, area: Area, body: Json, option: str) -> Written:
    """Write a ValueRange; None values are skipped."""
    _check_option(option)
    rows = _rows(body)
    sheet, box = cells_of(draft.document, area)
    goal = _goal(sheet, area, box, rows)
    draft.guard(sheet, goal)
    places = _write(draft, sheet, goal, rows, option)
    return _written(sheet, goal, places)


def _written(sheet: Sheet, goal: Box, places: list[tuple[int, int]]) -> Written:
    return sheet, goal, len({row for row, _ in places}), len({column for _, column in places}), len(places)


def _check_option(option: str) -> None:
    if option not in INPUTS:
        raise invalid("'valueInputOption' is required but not specified")


def _rows(body: Json) -> list[list[Any]]:
    values = body.get("values", [])
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if isinstance(value, dict | list):
                kind = "struct_value" if isinstance(value, dict) else "list_value"
                raise invalid(f"Invalid values[{row}][{column}]: {kind} {{\n}}\n")
    if body.get("majorDimension") != "COLUMNS":
        return values  # type: ignore[no-any-return]
    height = max((len(line) for line in values), default=0)
    return [[line[at] if at < len(line) else None for line in values] for at in range(height)]


def _goal(sheet: Sheet, area: Area, box: Box, rows: list[list[Any]]) -> Box:
    """The cells that the rows will fill. A range of one cell is where they start; any other one bounds them."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    anchored = box.height == 1 and box.width == 1
    if not anchored and area.bottom is not None and height > box.height:
        raise invalid(
            f"Requested writing within range [{a1(sheet.title, box)}], but tried writing to row [{box.bottom + 1}]"
        )
    if not anchored and area.right is not None and width > box.width:
        name = a1(sheet.title, Box(sheet.id, 0, box.right, 1, box.right + 1)).rpartition("!")[2][:-1]
        raise invalid(f"Requested writing within range [{a1(sheet.title, box)}], but tried writing to column [{name}]")
    goal = Box(sheet.id, box.top, box.left, box.top + max(height, 1), box.left + max(width, 1))
    if goal.bottom > sheet.row_count or goal.right > sheet.column_count:
        raise off_grid(sheet, goal)
    return goal


def _write(draft: Draft, sheet: Sheet, goal: Box, rows: list[list[Any]], option: str) -> list[tuple[int, int]]:
    places = []
    for row, line in enumerate(rows, goal.top):
        old = sheet.rows[row]
        cells = {
            column: entered_cell(draft, old.get(column, BLANK), value, raw=option == "RAW")
            for column, value in enumerate(line, goal.left)
            if value is not None
        }
        if cells:
            sheet.put_row(row, cells)
            places += [(row, column) for column in cells]
    return places


def entered_cell(draft: Draft, cell: Cell, value: Any, *, raw: bool) -> Cell:
    """The cell after a value was put in, as it is (``raw``) or as typing would."""
    if raw or not isinstance(value, str):
        return Cell(_as_is(value), cell.look, cell.note, cell.rule)
    as_text = (cell.look or {}).get("numberFormat", {}).get("type") == "TEXT"
    entered, look = typed(value, draft.now.date(), draft.document.locale, as_text)
    return Cell(entered, _dressed(cell, look), cell.note, cell.rule)


def _as_is(value: Any) -> Entered:
    if isinstance(value, str):
        return fitting(value) or None
    return value  # type: ignore[no-any-return]


def _dressed(cell: Cell, look: Json | None) -> Json | None:
    """Typing brings its own number format, unless the cell already shows that kind."""
    old = (cell.look or {}).get("numberFormat")
    if not look or (old and _kind(old) == _kind(look)):
        return cell.look
    return {**(cell.look or {}), "numberFormat": look}


def _kind(number_format: Json) -> str:
    kind = str(number_format.get("type", ""))
    return "DATE" if kind in DATES else kind


def append(draft: Draft, area: Area, body: Json, option: str, insert: bool) -> tuple[Box | None, Written]:
    """Write behind the table found at the area (None if there is none); the grid grows as needed."""
    _check_option(option)
    rows = _rows(body)
    sheet, box = cells_of(draft.document, area)
    found = table(draft.calculation(), sheet, box, whole=area == Area(sheet.id))
    top, left = (found.bottom, found.left) if found else (box.top, box.left)
    height, width = len(rows), max((len(row) for row in rows), default=0)
    if insert and found and top < sheet.row_count:
        _insert_rows(draft, sheet, top, height)
    if top + height > sheet.row_count or left + width > sheet.column_count:
        resize(draft.document, sheet, max(sheet.row_count, top + height), max(sheet.column_count, left + width))
    goal = Box(sheet.id, top, left, top + max(height, 1), left + max(width, 1))
    draft.guard(sheet, goal)
    places = _write(draft, sheet, goal, rows, option)
    return found, _written(sheet, goal, places)


def _insert_rows(draft: Draft, sheet: Sheet, top: int, count: int) -> None:
    if count:
        shift_document(draft.document, Shift(sheet.id, ROWS, "insert", top, count))


def clear(draft: Draft, area: Area) -> tuple[Sheet, Box]:
    """Empty the cells; formats, notes and rules stay."""
    sheet, box = cells_of(draft.document, area)
    draft.guard(sheet, box)
    for row in range(box.top, box.bottom):
        cells = {
            column: Cell(None, cell.look, cell.note, cell.rule)
            for column, cell in sheet.rows[row].items()
            if box.left <= column < box.right and cell.entered is not None
        }
        if cells:
            sheet.put_row(row, cells)
    return sheet, box
