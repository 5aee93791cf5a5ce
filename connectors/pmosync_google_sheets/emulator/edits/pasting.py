"""Copying, cutting and sorting cells."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from pmosync_google_sheets.emulator.cells import BLANK, Cell, Fault, Formula, Row, Scalar
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft, off_grid
from pmosync_google_sheets.emulator.formulas.adjust import copied, followed
from pmosync_google_sheets.emulator.formulas.lookups import ordered
from pmosync_google_sheets.emulator.ranges import Area, Box, area_of, grid_range
from pmosync_google_sheets.emulator.refusals import invalid
from pmosync_google_sheets.emulator.restructure import rewrite_formulas

Json = dict[str, Any]


def moved(cell: Cell, down: int, across: int) -> Cell:
    """A copy of the cell so far away: a formula's relative references follow."""
    if not isinstance(cell.entered, Formula) or (down, across) == (0, 0):
        return cell
    return Cell(Formula(copied(cell.entered.text, down, across)), cell.look, cell.note, cell.rule, cell.runs)


def _pasted(kind: str, source: Cell, target: Cell, worth: Scalar) -> Cell:
    """What becomes of ``target`` when ``source``, which is worth ``worth``, is pasted over it."""
    match kind:
        case "PASTE_VALUES":
            value = worth.shown if isinstance(worth, Fault) else worth
            return Cell(value, target.look, target.note, target.rule)
        case "PASTE_FORMAT":
            return Cell(target.entered, source.look, target.note, target.rule, target.runs)
        case "PASTE_FORMULA":
            return Cell(source.entered, target.look, target.note, target.rule, source.runs)
        case "PASTE_DATA_VALIDATION":
            return Cell(target.entered, target.look, target.note, source.rule, target.runs)
        case "PASTE_NO_BORDERS":
            look = {name: item for name, item in (source.look or {}).items() if name != "borders"}
            return Cell(source.entered, look or None, source.note, source.rule, source.runs)
        case "PASTE_CONDITIONAL_FORMATTING":
            return target
    return source


def _block(sheet: Sheet, box: Box) -> list[list[Cell]]:
    return [[sheet.cell(row, column) for column in range(box.left, box.right)] for row in range(box.top, box.bottom)]


def copy_paste(draft: Draft, request: Json) -> None:
    """copyPaste: the source is repeated to fill a destination that is a multiple of it."""
    source_sheet, source = draft.region(request.get("source", {}))
    sheet, goal = draft.region(request.get("destination", {}))
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    height, width = (source.width, source.height) if turned else (source.height, source.width)
    box = _filled(sheet, goal, height, width)
    draft.guard(sheet, box)
    block, calculation = _block(source_sheet, source), draft.calculation()
    kind = request.get("pasteType", "PASTE_NORMAL")
    for row in range(box.top, box.bottom):
        cells: Row = {}
        for column in range(box.left, box.right):
            at = ((row - box.top) % height, (column - box.left) % width)
            down, across = at[::-1] if turned else at
            worth = (
                calculation.value(source_sheet.id, source.top + down, source.left + across)
                if kind == "PASTE_VALUES"
                else None
            )
            cell = moved(block[down][across], row - source.top - down, column - source.left - across)
            cells[column] = _pasted(kind, cell, sheet.cell(row, column), worth)
        sheet.put_row(row, cells)


def _filled(sheet: Sheet, goal: Box, height: int, width: int) -> Box:
    """The cells to paste into: as many whole copies as fit, at least one."""
    if not height or not width:
        raise invalid("The source range must not be empty.")
    down = goal.height - goal.height % height if goal.height >= height else height
    across = goal.width - goal.width % width if goal.width >= width else width
    box = Box(sheet.id, goal.top, goal.left, goal.top + down, goal.left + across)
    if box.bottom > sheet.row_count or box.right > sheet.column_count:
        raise off_grid(sheet, box)
    return box


def cut_paste(draft: Draft, request: Json) -> None:
    """cutPaste: the cells move; formulas and named ranges that pointed at them follow."""
    source_sheet, source = draft.region(request.get("source", {}))
    sheet, top, left = draft.spot(request.get("destination", {}))
    box = _filled(sheet, Box(sheet.id, top, left, top, left), source.height, source.width)
    draft.guard(source_sheet, source)
    draft.guard(sheet, box)
    block, calculation, kind = (
        _block(source_sheet, source),
        draft.calculation(),
        request.get("pasteType", "PASTE_NORMAL"),
    )
    worth = [
        [calculation.value(source.sheet, row, column) for column in range(source.left, source.right)]
        for row in range(source.top, source.bottom)
    ]
    _clear(source_sheet, source)
    for row, line in enumerate(block):
        cells = {
            left + at: _pasted(kind, cell, sheet.cell(top + row, left + at), worth[row][at])
            for at, cell in enumerate(line)
        }
        sheet.put_row(top + row, cells)
    _follow(draft, source_sheet, source, sheet, top - source.top, left - source.left)


def _clear(sheet: Sheet, box: Box) -> None:
    for row, column, _ in list(sheet.filled(box)):
        sheet.put(row, column, BLANK)


def _follow(draft: Draft, source_sheet: Sheet, source: Box, sheet: Sheet, down: int, across: int) -> None:
    title, target = source_sheet.title, sheet.title
    rewrite_formulas(draft.document, lambda text, own: followed(text, own, title, source, target, down, across))
    for place, item in enumerate(draft.document.named):
        box = source_sheet.box(area_of(item["range"]))
        if source.covers(box):
            area = Area(sheet.id, box.top + down, box.left + across, box.bottom + down, box.right + across)
            draft.document.named[place] = item | {"range": grid_range(area)}


def sort_range(draft: Draft, request: Json) -> None:
    """sortRange: whole rows of the range by one or more columns; blanks stay last, equal rows keep their order."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    specs = request.get("sortSpecs", [])
    if not specs:
        raise invalid("Must specify at least one sort spec.")
    sort_rows(draft, sheet, box, specs)


def sort_rows(draft: Draft, sheet: Sheet, box: Box, specs: list[Json], header: int = 0) -> None:
    """Sort the rows of a box below ``header`` of its rows."""
    columns = [spec.get("dimensionIndex", 0) for spec in specs]
    if any(not box.left <= column < box.right for column in columns):
        raise invalid("SortSpec.dimensionIndex must be within the range.")
    order = [(place, spec.get("sortOrder", "ASCENDING") != "DESCENDING") for place, spec in enumerate(specs)]
    calculation = draft.calculation()
    rows = list(range(box.top + header, box.bottom))
    keys = {row: [calculation.value(sheet.id, row, column) for column in columns] for row in rows}

    def compared(one: int, two: int) -> int:
        return ordered(keys[one], keys[two], order)

    ranked = sorted(rows, key=cmp_to_key(compared))
    lines = [_cut(sheet.rows[row], box) for row in ranked]
    for row, old, line in zip(rows, ranked, lines, strict=True):
        kept = {column: cell for column, cell in sheet.rows[row].items() if not box.left <= column < box.right}
        sheet.rows[row] = kept | {column: moved(cell, row - old, 0) for column, cell in line.items()}


def _cut(row: Row, box: Box) -> Row:
    return {column: cell for column, cell in row.items() if box.left <= column < box.right}


EDITS = {"copyPaste": copy_paste, "cutPaste": cut_paste, "sortRange": sort_range}
