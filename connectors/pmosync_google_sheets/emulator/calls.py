"""The Sheets calls: each takes an Ask and returns the answer's JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from pmosync_google_sheets.emulator import answers, values
from pmosync_google_sheets.emulator.answers import Wish
from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.contract import accept, accept_query
from pmosync_google_sheets.emulator.document import Spreadsheet, resize
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.edits import carry_out
from pmosync_google_sheets.emulator.edits.metadata import matching, place
from pmosync_google_sheets.emulator.edits.tabs import add_sheet, properties
from pmosync_google_sheets.emulator.library import Caller, Library
from pmosync_google_sheets.emulator.looks import told
from pmosync_google_sheets.emulator.masks import response_mask, select
from pmosync_google_sheets.emulator.notation import read
from pmosync_google_sheets.emulator.ranges import Area, a1, area_of
from pmosync_google_sheets.emulator.refusals import absent, forbidden, invalid
from pmosync_google_sheets.emulator.restructure import retarget

Json = dict[str, Any]


class Ask(Struct):
    """One call: who, on what (``path`` has the address's variable parts), with what query and body."""

    library: Library
    caller: Caller
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Any = None

    def typed_query(self, method: str) -> Json:
        """The query by the method's contract."""
        return accept_query(method, self.query)

    def accepted(self, schema: str, root: str = "") -> Json:
        """The body by its schema."""
        return accept("sheets.v4", schema, self.body, root)  # type: ignore[no-any-return]

    def opened(self) -> tuple[Spreadsheet, Calculation, Draft]:
        """The spreadsheet to read, its values, and a draft that knows the caller."""
        file, document = self.library.open(self.path["id"], self.caller)
        return document, self.library.calculation(file, document), self.library.draft(file, document, self.caller)


Call = Callable[[Ask], Json]


def create(ask: Ask) -> Json:
    """spreadsheets.create: with the tabs of the body, or one."""
    given = ask.accepted("Spreadsheet", "spreadsheet")
    if not ask.library.may_own(ask.caller):
        raise forbidden()
    file = ask.library.create(given.get("properties", {}).get("title") or "Untitled spreadsheet", ask.caller.email)
    with ask.library.edit(file.id, ask.caller) as draft:
        draft.document.properties |= given.get("properties", {})
        draft.document.properties["title"] = file.name
        if given.get("sheets"):
            draft.document.sheets = []
            for sheet in given["sheets"]:
                add_sheet(draft, {"properties": sheet.get("properties", {})})
    ask.path["id"] = file.id
    _, calculation, reader = ask.opened()
    return answers.spreadsheet(reader, calculation, Wish())


def get(ask: Ask) -> Json:
    """spreadsheets.get."""
    query = ask.typed_query("spreadsheets.get")
    document, calculation, reader = ask.opened()
    areas = tuple(read(document, text) for text in query.get("ranges", ()))
    return _told(ask, reader, calculation, areas, bool(query.get("includeGridData")))


def get_by_data_filter(ask: Ask) -> Json:
    """spreadsheets.getByDataFilter."""
    body = ask.accepted("GetSpreadsheetByDataFilterRequest")
    document, calculation, reader = ask.opened()
    areas = tuple(area for wanted in body.get("dataFilters", []) for area in filtered(document, wanted))
    return _told(ask, reader, calculation, areas, bool(body.get("includeGridData")))


def _told(ask: Ask, reader: Draft, calculation: Calculation, areas: tuple[Area, ...], grid: bool) -> Json:
    fields = ask.query.get("fields", [""])[-1]
    mask = response_mask("sheets.v4", "Spreadsheet", fields) if fields else {}
    wish = Wish(areas, answers.wants_grid(mask) if mask else grid, mask)
    return answers.spreadsheet(reader, calculation, wish)


def batch_update(ask: Ask) -> Json:
    """spreadsheets.batchUpdate: all of it or nothing."""
    body = ask.accepted("BatchUpdateSpreadsheetRequest")
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        replies = carry_out(draft, body.get("requests", []))
    answer: Json = {"spreadsheetId": ask.path["id"], "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        document, calculation, reader = ask.opened()
        areas = tuple(read(document, text) for text in body.get("responseRanges", ()))
        answer["updatedSpreadsheet"] = answers.spreadsheet(
            reader, calculation, Wish(areas, bool(body.get("responseIncludeGridData")))
        )
    return answer


def filtered(document: Spreadsheet, wanted: Json) -> list[Area]:
    """The areas that a DataFilter means: its range, or the rows, columns and tabs whose metadata it finds."""
    if "a1Range" in wanted:
        return [read(document, wanted["a1Range"])]
    if "gridRange" in wanted:
        document.sheet(wanted["gridRange"].get("sheetId", 0))
        return [area_of(wanted["gridRange"])]
    boxes = [place(document, item["location"]) for item in matching(document, [wanted])]
    return [Area(box.sheet, box.top, box.left, box.bottom, box.right) for box in boxes if box]


def values_get(ask: Ask) -> Json:
    """values.get."""
    query = ask.typed_query("spreadsheets.values.get")
    document, calculation, _ = ask.opened()
    return values.get(calculation, read(document, ask.path["range"]), query)


def values_batch_get(ask: Ask) -> Json:
    """values.batchGet: the value ranges in the order asked."""
    query = ask.typed_query("spreadsheets.values.batchGet")
    document, calculation, _ = ask.opened()
    found = [values.get(calculation, read(document, text), query) for text in query.get("ranges", ())]
    return {"spreadsheetId": ask.path["id"]} | ({"valueRanges": found} if found else {})


def values_batch_get_by_data_filter(ask: Ask) -> Json:
    """values.batchGetByDataFilter."""
    body = ask.accepted("BatchGetValuesByDataFilterRequest")
    document, calculation, _ = ask.opened()
    found: dict[Area, Json] = {}
    for wanted in body.get("dataFilters", []):
        for area in filtered(document, wanted):
            known = found.setdefault(area, {"valueRange": values.get(calculation, area, body), "dataFilters": []})
            known["dataFilters"].append(wanted)
    return {"spreadsheetId": ask.path["id"]} | ({"valueRanges": list(found.values())} if found else {})


def _written(ask: Ask, written: values.Written) -> Json:
    sheet, box, rows, columns, count = written
    counts = {"updatedRows": rows, "updatedColumns": columns, "updatedCells": count}
    return {"spreadsheetId": ask.path["id"], "updatedRange": a1(sheet.title, box)} | {
        name: number for name, number in counts.items() if number
    }


def _echo(ask: Ask, answer: Json, wanted: Json) -> Json:
    """With includeValuesInResponse the new values are told too."""
    if not wanted.get("includeValuesInResponse"):
        return answer
    document, calculation, _ = ask.opened()
    options = {
        "valueRenderOption": wanted.get("responseValueRenderOption", ""),
        "dateTimeRenderOption": wanted.get("responseDateTimeRenderOption", ""),
    }
    return answer | {"updatedData": values.get(calculation, read(document, answer["updatedRange"]), options)}


def values_update(ask: Ask) -> Json:
    """values.update."""
    body = ask.accepted("ValueRange", "data")
    query = ask.typed_query("spreadsheets.values.update")
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        written = values.update(draft, read(draft.document, ask.path["range"]), body, query.get("valueInputOption", ""))
    return _echo(ask, _written(ask, written), query)


def values_batch_update(ask: Ask) -> Json:
    """values.batchUpdate: several ranges, all or nothing."""
    body = ask.accepted("BatchUpdateValuesRequest")
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        option = body.get("valueInputOption", "")
        ranges = [(read(draft.document, item.get("range", "")), item) for item in body.get("data", [])]
        written = [values.update(draft, area, item, option) for area, item in ranges]
    return _totals(ask, written, [_echo(ask, _written(ask, one), body) for one in written])


def values_batch_update_by_data_filter(ask: Ask) -> Json:
    """values.batchUpdateByDataFilter: more values than the range holds are refused."""
    body = ask.accepted("BatchUpdateValuesByDataFilterRequest")
    written, responses = [], []
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        for item in body.get("data", []):
            for area in filtered(draft.document, item.get("dataFilter", {})):
                one = values.update(draft, area, item, body.get("valueInputOption", ""))
                written.append(one)
                responses.append(_written(ask, one) | {"dataFilter": item.get("dataFilter", {})})
    return _totals(
        ask, written, [{name: value for name, value in one.items() if name != "spreadsheetId"} for one in responses]
    )


def _totals(ask: Ask, written: list[values.Written], responses: list[Json]) -> Json:
    rows = {(sheet.id, row) for sheet, box, *_ in written for row in range(box.top, box.bottom)}
    columns = {(sheet.id, column) for sheet, box, *_ in written for column in range(box.left, box.right)}
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one[4] for one in written),
        "totalUpdatedSheets": len({sheet.id for sheet, *_ in written}),
    }
    answer = {"spreadsheetId": ask.path["id"]} | {name: number for name, number in totals.items() if number}
    return answer | ({"responses": responses} if responses else {})


def values_append(ask: Ask) -> Json:
    """values.append: behind the table found at the range."""
    body = ask.accepted("ValueRange", "data")
    query = ask.typed_query("spreadsheets.values.append")
    insert = query.get("insertDataOption") == "INSERT_ROWS"
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        area = read(draft.document, ask.path["range"])
        table, written = values.append(draft, area, body, query.get("valueInputOption", ""), insert)
    found = {"tableRange": a1(written[0].title, table)} if table else {}
    updates = _echo(ask, _written(ask, written), query)
    return {"spreadsheetId": ask.path["id"]} | found | {"updates": updates}


def values_clear(ask: Ask) -> Json:
    """values.clear."""
    ask.accepted("ClearValuesRequest")
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        sheet, box = values.clear(draft, read(draft.document, ask.path["range"]))
    return {"spreadsheetId": ask.path["id"], "clearedRange": a1(sheet.title, box)}


def values_batch_clear(ask: Ask) -> Json:
    """values.batchClear."""
    body = ask.accepted("BatchClearValuesRequest")
    return _cleared(ask, lambda document: [read(document, text) for text in body.get("ranges", [])])


def values_batch_clear_by_data_filter(ask: Ask) -> Json:
    """values.batchClearByDataFilter."""
    body = ask.accepted("BatchClearValuesByDataFilterRequest")
    return _cleared(
        ask, lambda document: [area for wanted in body.get("dataFilters", []) for area in filtered(document, wanted)]
    )


def _cleared(ask: Ask, areas: Callable[[Spreadsheet], list[Area]]) -> Json:
    with ask.library.edit(ask.path["id"], ask.caller) as draft:
        cleared = [values.clear(draft, area) for area in areas(draft.document)]
    return {"spreadsheetId": ask.path["id"], "clearedRanges": [a1(sheet.title, box) for sheet, box in cleared]}


def metadata_get(ask: Ask) -> Json:
    """developerMetadata.get."""
    document, _, _ = ask.opened()
    found = next((item for item in document.metadata if str(item["metadataId"]) == ask.path["metadata"]), None)
    if found is None:
        raise absent()
    return told(found)  # type: ignore[no-any-return]


def metadata_search(ask: Ask) -> Json:
    """developerMetadata.search."""
    body = ask.accepted("SearchDeveloperMetadataRequest")
    document, _, _ = ask.opened()
    filters = body.get("dataFilters", [])
    found = matching(document, filters)
    matched = [
        {"developerMetadata": told(item), "dataFilters": [one for one in filters if item in matching(document, [one])]}
        for item in found
    ]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def copy_to(ask: Ask) -> Json:
    """sheets.copyTo: a tab into another spreadsheet."""
    body = ask.accepted("CopySheetToAnotherSpreadsheetRequest")
    document, _, _ = ask.opened()
    source = document.sheet(int(ask.path["sheet"]))
    with ask.library.edit(body.get("destinationSpreadsheetId", ""), ask.caller) as draft:
        twin = source.copy()
        twin.id = draft.fresh(None, {sheet.id for sheet in draft.document.sheets}, "")
        twin.title = f"Copy of {source.title}"
        if draft.document.titled(twin.title):
            raise invalid(f'A sheet with the name "{twin.title}" already exists. Please enter another name.')
        retarget(twin, source.id, draft.mint)
        draft.document.sheets.append(twin)
        resize(draft.document, twin, twin.row_count, twin.column_count)
        return properties(len(draft.document.sheets) - 1, twin)


def masked(ask: Ask, answer: Json, schema: str) -> Json:
    """The answer cut to the ``fields`` parameter."""
    fields = ask.query.get("fields", [""])[-1]
    mask = response_mask("sheets.v4", schema, fields) if fields else {}
    told: Json = select(answers.beyond_cells(mask) if schema == "Spreadsheet" else mask, answer)
    return told
