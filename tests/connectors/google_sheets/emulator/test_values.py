"""The values calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

V4 = "/v4/spreadsheets/demo"


def test_renders(desk: Desk) -> None:
    """Formatted text by default; numbers and serials unformatted; formulas as text; dates as text when asked."""
    desk.put([["=4/2", "2020-01-01", "text", 53, True], ["=1/0", 0.12, "", "12%"]])
    assert desk.values() == [["2", "2020-01-01", "text", "53", "TRUE"], ["#DIV/0!", "0.12", "", "12%"]]
    assert desk.values(valueRenderOption="UNFORMATTED_VALUE") == [
        [2, 43831, "text", 53, True],
        ["#DIV/0!", 0.12, "", 0.12],
    ]
    assert desk.values(valueRenderOption="FORMULA")[0] == ["=4/2", 43831, "text", 53, True]
    assert (
        desk.values(valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING")[0][1]
        == "2020-01-01"
    )


def test_raw_is_stored_as_it_is(desk: Desk) -> None:
    """RAW parses nothing; null is skipped and "" clears."""
    desk.put([["=1+1", "2020-01-01", "042", 7]], option="RAW")
    assert desk.values(valueRenderOption="FORMULA") == [["=1+1", "2020-01-01", "042", 7]]
    answer = desk.put([[None, "", "x"]], option="RAW")
    assert answer == {
        "spreadsheetId": "demo",
        "updatedRange": "Sheet1!A1:C1",
        "updatedRows": 1,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    assert desk.values() == [["=1+1", "", "x", "7"]]


def test_ragged_rows_are_cut(desk: Desk) -> None:
    """Trailing empty cells and rows are left out, inner ones are empty; an empty range has no values; COLUMNS turns."""
    desk.put([["a", "", "c"], [], ["", "b"]])
    assert desk.values() == [["a", "", "c"], [], ["", "b"]]
    assert desk.values(majorDimension="COLUMNS") == [["a"], ["", "", "b"], ["c"]]
    assert "values" not in desk.call("GET", f"{V4}/values/D1:F9")


@pytest.mark.parametrize(
    ("asked", "told"),
    [("A1:1", "A1:Z1"), ("A1:A", "A1:A1000"), ("D4:A1", "A1:D4"), ("Sheet1", "A1:Z1000"), ("A990:B2000", "A990:B1000")],
)
def test_ranges_are_told_bounded(desk: Desk, asked: str, told: str) -> None:
    """What is open ends at the grid."""
    assert desk.call("GET", f"{V4}/values/{asked}")["range"] == f"Sheet1!{told}"


def test_reading_beyond_the_grid_is_refused(desk: Desk) -> None:
    """A range that starts off the grid is an error with the limits in it."""
    code, message = desk.refused("GET", f"{V4}/values/AA1:AB2")
    assert (code, message) == (400, "Range (Sheet1!AA1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26")


def test_writing_beyond_the_range_or_grid_is_refused(desk: Desk) -> None:
    """More values than the range holds, or a goal off the grid."""
    path = f"{V4}/values/A1:B1"
    assert "tried writing to row [2]" in desk.refused("PUT", path, {"values": [[1], [2]]}, valueInputOption="RAW")[1]
    assert (
        "tried writing to column [C]" in desk.refused("PUT", path, {"values": [[1, 2, 3]]}, valueInputOption="RAW")[1]
    )
    assert (
        "exceeds grid limits"
        in desk.refused("PUT", f"{V4}/values/Z1000", {"values": [[1], [2]]}, valueInputOption="RAW")[1]
    )
    assert "'valueInputOption' is required" in desk.refused("PUT", path, {"values": [[1]]})[1]
    assert desk.values() == []


def test_bodies_are_checked(desk: Desk) -> None:
    """Unknown names and wrong kinds are 400 with the place, in Google's words."""
    path = f"{V4}/values/A1"
    assert desk.refused("PUT", path, {"values": "A1"}, valueInputOption="RAW") == (
        400,
        "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"A1\"",
    )
    assert "Unknown name \"valuess\" at 'data'" in desk.refused("PUT", path, {"valuess": []}, valueInputOption="RAW")[1]
    assert "Invalid values[0][0]" in desk.refused("PUT", path, {"values": [[{"a": 1}]]}, valueInputOption="RAW")[1]
    assert "Cannot bind query parameter" in desk.refused("GET", path, nope="1")[1]
    assert "Invalid value at 'value_render_option'" in desk.refused("GET", path, valueRenderOption="NOPE")[1]


def test_append_finds_the_table(desk: Desk) -> None:
    """The bare tab means its last table, so a gap misleads it; a cell in a table means that one; the grid grows."""
    body: dict[str, Any] = {"values": [["a", "", "c"]]}
    first = desk.call("POST", f"{V4}/values/Sheet1:append", body, valueInputOption="RAW")
    assert "tableRange" not in first
    second = desk.call("POST", f"{V4}/values/Sheet1:append", body, valueInputOption="RAW")
    assert (second["tableRange"], second["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2:E2")
    third = desk.call("POST", f"{V4}/values/A1:append", body, valueInputOption="RAW")
    assert third["updates"]["updatedRange"] == "Sheet1!A2:C2"
    desk.put([["last"]], "A1000")
    desk.call("POST", f"{V4}/values/A1000:append", body, valueInputOption="RAW")
    assert desk.sheet()["properties"]["gridProperties"]["rowCount"] == 1001


@pytest.mark.parametrize(
    ("cells", "goal"),
    [("Sheet1", "B7"), ("B4", "B7"), ("B2:D4", "B7"), ("A3:G10", "B7"), ("A1", "A3"), ("E4", "E4"), ("A4", "A4")],
)
def test_where_appends_land(desk: Desk, cells: str, goal: str) -> None:
    """The vendor's own example: tables at A1:C2 and B4:D6; a range in no table is where the writing starts."""
    desk.put([["x", "y", "z"], ["x", "y", "z"], [], ["", "x", "y", "z"], ["", "y", "z", "x"], ["", "z", "x", "y"]])
    answer = desk.call("POST", f"{V4}/values/{cells}:append", {"values": [["new"]]}, valueInputOption="RAW")
    assert answer["updates"]["updatedRange"] == f"Sheet1!{goal}"


def test_append_may_insert_rows(desk: Desk) -> None:
    """INSERT_ROWS moves what stands below."""
    desk.put([["a"], [""], ["below"]])
    desk.call(
        "POST", f"{V4}/values/A1:append", {"values": [["b"]]}, valueInputOption="RAW", insertDataOption="INSERT_ROWS"
    )
    assert desk.values() == [["a"], ["b"], [], ["below"]]


def test_clear_keeps_formats_and_notes(desk: Desk) -> None:
    """Only content goes."""
    desk.put([["12%"]])
    desk.batch({"updateCells": {"start": {}, "rows": [{"values": [{"note": "n"}]}], "fields": "note"}})
    assert desk.call("POST", f"{V4}/values/A1:Z:clear")["clearedRange"] == "Sheet1!A1:Z1000"
    cell = desk.cell("A1")
    assert (cell["note"], cell["userEnteredFormat"]["numberFormat"]["type"], "userEnteredValue" in cell) == (
        "n",
        "PERCENT",
        False,
    )


def test_batches(desk: Desk) -> None:
    """Several ranges in one call, in order; one bad range spoils all."""
    data = [{"range": "A1:B1", "values": [[1, 2]]}, {"range": "A3", "majorDimension": "COLUMNS", "values": [[5, 6]]}]
    answer = desk.call("POST", f"{V4}/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    assert (
        answer["totalUpdatedRows"],
        answer["totalUpdatedColumns"],
        answer["totalUpdatedCells"],
        answer["totalUpdatedSheets"],
    ) == (3, 2, 4, 1)
    got = desk.call("GET", f"{V4}/values:batchGet", ranges=["A3:A4", "A1:B1"], valueRenderOption="UNFORMATTED_VALUE")
    assert [one["values"] for one in got["valueRanges"]] == [[[5], [6]], [[1, 2]]]
    bad = {"valueInputOption": "RAW", "data": [{"range": "A1", "values": [[9]]}, {"range": "Nope!A1", "values": [[9]]}]}
    assert desk.refused("POST", f"{V4}/values:batchUpdate", bad)[0] == 400
    assert desk.values("A1") == [["1"]]
    assert desk.call("POST", f"{V4}/values:batchClear", {"ranges": ["A1", "B1"]})["clearedRanges"] == [
        "Sheet1!A1",
        "Sheet1!B1",
    ]


def test_values_in_the_response(desk: Desk) -> None:
    """includeValuesInResponse tells what the cells now show."""
    path = f"{V4}/values/A1"
    answer = desk.call(
        "PUT", path, {"values": [["=1+1"]]}, valueInputOption="USER_ENTERED", includeValuesInResponse="true"
    )
    assert answer["updatedData"] == {"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [["2"]]}


def test_typing_keeps_the_kind_of_format_a_cell_has(desk: Desk) -> None:
    """A date typed into a date cell is shown in the cell's own way; text-formatted cells parse nothing."""
    look = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "d mmm yyyy"}}}
    text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    desk.batch({"updateCells": {"start": {}, "rows": [{"values": [look, text]}], "fields": "userEnteredFormat"}})
    desk.put([["2026-12-05", "2026-12-05"]])
    assert desk.values(valueRenderOption="UNFORMATTED_VALUE") == [[46361, "2026-12-05"]]
    assert desk.values() == [["5 Dec 2026", "2026-12-05"]]


def test_an_empty_checkbox_is_false(desk: Desk) -> None:
    """A BOOLEAN rule makes an empty cell an unticked box."""
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True}
    desk.batch({"setDataValidation": {"range": {"endRowIndex": 1, "endColumnIndex": 1}, "rule": rule}})
    assert desk.values() == [["FALSE"]]


def test_text_beyond_the_limit_is_refused(desk: Desk) -> None:
    """50,000 characters a cell."""
    desk.put([["x" * 50_000]])
    message = desk.refused("PUT", f"{V4}/values/A1", {"values": [["x" * 50_001]]}, valueInputOption="RAW")[1]
    assert message == "Your input contains more than the maximum of 50000 characters in a single cell."
