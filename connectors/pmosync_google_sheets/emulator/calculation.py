"""What every cell of one state of a spreadsheet is worth: formulas worked out on demand, arrays spilled, cycles found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pmosync_google_sheets.emulator.cells import BLANK, Cell, Fault, Formula, Row, Scalar
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.formulas.evaluate import Spot, evaluate, single
from pmosync_google_sheets.emulator.formulas.syntax import SyntaxFault, parse
from pmosync_google_sheets.emulator.formulas.values import Array, Value
from pmosync_google_sheets.emulator.patterns import show
from pmosync_google_sheets.emulator.ranges import Area, Box, a1, area_of

_SPILLING = re.compile(r"ARRAYFORMULA|FILTER|UNIQUE|SORT|SEQUENCE|TRANSPOSE|\{", re.IGNORECASE)
MAX_DEPTH = 60
Place = tuple[int, int, int]


class Calculation:
    """Values of one state of a spreadsheet at one moment; implements the surroundings of its formulas."""

    def __init__(self, document: Spreadsheet, now: datetime) -> None:
        self.document = document
        self.now = now
        self._sheets = {sheet.id: sheet for sheet in document.sheets}
        self._worth: dict[Place, Scalar] = {}
        self._running: dict[Place, None] = {}
        self._spilled: dict[Place, Scalar] = {}
        self._spillers: dict[int, list[Place]] = {}
        self._partial = False
        self._texts: dict[tuple[float, int], str] = {}
        self._memory: dict[tuple[object, ...], object] = {}

    def value(self, sheet: int, row: int, column: int) -> Scalar:
        """What a cell is worth."""
        grid = self._sheets[sheet]
        cell = grid.rows[row].get(column) if row < len(grid.rows) else None
        entered = cell.entered if cell else None
        if isinstance(entered, Formula):
            return self._formula((sheet, row, column), entered)
        if entered is None:
            return self._empty(grid, row, column, cell)
        return entered

    def remembered(self, key: tuple[object, ...], make: Callable[[], object]) -> object:
        """Something worked out once; forgotten again if it met a formula that was still being worked out."""
        if key in self._memory:
            return self._memory[key]
        before, self._partial = self._partial, False
        made = make()
        if not self._partial:
            self._memory[key] = made
        self._partial = self._partial or before
        return made

    def box(self, title: str, own: int, area: Area) -> Box | None:
        """A reference's cells cut to its grid."""
        sheet = self.document.titled(title) if title else self._sheets[own]
        if sheet is None:
            return None
        box = sheet.box(Area(sheet.id, area.top, area.left, area.bottom, area.right))
        return box if box.height and box.width else None

    def named(self, name: str) -> Box | None:
        """The cells of a named range."""
        found = next((item for item in self.document.named if item["name"].casefold() == name.casefold()), None)
        area = area_of(found["range"]) if found else None
        return self._sheets[area.sheet].box(area) if area and area.sheet in self._sheets else None

    def shown(self, sheet: Sheet, row: int, column: int, cell: Cell = BLANK) -> str:
        """The text a person sees in a cell."""
        return self.text(self.value(sheet.id, row, column), cell)

    def text(self, value: Scalar, cell: Cell) -> str:
        """The text of a value with a cell's format."""
        match value:
            case None:
                return ""
            case bool():
                return "TRUE" if value else "FALSE"
            case int() | float():
                return self._shown_number(value, cell.look)
            case Fault():
                return value.shown
            case str():
                return value

    def _shown_number(self, value: float, look: dict[str, Any] | None) -> str:
        # Formats live as long as the document, so that their identity names them.
        key = (value, id(look))
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = show(value, (look or {}).get("numberFormat"), self.document.locale)
        return known

    def row(self, sheet: Sheet, row: int) -> dict[int, Scalar]:
        """The values of a row by column: what was entered, worked out or spilled there."""
        line: Row = sheet.rows[row]
        found = {column: self.value(sheet.id, row, column) for column in line}
        self._spill_all(sheet.id)
        for (number, at, column), value in self._spilled.items():
            if number == sheet.id and at == row and column not in found:
                found[column] = value
        return found

    def spills(self, sheet: int) -> dict[int, dict[int, Scalar]]:
        """Spilled values of a tab by row and column."""
        self._spill_all(sheet)
        found: dict[int, dict[int, Scalar]] = {}
        for (number, row, column), value in self._spilled.items():
            if number == sheet:
                found.setdefault(row, {})[column] = value
        return found

    def _empty(self, grid: Sheet, row: int, column: int, cell: Cell | None) -> Scalar:
        for place in self._spilling(grid):
            if place[1] <= row and place[2] <= column and place not in self._worth:
                self._await(place)
        spilled = self._spilled.get((grid.id, row, column))
        if spilled is None and cell and cell.rule and is_checkbox(cell.rule):
            return False
        return spilled

    def _await(self, place: Place) -> None:
        """Let a formula spill, unless it is the one that asks."""
        if place in self._running:
            self._partial = True
        else:
            self.value(*place)

    def _spill_all(self, sheet: int) -> None:
        for place in self._spilling(self._sheets[sheet]):
            self.value(*place)

    def _spilling(self, grid: Sheet) -> list[Place]:
        found = self._spillers.get(grid.id)
        if found is None:
            cells = ((row, column, cell.entered) for row, column, cell in grid.filled(grid.whole()))
            found = [
                (grid.id, row, column)
                for row, column, e in cells
                if isinstance(e, Formula) and _SPILLING.search(e.text)
            ]
            self._spillers[grid.id] = found
        return found

    def _formula(self, place: Place, formula: Formula) -> Scalar:
        if place in self._worth:
            return self._worth[place]
        if place in self._running:
            self._partial = True
            return Fault(
                "REF", "Circular dependency detected. To resolve with iterative calculation, see File > Settings."
            )
        if len(self._running) >= MAX_DEPTH:
            return Fault("ERROR", f"A chain of more than {MAX_DEPTH} formulas is not worked out here.")
        self._running[place] = None
        try:
            worth = self._worked_out(place, formula)
        finally:
            del self._running[place]
        self._worth[place] = worth
        return worth

    def _worked_out(self, place: Place, formula: Formula) -> Scalar:
        try:
            tree = parse(formula.text)
        except SyntaxFault:
            return Fault("ERROR", "Formula parse error.")
        spot = Spot(*place)
        value: Value = evaluate(tree, spot, self)
        if isinstance(value, list) and _SPILLING.search(formula.text):
            return self._spill(place, value)
        return single(value, spot)

    def _spill(self, place: Place, values: Array) -> Scalar:
        sheet, top, left = place
        grid = self._sheets[sheet]
        if not values or not values[0]:
            return Fault("REF")
        for row, line in enumerate(values[: grid.row_count - top], top):
            for column, value in enumerate(line[: grid.column_count - left], left):
                if (row, column) != (top, left) and value is not None and self._taken(grid, row, column):
                    where = a1(grid.title, Box(sheet, row, column, row + 1, column + 1)).rpartition("!")[2]
                    return Fault("REF", f"Array result was not expanded because it would overwrite data in {where}.")
        self._spread(place, values)
        return values[0][0]

    def _spread(self, place: Place, values: Array) -> None:
        sheet, top, left = place
        for row, line in enumerate(values, top):
            for column, value in enumerate(line, left):
                if value is not None and (row, column) != (top, left):
                    self._spilled[(sheet, row, column)] = value

    def _taken(self, grid: Sheet, row: int, column: int) -> bool:
        return grid.cell(row, column).entered is not None or (grid.id, row, column) in self._spilled


def is_checkbox(rule: dict[str, object]) -> bool:
    """Whether a validation rule makes an empty cell an unticked box, whose value is FALSE."""
    condition = rule.get("condition")
    return isinstance(condition, dict) and condition.get("type") == "BOOLEAN" and not condition.get("values")
