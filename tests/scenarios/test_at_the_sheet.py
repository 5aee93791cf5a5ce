"""What people do to a sheet that they work in: each of it is understood, said or left alone; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.scenarios.desk import Desk

from pmosync.emulation.faults import Status
from pmosync.model import MilestoneRow, Problem
from pmosync.sheet import Formula
from pmosync.testing.rig import Cells, Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
TAB, QUALITY = "Milestone inputs", "Data quality"
CELLS = frozenset(
    {"duplicate-code", "not-a-date", "not-a-choice", "name-fits-two", "decision-date", "not-text", "not-a-code"}
)
ROWS: Mapping[str, Sequence[Cells]] = {
    "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)}],
    "milestone_inputs": [
        {"code": f"PAY-M0{n}", "name": f"Step {n}", "project": "PAY", "target": date(2026, 9, n), "note": f"note {n}"}
        for n in range(1, 5)
    ],
    "people": [{"key": "w1@example.com", "name": "王伟"}, {"key": "w2@example.com", "name": "王伟"}],
}


class Day:
    """A rig and its days: every sync is a day later."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.now = rig, MONDAY
        sheets = rig.emulators["google_sheets"]
        assert isinstance(sheets, SheetsEmulator)
        self.person: Person = sheets.person()

    def sync(self) -> None:
        """The next day's sync."""
        self.now += timedelta(days=1)
        self.rig.sync(self.now)

    def targets(self) -> dict[str, date | None]:
        """The targets that people typed, as they are in force."""
        rows = self.rig.house.store.export("milestone_input", self.now)
        return {row.code: row.target for row in rows if isinstance(row, MilestoneRow)}

    def said(self) -> list[Problem]:
        """The findings on single cells."""
        assert self.rig.assessment is not None
        return [found for found in self.rig.assessment.findings if found.rule in CELLS]

    def codes(self, tab: str = TAB) -> list[str]:
        """The codes of the input tab in their order."""
        return [row[0] for row in self.person.rows(tab)[1:] if row and row[0]]

    def column(self, header: str, tab: str = TAB) -> list[str]:
        """What a column shows below its header."""
        rows = self.person.rows(tab)
        place = rows[0].index(header)
        return [row[place] if place < len(row) else "" for row in rows[1:]]

    def sheet_id(self, tab: str = TAB) -> int:
        """The id of a tab."""
        sheets = self.rig.emulators["google_sheets"]
        assert isinstance(sheets, SheetsEmulator)
        return int(next(sheet.id for sheet in self.person._document().sheets if sheet.title == tab))


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """A workbook with a plan of four milestones, synced once."""
    with Rig(tmp_path, MONDAY) as rig:
        rig.register(ROWS)
        made = Day(rig)
        made.sync()
        yield made


def test_a_new_code_in_two_new_rows_is_flagged_in_both(day: Day) -> None:
    """Nothing was in force, so neither counts: each row says so beside itself at once, and each has its line on Data
    quality; with one of them removed the other counts.
    """
    day.person.delete_tab(TAB)  # made anew it has the tool's grey columns
    day.sync()
    assert day.column("In force / problem")[:4] == ["✓ counted"] * 4
    for row in (6, 7):
        day.person.type(f"'{TAB}'!A{row}", "PAY-M05")
        day.person.type(f"'{TAB}'!H{row}", "2026-12-01")
    assert [text.startswith("⚠") for text in day.column("In force / problem")[4:6]] == [True, True]
    day.sync()
    twins = [found for found in day.said() if found.rule == "duplicate-code"]
    assert [found.place for found in twins] == [f"'{TAB}'!A6", f"'{TAB}'!A7"]
    assert all("neither counts until one is removed" in found.message for found in twins)
    assert "PAY-M05" not in day.targets()
    assert [text.startswith("⚠") for text in day.column("In force / problem")[4:6]] == [True, True]
    day.person.delete_rows(TAB, 6)
    day.sync()
    assert day.targets()["PAY-M05"] == date(2026, 12, 1)
    assert day.said() == []


def test_nothing_is_said_to_be_in_force_where_nothing_was(day: Day) -> None:
    """New rows with a wrong date, choice and name, and a decision without a day: one finding a cell, none of which
    speaks of a value before.
    """
    for row, (column, text) in enumerate((("H", "下周吧"), ("D", "committe"), ("G", "王伟")), 6):
        day.person.type(f"'{TAB}'!A{row}", f"PAY-M1{row}")
        day.person.type(f"'{TAB}'!C{row}", "PAY")
        day.person.type(f"'{TAB}'!{column}{row}", text)
    for column, text in (("Number", "D-2"), ("Type", "re-baseline"), ("Codes", "PAY-M01"), ("New date", "someday")):
        day.person.enter("Decisions", "D-2", column, text)
    day.person.enter("Decisions", "D-2", "Date", "2026-03-02")
    for _ in range(2):
        day.sync()
        assert sorted(found.rule for found in day.said()) == [
            "name-fits-two",
            "not-a-choice",
            "not-a-date",
            "not-a-date",
        ]
        assert all(found.message.endswith("nothing is in force for it yet") for found in day.said())


def test_rows_columns_and_tabs_may_go_anywhere(day: Day) -> None:
    """Sorted, filtered, rows and columns inserted, headers renamed, columns and tabs moved, renamed and copied, cells
    merged, our account locked out of the tab, locale and time zone changed: the same plan, no row twice, no finding.
    """
    before, person = day.targets(), day.person
    person.sort(TAB, 7, descending=True)
    person.edit(
        {
            "setBasicFilter": {
                "filter": {"range": {"sheetId": day.sheet_id()}, "criteria": {"0": {"hiddenValues": ["PAY-M01"]}}}
            }
        }
    )
    person.insert_rows(TAB, 3, 2)
    person.insert_columns(TAB, 5, 2)
    person.type(f"'{TAB}'!B1", "Bezeichnung")
    day.sync()
    assert (day.targets(), day.said()) == (before, [])
    person.move_columns(TAB, 0, 4)
    person.rename_tab(TAB, "Ours")
    person.duplicate_tab("Ours", "Copy of ours")
    person.edit(
        {"updateSheetProperties": {"properties": {"sheetId": day.sheet_id("Ours"), "index": 0}, "fields": "index"}}
    )
    person.set_locale("de_DE", "America/New_York")
    day.sync()
    assert (day.targets(), day.said()) == (before, [])
    assert "PAY-M01" in [text for row in person.rows("Copy of ours") for text in row]
    person.protect("Ours")
    person.type("'Copy of ours'!J2", "2027-01-01")
    day.sync()
    assert (day.targets(), day.said()) == (before, [])
    codes = [row[3] for row in person.rows("Ours")[1:] if len(row) > 3 and row[3]]
    assert sorted(codes) == sorted(before)


def test_merged_cells_say_what_their_first_one_says(day: Day) -> None:
    """A merge of two targets empties the second, as the sheet shows it; one across codes clears a code, which is said."""
    span = {"sheetId": day.sheet_id(), "startRowIndex": 1, "endRowIndex": 3}
    day.person.edit(
        {"mergeCells": {"range": {**span, "startColumnIndex": 0, "endColumnIndex": 1}, "mergeType": "MERGE_ALL"}}
    )
    day.sync()
    assert day.targets()["PAY-M02"] == date(2026, 9, 2)
    assert day.rig.assessment is not None
    rules = {(found.rule, found.code) for found in day.rig.assessment.findings}
    assert ("code-cleared", "PAY-M02") in rules
    assert "row-deleted" not in {rule for rule, _ in rules}


def test_pasted_formulas_count_for_what_they_show(day: Day) -> None:
    """A formula that gives a date is that date, one that gives an error or text is named with its cell; a code may be
    one, too.
    """
    day.person.type(f"'{TAB}'!H2", Formula("=DATE(2026,12,5)"))
    day.person.type(f"'{TAB}'!H3", Formula("=1/0"))
    day.person.type(f"'{TAB}'!H4", Formula('="soon"'))
    day.person.type(f"'{TAB}'!A5", Formula('="PAY-M"&"04"'))
    day.sync()
    targets = day.targets()
    assert targets == {
        "PAY-M01": date(2026, 12, 5),
        "PAY-M02": date(2026, 9, 2),
        "PAY-M03": date(2026, 9, 3),
        "PAY-M04": date(2026, 9, 4),
    }
    assert [found.place for found in day.said()] == [f"'{TAB}'!H3", f"'{TAB}'!H4"]


FORMS: Mapping[str, date] = {
    "2026-12-05": date(2026, 12, 5),
    "2026/12/5": date(2026, 12, 5),
    "2026.12.5": date(2026, 12, 5),
    "20261205": date(2026, 12, 5),
    "12月5日": date(2026, 12, 5),
    "2026-12": date(2026, 12, 31),
    "12月底": date(2026, 12, 31),
    "2026Q4": date(2026, 12, 31),
    "2026H2": date(2026, 12, 31),
    "46361": date(2026, 12, 5),
    "46361.75": date(2026, 12, 5),
}


@pytest.mark.parametrize(
    ("locale", "zone"), [("en_US", "Asia/Shanghai"), ("de_DE", "America/New_York"), ("zh_CN", "Pacific/Auckland")]
)
def test_every_form_of_a_date_in_every_locale_and_zone(day: Day, locale: str, zone: str) -> None:
    """The day that the cell shows to whoever typed it, whatever the sheet makes of it: text, a date, a bare serial number
    (which is a day of the sheet's own calendar, not an instant).
    """
    day.now = datetime(2026, 8, 3, 3, tzinfo=UTC)
    day.sync()
    day.person.set_locale(locale, zone)
    for row, text in enumerate(FORMS, 6):
        day.person.type(f"'{TAB}'!A{row}", f"F{row}")
        day.person.type(f"'{TAB}'!H{row}", float(text) if text.startswith("46361") else text)
    day.sync()
    assert day.said() == []
    assert {text: day.targets()[f"F{row}"] for row, text in enumerate(FORMS, 6)} == FORMS


def test_a_tab_and_a_column_deleted_take_nothing_with_them(day: Day) -> None:
    """A column that is gone is one finding and no value less; a tab that is gone is made again with all that was typed."""
    before = day.targets()
    day.person.delete_columns(TAB, 7)
    day.sync()
    assert day.targets() == before
    assert day.rig.assessment is not None
    assert [f.place for f in day.rig.assessment.findings if f.rule == "column-missing"] == [TAB]
    assert not [text for row in day.person.rows("Milestones") for text in row if "#REF" in text]
    day.person.delete_tab(TAB)
    day.sync()
    day.sync()
    assert day.targets() == before
    assert day.codes() == sorted(before)


def test_a_code_column_deleted_is_told_until_it_is_back(day: Day) -> None:
    """Nobody can tell rows apart without it: all stay as they were, the workbook's inputs age, and one finding names the tab
    and the header; put back, all is well.
    """
    before, good = day.targets(), day.now
    day.person.delete_columns(TAB, 0)
    day.sync()
    assert day.rig.assessment is not None
    (problem,) = [found for found in day.rig.assessment.findings if found.rule == "table-unread"]
    assert (problem.place, "Code" in problem.remedy) == (f"portfolio: {TAB}", True)
    (inputs,) = [each for each in day.rig.assessment.freshness if each.connection == "portfolio"]
    assert (inputs.state, inputs.good, day.targets()) == ("held", good, before)


def test_a_quota_that_ends_half_way_ends_nothing(tmp_path: Path) -> None:
    """Google refuses every write but the first of a sync: said in one line, nothing typed is lost; the next sync when the
    hour is over writes what is left, and the one after it nothing.
    """
    with Desk(tmp_path) as desk:
        assert desk.run("sync").code == 0
        person = desk.person()
        person.enter(TAB, "PAY-M01", "Target", "2027-01-04")
        person.enter(TAB, "PAY-M07", "Project", "PAY")
        writes = count()
        desk.doors["google_sheets"].plan = lambda number, method, path: (
            Status(429, {"Retry-After": "3600"}) if path.endswith(":batchUpdate") and next(writes) else None
        )
        told = desk.run("sync")
        assert told.code != 0
        assert sum("portfolio" in line for line in told.faults) == 1
        desk.doors["google_sheets"].plan = None
        assert desk.run("sync").code != 0, "the wish to be left alone binds the next process too"
        for wish in tmp_path.rglob("rate-*.json"):
            wish.unlink()  # the hour is over
        assert desk.run("sync").code == 0
        assert [row[0] for row in person.rows(TAB)[1:] if row].count("PAY-M07") == 1
        assert any("2027-01-04" in text for row in person.rows("Milestones") for text in row)
        before = person.rows("Milestones")
        assert desk.run("sync").code == 0
        assert person.rows("Milestones") == before
