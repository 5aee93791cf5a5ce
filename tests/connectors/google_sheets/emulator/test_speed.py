"""Large writes and reads stay quick enough for a demo that does hundreds of them."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.calls import Ask, batch_update, values_batch_get
from pmosync_google_sheets.emulator.tokens import ADMIN

ROWS, COLUMNS = 10_000, 20
SECONDS = 4.0
"""Of processor time for both; about 1 on an idle machine. The bound is wide, so that only a change of order breaks it."""


def test_two_hundred_thousand_cells(emulator: SheetsEmulator) -> None:
    """One updateCells of 10,000 rows by 20 columns, and reading them back."""
    size = {"gridProperties": {"rowCount": ROWS, "columnCount": 26}}
    emulator.person().edit(
        {"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,columnCount)"}}
    )
    date = {"userEnteredValue": {"numberValue": 46361}, "userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    row: list[Any] = [
        date if column % 2 else {"userEnteredValue": {"stringValue": "text"}} for column in range(COLUMNS)
    ]
    edit = {
        "range": {"sheetId": 0, "endColumnIndex": COLUMNS},
        "rows": [{"values": row}] * ROWS,
        "fields": "userEnteredValue,userEnteredFormat",
    }
    body = msgspec.json.encode({"requests": [{"updateCells": edit}]})
    begun = time.process_time()
    batch_update(Ask(emulator.library, ADMIN, {"id": "demo"}, {}, msgspec.json.decode(body)))
    got = values_batch_get(Ask(emulator.library, ADMIN, {"id": "demo"}, {"ranges": ["Sheet1"]}))
    assert time.process_time() - begun < SECONDS
    assert got["valueRanges"][0]["values"] == [["text", "12/5/2026"] * (COLUMNS // 2)] * ROWS
