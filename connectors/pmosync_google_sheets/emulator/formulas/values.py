"""Values that formulas pass around: scalars, arrays, cells not read yet; and how one turns into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, cast

from msgspec import Struct

from pmosync_google_sheets.emulator.cells import Fault, Scalar
from pmosync_google_sheets.emulator.patterns import general
from pmosync_google_sheets.emulator.ranges import Box

Array = list[list[Scalar]]


class Reader(Protocol):
    """Where cells are read."""

    def value(self, sheet: int, row: int, column: int) -> Scalar:
        """What a cell is worth."""
        ...

    def remembered(self, key: tuple[object, ...], make: Callable[[], object]) -> object:
        """Something worked out once for this state of the spreadsheet."""
        ...


class Cells(Struct, frozen=True):
    """A bounded area, read when needed."""

    box: Box
    reader: Reader

    def rows(self) -> Array:
        """All values."""
        box, value = self.box, self.reader.value
        return [
            [value(box.sheet, row, column) for column in range(box.left, box.right)]
            for row in range(box.top, box.bottom)
        ]

    def flat(self) -> list[Scalar]:
        """All values in reading order, read once."""
        return cast(
            "list[Scalar]",
            self.reader.remembered(("flat", self.box), lambda: [value for row in self.rows() for value in row]),
        )


Value = Scalar | Array | Cells


def rows_of(value: Value) -> Array:
    """Any value as rows."""
    if isinstance(value, Cells):
        return value.rows()
    return value if isinstance(value, list) else [[value]]


def flat(value: Value) -> list[Scalar]:
    """Any value's scalars in reading order."""
    if isinstance(value, Cells):
        return value.flat()
    return [item for row in value for item in row] if isinstance(value, list) else [value]


def number(value: Scalar) -> float | Fault:
    """A scalar as a number: blank is 0, text is read as a number if it looks like one."""
    match value:
        case None:
            return 0.0
        case bool() | int() | float():
            return float(value)
        case str():
            return _read(value)
        case Fault():
            return value


def _read(text: str) -> float | Fault:
    stripped = text.strip().replace(",", "")
    try:
        return float(stripped[:-1]) / 100 if stripped.endswith("%") else float(stripped)
    except ValueError:
        return Fault("VALUE", f"'{text}' is text and cannot be coerced to a number.")


def text(value: Scalar) -> str | Fault:
    """A scalar as text."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return general(value)
        case _:
            return value


def truth(value: Scalar) -> bool | Fault:
    """A scalar as a truth value."""
    match value:
        case None:
            return False
        case bool():
            return value
        case int() | float():
            return value != 0
        case str():
            known = {"TRUE": True, "FALSE": False, "": False}.get(value.upper())
            return Fault("VALUE", f"'{value}' is text and cannot be coerced to a boolean.") if known is None else known
        case Fault():
            return value


def key(value: Scalar) -> Scalar:
    """What equal values share: text without case, whole numbers as one type, blank as empty text."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, bool):
        return "\0TRUE" if value else "\0FALSE"
    return float(value) if isinstance(value, int | float) else value


def rank(value: Scalar) -> tuple[int, float, str]:
    """Sheets' order between kinds: numbers before text before truth values before blanks."""
    match value:
        case bool():
            return (2, float(value), "")
        case int() | float():
            return (0, float(value), "")
        case str():
            return (1, 0.0, value.casefold())
        case Fault():
            return (3, 0.0, value.type)
        case None:
            return (4, 0.0, "")


def numbers(values: list[Value]) -> Iterator[float | Fault]:
    """The numbers among arguments, as SUM sees them: text and truth inside areas do not count, faults do."""
    for value in values:
        if isinstance(value, list | Cells):
            for item in flat(value):
                if isinstance(item, Fault) or (isinstance(item, int | float) and not isinstance(item, bool)):
                    yield item
        elif value is not None:
            yield number(value)
