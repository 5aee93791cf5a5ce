"""The tables in a spreadsheet that computes: what people type shows at once, and nothing they do makes a sync restless."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from pmosync.connector import Opening
from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.content import Content, found
from pmosync.dashboard.diff import diff
from pmosync.dashboard.input_places import key_columns
from pmosync.emulation.server import LoopbackServer
from pmosync.sheet import AppendRows, Edit, Publication, Stamp, Workbook, WriteRows, text_of
from pmosync.transport import Limits, Transport
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink

# A few tabs suffice, and keep the server quick.
ENOUGH = ("about", "milestones", "milestone_inputs")
Sheet = tuple[SheetsEmulator, Callable[[], tuple[Edit, ...]], Callable[[], Workbook]]


@pytest.fixture
def sheet(story: Callable[..., Content], tmp_path: Path) -> Iterator[Sheet]:
    """A spreadsheet, a sync of the story into it, and a look at it."""
    emulator = SheetsEmulator()
    content = story()
    tabs = tuple(tab for tab in layouts(content) if tab.key in ENOUGH)
    with LoopbackServer(emulator.app) as server:
        settings = GoogleSheetsSettings(**dict(emulator.connection(server.url, tmp_path)))

        def opened() -> SheetsSink:
            return SheetsSink(Opening("plan", settings, Transport(Limits()), lambda: datetime(2026, 12, 1, tzinfo=UTC)))

        def look() -> Workbook:
            return opened().read(tabs)

        def sync() -> tuple[Edit, ...]:
            sink = opened()
            workbook = sink.read(tabs)
            placed = replace(content, found=found(workbook, key_columns()))
            tables = tuple(table for table in build(placed) if table.tab.key in ENOUGH)
            quiet = frozenset({"runs", "about"})
            edits = diff(workbook, tables, Stamp("here", 1, 1, ""), heartbeat=quiet, due=False)
            sink.write(Publication(tables, edits))
            return edits

        yield emulator, sync, look


def shown(workbook: Workbook, tab: str, code: str, column: str, key_column: str = "code") -> str:
    """What the cell of a code shows."""
    grid = workbook.grids[tab]
    row = next(row for row in grid.rows if text_of(row[grid.spots[key_column]]) == code)
    place = grid.spots[column]
    return text_of(row[place]) if place < len(row) else ""


def test_a_second_sync_is_quiet_and_typing_shows_at_once(sheet: Sheet) -> None:
    """Published once, a sync finds nothing to do; a forecast typed since is mirrored and marked as waiting, then counted."""
    emulator, sync, look = sheet
    assert sync()
    assert sync() == ()
    there = look()
    assert shown(there, "milestone_inputs", "PAY-M03", "context_rag") == "R"
    assert shown(there, "milestone_inputs", "PAY-M03", "context_slip").startswith("+7, 7 wd late")
    assert shown(there, "milestones", "PAY-M03", "typed_note") == "waits for 银联"
    emulator.person().enter("Milestone inputs", "PAY-M03", "Forecast", "2026-12-24")
    there = look()
    assert shown(there, "milestones", "PAY-M03", "typed_forecast") == "2026-12-24"
    assert shown(there, "milestones", "PAY-M03", "inputs_state") == "⏳ counted at the next sync 10:30"
    assert [edit.tab.key for edit in sync() if isinstance(edit, WriteRows)] == ["milestones"]
    assert shown(look(), "milestones", "PAY-M03", "inputs_state") == "✓ counted"


def test_whatever_people_move_stays_theirs(sheet: Sheet) -> None:
    """Rows above the header, a moved code column, a sorted, renamed tab: formulas follow, no input cell is written."""
    emulator, sync, look = sheet
    sync()
    person = emulator.person()
    person.enter("Milestone inputs", "PAY-M03", "Owner", "李娜")
    person.insert_rows("Milestone inputs", 0, 2)
    person.move_columns("Milestone inputs", 0, 6)
    person.sort("Milestone inputs", 5, descending=True, header=2)
    person.rename_tab("Milestone inputs", "Ann's list")
    person.set_locale("de_DE", "Europe/Berlin")
    edits = sync()
    assert not any(isinstance(edit, AppendRows) for edit in edits)
    assert sync() == ()
    there = look()
    assert there.grids["milestone_inputs"].title == "Ann's list"
    assert shown(there, "milestone_inputs", "PAY-M03", "owner") == "李娜"
    assert shown(there, "milestone_inputs", "PAY-M03", "context_rag") == "R"
    assert shown(there, "milestones", "PAY-M03", "typed_note") == "waits for 银联"


def test_deleted_tabs_and_columns_come_back_or_are_said(sheet: Sheet) -> None:
    """A published tab is made anew, a people's column that is gone is called missing, and the rest goes on."""
    emulator, sync, look = sheet
    sync()
    person = emulator.person()
    person.delete_tab("Milestones")
    person.delete_columns("Milestone inputs", look().grids["milestone_inputs"].spots["note"])
    sync()
    assert sync() == ()
    there = look()
    assert shown(there, "milestones", "PAY-M03", "typed_note") == "column missing"
    assert shown(there, "milestones", "PAY-M03", "typed_target") == "2026-12-10"
    assert shown(there, "milestone_inputs", "PAY-M03", "context_rag") == "R"
