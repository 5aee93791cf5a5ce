"""The workbook as bytes: everything written anew, the same every time for the same tables and the same old file."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from msgspec import Struct
from msgspec.structs import replace
from xlsxwriter.utility import xl_col_to_name

from pmosync.errors import TargetError
from pmosync.rows import Located
from pmosync.sheet import Column, Formula, Kind, Link, Row, Stamp, Tab, Table, Value, serial, text_of
from pmosync_xlsx.looks import BAND, LINE, LINK_INK, Look, of_column, of_header
from pmosync_xlsx.reading import LISTS, MARK, STAMP, Old, Previous, codes, header, sheet_title

MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The creation date in the file's properties: always the same, so that equal content is equal bytes."""

LONGEST_TEXT, LONGEST_LINK, MOST_LINKS, LONGEST_LIST = 32_767, 2_079, 65_000, 255
MARGIN = 1.5
SPARE_ROWS = 1_000
"""Drop-downs of an input tab reach so many rows below its last one."""


class Written(Struct, frozen=True):
    """The file's bytes and the number of cells with something in them."""

    content: bytes
    cells: int


def render(tables: Sequence[Table], previous: Previous, stamp: Stamp | None) -> Written:
    """The whole workbook. TargetError where a tab would take the title of a sheet that people made.

    Kept of input tabs: every row and column with values, formulas, looks, notes, links, widths and merged cells; rows
    for new codes are added below. Kept of sheets that people made: the same. Not kept: charts, pictures, filters,
    hidden rows, and people's own drop-downs and conditional formats.
    """
    _refuse_titles(tables, previous)
    ours = {old.title for table in tables if (old := previous.find(table.tab))}
    buffer = io.BytesIO()
    book = _Book(buffer, {table.tab.key: _title(table.tab, previous) for table in tables})
    for table in tables:
        if table.tab.kind is Kind.PUBLISHED:
            _publish(book, table)
        else:
            _keep(book, table, previous.find(table.tab))
    for title, old in previous.sheets.items():
        if title not in ours:
            _copy(book, old)
    book.finish(tables, stamp)
    return Written(buffer.getvalue(), book.cells)


def _title(tab: Tab, previous: Previous) -> str:
    """A published tab has its own title; an input tab the one that people gave it."""
    old = previous.find(tab) if tab.kind is Kind.INPUT else None
    return old.title if old else sheet_title(tab.title)


class _Book:
    """An XlsxWriter workbook with its formats by look, and the drop-down lists that are too long for a cell rule."""

    def __init__(self, buffer: io.BytesIO, titles: Mapping[str, str]) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "use_future_functions": True,
        }
        self._book = xlsxwriter.Workbook(buffer, options)
        self._formats: dict[Look, Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self.titles = titles
        self.cells = 0

    def sheet(self, title: str) -> Any:
        return self._book.add_worksheet(title)

    def mark(self, tab: Tab) -> None:
        self._book.define_name(MARK + tab.key, f"='{_quoted(self.titles[tab.key])}'!$A$1")

    def format(self, look: Look) -> Any:
        if look not in self._formats:
            self._formats[look] = self._book.add_format(look.properties())
        return self._formats[look]

    def rule(self, **properties: object) -> Any:
        """A format for conditional formatting."""
        return self._book.add_format(properties)

    def put(self, sheet: Any, row: int, column: int, value: Value, look: Look) -> None:
        """One cell, by the type of its value; text is never read as anything else."""
        self.cells += value is not None
        match value:
            case None:
                if look != Look():
                    sheet.write_blank(row, column, None, self.format(look))
            case Link(text=text, url=url):
                self._link(sheet, row, column, text, url, look)
            case Formula(text=text, value=shown):
                sheet.write_formula(row, column, text, self.format(_dated(look, shown)), _cached(shown))
            case bool():
                sheet.write_boolean(row, column, value, self.format(look))
            case date():
                sheet.write_datetime(row, column, value, self.format(_dated(look, value)))
            case int() | float() if math.isfinite(value):
                sheet.write_number(row, column, value, self.format(look))
            case _:
                sheet.write_string(row, column, _cut(str(value)), self.format(look))

    def list_of(self, choices: tuple[str, ...]) -> list[str] | str:
        """The source of a drop-down: the words themselves, or where they stand on the hidden sheet."""
        if len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices):
            return list(choices)
        if choices not in self._lists:
            letter = xl_col_to_name(len(self._lists))
            self._lists[choices] = f"='{LISTS}'!${letter}$1:${letter}${len(choices)}"
        return self._lists[choices]

    def finish(self, tables: Sequence[Table], stamp: Stamp | None) -> None:
        self._write_lists()
        self._book.set_properties({"title": "Project portfolio", "author": "pmosync", "created": MADE})
        if stamp is not None:
            for name, value in zip(
                STAMP, (stamp.instance, stamp.epoch, stamp.generation, stamp.data_as_of), strict=True
            ):
                self._book.set_custom_property(name, str(value), "text")
        self._book.close()

    def _link(self, sheet: Any, row: int, column: int, text: str, url: str, look: Look) -> None:
        target = self._target(url)
        if len(target) > LONGEST_LINK or sheet.hlink_count >= MOST_LINKS:
            sheet.write_string(row, column, _cut(text), self.format(look))
            return
        inked = replace(look, ink=LINK_INK, underline=True)
        sheet.write_url(row, column, target, self.format(inked), _cut(text))

    def _target(self, url: str) -> str:
        if not url.startswith("#"):
            return url
        key, _, place = url[1:].partition("!")
        return f"internal:'{_quoted(self.titles.get(key, key))}'!{place}"

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self.sheet(LISTS)
        sheet.very_hidden()
        for column, choices in enumerate(self._lists):
            sheet.write_column(0, column, choices)


def _publish(book: _Book, table: Table) -> None:
    """A published tab, whole."""
    tab = table.tab
    sheet = book.sheet(book.titles[tab.key])
    book.mark(tab)
    looks = [of_column(column, tab) for column in tab.columns]
    for column, spec in enumerate(tab.columns):
        book.put(sheet, 0, column, spec.label, of_header(spec))
        _note(sheet, 0, column, spec.note)
    for row, values in enumerate(table.rows, 1):
        for column, value in enumerate(values[: len(looks)]):
            if value is not None:
                book.put(sheet, row, column, value, looks[column])
    places = {spec.key: column for column, spec in enumerate(tab.columns)}
    _frame(book, sheet, tab, Located(0, places), len(table.rows))
    _widths(book, sheet, tab, places)


def _keep(book: _Book, table: Table, old: Old | None) -> None:
    """An input tab: what people have in the old file, and rows for the codes that it lacks."""
    tab = table.tab
    labels = tuple(spec.label for spec in tab.columns)
    old = old if old is not None and old.rows else Old(book.titles[tab.key], (labels,), {}, {}, {}, ())
    where = header(tab, old)
    sheet = book.sheet(old.title)
    book.mark(tab)
    wanted = _by_code(table)
    shown = dict(codes(old, tab, where))
    looks = {where.spots[spec.key]: (spec, of_column(spec, tab)) for spec in tab.columns if spec.key in where.spots}
    _old_cells(book, sheet, old, where, looks, {row: wanted.get(code) for row, code in shown.items()}, tab)
    missing = [code for code in wanted if code not in set(shown.values()) and tab.key_column in where.spots]
    for row, code in enumerate(missing, len(old.rows)):
        _new_row(book, sheet, row, wanted[code], tab, looks)
    for (row, column), note in old.notes.items():
        if row != where.header_row or column not in looks:
            _note(sheet, row, column, note)
    bottom = len(old.rows) + len(missing)
    _frame(book, sheet, tab, where, max(bottom - 1 - where.header_row, 0))
    _widths(book, sheet, tab, where.spots, old.widths)
    _choices(book, sheet, tab, where, bottom + SPARE_ROWS)


def _by_code(table: Table) -> dict[str, Row]:
    place = table.tab.position(table.tab.key_column)
    found: dict[str, Row] = {}
    for row in table.rows:
        if code := text_of(row[place]).strip():
            found.setdefault(code, row)
    return found


def _old_cells(
    book: _Book,
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
                _note(sheet, row, column, spec.note)
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


def _new_row(
    book: _Book, sheet: Any, row: int, values: Row, tab: Tab, looks: Mapping[int, tuple[Column, Look]]
) -> None:
    for column, (spec, look) in looks.items():
        value = values[tab.position(spec.key)]
        if value is not None:
            book.put(sheet, row, column, value, look)


def _copy(book: _Book, old: Old) -> None:
    """A sheet that people made."""
    sheet = book.sheet(old.title)
    for area in old.merges:
        sheet.merge_range(*area, "", book.format(old.looks.get(area[:2], Look())))
    for row, values in enumerate(old.rows):
        for column, value in enumerate(values):
            look = old.looks.get((row, column), Look())
            book.put(sheet, row, column, value, look)
    for (row, column), note in old.notes.items():
        _note(sheet, row, column, note)
    for column, width in old.widths.items():
        sheet.set_column(column, column, width - 0.71)
    if old.colour:
        sheet.set_tab_color(old.colour)
    if old.hidden:
        sheet.hide()


def _frame(book: _Book, sheet: Any, tab: Tab, where: Located, height: int) -> None:
    """What goes around the cells: frozen panes, filter, colours by rule, stripes, page setup."""
    row, width = where.header_row, max(where.spots.values(), default=0)
    sheet.freeze_panes(row + 1, tab.frozen_columns)
    sheet.autofilter(row, 0, row + max(height, 1), width)
    sheet.set_row(row, 16 * max((_lines(spec) for spec in tab.columns if spec.key in where.spots), default=1) + 6)
    for rule in tab.rules:
        if rule.column in where.spots and height:
            place = where.spots[rule.column]
            look = {
                "type": "text",
                "criteria": "begins with",
                "value": rule.prefix,
                "format": book.rule(bg_color=rule.fill, font_color=rule.ink),
            }
            sheet.conditional_format(row + 1, place, row + height, place, look)
    if tab.kind is Kind.PUBLISHED:
        sheet.hide_gridlines(2)
        _stripes(book, sheet, row + 1, height, width)
    if tab.colour:
        sheet.set_tab_color(tab.colour)
    if tab.hidden:
        sheet.hide()
    sheet.set_landscape()
    sheet.set_paper(8 if width > 12 else 9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(row)
    sheet.set_footer("&L&A&R&P / &N")


def _stripes(book: _Book, sheet: Any, first: int, height: int, width: int) -> None:
    """A line under every row, a tint under every other; by rule, so that sorting keeps them even."""
    for parity, look in ((1, {"bg_color": BAND}), (0, {})):
        made = book.rule(bottom=1, bottom_color=LINE, **look)
        test = {"type": "formula", "criteria": f"=MOD(ROW(),2)={parity}", "format": made}
        if height:
            sheet.conditional_format(first, 0, first + height - 1, width, test)


def _lines(spec: Column) -> int:
    """Lines that a header needs at its column's width; a Chinese character takes two places."""
    places = sum(2 if ord(letter) > 0x2E7F else 1 for letter in spec.label)
    return min(4, -(-places // max(spec.width - 1, 1)))


def _widths(
    book: _Book, sheet: Any, tab: Tab, places: Mapping[str, int], kept: Mapping[int, float] | None = None
) -> None:
    """Width, format of cells still empty, and the fold; the widths people chose stay."""
    folded = {places[spec.key] for spec in tab.columns if spec.collapsed and spec.key in places}
    for spec in tab.columns:
        if spec.key not in places:
            continue
        place = places[spec.key]
        chosen = (kept or {}).get(place)
        width = chosen - 0.71 if chosen else spec.width + MARGIN
        options = {"level": 1, "hidden": True} if place in folded else {"collapsed": place - 1 in folded}
        sheet.set_column(place, place, width, book.format(of_column(spec, tab)), options)
    for place, width in (kept or {}).items():
        if place not in places.values():
            sheet.set_column(place, place, width - 0.71)
    last = max(folded, default=-1)
    if last >= 0 and last + 1 not in places.values():
        sheet.set_column(last + 1, last + 1, None, None, {"collapsed": True})


def _choices(book: _Book, sheet: Any, tab: Tab, where: Located, last: int) -> None:
    for spec in tab.columns:
        if spec.choices and spec.key in where.spots:
            place = where.spots[spec.key]
            rule = {
                "validate": "list",
                "source": book.list_of(spec.choices),
                "error_type": "stop" if spec.strict else "warning",
                "error_title": spec.label[:32],
                "error_message": "Choose a word of the list.",
            }
            sheet.data_validation(where.header_row + 1, place, last, place, rule)


def _note(sheet: Any, row: int, column: int, note: str) -> None:
    if note:
        sheet.write_comment(row, column, note, {"author": "pmosync", "x_scale": 1.6, "font_size": 9})


def _dated(look: Look, value: Value) -> Look:
    """A date needs a date's format, whatever column it stands in."""
    if not isinstance(value, date) or (look.pattern and look.pattern != "@"):
        return look
    return replace(look, pattern="yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd")


def _cached(shown: Value) -> Any:
    """The value that a formula shows until it is worked out anew."""
    if isinstance(shown, date):
        return serial(shown)
    return "" if shown is None else shown


def _cut(text: str) -> str:
    """Excel takes 32,767 UTF-16 units in a cell."""
    if len(text) <= LONGEST_TEXT // 2 or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_TEXT:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: (LONGEST_TEXT - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _quoted(title: str) -> str:
    return title.replace("'", "''")


def _refuse_titles(tables: Sequence[Table], previous: Previous) -> None:
    """A sheet that people made keeps its title: ours cannot be made beside it."""
    ours = {old.title for table in tables if (old := previous.find(table.tab))}
    foreign = {title.casefold() for title in previous.sheets if title not in ours}
    for table in tables:
        if sheet_title(table.tab.title).casefold() in foreign:
            raise TargetError(
                f"the workbook has a sheet {table.tab.title!r} that pmosync did not make", remedy="rename that sheet"
            )
