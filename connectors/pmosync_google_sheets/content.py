"""What stands in the cells of a sheet, from the grid data that ``spreadsheets.get`` tells. Pure.

Values, formulas and links come with one answer and so from one moment: nobody can type between them. An answer may tell of
hundreds of thousands of cells; as dicts within dicts they would take three times the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from pmosync_google_sheets.cells import Json

PARTS = "rowData(values(effectiveValue,userEnteredValue(formulaValue),hyperlink))"
"""What of grid data is asked for, behind ``startRow`` and ``startColumn``."""

FAULTS: Mapping[str, str] = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
"""What a cell shows for each type of error."""

Spot = tuple[int, int]


class Fault(Struct, frozen=True, gc=False):
    """ErrorValue."""

    type: str = ""


class Shown(Struct, frozen=True, gc=False, rename="camel"):
    """ExtendedValue, of which one field is set; all are None in an empty cell."""

    number_value: int | float | str | None = None
    string_value: str | None = None
    bool_value: bool | None = None
    error_value: Fault | None = None

    @property
    def plain(self) -> Any:
        """The value; of an error what the cell shows, "" for none."""
        if self.error_value is not None:
            return FAULTS.get(self.error_value.type, FAULTS["ERROR"])
        for value in (self.number_value, self.string_value, self.bool_value):
            if value is not None:
                return value
        return ""


class Entered(Struct, frozen=True, gc=False, rename="camel"):
    """What somebody typed, where it is a formula."""

    formula_value: str = ""


class Cell(Struct, frozen=True, gc=False, rename="camel"):
    """CellData, as far as it is asked for."""

    effective_value: Shown | None = None
    user_entered_value: Entered | None = None
    hyperlink: str = ""


class Line(Struct, frozen=True, gc=False):
    """RowData."""

    values: Sequence[Cell] = ()


class Content(Struct, frozen=True):
    """``values`` from the sheet's first cell on, ragged, "" where a cell is empty, dates as serial numbers; what computes some
    of them, and where some of them lead, by row and column (zero-based).
    """

    values: list[list[Any]]
    formulas: Mapping[Spot, str]
    links: Mapping[Spot, str]


Parse = Callable[[Raw], Any]


def decoded(answer: bytes | str) -> Json:
    """A spreadsheet as Google tells it, the rows of its grid data as ``Line``. msgspec.DecodeError where it is none."""
    return _but(msgspec.json.decode(answer, type=dict[str, Raw]), "sheets", _sheets)


def _sheets(told: Raw) -> list[Json]:
    return [_but(one, "data", _data) for one in msgspec.json.decode(told, type=list[dict[str, Raw]])]


def _data(told: Raw) -> list[Json]:
    return [_but(one, "rowData", _rows) for one in msgspec.json.decode(told, type=list[dict[str, Raw]])]


def _rows(told: Raw) -> list[Line]:
    return msgspec.json.decode(told, type=list[Line])


def _but(parts: Mapping[str, Raw], special: str, parse: Parse) -> Json:
    """Parts as plain objects, but for one that is parsed in its own way."""
    return {name: parse(part) if name == special else msgspec.json.decode(part) for name, part in parts.items()}


def content(sheet: Mapping[str, Any]) -> Content:
    """The content of a sheet of which all cells are told."""
    block: Json = next(iter(sheet.get("data", ())), {})
    return Content(_values(block), _formulas(block), _links(block))


def _values(block: Json) -> list[list[Any]]:
    left = [""] * block.get("startColumn", 0)
    told = [_cut([*left, *map(_value, line.values)]) for line in block.get("rowData", ())]
    return _cut([*([] for _ in range(block.get("startRow", 0))), *told])


def _cut(items: list[Any]) -> list[Any]:
    """Without the empty ones at the end."""
    while items and items[-1] in ("", []):
        items.pop()
    return items


def _value(cell: Cell) -> Any:
    return cell.effective_value.plain if cell.effective_value else ""


def _formulas(block: Json) -> dict[Spot, str]:
    entered = ((spot, cell.user_entered_value) for spot, cell in _cells(block))
    return {spot: typed.formula_value for spot, typed in entered if typed and typed.formula_value}


def _links(block: Json) -> dict[Spot, str]:
    return {spot: cell.hyperlink for spot, cell in _cells(block) if cell.hyperlink}


def _cells(block: Json) -> Iterator[tuple[Spot, Cell]]:
    """Every cell by its place in the sheet."""
    left = block.get("startColumn", 0)
    for row, line in enumerate(block.get("rowData", ()), block.get("startRow", 0)):
        for column, cell in enumerate(line.values, left):
            yield (row, column), cell
