"""A workbook file as it stands: values, looks, notes, widths and merged cells; never a guess at a damaged one."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from msgspec import Struct
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.exceptions import InvalidFileException

from pmosync.errors import TargetError
from pmosync.rows import Located, locate, month_of
from pmosync.sheet import EPOCH, Formula, Kind, Link, Row, Stamp, Tab, Value, from_serial
from pmosync_xlsx.looks import Look, of_cell

LISTS = "pmosync lists"
"""The hidden sheet that long drop-downs take their words from."""

MARK = "pmosync_tab_"
"""Defined names beginning so say which sheet is which tab: they follow a sheet that people rename or move."""

STAMP = ("pmosync instance", "pmosync epoch", "pmosync generation", "pmosync data as of")
LARGEST = 512 * 1024 * 1024
"""Bytes of all parts of the file, unpacked."""

FIRST_DAY, LAST_DAY = 32_874, 73_050
"""Numbers outside 1990-01-01 … 2099-12-31 are not taken for dates."""

PLAIN = Look()

BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    ParseError,
    zlib.error,
)


class Old(Struct, frozen=True):
    """One sheet of the file. Rows and columns count from 0; ``looks`` and ``notes`` are by (row, column)."""

    title: str
    rows: tuple[Row, ...]
    looks: Mapping[tuple[int, int], Look]
    notes: Mapping[tuple[int, int], str]
    widths: Mapping[int, float]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden: bool = False
    colour: str = ""


class Previous(Struct, frozen=True):
    """The file: its sheets by title, which tab key each marked sheet is, and the stamp."""

    sheets: Mapping[str, Old] = {}
    marks: Mapping[str, str] = {}
    stamp: Stamp | None = None

    def find(self, tab: Tab) -> Old | None:
        """The sheet that is this tab: by its mark, else (input tabs only) by its title."""
        marked = next((title for title, key in self.marks.items() if key == tab.key), "")
        if marked in self.sheets:
            return self.sheets[marked]
        return self.sheets.get(sheet_title(tab.title)) if tab.kind is Kind.INPUT else None


def read(path: Path) -> Previous:
    """Read the file. An absent one is empty; TargetError for one that cannot be read: it is never taken for empty."""
    return read_as(path, signature(path))


def signature(path: Path) -> tuple[int, ...]:
    """What changes when the file is saved; empty for one that is not there."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


@lru_cache(maxsize=1)
def read_as(path: Path, signature: tuple[int, ...]) -> Previous:
    """Read the file that had that signature a moment ago. What was read last is used again while nobody saves the file:
    one sync looks at it as a source of input tabs and as a target, and reading a large one takes seconds.
    """
    if not path.exists():
        return Previous()
    return _guarded(path, lambda: _read(path))


def header(tab: Tab, old: Old) -> Located:
    """Where the tab's header and columns are; a published tab's header is its first row."""
    if tab.kind is Kind.PUBLISHED:
        return Located(0, locate(old.rows[:1], tab.columns).spots)
    return locate(old.rows, tab.columns)


def sheet_title(title: str) -> str:
    """A title that Excel takes: 31 characters, none of ``[]:*?/\\``."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in title)[:31].strip("'") or "Sheet"


class _Raw(ExcelReader):
    """Leaves numbers as numbers: openpyxl would drop a 20261205 typed in a date cell."""

    def read_worksheets(self) -> None:
        book: Any = self.wb
        book._date_formats, book._timedelta_formats = set(), set()
        super().read_worksheets()


def _guarded(path: Path, work: Callable[[], Previous]) -> Previous:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise TargetError(f"{path} is too large to read", remedy="move it aside; the next sync makes a new one")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return work()
    except BROKEN as error:
        raise TargetError(
            f"{path} is damaged or no .xlsx file", remedy="restore it, or move it aside: the next sync makes a new one"
        ) from error
    except OSError as error:
        raise TargetError(f"{path} cannot be read", remedy="close it where it is open, and check its rights") from error


def _read(path: Path) -> Previous:
    book = _load(path)
    formulas = {sheet.title for sheet in book.worksheets if _has_formula(sheet)}
    values = _values(path, formulas) if formulas else {}
    marks = _marks(book)
    sheets = {
        sheet.title: _old(sheet, values.get(sheet.title, {}), marks)
        for sheet in book.worksheets
        if sheet.title != LISTS
    }
    return Previous(sheets, marks, _stamp(book))


def _load(path: Path, *, values: bool = False) -> openpyxl.Workbook:
    reader = _Raw(path, read_only=values, data_only=values)
    reader.read()
    return reader.wb


def _has_formula(sheet: Any) -> bool:
    return any(cell.data_type == "f" for cell in sheet._cells.values())


def _values(path: Path, titles: set[str]) -> dict[str, dict[tuple[int, int], Any]]:
    """What the formulas of the named sheets showed when the file was saved."""
    book = _load(path, values=True)
    found = {
        title: {
            (row, column): value
            for row, line in enumerate(book[title].iter_rows(values_only=True))
            for column, value in enumerate(line)
            if value is not None
        }
        for title in titles
    }
    book.close()
    return found


def _old(sheet: Any, values: Mapping[tuple[int, int], Any], marks: Mapping[str, str]) -> Old:
    cells = sheet._cells
    looks: dict[tuple[int, int], Look] = {}
    notes: dict[tuple[int, int], str] = {}
    known: dict[Any, Look] = {}
    rows: list[list[Value]] = [[] for _ in range(max((row for row, _ in cells), default=0))]
    for (row, column), cell in sorted(cells.items()):
        place, line = (row - 1, column - 1), rows[row - 1]
        style = tuple(cell._style)
        if style not in known:
            known[style] = of_cell(cell)
        if known[style] != PLAIN:
            looks[place] = known[style]
        line += [None] * (column - len(line))
        line[column - 1] = _value(cell, known[style].pattern, values.get(place), marks)
        if cell.comment:
            notes[place] = cell.comment.text
    return Old(
        title=sheet.title,
        rows=tuple(_trimmed(rows)),
        looks=looks,
        notes=notes,
        widths=_widths(sheet),
        merges=tuple(
            (one.min_row - 1, one.min_col - 1, one.max_row - 1, one.max_col - 1) for one in sheet.merged_cells
        ),
        hidden=sheet.sheet_state != "visible",
        colour=_colour(sheet),
    )


def _trimmed(rows: list[list[Value]]) -> list[Row]:
    """Rows without their empty ends, and without empty rows at the end."""
    found: list[Row] = []
    for line in rows:
        while line and line[-1] is None:
            line.pop()
        found.append(tuple(line))
    while found and not found[-1]:
        found.pop()
    return found


def _value(cell: Any, pattern: str, shown: Any, marks: Mapping[str, str]) -> Value:
    if cell.data_type == "f":
        text = cell.value if isinstance(cell.value, str) else str(getattr(cell.value, "text", "") or "")
        return Formula(text, _plain(shown, pattern))
    plain = _plain(cell._value, pattern)
    if cell.hyperlink is not None and isinstance(plain, str):
        return Link(plain, _address(cell.hyperlink, marks))
    return plain


def _plain(value: Any, pattern: str) -> str | float | int | bool | date | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _dated(value, pattern)
    return value if isinstance(value, str | bool | date) else str(value)


def _dated(number: float, pattern: str) -> str | float | int | date:
    """A number under a date format as the date it stands for, a month typed as such as text; implausible ones stay
    numbers.
    """
    if not pattern or not is_date_format(pattern) or not FIRST_DAY <= number < LAST_DAY:
        return int(number) if float(number).is_integer() else number
    if float(number).is_integer():
        return month_of(from_serial(number), pattern) or from_serial(number)
    midnight = datetime(EPOCH.year, EPOCH.month, EPOCH.day)  # noqa: DTZ001 — a cell's instant has no zone of its own
    return midnight + timedelta(seconds=round(number * 86400))


def _address(link: Any, marks: Mapping[str, str]) -> str:
    """Where a link leads, with a place inside the workbook as ``#tab_key!A1``."""
    if link.target:
        return str(link.target) + (f"#{link.location}" if link.location else "")
    title, _, place = str(link.location or "").rpartition("!")
    title = title.removeprefix("'").removesuffix("'").replace("''", "'")
    return f"#{marks.get(title, title)}!{place}"


def _widths(sheet: Any) -> dict[int, float]:
    """Width by column; a dimension stands for a run of columns."""
    found: dict[int, float] = {}
    for one in sheet.column_dimensions.values():
        if one.width and one.customWidth:
            for column in range(one.min or 1, min(one.max or 1, 1000) + 1):
                found[column - 1] = one.width
    return found


def _colour(sheet: Any) -> str:
    colour = sheet.sheet_properties.tabColor
    value = getattr(colour, "rgb", "")
    return f"#{value[-6:].lower()}" if isinstance(value, str) and value else ""


def _marks(book: openpyxl.Workbook) -> dict[str, str]:
    """Sheet title → tab key."""
    found: dict[str, str] = {}
    for name, defined in book.defined_names.items():
        if name.startswith(MARK) and "#REF" not in (defined.value or ""):
            found.update({title: name.removeprefix(MARK) for title, _ in defined.destinations})
    return found


def _stamp(book: Any) -> Stamp | None:
    named = {one.name: one.value for one in book.custom_doc_props.props}
    if not all(name in named for name in STAMP):
        return None
    instance, epoch, generation, as_of = (named[name] for name in STAMP)
    return Stamp(str(instance), int(epoch), int(generation), str(as_of))
