"""Programs that keep one small sheet: ours, and those that do as most scripts do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from tests.scenarios.crowd import LIST, PAGE
from tests.scenarios.harm import CODE, MACHINE

from pmosync.connector import Opening
from pmosync.dashboard.diff import diff
from pmosync.sheet import Column, Format, Grid, Kind, Publication, Row, Stamp, Tab, Table, Workbook, letters
from pmosync_google_sheets.cells import cell, clear, write
from pmosync_google_sheets.client import Client
from pmosync_google_sheets.sink import SheetsSink

page = Tab(
    key="page",
    title="Page",
    kind=Kind.PUBLISHED,
    sheet_id=PAGE,
    columns=(Column("code", "Code"), Column("expected", "Expected"), Column("why", "Why", Format.WRAP)),
    key_column="code",
)
STAMP = Stamp("here", 1, 1, "2026-03-02T09:00Z")


class Wanted(Struct, frozen=True):
    """What a sheet should hold: codes, and of which state of affairs it tells."""

    codes: tuple[str, ...]
    state: int

    def said(self, code: str, what: str = "") -> str:
        """A value of the program about a code."""
        return f"{MACHINE}{code}|{what}{self.state}"

    def page(self) -> tuple[Row, ...]:
        """The rows of the published tab."""
        return tuple((code, self.said(code, "expected "), self.said(code, "why ")) for code in self.codes)

    def list(self) -> tuple[Row, ...]:
        """A row a code for the input tab."""
        return tuple((code, self.said(code, "name "), None, None, None) for code in self.codes)


def wanted_list(grid: Grid | None) -> Tab:
    """The input tab: the formula of its grey column names where people have put the codes."""
    spot, row = (grid.spots.get("code", 0), grid.header_row + 1) if grid else (0, 1)
    codes, head = f"${letters(spot)}${row}:${letters(spot)}", f"${letters(spot)}${row}"
    slip = f'=ARRAYFORMULA(IF(ROW({codes})=ROW({head}),"Slip",{codes}))'
    columns = (
        Column("code", "Code"),
        Column("name", "Name"),
        Column("owner", "Owner"),
        Column("note", "Note"),
        Column("slip", "Slip", context=True, formula=slip),
    )
    return Tab(key="projects", title="Projects", kind=Kind.INPUT, sheet_id=LIST, columns=columns, key_column="code")


def tables(wanted: Wanted, workbook: Workbook) -> tuple[Table, Table]:
    """Both tabs as they should stand."""
    return Table(page, wanted.page()), Table(wanted_list(workbook.grids.get("projects")), wanted.list())


def ours(opening: Opening, wanted: Wanted) -> int:
    """The product's way: read, compare, send what differs; how many requests wrote."""
    sink = SheetsSink(opening)
    workbook = sink.read((page, wanted_list(None)))
    given = tables(wanted, workbook)
    edits = diff(workbook, given, STAMP, heartbeat=frozenset(), due=False)
    return sink.write(Publication(given, edits)).requests


def clear_and_rewrite(opening: Opening, wanted: Wanted) -> int:
    """Read the list, empty it, write it anew with what was read of people."""
    client, values = _read(opening)
    width = max(map(len, values), default=1)
    client.batch_update([clear(LIST, 0, len(values), width)])
    client.batch_update([_whole(_merged(values, wanted), width)])
    return 2


def read_merge_write(opening: Opening, wanted: Wanted) -> int:
    """Read the list and write all of it back, with own values in an own column."""
    client, values = _read(opening)
    merged = _merged(values, wanted)
    client.batch_update([_whole(merged, max(map(len, merged), default=1))])
    return 1


def by_position(opening: Opening, wanted: Wanted) -> int:
    """Read where each code stands, and write own values of the own column there, cell by cell."""
    client, values = _read(opening)
    places = [(row, code) for row, line in enumerate(values) if (code := _code(line)) in wanted.codes]
    orders = [_cell(row, _slip(values), wanted.said(code)) for row, code in places]
    client.batch_update(orders)
    return 1


Writer = Callable[[Opening, Wanted], int]
PLANTED: Mapping[str, Writer] = {
    "clear and rewrite": clear_and_rewrite,
    "read, merge, write": read_merge_write,
    "by position": by_position,
}
"""Ways of writing that lose what people type, or put values on the wrong row."""


def _read(opening: Opening) -> tuple[Client, list[list[Any]]]:
    client = Client(opening.settings, opening.transport, writes=True)
    return client, client.values(["'Projects'"])[0]


def _merged(values: list[list[Any]], wanted: Wanted) -> list[list[Any]]:
    slip = _slip(values)
    return [_with(line, slip, wanted.said(code)) if (code := _code(line)) in wanted.codes else line for line in values]


def _with(line: list[Any], place: int, value: str) -> list[Any]:
    wide = [*line, *[None] * (place + 1 - len(line))]
    return [*wide[:place], value, *wide[place + 1 :]]


def _code(line: list[Any]) -> str:
    return next((str(value) for value in line if CODE.fullmatch(str(value))), "")


def _slip(values: list[list[Any]]) -> int:
    """The own column: where its header stands, or behind all others."""
    head = next((line for line in values if any(line)), [])
    return head.index("Slip") if "Slip" in head else len(head)


def _whole(values: list[list[Any]], width: int) -> dict[str, Any]:
    rows = [{"values": [cell(value if value != "" else None, Format.TEXT, {}) for value in line]} for line in values]
    return write(LIST, 0, rows, width, "userEnteredValue")


def _cell(row: int, place: int, text: str) -> dict[str, Any]:
    area = {
        "sheetId": LIST,
        "startRowIndex": row,
        "endRowIndex": row + 1,
        "startColumnIndex": place,
        "endColumnIndex": place + 1,
    }
    content = {"values": [{"userEnteredValue": {"stringValue": text}}]}
    return {"updateCells": {"range": area, "rows": [content], "fields": "userEnteredValue"}}
