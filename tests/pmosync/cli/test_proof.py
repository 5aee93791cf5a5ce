"""What ``check`` proves of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.cli import proof
from pmosync.testing.rig import Cells, Rig
from pmosync_google_sheets.emulator import SheetsEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
ROWS: Mapping[str, Sequence[Cells]] = {
    "projects": [
        {"code": "PAY", "name": "Payments", "control": "purple", "committed_on": date(2026, 2, 2)},
        {"code": "WEB", "name": "Shop", "program": "NIX", "committed_on": "TBD"},
    ],
    "milestone_inputs": [
        {"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": "soon-ish", "forecast": "2026-02-30"},
        {"code": "PAY-M02", "name": "Pilot", "project": "PAY", "target": date(2027, 3, 2), "depends_on": "NIX-M09"},
    ],
    "decisions": [{"number": "D-1", "day": date(2026, 3, 2), "type": "pause", "codes": "NIX"}],
    "calendar": [{"kind": "holiday", "first": date(2026, 5, 5), "last": date(2026, 5, 1), "words": "backwards"}],
}
PLAIN = {
    "not-a-choice",
    "not-a-date",
    "date-undecided",
    "dates-reversed",
    "unknown-code",
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A workbook with a mistake in every tab."""
    with Rig(tmp_path, MONDAY) as made:
        made.register(ROWS)
        yield made


def told(rig: Rig) -> set[tuple[str, str, str, str]]:
    """What ``check`` says now."""
    found = proof.faults(rig.house, proof.draw(rig.house))
    return {(each.rule, each.place, each.message, each.remedy) for each in found}


def synced(rig: Rig, at: datetime) -> set[tuple[str, str, str, str]]:
    """What a sync says of the same rules."""
    rig.sync(at)
    assert rig.assessment is not None
    return {(each.rule, each.place, each.message, each.remedy) for each in rig.assessment.findings}


def test_what_a_sync_will_find_in_the_plan_is_told_before(rig: Rig) -> None:
    """Every mistake in the input tabs, with the cell, the words and the remedy that the sync gives it; what people have
    only not decided yet is none.
    """
    before = told(rig)
    after = synced(rig, MONDAY)
    assert {rule for rule, *_ in before} >= PLAIN
    assert before == {each for each in after if each[0] in {rule for rule, *_ in before}}
    assert not {rule for rule, *_ in before} & proof.OPEN
    assert all(remedy and ("!" in place) for _, place, _, remedy in before)


def test_a_cell_that_became_wrong_is_told_beside_what_is_in_force(rig: Rig) -> None:
    """``check`` knows as well as a sync which value stays in force."""
    synced(rig, MONDAY)
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    sheets.person().enter("Milestone inputs", "PAY-M02", "Target", "later")
    before = told(rig)
    assert any("the last valid value stays in force" in message for _, _, message, _ in before)
    after = synced(rig, MONDAY + timedelta(minutes=1))
    assert before == {each for each in after if each[0] in {rule for rule, *_ in before}}


def test_a_row_of_the_file_is_told_by_its_line_and_key(tmp_path: Path) -> None:
    """A cell that is not given, or not known, has the file's line and the key where it belongs, and the names there are."""
    given = {"calendar_days": [{"Kind": "freeze", "until": "2026-05-01"}], "decisions": [{"number": "D-1"}]}
    with Rig(tmp_path, MONDAY, given=given) as made:
        found = {(rule, place.partition("yaml:")[2]): remedy for rule, place, _, remedy in told(made)}
        lines = made.config.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines, 1) if "Kind" in line)
    assert ("incomplete-row", f"{row} (calendar_days[0].first)") in found
    assert "its columns are kind, first, last" in found["unknown-column", f"{row + 1} (calendar_days[0].until)"]
    number = next(number for number, line in enumerate(lines, 1) if "number: D-1" in line)
    assert ("decision-type", f"{number} (decisions[0].type)") in found


def test_rows_of_a_tab_that_cannot_be_read_are_those_read_last(rig: Rig) -> None:
    """As a sync holds it: the other tabs are judged as they are now, and what they name in the lost one is still there."""
    rig.sync(MONDAY)
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    person = sheets.person()
    person.delete_columns("Projects", 0)
    person.enter("Milestone inputs", "PAY-M02", "Depends on", "PAY-M09")
    drawn = proof.draw(rig.house)
    assert {row.code for row in drawn.plan.projects} == {"PAY", "WEB"}
    assert {row.depends_on for row in drawn.plan.milestones if row.code == "PAY-M02"} == {("PAY-M09",)}
