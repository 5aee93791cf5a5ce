"""Thousands of hostile strings through the targets: what comes out is text, and not one formula, link or tag that lives."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from tests.near import Near
from tests.scenarios.hostile import strings

from pmosync.connector import Opening
from pmosync.sheet import AppendRows, Column, CreateTab, Formula, Kind, Publication, Row, Tab, Table, WriteRows
from pmosync.transport import Transport
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.cells import Formula as Computed
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink
from pmosync_xlsx.settings import XlsxSettings
from pmosync_xlsx.sink import XlsxSink

COUNT = 10_000 if os.environ.get("PMOSYNC_SOAK") else 2_000
WIDTH = 10
OURS = Formula("=1+1", 2)
COLUMNS = (Column("code", "Code"), *(Column(f"c{place}", f"Column {place}") for place in range(WIDTH)))
PAGE = Tab("page", "Page", Kind.PUBLISHED, 71, COLUMNS, "code")
LIST = Tab("projects", "Projects", Kind.INPUT, 72, COLUMNS, "code")
TEXTS = strings(COUNT)


def rows() -> tuple[Row, ...]:
    """All of them, a code before each row; the first row is our own formula."""
    cut = [tuple(TEXTS[place : place + WIDTH]) for place in range(0, len(TEXTS), WIDTH)]
    return (("P0", OURS), *((f"P{number}", *line) for number, line in enumerate(cut, 1)))


def now() -> datetime:
    """A moment."""
    return datetime(2026, 3, 2, tzinfo=UTC)


def test_nothing_lives_in_a_google_sheet(tmp_path: Path) -> None:
    """Published and typed rows: every string stands there as it was given, as a string; the one formula is ours, letter by
    letter, and no cell or run of text in it leads anywhere.
    """
    emulator = SheetsEmulator()
    settings = GoogleSheetsSettings(**emulator.connection("http://127.0.0.1:9", tmp_path))
    edits = (
        CreateTab(PAGE),
        CreateTab(LIST),
        WriteRows(PAGE, 0, (tuple(column.label for column in COLUMNS), *rows())),
        AppendRows(LIST, 0, rows()[1:]),
    )
    SheetsSink(Opening("book", settings, Near(emulator.app), now)).write(Publication((), edits))
    document = emulator.spreadsheet().document
    assert document is not None
    for number, formulas in ((PAGE.sheet_id, ["=1+1"]), (LIST.sheet_id, [])):
        cells = [cell for line in document.sheet(number).rows for cell in line.values()]
        assert [cell.entered.text for cell in cells if isinstance(cell.entered, Computed)] == formulas
        assert set(TEXTS) <= {cell.entered for cell in cells}
        assert not any("link" in (cell.look or {}).get("textFormat", {}) or cell.runs for cell in cells)


def test_nothing_lives_in_a_workbook_file(tmp_path: Path) -> None:
    """The same in a file: strings in the table of strings, one formula, no hyperlink and no outside reference anywhere."""
    path = tmp_path / "book.xlsx"
    sink = XlsxSink(Opening("file", XlsxSettings(path=path), Transport(), now))
    tables = (Table(PAGE, rows()), Table(LIST, rows()[1:]))
    sink.write(Publication(tables, (CreateTab(PAGE), CreateTab(LIST))))
    with ZipFile(path) as file:
        sheets = [file.read(name) for name in file.namelist() if "worksheets/sheet" in name]
        links = [name for name in file.namelist() if "externalLink" in name or "_rels/sheet" in name]
    assert sum(sheet.count(b"<f>") + sheet.count(b"<f ") for sheet in sheets) == 1
    assert (links, sum(sheet.count(b"<hyperlink") for sheet in sheets)) == ([], 0)
    book = openpyxl.load_workbook(path, read_only=True)
    shown = {cell.value for line in book["Page"].iter_rows() for cell in line if cell.data_type == "s"}
    assert {_lines(text) for text in TEXTS} <= {_lines(str(text)) for text in shown}
    book.close()


def _lines(text: str) -> str:
    """One end of a line, and that as the file escapes it."""
    return text.replace("_x000D_\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
