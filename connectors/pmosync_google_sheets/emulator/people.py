"""What a person does at the sheet between a program's calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from pmosync.sheet import Formula, Link, Value, normalised, serial
from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.cells import Cell, Fault, Scalar
from pmosync_google_sheets.emulator.cells import Formula as CellFormula
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.drive import rename
from pmosync_google_sheets.emulator.edits import EDITS
from pmosync_google_sheets.emulator.edits.cells import last_row
from pmosync_google_sheets.emulator.library import Caller, File, Library
from pmosync_google_sheets.emulator.notation import cells_of, read
from pmosync_google_sheets.emulator.ranges import Box, a1
from pmosync_google_sheets.emulator.tokens import ADMIN
from pmosync_google_sheets.emulator.values import entered_cell

_ROWS, _COLUMNS = "ROWS", "COLUMNS"


class Person:
    """Somebody who has the spreadsheet open. Rows and columns are zero-based; a tab goes by its title, a cell as in ``Risks!B3``.

    Whatever the sheet would refuse raises Refusal.
    """

    def __init__(self, library: Library, file: File, email: str, lock: threading.RLock) -> None:
        self._library = library
        self._file = file
        self._caller = ADMIN if email == ADMIN.email else Caller(email)
        self._lock = lock

    @contextmanager
    def _editing(self) -> Iterator[Draft]:
        with self._lock, self._library.edit(self._file.id, self._caller) as draft:
            yield draft

    def type(self, cell: str, value: Value) -> None:
        """Type into a cell; text is parsed as the sheet would."""
        with self._editing() as draft:
            sheet, box = cells_of(draft.document, read(draft.document, cell))
            _put(draft, sheet, box.top, box.left, value)

    def enter(self, tab: str, code: str, column: str, value: Value) -> None:
        """Type into the row of ``code`` (first column), under the header ``column``; an absent code gets a new row at the end."""
        with self._editing() as draft:
            sheet = _tab(draft, tab)
            calculation = draft.calculation()
            header, across, first = _header(calculation, sheet, column)
            row = _row_of(calculation, sheet, code, header, first)
            if row is None:
                row = max(last_row(sheet), header) + 1
                if row >= sheet.row_count:
                    EDITS["appendDimension"](draft, {"sheetId": sheet.id, "dimension": _ROWS, "length": 1})
                _put(draft, sheet, row, first, code)
            _put(draft, sheet, row, across, value)

    def delete_code(self, tab: str, code: str) -> None:
        """Delete the row whose first column shows ``code``; nothing happens if there is none."""
        with self._lock:
            place = self.row_of(tab, code)
            if place is not None:
                self.delete_rows(tab, place)

    def row_of(self, tab: str, code: str) -> int | None:
        """The row whose first column shows ``code``."""
        with self._lock:
            calculation, sheet = self._reading(tab)
            header = _first_row(sheet)
            return _row_of(calculation, sheet, code, header, _first_column(sheet, header))

    def shown(self, cell: str) -> str:
        """The text that a cell shows."""
        with self._lock:
            document = self._document()
            sheet, box = cells_of(document, read(document, cell))
            return self._calculation().shown(sheet, box.top, box.left, sheet.cell(box.top, box.left))

    def note(self, tab: str, column: str) -> str:
        """The note on the header of a column, wherever it stands."""
        with self._lock:
            calculation, sheet = self._reading(tab)
            row, place, _ = _header(calculation, sheet, column)
            return sheet.cell(row, place).note or ""

    def value(self, cell: str) -> Scalar:
        """What a cell is worth."""
        with self._lock:
            document = self._document()
            sheet, box = cells_of(document, read(document, cell))
            return self._calculation().value(sheet.id, box.top, box.left)

    def rows(self, tab: str) -> list[list[str]]:
        """All shown texts of a tab, trailing empty ones cut."""
        with self._lock:
            calculation, sheet = self._reading(tab)
            told = [calculation.row(sheet, row) for row in range(sheet.row_count)]
            lines = [
                [
                    calculation.text(line.get(column), sheet.cell(row, column))
                    for column in range(max(line, default=-1) + 1)
                ]
                for row, line in enumerate(told)
            ]
            while lines and not any(lines[-1]):
                lines.pop()
            return lines

    def tabs(self) -> list[str]:
        """Titles in order."""
        return [sheet.title for sheet in self._document().sheets]

    def insert_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Insert empty rows before row ``at``."""
        self._dimension("insertDimension", tab, _ROWS, at, count)

    def delete_rows(self, tab: str, at: int, count: int = 1) -> None:
        """Delete rows."""
        self._dimension("deleteDimension", tab, _ROWS, at, count)

    def insert_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Insert empty columns before column ``at``."""
        self._dimension("insertDimension", tab, _COLUMNS, at, count)

    def delete_columns(self, tab: str, at: int, count: int = 1) -> None:
        """Delete columns."""
        self._dimension("deleteDimension", tab, _COLUMNS, at, count)

    def move_rows(self, tab: str, at: int, to: int, count: int = 1) -> None:
        """Move rows before row ``to`` (counted before the move)."""
        self._move(tab, _ROWS, at, to, count)

    def move_columns(self, tab: str, at: int, to: int, count: int = 1) -> None:
        """Move columns before column ``to`` (counted before the move)."""
        self._move(tab, _COLUMNS, at, to, count)

    def sort(self, tab: str, column: int, *, descending: bool = False, header: int = 0) -> None:
        """Sort all rows below the header row by a column."""
        with self._editing() as draft:
            sheet = _tab(draft, tab)
            span = {"sheetId": sheet.id, "startRowIndex": header + 1}
            order = {"dimensionIndex": column, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
            EDITS["sortRange"](draft, {"range": span, "sortSpecs": [order]})

    def add_tab(self, title: str) -> None:
        """A new tab behind the others."""
        with self._editing() as draft:
            EDITS["addSheet"](draft, {"properties": {"title": title}})

    def rename_tab(self, tab: str, title: str) -> None:
        """Give a tab another title."""
        with self._editing() as draft:
            properties = {"sheetId": _tab(draft, tab).id, "title": title}
            EDITS["updateSheetProperties"](draft, {"properties": properties, "fields": "title"})

    def delete_tab(self, tab: str) -> None:
        """Delete a tab."""
        with self._editing() as draft:
            EDITS["deleteSheet"](draft, {"sheetId": _tab(draft, tab).id})

    def duplicate_tab(self, tab: str, title: str) -> None:
        """Copy a tab beside itself."""
        with self._editing() as draft:
            EDITS["duplicateSheet"](draft, {"sourceSheetId": _tab(draft, tab).id, "newSheetName": title})

    def clear(self, cells: str) -> None:
        """Empty cells."""
        with self._editing() as draft:
            sheet, box = cells_of(draft.document, read(draft.document, cells))
            draft.guard(sheet, box)
            for row, column, cell in list(sheet.filled(box)):
                sheet.put(row, column, Cell(None, cell.look, cell.note, cell.rule))

    def edit(self, request: dict[str, Any]) -> None:
        """Anything else: one request of ``batchUpdate``."""
        with self._editing() as draft:
            ((name, content),) = request.items()
            EDITS[name](draft, content)

    def protect(self, tab: str, editors: Sequence[str] = ()) -> None:
        """Protect a whole tab; only the owner and the editors may write."""
        with self._editing() as draft:
            span = {"sheetId": _tab(draft, tab).id}
            EDITS["addProtectedRange"](draft, {"protectedRange": {"range": span, "editors": {"users": list(editors)}}})

    def set_locale(self, locale: str, time_zone: str = "") -> None:
        """Change the spreadsheet's locale and, if given, its time zone."""
        with self._editing() as draft:
            draft.document.properties |= {"locale": locale} | ({"timeZone": time_zone} if time_zone else {})

    def rename_file(self, name: str) -> None:
        """Give the file another name."""
        with self._lock:
            rename(self._library, self._file, name)

    def share(self, email: str, role: str = "writer", kind: str = "user") -> None:
        """Give somebody a role: reader, commenter, writer. ``kind``: user, group, domain (then ``email`` is its name) or
        anyone (then it is empty).
        """
        with self._lock:
            self._library.share(self._file, email, role, kind)

    def unshare(self, email: str) -> None:
        """Take all of somebody's roles away."""
        with self._lock:
            self._library.unshare(self._file, email)

    def trash(self, trashed: bool = True) -> None:
        """Put the file into the bin, or take it out."""
        with self._lock:
            self._file.trashed = trashed
            self._library.touch(self._file)

    def _document(self) -> Any:
        return self._library.open(self._file.id, self._caller)[1]

    def _calculation(self) -> Calculation:
        return self._library.calculation(self._file, self._document())

    def _reading(self, tab: str) -> tuple[Calculation, Sheet]:
        calculation = self._calculation()
        found = calculation.document.titled(tab)
        if found is None:
            raise LookupError(f"there is no tab {tab!r}")
        return calculation, found

    def _dimension(self, edit: str, tab: str, dimension: str, at: int, count: int) -> None:
        with self._editing() as draft:
            span = {"sheetId": _tab(draft, tab).id, "dimension": dimension, "startIndex": at, "endIndex": at + count}
            EDITS[edit](draft, {"range": span})

    def _move(self, tab: str, dimension: str, at: int, to: int, count: int) -> None:
        with self._editing() as draft:
            span = {"sheetId": _tab(draft, tab).id, "dimension": dimension, "startIndex": at, "endIndex": at + count}
            EDITS["moveDimension"](draft, {"source": span, "destinationIndex": to})


def _tab(draft: Draft, title: str) -> Sheet:
    found = draft.document.titled(title)
    if found is None:
        raise LookupError(f"there is no tab {title!r}")
    return found


def _put(draft: Draft, sheet: Sheet, row: int, column: int, value: Value) -> None:
    draft.guard(sheet, Box(sheet.id, row, column, row + 1, column + 1))
    sheet.put(row, column, _typed(draft, sheet.cell(row, column), value))


def _typed(draft: Draft, cell: Cell, value: Value) -> Cell:
    match value:
        case Link(text=text, url=url):
            look = {
                **(cell.look or {}),
                "textFormat": {**(cell.look or {}).get("textFormat", {}), "link": {"uri": url}},
            }
            return Cell(text, look, cell.note, cell.rule)
        case Formula(text=text):
            return Cell(CellFormula(text), cell.look, cell.note, cell.rule)
        case datetime() | date():
            kind = (
                {"type": "DATE_TIME", "pattern": "yyyy-mm-dd h:mm"}
                if isinstance(value, datetime)
                else {"type": "DATE", "pattern": "yyyy-mm-dd"}
            )
            return Cell(serial(value), {"numberFormat": kind} | (cell.look or {}), cell.note, cell.rule)
        case None:
            return Cell(None, cell.look, cell.note, cell.rule)
    return entered_cell(draft, cell, value, raw=False)


def _first_row(sheet: Sheet) -> int:
    return next(
        (row for row, line in enumerate(sheet.rows) if any(cell.entered is not None for cell in line.values())), 0
    )


def _first_column(sheet: Sheet, header: int) -> int:
    return min((column for column, cell in sheet.rows[header].items() if cell.entered is not None), default=0)


def _header(calculation: Calculation, sheet: Sheet, wanted: str) -> tuple[int, int, int]:
    """Row and column of a header text, wherever it stands, and the first column of that header row."""
    for row, line in enumerate(sheet.rows):
        if not line:
            continue
        for column, value in sorted(calculation.row(sheet, row).items()):
            if not isinstance(value, Fault) and normalised(str(value)) == normalised(wanted):
                return row, column, _first_column(sheet, row)
    where = a1(sheet.title, sheet.whole())
    raise LookupError(f"no header {wanted!r} in {where}")


def _row_of(calculation: Calculation, sheet: Sheet, code: str, header: int, column: int) -> int | None:
    for row in range(header, sheet.row_count):
        if sheet.rows[row] and calculation.shown(sheet, row, column, sheet.cell(row, column)).strip() == code:
            return row
    return None
