"""The stand-in for Google Sheets, Drive and the token exchange on one port."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from starlette.types import ASGIApp

from pmosync.emulation.events import AccessGiven, AccessLost, CellTyped, Event, RowDeleted
from pmosync.errors import ConfigError
from pmosync_google_sheets.emulator.cells import BLANK
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet, resize
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.http import Application
from pmosync_google_sheets.emulator.library import File, Library
from pmosync_google_sheets.emulator.people import Person
from pmosync_google_sheets.emulator.quota import Limits, Quota
from pmosync_google_sheets.emulator.refusals import Refusal
from pmosync_google_sheets.emulator.tokens import ADMIN, SERVICE_ACCOUNT, Tokens, service_account_file
from pmosync_google_sheets.emulator.values import entered_cell

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DEMO = "demo"


class SheetsEmulator:
    """Google Sheets v4, Drive v3 and ``/token``, stateful, on an emulated clock.

    ``limits`` switches the quota on; ``storage`` False gives service accounts no Drive storage (they cannot create files);
    ``lag`` is how late Drive tells of what is done in a sheet; ``freshness`` is the clock by which signed assertions are
    judged (None: only their span is). The demo's spreadsheet is made by ``connection`` or ``load``; files belong to the
    administrator and are shared with the service account.
    """

    name = "google_sheets"

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        storage: bool = True,
        lag: timedelta = timedelta(),
        freshness: Callable[[], datetime] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.library = Library(BEGINNING, storage=storage, lag=lag)
        self.tokens = Tokens(freshness)
        self.quota = Quota(limits) if limits else None
        self._app = Application(self)

    @property
    def app(self) -> ASGIApp:
        """The ASGI application."""
        return self._app

    def load(self, folder: Path) -> None:
        """One CSV file a tab (UTF-8, file name = title, typed as by a person) into one spreadsheet whose id is the folder's name.

        Raises ConfigError that names the file and line.
        """
        if not folder.is_dir():
            raise ConfigError(f"{folder} is not a folder", remedy="give a folder with one CSV file a tab")
        paths = sorted(folder.glob("*.csv"))
        if not paths:
            raise ConfigError(
                f"{folder} holds no .csv file",
                remedy="put one CSV file a tab into it; the file's name is the tab's title",
            )
        tabs = [(path.stem, _rows(path)) for path in paths]
        with self.lock:
            file = self.spreadsheet(folder.resolve().name)
            draft = self._draft(file)
            draft.document.sheets = []
            for number, (title, rows) in enumerate(tabs):
                _fill(draft, number, title, rows)
            self.library.commit(file, draft.document)

    def spreadsheet(self, number: str = DEMO, title: str = "") -> File:
        """The spreadsheet with that id, made if there is none, shared with the service account."""
        with self.lock:
            file = self.library.files.get(number)
            if file is None:
                file = self.library.create(title or number, ADMIN.email, number=number)
                self.library.share(file, SERVICE_ACCOUNT, "writer")
            return file

    def apply(self, event: Event) -> None:
        """Cells typed, rows deleted, access lost and given; other events only move the clock."""
        with self.lock:
            self.advance(event.at)
            match event:
                case CellTyped(tab=tab, code=code, column=column, value=value):
                    self.person(event.spreadsheet).enter(tab, code, column, value)
                case RowDeleted(tab=tab, code=code):
                    self.person(event.spreadsheet).delete_code(tab, code)
                case AccessLost(system=self.name) | AccessGiven(system=self.name):
                    self._share(event)

    def _share(self, event: AccessLost | AccessGiven) -> None:
        files = (
            [self.library.files[event.key]]
            if event.key in self.library.files
            else []
            if event.key
            else list(self.library.files.values())
        )
        for file in files:
            if isinstance(event, AccessLost):
                self.library.unshare(file, SERVICE_ACCOUNT)
            else:
                self.library.share(file, SERVICE_ACCOUNT, "writer")

    def advance(self, now: datetime) -> None:
        """Set the emulated clock (UTC)."""
        with self.lock:
            self.library.now = now

    def connection(self, url: str, folder: Path) -> Mapping[str, Any]:
        """Settings of a connection to the first spreadsheet (made if need be). The key file below ``folder`` gets mode 0600."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "service-account.json"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(msgspec.json.encode(service_account_file(f"{url}/token")))
        with self.lock:
            number = next(iter(self.library.files), DEMO)
            self.spreadsheet(number)
        return {"endpoint": url, "spreadsheet": number, "service_account_file": str(path)}

    def person(self, spreadsheet: str = "", email: str = ADMIN.email) -> Person:
        """Somebody at the sheet, for what people do between a program's calls. "" is the first spreadsheet."""
        with self.lock:
            number = spreadsheet or next(iter(self.library.files), DEMO)
            return Person(self.library, self.spreadsheet(number), email, self.lock)

    def _draft(self, file: File) -> Draft:
        document: Spreadsheet = file.document or Spreadsheet(file.id, file.name)
        return self.library.draft(file, document, ADMIN)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(_checked(path, lines))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8", remedy="save the file as UTF-8") from None


def _checked(path: Path, lines: Any) -> Iterator[list[str]]:
    reader = csv.reader(lines, strict=True)
    width = 0
    try:
        for row in reader:
            width = width or len(row)
            if len(row) > width:
                raise ConfigError(
                    f"{path}, line {reader.line_num}: {len(row)} cells, but the header has {width}",
                    remedy="quote cells that hold commas",
                )
            yield row
    except csv.Error as error:
        raise ConfigError(
            f"{path}, line {reader.line_num}: {_reason(error)}", remedy="close the quotation marks of that line"
        ) from None


def _reason(error: csv.Error) -> str:
    """The csv module's words hold no data of the file."""
    return str(error)


def _fill(draft: Draft, number: int, title: str, rows: list[list[str]]) -> None:
    sheet = Sheet(number, title, 0, 0)
    resize(draft.document, sheet, max(1000, len(rows)), max(26, max((len(row) for row in rows), default=0)))
    draft.document.sheets.append(sheet)
    for row, line in enumerate(rows):
        try:
            cells = {column: entered_cell(draft, BLANK, text, raw=row == 0) for column, text in enumerate(line) if text}
        except Refusal as refusal:
            raise ConfigError(f"{title}.csv, row {row + 1}: {refusal.message}", remedy="shorten the cell") from None
        sheet.put_row(row, cells)
