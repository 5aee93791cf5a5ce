"""Reads the range texts of requests: a tab, cells of a tab, or a named range."""

from __future__ import annotations

from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.draft import off_grid
from pmosync_google_sheets.emulator.ranges import Area, Box, area_of, corners, split, unquoted
from pmosync_google_sheets.emulator.refusals import Refusal, invalid


def read(document: Spreadsheet, text: str) -> Area:
    """The area that a range text means. Raises Refusal: Unable to parse range."""
    title, cells = split(text)
    if title:
        return _on_tab(document, title, cells, text)
    area = corners(cells, document.first_visible().id)
    if area:
        return area
    named = next((item for item in document.named if item["name"].casefold() == cells.casefold()), None)
    if named:
        return area_of(named["range"])
    sheet = document.titled(cells)
    if sheet is None:
        raise _unreadable(text)
    return Area(sheet.id)


def _on_tab(document: Spreadsheet, title: str, cells: str, text: str) -> Area:
    sheet = document.titled(unquoted(title))
    if sheet is None:
        raise _unreadable(text)
    if not cells:
        return Area(sheet.id)
    area = corners(cells, sheet.id)
    named = next((item for item in document.named if item["name"].casefold() == cells.casefold()), None)
    if area is None and named is None:
        raise _unreadable(text)
    return area or area_of(named["range"] if named else {})


def _unreadable(text: str) -> Refusal:
    return invalid(f"Unable to parse range: {text}")


def cells_of(document: Spreadsheet, area: Area) -> tuple[Sheet, Box]:
    """The tab and the cells of an area, cut to the grid. Raises Refusal where it starts beyond it."""
    sheet = document.sheet(area.sheet)
    if (area.top or 0) >= sheet.row_count or (area.left or 0) >= sheet.column_count:
        top, left = area.top or 0, area.left or 0
        raise off_grid(
            sheet,
            Box(
                sheet.id,
                top,
                left,
                area.bottom or max(top + 1, sheet.row_count),
                area.right or max(left + 1, sheet.column_count),
            ),
        )
    return sheet, sheet.box(area)
