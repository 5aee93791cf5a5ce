"""When two cells are the same although a spreadsheet tells one of them in its own way."""

from __future__ import annotations

import re
from datetime import date
from itertools import zip_longest

from pmosync.compute.coarse import is_coarse
from pmosync.mapping.text import fold
from pmosync.sheet import Formula, Link, Row, Value, serial, text_of

HALF_SECOND = 0.5 / 86_400
_TEXT = re.compile(r'("(?:[^"]|"")*")')
_TITLE = re.compile(r"'((?:[^']|'')*)'!")


def same(want: Value, have: Value) -> bool:
    """Whether a cell that shows ``have`` needs no write to show ``want``.

    A spreadsheet knows no date (a serial number), no whole number (a float), no difference between empty and "". A formula is
    compared by its text alone; what it shows is the spreadsheet's business.
    """
    if type(want) is type(have) and want == have:
        return True  # nearly every cell of a quiet sync, without a further look
    match want:
        case None | "":
            return have is None or have == ""
        case Formula(text=text):
            return isinstance(have, Formula) and (text == have.text or canonical(text) == canonical(have.text))
        case Link():
            return isinstance(have, Link) and want == have
        case str():
            return isinstance(have, str) and _lines(want) == _lines(have)
        case bool():
            return isinstance(have, bool) and want == have
        case _:
            return _same_number(want, have)


def _same_number(want: int | float | date, have: Value) -> bool:
    if isinstance(have, bool) or not isinstance(have, (int, float, date)):
        return False
    left = serial(want) if isinstance(want, date) else float(want)
    right = serial(have) if isinstance(have, date) else float(have)
    allowed = HALF_SECOND if isinstance(want, date) else 1e-9 * max(1.0, abs(left))
    return abs(left - right) <= allowed


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def same_row(want: Row, have: Row) -> bool:
    """Whether a row needs no write. What stands behind its last wanted cell is not ours to compare."""
    return all(same(value, shown) for value, shown in zip_longest(want, have[: len(want)]))


def canonical(formula: str) -> str:
    """A formula without what spreadsheets rewrite: spaces, case, quotes of titles, separators by locale; text stays."""
    parts = _TEXT.split(formula)
    return "".join(part if place % 2 else _folded(part) for place, part in enumerate(parts))


def _folded(part: str) -> str:
    unquoted = _TITLE.sub(lambda match: match[1].replace("''", "'") + "!", part)
    return re.sub(r"\s+", "", unquoted).replace(";", ",").upper()


def marked(row: object, key: str) -> object:
    """A date of a row as people type it: a coarse one with its "~", which is read back as such."""
    value: object = getattr(row, key, None)
    return f"~{value.isoformat()}" if isinstance(value, date) and is_coarse(row, key) else value


def code_of(value: Value) -> str:
    """A code as it is compared: width, case and spaces folded."""
    return fold(text_of(value))
