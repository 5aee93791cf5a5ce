"""Rows that people type, from sync to sync: what a cell meant when it was typed it means on, and a code is one code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.engine import events
from pmosync.sheet import Value
from pmosync.testing.rig import Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
TAB = "Milestone inputs"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A workbook with one milestone, whose target was typed without its year."""
    with Rig(tmp_path, MONDAY) as made:
        made.register(
            {
                "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)}],
                "milestone_inputs": [{"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": "10月5日"}],
            }
        )
        made.sync(MONDAY)
        yield made


def person_of(rig: Rig) -> Person:
    """Somebody at the sheet."""
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    return sheets.person()


def sync(rig: Rig, days: int) -> list[events.Event]:
    """Sync so many days after the start."""
    return rig.sync(MONDAY + timedelta(days=days))


def target(rig: Rig) -> date | None:
    """The target in force of the milestone."""
    found = rig.milestone("PAY-M01").target
    return found.day if found else None


def told(rig: Rig, *rules: str) -> list[tuple[str, str]]:
    """Rule and place of the findings of these rules."""
    assert rig.assessment is not None
    return [(each.rule, each.place) for each in rig.assessment.findings if each.rule in rules]


def test_a_date_without_a_year_keeps_the_year_it_had_when_it_was_typed(rig: Rig) -> None:
    """The first such day from half a year before it was first seen on; moving the row and typing beside it, however late,
    change nothing. Typed anew it takes its year anew.
    """
    assert target(rig) == date(2025, 10, 5)
    person = person_of(rig)
    row = person.row_of(TAB, "PAY-M01")
    assert row is not None
    person.insert_rows(TAB, row)
    sync(rig, 60)
    assert target(rig) == date(2025, 10, 5)
    person.enter(TAB, "PAY-M01", "Note", "beside it")
    sync(rig, 61)
    assert target(rig) == date(2025, 10, 5)
    again = sync(rig, 61)
    assert [each.cells for each in again if isinstance(each, events.Published)] == [0]
    person.enter(TAB, "PAY-M01", "Target", "10月6日")
    sync(rig, 62)
    assert target(rig) == date(2026, 10, 6)


def test_a_second_row_of_the_code_does_not_decide_the_year_anew(rig: Rig) -> None:
    """While two rows have one code, what was valid before stays in force; the row that is left then means what it meant,
    whichever of the two stood first and whatever the other one said.
    """
    person = person_of(rig)
    row = person.row_of(TAB, "PAY-M01")
    assert row is not None
    person.insert_rows(TAB, row)
    person.type(f"'{TAB}'!A{row + 1}", "PAY-M01")
    person.type(f"'{TAB}'!C{row + 1}", "PAY")
    person.type(f"'{TAB}'!H{row + 1}", "11月7日")
    sync(rig, 62)
    sync(rig, 63)
    assert target(rig) == date(2025, 10, 5)
    person.delete_rows(TAB, row)
    sync(rig, 64)
    assert target(rig) == date(2025, 10, 5)
    again = sync(rig, 64)
    assert [each.cells for each in again if isinstance(each, events.Published)] == [0]


def test_a_column_that_was_away_does_not_decide_the_year_anew(rig: Rig) -> None:
    """Its values stayed in force while it was gone, so the same text put back means the same day. Cleared, the value is
    taken back, and the same text is a new word.
    """
    person = person_of(rig)
    cell = f"'{TAB}'!H{(person.row_of(TAB, 'PAY-M01') or 0) + 1}"
    person.delete_columns(TAB, 7)
    sync(rig, 62)
    sync(rig, 63)
    person.insert_columns(TAB, 7)
    person.type(f"'{TAB}'!H1", "Target")
    person.type(cell, "10月5日")
    sync(rig, 64)
    assert target(rig) == date(2025, 10, 5)
    person.enter(TAB, "PAY-M01", "Target", "")
    sync(rig, 65)
    assert target(rig) is None
    person.enter(TAB, "PAY-M01", "Target", "10月5日")
    sync(rig, 66)
    assert target(rig) == date(2026, 10, 5)


def test_a_wrong_word_in_between_does_not_decide_the_year_anew(rig: Rig) -> None:
    """The last valid value stays in force for a cell that cannot be read: with the old text it is that value again."""
    person = person_of(rig)
    person.enter(TAB, "PAY-M01", "Target", "soon")
    sync(rig, 62)
    person.enter(TAB, "PAY-M01", "Target", "10月5日")
    sync(rig, 63)
    assert target(rig) == date(2025, 10, 5)


def test_a_code_typed_in_another_case_is_the_same_code(rig: Rig) -> None:
    """The row neither leaves the plan nor comes back a second time, and the code is written as it was first."""
    person = person_of(rig)
    person.enter(TAB, "PAY-M01", "Code", "pay-m01")
    sync(rig, 1)
    sync(rig, 2)
    assert rig.assessment is not None
    assert [each.milestone.code for each in rig.assessment.milestones] == ["PAY-M01"]
    assert told(rig, "row-recoded", "row-left", "row-deleted", "duplicate-code") == []
    assert [row[0] for row in person.rows(TAB)[1:] if row and row[0]] == ["pay-m01"]


def test_two_spellings_of_one_code_stand_twice(rig: Rig) -> None:
    """They mean one thing, so what was valid before stays in force, and both rows are flagged, by one check alone."""
    person = person_of(rig)
    row = person.row_of(TAB, "PAY-M01")
    assert row is not None
    person.insert_rows(TAB, row + 1)
    person.type(f"'{TAB}'!A{row + 2}", "pay-m01")
    person.type(f"'{TAB}'!C{row + 2}", "PAY")
    sync(rig, 1)
    assert [rule for rule, _ in told(rig, "duplicate-code", "row-recoded", "row-left")] == ["duplicate-code"] * 2
    assert target(rig) == date(2025, 10, 5)


def test_the_number_of_a_deleted_decision_is_not_free(tmp_path: Path) -> None:
    """Whoever reads D-2 somewhere must not find another decision under it."""
    rows: list[dict[str, Value]] = [
        {"number": f"D-{number}", "date": date(2026, 3, 1), "type": kind, "codes": "PAY", "reason": "x"}
        for number, kind in ((1, "pause"), (2, "resume"))
    ]
    with Rig(tmp_path, MONDAY) as rig:
        rig.register({"projects": [{"code": "PAY", "name": "Payments"}], "decisions": rows})
        sync(rig, 0)
        person = person_of(rig)
        for number in (2, 1):
            row = person.row_of("Decisions", f"D-{number}")
            assert row is not None
            person.delete_rows("Decisions", row)
            sync(rig, 4 - number)
            assert person.note("Decisions", "Number").splitlines()[-1] == "Next free: D-3"


def test_the_header_names_the_next_free_code(rig: Rig) -> None:
    """Whoever adds a milestone sees which number comes next, also where the column was moved; while nothing is new,
    nothing is written.
    """
    person = person_of(rig)
    said = person.note(TAB, "Code").splitlines()[-1]
    assert said == "Next free: PAY-M02"
    person.move_columns(TAB, 0, 3)
    sync(rig, 1)
    assert person.note(TAB, "Code").splitlines()[-1] == "Next free: PAY-M02"
    person.insert_rows(TAB, 2)
    person.type(f"'{TAB}'!C3", "PAY-M02")
    sync(rig, 2)
    assert person.note(TAB, "Code").splitlines()[-1] == "Next free: PAY-M03"
    assert "PAY-M0" not in person.note(TAB, "Name")
    again = sync(rig, 2)
    assert [each.cells for each in again if isinstance(each, events.Published)] == [0]
    assert [each.requests for each in again if isinstance(each, events.Published)] == [0]
