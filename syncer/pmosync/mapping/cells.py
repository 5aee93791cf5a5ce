"""One typed cell: from what a person wrote to a value of the plan, or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from msgspec import Struct

from pmosync.mapping.dates import TypedDay, UndecidedError, typed_day
from pmosync.mapping.instants import UnfitError
from pmosync.mapping.people import People
from pmosync.mapping.tabs import InputColumn
from pmosync.mapping.text import clean, fold
from pmosync.model import PersonRow
from pmosync.sheet import text_of


class CellError(ValueError):
    """A cell cannot be read: the finding's rule, what is expected, and the values that words in another language need
    (``which`` tells apart what one rule expects).
    """

    def __init__(self, rule: str, expected: str, **told: str | int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.expected = expected
        self.told = told


class Sight(Struct, frozen=True):
    """What a cell is read with: the people table, and when its text was first seen."""

    people: People
    seen: datetime | None = None


Cell = Callable[[Any, Sight], Any]


def compile_cell(column: InputColumn) -> Cell:
    """A function from a cell's value to the plan's; empty cells are None. It raises CellError."""
    match column.type:
        case "choice":
            return _choice(column)
        case "integer":
            return lambda value, sight: _integer(value, column)
        case kind:
            return _READ[kind]


def blank(value: Any) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


# ---------------------------------------------------------------- words


def written(value: Any) -> str:
    """A cell as a person sees it, cleaned. CellError for a nested value."""
    if isinstance(value, dict | list | tuple):
        raise CellError("not-text", "plain text")
    return clean(text_of(value))


def _parts(value: Any, between: re.Pattern[str]) -> tuple[str, ...]:
    many: Iterable[Any] = value if isinstance(value, list | tuple) else between.split(written(value))
    return tuple(dict.fromkeys(word for part in many if (word := written(part))))


_COMMAS = re.compile(r"[,，、;；\n]+")
_GAPS = re.compile(r"[,，、;；\s]+")


def code(value: Any) -> str:
    """A code: full-width letters folded, no gaps inside. CellError for anything longer than 64 or with a gap."""
    word = unicodedata.normalize("NFKC", written(value)).strip()
    if len(word) > 64 or _GAPS.search(word):
        raise CellError("not-a-code", "one short code without spaces, such as PAY-M07")
    return word


def _codes(value: Any, sight: Sight) -> tuple[str, ...]:
    return tuple(code(part) for part in _parts(value, _GAPS))


def _texts(value: Any, sight: Sight) -> tuple[str, ...]:
    return _parts(value, _COMMAS)


def _choice(column: InputColumn) -> Cell:
    words: dict[str, str] = {}
    for choice in column.choices:
        for word in (choice.value, *choice.labels.values(), *choice.aliases):
            words[fold(word)] = choice.value
    listed = ", ".join(" / ".join(dict.fromkeys(c.labels.values())) for c in column.choices)

    def read(value: Any, sight: Sight) -> str:
        found = words.get(fold(written(value)))
        if found is None:
            raise CellError("not-a-choice", f"one of {listed}", choices=listed)
        return found

    return read


_YES = frozenset({"true", "yes", "y", "x", "1", "✓", "✔", "是", "对", "真"})
_NO = frozenset({"false", "no", "n", "0", "否", "不", "假", "-"})


def _boolean(value: Any, sight: Sight) -> bool:
    word = fold(written(value))
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError("not-yes-or-no", "yes or no (是 / 否)")


# ---------------------------------------------------------------- numbers

_AMOUNT = re.compile(
    r"(?P<sign>-?)[¥$€£]?\s*(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?\s*(?P<unit>万|亿|k|m)?(?:元|usd|cny|rmb|eur)?",
    re.IGNORECASE,
)
_UNITS: Mapping[str, float] = {"": 1, "万": 1e4, "亿": 1e8, "k": 1e3, "m": 1e6}


def _number(value: Any, sight: Sight) -> float:
    """A number, also with thousands commas, a currency sign, or 万, 亿, k, M behind it. CellError for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", written(value)).strip())
    if not found:
        raise CellError("not-a-number", "a number such as 1200, 1,200.50 or 120万")
    size = float(found["digits"].replace(",", "") + (found["rest"] or "")) * _UNITS[(found["unit"] or "").lower()]
    return -size if found["sign"] else size


def _percent(value: Any, sight: Sight) -> float:
    text = written(value)
    return _number(text[:-1], sight) / 100 if text.endswith(("%", "％")) else _number(value, sight)


def _integer(value: Any, column: InputColumn) -> int:
    low, high = column.least, column.most
    wrong = CellError("not-a-number", "a whole number", which="whole")
    if low is not None and high is not None:
        wrong = CellError("not-a-number", f"a whole number from {low} to {high}", which="range", least=low, most=high)
    try:
        found = _number(value, Sight(People()))
    except CellError:
        raise wrong from None
    if found != int(found) or (low is not None and found < low) or (high is not None and found > high):
        raise wrong
    return int(found)


# ---------------------------------------------------------------- dates and people


def _date(value: Any, sight: Sight) -> TypedDay:
    try:
        return typed_day(value, sight.seen)
    except UndecidedError as fault:
        raise CellError("date-undecided", fault.expected) from None
    except UnfitError as fault:
        raise CellError("not-a-date", fault.expected, which=fault.which) from None


def _person(value: Any, sight: Sight) -> str:
    """The name as typed, if it does not fit two people; who it means is looked up with the same table later."""
    typed = written(value)
    fits = sight.people.fits(typed)
    if len(fits) > 1:
        choices = [_told(row) for row in fits]
        expected = f"the key of the one who is meant: {' or '.join(choices)}"
        raise CellError("name-fits-two", expected, which="person", count=len(fits), choices=", ".join(choices))
    return typed


def _told(row: PersonRow) -> str:
    return " ".join(
        word for word in (row.key, f"({row.name}{', ' + row.department if row.department else ''})") if word
    )


def _people(value: Any, sight: Sight) -> tuple[str, ...]:
    return tuple(_person(part, sight) for part in _parts(value, _COMMAS))


_READ: Mapping[str, Cell] = {
    "text": lambda value, sight: written(value),
    "texts": _texts,
    "code": lambda value, sight: code(value),
    "codes": _codes,
    "number": _number,
    "money": _number,
    "percent": _percent,
    "date": _date,
    "person": _person,
    "people": _people,
    "boolean": _boolean,
}


def shown(value: Any) -> str:
    """A cell's value for a message: short, one line."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return clean(" ".join(text.split()), 60)
