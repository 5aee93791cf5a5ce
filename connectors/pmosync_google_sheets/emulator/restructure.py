"""Carries a structural edit through a whole spreadsheet: cells, formulas, ranges of every kind, filters, charts, metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmosync_google_sheets.emulator.cells import Cell, Formula, Row
from pmosync_google_sheets.emulator.document import NO_CELLS, NO_PROPERTIES, Sheet, Spreadsheet
from pmosync_google_sheets.emulator.formulas.adjust import orphaned, renamed, shifted
from pmosync_google_sheets.emulator.shifts import GONE, ROWS, Shift, follow

Json = dict[str, Any]
_HOLDERS = ("merges", "protected", "conditional", "bandings", "filter_views", "charts", "row_groups", "column_groups")
Rewrite = Callable[[str, str], str]
"""Formula text and the title of the tab it stands on → the new text."""


def shift_document(document: Spreadsheet, shift: Shift) -> None:
    """Insert, delete or move rows or columns of one tab, and let everything follow."""
    sheet = document.sheet(shift.sheet)
    rewrite_formulas(document, lambda text, own: shifted(text, own, sheet.title, shift))
    _shift_grid(sheet, shift)
    for name in _HOLDERS:
        setattr(sheet, name, follow(getattr(sheet, name), shift))
    sheet.merges = [merge for merge in sheet.merges if _size(merge) > 1]
    filtered = follow(sheet.filter, shift) if sheet.filter else None
    sheet.filter = None if filtered is GONE else filtered
    document.named = [_named(item, shift) for item in document.named]
    document.metadata = follow(document.metadata, shift)


def _named(item: Json, shift: Shift) -> Json:
    """A named range whose cells are all gone keeps its name, without cells to point at."""
    moved = follow(item["range"], shift)
    return item | {"range": {"sheetId": shift.sheet, "startRowIndex": 0, "endRowIndex": 0} if moved is GONE else moved}


def _size(merge: Json) -> int:
    return int((merge["endRowIndex"] - merge["startRowIndex"]) * (merge["endColumnIndex"] - merge["startColumnIndex"]))


def _shift_grid(sheet: Sheet, shift: Shift) -> None:
    if shift.dimension == ROWS:
        sheet.rows = _shifted_list(sheet.rows, shift, NO_CELLS)
        sheet.row_looks = _shifted_list(sheet.row_looks, shift, NO_PROPERTIES)
        return
    sheet.rows = [_shifted_row(row, shift) for row in sheet.rows]
    sheet.column_looks = _shifted_list(sheet.column_looks, shift, NO_PROPERTIES)


def _shifted_list(items: list[Any], shift: Shift, filler: Any) -> list[Any]:
    end = shift.start + shift.count
    match shift.kind:
        case "insert":
            return items[: shift.start] + [filler] * shift.count + items[shift.start :]
        case "delete":
            return items[: shift.start] + items[end:]
    block, rest = items[shift.start : end], items[: shift.start] + items[end:]
    goal = shift.target if shift.target <= shift.start else shift.target - shift.count
    return rest[:goal] + block + rest[goal:]


def _shifted_row(row: Row, shift: Shift) -> Row:
    if not row:
        return row
    moved = ((shift.point(column), cell) for column, cell in row.items())
    return {column: cell for column, cell in moved if column is not None} or NO_CELLS


def rewrite_formulas(document: Spreadsheet, rewrite: Rewrite) -> None:
    """Rewrite every formula: in cells, validation rules, conditional formats and filters."""
    telling: dict[int, bool] = {}
    for sheet in document.sheets:
        sheet.rows = [_rewritten_row(row, sheet.title, rewrite, telling) for row in sheet.rows]
        for name in ("conditional", "filter_views"):
            setattr(sheet, name, _rewritten_object(getattr(sheet, name), sheet.title, rewrite))


def _rewritten_row(row: Row, title: str, rewrite: Rewrite, telling: dict[int, bool]) -> Row:
    """``telling`` remembers which rules have a formula: a whole column of cells has one rule between them."""
    changes = {
        column: _rewritten_cell(cell, title, rewrite)
        for column, cell in row.items()
        if type(cell.entered) is Formula or (cell.rule and _has_formula(cell.rule, telling))
    }
    return {**row, **changes} if changes else row


def _has_formula(rule: Json, telling: dict[int, bool]) -> bool:
    if id(rule) not in telling:
        values = rule.get("condition", {}).get("values", ())
        telling[id(rule)] = any(str(value.get("userEnteredValue", "")).startswith("=") for value in values)
    return telling[id(rule)]


def _rewritten_cell(cell: Cell, title: str, rewrite: Rewrite) -> Cell:
    entered = Formula(rewrite(cell.entered.text, title)) if isinstance(cell.entered, Formula) else cell.entered
    return Cell(entered, cell.look, cell.note, _rewritten_object(cell.rule, title, rewrite), cell.runs)


def _rewritten_object(value: Any, title: str, rewrite: Rewrite) -> Any:
    if isinstance(value, list):
        return [_rewritten_object(item, title, rewrite) for item in value]
    if isinstance(value, dict):
        return {name: _condition_text(name, item, title, rewrite) for name, item in value.items()}
    return value


def _condition_text(name: str, item: Any, title: str, rewrite: Rewrite) -> Any:
    if name == "userEnteredValue" and isinstance(item, str):
        return rewrite(item, title) if item.startswith("=") else item
    return _rewritten_object(item, title, rewrite)


def rename(document: Spreadsheet, sheet: Sheet, title: str) -> None:
    """Give a tab another title; formulas follow."""
    old = sheet.title
    if old != title:
        rewrite_formulas(document, lambda text, own: renamed(text, old, title))
        sheet.title = title


def unlink(document: Spreadsheet, gone: Sheet) -> None:
    """After a tab was deleted: formulas lose it, its named ranges and metadata go."""
    rewrite_formulas(document, lambda text, own: orphaned(text, gone.title))
    document.named = [item for item in document.named if item["range"]["sheetId"] != gone.id]
    document.metadata = [item for item in document.metadata if _home(item) != gone.id]


def _home(metadata: Json) -> int | None:
    location = metadata["location"]
    if "dimensionRange" in location:
        return int(location["dimensionRange"]["sheetId"])
    return location.get("sheetId")  # type: ignore[no-any-return]


def retarget(sheet: Sheet, old: int, mint: Callable[[], int]) -> None:
    """Point a copied tab's objects at itself and give them numbers of their own."""
    for name in _HOLDERS:
        setattr(sheet, name, [_renumbered(_retargeted(item, old, sheet.id), mint) for item in getattr(sheet, name)])
    sheet.filter = _retargeted(sheet.filter, old, sheet.id)


def _retargeted(value: Any, old: int, new: int) -> Any:
    if isinstance(value, list):
        return [_retargeted(item, old, new) for item in value]
    if isinstance(value, dict):
        return {
            name: new if name == "sheetId" and item == old else _retargeted(item, old, new)
            for name, item in value.items()
        }
    return value


def _renumbered(item: Json, mint: Callable[[], int]) -> Json:
    return item | {
        name: mint() for name in ("protectedRangeId", "bandedRangeId", "filterViewId", "chartId") if name in item
    }
