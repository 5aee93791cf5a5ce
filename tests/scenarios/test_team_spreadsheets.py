"""Teams go on in their own spreadsheets, beside the workbook that pmosync keeps: rows of all of them are one plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.cli import check
from pmosync.cli.proof import draw, faults
from pmosync.compute.assessment import Letter
from pmosync.compute.place import spot
from pmosync.connector import Finding
from pmosync.dashboard import words
from pmosync.emulation.events import ProjectOpens
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync.engine.house import Request
from pmosync.model import Freshness, Problem
from pmosync.testing.rig import Cells, Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CARDS, CASH = "team-cards", "team-cash"
SHEET, TABLE = "Q4 计划", "里程碑表"
HEAD = ("里程碑代码", "里程碑名称", "项目", "目标日期", "备注")


def sheets(rig: Rig) -> SheetsEmulator:
    """Google, as it is emulated."""
    found = rig.emulators["google_sheets"]
    assert isinstance(found, SheetsEmulator)
    return found


def person(rig: Rig, spreadsheet: str) -> Person:
    """Somebody of a team at its own spreadsheet."""
    return sheets(rig).person(spreadsheet)


def put(rig: Rig, spreadsheet: str, top: int, left: int, rows: Sequence[Sequence[str]]) -> None:
    """Type a table into the team's sheet, its first cell at a zero-based place."""
    for row, line in enumerate(rows, top):
        for column, text in enumerate(line, left):
            person(rig, spreadsheet).type(f"'{SHEET}'!{chr(65 + column)}{row + 1}", text)


def connect(rig: Rig, door: str, spreadsheet: str, tabs: dict[str, str], *, asked_first: bool = False) -> None:
    """A connection to a team's spreadsheet."""
    given = {**sheets(rig).connection(door, rig.folder / "secrets"), "spreadsheet": spreadsheet}
    rig.connect(spreadsheet, "google_sheets", {**given, "tabs": tabs, "ask_drive_first": asked_first})


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Our workbook with two projects and a milestone; one team with a sheet of milestones, one with a table among others."""
    with Rig(tmp_path, MONDAY) as made:
        rows: list[Cells] = [{"code": "PAY-M01", "name": "Contract", "project": "PAY", "target": date(2026, 11, 2)}]
        projects: list[Cells] = [{"code": "PAY", "name": "Payments"}, {"code": "CASH", "name": "Cashier"}]
        bindings: list[Cells] = [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}]
        made.register({"projects": projects, "milestone_inputs": rows, "bindings": bindings})
        made.live([ProjectOpens(at=MONDAY - HOUR, system="jira", key="PAY", name="Payments")])
        for spreadsheet in (CARDS, CASH):
            sheets(made).spreadsheet(spreadsheet)
            person(made, spreadsheet).add_tab(SHEET)
        put(made, CARDS, 0, 0, [["卡组的计划"], HEAD, ("PAY-M11", "卡片上线", "PAY", "2026-12-05", "")])
        put(made, CASH, 0, 0, [["Code", "Name"], ["CASH-M99", "last year's, done with"]])
        put(
            made,
            CASH,
            5,
            2,
            [HEAD, ("CASH-M21", "试点", "CASH", "2026-12", ""), ("CASH-M22", "全量", "CASH", "2026-12-18")],
        )
        area = {"startRowIndex": 5, "endRowIndex": 8, "startColumnIndex": 2, "endColumnIndex": 7}
        grid = sheets(made).spreadsheet(CASH).document
        assert grid is not None
        area["sheetId"] = grid.sheets[-1].id
        person(made, CASH).edit({"addNamedRange": {"namedRange": {"name": TABLE, "range": area}}})
        with LoopbackServer(sheets(made).app) as server:
            connect(made, server.url, CARDS, {"milestones": SHEET})
            connect(made, server.url, CASH, {"milestones": TABLE})
            made.sync(MONDAY)
            yield made


def codes(rig: Rig) -> dict[str, date | None]:
    """The milestones that are judged, with their targets."""
    assert rig.assessment is not None
    return {one.milestone.code: one.target.day if one.target else None for one in rig.assessment.milestones}


def troubles(rig: Rig) -> list[str]:
    """What is found of rows that are lost or cannot be read."""
    assert rig.assessment is not None
    return [each.rule for each in rig.assessment.findings if "row" in each.rule or "column" in each.rule]


ALL = {
    "PAY-M01": date(2026, 11, 2),
    "PAY-M11": date(2026, 12, 5),
    "CASH-M21": date(2026, 12, 31),
    "CASH-M22": date(2026, 12, 18),
}


def test_rows_of_all_spreadsheets_are_one_plan(rig: Rig) -> None:
    """A sheet by its title and a table by the name of its range count beside our own tab; what stands around the range does
    not. Each row is told where it stands.
    """
    assert codes(rig) == ALL
    row = rig.milestone("CASH-M22").row
    assert row is not None
    assert spot(row.place, "target") == "'Q4 计划'!F8"
    assert troubles(rig) == []


def test_people_insert_and_delete_inside_the_range(rig: Rig) -> None:
    """A row and a column that come in are read, what stood there is not misread, and a row taken out leaves the plan."""
    someone = person(rig, CASH)
    someone.insert_columns(SHEET, 4)
    someone.insert_rows(SHEET, 7)
    someone.insert_rows(SHEET, 0, 2)
    put(rig, CASH, 9, 2, [["CASH-M23", "复盘", "", "CASH", "2027-01-15"]])
    rig.sync(MONDAY + HOUR)
    assert codes(rig) == {**ALL, "CASH-M23": date(2027, 1, 15)}
    assert troubles(rig) == []
    someone.delete_rows(SHEET, 10)
    rig.sync(MONDAY + 2 * HOUR)
    assert troubles(rig) == ["row-left"]
    assert codes(rig) == {**ALL, "CASH-M22": None, "CASH-M23": date(2027, 1, 15)}


def lose_the_range(rig: Rig) -> None:
    """Delete the name of the cashiers' range."""
    document = sheets(rig).spreadsheet(CASH).document
    assert document is not None
    person(rig, CASH).edit({"deleteNamedRange": {"namedRangeId": document.named[0]["namedRangeId"]}})


def test_a_range_that_is_lost_takes_no_row_with_it(rig: Rig) -> None:
    """Its name deleted, nothing of it is read and nothing leaves the plan; under a sheet that was given the name, it goes on."""
    assert codes(rig) == ALL
    lose_the_range(rig)
    rig.sync(MONDAY + HOUR)
    assert codes(rig) == ALL
    person(rig, CASH).add_tab(TABLE)
    rig.sync(MONDAY + 2 * HOUR)
    assert codes(rig) == ALL


def lost(rig: Rig) -> list[Problem]:
    """What is told of tables that could not be read."""
    assert rig.assessment is not None
    return [each for each in rig.assessment.findings if each.rule == "table-unread"]


def outcome(rig: Rig) -> str:
    """How the last run ended."""
    return rig.house.store.runs(1)[0].outcome


@pytest.mark.parametrize(
    ("loss", "cause", "said"),
    [
        ("name", "absent", ("neither a sheet of this title", "既不是工作表标题")),
        ("cells", "empty", ("has lost its cells", "已没有单元格")),
        ("sheet", "absent", ("neither a sheet of this title", "既不是工作表标题")),
        ("code", "header", ("the first 10 rows", "前 10 行")),
    ],
)
def test_a_table_that_cannot_be_read_is_told_and_ages(rig: Rig, loss: str, cause: str, said: tuple[str, str]) -> None:
    """A finding names connection, table and remedy in both languages; the run is partial; the connection's last good reading
    stays where it was until the table is back, and its facts age as those of a system that does not answer.
    """
    someone = person(rig, CASH)
    match loss:
        case "name":
            lose_the_range(rig)
        case "cells":
            someone.delete_rows(SHEET, 5, 3)
        case "sheet":
            someone.delete_tab(SHEET)
        case _:
            someone.type(f"'{SHEET}'!C6", "Kennung")
    for hours in (1, 2):
        rig.sync(MONDAY + hours * HOUR)
        (problem,) = lost(rig)
        assert (problem.place, dict(problem.values)["which"]) == (f"{CASH}: {TABLE}", cause)
        for part, language in zip(said, ("en", "zh-CN"), strict=True):
            message, remedy = words.found(problem, language)
            assert part in message
            assert remedy
        assert (outcome(rig), fresh(rig, CASH).state, fresh(rig, CASH).good) == ("partial", "held", MONDAY)
        assert TABLE in fresh(rig, CASH).reason
        assert (fresh(rig, CARDS).good, codes(rig)) == (rig.now, ALL)
    rig.sync(MONDAY + timedelta(days=28))
    assert rig.milestone("CASH-M22").rag.shown is Letter.GREY


def test_a_table_that_is_back_is_well(rig: Rig) -> None:
    """The finding goes, and the facts are those of now."""
    someone = person(rig, CASH)
    someone.type(f"'{SHEET}'!C6", "Kennung")
    rig.sync(MONDAY + HOUR)
    someone.type(f"'{SHEET}'!C6", "Code")
    rig.sync(MONDAY + 2 * HOUR)
    assert (lost(rig), outcome(rig)) == ([], "done")
    assert (fresh(rig, CASH).state, fresh(rig, CASH).good) == ("ok", rig.now)


def checked(rig: Rig) -> list[Finding]:
    """What ``check`` says, line by line."""
    rig.close_house()
    return list(check.once(check.findings(rig.house)))


def test_check_tells_the_same_slip_of_each_spreadsheet(rig: Rig) -> None:
    """One cell and one text in two spreadsheets are two findings to mend, each under its connection; a place in the
    workbook needs no name.
    """
    person(rig, CARDS).insert_columns(SHEET, 0, 2)
    put(rig, CARDS, 6, 2, [("PAY-M12", "试点", "PAY", "明天")])
    put(rig, CASH, 6, 5, [("明天",)])
    sheets(rig).person().enter("Milestone inputs", "PAY-M01", "Target", "明天")
    wrong = [each.place for each in checked(rig) if "明天" in each.message]
    assert sorted(wrong) == ["'Milestone inputs'!H2", f"{CARDS}: 'Q4 计划'!F7", f"{CASH}: 'Q4 计划'!F7"]


def test_check_names_the_connection_of_what_a_spreadsheet_says(rig: Rig) -> None:
    """What is amiss in team spreadsheets is told of each, though the words are alike."""
    person(rig, CARDS).rename_tab(SHEET, TABLE)
    lose_the_range(rig)
    person(rig, CASH).rename_tab(SHEET, "Other")
    places = [each.place for each in checked(rig) if "nothing is read for it" in each.message]
    assert places == [f"{CARDS}: {SHEET}", f"{CASH}: {TABLE}"]


@pytest.fixture
def two(rig: Rig) -> Iterator[Rig]:
    """The cashiers' spreadsheet is asked for a second table, which is not there."""
    with LoopbackServer(sheets(rig).app) as server:
        rig.close_house()
        connect(rig, server.url, CASH, {"milestones": TABLE, "risks": "Nowhere"})
        yield rig


def test_what_can_be_read_beside_a_lost_table_counts(two: Rig) -> None:
    """What is typed there is taken in; a row deleted there stays in the plan, and finding and status say until when; once the
    table is there, it leaves.
    """
    put(two, CASH, 6, 5, [("2026-11-30",)])
    person(two, CASH).delete_rows(SHEET, 7)
    two.sync(MONDAY + HOUR)
    assert codes(two) == {**ALL, "CASH-M21": date(2026, 11, 30)}
    (problem,) = lost(two)
    assert problem.place == f"{CASH}: Nowhere"
    assert "what is deleted beside it counts only once" in problem.message
    assert "其他工作表中删除的行也不计" in words.found(problem, "zh-CN")[0]
    assert "what is deleted beside it counts only once" in fresh(two, CASH).reason
    person(two, CASH).add_tab("Nowhere")
    person(two, CASH).type("'Nowhere'!A1", "Risk")
    two.sync(MONDAY + 2 * HOUR)
    assert troubles(two) == ["row-left"]


@pytest.fixture
def door(rig: Rig) -> Iterator[Faults]:
    """Where the team's spreadsheet is asked for from now on, Drive first and three minutes behind; read twice already."""
    sheets(rig).library.lag = 3 * MINUTE
    layer = Faults(sheets(rig).app)
    with LoopbackServer(layer) as server:
        rig.close_house()
        connect(rig, server.url, CASH, {"milestones": TABLE}, asked_first=True)
        rig.sync(MONDAY + 15 * MINUTE)
        rig.sync(MONDAY + 30 * MINUTE)
        yield layer


def reads(rig: Rig, door: Faults, minutes: int) -> bool:
    """Whether a sync so long after Monday's first reads the team's values; Drive is asked whenever it is not told to."""
    door.clear()
    rig.sync(MONDAY + minutes * MINUTE)
    paths = [one.path for one in door.seen]
    assert sum("/drive/" in path for path in paths) == 1
    return any("/spreadsheets/" in path for path in paths)


def fresh(rig: Rig, connection: str) -> Freshness:
    """How fresh a connection is said to be."""
    return next(one for one in rig.house.store.freshness(rig.now) if one.connection == connection)


def test_an_unchanged_spreadsheet_is_not_read(rig: Rig, door: Faults) -> None:
    """Its rows stay in force and nothing counts as taken out; its facts are those of ten minutes ago, until Drive knows of
    an edit, while the workbook's are of now.
    """
    assert not reads(rig, door, 45)
    assert codes(rig) == ALL
    assert fresh(rig, CASH).good == rig.now - 10 * MINUTE
    assert (fresh(rig, CASH).state, fresh(rig, "portfolio").good) == ("ok", rig.now)
    person(rig, CASH).delete_rows(SHEET, 7)
    assert reads(rig, door, 50)
    assert troubles(rig) == ["row-left"]
    assert (codes(rig)["CASH-M22"], fresh(rig, CASH).good) == (None, rig.now)


def test_what_is_held_is_looked_at_again(rig: Rig, door: Faults) -> None:
    """While rows are held that were taken out together, every sync reads and says so; agreed to, they leave with the next,
    although nobody has touched the spreadsheet since.
    """
    rows = [(f"CASH-M{number}", "x", "CASH", "2027-02-01") for number in range(30, 50)]
    person(rig, CASH).insert_rows(SHEET, 7, len(rows))
    put(rig, CASH, 7, 2, rows)
    assert reads(rig, door, 60)
    person(rig, CASH).delete_rows(SHEET, 7, len(rows))
    assert [reads(rig, door, minutes) for minutes in (75, 90, 105)] == [True] * 3
    assert fresh(rig, CASH).state == "held"
    (hold,) = rig.house.store.holds()
    rig.house.store.accept(hold.id, "deleted", rig.now)
    assert reads(rig, door, 106)
    assert codes(rig)["CASH-M30"] is None
    assert fresh(rig, CASH).state == "ok"
    assert [reads(rig, door, minutes) for minutes in (120, 135)] == [True, False]


def test_a_run_of_one_project_moves_no_team_sheet_on(rig: Rig, door: Faults) -> None:
    """Such a run takes nothing for gone, so that what it read of a plan is no word of what is missing: the next whole run
    reads the sheet once more, and a row that was taken out before leaves the plan.
    """
    before = rig.house.store.cursors(CASH)
    person(rig, CASH).delete_rows(SHEET, 7)
    for minutes in (35, 50):
        list(rig.run(MONDAY + minutes * MINUTE, Request(projects=frozenset({"PAY"}))))
        assert (rig.house.store.cursors(CASH), codes(rig)) == (before, ALL)
    assert reads(rig, door, 62)
    assert (codes(rig)["CASH-M22"], troubles(rig)) == (None, ["row-left"])


def test_a_lost_table_is_looked_for_whatever_drive_says(rig: Rig, door: Faults) -> None:
    """Nobody touches the spreadsheet any more: every sync reads and tells it all the same."""
    lose_the_range(rig)
    assert [reads(rig, door, minutes) for minutes in (60, 75, 90)] == [True] * 3
    assert [each.place for each in lost(rig)] == [f"{CASH}: {TABLE}"]


@pytest.mark.parametrize("asked", [Request(full=True), Request(since=MONDAY)])
def test_who_asks_for_everything_gets_it(rig: Rig, door: Faults, asked: Request) -> None:
    """``--full`` and ``--since`` read whatever Drive says."""
    door.clear()
    list(rig.run(MONDAY + 45 * MINUTE, asked))
    assert any("/spreadsheets/" in one.path for one in door.seen)


def test_a_renamed_header_takes_no_binding_with_it(tmp_path: Path) -> None:
    """Of Bindings it takes code, system, what and which to tell rows apart: with one of these headers renamed no row is
    taken for gone, so that nothing that is bound leaves the plan; the table is told until its header is back.
    """
    keys = ("PA", "PB", "PC")
    with Rig(tmp_path, MONDAY) as made:
        made.register({"projects": [{"code": key} for key in keys]})
        sheets(made).spreadsheet(CASH)
        person(made, CASH).add_tab(SHEET)
        put(made, CASH, 0, 0, [("Code", "System", "What", "Which"), *((key, "jira", "project", key) for key in keys)])
        with LoopbackServer(sheets(made).app) as server:
            connect(made, server.url, CASH, {"bindings": SHEET})
            for hours, header in enumerate(("Which", "Which one", "Which")):
                put(made, CASH, 0, 3, [[header]])
                made.sync(MONDAY + hours * HOUR)
                assert [row.code for row in made.house.store.plan(made.now).bindings] == list(keys)
                assert (troubles(made), made.house.store.holds()) == ([], ())
                assert [each.place for each in lost(made)] == ([f"{CASH}: {SHEET}"] if header == "Which one" else [])


@pytest.mark.parametrize(("first", "second"), [(CARDS, CASH), (CASH, CARDS)])
def test_a_code_of_another_team_takes_nothing_over(rig: Rig, first: str, second: str) -> None:
    """A code that a second team types: the milestone stays as the first has it, with its history, and edits of neither
    count until one is left. Both rows are told.
    """
    row = {CARDS: 3, CASH: 7}
    cells = {CARDS: "ABCD", CASH: "CDEF"}

    def typed(spreadsheet: str, *texts: str) -> None:
        for column, text in zip(cells[spreadsheet], texts, strict=True):
            person(rig, spreadsheet).type(f"'{SHEET}'!{column}{row[spreadsheet]}", text)

    def stands() -> tuple[str, date | None, date | None]:
        one = rig.milestone("COM-M01")
        return one.project, one.target.day if one.target else None, one.first_target

    day = date(2026, 12, 18)
    typed(first, "COM-M01", "甲", "PAY", "2026-12-18")
    rig.sync(MONDAY + HOUR)
    assert stands() == ("PAY", day, day)
    typed(second, "COM-M01", "乙", "CASH", "2027-06-30")
    rig.sync(MONDAY + 2 * HOUR)
    assert stands() == ("PAY", day, day)
    assert rig.assessment is not None
    assert [each.rule for each in rig.assessment.findings if each.code == "COM-M01"].count("duplicate-code") == 2
    typed(first, "COM-M01", "甲", "PAY", "2027-01-15")
    rig.sync(MONDAY + 3 * HOUR)
    assert stands() == ("PAY", day, day)
    typed(second, "COM-M02", "乙", "CASH", "2027-06-30")
    rig.sync(MONDAY + 4 * HOUR)
    assert stands() == ("PAY", date(2027, 1, 15), day)
    assert codes(rig)["COM-M02"] == date(2027, 6, 30)


def in_workbook(rig: Rig) -> set[str]:
    """The codes that have a row in our workbook."""
    return {str(row[0]) for row in sheets(rig).person().rows("Milestone inputs")[1:]}


def drop(rig: Rig, spreadsheet: str) -> None:
    """Take the connection of a team's spreadsheet out of the settings."""
    rig.close_house()
    rig.disconnect(spreadsheet)


def test_a_team_s_rows_are_never_copied_into_our_workbook(rig: Rig) -> None:
    """Not while their connection is out of the settings, where what was read stays in force, nor when it is back: the
    team's edits count.
    """
    drop(rig, CASH)
    rig.sync(MONDAY + 2 * HOUR)
    assert (codes(rig), in_workbook(rig)) == (ALL, {"PAY-M01"})
    with LoopbackServer(sheets(rig).app) as server:
        rig.close_house()
        connect(rig, server.url, CASH, {"milestones": TABLE})
        person(rig, CASH).type(f"'{SHEET}'!F8", "2027-01-08")
        rig.sync(MONDAY + 4 * HOUR)
        assert (codes(rig)["CASH-M22"], troubles(rig)) == (date(2027, 1, 8), [])
        assert in_workbook(rig) == {"PAY-M01"}


def test_a_connection_with_another_name_is_no_rival_of_itself(rig: Rig) -> None:
    """Its rows count, edits too, and what was told of them under the former name is their history; ``check`` knows it
    before the first sync.
    """
    drop(rig, CASH)
    with LoopbackServer(sheets(rig).app) as server:
        given = {**sheets(rig).connection(server.url, rig.folder / "secrets"), "spreadsheet": CASH}
        rig.connect("team-till", "google_sheets", {**given, "tabs": {"milestones": TABLE}, "ask_drive_first": False})
        assert "duplicate-code" not in {each.rule for each in faults(rig.house, draw(rig.house))}
        rig.sync(MONDAY + 2 * HOUR)
        assert codes(rig) == ALL
        person(rig, CASH).type(f"'{SHEET}'!F8", "2027-01-08")
        rig.sync(MONDAY + 4 * HOUR)
        one = rig.milestone("CASH-M22")
        assert (one.target and one.target.day, one.first_target) == (date(2027, 1, 8), date(2026, 12, 18))
        assert rig.assessment is not None
        assert "duplicate-code" not in {each.rule for each in rig.assessment.findings}


def test_a_finding_knows_its_spreadsheet(rig: Rig) -> None:
    """What cannot be read in a team's cell is told with the connection of its sheet."""
    person(rig, CASH).type(f"'{SHEET}'!F8", "soon")
    rig.sync(MONDAY + HOUR)
    assert rig.assessment is not None
    found = [(each.connection, each.place) for each in rig.assessment.findings if each.rule == "not-a-date"]
    assert found == [(CASH, "'Q4 计划'!F8")]


def deleted(rig: Rig, code: str) -> list[tuple[str, str, str, dict[str, str | int]]]:
    """What is said of a code's lost rows: rule, connection, place and values."""
    assert rig.assessment is not None
    found = [each for each in rig.assessment.findings if each.rule.startswith("row-") and each.code == code]
    return [(each.rule, each.connection, each.place, dict(each.values)) for each in found]


def test_a_deleted_row_is_told_where_it_stood(rig: Rig) -> None:
    """In the team's own sheet, and with the day of the settings' time zone: in Shanghai it is Tuesday by then."""
    person(rig, CASH).delete_rows(SHEET, 7)
    rig.sync(MONDAY + 15 * HOUR)
    ((rule, connection, place, told),) = deleted(rig, "CASH-M22")
    assert (rule, connection, place, told["day"]) == ("row-left", CASH, "'Q4 计划'!8:8", "2026-09-08")


def test_a_code_goes_on_in_the_sheet_that_still_has_it(rig: Rig) -> None:
    """Of two rows one is taken out, in our workbook too: the code has not left the plan, nothing is put back, and the
    finding names the row that counts now. It ends after a week.
    """
    put(rig, CASH, 7, 2, [("PAY-M01", "合同", "PAY", "2027-02-01")])
    rig.sync(MONDAY + HOUR)
    assert codes(rig)["PAY-M01"] == date(2026, 11, 2)
    sheets(rig).person().delete_rows("Milestone inputs", 1)
    rig.sync(MONDAY + 2 * HOUR)
    assert codes(rig)["PAY-M01"] == date(2027, 2, 1)
    ((rule, connection, _, told),) = deleted(rig, "PAY-M01")
    assert (rule, connection) == ("row-left", "portfolio")
    assert (told["which"], told["other"]) == ("elsewhere", f"'Q4 计划'!C8 ({CASH})")
    rig.sync(MONDAY + 9 * 24 * HOUR)
    assert (deleted(rig, "PAY-M01"), in_workbook(rig)) == ([], set())
