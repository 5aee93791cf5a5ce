"""The input tabs of one spreadsheet as raw rows, read whole in two requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from pmosync.connector import Finding, Opening
from pmosync.errors import PmosyncError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.rows import KIND, records
from pmosync.sheet import Tab
from pmosync_google_sheets import reading
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.client import Client
from pmosync_google_sheets.sink import findings


class SheetsSource:
    """Reads every row of the wanted tabs at each pull; see ``pmosync.rows`` for what a record holds.

    A pull lists everything only when every wanted tab and its code column were found: a deleted tab or a renamed header
    makes no row look deleted.
    """

    def __init__(self, opening: Opening) -> None:
        self._connection, self._tabs = opening.connection, opening.tabs
        self._client = Client(opening.settings, opening.transport, opening.learn)

    def check(self) -> Iterator[Finding]:
        """Credential, sharing, and which of the wanted tabs and columns are there."""
        yield from findings(self._client, writing=False)
        try:
            found = self._read()
        except PmosyncError:
            return  # said above
        for tab in self._tabs:
            if tab.key not in found:
                yield Finding(True, tab.title, "the tab is not there yet", "it is made by the first sync")
            else:
                yield from _missing(tab, *found[tab.key])

    def units(self) -> Sequence[Unit]:
        """One: the spreadsheet."""
        return (Unit(self._connection, self._client.spreadsheet, "input tabs"),)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """All rows that people filled; the cursor is a hash of them."""
        found = self._read()
        rows = tuple(record for tab in self._tabs if tab.key in found for record in found[tab.key][0])
        whole = all(tab.key in found and found[tab.key][1] for tab in self._tabs)
        digest = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()[:16]
        yield Batch(unit, rows, Cursor(f'"{digest}"'), whole=(KIND,) if whole else (), total=len(rows))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The rows that are there now."""
        for batch in self.pull(unit, None):
            yield [record.ref for record in batch.records]

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each row is still there by its code."""
        there = {ref for page in self.census(self.units()[0]) for ref in page}
        return {ref: ref in there for ref in refs}

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _read(self) -> dict[str, tuple[tuple[RawRecord, ...], bool, tuple[str, ...]]]:
        """Tab key → its records, whether its code column was found, and the labels of the columns that were not."""
        shown = reading.sheets(self._client.layout(reading.FIELDS))
        there = [(tab, one) for tab in self._tabs if (one := reading.find(tab, shown)) is not None]
        values = self._client.values([reading.quoted(one.title) for _, one in there])
        places = [reading.header(tab, one, value) for (tab, one), value in zip(there, values, strict=True)]
        looks = self._looks(
            [
                area
                for (tab, one), value, where in zip(there, values, places, strict=True)
                for area in reading.columns(one.title, reading.firsts(value, tab, where))
            ]
        )
        found = {}
        for (tab, one), value, where in zip(there, values, places, strict=True):
            cells = reading.rows(value, tab, where)
            cells = reading.months(cells, looks[one.sheet_id]) if one.sheet_id in looks else cells
            rows = records(cells, tab, one.title, self._connection, where)
            absent = tuple(
                column.label for column in tab.columns if not column.context and column.key not in where.spots
            )
            found[tab.key] = (rows, tab.key_column in where.spots, absent)
        return found

    def _looks(self, areas: Sequence[str]) -> dict[int, Json]:
        """How the cells of these columns are shown; asked only where that tells a month from its first day."""
        answer = self._client.layout(reading.LOOKS, areas) if areas else {}
        return {one["properties"].get("sheetId", 0): one for one in answer.get("sheets", ())}


def _missing(tab: Tab, rows: Sequence[RawRecord], keyed: bool, absent: Sequence[str]) -> Iterator[Finding]:
    if not keyed:
        yield Finding(
            False, tab.title, "the code column is missing: its rows are not read", f"restore the header of {absent[0]}"
        )
    elif absent:
        yield Finding(
            False, tab.title, f"columns are missing: {', '.join(absent)}", "restore their headers in this tab"
        )
    else:
        yield Finding(True, tab.title, f"{len(rows)} rows can be read")
