"""Google's own client library against the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from pmosync_google_sheets.emulator import SERVICE_ACCOUNT

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


@pytest.fixture
def services(desk: Desk, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """Sheets and Drive, built offline, signed in as the service account."""
    settings = desk.emulator.connection(desk.url, tmp_path)
    credentials = desk.signing(settings["service_account_file"], SCOPES)
    options = {"api_endpoint": desk.url}
    sheets = build("sheets", "v4", credentials=credentials, static_discovery=True, client_options=options)
    drive = build(
        "drive",
        "v3",
        credentials=credentials,
        static_discovery=True,
        client_options={"api_endpoint": f"{desk.url}/drive/v3/"},
    )
    yield sheets.spreadsheets(), drive
    sheets.close()
    drive.close()


def test_a_workbook_is_made_and_read(services: tuple[Any, Any]) -> None:
    """Create, batchUpdate, read by ranges, append, all through the library."""
    sheets, drive = services
    number = sheets.create(
        body={"properties": {"title": "Plan"}, "sheets": [{"properties": {"title": "里程碑", "sheetId": 3}}]}
    ).execute()["spreadsheetId"]
    rows = [
        {"values": [{"userEnteredValue": {"stringValue": "=text"}}, {"userEnteredValue": {"formulaValue": "=LEN(A1)"}}]}
    ]
    edit = {
        "updateCells": {
            "range": {"sheetId": 3, "startRowIndex": 0, "endRowIndex": 1},
            "rows": rows,
            "fields": "userEnteredValue",
        }
    }
    sheets.batchUpdate(spreadsheetId=number, body={"requests": [edit]}).execute()
    got = (
        sheets.values()
        .batchGet(spreadsheetId=number, ranges=["里程碑", "'里程碑'!B1:B"], valueRenderOption="UNFORMATTED_VALUE")
        .execute()
    )
    assert [one["values"] for one in got["valueRanges"]] == [[["=text", 5]], [[5]]]
    sheets.values().append(
        spreadsheetId=number, range="里程碑!A1", valueInputOption="RAW", body={"values": [["x"]]}
    ).execute()
    assert sheets.get(spreadsheetId=number, fields="sheets.properties(title,index)").execute() == {
        "sheets": [{"properties": {"title": "里程碑", "index": 0}}]
    }
    file = drive.files().get(fileId=number, fields="name,version,owners(emailAddress)").execute()
    assert (file["name"], file["owners"]) == ("Plan", [{"emailAddress": SERVICE_ACCOUNT}])


def test_long_reads_and_refusals(services: tuple[Any, Any]) -> None:
    """A query beyond 2,048 characters goes as POST with an override; a refusal reaches the library's error."""
    sheets, _ = services
    ranges = [f"Sheet1!A{row}:Z{row}" for row in range(1, 300)]
    assert len(sheets.values().batchGet(spreadsheetId="demo", ranges=ranges).execute()["valueRanges"]) == 299
    with pytest.raises(HttpError) as refused:
        sheets.values().get(spreadsheetId="demo", range="Nope!A1").execute()
    assert (refused.value.status_code, refused.value.reason) == (400, "Unable to parse range: Nope!A1")
