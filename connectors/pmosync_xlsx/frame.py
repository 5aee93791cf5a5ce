"""What goes around a sheet's cells: frozen panes, filter, colours by rule, stripes, widths, folds, drop-downs, paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pmosync.rows import Located
from pmosync.sheet import Column, Format, Kind, Row, Tab, text_of
from pmosync_xlsx.book import Book
from pmosync_xlsx.looks import BAND, LINE, of_column

MARGIN = 1.5
LINE_HEIGHT, AIR, MOST_LINES = 15, 4, 12
"""Points of a line of text and of the air around a row's lines, and the most lines that a row is made high for."""

_WORD = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+")

PAGE_PLACES = 300
"""Characters of columns that can still be read beside each other on one page."""

A3, A4 = 8, 9
"""Kinds of paper, by the numbers of the file format."""

ALLOWED = dict.fromkeys(
    ("select_locked_cells", "select_unlocked_cells", "format_columns", "format_rows", "sort", "autofilter"), True
)
"""What people may do on a protected sheet: filter and sort, change widths, show what is folded away."""

SPARE_ROWS = 1_000
"""Drop-downs of an input tab reach so many rows below its last one."""


def frame(book: Book, sheet: Any, tab: Tab, where: Located, height: int) -> None:
    """What goes around the cells: frozen panes, filter, colours by rule, stripes, page setup."""
    row, width = where.header_row, max(where.spots.values(), default=0)
    sheet.set_default_row(LINE_HEIGHT + AIR)
    sheet.freeze_panes(row + 1, tab.frozen_columns)
    sheet.autofilter(row, 0, row + max(height, 1), width)
    shown = (spec for spec in tab.columns if spec.key in where.spots and not spec.collapsed)
    sheet.set_row(row, 16 * min(max((lines(spec.label, spec.width - 2) for spec in shown), default=1), 4) + 6)
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
        sheet.protect("", ALLOWED)
        sheet.hide_gridlines(2)
        stripes(book, sheet, row + 1, height, width)
    if tab.colour:
        sheet.set_tab_color(tab.colour)
    if tab.hidden:
        sheet.hide()
    _page(sheet, tab, where)


def _page(sheet: Any, tab: Tab, where: Located) -> None:
    """Paper: A4, or A3 for what is wide; as many pages beside each other as can be read; the header on each."""
    places = sum(spec.width for spec in tab.columns if spec.key in where.spots and not spec.collapsed)
    across = -(-places // PAGE_PLACES)
    sheet.set_landscape()
    sheet.set_paper(A3 if places > PAGE_PLACES // 2 else A4)
    sheet.fit_to_pages(across, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(where.header_row)
    if across > 1 and tab.frozen_columns:
        sheet.repeat_columns(0, tab.frozen_columns - 1)
    sheet.set_footer("&L&A&R&P / &N")


def stripes(book: Book, sheet: Any, first: int, height: int, width: int) -> None:
    """A line under every row, a tint under every other; by rule, so that sorting keeps them even."""
    for parity, look in ((1, {"bg_color": BAND}), (0, {})):
        made = book.rule(bottom=1, bottom_color=LINE, **look)
        test = {"type": "formula", "criteria": f"=MOD(ROW(),2)={parity}", "format": made}
        if height:
            sheet.conditional_format(first, 0, first + height - 1, width, test)


def lines(text: str, width: int) -> int:
    """Lines that a text needs at a column's width, broken between words; a Chinese character takes two places."""
    return sum(_broken(part, max(width - 1, 1)) for part in text.split("\n"))


def _broken(part: str, places: int) -> int:
    count, room = 1, places
    for word in _WORD.findall(part):
        needs = _places(word.rstrip())
        if needs > room and room < places:
            count, room = count + 1, places
        over = -(-max(needs - places, 0) // places)
        count, room = count + over, room + over * places - _places(word)
    return count


def height(values: Row, columns: Sequence[Column]) -> int:
    """Lines of a row: programs that open the file do not work out the height of wrapped text by themselves."""
    wrapped = (
        lines(text_of(value), spec.width + 1)
        for value, spec in zip(values, columns, strict=False)
        if value is not None and spec.format is Format.WRAP and not spec.collapsed
    )
    return min(max(wrapped, default=1), MOST_LINES)


def _places(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def widths(
    book: Book, sheet: Any, tab: Tab, places: Mapping[str, int], kept: Mapping[int, float] | None = None
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


def choices(book: Book, sheet: Any, tab: Tab, where: Located, bottom: int) -> None:
    """Drop-downs, down to rows that are still to be typed."""
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
            sheet.data_validation(where.header_row + 1, place, bottom + SPARE_ROWS, place, rule)


def tall(sheet: Any, row: int, values: Row, columns: Sequence[Column]) -> None:
    """A row as high as its wrapped text."""
    if (count := height(values, columns)) > 1:
        sheet.set_row(row, LINE_HEIGHT * count + AIR)


def note(sheet: Any, row: int, column: int, text: str) -> None:
    """A note on a cell, if there is anything to say."""
    if text:
        sheet.write_comment(row, column, text, {"author": "pmosync", "x_scale": 1.6, "font_size": 9})
