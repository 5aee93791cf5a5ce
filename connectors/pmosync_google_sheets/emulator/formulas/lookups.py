"""Functions of areas: searching, counting, adding up, cutting and arranging."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

from pmosync_google_sheets.emulator.cells import Fault, Scalar
from pmosync_google_sheets.emulator.formulas.functions import compare
from pmosync_google_sheets.emulator.formulas.values import (
    Array,
    Cells,
    Value,
    flat,
    key,
    number,
    numbers,
    rank,
    rows_of,
    text,
)
from pmosync_google_sheets.emulator.ranges import Box

NOT_FOUND = Fault("N_A", "Did not find value in lookup.")


def _positions(area: Value) -> dict[Scalar, int]:
    """First position of every value of an area; worked out once for cells."""

    def make() -> dict[Scalar, int]:
        found: dict[Scalar, int] = {}
        for place, value in enumerate(flat(area)):
            if value is not None and not isinstance(value, Fault):
                found.setdefault(key(value), place)
        return found

    if isinstance(area, Cells):
        return area.reader.remembered(("positions", area.box), make)  # type: ignore[return-value]
    return make()


def position(wanted: Scalar, area: Value) -> int | Fault:
    """Where an exact match stands in an area of one row or column, zero-based."""
    if isinstance(wanted, Fault):
        return wanted
    found = _positions(area).get(key(wanted)) if wanted is not None else None
    if found is None and isinstance(wanted, str) and re.search(r"[*?]", wanted):
        found = _wildcard(wanted, flat(area))
    return NOT_FOUND if found is None else found


def _wildcard(pattern: str, values: Iterable[Scalar]) -> int | None:
    expression = wildcard_expression(pattern)
    return next(
        (place for place, value in enumerate(values) if isinstance(value, str) and expression.fullmatch(value)), None
    )


def wildcard_expression(pattern: str) -> re.Pattern[str]:
    """``*`` any text, ``?`` one character, ``~`` takes the next one literally."""
    pieces = re.findall(r"~.|.", pattern, re.DOTALL)
    parts = [".*" if piece == "*" else "." if piece == "?" else re.escape(piece[-1]) for piece in pieces]
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _nearest(wanted: Scalar, values: list[Scalar], order: int) -> int | Fault:
    """The last value not beyond ``wanted`` in values sorted upwards (order 1) or downwards (-1)."""
    found = None
    for place, value in enumerate(values):
        if value is None or rank(value)[0] != rank(wanted)[0]:
            continue
        if (rank(value) <= rank(wanted)) if order > 0 else (rank(value) >= rank(wanted)):
            found = place
    return NOT_FOUND if found is None else found


def match(wanted: Scalar, area: Value, kind: Scalar = 1) -> Scalar:
    """MATCH: one-based place."""
    order = number(kind)
    if isinstance(order, Fault):
        return order
    found = position(wanted, area) if order == 0 else _nearest(wanted, flat(area), int(order))
    return found if isinstance(found, Fault) else found + 1


def column(area: Value, index: int) -> Value:
    """One column of an area."""
    if isinstance(area, Cells):
        box = area.box
        return Cells(Box(box.sheet, box.top, box.left + index, box.bottom, box.left + index + 1), area.reader)
    return [[row[index]] for row in rows_of(area)]


def row(area: Value, index: int) -> Value:
    """One row of an area."""
    if isinstance(area, Cells):
        box = area.box
        return Cells(Box(box.sheet, box.top + index, box.left, box.top + index + 1, box.right), area.reader)
    return [rows_of(area)[index]]


def size(area: Value) -> tuple[int, int]:
    """Rows and columns of any value."""
    if isinstance(area, Cells):
        return area.box.height, area.box.width
    rows = rows_of(area)
    return len(rows), len(rows[0]) if rows else 0


def item(area: Value, down: int, across: int) -> Scalar:
    """One element."""
    if isinstance(area, Cells):
        return area.reader.value(area.box.sheet, area.box.top + down, area.box.left + across)
    return rows_of(area)[down][across]


def vlookup(wanted: Scalar, area: Value, index: Scalar, is_sorted: Scalar = True) -> Scalar:
    """VLOOKUP: the index-th column beside the value found in the first."""
    across = number(index)
    if isinstance(across, Fault):
        return across
    if not 1 <= across <= size(area)[1]:
        return Fault("REF", f"VLOOKUP evaluates to an out of bounds range: column {int(across)}.")
    first = column(area, 0)
    found = _nearest(wanted, flat(first), 1) if is_sorted not in (False, 0, None) else position(wanted, first)
    return found if isinstance(found, Fault) else item(area, found, int(across) - 1)


def hlookup(wanted: Scalar, area: Value, index: Scalar, is_sorted: Scalar = True) -> Scalar:
    """HLOOKUP: VLOOKUP turned on its side."""
    return vlookup(wanted, [list(turned) for turned in zip(*rows_of(area), strict=True)], index, is_sorted)


def xlookup(wanted: Scalar, area: Value, result: Value, missing: Scalar = NOT_FOUND) -> Value:
    """XLOOKUP with an exact match: the result beside the value found (a whole row where the result is wider)."""
    found = position(wanted, area)
    if isinstance(found, Fault):
        return missing if found.type == "N_A" else found
    if size(area)[0] == 1 and size(area)[1] > 1:
        return item(result, 0, found) if size(result)[0] == 1 else column(result, found)
    return item(result, found, 0) if size(result)[1] == 1 else row(result, found)


def index(area: Value, down: Scalar = 0, across: Scalar = 0) -> Value:
    """INDEX: an element, or a whole row or column where the other number is 0."""
    i, j = number(down), number(across)
    if isinstance(i, Fault) or isinstance(j, Fault):
        return i if isinstance(i, Fault) else j
    height, width = size(area)
    if height == 1 and width > 1 and j == 0:
        i, j = 1, i
    if not (0 <= i <= height and 0 <= j <= width):
        return Fault("REF", "INDEX evaluates to an out of bounds range.")
    part = area if i == 0 else row(area, int(i) - 1)
    part = part if j == 0 else column(part, int(j) - 1)
    return item(part, 0, 0) if size(part) == (1, 1) else part


def _criterion(wanted: Scalar) -> Callable[[Scalar], bool]:
    """The test of COUNTIF and its like: ``">=3"``, ``"<>x"``, wildcards, or equality."""
    if not isinstance(wanted, str):
        return lambda value: value is not None and compare("=", value, wanted) is True
    operator, rest = re.fullmatch(r"(<=|>=|<>|<|>|=)?(.*)", wanted, re.DOTALL).groups()  # type: ignore[union-attr]
    amount = number(rest) if rest else Fault("VALUE")
    if operator in (None, "=", "<>"):
        return _equality(rest, amount, operator == "<>")
    limit: Scalar = rest if isinstance(amount, Fault) else amount
    return lambda value: (
        value is not None and rank(value)[0] == rank(limit)[0] and compare(operator, value, limit) is True
    )


def _equality(rest: str, amount: float | Fault, negated: bool) -> Callable[[Scalar], bool]:
    expression = wildcard_expression(rest)

    def test(value: Scalar) -> bool:
        if isinstance(value, Fault):
            return negated
        if value is None:
            return (rest == "") != negated
        same = (not isinstance(amount, Fault) and not isinstance(value, str) and value == amount) or bool(
            expression.fullmatch(str(text(value)))
        )
        return same != negated

    return test


def countif(area: Value, wanted: Scalar) -> Scalar:
    """COUNTIF; equality is answered from an index, so that a column of codes stays linear."""
    if (
        isinstance(area, Cells)
        and isinstance(wanted, str)
        and wanted
        and not re.search(r"[*?~<>=]", wanted)
        and isinstance(number(wanted), Fault)
    ):
        return _tally(area).get(wanted.casefold(), 0)
    test = _criterion("" if wanted is None else wanted)
    return sum(test(value) for value in flat(area))


def _tally(area: Cells) -> dict[str, int]:
    def make() -> dict[str, int]:
        found: dict[str, int] = {}
        for value in area.flat():
            if isinstance(value, str):
                found[value.casefold()] = found.get(value.casefold(), 0) + 1
        return found

    return area.reader.remembered(("tally", area.box), make)  # type: ignore[return-value]


def _kept(pairs: list[Value]) -> list[bool] | Fault:
    """Which places pass every pair of area and criterion."""
    tests = [(flat(pairs[at]), _criterion(flat(pairs[at + 1])[0])) for at in range(0, len(pairs) - 1, 2)]
    if len({len(values) for values, _ in tests}) != 1:
        return Fault("VALUE", "Array arguments are of different size.")
    return [all(test(values[place]) for values, test in tests) for place in range(len(tests[0][0]))]


def countifs(*pairs: Value) -> Scalar:
    """COUNTIFS."""
    kept = _kept(list(pairs))
    return kept if isinstance(kept, Fault) else sum(kept)


def sumifs(target: Value, *pairs: Value) -> Scalar:
    """SUMIFS."""
    kept = _kept(list(pairs))
    if isinstance(kept, Fault):
        return kept
    chosen: Array = [[value for value, keep in zip(flat(target), kept, strict=False) if keep]]
    return total(chosen)


def sumif(area: Value, wanted: Value, target: Value | None = None) -> Scalar:
    """SUMIF."""
    return sumifs(area if target is None else target, area, wanted)


def _gathered(values: tuple[Value, ...]) -> list[float] | Fault:
    found = list(numbers(list(values)))
    fault = next((value for value in found if isinstance(value, Fault)), None)
    return fault or [value for value in found if not isinstance(value, Fault)]


def _aggregate(work: Callable[[list[float]], Scalar]) -> Callable[..., Scalar]:
    def run(*values: Value) -> Scalar:
        found = _gathered(values)
        return found if isinstance(found, Fault) else work(found)

    return run


total = _aggregate(sum)


def _average(found: list[float]) -> Scalar:
    return (
        sum(found) / len(found)
        if found
        else Fault("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
    )


def counta(*values: Value) -> Scalar:
    """COUNTA: what is not blank."""
    return sum(value is not None for given in values for value in flat(given))


def count(*values: Value) -> Scalar:
    """COUNT: numbers."""
    return sum(not isinstance(value, Fault) for value in numbers(list(values)))


def textjoin(mark: Scalar, skip: Scalar, *values: Value) -> Scalar:
    """TEXTJOIN."""
    found = [text(value) for given in values for value in flat(given) if not (skip and value in (None, ""))]
    fault = next((value for value in found if isinstance(value, Fault)), None)
    return fault or str(text(mark)).join(str(value) for value in found)


def keep(area: Value, *conditions: Value) -> Value:
    """FILTER: the rows for which every condition holds."""
    rows = rows_of(area)
    tests = [flat(condition) for condition in conditions]
    if any(len(test) != len(rows) for test in tests):
        return Fault("N_A", "FILTER has mismatched range sizes.")
    kept = [
        line
        for place, line in enumerate(rows)
        if all(test[place] not in (None, False, 0) and not isinstance(test[place], Fault) for test in tests)
    ]
    return kept or Fault("N_A", "No matches are found in FILTER evaluation.")


def unique(area: Value) -> Value:
    """UNIQUE rows, first ones kept."""
    seen: dict[tuple[Any, ...], list[Scalar]] = {}
    for line in rows_of(area):
        seen.setdefault(tuple(key(value) for value in line), line)
    return list(seen.values())


def sort(area: Value, *orders: Scalar) -> Value:
    """SORT by pairs of one-based column and whether upwards; blanks stay last."""
    pairs: list[tuple[int, bool]] = []
    for at in range(0, len(orders) - 1, 2):
        place = number(orders[at])
        if isinstance(place, Fault) or not 1 <= place <= size(area)[1]:
            return Fault("VALUE", "SORT needs a column of the range.")
        pairs.append((int(place) - 1, bool(orders[at + 1])))

    def compared(one: list[Scalar], two: list[Scalar]) -> int:
        return ordered(one, two, pairs or [(0, True)])

    return sorted(rows_of(area), key=cmp_to_key(compared))


def ordered(one: list[Scalar], two: list[Scalar], pairs: list[tuple[int, bool]]) -> int:
    """-1, 0 or 1: how two rows stand to each other."""
    for place, upwards in pairs:
        first, second = rank(one[place]), rank(two[place])
        if first != second:
            blank = 4 in (first[0], second[0])
            return (-1 if first < second else 1) * (1 if upwards or blank else -1)
    return 0


# The letters say how each argument is taken: s a scalar (element by element in an array formula), r an area. The last repeats.
AREAS: dict[str, tuple[Callable[..., Value], str, int]] = {
    "MATCH": (match, "srs", 2),
    "VLOOKUP": (vlookup, "srss", 3),
    "HLOOKUP": (hlookup, "srss", 3),
    "XLOOKUP": (xlookup, "srrs", 3),
    "COUNTIF": (countif, "rs", 2),
    "INDEX": (index, "rff", 1),
    "COUNTIFS": (countifs, "r", 2),
    "SUMIF": (sumif, "r", 2),
    "SUMIFS": (sumifs, "r", 3),
    "SUM": (total, "r", 1),
    "AVERAGE": (_aggregate(_average), "r", 1),
    "MIN": (_aggregate(lambda found: min(found, default=0)), "r", 1),
    "MAX": (_aggregate(lambda found: max(found, default=0)), "r", 1),
    "COUNTA": (counta, "r", 1),
    "COUNT": (count, "r", 1),
    "COUNTBLANK": (lambda area: sum(value in (None, "") for value in flat(area)), "r", 1),
    "TEXTJOIN": (textjoin, "ffr", 3),
    "JOIN": (lambda mark, *values: textjoin(mark, False, *values), "fr", 2),
    "ROWS": (lambda area: size(area)[0], "r", 1),
    "COLUMNS": (lambda area: size(area)[1], "r", 1),
    "FILTER": (keep, "r", 2),
    "UNIQUE": (unique, "r", 1),
    "SORT": (sort, "rf", 1),
    "TRANSPOSE": (lambda area: [list(turned) for turned in zip(*rows_of(area), strict=True)], "r", 1),
}
"""Name → function, how arguments are taken (f: the first scalar of whatever is given), least number of arguments."""
