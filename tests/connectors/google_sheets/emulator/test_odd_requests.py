"""Requests of every kind, made at random from the vendor's contract."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator import Refusal, SheetsEmulator, calls
from pmosync_google_sheets.emulator.contract import accept, document
from pmosync_google_sheets.emulator.edits import EDITS
from pmosync_google_sheets.emulator.tokens import ADMIN

SCHEMAS = document("sheets.v4")["schemas"]
TEXTS = ("", "a", "N", "=A1", "=Sheet1!B2:B", "A1", "Sheet1", "T", "=ARRAYFORMULA(A1:A)", "2020-01-01")
FIELDS = (
    "*",
    "*",
    "title",
    "note",
    "userEnteredValue",
    "range",
    "name",
    "hiddenByUser",
    "index",
    "",
    "criteria",
    "collapsed",
    "rowProperties",
)


def made(shape: dict[str, Any], name: str, depth: int, chance: Random) -> Any:
    """A value of a shape; small numbers, so that things meet."""
    if "$ref" in shape:
        return resource(shape["$ref"], depth + 1, chance)
    if "enum" in shape:
        return chance.choice(shape["enum"])
    match shape.get("type"):
        case "array":
            return [made(shape["items"], name, depth + 1, chance) for _ in range(chance.choice((0, 1, 1, 2)))]
        case "string":
            return chance.choice(FIELDS if name == "fields" else TEXTS)
        case "integer":
            return chance.choice((0, 0, 1, 2, 3, 7, 99, -1))
        case "number":
            return chance.choice((0, 1, 0.5, -2.5, 46361))
        case "boolean":
            return chance.random() < 0.5
    return {}


def resource(schema: str, depth: int, chance: Random) -> dict[str, Any]:
    """An object of a schema; the deeper, the emptier."""
    likely = 0.75 if depth < 4 else 0.35 if depth < 8 else 0
    properties = SCHEMAS[schema].get("properties", {})
    if schema == "ExtendedValue":
        name = chance.choice(list(properties))
        return {name: made(properties[name], name, depth, chance)}
    return {name: made(shape, name, depth, chance) for name, shape in properties.items() if chance.random() < likely}


def small() -> SheetsEmulator:
    """Two small tabs."""
    emulator = SheetsEmulator()
    emulator.spreadsheet()
    person = emulator.person()
    size = {"gridProperties": {"rowCount": 8, "columnCount": 6}}
    person.edit({"addSheet": {"properties": {"sheetId": 7, "title": "T", **size}}})
    person.edit(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, **size},
                "fields": "gridProperties(rowCount,columnCount)",
            }
        }
    )
    return emulator


@given(st.integers(0, 10**9))
def test_every_request_is_carried_out_or_refused(seed: int) -> None:
    """No request breaks the emulator, and what was carried out leaves a spreadsheet that fits the contract."""
    emulator, chance = small(), Random(seed)
    for _ in range(25):
        name = chance.choice(list(EDITS))
        body = {"requests": [{name: made(SCHEMAS["Request"]["properties"][name], name, 0, chance)}]}
        before = emulator.library.files["demo"].document
        try:
            calls.batch_update(calls.Ask(emulator.library, ADMIN, {"id": "demo"}, {}, body))
        except Refusal:
            assert emulator.library.files["demo"].document is before
            continue
        whole = calls.get(calls.Ask(emulator.library, ADMIN, {"id": "demo"}, {"includeGridData": ["true"]}))
        assert accept("sheets.v4", "Spreadsheet", whole) == whole
