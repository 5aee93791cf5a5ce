"""Input tabs of spreadsheets that people have made their own way: found by title or named range, told by sheet cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pmosync.connector import Finding
from pmosync.emulation.faults import Fault, Status
from pmosync.errors import ConfigError, UnreadError
from pmosync.raw import Batch
from pmosync_google_sheets.places import corners
from pmosync_google_sheets.source import SheetsSource

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

PLAN, TABLE = "Q4 计划", "里程碑表"
HEAD = ("项目编号", "名称", "Committed on")
LINES = (("PAY", "支付", "2026-12-05"), ("WEB", "Web shop", "2026-12"))
TOP, LEFT = 6, 2
"""Where the table stands: its header is row 7, its first column C."""


def put(site: Site, sheet: str, top: int, left: int, rows: Sequence[Sequence[str]]) -> None:
    """Type a table, its first cell at a zero-based place."""
    for row, line in enumerate(rows, top):
        for column, text in enumerate(line, left):
            site.person.type(f"'{sheet}'!{chr(65 + column)}{row + 1}", text)


def sheet_id(site: Site, title: str) -> int:
    """The number of a sheet."""
    document = site.emulator.spreadsheet(site.settings["spreadsheet"]).document
    assert document is not None
    found = document.titled(title)
    assert found is not None
    return found.id


def name_range(site: Site, name: str, sheet: str, **sides: int) -> None:
    """Give cells a name; a side that is not given is open."""
    area = {"sheetId": sheet_id(site, sheet), **sides}
    site.person.edit({"addNamedRange": {"namedRange": {"namedRangeId": name, "name": name, "range": area}}})


def team(site: Site, *, bottom: int | None = TOP + 3) -> None:
    """A sheet as a team has it: a remark and another table above and beside, ours in the middle under a name."""
    site.person.add_tab(PLAN)
    put(site, PLAN, 0, 0, [["如何填写", "how to fill this in"], [], ["Code", "Name"], ["OLD", "not ours"]])
    put(site, PLAN, TOP, LEFT, [HEAD, *LINES])
    put(site, PLAN, TOP, LEFT + 4, [["Code", "Name"], ["HERS", "another table"]])
    sides = {"startRowIndex": TOP, "startColumnIndex": LEFT, "endColumnIndex": LEFT + 3}
    name_range(site, TABLE, PLAN, **sides, **({} if bottom is None else {"endRowIndex": bottom}))


def pulled(site: Site, name: str) -> Batch:
    """The rows that a pull tells where the tab of projects has this name in the settings."""
    source = site.source(tabs={"projects": name})
    return next(source.pull(source.units()[0], None))


def unread(site: Site, name: str) -> list[tuple[str, str]]:
    """Which tables a pull says it could not read, and why."""
    source = site.source(tabs={"projects": name})
    with pytest.raises(UnreadError) as raised:
        list(source.pull(source.units()[0], None))
    return [(each.place, each.why) for each in raised.value.tables]


def cells(batch: Batch) -> dict[str, dict[str, Any]]:
    """Code → what is typed, of columns that are there."""
    return {one.payload["code"]: {k: v for k, v in one.payload["cells"].items() if v} for one in batch.records}


def wrong(site: Site, name: str) -> list[Finding]:
    """What check finds amiss."""
    return [finding for finding in site.source(tabs={"projects": name}).check() if not finding.ok]


READ = {
    "PAY": {"code": "PAY", "name": "支付", "due": "2026-12-05"},
    "WEB": {"code": "WEB", "name": "Web shop", "due": "2026-12"},
}


def test_a_sheet_by_its_title(site: Site) -> None:
    """A title of the team's own, in any case; the header below remarks, in either language; cells have the sheet's
    addresses; of the tabs that nobody named, none is missing.
    """
    site.person.add_tab(PLAN)
    put(site, PLAN, 0, 0, [["如何填写"], [], HEAD, *LINES])
    batch = pulled(site, " q4 计划")
    assert cells(batch) == READ
    assert batch.records[0].payload["addresses"]["due"] == "'Q4 计划'!C4"
    assert batch.records[0].payload["typed"] == {"due": "date"}
    assert batch.whole == ("row",)


@pytest.mark.parametrize("bottom", [TOP + 3, TOP + 30, None])
def test_a_named_range_is_a_window(site: Site, bottom: int | None) -> None:
    """Only the cells of the range count, whatever stands around it and whether or not it has an end; rows and addresses are
    those of the sheet, a month is told from its first day, and all is listed.
    """
    team(site, bottom=bottom)
    batch = pulled(site, TABLE)
    assert cells(batch) == READ
    first = batch.records[0].payload
    assert (first["row"], first["rows"]) == (TOP + 2, [TOP + 2])
    assert first["addresses"] == {"code": "'Q4 计划'!C8", "name": "'Q4 计划'!D8", "due": "'Q4 计划'!E8"}
    assert first["missing_columns"] == ["control"]
    assert batch.whole == ("row",)


def test_a_range_by_its_name_in_any_case(site: Site) -> None:
    """Google tells two names apart by more than their case."""
    team(site)
    sides = {"startRowIndex": TOP, "startColumnIndex": LEFT, "endColumnIndex": LEFT + 3}
    name_range(site, "MilesTones", PLAN, **sides)
    assert cells(pulled(site, " milestones")) == READ


def test_two_ranges_of_one_sheet(site: Site) -> None:
    """Tables beside each other are each read for what they are, their months too."""
    team(site)
    put(site, PLAN, TOP, 7, [("Code", "Committed on"), ("R1", "2027-01")])
    name_range(site, "Risks", PLAN, startRowIndex=TOP, endRowIndex=TOP + 2, startColumnIndex=7, endColumnIndex=9)
    opening = site.opening(tabs={"projects": TABLE, "risks": "Risks"})
    source = SheetsSource(replace(opening, tabs=(site.projects, replace(site.projects, key="risks", sheet_id=73))))
    before = site.layer.requests()
    (batch,) = source.pull(source.units()[0], None)
    assert site.layer.requests() - before == 4, "a token, the layout, the values, the formats"
    assert [(one.ref.id, one.payload["cells"]["due"]) for one in batch.records] == [
        ("projects:PAY", "2026-12-05"),
        ("projects:WEB", "2026-12"),
        ("risks:R1", "2027-01"),
    ]


def test_people_insert_and_move_around_and_inside(site: Site) -> None:
    """A name goes with its cells: rows and columns that come before or between lose and misread nothing."""
    team(site)
    person = site.person
    person.insert_rows(PLAN, 0, 3)
    person.insert_columns(PLAN, 0)
    person.insert_columns(PLAN, LEFT + 2)
    person.insert_rows(PLAN, TOP + 5)
    put(site, PLAN, TOP + 5, LEFT + 1, [["NEW", "", "新项目"]])
    person.rename_tab(PLAN, "Renamed! 改名")
    batch = pulled(site, TABLE)
    assert cells(batch) == {**READ, "NEW": {"code": "NEW", "name": "新项目"}}
    assert {one.payload["code"]: one.payload["row"] for one in batch.records} == {"PAY": 11, "NEW": 12, "WEB": 13}
    assert batch.records[0].payload["addresses"]["name"] == "'Renamed! 改名'!F11"


def test_a_row_inserted_between_two_requests(site: Site) -> None:
    """Where the range lies is told with its values: a row that comes in after the layout was read pushes none out."""
    team(site)

    def insert(_number: int, _method: str, path: str) -> Fault | None:
        if path.endswith(":batchGet"):
            site.person.insert_rows(PLAN, TOP + 2)
        return None

    site.layer.plan = insert
    batch = pulled(site, TABLE)
    site.layer.plan = None
    assert cells(batch) == READ
    assert batch.records[-1].payload["addresses"]["code"] == "'Q4 计划'!C10"


@pytest.mark.parametrize("name", [PLAN, TABLE])
def test_blank_rows_and_merged_cells(site: Site, name: str) -> None:
    """A blank row ends nothing. Merged cells have their value in the first one: the others are empty, so that a row below
    a merged code is told as one without a code; it is never read as the row above, nor lost.
    """
    site.person.add_tab(PLAN)
    put(site, PLAN, 0, 0, [HEAD, LINES[0], [], [], LINES[1], ["", "below WEB"], ["APP", "App"], ["API"]])
    name_range(site, TABLE, PLAN, endRowIndex=9, endColumnIndex=3)
    for first, last, left in ((4, 6, 0), (6, 8, 1)):
        span = {"startRowIndex": first, "endRowIndex": last, "startColumnIndex": left, "endColumnIndex": left + 1}
        merge = {"range": {"sheetId": sheet_id(site, PLAN), **span}, "mergeType": "MERGE_ALL"}
        site.person.edit({"mergeCells": merge})
    batch = pulled(site, name)
    ids = [one.ref.id for one in batch.records]
    assert sorted(ids) == ["projects:#row6", "projects:API", "projects:APP", "projects:PAY", "projects:WEB"]
    assert cells(batch)["API"] == {"code": "API"}
    assert cells(batch)["APP"] == {"code": "APP", "name": "App"}
    assert cells(batch)[""] == {"name": "below WEB"}


def test_what_nobody_named_is_not_read(site: Site) -> None:
    """Where the settings name tabs, these are all that is read and missed: a sheet that happens to have one of our titles is
    the team's.
    """
    team(site)
    site.person.add_tab("Risks")
    put(site, "Risks", 0, 0, [HEAD, ("R1", "", "")])
    opening = site.opening(tabs={"projects": TABLE})
    risks = replace(site.projects, key="risks", title="Risks", sheet_id=73)
    source = SheetsSource(replace(opening, tabs=(site.projects, risks, replace(risks, key="people", title="People"))))
    (batch,) = source.pull(source.units()[0], None)
    assert (cells(batch), batch.whole) == (READ, ("row",))


def test_a_name_that_is_no_tab_reads_nothing(site: Site) -> None:
    """An empty list would be a whole one, and every row would look deleted."""
    with pytest.raises(ConfigError, match="the keys are projects"):
        site.source(tabs={"project": TABLE})


def test_a_sheet_remembers_no_columns_for_a_range(site: Site) -> None:
    """A copy of our own tab knows its columns from its first cell on; of a range in it only what it shows counts."""
    site.sink().write(site.first())
    site.person.insert_columns(site.projects.title, 4)
    put(site, site.projects.title, 1, 4, [["no code"]])
    name_range(site, "Part", site.projects.title, startColumnIndex=4)
    assert pulled(site, "Part").records == ()


def test_a_title_wins_over_a_range(site: Site) -> None:
    """Where a sheet and a range have one name, the sheet is read."""
    team(site)
    site.person.add_tab("Other")
    put(site, "Other", 0, 0, [HEAD, ("APP", "App", "")])
    sides = {"startRowIndex": TOP, "startColumnIndex": LEFT, "endColumnIndex": LEFT + 3}
    name_range(site, "Plan", PLAN, **sides)
    assert cells(pulled(site, "Plan")) == READ
    site.person.rename_tab("Other", "Plan")
    assert set(cells(pulled(site, "Plan"))) == {"APP"}


@pytest.mark.parametrize("loss", ["name", "renamed", "cells", "sheet"])
def test_a_name_that_leads_nowhere(site: Site, loss: str) -> None:
    """Renamed, deleted, or without cells: the pull lists nothing whole, so that no row looks deleted, and says that the table
    could not be read; check names what is looked for, the key of the settings and the remedy.
    """
    team(site)
    match loss:
        case "name":
            site.person.edit({"deleteNamedRange": {"namedRangeId": TABLE}})
        case "renamed":
            named = {"namedRangeId": TABLE, "name": "Elsewhere"}
            site.person.edit({"updateNamedRange": {"namedRange": named, "fields": "name"}})
        case "cells":
            site.person.delete_rows(PLAN, TOP, 3)
        case _:
            site.person.delete_tab(PLAN)
    batch = pulled(site, TABLE)
    assert (batch.records, batch.whole) == ((), ())
    assert unread(site, TABLE) == [(TABLE, "empty" if loss == "cells" else "absent")]
    (finding,) = wrong(site, TABLE)
    assert (finding.place, "(projects)" in finding.message) == (TABLE, True)
    assert ("lost its cells" in finding.message) == (loss == "cells")
    assert "settings" in finding.remedy


def test_a_code_column_outside_the_range(site: Site) -> None:
    """A range that leaves the code column out, or the header, reads nothing and loses nothing."""
    team(site)
    name_range(site, "Cut", PLAN, startRowIndex=TOP, endRowIndex=TOP + 3, startColumnIndex=LEFT + 1)
    name_range(site, "Headless", PLAN, startRowIndex=TOP + 1, endRowIndex=TOP + 3, startColumnIndex=LEFT)
    for name in ("Cut", "Headless"):
        batch = pulled(site, name)
        assert [one.payload["code"] for one in batch.records if one.payload["code"] in READ] == []
    assert pulled(site, "Headless").whole == ()
    assert unread(site, "Headless") == [("Headless", "header")]


def test_rows_below_a_range_are_told(site: Site) -> None:
    """What stands directly below the range is not read, and check says so; an empty row between ends the table; what
    stands beside it there is nobody's business, and a range without an end has nothing below.
    """
    team(site)
    assert wrong(site, TABLE) == []
    put(site, PLAN, TOP + 3, LEFT + 4, [["HERS2"]])
    assert wrong(site, TABLE) == []
    put(site, PLAN, TOP + 3, LEFT, [["LATE", "too far down"]])
    (finding,) = wrong(site, TABLE)
    assert (finding.place, TABLE in finding.message) == ("'Q4 计划'!C10:E10", True)
    assert "extend the range" in finding.remedy
    site.person.insert_rows(PLAN, TOP + 3)
    assert wrong(site, TABLE) == []
    name_range(site, "Open", PLAN, startRowIndex=TOP, startColumnIndex=LEFT, endColumnIndex=LEFT + 3)
    assert wrong(site, "Open") == []
    assert set(cells(pulled(site, TABLE))) == set(READ)


def test_what_below_a_range_is_no_row(site: Site) -> None:
    """An unticked box is nothing that a person put in, and what stands below a column that nobody reads is no row of ours."""
    site.person.add_tab(PLAN)
    put(site, PLAN, 0, 0, [("Code", "Owner", "Name"), ("PAY", "Li", "支付"), ("", "sum: 1", "FALSE")])
    name_range(site, TABLE, PLAN, startRowIndex=0, endRowIndex=2, startColumnIndex=0, endColumnIndex=3)
    assert wrong(site, TABLE) == []
    site.person.type(f"'{PLAN}'!C3", "TRUE")
    (finding,) = wrong(site, TABLE)
    assert finding.place == "'Q4 计划'!A3:C3"


def test_a_table_without_its_header_has_nothing_below(site: Site) -> None:
    """Where no column was found, that is what is told."""
    team(site)
    name_range(site, "Headless", PLAN, startRowIndex=TOP + 1, endRowIndex=TOP + 2, startColumnIndex=LEFT)
    (finding,) = wrong(site, "Headless")
    assert "column Code is missing" in finding.message


def test_check_says_what_can_be_read(site: Site) -> None:
    """A team's table has the columns that the team wants: those that it lacks are told and are no fault; without the code
    column it cannot be read.
    """
    team(site)
    told = list(site.source(tabs={"projects": TABLE}).check())
    assert told[-1] == Finding(True, TABLE, "2 rows can be read, without the columns Control")
    site.person.type(f"'{PLAN}'!C7", "Kennung")
    (finding,) = wrong(site, TABLE)
    assert (finding.place, "column Code is missing" in finding.message) == (TABLE, True)


@pytest.mark.parametrize("header", ["Which one", ""])
def test_a_column_that_tells_rows_apart_is_renamed(site: Site, header: str) -> None:
    """Where it takes several columns to tell rows apart, each of them must be there: without one the ids of all rows would
    change. None is read then and none looks deleted, and check names the column; with its header they are back.
    """
    bindings = replace(site.projects, key="bindings", identity=("code", "name"))
    site.person.add_tab(PLAN)
    put(site, PLAN, 0, 0, [HEAD, *LINES])

    def source() -> SheetsSource:
        return SheetsSource(replace(site.opening(tabs={"bindings": PLAN}), tabs=(bindings,)))

    def read() -> tuple[list[str], tuple[str, ...]]:
        batch = next(source().pull(source().units()[0], None))
        return [one.ref.id for one in batch.records], batch.whole

    before = read()
    assert before == (["bindings:PAY/支付", "bindings:WEB/Web shop"], ("row",))
    site.person.type(f"'{PLAN}'!B1", header)
    assert read() == ([], ())
    with pytest.raises(UnreadError, match="the column Name is missing"):
        list(source().pull(source().units()[0], None))
    (finding,) = [one for one in source().check() if not one.ok]
    assert finding.place == PLAN
    assert finding.remedy.startswith("restore its header: Name")
    site.person.type(f"'{PLAN}'!B1", "Name")
    assert read() == before


def test_check_tells_once_why_nothing_can_be_read(site: Site) -> None:
    """An answer that breaks off behind the proofs is a finding; one that the proofs have told is told once."""
    team(site)
    site.layer.plan = lambda _number, _method, path: Status(503) if path.endswith(":batchGet") else None
    (finding,) = wrong(site, TABLE)
    assert "503" in finding.message
    site.layer.plan = lambda _number, _method, path: Status(503) if "/spreadsheets/" in path else None
    assert len(wrong(site, TABLE)) == 1


def test_a_spreadsheet_without_names_is_no_workbook_of_ours(site: Site) -> None:
    """Of a connection nothing is made by a sync: a tab that is not there is told as such, with what to do."""
    site.person.add_tab(PLAN)
    (told,) = [finding for finding in site.source().check() if finding.place == site.projects.title]
    assert (told.ok, "`tabs`" in told.remedy, "made" in told.message + told.remedy) == (True, True, False)
    own = SheetsSource(replace(site.opening(), own=True))
    (told,) = [finding for finding in own.check() if finding.place == site.projects.title]
    assert "made by the first sync" in told.remedy


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("Plan!B5:F40", (4, 1, 40)),
        ("'Is it B2!C3'!AA10:AB12", (9, 26, 12)),
        ("'Q4 计划'!A1:Z1000", (0, 0, 1000)),
        ("Plan!C7", (6, 2, 7)),
        ("", (0, 0, 0)),
    ],
)
def test_corners(told: str, at: tuple[int, int, int]) -> None:
    """A range as Google writes it, behind a title that may look like one."""
    assert corners(told) == at
