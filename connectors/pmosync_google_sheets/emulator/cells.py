"""One cell: what was entered, how it looks, its note, rule and text runs; and its values as the API speaks them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pmosync_google_sheets.emulator.refusals import invalid

MAX_CHARACTERS = 50_000


class Formula(Struct, frozen=True):
    """A formula as entered, with its ``=``."""

    text: str


class Fault(Struct, frozen=True):
    """An error value: ``type`` as the API names it (N_A, REF …), ``message`` what a person reads on hovering."""

    type: str
    message: str = ""

    @property
    def shown(self) -> str:
        """What the cell shows."""
        return SHOWN_FAULTS[self.type]


SHOWN_FAULTS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}

Scalar = None | bool | int | float | str | Fault
"""What a cell can be worth; None is blank."""

Entered = None | bool | int | float | str | Formula


class Cell(Struct, frozen=True):
    """``look`` is its userEnteredFormat, ``rule`` its dataValidation, ``runs`` its textFormatRuns: never changed in place."""

    entered: Entered = None
    look: dict[str, Any] | None = None
    note: str = ""
    rule: dict[str, Any] | None = None
    runs: tuple[dict[str, Any], ...] = ()


BLANK = Cell()
Row = dict[int, Cell]
"""The cells of a row by column; never changed in place once it stands in a sheet, so that copies of a sheet can share it."""


def entered_of(value: dict[str, Any] | None) -> Entered:
    """What a userEnteredValue enters. Raises Refusal for error values and over-long text."""
    if not value:
        return None
    if len(value) > 1:
        raise invalid("Only one value can be set.")
    ((kind, content),) = value.items()
    if kind == "stringValue":
        return fitting(content) or None
    if kind in ("numberValue", "boolValue"):
        return content  # type: ignore[no-any-return]
    if kind == "formulaValue":
        return Formula(content if content.startswith("=") else f"={content}")
    raise invalid("ErrorValues cannot be set.")


def fitting(text: str) -> str:
    """The text, unless a cell cannot hold it. Raises Refusal."""
    if len(text) > MAX_CHARACTERS:
        raise invalid(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
    return text


def extended(value: Entered | Scalar) -> dict[str, Any]:
    """The ExtendedValue of a value; {} for blank."""
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int() | float():
            return {"numberValue": plain(value)}
        case str():
            return {"stringValue": value}
        case Formula(text=text):
            return {"formulaValue": text}
        case Fault(type=kind, message=message):
            return {"errorValue": {"type": kind} | ({"message": message} if message else {})}


def plain(number: float) -> int | float:
    """The number as JSON shows it: 2.0 → 2."""
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 2**53 else number
