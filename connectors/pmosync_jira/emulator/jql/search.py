"""Queries against the site: which issues match, in which order."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime

from pmosync_jira.emulator.records import Issue
from pmosync_jira.emulator.site import millis

from .dates import day, moment, start_of_day
from .fields import DayField, Field, InstantField, KeyField, Lens, SetField, TextField, call, field_named
from .lexer import JqlError
from .parser import Clause, Every, Node, Operand, Query, Sort

Test = Callable[[Issue], bool]
Rank = Callable[[Issue], tuple[bool, int | str | tuple[str, int]]]

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+")


def find(lens: Lens, query: Query) -> list[Issue]:
    """The visible issues that match, in the query's order (without one: newest id first)."""
    test = _test(lens, query.where) if query.where else None
    seen = (issue for issue in lens.site.issues.values() if lens.shows(issue))
    found = [issue for issue in seen if test is None or test(issue)]
    found.sort(key=lambda issue: issue.id, reverse=not query.sorts)
    for sort in reversed(query.sorts):
        found.sort(key=_rank(lens, sort), reverse=sort.descending)
    return found


def _test(lens: Lens, node: Node) -> Test:
    if isinstance(node, Clause):
        return _clause(lens, node)
    tests = [_test(lens, part) for part in node.parts]
    if isinstance(node, Every):
        return lambda issue: all(test(issue) for test in tests)
    return lambda issue: any(test(issue) for test in tests)


def _clause(lens: Lens, clause: Clause) -> Test:
    field = field_named(lens, clause.field)
    empty = any(operand.kind == "empty" for operand in clause.operands)
    if empty and len(clause.operands) == 1:
        return _emptiness(lens, field, clause)
    if isinstance(field, SetField):
        return _among(lens, field, clause)
    if isinstance(field, InstantField):
        return _when(lens, field, clause)
    if isinstance(field, DayField):
        return _which_day(lens, field, clause)
    if isinstance(field, KeyField):
        return _which_issue(lens, clause)
    return _words(field, clause)


def _unsupported(clause: Clause) -> JqlError:
    return JqlError(f"The operator '{clause.operator.lower()}' is not supported by the '{clause.field}' field.")


def _emptiness(lens: Lens, field: Field, clause: Clause) -> Test:
    if clause.operator not in ("=", "!=", "IS", "IS NOT", "IN", "NOT IN") or isinstance(field, KeyField):
        raise _unsupported(clause)
    wanted = clause.operator in ("=", "IS", "IN")
    if isinstance(field, SetField):
        values = field.values
        return lambda issue: (not tuple(values(lens, issue))) is wanted
    value = _of(lens, field)
    return lambda issue: (value(issue) in (None, "")) is wanted


def _meant(lens: Lens, field: SetField, clause: Clause) -> set[str]:
    found: set[str] = set()
    for operand in clause.operands:
        if operand.kind == "call":
            found |= call(lens, operand.text)
            continue
        ids = set(field.meant(lens, operand.text))
        if not ids and lens.strict and not field.free:
            raise JqlError(f"The value '{operand.text}' does not exist for the field '{clause.field}'.")
        found |= ids
    return found


def _among(lens: Lens, field: SetField, clause: Clause) -> Test:
    """Like Jira, ``!=`` and ``NOT IN`` leave out issues whose field is empty."""
    if clause.operator not in ("=", "!=", "IN", "NOT IN"):
        raise _unsupported(clause)
    values, wanted = field.values, _meant(lens, field, clause)
    if clause.operator in ("=", "IN"):
        without = "" in wanted
        return lambda issue: not wanted.isdisjoint(values(lens, issue)) or (without and not tuple(values(lens, issue)))
    return lambda issue: bool(have := tuple(values(lens, issue))) and wanted.isdisjoint(have)


def _instant(lens: Lens, operand: Operand, field: str) -> datetime:
    if operand.kind != "call":
        return moment(operand.text, operand.kind == "text", field, lens.now, lens.zone)
    name = operand.text.lower()
    if name == "now":
        return lens.now
    days = re.fullmatch(r"([+-]?\d+)d?", operand.args[0]) if operand.args else None
    if name in ("startofday", "endofday"):
        return start_of_day(lens.now, lens.zone, (int(days.group(1)) if days else 0) + (name == "endofday"))
    raise JqlError(f"Unable to find JQL function '{operand.text}()'.")


def _when(lens: Lens, field: InstantField, clause: Clause) -> Test:
    if clause.operator not in _COMPARE:
        raise _unsupported(clause)
    compare, value = _COMPARE[clause.operator], field.value
    bound = millis(_instant(lens, clause.operands[0], clause.field))
    return lambda issue: (have := value(lens, issue)) is not None and compare(have, bound)


def _which_day(lens: Lens, field: DayField, clause: Clause) -> Test:
    if clause.operator not in _COMPARE:
        raise _unsupported(clause)
    compare, value, operand = _COMPARE[clause.operator], field.value, clause.operands[0]
    if operand.kind == "call":
        bound = _instant(lens, operand, clause.field).astimezone(lens.zone).date()
    else:
        bound = day(operand.text, operand.kind == "text", clause.field, lens.now, lens.zone)
    ordinal = int(bound.isoformat().replace("-", ""))
    return lambda issue: (have := value(issue)) is not None and compare(int(have.replace("-", "")), ordinal)


def _which_issue(lens: Lens, clause: Clause) -> Test:
    if clause.operator in ("=", "!=", "IN", "NOT IN"):
        ids = {found.id for operand in clause.operands if (found := _named(lens, operand.text, clause)) is not None}
        inside = clause.operator in ("=", "IN")
        return lambda issue: (issue.id in ids) is inside
    if clause.operator not in _COMPARE:
        raise _unsupported(clause)
    bound, compare = _named(lens, clause.operands[0].text, clause), _COMPARE[clause.operator]
    if bound is None:
        return lambda _: False
    return lambda issue: issue.project == bound.project and compare(issue.number, bound.number)


def _named(lens: Lens, text: str, clause: Clause) -> Issue | None:
    if not text.isdecimal() and not _KEY.fullmatch(text):
        raise JqlError(f"The issue key '{text}' for field '{clause.field}' is invalid.")
    found = lens.site.issue(text)
    if found is not None and lens.shows(found):
        return found
    if lens.strict:
        what = "id" if text.isdecimal() else "key"
        raise JqlError(f"An issue with {what} '{text}' does not exist for field '{clause.field}'.")
    return None


def _words(field: TextField, clause: Clause) -> Test:
    if clause.operator not in ("~", "!~"):
        raise _unsupported(clause)
    wanted, inside, value = clause.operands[0].text.casefold().split(), clause.operator == "~", field.value
    return lambda issue: all(word in value(issue).casefold() for word in wanted) is inside


def _rank(lens: Lens, sort: Sort) -> Rank:
    field = field_named(lens, sort.field)
    if isinstance(field, KeyField):
        projects = lens.site.projects
        return lambda issue: (False, (projects[issue.project].key, issue.number))
    if isinstance(field, SetField):
        return lambda issue: _ranked(next(iter(field.values(lens, issue)), None))
    value = _of(lens, field)
    return lambda issue: _ranked(value(issue))


def _of(lens: Lens, field: InstantField | DayField | TextField) -> Callable[[Issue], int | str | None]:
    """How to read a single value off an issue."""
    if isinstance(field, InstantField):
        of = field.value
        return lambda issue: of(lens, issue)
    return field.value


def _ranked(value: int | str | None) -> tuple[bool, int | str]:
    return (value is None, value if value is not None else 0)
