"""The workbook as bytes: everything written anew, the same every time for the same tables and the same old file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pmosync.errors import TargetError
from pmosync.rows import Located, name_of, names
from pmosync.sheet import AppendRows, Column, CreateTab, Edit, Kind, Link, Row, Stamp, Tab, Table
from pmosync_xlsx.book import Book
from pmosync_xlsx.charts import draw
from pmosync_xlsx.frame import choices, frame, note, tall, widths
from pmosync_xlsx.looks import Look, of_column, of_header
from pmosync_xlsx.reading import Old, Previous, header, sheet_title


class Written(Struct, frozen=True):
    """The file's bytes and the number of cells with something in them."""

    content: bytes
    cells: int


def render(tables: Sequence[Table], previous: Previous, stamp: Stamp | None, edits: Sequence[Edit]) -> Written:
    """The whole workbook. TargetError where a tab would take the title of a sheet that people made.

    Kept of input tabs: every row and column with values, formulas, looks, notes, links, widths and merged cells; rows
    are added below as the ``edits`` make the tab or append them, unless the file shows them by now. Kept of sheets that
    people made: the same. Not kept: charts, pictures, filters, hidden rows, and people's own drop-downs and conditional
    formats.
    """
    _refuse_titles(tables, previous)
    ours = {old.title for table in tables if (old := previous.find(table.tab))}
    buffer = io.BytesIO()
    book = Book(buffer, {table.tab.key: _title(table.tab, previous) for table in tables})
    made = {edit.tab.key for edit in edits if isinstance(edit, CreateTab)}
    added = _appended(edits)
    for table in tables:
        if table.tab.kind is Kind.PUBLISHED:
            _publish(book, table)
        else:
            whole = frozenset(_by_name(table)) if table.tab.key in made else frozenset[str]()
            _keep(book, table, previous.find(table.tab), whole | added.get(table.tab.key, frozenset()))
    for title, old in previous.sheets.items():
        if title not in ours:
            _copy(book, old)
    book.finish(stamp)
    return Written(buffer.getvalue(), book.cells)


def _title(tab: Tab, previous: Previous) -> str:
    """A published tab has its own title; an input tab the one that people gave it."""
    old = previous.find(tab) if tab.kind is Kind.INPUT else None
    return old.title if old else sheet_title(tab.title)


def _publish(book: Book, table: Table) -> None:
    """A published tab, whole."""
    tab = table.tab
    sheet = book.sheet(book.titles[tab.key])
    book.mark(tab)
    looks = [of_column(column, tab) for column in tab.columns]
    for column, spec in enumerate(tab.columns):
        book.put(sheet, 0, column, spec.label, of_header(spec))
        note(sheet, 0, column, spec.note)
    for row, values in enumerate(table.rows, 1):
        for column, value in enumerate(values[: len(looks)]):
            if value is not None:
                book.put(sheet, row, column, value, looks[column])
        tall(sheet, row, values, tab.columns)
    places = {spec.key: column for column, spec in enumerate(tab.columns)}
    frame(book, sheet, tab, Located(0, places), len(table.rows))
    book.pages(tab, table.page_starts(), len(table.rows))
    widths(book, sheet, tab, places)
    draw(book, sheet, tab)


def _appended(edits: Sequence[Edit]) -> dict[str, frozenset[str]]:
    """By tab what tells the rows to be appended from others. A tab that lacks a row need not get it: what its cells say
    may stand there in other words, or without its code.
    """
    return {
        edit.tab.key: frozenset(name_of(row, edit.tab) for row in edit.rows)
        for edit in edits
        if isinstance(edit, AppendRows)
    }


def _keep(book: Book, table: Table, old: Old | None, added: frozenset[str]) -> None:
    """An input tab: what people have in the old file, and the rows to be ``added``; one that is made anew has all."""
    tab = table.tab
    wanted = _by_name(table)
    if old is None or not old.rows:
        old = Old(book.titles[tab.key], (tuple(spec.label for spec in tab.columns),), {}, {}, {}, ())
        missing = list(table.rows)
    else:
        missing = _missing(table, old, added)
    where = header(tab, old)
    sheet = book.sheet(old.title)
    book.mark(tab)
    shown = names(old.rows, tab, where)
    looks = {where.spots[spec.key]: (spec, of_column(spec, tab)) for spec in tab.columns if spec.key in where.spots}
    _old_cells(book, sheet, old, where, looks, {row: wanted.get(name) for row, name in shown.items()}, tab)
    for number, values in enumerate(missing, len(old.rows)):
        _new_row(book, sheet, number, values, tab, looks)
    for (row, column), text in old.notes.items():
        if row != where.header_row or column not in looks:
            note(sheet, row, column, text)
    bottom = len(old.rows) + len(missing)
    frame(book, sheet, tab, where, max(bottom - 1 - where.header_row, 0))
    widths(book, sheet, tab, where.spots, old.widths)
    choices(book, sheet, tab, where, bottom)


def _missing(table: Table, old: Old, added: frozenset[str]) -> list[Row]:
    """The rows to be ``added`` that the old sheet does not show by now."""
    where = header(table.tab, old)
    known = set(names(old.rows, table.tab, where).values())
    wanted = _by_name(table)
    return [wanted[name] for name in wanted if name in added - known and not where.lacking(table.tab)]


def _by_name(table: Table) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in table.rows:
        if name := name_of(row, table.tab):
            found.setdefault(name, row)
    return found


def _old_cells(
    book: Book,
    sheet: Any,
    old: Old,
    where: Located,
    looks: Mapping[int, tuple[Column, Look]],
    wanted: Mapping[int, Row | None],
    tab: Tab,
) -> None:
    """Every cell of the old sheet as it was; only the grey columns are ours to renew."""
    for area in old.merges:
        sheet.merge_range(*area, "", book.format(old.looks.get(area[:2], Look())))
    reach = _reach(old)
    for row, values in enumerate(old.rows):
        for column in range(max(len(values), reach.get(row, 0))):
            value = values[column] if column < len(values) else None
            spec, own = looks.get(column, (None, Look()))
            look = old.looks.get((row, column), own if value is not None and row > where.header_row else Look())
            if row == where.header_row and spec is not None:
                look = of_header(spec)
                note(sheet, row, column, spec.note)
            elif spec is not None and spec.context:
                mine = wanted.get(row)
                value, look = (mine[tab.position(spec.key)] if mine else None), own
            if not isinstance(value, Link):
                book.put(sheet, row, column, value, look)
            else:
                book.put(sheet, row, column, value, replace(look, ink="", underline=False))


def _reach(old: Old) -> dict[int, int]:
    """How many columns of each row have a look of their own, also where they are empty."""
    found: dict[int, int] = {}
    for row, column in old.looks:
        found[row] = max(found.get(row, 0), column + 1)
    return found


def _new_row(book: Book, sheet: Any, row: int, values: Row, tab: Tab, looks: Mapping[int, tuple[Column, Look]]) -> None:
    for column, (spec, look) in looks.items():
        value = values[tab.position(spec.key)]
        if value is not None:
            book.put(sheet, row, column, value, look)


def _copy(book: Book, old: Old) -> None:
    """A sheet that people made."""
    sheet = book.sheet(old.title)
    for area in old.merges:
        sheet.merge_range(*area, "", book.format(old.looks.get(area[:2], Look())))
    for row, values in enumerate(old.rows):
        for column, value in enumerate(values):
            look = old.looks.get((row, column), Look())
            book.put(sheet, row, column, value, look)
    for (row, column), text in old.notes.items():
        note(sheet, row, column, text)
    for column, width in old.widths.items():
        sheet.set_column(column, column, width - 0.71)
    if old.colour:
        sheet.set_tab_color(old.colour)
    if old.hidden:
        sheet.hide()


def _refuse_titles(tables: Sequence[Table], previous: Previous) -> None:
    """A sheet that people made keeps its title: ours cannot be made beside it."""
    ours = {old.title for table in tables if (old := previous.find(table.tab))}
    foreign = {title.casefold() for title in previous.sheets if title not in ours}
    for table in tables:
        if sheet_title(table.tab.title).casefold() in foreign:
            raise TargetError(
                f"the workbook has a sheet {table.tab.title!r} that pmosync did not make", remedy="rename that sheet"
            )
