"""Functions of scalars: each takes scalars and returns one; in an array formula they run element by element."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from pmosync_google_sheets.emulator.cells import Fault, Scalar
from pmosync_google_sheets.emulator.formulas.values import key, number, rank, text, truth
from pmosync_google_sheets.emulator.patterns import day_serial, moment, through

ScalarFunction = Callable[..., Scalar]


def _numeric(work: Callable[..., float | Fault]) -> ScalarFunction:
    """A function of numbers; a fault among the arguments is the result."""

    def run(*arguments: Scalar) -> Scalar:
        taken = [number(argument) for argument in arguments]
        fault = next((item for item in taken if isinstance(item, Fault)), None)
        if fault:
            return fault
        try:
            return work(*taken)
        except (OverflowError, ValueError):
            return Fault("NUM", "The result is not a number.")

    return run


def _textual(work: Callable[..., Scalar]) -> ScalarFunction:
    """A function whose first argument is text; a fault among the arguments is the result."""

    def run(*arguments: Scalar) -> Scalar:
        fault = next((item for item in arguments if isinstance(item, Fault)), None)
        return work(text(arguments[0]), *arguments[1:]) if fault is None else fault

    return run


def divide(left: float, right: float) -> float | Fault:
    """``left / right``."""
    return Fault("DIVIDE_BY_ZERO", "Division by zero.") if right == 0 else left / right


def compare(operator: str, left: Scalar, right: Scalar) -> Scalar:
    """One of = <> < > <= >=; text without case, blank equals 0 and empty text."""
    fault = next((item for item in (left, right) if isinstance(item, Fault)), None)
    if fault:
        return fault
    left, right = _filled(left, right), _filled(right, left)
    if operator in ("=", "<>"):
        return (key(left) == key(right)) == (operator == "=")
    first, second = rank(left), rank(right)
    return {"<": first < second, ">": first > second, "<=": first <= second, ">=": first >= second}[operator]


def _filled(value: Scalar, beside: Scalar) -> Scalar:
    """A blank takes the empty value of the kind beside it."""
    if value is not None:
        return value
    return False if isinstance(beside, bool) else 0 if isinstance(beside, int | float) else ""


def joined(left: Scalar, right: Scalar) -> Scalar:
    """``left & right``."""
    first, second = text(left), text(right)
    if isinstance(first, Fault):
        return first
    return second if isinstance(second, Fault) else first + second


def _concatenate(*arguments: Scalar) -> Scalar:
    result: Scalar = ""
    for argument in arguments:
        result = joined(result, argument)
    return result


def _round(direction: Callable[[float], float]) -> Callable[..., float | Fault]:
    def work(value: float, places: float = 0) -> float:
        scale = 10.0 ** int(places)
        return math.copysign(direction(abs(value) * scale + 1e-9 * (direction is not math.ceil)) / scale, value)

    return work


def _half_up(value: float) -> float:
    return math.floor(value + 0.5)


def _date(year: float, month: float, day: float) -> float | Fault:
    months = int(year) * 12 + int(month) - 1
    return day_serial(date(months // 12, months % 12 + 1, 1)) + int(day) - 1


def _edate(start: float, months: float) -> float | Fault:
    begun = moment(int(start)).date()
    first = _date(begun.year, begun.month + int(months), 1)
    after = _date(begun.year, begun.month + int(months) + 1, 1)
    return first if isinstance(first, Fault) or isinstance(after, Fault) else min(first + begun.day - 1, after - 1)


def _mid(value: str, start: Scalar, size: Scalar) -> Scalar:
    begin, length = number(start), number(size)
    if isinstance(begin, Fault) or isinstance(length, Fault) or begin < 1:
        return Fault("VALUE", "MID needs a start of at least 1.")
    return value[int(begin) - 1 : int(begin) - 1 + int(length)]


def _find(needle: str, inside: Scalar, start: Scalar = 1) -> Scalar:
    whole, begin = text(inside), number(start)
    if isinstance(whole, Fault) or isinstance(begin, Fault):
        return Fault("VALUE")
    place = whole.find(needle, int(begin) - 1)
    return place + 1 if place >= 0 else Fault("VALUE", f"In FIND evaluation, cannot find '{needle}'.")


def _search(needle: str, inside: Scalar, start: Scalar = 1) -> Scalar:
    whole = text(inside)
    return whole if isinstance(whole, Fault) else _find(needle.lower(), whole.lower(), start)


def _substitute(value: str, old: Scalar, new: Scalar) -> Scalar:
    return value.replace(str(text(old)), str(text(new))) if text(old) else value


def _text(value: Scalar, pattern: Scalar) -> Scalar:
    if isinstance(value, Fault):
        return value
    amount = number(value)
    return text(value) if isinstance(amount, Fault) else through(amount, str(text(pattern)))


def _value(given: str) -> Scalar:
    return number(given)


def _not(value: Scalar) -> Scalar:
    taken = truth(value)
    return taken if isinstance(taken, Fault) else not taken


def _part(value: str, size: Scalar, *, right: bool) -> Scalar:
    count = number(size)
    if isinstance(count, Fault):
        return count
    kept = int(count)
    return (value[-kept:] if kept else "") if right else value[:kept]


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


SCALARS: dict[str, tuple[ScalarFunction, int, int]] = {
    "CONCATENATE": (_concatenate, 1, 99),
    "CONCAT": (joined, 2, 2),
    "TEXT": (_text, 2, 2),
    "VALUE": (_textual(_value), 1, 1),
    "LEN": (_textual(lambda value: len(value)), 1, 1),
    "TRIM": (
        _textual(lambda value: " ".join(value.split(" ")).strip() if "  " not in value else " ".join(value.split())),
        1,
        1,
    ),
    "UPPER": (_textual(str.upper), 1, 1),
    "LOWER": (_textual(str.lower), 1, 1),
    "LEFT": (_textual(lambda value, size=1: _part(value, size, right=False)), 1, 2),
    "RIGHT": (_textual(lambda value, size=1: _part(value, size, right=True)), 1, 2),
    "MID": (_textual(_mid), 3, 3),
    "FIND": (_textual(_find), 2, 3),
    "SEARCH": (_textual(_search), 2, 3),
    "SUBSTITUTE": (_textual(_substitute), 3, 3),
    "EXACT": (_textual(lambda value, other: value == text(other)), 2, 2),
    "REPT": (_textual(lambda value, times: value * int(float(times or 0))), 2, 2),
    "T": (lambda value: value if isinstance(value, str | Fault) else "", 1, 1),
    "N": (
        lambda value: value if isinstance(value, Fault) else (float(value) if isinstance(value, int | float) else 0),
        1,
        1,
    ),
    "ISBLANK": (lambda value: value is None, 1, 1),
    "ISNUMBER": (_is_number, 1, 1),
    "ISTEXT": (lambda value: isinstance(value, str), 1, 1),
    "ISLOGICAL": (lambda value: isinstance(value, bool), 1, 1),
    "ISERROR": (lambda value: isinstance(value, Fault), 1, 1),
    "ISNA": (lambda value: isinstance(value, Fault) and value.type == "N_A", 1, 1),
    "ISDATE": (_is_number, 1, 1),
    "NOT": (_not, 1, 1),
    "ABS": (_numeric(abs), 1, 1),
    "INT": (_numeric(math.floor), 1, 1),
    "MOD": (
        _numeric(
            lambda value, by: (
                Fault("DIVIDE_BY_ZERO", "Division by zero.") if by == 0 else value - by * math.floor(value / by)
            )
        ),
        2,
        2,
    ),
    "ROUND": (_numeric(_round(_half_up)), 1, 2),
    "ROUNDUP": (_numeric(_round(math.ceil)), 1, 2),
    "ROUNDDOWN": (_numeric(_round(math.floor)), 1, 2),
    "SQRT": (_numeric(math.sqrt), 1, 1),
    "POWER": (_numeric(pow), 2, 2),
    "DATE": (_numeric(_date), 3, 3),
    "EDATE": (_numeric(_edate), 2, 2),
    "YEAR": (_numeric(lambda value: moment(value).year), 1, 1),
    "MONTH": (_numeric(lambda value: moment(value).month), 1, 1),
    "DAY": (_numeric(lambda value: moment(value).day), 1, 1),
    "WEEKDAY": (
        _numeric(
            lambda value, kind=1: (
                (moment(value).isoweekday() % 7 + 1) if kind == 1 else moment(value).isoweekday() - (kind == 3)
            )
        ),
        1,
        2,
    ),
    "DAYS": (_numeric(lambda end, start: end - start), 2, 2),
}
"""Name → function, least and greatest number of arguments."""
