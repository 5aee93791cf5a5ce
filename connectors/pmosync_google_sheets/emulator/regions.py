"""Finds the tables of a tab: blocks of filled cells that touch each other. ``values.append`` writes behind one."""

from __future__ import annotations

from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.ranges import Box


def table(calculation: Calculation, sheet: Sheet, box: Box, *, whole: bool) -> Box | None:
    """The table that an append at ``box`` means: the last one that shares a cell with it; a neighbour does not count.

    ``whole`` means that the tab was named without cells.
    """
    boxes = tables(calculation, sheet)
    if not whole:
        boxes = [found for found in boxes if found.meets(box)]
    return max(boxes, key=lambda found: (found.bottom, found.left), default=None)


def _touch(found: Box, box: Box) -> bool:
    """Whether two boxes share a cell, a side or a corner."""
    grown = Box(found.sheet, found.top - 1, found.left - 1, found.bottom + 1, found.right + 1)
    return grown.meets(box)


def tables(calculation: Calculation, sheet: Sheet) -> list[Box]:
    """The bounding boxes of all blocks, merged until none touches another."""
    spills = calculation.spills(sheet.id)
    boxes: list[Box] = []
    open_boxes: list[Box] = []
    for row in range(sheet.row_count):
        filled = sorted(
            {column for column, cell in sheet.rows[row].items() if cell.entered is not None}
            | spills.get(row, {}).keys()
        )
        boxes += [found for found in open_boxes if found.bottom < row]
        open_boxes = _joined([found for found in open_boxes if found.bottom >= row] + _runs(sheet.id, row, filled))
    return _joined(boxes + open_boxes)


def _runs(sheet: int, row: int, columns: list[int]) -> list[Box]:
    runs: list[Box] = []
    for column in columns:
        if runs and runs[-1].right == column:
            runs[-1] = Box(sheet, row, runs[-1].left, row + 1, column + 1)
        else:
            runs.append(Box(sheet, row, column, row + 1, column + 1))
    return runs


def _joined(boxes: list[Box]) -> list[Box]:
    """Boxes that touch, also by a corner, become one."""
    done: list[Box] = []
    for box in boxes:
        touching = [other for other in done if _touch(other, box)]
        while touching:
            for other in touching:
                done.remove(other)
                box = _union(box, other)
            touching = [other for other in done if _touch(other, box)]
        done.append(box)
    return done


def _union(one: Box, two: Box) -> Box:
    return Box(
        one.sheet,
        min(one.top, two.top),
        min(one.left, two.left),
        max(one.bottom, two.bottom),
        max(one.right, two.right),
    )
