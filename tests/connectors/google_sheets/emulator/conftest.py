"""A desk with the emulator on it: every answer it gives is checked against Google's own contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
import requests
from google.auth.credentials import Credentials
from google.oauth2 import service_account
from starlette.types import ASGIApp, Receive, Scope, Send

from pmosync.emulation.server import LoopbackServer
from pmosync_google_sheets.emulator import ADMIN_TOKEN, DEMO, SheetsEmulator
from pmosync_google_sheets.emulator.contract import accept
from pmosync_google_sheets.emulator.http import ROUTES

Json = dict[str, Any]


class Alone(Credentials):
    """Signs with the tokens of a service account and asks nobody else. Google's library looks up where a service account may
    be used: by a thread of its own, and at an address of Google's wherever the requests themselves go.
    """

    def __init__(self, account: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._account = account

    def refresh(self, request: Any) -> None:
        """Another token."""
        self._account.refresh(request)
        self.token, self.expiry = self._account.token, self._account.expiry


class Door:
    """One port for all tests; each test puts its own emulator behind it."""

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


class Desk:
    """Calls the emulator over HTTP as the administrator, or with another token."""

    def __init__(self, emulator: SheetsEmulator, url: str, session: requests.Session) -> None:
        self.emulator = emulator
        self.url = url
        self.token = ADMIN_TOKEN
        self._session = session

    def signing(self, path: str, scopes: list[str]) -> Alone:
        """What signs for the service account of a key file."""
        return Alone(service_account.Credentials.from_service_account_file(path, scopes=scopes))  # type: ignore[no-untyped-call]

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self._session.request(method, self.url + path, json=body, params=query, headers=headers, timeout=10)

    def raw(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        """A request with a body and headers made by hand."""
        return self._session.request(method, url, data=body, headers=headers, timeout=10)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Json:
        """A call that succeeds; a Sheets answer must fit the contract's schema."""
        answer = self.send(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        content: Json = answer.json()
        for route in ROUTES:
            if route.method == method and route.pattern.fullmatch(unquote(path)):
                assert accept("sheets.v4", route.schema, content) == content
                break
        return content

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Code and message of a call that is refused."""
        answer = self.send(method, path, body, **query)
        assert answer.status_code >= 400, answer.text
        error = answer.json()["error"]
        assert error["code"] == answer.status_code
        return answer.status_code, error["message"]

    def batch(self, *edits: Json) -> list[Json]:
        """Replies of a batchUpdate."""
        path = f"/v4/spreadsheets/{DEMO}:batchUpdate"
        replies: list[Json] = self.call("POST", path, {"requests": list(edits)})["replies"]
        assert len(replies) == len(edits)
        return replies

    def batch_refused(self, *edits: Json) -> str:
        """The message of a batchUpdate that is refused with 400."""
        code, message = self.refused("POST", f"/v4/spreadsheets/{DEMO}:batchUpdate", {"requests": list(edits)})
        assert code == 400
        return message

    def sheet(self, number: int = 0, fields: str = "") -> Json:
        """A tab as spreadsheets.get tells it."""
        whole = self.call("GET", f"/v4/spreadsheets/{DEMO}", **({"fields": fields} if fields else {}))
        found: Json = next(sheet for sheet in whole["sheets"] if sheet["properties"]["sheetId"] == number)
        return found

    def values(self, cells: str = "Sheet1", **query: Any) -> list[list[Any]]:
        """values.get."""
        found: list[list[Any]] = self.call("GET", f"/v4/spreadsheets/{DEMO}/values/{quote(cells)}", **query).get(
            "values", []
        )
        return found

    def put(self, rows: list[list[Any]], cells: str = "A1", option: str = "USER_ENTERED") -> Json:
        """values.update."""
        return self.call(
            "PUT", f"/v4/spreadsheets/{DEMO}/values/{quote(cells)}", {"values": rows}, valueInputOption=option
        )

    def cell(self, cell: str, fields: str = "") -> Json:
        """One CellData."""
        mask = f"sheets.data.rowData.values({fields})" if fields else "sheets.data.rowData.values"
        (sheet,) = self.call("GET", f"/v4/spreadsheets/{DEMO}", ranges=cell, fields=mask)["sheets"]
        rows = sheet["data"][0].get("rowData", [{}])
        found: Json = rows[0].get("values", [{}])[0]
        return found


@pytest.fixture(scope="session")
def door() -> Iterator[tuple[Door, str]]:
    """The port."""
    opened = Door()
    with LoopbackServer(opened) as server:
        yield opened, server.url


@pytest.fixture
def emulator() -> SheetsEmulator:
    """An emulator with one empty spreadsheet."""
    made = SheetsEmulator()
    made.spreadsheet()
    return made


@pytest.fixture
def desk(door: tuple[Door, str], emulator: SheetsEmulator) -> Iterator[Desk]:
    """The desk."""
    door[0].app = emulator.app
    with requests.Session() as session:
        session.trust_env = False
        yield Desk(emulator, door[1], session)
