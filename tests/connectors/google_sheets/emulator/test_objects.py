"""Named, protected and merged ranges, conditional formats, banding, filters, metadata, charts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from pmosync_google_sheets.emulator import SERVICE_ACCOUNT, Refusal

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

Json = dict[str, Any]
AREA = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
TOLD = {name: value for name, value in AREA.items() if name != "sheetId"}
DOWN = {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
RED = {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": "R"}]}


def rule(kind: Json = RED) -> Json:
    """A conditional format of the area."""
    return {"ranges": [AREA], "booleanRule": {"condition": kind, "format": {"backgroundColor": {"red": 1}}}}


def test_named_ranges(desk: Desk) -> None:
    """Unique names, chosen ids; they follow insertions and can be read by name."""
    desk.put([["x"]], "A2")
    desk.batch({"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "Codes", "range": AREA}}}, DOWN)
    assert desk.call("GET", "/v4/spreadsheets/demo", fields="namedRanges")["namedRanges"] == [
        {"namedRangeId": "n1", "name": "Codes", "range": TOLD | {"startRowIndex": 2, "endRowIndex": 6}}
    ]
    assert desk.call("GET", "/v4/spreadsheets/demo/values/Codes")["range"] == "Sheet1!A3:B6"
    assert "already exists" in desk.batch_refused({"addNamedRange": {"namedRange": {"name": "codes", "range": AREA}}})
    assert "already exists" in desk.batch_refused(
        {"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "x", "range": AREA}}}
    )
    assert "invalid" in desk.batch_refused({"addNamedRange": {"namedRange": {"name": "A1", "range": AREA}}})
    desk.batch({"deleteNamedRange": {"namedRangeId": "n1"}})
    assert "Cannot find" in desk.batch_refused({"deleteNamedRange": {"namedRangeId": "n1"}})


def test_merges(desk: Desk) -> None:
    """The first filled cell's content stays; half of a merge can be neither merged nor unmerged."""
    desk.put([["", "b"], ["c", ""]], "A2")
    desk.batch({"mergeCells": {"range": AREA, "mergeType": "MERGE_ALL"}})
    assert desk.sheet()["merges"] == [TOLD]
    assert desk.values() == [[], ["b"]]
    half = AREA | {"endRowIndex": 2}
    assert "select all cells" in desk.batch_refused({"unmergeCells": {"range": half}})
    assert "select all cells" in desk.batch_refused({"mergeCells": {"range": half, "mergeType": "MERGE_ALL"}})
    desk.batch({"unmergeCells": {"range": AREA | {"endRowIndex": 9}}})
    assert "merges" not in desk.sheet()


def test_protection_is_enforced_against_the_caller(desk: Desk) -> None:
    """Who is no editor can neither write, sort, delete nor unprotect; unprotected parts and the owner stay free."""
    free = AREA | {"startColumnIndex": 1}
    protected = {
        "protectedRangeId": 3,
        "range": AREA,
        "unprotectedRanges": [free],
        "editors": {"users": ["li@example.com"]},
    }
    desk.batch({"addProtectedRange": {"protectedRange": protected}})
    person = desk.emulator.person(email=SERVICE_ACCOUNT)
    person.type("A1", "free")
    person.type("B2", "free")
    attempts: tuple[Callable[[], None], ...] = (
        lambda: person.type("A2", "no"),
        lambda: person.sort("Sheet1", 0),
        lambda: person.delete_rows("Sheet1", 1),
        lambda: person.edit({"deleteProtectedRange": {"protectedRangeId": 3}}),
        lambda: person.edit({"updateCells": {"range": AREA, "fields": "userEnteredValue"}}),
        lambda: person.clear("A1:A9"),
        lambda: person.delete_tab("Sheet1"),
    )
    for attempt in attempts:
        with pytest.raises(Refusal, match="You are trying to edit a protected cell or object"):
            attempt()
    desk.emulator.person().type("A2", "the owner may")
    assert desk.values() == [["free"], ["the owner may", "free"]]


def test_editors_are_told_to_editors_only(desk: Desk) -> None:
    """The reply repeats what was asked; later reads name the owner among the editors, to those who may edit."""
    (reply,) = desk.batch({"addProtectedRange": {"protectedRange": {"range": AREA, "editors": {"users": []}}}})
    assert reply["addProtectedRange"]["protectedRange"]["editors"] == {}
    (shown,) = desk.sheet()["protectedRanges"]
    assert (shown["editors"], shown["requestingUserCanEdit"]) == ({"users": ["admin@emulator.test"]}, True)


def test_warnings_stop_nobody(desk: Desk) -> None:
    """warningOnly protects against nothing a program does."""
    desk.batch({"addProtectedRange": {"protectedRange": {"range": AREA, "warningOnly": True}}})
    desk.emulator.person(email=SERVICE_ACCOUNT).type("A2", "x")
    assert desk.values("A2") == [["x"]]


def test_conditional_formats_are_known_by_place(desk: Desk) -> None:
    """Added before an index, replaced, moved and deleted by it; the replies tell the old ones."""
    second = rule({"type": "BLANK"})
    desk.batch(
        {"addConditionalFormatRule": {"rule": rule(), "index": 0}},
        {"addConditionalFormatRule": {"rule": second, "index": 1}},
    )
    kinds = [item["booleanRule"]["condition"]["type"] for item in desk.sheet()["conditionalFormats"]]
    assert kinds == ["TEXT_STARTS_WITH", "BLANK"]
    (moved,) = desk.batch({"updateConditionalFormatRule": {"sheetId": 0, "index": 1, "newIndex": 0}})
    assert moved["updateConditionalFormatRule"]["oldIndex"] == 1
    (gone,) = desk.batch({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})
    assert gone["deleteConditionalFormatRule"]["rule"]["booleanRule"]["condition"] == {"type": "BLANK"}
    (left,) = desk.sheet()["conditionalFormats"]
    assert left["booleanRule"]["format"] == {
        "backgroundColor": {"red": 1},
        "backgroundColorStyle": {"rgbColor": {"red": 1}},
    }


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            {"addConditionalFormatRule": {"rule": rule({"type": "ONE_OF_LIST"})}},
            "not supported for conditional formatting",
        ),
        ({"addConditionalFormatRule": {"rule": rule(), "index": 2}}, "Cannot add a conditional format at index: 2"),
        ({"addConditionalFormatRule": {"rule": {"ranges": []}}}, "must not be empty"),
        ({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}}, "No conditional format on sheet: 0 at index: 0"),
        ({"deleteProtectedRange": {"protectedRangeId": 9}}, "No protected range with id: 9"),
        ({"deleteBanding": {"bandedRangeId": 9}}, "No banding found with id: 9"),
        ({"deleteFilterView": {"filterId": 9}}, "No filter view with id: 9"),
        ({"deleteEmbeddedObject": {"objectId": 9}}, "No embedded object with id: 9"),
        (
            {
                "createDeveloperMetadata": {
                    "developerMetadata": {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
                }
            },
            "key must be specified",
        ),
        (
            {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "k", "location": {"spreadsheet": True}}}},
            "visibility must be specified",
        ),
        ({"addChart": {"chart": {"spec": {"title": "x"}, "position": {"newSheet": True}}}}, "exactly one chart"),
    ],
)
def test_refusals(desk: Desk, edit: Json, message: str) -> None:
    """What does not exist or does not fit is refused."""
    assert message in desk.batch_refused(edit)


def test_banding_may_not_overlap(desk: Desk) -> None:
    """One banding a cell; ids may be chosen once; colours get their styles."""
    banding = {"bandedRangeId": 4, "range": AREA, "rowProperties": {"firstBandColor": {"blue": 1}}}
    desk.batch({"addBanding": {"bandedRange": banding}})
    assert "already has alternating" in desk.batch_refused(
        {"addBanding": {"bandedRange": banding | {"bandedRangeId": 5}}}
    )
    assert "already exists" in desk.batch_refused({"addBanding": {"bandedRange": banding}})
    desk.batch(
        {
            "updateBanding": {
                "bandedRange": {"bandedRangeId": 4, "rowProperties": {"secondBandColor": {"red": 1}}},
                "fields": "rowProperties.secondBandColor",
            }
        }
    )
    (shown,) = desk.sheet()["bandedRanges"]
    assert shown["rowProperties"]["secondBandColorStyle"] == {"rgbColor": {"red": 1}}
    assert shown["rowProperties"]["firstBandColor"] == {"blue": 1}


def test_filters(desk: Desk) -> None:
    """A basic filter is filled to the grid and sorts; views have unique titles and chosen ids."""
    desk.put([["head"], ["b"], ["a"]])
    desk.batch(
        {
            "setBasicFilter": {
                "filter": {
                    "range": {"sheetId": 0, "endColumnIndex": 1},
                    "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}],
                }
            }
        }
    )
    assert desk.values() == [["head"], ["a"], ["b"]]
    assert desk.sheet()["basicFilter"]["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 1000,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    desk.batch({"clearBasicFilter": {"sheetId": 0}})
    criteria = {"0": {"condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "a"}]}}}
    view = {"filterViewId": 6, "title": "red", "range": AREA, "criteria": criteria}
    desk.batch({"addFilterView": {"filter": view}}, {"duplicateFilterView": {"filterId": 6}})
    assert "already exists" in desk.batch_refused({"addFilterView": {"filter": view}})
    assert "already exists" in desk.batch_refused({"addFilterView": {"filter": view | {"filterViewId": 9}}})
    desk.batch({"updateFilterView": {"filter": {"filterViewId": 6, "title": "rot"}, "fields": "title"}})
    first, second = desk.sheet()["filterViews"]
    assert (first["title"], second["title"], first["criteria"]) == ("rot", "Copy of red", criteria)
    assert first["filterSpecs"][0]["filterCriteria"] == criteria["0"]


def test_metadata_moves_with_its_row_and_is_found(desk: Desk) -> None:
    """On columns, tabs and the spreadsheet; follows insertions; goes with its row; filters find it and its cells."""

    def note(number: int, location: Json) -> Json:
        item = {
            "metadataId": number,
            "metadataKey": "pm",
            "metadataValue": str(number),
            "visibility": "DOCUMENT",
            "location": location,
        }
        return {"createDeveloperMetadata": {"developerMetadata": item}}

    row = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}}
    column = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
    desk.batch(note(1, {"spreadsheet": True}), note(2, {"sheetId": 0}), note(3, row), note(4, column))
    assert "already exists" in desk.batch_refused(note(3, row))
    desk.put([["", "found"]], "A4")
    desk.batch(DOWN)
    told = desk.call("GET", "/v4/spreadsheets/demo/developerMetadata/3")
    assert told["location"] == {
        "locationType": "ROW",
        "dimensionRange": {"dimension": "ROWS", "startIndex": 4, "endIndex": 5},
    }
    search = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "pm", "locationType": "COLUMN"}}]}
    (match,) = desk.call("POST", "/v4/spreadsheets/demo/developerMetadata:search", search)["matchedDeveloperMetadata"]
    assert match["developerMetadata"]["metadataId"] == 4
    by_row = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 3}}], "valueRenderOption": "UNFORMATTED_VALUE"}
    (got,) = desk.call("POST", "/v4/spreadsheets/demo/values:batchGetByDataFilter", by_row)["valueRanges"]
    assert got["valueRange"]["values"] == [["", "found"]]
    whole = desk.call("GET", "/v4/spreadsheets/demo", includeGridData="true")
    assert [item["metadataId"] for item in whole["developerMetadata"]] == [1]
    (on_tab,) = whole["sheets"][0]["developerMetadata"]
    assert (on_tab["metadataId"], on_tab["location"]) == (2, {"locationType": "SHEET", "sheetId": 0})
    assert whole["sheets"][0]["data"][0]["rowMetadata"][4]["developerMetadata"][0]["metadataId"] == 3
    desk.emulator.person().delete_rows("Sheet1", 4)
    assert desk.refused("GET", "/v4/spreadsheets/demo/developerMetadata/3")[0] == 404
    lookup = {"developerMetadataLookup": {"metadataKey": "pm"}}
    desk.batch(
        {
            "updateDeveloperMetadata": {
                "dataFilters": [lookup],
                "developerMetadata": {"metadataValue": "new"},
                "fields": "metadataValue",
            }
        }
    )
    (gone,) = desk.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    assert {item["metadataValue"] for item in gone["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]} == {"new"}


def test_charts(desk: Desk) -> None:
    """Chosen ids, places, specs; sources follow insertions."""
    series = {"series": {"sourceRange": {"sources": [AREA]}}, "targetAxis": "LEFT_AXIS"}
    spec = {"title": "Slip", "basicChart": {"chartType": "LINE", "series": [series]}}
    position = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 2, "columnIndex": 3}}}
    (reply,) = desk.batch({"addChart": {"chart": {"chartId": 11, "spec": spec, "position": position}}})
    overlay = reply["addChart"]["chart"]["position"]["overlayPosition"]
    assert (overlay["anchorCell"], overlay["widthPixels"]) == ({"rowIndex": 2, "columnIndex": 3}, 600)
    assert "already exists" in desk.batch_refused(
        {"addChart": {"chart": {"chartId": 11, "spec": spec, "position": position}}}
    )
    desk.batch(DOWN)
    (chart,) = desk.sheet()["charts"]
    assert chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]["startRowIndex"] == 2
    desk.batch(
        {"updateChartSpec": {"chartId": 11, "spec": spec | {"title": "New"}}},
        {
            "updateEmbeddedObjectPosition": {
                "objectId": 11,
                "newPosition": {"overlayPosition": {"widthPixels": 300}},
                "fields": "widthPixels",
            }
        },
    )
    (chart,) = desk.sheet()["charts"]
    assert (chart["spec"]["title"], chart["position"]["overlayPosition"]["widthPixels"]) == ("New", 300)
    assert chart["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 3, "columnIndex": 3}
    desk.batch({"deleteEmbeddedObject": {"objectId": 11}})
    assert "charts" not in desk.sheet()
