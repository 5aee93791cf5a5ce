"""Rows and columns: inserting, deleting, moving, sizing, grouping."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.cells import Cell, Row
from pmosync_google_sheets.emulator.document import MAX_CELLS, NO_PROPERTIES, Sheet, resize
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.ranges import Box
from pmosync_google_sheets.emulator.refusals import invalid
from pmosync_google_sheets.emulator.restructure import shift_document
from pmosync_google_sheets.emulator.shifts import COLUMNS, ROWS, Shift

Json = dict[str, Any]


def count_of(sheet: Sheet, dimension: str) -> int:
    """Rows or columns of the grid."""
    return sheet.row_count if dimension == ROWS else sheet.column_count


def stretch(draft: Draft, given: Json) -> tuple[Sheet, str, int, int]:
    """The tab, dimension, start and end of a DimensionRange. Raises Refusal."""
    sheet = draft.document.sheet(given.get("sheetId", 0))
    dimension = given.get("dimension", "")
    if dimension not in (ROWS, COLUMNS):
        raise invalid("No dimension specified.")
    start = given.get("startIndex", 0)
    end = given.get("endIndex", count_of(sheet, dimension))
    if start < 0 or end < start:
        raise invalid(f"range.endIndex[{end}] must be greater than range.startIndex[{start}].")
    return sheet, dimension, start, end


def band(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    """The cells of whole rows or columns."""
    whole = sheet.whole()
    return (
        Box(sheet.id, start, 0, end, whole.right) if dimension == ROWS else Box(sheet.id, 0, start, whole.bottom, end)
    )


def insert_dimension(draft: Draft, request: Json) -> None:
    """insertDimension: new rows or columns look like those before or behind them."""
    sheet, dimension, start, end = stretch(draft, request.get("range", {}))
    size, before = count_of(sheet, dimension), bool(request.get("inheritFromBefore"))
    if start >= size and not (before and start == size):
        raise invalid(
            f"range.startIndex[{start}] must be less than the grid size ({size}) if inheritFromBefore is false."
        )
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true if inserting at index 0.")
    _check_room(draft, sheet, dimension, end - start)
    draft.guard(sheet, band(sheet, dimension, min(start, size - 1), min(start, size - 1) + 1))
    insert(draft, sheet, dimension, start, end - start, start - 1 if before else start + (end - start))


def _check_room(draft: Draft, sheet: Sheet, dimension: str, count: int) -> None:
    across = sheet.column_count if dimension == ROWS else sheet.row_count
    if draft.document.cells_used() + count * across > MAX_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )


def insert(draft: Draft, sheet: Sheet, dimension: str, start: int, count: int, model: int) -> None:
    """Insert blank rows or columns that take formats and rules of the one that stands at ``model`` afterwards."""
    shift_document(draft.document, Shift(sheet.id, dimension, "insert", start, count))
    looks = sheet.row_looks if dimension == ROWS else sheet.column_looks
    looks[start : start + count] = [looks[model]] * count
    if dimension == ROWS:
        sheet.rows[start : start + count] = [_bare(sheet.rows[model])] * count
        return
    sheet.rows = [_widened(row, range(start, start + count), model) for row in sheet.rows]


def _bare(row: Row) -> Row:
    """A row's formats and rules without its content."""
    return {column: Cell(None, cell.look, "", cell.rule) for column, cell in row.items() if cell.look or cell.rule}


def _widened(row: Row, columns: range, model: int) -> Row:
    source = _bare({0: row[model]}) if model in row else {}
    return {**row, **dict.fromkeys(columns, source[0])} if source else row


def delete_dimension(draft: Draft, request: Json) -> None:
    """deleteDimension."""
    sheet, dimension, start, end = stretch(draft, request.get("range", {}))
    size, word = count_of(sheet, dimension), "row" if dimension == ROWS else "column"
    if end > size:
        raise invalid(
            f"Cannot delete a {word} that doesn't exist. "
            f"Tried to delete {word} index {end - 1} but there are only {size} {word}s."
        )
    if end - start >= size:
        raise invalid(f"You can't delete all the {word}s on the sheet.")
    frozen = sheet.grid.get("frozenRowCount" if dimension == ROWS else "frozenColumnCount", 0)
    if start <= frozen and end == size and frozen:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {word}s.")
    draft.guard(sheet, band(sheet, dimension, start, end))
    shift_document(draft.document, Shift(sheet.id, dimension, "delete", start, end - start))
    _thaw(sheet, dimension, start, end)


def _thaw(sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Deleted frozen rows or columns no longer count."""
    name = "frozenRowCount" if dimension == ROWS else "frozenColumnCount"
    frozen = sheet.grid.get(name, 0)
    left = frozen - max(0, min(end, frozen) - start)
    if frozen:
        sheet.grid = {key: value for key, value in (sheet.grid | {name: left}).items() if value}


def append_dimension(draft: Draft, request: Json) -> None:
    """appendDimension: rows or columns at the end."""
    sheet = draft.document.sheet(request.get("sheetId", 0))
    length = request.get("length", 0)
    if length < 1:
        raise invalid("length must be greater than 0.")
    rows = sheet.row_count + (length if request.get("dimension") == ROWS else 0)
    columns = sheet.column_count + (length if request.get("dimension") == COLUMNS else 0)
    resize(draft.document, sheet, rows, columns)


def move_dimension(draft: Draft, request: Json) -> None:
    """moveDimension: ``destinationIndex`` counts in the order before the move."""
    sheet, dimension, start, end = stretch(draft, request.get("source", {}))
    target, size = request.get("destinationIndex", 0), count_of(sheet, dimension)
    if end > size or not 0 <= target <= size:
        raise invalid(f"destinationIndex[{target}] must be within the grid ({size}).")
    if start < target < end:
        raise invalid("destinationIndex cannot be within the source range.")
    draft.guard(sheet, band(sheet, dimension, start, end))
    draft.guard(sheet, band(sheet, dimension, min(target, size - 1), min(target, size - 1) + 1))
    shift_document(draft.document, Shift(sheet.id, dimension, "move", start, end - start, target))


def update_dimension_properties(draft: Draft, request: Json) -> None:
    """updateDimensionProperties: size in pixels, hidden by a person."""
    sheet, dimension, start, end = stretch(draft, request.get("range", {}))
    mask = update_mask(request.get("fields", ""), "DimensionProperties")
    given = request.get("properties", {})
    looks = sheet.row_looks if dimension == ROWS else sheet.column_looks
    for place in range(start, min(end, len(looks))):
        looks[place] = {
            name: value for name, value in update(looks[place], given, mask).items() if value
        } or NO_PROPERTIES


PIXELS_A_CHARACTER = 7.16


def auto_resize_dimensions(draft: Draft, request: Json) -> None:
    """autoResizeDimensions: columns as wide as their longest text, rows back to one line."""
    sheet, dimension, start, end = stretch(draft, request.get("dimensions", {}))
    calculation = draft.calculation()
    for place in range(start, min(end, count_of(sheet, dimension))):
        if dimension == ROWS:
            sheet.row_looks[place] = sheet.row_looks[place] | {"pixelSize": 21}
            continue
        shown = (
            calculation.shown(sheet, row, place, line[place]) for row, line in enumerate(sheet.rows) if place in line
        )
        longest = max((len(text) for text in shown), default=0)
        if longest:
            sheet.column_looks[place] = sheet.column_looks[place] | {
                "pixelSize": max(21, round(longest * PIXELS_A_CHARACTER) + 7)
            }


def _groups(sheet: Sheet, dimension: str) -> list[Json]:
    return sheet.row_groups if dimension == ROWS else sheet.column_groups


def _set_groups(sheet: Sheet, dimension: str, groups: list[Json]) -> None:
    ordered = sorted(groups, key=lambda group: (group["depth"], group["range"]["startIndex"]))
    if dimension == ROWS:
        sheet.row_groups = ordered
    else:
        sheet.column_groups = ordered


def _depths(sheet: Sheet, dimension: str) -> list[int]:
    depths = [0] * count_of(sheet, dimension)
    for group in _groups(sheet, dimension):
        for place in range(group["range"]["startIndex"], min(group["range"]["endIndex"], len(depths))):
            depths[place] = max(depths[place], group["depth"])
    return depths


def _from_depths(sheet: Sheet, dimension: str, depths: list[int]) -> list[Json]:
    """The groups that these depths mean: one for every unbroken stretch of at least that depth."""
    old = {(g["depth"], g["range"]["startIndex"], g["range"]["endIndex"]): g for g in _groups(sheet, dimension)}
    made = []
    for depth in range(1, max(depths, default=0) + 1):
        for start, end in _runs([place >= depth for place in depths]):
            span = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}
            made.append(old.get((depth, start, end), {"range": span, "depth": depth}))
    return made


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    edges = [
        place
        for place in range(len(flags) + 1)
        if (flags[place] if place < len(flags) else False) != (flags[place - 1] if place else False)
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def add_dimension_group(draft: Draft, request: Json) -> Json:
    """addDimensionGroup: one level deeper; all groups of the dimension are told."""
    return _regroup(draft, request, 1)


def delete_dimension_group(draft: Draft, request: Json) -> Json:
    """deleteDimensionGroup: one level up; all groups left are told."""
    return _regroup(draft, request, -1)


def _regroup(draft: Draft, request: Json, step: int) -> Json:
    sheet, dimension, start, end = stretch(draft, request.get("range", {}))
    depths = _depths(sheet, dimension)
    if step < 0 and not any(depths[start:end]):
        raise invalid("Cannot delete a group: there is no group over the specified range.")
    depths = [max(0, depth + step) if start <= place < end else depth for place, depth in enumerate(depths)]
    if max(depths, default=0) > 8:
        raise invalid("Cannot add a group: a dimension may be at most 8 groups deep.")
    _set_groups(sheet, dimension, _from_depths(sheet, dimension, depths))
    sheet.grid = {"rowGroupControlAfter" if dimension == ROWS else "columnGroupControlAfter": True} | sheet.grid
    return {"dimensionGroups": list(_groups(sheet, dimension))}


def update_dimension_group(draft: Draft, request: Json) -> None:
    """updateDimensionGroup: collapse or open the group of that range and depth."""
    given = request.get("dimensionGroup", {})
    sheet, dimension, start, end = stretch(draft, given.get("range", {}))
    update_mask(request.get("fields", ""), "DimensionGroup")
    groups = _groups(sheet, dimension)
    wanted = (given.get("depth", 0), start, end)
    found = next((g for g in groups if (g["depth"], g["range"]["startIndex"], g["range"]["endIndex"]) == wanted), None)
    if found is None:
        raise invalid("Cannot update a group: there is no group with that range and depth.")
    collapsed = bool(given.get("collapsed"))
    changed = {name: item for name, item in found.items() if name != "collapsed"} | (
        {"collapsed": True} if collapsed else {}
    )
    _set_groups(sheet, dimension, [changed if group is found else group for group in groups])
    _hide(sheet, dimension, start, end, collapsed)


def _hide(sheet: Sheet, dimension: str, start: int, end: int, hidden: bool) -> None:
    looks = sheet.row_looks if dimension == ROWS else sheet.column_looks
    for place in range(start, min(end, len(looks))):
        looks[place] = {
            name: item for name, item in (looks[place] | {"hiddenByUser": hidden}).items() if item
        } or NO_PROPERTIES


EDITS = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
    "addDimensionGroup": add_dimension_group,
    "deleteDimensionGroup": delete_dimension_group,
    "updateDimensionGroup": update_dimension_group,
}
