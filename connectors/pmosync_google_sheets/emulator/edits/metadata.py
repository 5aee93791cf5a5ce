"""Developer metadata: notes of programs on rows, columns, tabs and the spreadsheet, which move along with them."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.document import Spreadsheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.notation import read
from pmosync_google_sheets.emulator.ranges import Area, Box, area_of
from pmosync_google_sheets.emulator.refusals import invalid
from pmosync_google_sheets.emulator.shifts import ROWS

Json = dict[str, Any]
MAX_CHARACTERS = 30_000


def create_developer_metadata(draft: Draft, request: Json) -> Json:
    """createDeveloperMetadata: a chosen metadataId that exists already is refused; keys may repeat."""
    given = request.get("developerMetadata", {})
    taken = {item["metadataId"] for item in draft.document.metadata}
    number = draft.fresh(given.get("metadataId"), taken, "Developer metadata with the id")
    item = given | {"metadataId": number, "location": _location(draft, given.get("location", {}))}
    _check(draft, item)
    draft.document.metadata.append(item)
    return {"developerMetadata": item}


def _check(draft: Draft, item: Json) -> None:
    if not item.get("metadataKey"):
        raise invalid("A developer metadata key must be specified.")
    if item.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise invalid("A developer metadata visibility must be specified.")
    if (
        sum(
            len(other.get("metadataKey", "")) + len(other.get("metadataValue", ""))
            for other in (*draft.document.metadata, item)
        )
        > MAX_CHARACTERS
    ):
        raise invalid("The developer metadata of this spreadsheet is above the storage limit.")


def _location(draft: Draft, given: Json) -> Json:
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "dimensionRange" in given:
        return _dimension(draft, given["dimensionRange"])
    if "sheetId" in given:
        return {"locationType": "SHEET", "sheetId": draft.document.sheet(given["sheetId"]).id}
    raise invalid("A developer metadata location must be specified.")


def _dimension(draft: Draft, given: Json) -> Json:
    sheet = draft.document.sheet(given.get("sheetId", 0))
    start, end = given.get("startIndex", 0), given.get("endIndex", 0)
    if end - start != 1:
        raise invalid("A developer metadata location must be a single row or column.")
    rows = given.get("dimension") == ROWS
    if end > (sheet.row_count if rows else sheet.column_count):
        raise invalid("A developer metadata location must be within the grid.")
    return {
        "locationType": "ROW" if rows else "COLUMN",
        "dimensionRange": given | {"sheetId": sheet.id, "startIndex": start, "endIndex": end},
    }


def matching(document: Spreadsheet, filters: list[Json]) -> list[Json]:
    """The metadata that any of the DataFilters finds."""
    return [item for item in document.metadata if any(_found(document, item, wanted) for wanted in filters)]


def _found(document: Spreadsheet, item: Json, wanted: Json) -> bool:
    if "developerMetadataLookup" in wanted:
        return _looked_up(document, item, wanted["developerMetadataLookup"])
    area = read(document, wanted["a1Range"]) if "a1Range" in wanted else area_of(wanted.get("gridRange", {}))
    where = place(document, item["location"])
    sheet = document.sheet(area.sheet)
    return where is not None and where.sheet == area.sheet and sheet.box(area).covers(where)


def _looked_up(document: Spreadsheet, item: Json, lookup: Json) -> bool:
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and item.get(name) != lookup[name]:
            return False
    if "locationType" in lookup and item["location"]["locationType"] != lookup["locationType"]:
        return False
    return "metadataLocation" not in lookup or _located(document, item, lookup)


def _located(document: Spreadsheet, item: Json, lookup: Json) -> bool:
    wanted = lookup["metadataLocation"]
    if wanted.get("spreadsheet"):
        return (
            bool(item["location"].get("spreadsheet"))
            or lookup.get("locationMatchingStrategy") == "INTERSECTING_LOCATION"
        )
    goal, where = place(document, wanted), place(document, item["location"])
    if goal is None or where is None:
        return False
    return goal.meets(where) if lookup.get("locationMatchingStrategy") == "INTERSECTING_LOCATION" else goal == where


def place(document: Spreadsheet, location: Json) -> Box | None:
    """The cells that a metadata location means; None for the whole spreadsheet or a tab that is gone."""
    span = location.get("dimensionRange")
    sheet = (
        document.find(span.get("sheetId", 0) if span else location.get("sheetId", 0))
        if span or "sheetId" in location
        else None
    )
    if sheet is None:
        return None
    if not span:
        return sheet.whole()
    start, end = span.get("startIndex"), span.get("endIndex")
    area = Area(sheet.id, start, None, end) if span.get("dimension") == ROWS else Area(sheet.id, None, start, None, end)
    return sheet.box(area)


def update_developer_metadata(draft: Draft, request: Json) -> Json:
    """updateDeveloperMetadata: everything that the filters find."""
    given = request.get("developerMetadata", {})
    mask = update_mask(request.get("fields", ""), "DeveloperMetadata")
    changed = []
    for item in matching(draft.document, request.get("dataFilters", [])):
        new = update(item, given, mask) | {"metadataId": item["metadataId"]}
        new["location"] = _location(draft, new["location"]) if "location" in mask or not mask else item["location"]
        draft.document.metadata[draft.document.metadata.index(item)] = new
        changed.append(new)
    return {"developerMetadata": changed}


def delete_developer_metadata(draft: Draft, request: Json) -> Json:
    """deleteDeveloperMetadata: everything that the filter finds."""
    gone = matching(draft.document, [request.get("dataFilter", {})])
    draft.document.metadata = [item for item in draft.document.metadata if item not in gone]
    return {"deletedDeveloperMetadata": gone}


EDITS = {
    "createDeveloperMetadata": create_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
}
