"""An input tab that is made anew says what people typed into it last; and what is written once is right at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pmosync.emulation.events import MilestoneOpens, PersonJoins, ProjectOpens
from pmosync.engine import events
from pmosync.engine.publish import HEARTBEAT
from pmosync.mapping.tabs import input_tabs
from pmosync.sheet import Edit, WriteStamp
from pmosync.testing.rig import Cells, Rig
from pmosync_google_sheets.emulator import SheetsEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TABS = ("Projects", "Milestone inputs", "Decisions")
ROWS: Mapping[str, Sequence[Cells]] = {
    "projects": [
        {"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)},
        {"code": "WEB", "name": "Shop", "control": "maybe"},
    ],
    "milestone_inputs": [
        {"code": "PAY-M03", "name": "Launch", "project": "PAY", "target": "mid December"},
        {"code": "PAY-M01", "name": "Contract", "project": "PAY", "target": "2026-12", "forecast": "下个月"},
        {"code": "PAY-M02", "name": "Pilot", "project": "PAY", "target": date(2026, 11, 2), "actual": "待定"},
        {"name": "no code yet", "project": "PAY"},
    ],
    "decisions": [
        {"number": "D-1", "day": date(2026, 3, 2), "type": "pause", "codes": "WEB", "reason": "the first"},
        {"number": "D-1", "day": date(2026, 3, 3), "type": "cancel", "codes": "WEB", "reason": "the other"},
    ],
}
FILE = {"workbooks": {"portfolio": {"connector": "xlsx", "path": "inputs.xlsx", "title": "Portfolio workbook"}}}


@pytest.fixture(params=["google_sheets", "xlsx"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A workbook into which people typed, with a bound project and one version in Jira; not synced yet."""
    file = request.param == "xlsx"
    with Rig(tmp_path, MONDAY, given=FILE if file else None) as made:
        made.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments"),
                MilestoneOpens(
                    at=MONDAY, system="jira", key="V1", project="PAY", title="R1", form="version", due=date(2026, 10, 1)
                ),
            ]
        )
        rows = {**ROWS, "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}]}
        if file:
            type_into(tmp_path / "inputs.xlsx", rows)
        else:
            made.register(rows)
        yield made


def type_into(path: Path, rows: Mapping[str, Sequence[Cells]]) -> None:
    """A workbook file as people make one: titles, headers and cells."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for tab in input_tabs():
        sheet = book.create_sheet(tab.titles["en"])
        sheet.append([column.labels["en"] for column in tab.columns])
        for row in rows.get(tab.key, ()):
            sheet.append([row.get(column.key) for column in tab.columns])
    book.save(path)


def shown(rig: Rig, tab: str) -> list[tuple[str, ...]]:
    """What people's columns of a tab show below the header."""
    path = rig.folder / "inputs.xlsx"
    width = len(next(each for each in input_tabs() if each.titles["en"] == tab).columns)
    if path.exists():
        sheet = openpyxl.load_workbook(path)[tab]
        lines = [[str(cell or "") for cell in row[:width]] for row in sheet.iter_rows(min_row=2, values_only=True)]
    else:
        lines = [(row + [""] * width)[:width] for row in sheets_of(rig).person().rows(tab)[1:]]
    return [tuple(line) for line in lines if any(line)]


def sheets_of(rig: Rig) -> SheetsEmulator:
    """The emulated spreadsheet."""
    emulator = rig.emulators["google_sheets"]
    assert isinstance(emulator, SheetsEmulator)
    return emulator


def take_away(rig: Rig) -> None:
    """The remedy for a damaged file: move it aside; in a spreadsheet somebody deletes the tabs."""
    path = rig.folder / "inputs.xlsx"
    if path.exists():
        path.rename(path.with_suffix(".aside"))
        return
    for tab in TABS:
        sheets_of(rig).person().delete_tab(tab)


def findings(rig: Rig) -> list[tuple[str, str]]:
    """Rule and words of every finding."""
    assert rig.assessment is not None
    return sorted((each.rule, each.message) for each in rig.assessment.findings)


def edits(told: Sequence[events.Event]) -> list[tuple[str, Edit]]:
    """The edits of tabs that hold data, by workbook."""
    made = ((event.workbook, edit) for event in told if isinstance(event, events.Diffed) for edit in event.edits)
    return [(name, edit) for name, edit in made if not isinstance(edit, WriteStamp) and edit.tab.key not in HEARTBEAT]


def test_a_tab_made_anew_says_what_was_typed(rig: Rig) -> None:
    """Nobody's cell is lost: cells that cannot be read, months, rows of one number and rows without a code come back as they
    were typed last, in their order, and the findings stay what they were.
    """
    rig.sync(MONDAY)
    before, said = {tab: shown(rig, tab) for tab in TABS}, findings(rig)
    assert any("mid December" in row for row in before["Milestone inputs"])
    take_away(rig)
    rig.sync(MONDAY + MINUTE)
    assert {tab: shown(rig, tab) for tab in TABS} == before
    rig.sync(MONDAY + 2 * MINUTE)
    assert {tab: shown(rig, tab) for tab in TABS} == before
    assert findings(rig) == said


def test_a_row_put_back_says_what_was_typed(rig: Rig) -> None:
    """A deleted row comes back with the very cells that people typed, also those that could not be read."""
    rig.sync(MONDAY)
    before = shown(rig, "Milestone inputs")
    delete_row(rig, "Milestone inputs", 2)
    rig.sync(MONDAY + MINUTE)
    assert sorted(shown(rig, "Milestone inputs")) == sorted(before)


def delete_row(rig: Rig, tab: str, row: int) -> None:
    """Somebody deletes a row (1-based)."""
    path = rig.folder / "inputs.xlsx"
    if path.exists():
        book = openpyxl.load_workbook(path)
        book[tab].delete_rows(row)
        book.save(path)
    else:
        sheets_of(rig).person().delete_rows(tab, row)


def test_a_second_sync_of_an_unchanged_world_edits_no_tab_of_data(rig: Rig) -> None:
    """What the first publication writes is right: the next one, a minute later, has nothing to mend in it."""
    rig.sync(MONDAY)
    assert edits(rig.sync(MONDAY + MINUTE)) == []


PLAN: dict[str, Any] = {
    "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": "2026-02-02"}],
    "milestones": [{"code": "PAY-M01", "name": "Contract", "project": "PAY", "target": "2026-12", "note": "signed"}],
    "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
}


@pytest.mark.parametrize("file", ["", "copy.xlsx"])
def test_nor_where_the_settings_file_holds_the_plan(tmp_path: Path, file: str) -> None:
    """The same for a plan in the settings file, whose rows have no place in the tabs, beside codes that are minted."""
    books = {} if file else {"workbooks": {"own": {"connector": "xlsx", "path": "own.xlsx"}}}
    with Rig(tmp_path, MONDAY, file=file, given={**PLAN, **books}) as rig:
        rig.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments"),
                MilestoneOpens(
                    at=MONDAY, system="jira", key="V1", project="PAY", title="R1", form="version", due=date(2026, 10, 1)
                ),
            ]
        )
        rig.sync(MONDAY)
        assert edits(rig.sync(MONDAY + MINUTE)) == []
