"""A spreadsheet as ``spreadsheets.get`` tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.cells import BLANK, Cell, Fault, Formula, Scalar, extended
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.edits.tabs import properties
from pmosync_google_sheets.emulator.looks import DEFAULT_FORMAT, DEFAULT_THEME, told
from pmosync_google_sheets.emulator.masks import Mask, select
from pmosync_google_sheets.emulator.notation import cells_of
from pmosync_google_sheets.emulator.ranges import Area, Box

Json = dict[str, Any]
_ROW_PIXELS, _COLUMN_PIXELS = 21, 100
_HYPERLINK = re.compile(r'=HYPERLINK\(\s*"([^"]*)"', re.IGNORECASE)


class Wish(Struct, frozen=True):
    """What of a spreadsheet is asked for: ``areas`` (empty = all tabs), whether cells are told, and the mask (empty = all)."""

    areas: tuple[Area, ...] = ()
    grid: bool = False
    mask: Mask = {}


def spreadsheet(draft: Draft, calculation: Calculation, wish: Wish) -> Json:
    """The Spreadsheet resource, before the mask is applied; only expensive parts that the mask leaves out are skipped."""
    document = draft.document
    chosen = {area.sheet for area in wish.areas}
    sheets = [
        _sheet(draft, calculation, place, sheet, wish)
        for place, sheet in enumerate(document.sheets)
        if not wish.areas or sheet.id in chosen
    ]
    whole = {
        "spreadsheetId": document.id,
        "properties": {"defaultFormat": DEFAULT_FORMAT, "spreadsheetTheme": DEFAULT_THEME} | document.properties,
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{document.id}/edit",
    }
    metadata = [item for item in document.metadata if item["location"]["locationType"] == "SPREADSHEET"]
    more = {"namedRanges": told(document.named), "developerMetadata": told(metadata)}
    return whole | {name: items for name, items in more.items() if items}


def _sheet(draft: Draft, calculation: Calculation, place: int, sheet: Sheet, wish: Wish) -> Json:
    metadata = [item for item in draft.document.metadata if item["location"].get("sheetId") == sheet.id]
    lists = {
        "merges": sheet.merges,
        "conditionalFormats": sheet.conditional,
        "filterViews": sheet.filter_views,
        "protectedRanges": [_protection(draft, item) for item in sheet.protected],
        "basicFilter": sheet.filter,
        "charts": sheet.charts,
        "bandedRanges": sheet.bandings,
        "developerMetadata": metadata,
        "rowGroups": sheet.row_groups,
        "columnGroups": sheet.column_groups,
    }
    result = {"properties": properties(place, sheet)} | {name: told(item) for name, item in lists.items() if item}
    if wish.grid:
        areas = [area for area in wish.areas if area.sheet == sheet.id] or [Area(sheet.id)]
        result["data"] = [_grid_data(draft, calculation, area, wish.mask) for area in areas]
    return result


def _protection(draft: Draft, item: Json) -> Json:
    """Editors are told only to those who may edit."""
    editable = draft.may_edit(item) or draft.caller in item["editors"].get("users", [])
    shown = {name: value for name, value in item.items() if name != "editors" or editable}
    return shown | {"requestingUserCanEdit": editable}


def _below(mask: Mask, *path: str) -> Mask | None:
    """The part of a mask at a path: {} means all of it, None that nothing of it is asked for."""
    for name in path:
        if not mask:
            return {}
        if name not in mask:
            return None
        mask = mask[name]
    return mask


def wants_grid(mask: Mask) -> bool:
    """Whether a mask names cells, which then are told whatever includeGridData says."""
    return bool(mask) and _below(mask, "sheets", "data") is not None


def _grid_data(draft: Draft, calculation: Calculation, area: Area, mask: Mask) -> Json:
    sheet, box = cells_of(draft.document, area)
    result: Json = {name: start for name, start in (("startRow", box.top), ("startColumn", box.left)) if start}
    cells = _below(mask, "sheets", "data", "rowData", "values")
    if cells is not None:
        rows = _row_data(calculation, sheet, box, _teller(calculation, cells))
        result |= {"rowData": rows} if rows else {}
    if _below(mask, "sheets", "data", "rowMetadata") is not None:
        result["rowMetadata"] = _looks(draft, sheet, "ROW", sheet.row_looks, range(box.top, box.bottom), _ROW_PIXELS)
    if _below(mask, "sheets", "data", "columnMetadata") is not None:
        result["columnMetadata"] = _looks(
            draft, sheet, "COLUMN", sheet.column_looks, range(box.left, box.right), _COLUMN_PIXELS
        )
    return result


def _looks(draft: Draft, sheet: Sheet, kind: str, looks: list[Json], places: range, pixels: int) -> list[Json]:
    metadata: dict[int, list[Json]] = {}
    for item in draft.document.metadata:
        span = item["location"].get("dimensionRange")
        if item["location"]["locationType"] == kind and span["sheetId"] == sheet.id:
            metadata.setdefault(span["startIndex"], []).append(told(item))
    return [
        {"pixelSize": pixels} | looks[place] | ({"developerMetadata": metadata[place]} if place in metadata else {})
        for place in places
    ]


Teller = Callable[[Cell, Scalar], Json]


def _row_data(calculation: Calculation, sheet: Sheet, box: Box, tell: Teller) -> list[Json]:
    """Rows down to the last one that holds anything, each to its last cell."""
    spills = calculation.spills(sheet.id)
    rows: list[Json] = []
    for row in range(box.top, box.bottom):
        line, spilled = sheet.rows[row], spills.get(row, {})
        columns = [column for column in (*line, *spilled) if box.left <= column < box.right]
        last = max(columns, default=-1)
        values = [
            tell(
                line.get(column, BLANK),
                spilled[column]
                if column in spilled
                else calculation.value(sheet.id, row, column)
                if column in line
                else None,
            )
            for column in range(box.left, last + 1)
        ]
        rows.append({"values": values} if values else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _teller(calculation: Calculation, wanted: Mask) -> Teller:
    """Tells the wanted parts of a cell; {} wants all."""
    parts: dict[str, Callable[[Cell, Scalar], Any]] = {
        "userEnteredValue": lambda cell, value: extended(cell.entered),
        "effectiveValue": lambda cell, value: extended(value),
        "formattedValue": calculation_text(calculation),
        "userEnteredFormat": lambda cell, value: cell.look,
        "effectiveFormat": lambda cell, value: _effective(cell, value),
        "hyperlink": lambda cell, value: _hyperlink(cell),
        "note": lambda cell, value: cell.note,
        "textFormatRuns": lambda cell, value: told(list(cell.runs)),
        "dataValidation": lambda cell, value: cell.rule,
    }
    chosen = [(name, part, wanted.get(name, {})) for name, part in parts.items() if not wanted or name in wanted]

    def tell(cell: Cell, value: Scalar) -> Json:
        told: Json = {}
        for name, part, below in chosen:
            item = part(cell, value)
            if item:
                told[name] = select(below, item) if below else item
        return told

    return tell


def beyond_cells(mask: Mask, path: tuple[str, ...] = ("sheets", "data", "rowData", "values")) -> Mask:
    """What is left of a mask for an answer whose cells, of which there are many, were told by it already."""
    name, *rest = path
    if name not in mask:
        return mask
    return {**mask, name: beyond_cells(mask[name], tuple(rest)) if rest else {}}


def calculation_text(calculation: Calculation) -> Callable[[Cell, Scalar], str]:
    """The shown text of a cell."""
    return lambda cell, value: calculation.text(value, cell)


def _effective(cell: Cell, value: Scalar) -> Json:
    if cell == BLANK:
        return {}
    look = cell.look or {}
    text = {**DEFAULT_FORMAT["textFormat"], **look.get("textFormat", {})}
    side = (
        "RIGHT"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else "CENTER"
        if isinstance(value, bool | Fault)
        else "LEFT"
    )
    return {
        **DEFAULT_FORMAT,
        "horizontalAlignment": side,
        "hyperlinkDisplayType": "PLAIN_TEXT",
        **look,
        "textFormat": text,
    }


def _hyperlink(cell: Cell) -> str:
    link = (cell.look or {}).get("textFormat", {}).get("link", {}).get("uri")
    if link:
        return str(link)
    links = {run.get("format", {}).get("link", {}).get("uri") for run in cell.runs} - {None} if cell.runs else ()
    if len(links) == 1:
        return str(*links)
    match = _HYPERLINK.match(cell.entered.text) if isinstance(cell.entered, Formula) else None
    return match.group(1) if match else ""
