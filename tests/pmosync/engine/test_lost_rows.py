"""Rows that people delete, or whose code they clear: nothing that was typed vanishes unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.compute import lost_rows
from pmosync.compute.known_again import known_again
from pmosync.compute.lost_rows import Fate, Note, problems
from pmosync.raw import RawRecord, Ref
from pmosync.testing.rig import Cells, Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
TAB = "Milestone inputs"
RULES = ("row-deleted", "row-archived", "row-left", "row-recoded", "code-cleared", "no-code")
ROWS: Mapping[str, Sequence[Cells]] = {
    "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)}],
    "milestone_inputs": [
        {"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": date(2026, 9, 1), "note": "my own words"},
        {"code": "PAY-M02", "name": "Two", "project": "PAY", "target": date(2026, 10, 1)},
    ],
    "risks": [{"id": "R1", "project": "PAY", "text": "late vendor"}],
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A workbook in which people have typed a plan, read once."""
    with Rig(tmp_path, MONDAY) as made:
        made.register(ROWS)
        sync(made, 0)
        yield made


def sync(rig: Rig, days: int) -> list[tuple[str, str]]:
    """Sync so many days after the start; rule and code of what is said of rows."""
    rig.sync(MONDAY + timedelta(days=days))
    assert rig.assessment is not None
    return [(found.rule, found.code) for found in rig.assessment.findings if found.rule in RULES]


def person_of(rig: Rig) -> Person:
    """Somebody at the sheet."""
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    return sheets.person()


def delete(rig: Rig, tab: str, code: str) -> None:
    """A person deletes the row of a code."""
    person = person_of(rig)
    row = person.row_of(tab, code)
    assert row is not None
    person.delete_rows(tab, row, 1)


def target(rig: Rig, code: str) -> date | None:
    """The target in force."""
    found = rig.milestone(code).target
    return found.day if found else None


def test_a_deleted_row_comes_back_once_then_it_is_archived(rig: Rig) -> None:
    """The first time it is put back with all that it said; the second time it leaves the plan, and no baseline comes of it."""
    delete(rig, TAB, "PAY-M01")
    assert sync(rig, 2) == [("row-deleted", "PAY-M01")]
    back = [row for row in person_of(rig).rows(TAB) if row[0] == "PAY-M01"]
    assert [(row[1], row[7], row[15]) for row in back] == [("Launch", "2026-09-01", "my own words")]
    assert target(rig, "PAY-M01") == date(2026, 9, 1)
    assert sync(rig, 3) == [("row-deleted", "PAY-M01")]
    delete(rig, TAB, "PAY-M01")
    assert sync(rig, 4) == [("row-archived", "PAY-M01")]
    assert target(rig, "PAY-M01") is None
    assert sync(rig, 20) == [("row-archived", "PAY-M01")]
    assert rig.milestone("PAY-M01").current is None
    assert person_of(rig).row_of(TAB, "PAY-M01") is None


def test_a_row_of_another_tab_leaves_at_once_and_is_told_for_a_week(rig: Rig) -> None:
    """Its finding names it and the day, and ends by itself."""
    delete(rig, "Risks", "R1")
    assert sync(rig, 2) == [("row-left", "R1")]
    assert sync(rig, 9) == [("row-left", "R1")]
    assert sync(rig, 10) == []


def test_a_cleared_code_is_remembered(rig: Rig) -> None:
    """What the row said stays in force, the finding names the code, and no second row is made; typed again, all is well."""
    person = person_of(rig)
    person.clear(f"'{TAB}'!A2")
    assert sync(rig, 2) == [("code-cleared", "PAY-M01")]
    assert target(rig, "PAY-M01") == date(2026, 9, 1)
    assert person.row_of(TAB, "PAY-M01") is None
    person.type(f"'{TAB}'!A2", "PAY-M01")
    assert ("code-cleared", "PAY-M01") not in sync(rig, 3)


def test_a_cleared_code_is_remembered_whatever_else_is_done_to_the_row(rig: Rig) -> None:
    """Its target is changed, a column deleted, rows are inserted and sorted: the row is still the one that has lost its
    code, it is said once and at the cell where the code belongs, and the code typed there again makes it whole.
    """
    person = person_of(rig)
    person.clear(f"'{TAB}'!A2")
    sync(rig, 2)
    person.type(f"'{TAB}'!H2", "2026-11-02")
    assert sync(rig, 3) == [("code-cleared", "PAY-M01")]
    person.delete_columns(TAB, 15)
    person.insert_rows(TAB, 1, 3)
    assert sync(rig, 4) == [("code-cleared", "PAY-M01")]
    person.sort(TAB, 1, descending=True)
    person.type(f"'{TAB}'!B3", "Launch at last")
    assert sync(rig, 5) == [("code-cleared", "PAY-M01")]
    assert rig.assessment is not None
    (told,) = [found for found in rig.assessment.findings if found.rule == "code-cleared"]
    assert told.place == f"'{TAB}'!A3"
    assert target(rig, "PAY-M01") == date(2026, 9, 1)
    person.type(told.place, "PAY-M01")
    assert sync(rig, 6) == []
    assert target(rig, "PAY-M01") == date(2026, 11, 2)
    assert [row[0] for row in person.rows(TAB)[1:] if row] == ["PAY-M02", "PAY-M01"]


def test_findings_of_a_row_without_its_code_follow_it(rig: Rig) -> None:
    """Where its cells stood others may stand by now: what is said of it is said once, where it stands."""
    person = person_of(rig)
    person.type(f"'{TAB}'!I2", "somehow")
    person.type(f"'{TAB}'!J2", "soon")
    sync(rig, 2)
    person.clear(f"'{TAB}'!A2")
    sync(rig, 3)
    person.delete_columns(TAB, 3)
    sync(rig, 4)
    assert rig.assessment is not None
    places = [found.place for found in rig.assessment.findings if found.rule == "not-a-date"]
    assert places == [f"'{TAB}'!I2"]
    assert not [found for found in rig.assessment.findings if found.rule == "no-owner" and found.place == f"'{TAB}'!G2"]


def test_a_corrected_code_does_not_bring_the_old_one_back(rig: Rig) -> None:
    """The same row under another code is no deleted row."""
    person = person_of(rig)
    person.type(f"'{TAB}'!A2", "PAY-M07")
    assert sync(rig, 2) == [("row-recoded", "PAY-M01")]
    assert person.row_of(TAB, "PAY-M01") is None
    assert target(rig, "PAY-M07") == date(2026, 9, 1)


# ---------------------------------------------------------------- the decision alone


def row(code: str, line: int = 2, **cells: object) -> RawRecord:
    """A row of Milestone inputs."""
    name = code or f"#row{line}"
    payload = {"code": code, "row": line, "cells": {"code": code or None, **cells}, "addresses": {"code": f"M!A{line}"}}
    return RawRecord(Ref("sheet", "row", f"milestone_inputs:{name}"), payload)


def notes(
    lost: Sequence[RawRecord],
    shown: Mapping[Ref, RawRecord],
    held: Set[Ref],
    before: Mapping[Ref, Note],
    now: datetime,
    ours: bool = True,
) -> dict[Ref, Note]:
    """What is noted of lost rows while others are shown, of whose order nothing is known."""
    again = known_again([lost_rows.trace(raw, before.get(raw.ref)) for raw in lost], shown.values())
    return lost_rows.notes(lost, again, shown.keys(), held, before, now, ours)


def test_a_row_that_was_not_put_back_yet_is_not_deleted_twice() -> None:
    """Two syncs that miss it are one deletion: the workbook may not have been written between them."""
    lost = row("A", name="x")
    once = notes([lost], {}, set(), {}, MONDAY)
    again = notes([lost], {}, set(), once, MONDAY + timedelta(days=1))
    assert (again, once[lost.ref].fate) == (once, Fate.RETURNS)


def test_many_at_once_come_back_once_and_are_then_held() -> None:
    """Held rows stay in force; what to do with those that were put back before is for somebody to say."""
    lost = row("A", name="x")
    assert notes([lost], {}, {lost.ref}, {}, MONDAY)[lost.ref].fate is Fate.RETURNS
    back = {lost.ref: Note(fate=Fate.BACK, since=MONDAY, code="A", returned=True)}
    assert notes([lost], {}, {lost.ref}, back, MONDAY) == back


def test_a_sheet_that_is_only_read_gets_nothing_back() -> None:
    """Into a sheet of others the tool writes nothing: a row deleted there leaves the plan at once."""
    lost = row("A", name="x")
    assert notes([lost], {}, set(), {}, MONDAY, ours=False)[lost.ref].fate is Fate.LEFT


def test_many_recoded_at_once_wait_for_somebody() -> None:
    """A held row has not left the plan, so nobody says so."""
    lost, other = row("A", name="x"), row("B", name="x")
    assert notes([lost], {other.ref: other}, {lost.ref}, {}, MONDAY) == {}


def test_a_row_typed_again_begins_anew() -> None:
    """Archived and taken up again: the next deletion is its first."""
    typed = row("A", name="x")
    before = {typed.ref: Note(fate=Fate.ARCHIVED, since=MONDAY, code="A", returned=True)}
    after = notes([], {typed.ref: typed}, set(), before, MONDAY)
    assert problems(typed.ref, after[typed.ref], MONDAY, UTC) == ()
    assert notes([typed], {}, set(), after, MONDAY)[typed.ref].fate is Fate.RETURNS


def test_an_empty_row_is_nobody_s_successor() -> None:
    """Two rows of which nothing but the code is known are not one row."""
    lost, other = row("A", line=2), row("B", line=2)
    assert notes([lost], {other.ref: other}, set(), {}, MONDAY)[lost.ref].fate is Fate.RETURNS


def test_a_corrected_cell_of_a_rows_name_is_no_loss(tmp_path: Path) -> None:
    """It takes several cells to tell bindings or calendar rows apart: where one of them is corrected in its place, the row
    says the new thing from then on, and nothing was lost. One that was taken out is told.
    """
    with Rig(tmp_path, MONDAY) as made:
        bindings = [
            {"code": "PAY-M01", "system": "jira", "what": "version", "which": "Gatway live"},
            {"code": "PAY-M01", "system": "jira", "what": "version", "which": "Other"},
            {"code": "PAY-M02", "system": "jira", "what": "version", "which": "Two"},
        ]
        days: list[Cells] = [{"kind": "holiday", "first": date(2026, 5, day), "words": "off"} for day in (4, 11)]
        made.register({**ROWS, "bindings": bindings, "calendar": days})
        sync(made, 0)
        person = person_of(made)
        person.type("Bindings!D2", "Gateway live")
        person.type("Calendar!B3", "2026-05-12")
        assert sync(made, 1) == []
        plan = made.house.store.plan(MONDAY + timedelta(days=1))
        assert sorted(row.scope.which for row in plan.bindings) == ["Gateway live", "Other", "Two"]
        assert sorted(row.first for row in plan.calendar if row.first) == [date(2026, 5, 4), date(2026, 5, 12)]
        person.delete_rows("Bindings", 3, 1)
        assert [rule for rule, _ in sync(made, 2)] == ["row-left"]
