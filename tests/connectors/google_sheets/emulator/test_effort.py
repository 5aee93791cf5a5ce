"""Large writes and reads cost what their cells cost: a demo does hundreds of them."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.effort import calls

from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.calls import Ask, batch_update, values_batch_get
from pmosync_google_sheets.emulator.tokens import ADMIN

FEW, MANY, COLUMNS = 200, 800, 20


def write_and_read(emulator: SheetsEmulator, rows: int) -> Any:
    """One updateCells of so many rows, and reading them back."""
    date = {"userEnteredValue": {"numberValue": 46361}, "userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    row: list[Any] = [
        date if column % 2 else {"userEnteredValue": {"stringValue": "text"}} for column in range(COLUMNS)
    ]
    edit = {
        "range": {"sheetId": 0, "endColumnIndex": COLUMNS},
        "rows": [{"values": row}] * rows,
        "fields": "userEnteredValue,userEnteredFormat",
    }
    body = msgspec.json.encode({"requests": [{"updateCells": edit}]})
    batch_update(Ask(emulator.library, ADMIN, {"id": "demo"}, {}, msgspec.json.decode(body)))
    return values_batch_get(Ask(emulator.library, ADMIN, {"id": "demo"}, {"ranges": ["Sheet1"]}))


def test_work_grows_with_the_cells(emulator: SheetsEmulator) -> None:
    """Four times the rows are four times the work, not more: no cell looks at the others."""
    size = {"gridProperties": {"rowCount": MANY, "columnCount": 26}}
    emulator.person().edit(
        {"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,columnCount)"}}
    )
    few, many = (calls(lambda rows=rows: write_and_read(emulator, rows)) for rows in (FEW, MANY))  # type: ignore[misc]
    assert many < 4.5 * few
    assert write_and_read(emulator, MANY)["valueRanges"][0]["values"] == [["text", "12/5/2026"] * (COLUMNS // 2)] * MANY


def test_an_empty_cell_with_choices_is_not_worked_out(emulator: SheetsEmulator) -> None:
    """A column of an input tab has choices down to its end: what nobody filled in is seen to be empty, and no more."""
    choices = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "yes"}]}}
    area = {"sheetId": 0, "endRowIndex": FEW, "endColumnIndex": COLUMNS}
    emulator.person().edit({"setDataValidation": {"range": area, "rule": choices}})
    ask = Ask(emulator.library, ADMIN, {"id": "demo"}, {"ranges": ["Sheet1"]})
    assert calls(lambda: values_batch_get(ask)) < 6 * FEW * COLUMNS
