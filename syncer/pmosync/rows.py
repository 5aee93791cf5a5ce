"""Input tabs as raw records: what a spreadsheet and a workbook file have in common once cells are plain values. Pure.

One record of kind ``row`` stands for one row that people filled, identified by tab and code and never by its place::

    Ref(connection, "row", "projects:PAY")
    {
        "tab": "projects",
        "code": "PAY",
        "row": 7,  # 1-based row of the sheet
        "cells": {"name": "Payments", "committed_on": "2026-03-02", "budget": 1200, "sponsor": None},
        "typed": {"committed_on": "date"},  # columns whose cell is a real date or instant (ISO)
        "addresses": {"name": "Projects!C7"},  # where to point a finding, for every column found
        "missing_columns": ["sponsor"],  # columns the tab should have and has not
        "duplicates": 1,  # rows that show this code
        "rows": [7],  # and where they are
        "twins": [{"cells": {...}, "typed": {...}}],  # what the others of them say, where there are several
    }

Codes are compared without regard to width, case and spaces: ``pay`` and ``PAY`` are one code. Where it takes several
columns to tell rows apart (``Tab.identity``) the id names them all:
``bindings:PAY/jira/project/PAY``; where one of them is gone, no row of the tab is read. A row without a code has the id
``projects:#row7`` and the code "". Of several rows with one code the record shows the first, with ``duplicates`` above 1:
whoever reads it keeps what was valid before, so that their order decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from pmosync.errors import Unread, UnreadError
from pmosync.raw import RawRecord, Ref
from pmosync.sheet import Column, Formula, Link, Row, Tab, Value, cell_name, spots, text_of

HEADER_WITHIN = 10
"""The header is looked for in so many rows from the top: people may write above it."""

KIND = "row"
LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
"""What stands in a number format as text, a colour or a locale."""


class Located(Struct, frozen=True):
    """Where a tab's header row stands (zero-based sheet row) and which zero-based column each column key has."""

    header_row: int
    spots: Mapping[str, int]

    def lacking(self, tab: Tab) -> tuple[str, ...]:
        """The labels of the columns by which the tab's rows are told apart and that are not there. Where one is gone, what
        is left names other rows, or the same for several: nothing can be said of any row then.
        """
        keys = (key for key in tab.identified_by if key not in self.spots)
        return tuple(tab.columns[tab.position(key)].label for key in keys)

    def moved(self, down: int, right: int) -> Located:
        """The same place told from the sheet's first cell, where it was found in an area that begins so many rows and
        columns further on.
        """
        return Located(self.header_row + down, {key: spot + right for key, spot in self.spots.items()})


class Seen(Struct, frozen=True):
    """The rows that were read, whether these are all that there are, and the tables that could not be read."""

    rows: tuple[RawRecord, ...]
    whole: bool
    unread: tuple[Unread, ...]

    def guard(self) -> None:
        """UnreadError where a table could not be read."""
        if self.unread:
            raise UnreadError(self.unread)


def locate(rows: Sequence[Row], columns: Sequence[Column], named: Mapping[str, int] | None = None) -> Located:
    """Find the header among the first rows: the row that shows most of the columns by label, key or alias.

    ``named`` tells where the target itself remembers columns to be (developer metadata); it decides for those whose
    header is not found, unless another column stands there.
    """
    found = [spots(row, columns) for row in rows[:HEADER_WITHIN]]
    place = max(range(len(found)), key=lambda row: (len(found[row]), -row), default=0)
    seen = found[place] if found else {}
    taken = set(seen.values())
    remembered = {key: spot for key, spot in (named or {}).items() if key not in seen and spot not in taken}
    return Located(place, {**seen, **remembered})


def records(rows: Sequence[Row], tab: Tab, title: str, connection: str, where: Located) -> tuple[RawRecord, ...]:
    """The rows people filled, below the header, in their order; ``rows`` begins at the sheet's first row.

    Empty without all columns that identify a row: rows that nobody can tell apart are no records.
    """
    if where.lacking(tab):
        return ()
    asked = tuple(column for column in tab.columns if not column.context)
    numbers: dict[str, list[int]] = {}
    for number in range(where.header_row + 1, len(rows)):
        if _filled(rows[number], asked, where):
            numbers.setdefault(alike(_name(rows[number], tab, where.spots)), []).append(number)
    nameless = [[number] for number in numbers.pop("", [])]
    return tuple(
        _record(rows, found, _name(rows[found[0]], tab, where.spots), tab, title, connection, where, asked)
        for found in [*numbers.values(), *nameless]
    )


def wanted_headers(tab: Tab, where: Located) -> str:
    """The headers that would do for the columns which tell rows apart and were not found: those of one column between strokes."""
    absent = (column for column in tab.columns if column.key in tab.identified_by and column.key not in where.spots)
    return ", ".join(" / ".join((column.label, *column.aliases)) for column in absent)


def unheaded(tab: Tab, where: Located, place: str) -> Unread:
    """Why no row is read of a tab that is lacking columns. ``place``: what people call it."""
    headers, columns = wanted_headers(tab, where), ", ".join(where.lacking(tab))
    searched = f"none of the first {HEADER_WITHIN} rows shows its header"
    message = f"the column {columns} is missing, which tells its rows apart: {searched}, so no row is read"
    told = (("headers", headers), ("columns", columns), ("within", HEADER_WITHIN))
    return Unread(place, "header", message, f"restore its header: {headers}", told)


def tabless(place: str) -> Unread:
    """Why nothing is read where none of the tabs stands that are looked for by their titles."""
    message = "none of the input tabs is there, so nothing is read"
    return Unread(place, "none", message, "restore their titles, or take the connection out of the settings")


def alike(name: str) -> str:
    """What two spellings of one name have in common: width, case and runs of spaces are folded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def names(rows: Sequence[Row], tab: Tab, where: Located) -> dict[int, str]:
    """Zero-based sheet row → what tells that row from the others (its code, for most tabs; see ``alike``); rows without
    it are left out, all of them where a column that identifies rows is not there.
    """
    if where.lacking(tab):
        return {}
    found = {number: alike(_name(rows[number], tab, where.spots)) for number in range(where.header_row + 1, len(rows))}
    return {number: name for number, name in found.items() if name}


def name_of(row: Row, tab: Tab) -> str:
    """What tells one of our own rows (in the order of the tab's columns) from the others, as ``names`` tells it; "" for
    nothing.
    """
    return alike(_name(row, tab, {column.key: place for place, column in enumerate(tab.columns)}))


def _record(
    rows: Sequence[Row],
    numbers: list[int],
    name: str,
    tab: Tab,
    title: str,
    connection: str,
    where: Located,
    asked: Sequence[Column],
) -> RawRecord:
    first = numbers[0]
    keys = [column.key for column in asked if column.key in where.spots]
    said, *twins = ({key: _at(rows[number], where.spots[key]) for key in keys} for number in numbers)
    payload: dict[str, Any] = {
        "tab": tab.key,
        "code": text_of(_at(rows[first], where.spots[tab.key_column])).strip(),
        "row": first + 1,
        **_told(said),
        "addresses": {key: cell_name(title, first, where.spots[key]) for key in keys},
        "missing_columns": [column.key for column in asked if column.key not in where.spots],
        "duplicates": len(numbers),
        "rows": [number + 1 for number in numbers],
    }
    if twins:
        payload["twins"] = [_told(cells) for cells in twins]
    return RawRecord(Ref(connection, KIND, f"{tab.key}:{name or f'#row{first + 1}'}"), payload)


def _told(cells: Mapping[str, Value]) -> dict[str, Any]:
    """A row's cells in JSON's words, and which of them are dates or instants."""
    return {
        "cells": {key: plain(value) for key, value in cells.items()},
        "typed": {key: kind for key, value in cells.items() if (kind := _typed(value))},
    }


def typed(raw: RawRecord) -> Iterator[tuple[int, dict[str, Value]]]:
    """The rows that a record stands for, each with its row of the sheet and its cells as people typed them: what
    ``records`` read, the other way round.
    """
    payload = raw.payload
    said = (payload, *(payload.get("twins") or ()))
    numbers = payload.get("rows") or [payload.get("row") or 0]
    for number, one in zip(numbers, said, strict=False):
        kinds: Mapping[str, str] = one.get("typed") or {}
        cells: Mapping[str, Any] = one.get("cells") or {}
        yield number, {key: _value(value, kinds.get(key, "")) for key, value in cells.items()}


def _value(value: Any, kind: str) -> Value:
    """A cell again, from JSON's words."""
    match kind:
        case "date":
            return date.fromisoformat(value)
        case "instant":
            return datetime.fromisoformat(value)
        case _:
            return value  # type: ignore[no-any-return]


def plain(value: Value) -> str | float | int | bool | None:
    """A cell in JSON's words: text trimmed, blank text is None, dates and instants ISO, whole numbers int, a link
    its text.
    """
    match value:
        case Link(text=text):
            return text.strip() or None
        case Formula(value=shown):
            return plain(shown)
        case str():
            return value.strip() or None
        case datetime():
            return (
                value.isoformat(sep="T", timespec="seconds") if _typed(value) == "instant" else value.date().isoformat()
            )
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def month_of(day: date, pattern: str) -> str:
    """A month that a spreadsheet has made the first of its days, as it was typed: "2026-12"; "" where ``pattern`` (its
    number format) shows days, or none at all.
    """
    shown = LITERAL.sub("", pattern).casefold()
    month = day.day == 1 and "y" in shown and "m" in shown and "d" not in shown
    return f"{day:%Y-%m}" if month else ""


def _typed(value: Value) -> str:
    """``date`` or ``instant`` for a cell that holds one, else ""."""
    shown = value.value if isinstance(value, Formula) else value
    if isinstance(shown, datetime) and (shown.hour, shown.minute, shown.second) != (0, 0, 0):
        return "instant"
    return "date" if isinstance(shown, date) else ""


def _filled(row: Row, asked: Sequence[Column], where: Located) -> bool:
    """Whether a person put anything in: a ticked box counts, an unticked one does not."""
    seen = (plain(_at(row, where.spots[column.key])) for column in asked if column.key in where.spots)
    return any(value is not None and value is not False for value in seen)


def _name(row: Row, tab: Tab, spots_of: Mapping[str, int]) -> str:
    """The row's code, or the cells of all its identifying columns, joined; "" if all are empty."""
    cells = [text_of(_at(row, spots_of[key])).strip() for key in tab.identified_by]
    return "/".join(cells) if any(cells) else ""


def _at(row: Row, place: int) -> Value:
    return row[place] if place < len(row) else None
