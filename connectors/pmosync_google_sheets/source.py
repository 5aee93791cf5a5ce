"""The input tabs of one spreadsheet as raw rows, read whole in two requests; or in none, where Drive says that nothing has
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pmosync.connector import Finding, Opening
from pmosync.errors import PmosyncError, Unread
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.rows import KIND, Located, Seen, records, tabless, unheaded
from pmosync.sheet import Tab
from pmosync_google_sheets import hint, places, reading
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.client import Client
from pmosync_google_sheets.hint import Answer
from pmosync_google_sheets.places import Sight
from pmosync_google_sheets.sink import findings


class SheetsSource:
    """Reads every row of the wanted tabs at each pull that reads; see ``pmosync.rows`` for what a record holds.

    Where the settings name sheets or ranges for tabs, those are the wanted ones; else all are looked for by our own marks
    and titles. A pull lists everything only when every wanted tab was found with all columns that tell its rows apart: a
    deleted tab, a range without cells or a renamed header makes no row look deleted. A place that the settings name and
    that is not there, such a column that is missing, and a spreadsheet without any of our tabs end it with UnreadError; in a
    workbook of ours a tab that is not there is about to be made.
    """

    def __init__(self, opening: Opening) -> None:
        self._connection, self._own = opening.connection, opening.own
        self._names: Mapping[str, str] = opening.settings.tabs
        self._tabs = places.wanted(opening.tabs, self._names)
        self._client = Client(opening.settings, opening.transport, opening.learn, writes=opening.own)
        self._asks, self._now = opening.settings.ask_drive_first and not opening.own, opening.now
        self._sought = hint.sought_of(self._client.spreadsheet, self._tabs, self._names)

    def check(self) -> Iterator[Finding]:
        """Credential, sharing, which of the wanted tabs and columns are there, and what stands right below a range."""
        said = list(findings(self._client, writing=False))
        yield from said
        try:
            told = list(self._looked_at())
        except PmosyncError as error:
            fault = Finding(False, self._client.spreadsheet, error.message, error.remedy)
            told = [] if fault in said else [fault]
        yield from told

    def units(self) -> Sequence[Unit]:
        """One: the spreadsheet."""
        return (Unit(self._connection, self._client.spreadsheet, "input tabs"),)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """All rows that people filled; or none and no word of what is missing, where Drive is asked first and what was read
        last still holds. The cursor says what that was.
        """
        mark, answer = hint.marked(cursor), self._answer()
        if answer and hint.unchanged(mark, answer, self._sought):
            yield Batch(unit, (), cursor, as_of=hint.vouched(mark, answer))
            return
        seen = self._seen()
        digest = hint.digest_of(seen.rows)
        # What could not be read is looked for again next time, whatever Drive says.
        vouching = answer if not seen.unread else None
        read = hint.renewed(mark, vouching, self._sought, digest) if vouching else hint.Mark(digest)
        whole = (KIND,) if seen.whole else ()
        yield Batch(unit, seen.rows, hint.cursor_of(read), whole=whole, total=len(seen.rows))
        seen.guard()

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The rows that are there now; UnreadError behind them as in ``pull``."""
        seen = self._seen()
        yield [record.ref for record in seen.rows]
        seen.guard()

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each row is still there by its code; UnreadError where that was not seen of all."""
        there = {ref for page in self.census(self.units()[0]) for ref in page}
        return {ref: ref in there for ref in refs}

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _answer(self) -> Answer | None:
        """What Drive says of the file; None where it is not to be asked."""
        if not self._asks:
            return None
        before = self._now()
        return Answer(self._client.version(), before, self._now())

    def _seen(self) -> Seen:
        """What the wanted tabs hold, in their order."""
        layout = self._client.layout(places.FIELDS)
        found = self._found(self._sights(layout))
        rows = tuple(record for tab in self._tabs if tab.key in found for record in found[tab.key].rows)
        whole = all(tab.key in found and not found[tab.key].where.lacking(tab) for tab in self._tabs)
        return Seen(rows, whole, tuple(self._unread(found, layout)))

    def _unread(self, found: Mapping[str, Found], layout: Json) -> Iterator[Unread]:
        """The tables that ought to be read and cannot be."""
        yield from self._bare(found)
        for tab in self._tabs:
            name = self._names.get(tab.key, "")
            if tab.key in found:
                yield from found[tab.key].unread(tab, name)
            elif name:
                yield places.astray(tab, name, layout)

    def _bare(self, found: Mapping[str, Found]) -> Iterator[Unread]:
        """Whether a spreadsheet of somebody else's has none of our tabs."""
        if not (found or self._names or self._own):
            yield tabless(self._client.spreadsheet)

    def _sights(self, layout: Json) -> list[Sight]:
        """What stands at the places of the wanted tabs; those that are not there are left out."""
        there = places.places(self._tabs, self._names, layout)
        areas = self._client.areas([place.asked for place in there])
        return [places.sight(place, area) for place, area in zip(there, areas, strict=True)]

    def _found(self, sights: Sequence[Sight]) -> dict[str, Found]:
        """Tab key → what was found of it."""
        looks = self._looks([area for each in sights for area in each.firsts])
        return {
            each.place.tab.key: _read(each, looks.get(each.place.shown.sheet_id), self._connection) for each in sights
        }

    def _looks(self, areas: Sequence[str]) -> dict[int, Json]:
        """How the cells of these columns are shown; asked only where that tells a month from its first day."""
        answer = self._client.layout(reading.LOOKS, areas) if areas else {}
        return {one["properties"].get("sheetId", 0): one for one in answer.get("sheets", ())}

    def _looked_at(self) -> Iterator[Finding]:
        """What a pull would find now."""
        layout = self._client.layout(places.FIELDS)
        sights = self._sights(layout)
        found = self._found(sights)
        yield from self._deaf()
        yield from map(places.fault, self._bare(found))
        for tab in self._tabs:
            if tab.key in found:
                yield _told(tab, found[tab.key], self._names.get(tab.key, ""))
            else:
                yield places.absent(tab, self._names, layout, self._own)
        yield from self._below(sights)

    def _deaf(self) -> Iterator[Finding]:
        """Whether Drive is to be asked first and does not answer."""
        if self._asks and not self._client.version():
            message = "`ask_drive_first` has no effect, every sync reads the sheet: Drive does not let us ask"
            remedy = "enable the Google Drive API in the service account's project, or take the setting out"
            yield Finding(True, self._client.spreadsheet, message, remedy)

    def _below(self, sights: Sequence[Sight]) -> list[Finding]:
        """What stands directly below the ranges; one request for all of them."""
        asked = places.beneath(sights)
        areas = self._client.areas([area for _, area in asked])
        return [finding for (each, _), area in zip(asked, areas, strict=True) for finding in places.overrun(each, area)]


class Found(Struct, frozen=True):
    """What was found of a tab: its records, where its columns are, and the labels of the columns that were not found."""

    rows: tuple[RawRecord, ...]
    where: Located
    absent: tuple[str, ...]

    def unread(self, tab: Tab, name: str) -> Iterator[Unread]:
        """Why no row of the tab was read; nothing where they were. ``name``: of its place in the settings."""
        if self.where.lacking(tab):
            yield unheaded(tab, self.where, name or tab.title)


def _read(seen: Sight, looks: Json | None, connection: str) -> Found:
    tab, where = seen.place.tab, seen.where
    cells = reading.months(seen.rows, looks) if looks else seen.rows
    absent = tuple(column.label for column in tab.columns if not column.context and column.key not in where.spots)
    rows = records(cells, tab, seen.place.shown.title, connection, where)
    return Found(rows, where, absent)


def _told(tab: Tab, found: Found, name: str) -> Finding:
    """What check says of a tab that is there. A table of a team's own has the columns that the team wants."""
    place, rows = name or tab.title, f"{len(found.rows)} rows can be read"
    for table in found.unread(tab, name):
        return places.fault(table)
    if not found.absent:
        return Finding(True, place, rows)
    columns = ", ".join(found.absent)
    if name:
        return Finding(True, place, f"{rows}, without the columns {columns}")
    return Finding(False, place, f"columns are missing: {columns}", "restore their headers in this tab")
