"""A publication as batches of orders to Google: missing tabs first, then one atomic batch a tab, the stamp last.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from pmosync.errors import TargetError
from pmosync.rows import Located, name_of
from pmosync.sheet import (
    AppendRows,
    CreateTab,
    Edit,
    FormatTab,
    Formula,
    Kind,
    Publication,
    Row,
    Stamp,
    Tab,
    TrimRows,
    Value,
    WriteRows,
    WriteStamp,
)
from pmosync_google_sheets import cells, formats, layout, marks
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.reading import STAMP_KEY, Shown, metadata_ids

ROOM_PUBLISHED, ROOM_INPUT = 50, 500
"""Spare rows of a new grid, so that growing and typing need no new one at once."""

LARGEST = 1_900_000
"""Bytes of JSON in one request; Google recommends at most 2 MB."""

STAMP_ID = 7_301_001
"""The stamp's metadataId, chosen, so that a repeat makes no second one."""

TabEdit = CreateTab | FormatTab | WriteRows | TrimRows | AppendRows


class Typed(Struct, frozen=True):
    """An input tab as it stood just before an append: where its columns are, and what tells its rows apart."""

    where: Located
    names: frozenset[str]


class State(Struct, frozen=True):
    """What a publication meets: the sheet of each tab key, the input tabs it appends to, the metadata of the file; and the
    keys of the tabs that it makes itself, whose columns wear their formats already.
    """

    shown: Mapping[str, Shown]
    typed: Mapping[str, Typed]
    metadata: Sequence[Json]
    account: str
    fresh: frozenset[str] = frozenset()


class Batch(Struct, frozen=True):
    """The orders of one ``batchUpdate``, the key of their tab ("" where several are made), and the cells they write."""

    orders: tuple[Json, ...]
    tab: str = ""
    cells: int = 0


class Plan(Struct, frozen=True):
    """The batches in order, and the stamp: the very last order, sent only if all the others were carried out."""

    batches: tuple[Batch, ...]
    stamp: Json | None = None


def plan(publication: Publication, state: State) -> Plan:
    """What has to be sent. Empty if there is nothing to do. TargetError for rows of a tab that is not there."""
    created = _created(publication, state)
    there = {**state.shown, **created.shown}
    state = msgspec.structs.replace(state, shown=there, fresh=frozenset(created.shown))
    found = [Batch(tuple(created.orders))] if created.orders else []
    for key, edits in _by_tab(publication.edits).items():
        shown = state.shown.get(key)
        if shown is None:
            raise TargetError(f"the tab {key} is no longer in the spreadsheet", remedy="sync again: it is made anew")
        found += _cut(key, _tab(edits, shown, state))
    stamps = [edit.stamp for edit in publication.edits if isinstance(edit, WriteStamp)]
    return Plan(tuple(found), _stamp(stamps[-1], state) if stamps else None)


def missing_rows(edit: AppendRows, typed: Typed) -> list[Row]:
    """The rows of an append that the tab does not show yet, so that a repeat adds nothing. A tab without any gets all,
    also those that share a code or have none: so they were typed.
    """
    if not typed.names:
        return list(edit.rows)
    seen, wanted = set(typed.names), []
    for row in edit.rows:
        name = name_of(row, edit.tab)
        if name and name not in seen:
            seen.add(name)
            wanted.append(row)
    return wanted


class _Created(Struct):
    orders: list[Json]
    shown: dict[str, Shown]


def _created(publication: Publication, state: State) -> _Created:
    """The tabs that are missing, each made and dressed; one that is there already is not made again."""
    made = _Created([], {})
    wanted = [edit.tab for edit in publication.edits if isinstance(edit, CreateTab) and edit.tab.key not in state.shown]
    order = [table.tab.key for table in publication.tables] or [tab.key for tab in wanted]
    for tab in wanted:
        before = order[: order.index(tab.key)] if tab.key in order else order
        index = sum(key in state.shown or key in made.shown for key in before)
        height = max((first + len(rows) for first, rows in _written(publication, tab)), default=1)
        count = height + (ROOM_PUBLISHED if tab.kind is Kind.PUBLISHED else ROOM_INPUT)
        bare = Shown(tab.sheet_id, tab.title, count, max(1, len(tab.columns)), {"properties": {"gridProperties": {}}})
        made.orders += [*layout.add(tab, index, count), *layout.dress(tab, bare, state.account)]
        made.shown[tab.key] = bare
    return made


def _written(publication: Publication, tab: Tab) -> Iterator[tuple[int, Sequence[Row]]]:
    for edit in publication.edits:
        if isinstance(edit, WriteRows) and edit.tab.key == tab.key:
            yield edit.first, edit.rows


def _by_tab(edits: Sequence[Edit]) -> dict[str, list[TabEdit]]:
    """The edits of each tab in their order, tabs in the order of their first edit."""
    found: dict[str, list[TabEdit]] = {}
    for edit in edits:
        if not isinstance(edit, WriteStamp):
            found.setdefault(edit.tab.key, []).append(edit)
    return found


def _tab(edits: Sequence[TabEdit], shown: Shown, state: State) -> list[tuple[Json, int]]:
    """The orders of one tab with the cells each writes. A grid that is too short grows first and is dressed anew."""
    gids = {key: one.sheet_id for key, one in state.shown.items()}
    orders: list[tuple[Json, int]] = []
    bottom = max((edit.first + len(edit.rows) for edit in edits if isinstance(edit, WriteRows)), default=0)
    grown = bottom > shown.row_count
    if grown:
        orders.append((layout.sheet_wide(shown, bottom + bottom // 10 + ROOM_PUBLISHED), 0))
    reformed = [
        edit.tab for edit in edits if isinstance(edit, FormatTab | CreateTab) and edit.tab.key not in state.fresh
    ]
    for tab in reformed[:1] or ([edits[0].tab] if grown else []):
        orders += [(order, 0) for order in _dressed(tab, shown, state)]
    for edit in edits:
        orders += _edit(edit, shown, state, gids)
    return orders


def _dressed(tab: Tab, shown: Shown, state: State) -> list[Json]:
    if tab.kind is Kind.PUBLISHED:
        return layout.dress(tab, shown, state.account)
    typed = state.typed.get(tab.key)
    return layout.redress(tab, shown, typed.where if typed else Located(0, {}))


def _edit(edit: TabEdit, shown: Shown, state: State, gids: Mapping[str, int]) -> Iterator[tuple[Json, int]]:
    match edit:
        case WriteRows(tab=tab) if tab.kind is Kind.PUBLISHED:
            yield from _write(edit, shown, gids, state.fresh)
        case WriteRows():
            yield from _contexts(edit, shown, state)
        case TrimRows(first=first) if first < shown.row_count:
            yield cells.clear(shown.sheet_id, first, shown.row_count, None), 0
        case AppendRows() if edit.tab.key in state.typed:
            yield from _append(edit, shown, state.typed[edit.tab.key], gids)
        case _:
            return


def _write(edit: WriteRows, shown: Shown, gids: Mapping[str, int], fresh: frozenset[str]) -> Iterator[tuple[Json, int]]:
    """Whole rows, to the right end of the grid: where somebody has inserted a column since the tab was read, no cell of the
    row that stood there is left beside another code. A few rows bring their formats along, many take their columns'.
    """
    columns, number, last = edit.tab.columns, shown.sheet_id, edit.first + len(edit.rows)
    if len(edit.rows) < formats.MANY:
        yield from _blocks(edit, number, [cells.row(row, columns, gids) for row in edit.rows], cells.FIELDS)
        return
    if edit.tab.key not in fresh:
        yield from ((order, 0) for order in formats.columns(number, edit.first, last, columns))
    yield from _blocks(edit, number, [cells.contents(row, columns, gids) for row in edit.rows], cells.VALUES)
    yield from ((order, 0) for order in formats.exceptions(number, edit.first, edit.rows, columns))


def _blocks(edit: WriteRows, sheet_id: int, made: Sequence[Json], fields: str) -> Iterator[tuple[Json, int]]:
    for first, block in cells.blocks(edit.first, made):
        yield cells.write(sheet_id, first, block, None, fields), len(edit.tab.columns) * len(block)


def _contexts(edit: WriteRows, shown: Shown, state: State) -> Iterator[tuple[Json, int]]:
    """Of an input tab only the grey columns' header formulas are ever written over."""
    typed = state.typed.get(edit.tab.key)
    header = edit.rows[0] if edit.rows else ()
    for column, value in zip(edit.tab.columns, header, strict=False):
        place = typed.where.spots.get(column.key) if typed else None
        if typed is None or place is None or not column.context or not isinstance(value, Formula):
            continue
        row = typed.where.header_row
        area = cells.grid_range(shown.sheet_id, row, row + 1, place, place + 1)
        content = {"values": [{"userEnteredValue": {"formulaValue": value.text}}]}
        yield {"updateCells": {"range": area, "rows": [content], "fields": "userEnteredValue"}}, 1


def _append(edit: AppendRows, shown: Shown, typed: Typed, gids: Mapping[str, int]) -> Iterator[tuple[Json, int]]:
    """New rows behind row ``after``: the grid gets them first, so that nothing that a person typed can lie beneath."""
    rows = missing_rows(edit, typed)
    spots = typed.where.spots
    if not rows or typed.where.lacking(edit.tab):
        return
    first = min(max(edit.after, typed.where.header_row), shown.row_count - 1) + 1
    yield _room(shown, first, len(rows), inherit=first > typed.where.header_row + 1), 0
    width = max(spots.values()) + 1
    made = [_spread(row, edit.tab, spots, width, gids) for row in rows]
    yield cells.write(shown.sheet_id, first, made, width), sum(value is not None for row in rows for value in row)
    for column in edit.tab.columns:
        if column.choices and column.key in spots:
            place = spots[column.key]
            below = cells.grid_range(shown.sheet_id, first, first + len(rows), place, place + 1)
            yield layout.validation(column, below), 0


def _room(shown: Shown, first: int, count: int, *, inherit: bool) -> Json:
    """Order so many empty rows; behind the last row of the grid they can only be appended."""
    if first >= shown.row_count:
        return {"appendDimension": {"sheetId": shown.sheet_id, "dimension": "ROWS", "length": count}}
    area = {"sheetId": shown.sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": first + count}
    return {"insertDimension": {"range": area, "inheritFromBefore": inherit}}


def _spread(row: Row, tab: Tab, spots: Mapping[str, int], width: int, gids: Mapping[str, int]) -> Json:
    """A row in the order that people have given the columns."""
    placed: dict[int, tuple[Value, int]] = {
        spots[column.key]: (row[place], place)
        for place, column in enumerate(tab.columns)
        if column.key in spots and place < len(row) and not column.context
    }
    made: list[Json] = []
    for spot in range(width):
        value, place = placed.get(spot, (None, 0))
        made.append(cells.cell(value, tab.columns[place].format, gids))
    return {"values": made}


def _cut(key: str, orders: Sequence[tuple[Json, int]]) -> Iterator[Batch]:
    """One batch, or as many as the size of a request demands."""
    batch: list[Json] = []
    size = count = 0
    for order, number in orders:
        weight = cells.size_of(order)
        if batch and size + weight > LARGEST:
            yield Batch(tuple(batch), key, count)
            batch, size, count = [], 0, 0
        batch.append(order)
        size, count = size + weight, count + number
    if batch:
        yield Batch(tuple(batch), key, count)


def _stamp(stamp: Stamp, state: State) -> Json:
    """The stamp as metadata of the file: an older one than the tabs means that a write was not finished."""
    text = msgspec.json.encode(stamp).decode()
    present = metadata_ids(state.metadata, STAMP_KEY)
    return marks.remember(STAMP_KEY, text, {"spreadsheet": True}, STAMP_ID, present)
