"""How things of ours are known again: chosen ids, and developer metadata that follows tabs and columns. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

import msgspec

from pmosync.sheet import Kind, Tab
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.reading import COLUMN_KEY, LAYOUT_KEY, TAB_KEY, Shown, metadata_ids

VERSION = 1
"""Raise it when this module dresses tabs in another way: every published tab is then dressed anew once."""


def fingerprint(tab: Tab) -> str:
    """A short hash of all that the layout is made from; kept on the sheet, it stands in for reading every width and
    note.
    """
    parts: object = [
        (column.key, column.choices, column.strict, *([column.note] if column.note_changes else []))
        for column in tab.columns
    ]
    if tab.kind is Kind.PUBLISHED:
        parts = msgspec.to_builtins(tab)
    return hashlib.sha256(msgspec.json.encode([VERSION, parts])).hexdigest()[:16]


def chosen(kind: str, tab: Tab, name: str = "") -> int:
    """An id that follows from what it is for: positive, below 2³⁰."""
    return crc32(f"{kind}:{tab.key}:{name}".encode()) % 2**30 + 1


def memory(tab: Tab, sheet: Shown, spots: Mapping[str, int]) -> Iterator[Json]:
    """Developer metadata: which tab this is, which layout it wears, and (input tabs) which column is which."""
    here = {"sheetId": sheet.sheet_id}
    entries = sheet.json.get("developerMetadata", ())
    yield remember(TAB_KEY, tab.key, here, chosen("tab", tab), metadata_ids(entries, TAB_KEY))
    yield remember(LAYOUT_KEY, fingerprint(tab), here, chosen("layout", tab), metadata_ids(entries, LAYOUT_KEY))
    known = sheet.columns()
    for key, place in spots.items() if tab.kind is Kind.INPUT else ():
        if key not in known:
            there = {"dimensionRange": columns_range(sheet.sheet_id, place, place + 1)}
            yield remember(COLUMN_KEY, key, there, chosen("column", tab, key), [])


def remember(key: str, value: str, location: Json, number: int, present: Sequence[int]) -> Json:
    """Create a piece of developer metadata, or update the one that is there."""
    if present:
        lookup = {"developerMetadataLookup": {"metadataId": present[0]}}
        return {
            "updateDeveloperMetadata": {
                "dataFilters": [lookup],
                "developerMetadata": {"metadataValue": value},
                "fields": "metadataValue",
            }
        }
    made = {
        "metadataId": number,
        "metadataKey": key,
        "metadataValue": value,
        "location": location,
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def columns_range(sheet_id: int, left: int, right: int) -> Json:
    """A half-open run of columns."""
    return {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": left, "endIndex": right}
