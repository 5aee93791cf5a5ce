"""What a workbook shows after edits: the meaning of an edit, for dry runs and for the tests of ``diff``."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from pmosync.sheet import (
    AppendRows,
    CreateTab,
    Edit,
    FormatTab,
    Formula,
    Grid,
    Kind,
    Row,
    Tab,
    TrimRows,
    Value,
    Workbook,
    WriteRows,
    WriteStamp,
)


def apply(workbook: Workbook, edits: Iterable[Edit]) -> Workbook:
    """The workbook after the edits in their order; the given one is unchanged. KeyError for an edit of an absent tab."""
    grids = dict(workbook.grids)
    stamp = workbook.stamp
    for edit in edits:
        match edit:
            case WriteStamp(stamp=given):
                stamp = given
            case CreateTab(tab=tab):
                grids[tab.key] = _created(tab)
            case _:
                grids[edit.tab.key] = _edited(grids[edit.tab.key], edit)
    return replace(workbook, grids=grids, stamp=stamp)


def _created(tab: Tab) -> Grid:
    labels: Row = tuple(column.label for column in tab.columns)
    spots = {column.key: place for place, column in enumerate(tab.columns)}
    return Grid(tab.key, tab.title, (labels,), 0, 1, len(tab.columns), spots)


def _edited(grid: Grid, edit: FormatTab | WriteRows | TrimRows | AppendRows) -> Grid:
    match edit:
        case FormatTab():
            return replace(grid, layout_differs=())
        case WriteRows(tab=tab, first=first, rows=rows):
            return _absolute(grid, first, rows) if tab.kind is Kind.PUBLISHED else _headed(grid, tab)
        case TrimRows(first=first):
            return replace(_flat(grid), rows=_flat(grid).rows[:first])
        case AppendRows():
            return _appended(grid, edit)


def _headed(grid: Grid, tab: Tab) -> Grid:
    """An input tab with the formulas of its context columns in their header cells, and nothing else changed."""
    formulas = {
        grid.spots[c.key]: Formula(c.formula, c.label) for c in tab.columns if c.formula and c.key in grid.spots
    }
    shown = grid.rows[0] if grid.rows else ()
    wide = (*shown, *(None for _ in range(len(shown), max(formulas, default=-1) + 1)))
    first: Row = tuple(formulas.get(place, value) for place, value in enumerate(wide))
    return replace(grid, rows=(first, *grid.rows[1:]))


def _flat(grid: Grid) -> Grid:
    """The grid counted from sheet row 0."""
    return replace(grid, rows=(*(((),) * grid.header_row), *grid.rows), header_row=0)


def _absolute(grid: Grid, first: int, rows: tuple[Row, ...]) -> Grid:
    flat = _flat(grid)
    gap: tuple[Row, ...] = ((),) * (first - len(flat.rows))
    whole = (*flat.rows[:first], *gap, *rows, *flat.rows[first + len(rows) :])
    return replace(flat, rows=whole, row_count=max(grid.row_count, len(whole)))


def _appended(grid: Grid, edit: AppendRows) -> Grid:
    placed = tuple(_placed(edit, row) for row in edit.rows)
    cut = edit.after - grid.header_row + 1
    return replace(grid, rows=(*grid.rows[:cut], *placed, *grid.rows[cut:]), row_count=grid.row_count + len(placed))


def _placed(edit: AppendRows, row: Row) -> Row:
    width = max(edit.spots.values(), default=-1) + 1
    cells: list[Value] = [None] * width
    for column, value in zip(edit.tab.columns, row, strict=True):
        if value is not None and column.key in edit.spots:
            cells[edit.spots[column.key]] = value
    return tuple(cells)
