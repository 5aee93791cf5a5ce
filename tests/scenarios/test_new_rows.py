"""New codes reach the people's tabs at a pace that people can work beside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import MilestoneOpens, PersonJoins, ProjectOpens
from pmosync.engine import events
from pmosync.engine.house import Request
from pmosync.sheet import AppendRows
from pmosync.testing.rig import Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TAB = "Milestone inputs"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A project with one version that is bound by hand and has its row, synced once."""
    with Rig(tmp_path, MONDAY) as made:
        made.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments"),
                *(_version(number) for number in range(1, 5)),
            ]
        )
        bindings = [
            {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
            {"code": "PAY-M01", "system": "jira", "what": "version", "which": "Release 1"},
        ]
        rows = [{"code": "PAY-M01", "project": "PAY"}, {"code": "PAY-M09", "project": "PAY", "note": "mine"}]
        made.register({"projects": [{"code": "PAY", "control": "key"}], "bindings": bindings, "milestone_inputs": rows})
        made.sync(MONDAY)
        yield made


def _version(number: int) -> MilestoneOpens:
    title, day = f"Release {number}", date(2026, 10, number)
    return MilestoneOpens(
        at=MONDAY, system="jira", key=f"V{number}", project="PAY", title=title, form="version", due=day
    )


def person_of(rig: Rig) -> Person:
    """Somebody at the sheet."""
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    return sheets.person()


def bind(rig: Rig, number: int) -> None:
    """A person binds a version by hand: its code is new, and gets a row."""
    cells = (f"PAY-M0{number}", "jira", "version", f"Release {number}")
    for letter, cell in zip("ABCD", cells, strict=True):
        person_of(rig).type(f"Bindings!{letter}{number + 1}", cell)


def codes(rig: Rig) -> list[str]:
    """The codes of the input tab in their order."""
    return [row[0] for row in person_of(rig).rows(TAB)[1:] if row and row[0]]


def test_new_codes_come_once_an_hour(rig: Rig) -> None:
    """Rows for new codes are appended at most once an hour; what was found meanwhile comes together. Until then the
    published row leads to no input row. A dry run uses nothing up; what people deleted is put back at once, and makes no
    new code wait.
    """
    bind(rig, 2)
    dry = list(rig.run(MONDAY + MINUTE, Request(dry_run=True)))
    edits = [edit for event in dry if isinstance(event, events.Diffed) for edit in event.edits]
    assert [edit.tab.key for edit in edits if isinstance(edit, AppendRows)] == ["milestone_inputs"]
    rig.sync(MONDAY + 2 * MINUTE)
    assert codes(rig) == ["PAY-M01", "PAY-M09", "PAY-M02"]
    for number, minutes in ((3, 20), (4, 40)):
        bind(rig, number)
        rig.sync(MONDAY + minutes * MINUTE)
        assert codes(rig) == ["PAY-M01", "PAY-M09", "PAY-M02"]
    assert rig.milestone("PAY-M03").milestone.code == "PAY-M03"
    shown = {code: row for row in person_of(rig).rows("Milestones") for code in row if code.startswith("PAY-M0")}
    assert "no row in the input tab" in shown["PAY-M03"]
    assert "no row in the input tab" not in shown["PAY-M02"]
    row = person_of(rig).row_of(TAB, "PAY-M09")
    assert row is not None
    person_of(rig).delete_rows(TAB, row, 1)
    rig.sync(MONDAY + 50 * MINUTE)
    assert codes(rig) == ["PAY-M01", "PAY-M02", "PAY-M09"]
    rig.sync(MONDAY + 56 * MINUTE)
    assert codes(rig) == ["PAY-M01", "PAY-M02", "PAY-M09"]
    rig.sync(MONDAY + 62 * MINUTE)
    assert codes(rig) == ["PAY-M01", "PAY-M02", "PAY-M09", "PAY-M03", "PAY-M04"]


def test_a_sync_each_hour_brings_what_is_new_each_hour(rig: Rig) -> None:
    """A scheduler that starts a little early one time and late another does not make new codes wait for two hours."""
    for number, seconds in ((2, 3_600), (3, 7_199.5), (4, 10_650)):
        bind(rig, number)
        rig.sync(MONDAY + timedelta(seconds=seconds))
        assert codes(rig)[-1] == f"PAY-M0{number}"


def test_a_tab_that_is_made_anew_is_whole(rig: Rig) -> None:
    """A tab that somebody deleted comes back with every code, also within the hour."""
    bind(rig, 2)
    rig.sync(MONDAY + MINUTE)
    bind(rig, 3)
    person_of(rig).delete_tab(TAB)
    rig.sync(MONDAY + 2 * MINUTE)
    assert set(codes(rig)) == {"PAY-M01", "PAY-M02", "PAY-M03", "PAY-M09"}


def test_a_code_that_stands_twice_is_not_minted_for_something_else(tmp_path: Path) -> None:
    """Neither row counts until one is removed; meanwhile the code stays people's, and what a source has gets another one."""
    with Rig(tmp_path, MONDAY) as made:
        opened = ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments")
        made.live([opened, *map(_version, (1, 2))])
        rows = [{"code": "PAY-M01", "name": name, "project": "PAY"} for name in ("Contract", "Audit")]
        made.register(
            {
                "projects": [{"code": "PAY", "control": "key"}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
                "milestone_inputs": rows,
            }
        )
        made.sync(MONDAY)
        assert made.assessment is not None
        assert [each.milestone.code for each in made.assessment.milestones] == ["PAY-M02", "PAY-M03"]
