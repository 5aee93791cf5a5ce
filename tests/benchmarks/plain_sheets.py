"""How a script keeps the same workbook with the libraries that people use: every tab written whole, then its header and its
columns formatted. Each tells Google's addresses; here they are led to an emulated server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import requests

from pmosync.sheet import Table, Value
from pmosync_google_sheets.emulator.tokens import ADMIN_TOKEN

GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
HEADER = {"textFormat": {"bold": True}, "backgroundColor": {"red": 0.12, "green": 0.23, "blue": 0.37}}
DATES = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}


class Led(requests.Session):
    """A session whose requests to Google go to another address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url, self.trust_env = url, False
        self.headers["Authorization"] = f"Bearer {ADMIN_TOKEN}"

    def request(self, method: str, url: str, *given: Any, **named: Any) -> requests.Response:  # type: ignore[override]
        """As requests does."""
        return super().request(method, led(url, self._url), *given, **named)


class LedHttp:
    """What googleapiclient takes for an httplib2 object, on such a session."""

    redirect_codes: frozenset[int] = frozenset()

    def __init__(self, url: str) -> None:
        self._session = Led(url)

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        """One request."""
        import httplib2

        kept = {name: value for name, value in (headers or {}).items() if name.lower() != "authorization"}
        answer = self._session.request(method, uri, data=body, headers=kept)
        told = httplib2.Response({name.lower(): value for name, value in answer.headers.items()})
        told.status = answer.status_code
        return told, answer.content


def led(url: str, to: str) -> str:
    """An address of Google's, on another host."""
    return next((to + url.removeprefix(google) for google in GOOGLE if url.startswith(google)), url)


def values(table: Table) -> list[list[Any]]:
    """Header and rows as a library takes them: dates as text that Google parses."""
    header: list[Any] = [column.label for column in table.tab.columns]
    return [header, *([_plain(value) for value in row] for row in table.rows)]


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def gspread(url: str, spreadsheet: str, tables: tuple[Table, ...]) -> None:
    """``update`` and ``format`` a tab."""
    _each(url, spreadsheet, tables, _updated)


def gspread_dataframe(url: str, spreadsheet: str, tables: tuple[Table, ...]) -> None:
    """``set_with_dataframe`` a tab, and ``format`` as with gspread alone."""
    _each(url, spreadsheet, tables, _framed)


def _each(url: str, spreadsheet: str, tables: tuple[Table, ...], write: Callable[[Any, list[list[Any]]], None]) -> None:
    import gspread as library

    client = library.Client(auth=None, session=Led(url))
    book = client.open_by_key(spreadsheet)
    there = {sheet.title: sheet for sheet in book.worksheets()}
    for table in tables:
        lines = values(table)
        sheet = there.get(table.tab.title) or book.add_worksheet(table.tab.title, len(lines), len(lines[0]))
        write(sheet, lines)
        sheet.format("A1:T1", HEADER)
        sheet.format("B2:B501", DATES)


def _updated(sheet: Any, lines: list[list[Any]]) -> None:
    sheet.update(lines, "A1", value_input_option="USER_ENTERED")


def _framed(sheet: Any, lines: list[list[Any]]) -> None:
    from gspread_dataframe import set_with_dataframe
    from pandas import DataFrame

    set_with_dataframe(sheet, DataFrame(lines[1:], columns=lines[0]))


def pygsheets(url: str, spreadsheet: str, tables: tuple[Table, ...]) -> None:
    """``update_values`` and ``apply_format`` a tab."""
    import pygsheets as library
    from google.oauth2.credentials import Credentials

    token = Credentials(token=ADMIN_TOKEN)  # type: ignore[no-untyped-call]
    client = library.client.Client(token, http=LedHttp(url))
    book = client.open_by_key(spreadsheet)
    there = {sheet.title: sheet for sheet in book.worksheets()}
    for table in tables:
        lines = values(table)
        sheet = there.get(table.tab.title) or book.add_worksheet(table.tab.title, len(lines), len(lines[0]))
        sheet.update_values("A1", lines)
        sheet.apply_format(["A1:T1"], HEADER, "userEnteredFormat(textFormat,backgroundColor)")
        sheet.apply_format(["B2:B501"], DATES, "userEnteredFormat.numberFormat")


Plain = Callable[[str, str, tuple[Table, ...]], None]
LIBRARIES: Mapping[str, Plain] = {
    "gspread": gspread,
    "gspread-dataframe": gspread_dataframe,
    "pygsheets": pygsheets,
}
