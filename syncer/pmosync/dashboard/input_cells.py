"""What stands in the rows of input tabs: the cells that people typed, and what is in force where they typed none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import INPUT, Line, lines_of, milestone_codes
from pmosync.dashboard.input_places import input_tab
from pmosync.dashboard.values import code_of, marked
from pmosync.mapping import InputColumn, InputTab
from pmosync.model import BindingRow, PlanRow
from pmosync.sheet import Row, Value


def rows_of(content: Content, given: InputTab) -> Iterator[tuple[Line, Row]]:
    """The rows that an input tab should have, in order, with people's cells."""
    homes = {code: project for code, project, _ in milestone_codes(content)} if given.key == INPUT else {}
    for line in lines_of(content, given.key):
        yield line, _cells(content, given, line, homes.get(line.code, ""))


def typed_cells(content: Content, key: str) -> dict[str, Mapping[str, Value]]:
    """Folded code → what stands in the cells of its input row, by column: as read; of a row that is about to be added,
    what it will say. The first of several rows counts, as MATCH finds it.
    """
    given = input_tab(key)
    found = dict(content.found.typed.get(key, {}))
    for line, cells in rows_of(content, given):
        found.setdefault(
            code_of(line.code), {column.key: cell for column, cell in zip(given.columns, cells, strict=True)}
        )
    return found


def _cells(content: Content, given: InputTab, line: Line, project: str) -> Row:
    """What was typed, also where it could not be read; what is in force where the column had been taken away."""
    if line.row is None and line.typed is None:
        known: Mapping[str, Value] = {"code": line.code, "project": project or None}
    else:
        row = line.row
        in_force = {column.key: cell_of(row, column, content.language) for column in given.columns} if row else {}
        known = {**in_force, **(line.typed.cells if line.typed else {})}
    return tuple(known.get(column.key) for column in given.columns)


def cell_of(row: PlanRow, column: InputColumn, language: str) -> Value:
    """What a column's cell says of a row, as people type it in this language; None for nothing."""
    value: Any = _field(row, column.key)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or None
    if column.choices and value is not None:
        labels = {choice.value: choice.labels for choice in column.choices}
        words_of: Mapping[str, str] = labels.get(str(value), {})
        return words_of.get(language) or words_of.get("en") or str(value) or None
    return None if value == "" else value


def _field(row: PlanRow, key: str) -> object:
    if isinstance(row, BindingRow) and key in ("what", "which"):
        return getattr(row.scope, key)
    return marked(row, key)
