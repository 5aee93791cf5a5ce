"""Requests of batchUpdate that write cells, tabs and dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

Json = dict[str, Any]


def text(value: str) -> Json:
    """A CellData of text."""
    return {"userEnteredValue": {"stringValue": value}}


def block(top: int, left: int, bottom: int, right: int, sheet: int = 0) -> Json:
    """A GridRange."""
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "startColumnIndex": left,
        "endRowIndex": bottom,
        "endColumnIndex": right,
    }


def rows(start: int, end: int, dimension: str = "ROWS") -> Json:
    """A DimensionRange on the first tab."""
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


def test_all_or_nothing(desk: Desk) -> None:
    """The third request fails: nothing of the first two is left, and the error names it."""
    write = {"updateCells": {"start": {}, "rows": [{"values": [text("x")]}], "fields": "userEnteredValue"}}
    message = desk.batch_refused(write, {"addSheet": {"properties": {"title": "T"}}}, {"deleteSheet": {"sheetId": 99}})
    assert message == "Invalid requests[2].deleteSheet: No sheet with id: 99"
    assert desk.values() == []
    assert desk.emulator.person().tabs() == ["Sheet1"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({}, "Invalid requests[0]: No request set."),
        (
            {"updateCellz": {}},
            "Invalid JSON payload received. Unknown name \"updateCellz\" at 'requests[0]': Cannot find field.",
        ),
        (
            {"updateCells": {"range": {"sheetID": 1}, "fields": "*"}},
            "Invalid JSON payload received. Unknown name \"sheetID\" at 'requests[0].update_cells.range': Cannot find field.",
        ),
        (
            {"updateCells": {"range": {"sheetId": "x"}}},
            "Invalid value at 'requests[0].update_cells.range.sheet_id' (TYPE_INT32), \"x\"",
        ),
        ({"updateCells": {"range": {}}}, "At least one field must be listed in 'fields'"),
        ({"updateCells": {"fields": "note"}}, "Exactly one of 'range' or 'start'"),
        ({"updateCells": {"range": {}, "fields": "nope"}}, "Invalid field: nope"),
        ({"updateCells": {"range": block(0, 0, 1001, 1), "fields": "note"}}, "exceeds grid limits"),
        (
            {"updateCells": {"range": block(0, 0, 1, 1), "rows": [{}, {}], "fields": "note"}},
            "Attempting to write row: 1, beyond the last requested row of: 0",
        ),
        (
            {"updateCells": {"range": block(0, 0, 1, 1), "rows": [{"values": [{}, {}]}], "fields": "note"}},
            "Attempting to write column: 1",
        ),
        (
            {"updateCells": {"start": {"rowIndex": 1000}, "rows": [{"values": [{}]}], "fields": "note"}},
            "exceeds grid limits",
        ),
        ({"addSheet": {}, "deleteSheet": {}}, "oneof"),
        ({"addSheet": {"properties": {"sheetId": 0}}}, "A sheet with the id 0 already exists."),
        (
            {"addSheet": {"properties": {"title": "sheet1"}}},
            'A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
        (
            {"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}},
            "You can't hide all the sheets in a document.",
        ),
        (
            {
                "updateSheetProperties": {
                    "properties": {"gridProperties": {"frozenRowCount": 1000}},
                    "fields": "gridProperties.frozenRowCount",
                }
            },
            "You can't freeze all visible rows on the sheet.",
        ),
        ({"insertDimension": {"range": rows(1000, 1001)}}, "must be less than the grid size (1000)"),
        ({"insertDimension": {"range": rows(0, 1), "inheritFromBefore": True}}, "inheritFromBefore cannot be true"),
        ({"deleteDimension": {"range": rows(0, 1000)}}, "You can't delete all the rows on the sheet."),
        (
            {"deleteDimension": {"range": rows(999, 1001)}},
            "Tried to delete row index 1000 but there are only 1000 rows.",
        ),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}},
            "above the limit of 10000000 cells",
        ),
        (
            {"moveDimension": {"source": rows(1, 4), "destinationIndex": 2}},
            "destinationIndex cannot be within the source range.",
        ),
        ({"deleteDimensionGroup": {"range": rows(1, 4)}}, "there is no group over the specified range"),
        ({"updateDimensionProperties": {"range": rows(0, 1), "properties": {}}}, "At least one field"),
    ],
)
def test_refusals(desk: Desk, edit: Json, message: str) -> None:
    """What Google refuses is refused, in its words, and changes nothing."""
    before = desk.call("GET", "/v4/spreadsheets/demo", includeGridData="true")
    assert message in desk.batch_refused(edit)
    assert desk.call("GET", "/v4/spreadsheets/demo", includeGridData="true") == before


def test_update_cells_clears_what_rows_do_not_cover(desk: Desk) -> None:
    """Within the range, uncovered cells lose the masked fields and keep the others."""
    desk.put([["a", "b", "out"], ["c", "12%", "out"], ["below"]])
    desk.batch(
        {"updateCells": {"range": block(0, 0, 2, 2), "rows": [{"values": [text("=A")]}], "fields": "userEnteredValue"}}
    )
    assert desk.values() == [["=A", "", "out"], ["", "", "out"], ["below"]]
    assert desk.cell("B2")["userEnteredFormat"]["numberFormat"]["type"] == "PERCENT"


def test_update_cells_from_start_clears_nothing_else(desk: Desk) -> None:
    """Only given cells are written."""
    desk.put([["a", "b"], ["c", "d"]])
    desk.batch(
        {"updateCells": {"start": {"rowIndex": 1}, "rows": [{"values": [text("new")]}], "fields": "userEnteredValue"}}
    )
    assert desk.values() == [["a", "b"], ["new", "d"]]


def test_kinds_of_value(desk: Desk) -> None:
    """Text is never parsed, all else is typed; each comes back as it went in, with what it is worth."""
    given: list[Json] = [
        {"stringValue": "=1+1"},
        {"numberValue": 46361},
        {"boolValue": False},
        {"formulaValue": "=B1+1"},
        {"formulaValue": "=1/0"},
    ]
    desk.batch(
        {
            "updateCells": {
                "start": {},
                "rows": [{"values": [{"userEnteredValue": value} for value in given]}],
                "fields": "userEnteredValue",
            }
        }
    )
    fields = "sheets.data.rowData.values(userEnteredValue,effectiveValue,formattedValue)"
    cells = desk.call("GET", "/v4/spreadsheets/demo", fields=fields)["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [cell["userEnteredValue"] for cell in cells] == given
    assert [cell["formattedValue"] for cell in cells] == ["=1+1", "46361", "FALSE", "46362", "#DIV/0!"]
    assert cells[3]["effectiveValue"] == {"numberValue": 46362}
    assert cells[4]["effectiveValue"] == {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": "Division by zero."}}
    refused = {
        "updateCells": {
            "start": {},
            "rows": [{"values": [{"userEnteredValue": {"errorValue": {"type": "REF"}}}]}],
            "fields": "*",
        }
    }
    assert "ErrorValues cannot be set." in desk.batch_refused(refused)


def test_formats_come_back_as_the_api_stores_them(desk: Desk) -> None:
    """Colours are float32, zeros vanish, each has its style; a new link brings colour and underline."""
    look = {
        "backgroundColor": {"red": 1, "green": 0, "blue": 127 / 255},
        "textFormat": {"bold": True, "foregroundColorStyle": {"themeColor": "ACCENT1"}},
    }
    desk.batch(
        {
            "repeatCell": {
                "range": block(0, 0, 1, 1),
                "cell": {"userEnteredFormat": look},
                "fields": "userEnteredFormat(backgroundColor,textFormat)",
            }
        }
    )
    stored = desk.cell("A1", "userEnteredFormat")["userEnteredFormat"]
    assert stored["backgroundColor"] == {"red": 1, "blue": 0.49803922}
    assert stored["backgroundColorStyle"] == {"rgbColor": {"red": 1, "blue": 0.49803922}}
    assert stored["textFormat"]["foregroundColor"]["blue"] == 0.95686275
    link = {
        "userEnteredValue": {"stringValue": "x"},
        "userEnteredFormat": {"textFormat": {"link": {"uri": "https://a.example"}}},
    }
    fields = "userEnteredValue,userEnteredFormat.textFormat.link"
    desk.batch({"updateCells": {"start": {"columnIndex": 1}, "rows": [{"values": [link]}], "fields": fields}})
    cell = desk.cell("B1")
    assert cell["hyperlink"] == "https://a.example"
    assert cell["userEnteredFormat"]["textFormat"]["underline"] is True
    assert cell["userEnteredFormat"]["textFormat"]["foregroundColorStyle"] == {"themeColor": "LINK"}


def test_a_style_that_says_nothing_unsets_the_colour(desk: Desk) -> None:
    """A null colour clears the tab's."""
    for style, told in (({"rgbColor": {"red": 1}}, {"red": 1}), ({"rgbColor": None}, None), ({"rgbColor": {}}, {})):
        edit = {
            "updateSheetProperties": {"properties": {"sheetId": 0, "tabColorStyle": style}, "fields": "tabColorStyle"}
        }
        desk.batch(edit)
        assert desk.sheet()["properties"].get("tabColor") == told


def test_repeat_cell_moves_relative_references(desk: Desk) -> None:
    """Each cell's formula is a copy of the first one's."""
    desk.put([[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*10"}}
    desk.batch({"repeatCell": {"range": block(0, 1, 3, 2), "cell": cell, "fields": "userEnteredValue"}})
    assert desk.values("B1:B3") == [["10"], ["20"], ["30"]]


def test_append_cells_grows_the_grid(desk: Desk) -> None:
    """Behind the last row with data."""
    desk.put([["x"]], "C999")
    desk.batch(
        {
            "appendCells": {
                "sheetId": 0,
                "rows": [{"values": [text("a")]}, {"values": [text("b")]}],
                "fields": "userEnteredValue",
            }
        }
    )
    assert desk.values("A1000:A1001") == [["a"], ["b"]]


def test_tabs(desk: Desk) -> None:
    """Chosen ids, places, colours; moving to the right counts the tab itself; copies have objects of their own."""
    (reply,) = desk.batch(
        {
            "addSheet": {
                "properties": {
                    "sheetId": 7,
                    "title": "里程碑",
                    "index": 0,
                    "tabColor": {"red": 1},
                    "gridProperties": {"rowCount": 5, "columnCount": 3, "frozenRowCount": 1},
                }
            }
        }
    )
    assert reply["addSheet"]["properties"] == {
        "sheetId": 7,
        "title": "里程碑",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 5, "columnCount": 3, "frozenRowCount": 1},
        "tabColor": {"red": 1},
        "tabColorStyle": {"rgbColor": {"red": 1}},
    }
    desk.batch(
        {"addNamedRange": {"namedRange": {"name": "N", "range": {"sheetId": 7}}}},
        {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": {"sheetId": 7}}}},
    )
    desk.batch({"updateSheetProperties": {"properties": {"sheetId": 7, "index": 2}, "fields": "index"}})
    assert desk.emulator.person().tabs() == ["Sheet1", "里程碑"]
    (reply,) = desk.batch(
        {"duplicateSheet": {"sourceSheetId": 7, "newSheetId": 8, "newSheetName": "Copy", "insertSheetIndex": 1}}
    )
    assert reply["duplicateSheet"]["properties"]["index"] == 1
    (protection,) = desk.sheet(8)["protectedRanges"]
    assert protection["protectedRangeId"] != 5
    assert protection["range"] == {"sheetId": 8}
    desk.batch({"deleteSheet": {"sheetId": 7}})
    assert "namedRanges" not in desk.call("GET", "/v4/spreadsheets/demo")


def test_spreadsheet_properties(desk: Desk) -> None:
    """Title, locale and time zone; the title is the file's name."""
    edit = {
        "updateSpreadsheetProperties": {
            "properties": {"title": "计划", "locale": "zh_CN", "timeZone": "Asia/Shanghai"},
            "fields": "title,locale,timeZone",
        }
    }
    desk.batch(edit)
    properties = desk.call("GET", "/v4/spreadsheets/demo", fields="properties(title,locale,timeZone)")["properties"]
    assert properties == {"title": "计划", "locale": "zh_CN", "timeZone": "Asia/Shanghai"}
    assert desk.call("GET", "/drive/v3/files/demo")["name"] == "计划"


def test_shrinking_cuts_and_growing_adds(desk: Desk) -> None:
    """Rows beyond a smaller grid are lost; formulas to them break."""
    desk.put([["=A5"], [], [], [], ["x"]])
    size = {
        "properties": {"gridProperties": {"rowCount": 3, "columnCount": 2}},
        "fields": "gridProperties(rowCount,columnCount)",
    }
    desk.batch({"updateSheetProperties": size})
    assert desk.sheet()["properties"]["gridProperties"] == {"rowCount": 3, "columnCount": 2}
    assert desk.values(valueRenderOption="FORMULA") == [["=#REF!"]]


def test_inserted_rows_look_like_their_neighbours_and_formulas_follow(desk: Desk) -> None:
    """inheritFromBefore takes the formats above; references move over tabs."""
    desk.put([["a", "12%"], ["b", "=A2"]])
    desk.batch({"addSheet": {"properties": {"sheetId": 7, "title": "My tab"}}})
    desk.put([["=Sheet1!A2"]], "'My tab'!A1")
    desk.batch({"insertDimension": {"range": rows(1, 3), "inheritFromBefore": True}})
    assert desk.values(valueRenderOption="FORMULA") == [["a", 0.12], [], [], ["b", "=A4"]]
    assert desk.values("'My tab'!A1") == [["b"]]
    assert desk.cell("B2")["userEnteredFormat"]["numberFormat"]["pattern"] == "0%"
    desk.batch({"deleteDimension": {"range": rows(3, 4)}})
    assert desk.values("'My tab'!A1", valueRenderOption="FORMULA") == [["=Sheet1!#REF!"]]
    desk.batch({"updateSheetProperties": {"properties": {"title": "New name"}, "fields": "title"}})
    assert desk.values("'My tab'!A1", valueRenderOption="FORMULA") == [["='New name'!#REF!"]]


def test_columns_move(desk: Desk) -> None:
    """The destination counts in the order before the move."""
    desk.put([["a", "b", "c", "=A1&B1"]])
    desk.batch({"moveDimension": {"source": rows(0, 1, "COLUMNS"), "destinationIndex": 3}})
    assert desk.values() == [["b", "c", "a", "ab"]]
    assert desk.values("D1", valueRenderOption="FORMULA") == [["=C1&A1"]]


def test_sizes_and_hiding(desk: Desk) -> None:
    """Pixel sizes and hidden rows stand in the metadata of the dimension and move with it."""
    desk.put([["x" * 100]])
    desk.batch(
        {
            "updateDimensionProperties": {
                "range": rows(1, 2, "COLUMNS"),
                "properties": {"pixelSize": 33},
                "fields": "pixelSize",
            }
        },
        {
            "updateDimensionProperties": {
                "range": rows(0, 1),
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        {"autoResizeDimensions": {"dimensions": rows(0, 1, "COLUMNS")}},
        {"insertDimension": {"range": rows(1, 2, "COLUMNS")}},
    )
    (data,) = desk.sheet(fields="sheets(properties.sheetId,data(rowMetadata,columnMetadata))")["data"]
    assert data["rowMetadata"][0] == {"pixelSize": 21, "hiddenByUser": True}
    assert [column["pixelSize"] for column in data["columnMetadata"][1:4]] == [33, 33, 100]
    assert data["columnMetadata"][0]["pixelSize"] > 500


def test_groups_nest_collapse_and_go(desk: Desk) -> None:
    """A group inside a group is one deeper; collapsing hides; deleting goes up one level."""
    (outer,) = desk.batch({"addDimensionGroup": {"range": rows(2, 8, "COLUMNS")}})
    assert outer["addDimensionGroup"]["dimensionGroups"] == [
        {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 8}, "depth": 1}
    ]
    desk.batch({"addDimensionGroup": {"range": rows(4, 6, "COLUMNS")}})
    desk.batch(
        {
            "updateDimensionGroup": {
                "dimensionGroup": {"range": rows(4, 6, "COLUMNS"), "depth": 2, "collapsed": True},
                "fields": "collapsed",
            }
        }
    )
    groups = desk.sheet()["columnGroups"]
    assert [(group["depth"], group.get("collapsed")) for group in groups] == [(1, None), (2, True)]
    desk.batch({"deleteDimensionGroup": {"range": rows(2, 8, "COLUMNS")}})
    (left,) = desk.sheet()["columnGroups"]
    assert (left["range"]["startIndex"], left["range"]["endIndex"], left["depth"]) == (4, 6, 1)


def test_copy_cut_and_sort(desk: Desk) -> None:
    """Copies repeat and shift references; cuts are followed; sorting keeps blanks last and equal rows in order."""
    desk.put([["b", "=A1&1"], ["a", "=A2&1"], ["", "x"]])
    desk.batch(
        {"copyPaste": {"source": block(0, 1, 1, 2), "destination": block(0, 3, 2, 5), "pasteType": "PASTE_NORMAL"}}
    )
    assert desk.values("D1:E2", valueRenderOption="FORMULA") == [["=C1&1", "=D1&1"], ["=C2&1", "=D2&1"]]
    desk.batch(
        {
            "copyPaste": {
                "source": block(0, 1, 2, 2),
                "destination": block(0, 6, 1, 7),
                "pasteType": "PASTE_VALUES",
                "pasteOrientation": "TRANSPOSE",
            }
        }
    )
    assert desk.values("G1:H1", valueRenderOption="FORMULA") == [["b1", "a1"]]
    desk.batch(
        {"sortRange": {"range": block(0, 0, 3, 2), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}
    )
    assert desk.values("A1:B3", valueRenderOption="FORMULA") == [["a", "=A1&1"], ["b", "=A2&1"], ["", "x"]]
    desk.batch(
        {
            "cutPaste": {
                "source": block(0, 0, 1, 1),
                "destination": {"rowIndex": 9, "columnIndex": 9},
                "pasteType": "PASTE_NORMAL",
            }
        }
    )
    assert desk.values("B1", valueRenderOption="FORMULA") == [["=J10&1"]]
    assert desk.values("J10") == [["a"]]


def test_find_and_replace(desk: Desk) -> None:
    """Counts as Google counts; formulas only when asked; expressions know groups."""
    desk.put([["cat", "Cat cat", '=LEN("cat")'], ["dog"]])
    (reply,) = desk.batch({"findReplace": {"find": "cat", "replacement": "cow", "allSheets": True}})
    assert reply["findReplace"] == {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 3}
    desk.batch({"findReplace": {"find": "(d)(o)g", "replacement": "$2$1", "searchByRegex": True, "sheetId": 0}})
    desk.batch(
        {
            "findReplace": {
                "find": "LEN",
                "replacement": "UPPER",
                "includeFormulas": True,
                "matchCase": True,
                "range": block(0, 2, 1, 3),
            }
        }
    )
    assert desk.values() == [["cow", "cow cow", "CAT"], ["od"]]


def test_validation_rules(desk: Desk) -> None:
    """Rules stand in the cells and go when set without one."""
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "红"}, {"userEnteredValue": "绿"}]},
        "strict": True,
        "showCustomUi": True,
    }
    desk.batch({"setDataValidation": {"range": block(1, 0, 4, 1), "rule": rule}})
    assert desk.cell("A2", "dataValidation") == {"dataValidation": rule}
    desk.batch({"setDataValidation": {"range": block(1, 0, 4, 1)}})
    assert desk.cell("A2") == {}


def test_get_tells_ranges_and_sheets_asked_for(desk: Desk) -> None:
    """With ranges only their tabs are told, each with its data; the mask decides whether cells are told."""
    desk.batch({"addSheet": {"properties": {"sheetId": 7, "title": "T"}}})
    desk.put([["a", "b"], ["c", "d"]], "T!A1")
    answer = desk.call("GET", "/v4/spreadsheets/demo", ranges=["T!B2:C9"], includeGridData="true")
    (sheet,) = answer["sheets"]
    (data,) = sheet["data"]
    assert (data["startRow"], data["startColumn"]) == (1, 1)
    assert [cell["formattedValue"] for cell in data["rowData"][0]["values"]] == ["d"]
    assert len(data["rowMetadata"]) == 8
    assert "data" not in desk.call("GET", "/v4/spreadsheets/demo")["sheets"][0]


def test_the_spreadsheet_may_come_with_the_reply(desk: Desk) -> None:
    """includeSpreadsheetInResponse tells the state after the edit."""
    body = {"requests": [{"addSheet": {"properties": {"title": "T"}}}], "includeSpreadsheetInResponse": True}
    answer = desk.call("POST", "/v4/spreadsheets/demo:batchUpdate", body)
    assert [sheet["properties"]["title"] for sheet in answer["updatedSpreadsheet"]["sheets"]] == ["Sheet1", "T"]
