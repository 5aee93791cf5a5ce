"""An XlsxWriter workbook that writes values by their type, and the same bytes for the same content."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from msgspec.structs import replace
from xlsxwriter.utility import xl_col_to_name

from pmosync.sheet import Formula, Link, Stamp, Tab, Value, serial
from pmosync_xlsx.looks import LINK_INK, Look
from pmosync_xlsx.reading import LISTS, MARK, STAMP

MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The creation date in the file's properties: always the same, so that equal content is equal bytes."""

AREAS = "_xlnm.Print_Area"
"""The file format's name for the parts of a sheet that are printed, each on pages of its own."""

LONGEST_TEXT, LONGEST_LINK, MOST_LINKS, LONGEST_LIST = 32_767, 2_079, 65_000, 255
"""What Excel takes: UTF-16 units in a cell, characters of a link, links on a sheet, characters of a drop-down."""


class Book:
    """An XlsxWriter workbook with its formats by look, and the drop-down lists that are too long for a cell rule."""

    def __init__(self, buffer: io.BytesIO, titles: Mapping[str, str]) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(buffer, options)
        self._formats: dict[Look, Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self.titles = titles
        self.cells = 0

    def sheet(self, title: str) -> Any:
        """A new sheet."""
        return self._book.add_worksheet(title)

    def chart(self, kind: str) -> Any:
        """A new chart of a kind in XlsxWriter's words."""
        return self._book.add_chart({"type": kind})

    def mark(self, tab: Tab) -> None:
        """Remember which sheet is this tab, by a defined name."""
        self._book.define_name(MARK + tab.key, f"='{_quoted(self.titles[tab.key])}'!$A$1")

    def pages(self, tab: Tab, starts: Sequence[int], rows: int) -> None:
        """Let a new page begin at these rows, by an area of paper for each part: a break at a row is not heeded where a sheet is
        fitted to the width of a page.
        """
        if starts:
            title, last = _quoted(self.titles[tab.key]), xl_col_to_name(len(tab.columns) - 1)
            tops, bottoms = (1, *(start + 2 for start in starts)), (*(start + 1 for start in starts), rows + 1)
            areas = (f"'{title}'!$A${top}:${last}${bottom}" for top, bottom in zip(tops, bottoms, strict=True))
            self._book.define_name(f"'{title}'!{AREAS}", f"={','.join(areas)}")

    def format(self, look: Look) -> Any:
        """The format of a look, made once."""
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

    def finish(self, stamp: Stamp | None) -> None:
        """Properties, stamp, lists; then the bytes are in the buffer."""
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
