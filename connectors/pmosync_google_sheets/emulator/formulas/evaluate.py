"""Works out a formula's tree at a place in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from pmosync_google_sheets.emulator.cells import Fault, Scalar
from pmosync_google_sheets.emulator.formulas.functions import SCALARS, compare, divide, joined
from pmosync_google_sheets.emulator.formulas.lookups import AREAS
from pmosync_google_sheets.emulator.formulas.syntax import Binary, Block, Call, Literal, Name, Node, Reference, Unary
from pmosync_google_sheets.emulator.formulas.values import Array, Cells, Reader, Value, flat, number, rows_of, truth
from pmosync_google_sheets.emulator.patterns import ORIGIN
from pmosync_google_sheets.emulator.ranges import Area, Box


class Surroundings(Reader, Protocol):
    """What a formula can see: cells, tabs by title, named ranges, the time."""

    now: datetime

    def box(self, title: str, own: int, area: Area) -> Box | None:
        """A reference's cells cut to its grid; None if there is no such tab or cell."""
        ...

    def named(self, name: str) -> Box | None:
        """The cells of a named range."""
        ...


class Spot(Struct, frozen=True):
    """Where the formula stands, and whether it is worked out as an array formula."""

    sheet: int
    row: int
    column: int
    array: bool = False


def evaluate(node: Node, spot: Spot, around: Surroundings) -> Value:
    """What the tree is worth; an area stays one, so that whoever uses it decides how."""
    match node:
        case Literal(value=value, fault=fault):
            return Fault(fault) if fault else value
        case Reference():
            return _cells(node, spot, around)
        case Name(name=name):
            box = around.named(name)
            return Cells(box, around) if box else Fault("NAME", f"Unknown range name: '{name.upper()}'.")
        case Unary(operator=operator, operand=operand):
            return _each(lambda value: _sign(operator, value), [evaluate(operand, spot, around)], spot)
        case Binary(operator=operator, left=left, right=right):
            work = _OPERATORS[operator]
            return _each(work, [evaluate(left, spot, around), evaluate(right, spot, around)], spot)
        case Block(rows=rows):
            return _block([[evaluate(item, spot, around) for item in row] for row in rows])
        case Call():
            return _call(node, spot, around)


def _cells(node: Reference, spot: Spot, around: Surroundings) -> Value:
    box = around.box(node.title, spot.sheet, node.area) if node.area else None
    return (
        Cells(box, around)
        if box
        else Fault("REF", "Unresolved sheet name or range." if node.title else "Reference does not exist.")
    )


def single(value: Value, spot: Spot) -> Scalar:
    """One scalar of any value: of an area the cell in the formula's own row or column."""
    if isinstance(value, list):
        return value[0][0] if value and value[0] else None
    if not isinstance(value, Cells):
        return value
    box = value.box
    row = box.top if box.height == 1 else spot.row
    column = box.left if box.width == 1 else spot.column
    if box.holds(row, column):
        return value.reader.value(box.sheet, row, column)
    return Fault("VALUE", "An array value could not be found.")


def _each(work: Callable[..., Scalar], arguments: Sequence[Value], spot: Spot) -> Value:
    """Run a function of scalars: once, or element by element in an array formula."""
    wide = [isinstance(argument, list | Cells) for argument in arguments]
    if not spot.array or not any(wide):
        return work(*(single(argument, spot) for argument in arguments))
    return _spread(work, [rows_of(argument) for argument in arguments])


def _spread(work: Callable[..., Scalar], grids: list[Array]) -> Array:
    height = max(len(grid) for grid in grids)
    width = max(len(grid[0]) if grid else 0 for grid in grids)
    return [[work(*(_at(grid, row, column) for grid in grids)) for column in range(width)] for row in range(height)]


def _at(grid: Array, row: int, column: int) -> Scalar:
    """An element; a single row or column repeats; beyond the end there is nothing to find."""
    line = grid[0] if len(grid) == 1 else grid[row] if row < len(grid) else None
    if line is None:
        return Fault("N_A")
    return line[0] if len(line) == 1 else line[column] if column < len(line) else Fault("N_A")


def _sign(operator: str, value: Scalar) -> Scalar:
    taken = number(value)
    if isinstance(taken, Fault):
        return value if operator == "+" else taken
    return value if operator == "+" else -taken if operator == "-" else taken / 100


def _arithmetic(work: Callable[[float, float], float | Fault]) -> Callable[[Scalar, Scalar], Scalar]:
    def run(left: Scalar, right: Scalar) -> Scalar:
        first, second = number(left), number(right)
        if isinstance(first, Fault):
            return first
        if isinstance(second, Fault):
            return second
        try:
            return work(first, second)
        except (OverflowError, ZeroDivisionError):
            return Fault("NUM", "The result is not a number.")

    return run


def _power(left: float, right: float) -> float | Fault:
    result = left**right
    return Fault("NUM", "The result is not a real number.") if isinstance(result, complex) else result


def _comparison(operator: str) -> Callable[[Scalar, Scalar], Scalar]:
    return lambda left, right: compare(operator, left, right)


_OPERATORS: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(divide),
    "^": _arithmetic(_power),
    "&": joined,
    **{operator: _comparison(operator) for operator in ("=", "<>", "<", ">", "<=", ">=")},
}


def _block(rows: list[list[Value]]) -> Value:
    """Blocks side by side must be equally high, blocks on top of each other equally wide."""
    result: Array = []
    for parts in rows:
        grids = [rows_of(part) for part in parts]
        if len({len(grid) for grid in grids}) != 1:
            return Fault("REF", "Function ARRAY_ROW parameter has mismatched row size.")
        lines: Array = [[value for grid in grids for value in grid[at]] for at in range(len(grids[0]))]
        result += lines
    if len({len(line) for line in result}) != 1:
        return Fault("VALUE", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.")
    return result


def _call(node: Call, spot: Spot, around: Surroundings) -> Value:
    if node.name in _FORMS:
        return _FORMS[node.name](node.arguments, spot, around)
    if node.name in SCALARS:
        work, least, most = SCALARS[node.name]
        if not least <= len(node.arguments) <= most:
            return _miscounted(node)
        return _each(work, [evaluate(argument, spot, around) for argument in node.arguments], spot)
    if node.name in AREAS:
        return _over_areas(node, spot, around)
    return Fault("NAME", f"Unknown function: '{node.name}'.")


def _miscounted(node: Call) -> Fault:
    return Fault("N_A", f"Wrong number of arguments to {node.name}, but got {len(node.arguments)} arguments.")


_SPREADING = frozenset({"FILTER", "SORT", "UNIQUE", "TRANSPOSE"})
"""Functions that take their arguments as array formulas do."""


def _over_areas(node: Call, spot: Spot, around: Surroundings) -> Value:
    work, kinds, least = AREAS[node.name]
    if len(node.arguments) < least or (kinds[-1] != "r" and len(node.arguments) > len(kinds) and kinds != "rf"):
        return _miscounted(node)
    takes = [kinds[min(place, len(kinds) - 1)] for place in range(len(node.arguments))]
    inside = Spot(spot.sheet, spot.row, spot.column, array=True) if node.name in _SPREADING else spot
    values = [evaluate(argument, inside, around) for argument in node.arguments]
    # A reference that is gone breaks the whole call; a fault inside an area only what touches it.
    gone = next(
        (value for value, kind in zip(values, takes, strict=True) if kind == "r" and isinstance(value, Fault)), None
    )
    if gone:
        return gone
    values = [_first(value, spot) if kind == "f" else value for value, kind in zip(values, takes, strict=True)]
    return _elementwise(work, values, takes, spot)


def _first(value: Value, spot: Spot) -> Scalar:
    """Sheets does not spread these arguments even in an array formula: the first element counts."""
    if spot.array and isinstance(value, Cells):
        return value.reader.value(value.box.sheet, value.box.top, value.box.left)
    return single(value, spot)


def _elementwise(work: Callable[..., Value], values: list[Value], takes: list[str], spot: Spot) -> Value:
    """Spread over the scalar arguments, the areas held fast."""
    loose = [place for place, kind in enumerate(takes) if kind == "s"]
    if not spot.array or not any(isinstance(values[place], list | Cells) for place in loose):
        return work(*(single(value, spot) if kind == "s" else value for value, kind in zip(values, takes, strict=True)))

    def one(*scalars: Scalar) -> Scalar:
        filled = list(values)
        for place, scalar in zip(loose, scalars, strict=True):
            filled[place] = scalar
        return single(work(*filled), spot)

    return _spread(one, [rows_of(values[place]) for place in loose])


Form = Callable[[tuple[Node, ...], Spot, Surroundings], Value]


def _array_formula(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    inside = Spot(spot.sheet, spot.row, spot.column, array=True)
    value = (
        evaluate(arguments[0], inside, around)
        if arguments
        else Fault("N_A", "Wrong number of arguments to ARRAYFORMULA.")
    )
    return value.rows() if isinstance(value, Cells) else value


def _if(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    if not 2 <= len(arguments) <= 3:
        return Fault(
            "N_A",
            f"Wrong number of arguments to IF. Expected between 2 and 3 arguments, but got {len(arguments)} arguments.",
        )
    condition = evaluate(arguments[0], spot, around)
    if spot.array and isinstance(condition, list | Cells):
        branches = [evaluate(argument, spot, around) for argument in arguments[1:]]
        return _spread(_choose, [rows_of(value) for value in (condition, *branches)])
    decided = truth(single(condition, spot))
    if isinstance(decided, Fault):
        return decided
    if decided:
        return evaluate(arguments[1], spot, around)
    return evaluate(arguments[2], spot, around) if len(arguments) == 3 else False


def _choose(condition: Scalar, yes: Scalar, no: Scalar = False) -> Scalar:
    decided = truth(condition)
    return decided if isinstance(decided, Fault) else yes if decided else no


def _ifs(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    if len(arguments) % 2 or not arguments:
        return Fault("N_A", "IFS needs pairs of condition and value.")
    last: Node = Literal(None, "N_A")
    for at in range(len(arguments) - 2, -1, -2):
        last = Call("IF", (arguments[at], arguments[at + 1], last))
    return evaluate(last, spot, around)


def _switch(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    if len(arguments) < 3:
        return Fault("N_A", "Wrong number of arguments to SWITCH.")
    cases, rest = arguments[1:], (len(arguments) - 1) % 2
    last: Node = cases[-1] if rest else Literal(None, "N_A")
    for at in range(len(cases) - rest - 2, -1, -2):
        last = Call("IF", (Binary("=", arguments[0], cases[at]), cases[at + 1], last))
    return evaluate(last, spot, around)


def _rescue(caught: Callable[[Scalar], bool]) -> Form:
    def form(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
        value = evaluate(arguments[0], spot, around)
        if spot.array and isinstance(value, list | Cells):
            other = evaluate(arguments[1], spot, around) if len(arguments) > 1 else None
            return _spread(lambda one, two: two if caught(one) else one, [rows_of(value), rows_of(other)])
        if not caught(single(value, spot)):
            return value
        return evaluate(arguments[1], spot, around) if len(arguments) > 1 else None

    return form


def _logic(decide: Callable[[list[bool]], bool]) -> Form:
    def form(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
        found = [truth(value) for argument in arguments for value in flat(evaluate(argument, spot, around))]
        fault = next((value for value in found if isinstance(value, Fault)), None)
        return fault or decide([bool(value) for value in found])

    return form


def _place(of: str) -> Form:
    def form(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
        if not arguments:
            return (spot.row if of == "row" else spot.column) + 1
        value = evaluate(arguments[0], spot, around)
        if not isinstance(value, Cells):
            return Fault("N_A", "Argument must be a range.")
        box = value.box
        if of == "row":
            return [[row + 1] for row in range(box.top, box.bottom)] if spot.array else box.top + 1
        return [[column + 1 for column in range(box.left, box.right)]] if spot.array else box.left + 1

    return form


def _sequence(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    given = [number(single(evaluate(argument, spot, around), spot)) for argument in arguments]
    fault = next((value for value in given if isinstance(value, Fault)), None)
    if fault:
        return fault
    counts = [value for value in given if not isinstance(value, Fault)]
    rows, columns, start, step = (*counts, *(1.0, 1.0, 1.0, 1.0)[len(counts) :])
    return [
        [start + step * (row * int(columns) + column) for column in range(int(columns))] for row in range(int(rows))
    ]


def _sumproduct(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    inside = Spot(spot.sheet, spot.row, spot.column, array=True)
    columns = [
        [number(value) if not isinstance(value, str) else 0.0 for value in flat(evaluate(argument, inside, around))]
        for argument in arguments
    ]
    result = 0.0
    for factors in zip(*columns, strict=False):
        product = 1.0
        for factor in factors:
            if isinstance(factor, Fault):
                return factor
            product *= factor
        result += product
    return result


def _now(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    return (around.now.replace(tzinfo=None) - ORIGIN).total_seconds() / 86400


def _today(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    return (around.now.date() - ORIGIN.date()).days


def _hyperlink(arguments: tuple[Node, ...], spot: Spot, around: Surroundings) -> Value:
    return single(evaluate(arguments[-1], spot, around), spot) if arguments else Fault("N_A")


_FORMS: dict[str, Form] = {
    "ARRAYFORMULA": _array_formula,
    "IF": _if,
    "IFS": _ifs,
    "SWITCH": _switch,
    "IFERROR": _rescue(lambda value: isinstance(value, Fault)),
    "IFNA": _rescue(lambda value: isinstance(value, Fault) and value.type == "N_A"),
    "AND": _logic(all),
    "OR": _logic(any),
    "TRUE": lambda arguments, spot, around: True,
    "FALSE": lambda arguments, spot, around: False,
    "NA": lambda arguments, spot, around: Fault("N_A", "Error: NA"),
    "ROW": _place("row"),
    "COLUMN": _place("column"),
    "SEQUENCE": _sequence,
    "SUMPRODUCT": _sumproduct,
    "NOW": _now,
    "TODAY": _today,
    "HYPERLINK": _hyperlink,
}
