"""The fewest edits that make a workbook show the tables. Pure: the decision is here, writing is the target's.

Published tabs are compared by row and value; only runs of differing rows are written, by absolute position. Of input tabs nothing
that a person typed is ever touched: missing rows are appended with all that is in force of them, the grey columns get their
header formula (of a ``WriteRows`` of an input tab, targets write the formulas of its context columns alone).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmosync.dashboard.values import canonical, code_of, same_row
from pmosync.sheet import (
    AppendRows,
    CreateTab,
    Edit,
    FormatTab,
    Formula,
    Grid,
    Kind,
    Row,
    Stamp,
    Tab,
    Table,
    TrimRows,
    Value,
    Workbook,
    WriteRows,
    WriteStamp,
)

# Input tabs into which rows go that they lack: for new codes, and those that people deleted by accident.
GROWING = frozenset({"projects", "programs", "milestone_inputs"})


def diff(
    workbook: Workbook, tables: Iterable[Table], stamp: Stamp, *, heartbeat: frozenset[str], due: bool
) -> tuple[Edit, ...]:
    """The edits, in the order in which they are applied; () if the workbook is as wanted.

    ``heartbeat`` names the tabs (runs, freshness) that change with every sync: they are written along with a change of
    content, or when ``due``. The stamp comes last, and only behind something.
    """
    given = tuple(_plain(table) for table in tables) if workbook.plain else tuple(tables)
    edits = {table.tab.key: tuple(_edits(workbook, table)) for table in given}
    changed = any(found for key, found in edits.items() if key not in heartbeat)
    broken = any(isinstance(edit, CreateTab | FormatTab) for found in edits.values() for edit in found)
    if not (changed or broken or due):
        return ()
    ordered = tuple(edit for table in given for edit in edits[table.tab.key])
    return (*ordered, WriteStamp(stamp)) if ordered else ()


def _plain(table: Table) -> Table:
    """The table as a target shows it that has no formulas."""
    return Table(table.tab, tuple(tuple(_shown(value) for value in row) for row in table.rows))


def _shown(value: Value) -> Value:
    return value.value if isinstance(value, Formula) else value


def header(tab: Tab) -> Row:
    """A tab's header row; a context column's cell is its formula."""
    return tuple(Formula(column.formula, column.label) if column.formula else column.label for column in tab.columns)


def _edits(workbook: Workbook, table: Table) -> Iterator[Edit]:
    grid = workbook.grids.get(table.tab.key)
    if grid is None:
        yield CreateTab(table.tab)
        yield from _filled(table)
        return
    if grid.layout_differs:
        yield FormatTab(table.tab, grid.layout_differs)
    if table.tab.kind is Kind.PUBLISHED:
        yield from _published(grid, table)
        return
    if workbook.computes and _formulas_differ(grid, table.tab):
        yield WriteRows(table.tab, grid.header_row, (header(table.tab),))
    yield from _input(grid, table)


def _filled(table: Table) -> Iterator[Edit]:
    """All rows of a tab that is made anew; an input tab gets back what is in force."""
    if table.tab.kind is Kind.PUBLISHED:
        yield WriteRows(table.tab, 0, (header(table.tab), *table.rows))
        return
    if table.rows:
        spots = {column.key: place for place, column in enumerate(table.tab.columns)}
        yield AppendRows(table.tab, 0, tuple(_typed_alone(table.tab, row) for row in table.rows), spots)
    if any(column.formula for column in table.tab.columns):
        yield WriteRows(table.tab, 0, (header(table.tab),))


# ---------------------------------------------------------------- published


def _published(grid: Grid, table: Table) -> Iterator[Edit]:
    want = (header(table.tab), *table.rows)
    have = (*_unknown(grid), *grid.rows)
    for first, last in _runs(want, have):
        yield WriteRows(table.tab, first, want[first:last])
    width = len(table.tab.columns)
    if any(not same_row((None,) * width, row) for row in have[len(want) :]):
        yield TrimRows(table.tab, len(want))


def _unknown(grid: Grid) -> tuple[Row, ...]:
    """Rows that somebody put above the header: what stands there was not read, so it equals nothing."""
    return ((Formula("?"),),) * grid.header_row


def _runs(want: tuple[Row, ...], have: tuple[Row, ...]) -> Iterator[tuple[int, int]]:
    """First and behind-last place of each run of differing rows."""
    first: int | None = None
    for place, row in enumerate(want):
        equal = place < len(have) and same_row(row, have[place])
        if equal and first is not None:
            yield first, place
            first = None
        elif not equal and first is None:
            first = place
    if first is not None:
        yield first, len(want)


# ---------------------------------------------------------------- input


def _input(grid: Grid, table: Table) -> Iterator[Edit]:
    """Rows that the tab does not have, with what they say, if its code column is found."""
    tab = table.tab
    if tab.key not in GROWING or tab.key_column not in grid.spots:
        return
    place = grid.spots[tab.key_column]
    there = {code_of(row[place]) for row in grid.rows[1:] if place < len(row)}
    own = tab.position(tab.key_column)
    missing = tuple(_typed_alone(tab, row) for row in table.rows if code_of(row[own]) not in there)
    if missing:
        yield AppendRows(tab, grid.last_row, missing, grid.spots)


def _typed_alone(tab: Tab, row: Row) -> Row:
    """A row without its context cells: a value there would stop the header's formula from spilling."""
    return tuple(None if column.context else value for column, value in zip(tab.columns, row, strict=True))


def _formulas_differ(grid: Grid, tab: Tab) -> bool:
    """Whether a context column that stands in the tab has another header than its formula."""
    shown = grid.rows[0] if grid.rows else ()
    wanted = ((column.formula, grid.spots.get(column.key)) for column in tab.columns if column.formula)
    return any(place is not None and not _has(shown, place, formula) for formula, place in wanted)


def _has(row: Row, place: int, formula: str) -> bool:
    cell = row[place] if place < len(row) else None
    return isinstance(cell, Formula) and canonical(cell.text) == canonical(formula)
