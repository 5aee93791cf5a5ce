"""Where the input tabs stand in a spreadsheet, ours or a team's: a whole sheet, or a named range in one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from pmosync.connector import Finding
from pmosync.errors import ConfigError, Unread
from pmosync.rows import Located
from pmosync.sheet import Row, Tab, letters
from pmosync_google_sheets import reading
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.reading import Area, Shown

FIELDS = "namedRanges," + reading.FIELDS


class Place(Struct, frozen=True):
    """Where a tab is read: its sheet, and what to ask for there: the quoted title, or the name of a range.

    A range is asked for by its name, not by its cells: people may insert a row between two requests, and then the cells
    that it had a moment ago lack the last one.
    """

    tab: Tab
    shown: Shown
    asked: str
    bounded: bool = False


class Sight(Struct, frozen=True):
    """What stands at a place: its values from the sheet's first cell on, so that every row and column has the number that
    people see; where the header and the columns are; and, of a range, the first sheet row behind it (zero-based).
    """

    place: Place
    values: Sequence[Sequence[Any]]
    where: Located
    beneath: int = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """The cells as plain values."""
        return reading.rows(self.values, self.place.tab, self.where)

    @property
    def firsts(self) -> list[str]:
        """The columns of which only the format tells a month from its first day, in A1 notation."""
        spots = reading.firsts(self.values, self.place.tab, self.where)
        return reading.columns(self.place.shown.title, spots)


def wanted(tabs: Sequence[Tab], names: Mapping[str, str]) -> tuple[Tab, ...]:
    """The tabs to look for: those that the settings name, else all. ConfigError for a name that is no tab's key: a list of
    nothing would say that every row was taken out.
    """
    known = {tab.key for tab in tabs}
    unknown = [key for key in names if key not in known]
    if unknown:
        raise ConfigError(
            f"tabs: there is no input tab {unknown[0]}", remedy=f"the keys are {', '.join(sorted(known))}"
        )
    return tuple(tab for tab in tabs if not names or tab.key in names)


def places(tabs: Sequence[Tab], names: Mapping[str, str], layout: Json) -> tuple[Place, ...]:
    """The places of those tabs that are there. ``names``: tab key → the title of a sheet or the name of a range."""
    shown = reading.sheets(layout)
    found = (_named(tab, names[tab.key], shown, layout) if tab.key in names else _ours(tab, shown) for tab in tabs)
    return tuple(place for place in found if place is not None)


def sight(place: Place, area: Area) -> Sight:
    """What was read at a place, told from the sheet's first cell on."""
    top, left, bottom = corners(area.range)
    where = reading.header(place.tab, place.shown, area.values, remembered=not place.bounded)
    values = [*([] for _ in range(top)), *([*[""] * left, *row] for row in area.values)]
    return Sight(place, values, where.moved(top, left), bottom if place.bounded else 0)


def corners(told: str) -> tuple[int, int, int]:
    """The first row and column of an area (zero-based), and the row behind its last one, from A1 notation as Google writes
    it; all 0 where it is no such text.
    """
    match = re.fullmatch(r"([A-Z]+)(\d+)(?::[A-Z]+(\d+))?", told.rpartition("!")[2])
    if match is None:
        return 0, 0, 0
    first, row, last = match.groups()
    return int(row) - 1, _column(first), int(last or row)


def beneath(sights: Sequence[Sight]) -> list[tuple[Sight, str]]:
    """The ranges that do not reach the end of their sheet, each with the cells directly below its table in A1 notation."""
    ending = (each for each in sights if each.where.spots and 0 < each.beneath < each.place.shown.row_count)
    return [(each, _below(each)) for each in ending]


def _below(seen: Sight) -> str:
    spots = seen.where.spots.values()
    first, last, row = letters(min(spots)), letters(max(spots)), seen.beneath + 1
    return f"{reading.quoted(seen.place.shown.title)}!{first}{row}:{last}{row}"


def overrun(seen: Sight, area: Area) -> Iterator[Finding]:
    """What stands directly below a range, in the columns that are read: most likely rows that somebody added and that nobody
    reads. An unticked box is nothing.
    """
    spots = seen.where.spots.values()
    ours = {spot - min(spots) for spot in spots}
    below = (value for row in area.values for place, value in enumerate(row) if place in ours)
    if any(value is not False and str(value).strip() for value in below):
        message = f"the row below the named range {seen.place.asked} is filled, and not read"
        remedy = "extend the range over it; below a finished table leave a row empty"
        yield Finding(False, area.range, message, remedy)


def absent(tab: Tab, names: Mapping[str, str], layout: Json, own: bool) -> Finding:
    """Why a tab is not read."""
    if tab.key in names:
        return fault(astray(tab, names[tab.key], layout))
    if own:
        return Finding(True, tab.title, "the tab is not there yet", "it is made by the first sync")
    remedy = "name the sheets that there are under `tabs`"
    return Finding(True, tab.title, "there is no such tab, and while one is missing no row counts as taken out", remedy)


def astray(tab: Tab, name: str, layout: Json) -> Unread:
    """A name of the settings that leads nowhere."""
    told = (("key", tab.key), ("name", name))
    if _range(name, layout) is not None:
        message = f"the named range of `tabs` ({tab.key}) has lost its cells: nothing is read for it"
        return Unread(name, "empty", message, "give the range its cells again, or mend the name in the settings", told)
    message = f"there is neither a sheet of this title nor a named range for `tabs` ({tab.key}): nothing is read for it"
    return Unread(name, "absent", message, "restore its name in the spreadsheet, or mend it in the settings", told)


def fault(table: Unread) -> Finding:
    """What check says of a table that cannot be read."""
    return Finding(False, table.place, table.message, table.remedy)


def _ours(tab: Tab, shown: Sequence[Shown]) -> Place | None:
    sheet = reading.find(tab, shown)
    return Place(tab, sheet, reading.quoted(sheet.title)) if sheet else None


def _named(tab: Tab, name: str, shown: Sequence[Shown], layout: Json) -> Place | None:
    """By title, else by range: what is quoted in A1 notation is always a title."""
    sheet = next((one for one in shown if _alike(one.title) == _alike(name)), None)
    if sheet is not None:
        return Place(tab, sheet, reading.quoted(sheet.title))
    found = _range(name, layout) or {}
    area = found.get("range", {})
    sheet = next((one for one in shown if one.sheet_id == area.get("sheetId", 0)), None)
    return Place(tab, sheet, found["name"], bounded=True) if found and sheet and not _empty(area) else None


def _range(name: str, layout: Json) -> Json | None:
    """The named range of that name; Google tells them apart without regard to case."""
    return next((one for one in layout.get("namedRanges", ()) if _alike(one.get("name", "")) == _alike(name)), None)


def _empty(area: Mapping[str, Any]) -> bool:
    """Whether a range shows as #REF!: it ends where it starts. A side that is not told is open."""
    rows = area.get("endRowIndex"), area.get("startRowIndex", 0)
    columns = area.get("endColumnIndex"), area.get("startColumnIndex", 0)
    return any(end is not None and end <= start for end, start in (rows, columns))


def _alike(name: str) -> str:
    return name.strip().casefold()


def _column(name: str) -> int:
    """Zero-based column of its letters: A → 0, AA → 26."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
