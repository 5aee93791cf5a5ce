"""What stands in the cells of a sheet, from the grid data that ``spreadsheets.get`` tells. Pure.

Values, formulas and links come with one answer and so from one moment: nobody can type between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

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
NOTHING: Json = {}


class Content(Struct, frozen=True):
    """``values`` from the sheet's first cell on, ragged, "" where a cell is empty, dates as serial numbers; what computes some
    of them, and where some of them lead, by row and column (zero-based).
    """

    values: list[list[Any]]
    formulas: Mapping[Spot, str]
    links: Mapping[Spot, str]


def content(sheet: Mapping[str, Any]) -> Content:
    """The content of a sheet of which all cells are told."""
    block: Json = next(iter(sheet.get("data", ())), {})
    return Content(_values(block), _formulas(block), _links(block))


def _values(block: Json) -> list[list[Any]]:
    left = [""] * block.get("startColumn", 0)
    told = [_cut([*left, *map(_value, line.get("values", ()))]) for line in block.get("rowData", ())]
    return _cut([*([] for _ in range(block.get("startRow", 0))), *told])


def _cut(items: list[Any]) -> list[Any]:
    """Without the empty ones at the end."""
    while items and items[-1] in ("", []):
        items.pop()
    return items


def _value(cell: Json) -> Any:
    for kind, value in cell.get("effectiveValue", NOTHING).items():
        return FAULTS.get(value.get("type", ""), "#ERROR!") if kind == "errorValue" else value
    return ""


def _formulas(block: Json) -> dict[Spot, str]:
    return {
        (row, column): text
        for row, line in _lines(block)
        for column, cell in line
        if (text := cell.get("userEnteredValue", NOTHING).get("formulaValue"))
    }


def _links(block: Json) -> dict[Spot, str]:
    return {
        (row, column): text for row, line in _lines(block) for column, cell in line if (text := cell.get("hyperlink"))
    }


def _lines(block: Json) -> Iterator[tuple[int, Iterator[tuple[int, Json]]]]:
    """Every row with its cells, each by its number in the sheet."""
    left = block.get("startColumn", 0)
    for row, line in enumerate(block.get("rowData", ()), block.get("startRow", 0)):
        yield row, enumerate(line.get("values", ()), left)
