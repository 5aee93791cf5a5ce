"""Tabs and the spreadsheet's own properties."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.document import Sheet, resize
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.looks import canonical, paired
from pmosync_google_sheets.emulator.masks import Mask, update, update_mask
from pmosync_google_sheets.emulator.refusals import invalid
from pmosync_google_sheets.emulator.restructure import rename, retarget, shift_document, unlink
from pmosync_google_sheets.emulator.shifts import COLUMNS, ROWS, Shift

Json = dict[str, Any]
_GRID = ("frozenRowCount", "frozenColumnCount", "hideGridlines", "rowGroupControlAfter", "columnGroupControlAfter")
_EXTRA = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")


def properties(draft_or_index: int, sheet: Sheet) -> Json:
    """The SheetProperties of a tab at that index."""
    grid = {"rowCount": sheet.row_count, "columnCount": sheet.column_count} | {
        name: value for name, value in sheet.grid.items() if value
    }
    extra = {name: value for name, value in sheet.extra.items() if value not in (None, False)}
    return {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": draft_or_index,
        "sheetType": "GRID",
        "gridProperties": grid,
    } | extra


def _told(draft: Draft, sheet: Sheet) -> Json:
    return properties(draft.document.sheets.index(sheet), sheet)


def add_sheet(draft: Draft, request: Json) -> Json:
    """addSheet: a chosen sheetId that exists already is refused."""
    given = canonical(request.get("properties", {}))
    sheets = draft.document.sheets
    number = draft.fresh(given.get("sheetId"), {sheet.id for sheet in sheets}, "A sheet with the id")
    size = given.get("gridProperties", {})
    sheet = Sheet(number, _free_title(draft, given.get("title", "")), 0, 0)
    resize(draft.document, sheet, size.get("rowCount", 1000), size.get("columnCount", 26))
    _check_size(sheet)
    sheet.grid = {name: size[name] for name in _GRID if size.get(name)}
    sheet.extra = {name: given[name] for name in _EXTRA if given.get(name)}
    _check_frozen(sheet)
    place = given.get("index", len(sheets))
    if not 0 <= place <= len(sheets):
        raise invalid(f"Sheet index {place} is out of bounds; there are {len(sheets)} sheets.")
    sheets.insert(place, sheet)
    return {"properties": _told(draft, sheet)}


def _free_title(draft: Draft, wanted: str) -> str:
    if wanted:
        _check_title(draft, wanted, None)
        return wanted
    number = len(draft.document.sheets) + 1
    while draft.document.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def _check_title(draft: Draft, title: str, own: Sheet | None) -> None:
    if not title.strip() or len(title) > 100:
        raise invalid(
            "The sheet name cannot be greater than 100 characters."
            if title.strip()
            else "The sheet name cannot be empty."
        )
    other = draft.document.titled(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_size(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1:
        raise invalid(f"You can't delete all the {'rows' if sheet.row_count < 1 else 'columns'} on the sheet.")


def _check_frozen(sheet: Sheet) -> None:
    for name, count, words in (
        ("frozenRowCount", sheet.row_count, "rows"),
        ("frozenColumnCount", sheet.column_count, "columns"),
    ):
        if sheet.grid.get(name, 0) >= count:
            raise invalid(f"You can't freeze all visible {words} on the sheet.")


def delete_sheet(draft: Draft, request: Json) -> None:
    """deleteSheet: what pointed to it becomes #REF!."""
    sheet = draft.document.sheet(request.get("sheetId", 0), "sheet")
    draft.guard(sheet, sheet.whole())
    left = [other for other in draft.document.sheets if other is not sheet]
    if not left:
        raise invalid("You can't remove all the sheets in a document.")
    if all(other.extra.get("hidden") for other in left):
        raise invalid("You can't remove all the visible sheets in a document.")
    draft.document.sheets = left
    unlink(draft.document, sheet)


def duplicate_sheet(draft: Draft, request: Json) -> Json:
    """duplicateSheet: everything is copied; the copies of its objects get new numbers."""
    source = draft.document.sheet(request.get("sourceSheetId", 0), "sheet")
    sheets = draft.document.sheets
    twin = source.copy()
    twin.id = draft.fresh(request.get("newSheetId"), {sheet.id for sheet in sheets}, "A sheet with the id")
    title = request.get("newSheetName") or _copy_title(draft, source.title)
    _check_title(draft, title, None)
    twin.title = title
    retarget(twin, source.id, draft.mint)
    sheets.insert(max(0, min(request.get("insertSheetIndex", 0), len(sheets))), twin)
    return {"properties": _told(draft, twin)}


def _copy_title(draft: Draft, title: str) -> str:
    wanted, number = f"Copy of {title}", 2
    while draft.document.titled(wanted):
        wanted, number = f"Copy of {title} {number}", number + 1
    return wanted


def update_sheet_properties(draft: Draft, request: Json) -> None:
    """updateSheetProperties: title, index, hidden, colour, grid size, frozen rows and columns …"""
    given = canonical(request.get("properties", {}))
    sheet = draft.document.sheet(given.get("sheetId", 0), "sheet")
    mask = paired(update_mask(request.get("fields", ""), "SheetProperties"), "SheetProperties")
    if not mask:
        mask = {name: {} for name in ("title", "gridProperties", *_EXTRA, "index") if name != "index" or name in given}
    if draft.document.find(sheet.id) and not draft.powerful and any(name != "index" for name in mask):
        _guard_structure(draft, sheet, mask)
    if "title" in mask:
        _check_title(draft, given.get("title", ""), sheet)
        rename(draft.document, sheet, given["title"])
    _update_grid(draft, sheet, given.get("gridProperties", {}), mask)
    kept = {name: below for name, below in mask.items() if name in _EXTRA}
    sheet.extra = update(sheet.extra, given, kept) if kept else sheet.extra
    if "index" in mask:
        _move(draft, sheet, given.get("index", 0))
    if all(other.extra.get("hidden") for other in draft.document.sheets):
        raise invalid("You can't hide all the sheets in a document.")


def _guard_structure(draft: Draft, sheet: Sheet, mask: Mask) -> None:
    if "title" in mask or "hidden" in mask:
        whole = [item for item in sheet.protected if item["range"].keys() == {"sheetId"} and not draft.may_edit(item)]
        if whole:
            draft.guard(sheet, sheet.whole())


def _update_grid(draft: Draft, sheet: Sheet, given: Json, mask: Mask) -> None:
    if "gridProperties" not in mask:
        return
    below = mask["gridProperties"] or {name: {} for name in ("rowCount", "columnCount", *_GRID)}
    rows = (
        given.get("rowCount", 0 if mask["gridProperties"] else sheet.row_count)
        if "rowCount" in below
        else sheet.row_count
    )
    columns = (
        given.get("columnCount", 0 if mask["gridProperties"] else sheet.column_count)
        if "columnCount" in below
        else sheet.column_count
    )
    _resize(draft, sheet, rows, columns)
    kept = {name: part for name, part in below.items() if name in _GRID}
    if kept:
        sheet.grid = {name: value for name, value in update(sheet.grid, given, kept).items() if value}
    _check_frozen(sheet)


def _resize(draft: Draft, sheet: Sheet, rows: int, columns: int) -> None:
    if rows < 1 or columns < 1:
        raise invalid(f"You can't delete all the {'rows' if rows < 1 else 'columns'} on the sheet.")
    for dimension, old, new in ((ROWS, sheet.row_count, rows), (COLUMNS, sheet.column_count, columns)):
        if new < old:
            shift_document(draft.document, Shift(sheet.id, dimension, "delete", new, old - new))
    resize(draft.document, sheet, rows, columns)


def _move(draft: Draft, sheet: Sheet, index: int) -> None:
    """The index counts in the order before the move, so moving right means one more."""
    sheets = draft.document.sheets
    if not 0 <= index <= len(sheets):
        raise invalid(f"Sheet index {index} is out of bounds; there are {len(sheets)} sheets.")
    now = sheets.index(sheet)
    if index in (now, now + 1):
        return
    sheets.remove(sheet)
    sheets.insert(index - 1 if index > now else index, sheet)


def update_spreadsheet_properties(draft: Draft, request: Json) -> None:
    """updateSpreadsheetProperties: title, locale, time zone …"""
    mask = paired(update_mask(request.get("fields", ""), "SpreadsheetProperties"), "SpreadsheetProperties")
    given = canonical(request.get("properties", {}))
    changed = update(draft.document.properties, given, mask)
    if not changed.get("title"):
        raise invalid("The title cannot be empty.")
    draft.document.properties = {"locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"} | changed


EDITS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
