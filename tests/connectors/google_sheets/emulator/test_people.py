"""People at the sheet, neutral events, and loading a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmosync.emulation.events import AccessGiven, AccessLost, CellTyped, ItemCreated, RowDeleted
from pmosync.errors import ConfigError
from pmosync.sheet import Formula, Link
from pmosync_google_sheets.emulator import SERVICE_ACCOUNT, Person, SheetsEmulator
from pmosync_google_sheets.emulator.library import Caller

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOOL = Caller(SERVICE_ACCOUNT)


@pytest.fixture
def li(emulator: SheetsEmulator) -> Person:
    """Somebody at a small input tab whose header does not stand in the first row."""
    person = emulator.person()
    for row, line in enumerate(
        [["Fill in the white cells"], ["Code", "项目", "Target"], ["PAY-M1", "上线", "2026-12-05"], ["PAY-M2", "", ""]],
        1,
    ):
        for column, value in zip("ABC", line, strict=False):
            person.type(f"{column}{row}", value)
    return person


def test_typing_by_code_and_header(emulator: SheetsEmulator, li: Person) -> None:
    """The header row is found wherever it is; text is parsed as the sheet would; an absent code gets a new row."""
    emulator.apply(CellTyped(at=AT, tab="Sheet1", code="PAY-M2", column="target", value="2026-12-24"))
    emulator.apply(CellTyped(at=AT, tab="Sheet1", code="APP-M1", column="项目", value="验收"))
    assert li.rows("Sheet1")[2:] == [["PAY-M1", "上线", "2026-12-05"], ["PAY-M2", "", "2026-12-24"], ["APP-M1", "验收"]]
    assert li.value("C4") == 46380
    assert emulator.library.now == AT


def test_kinds_of_value(li: Person) -> None:
    """Dates, links, formulas and nothing can be entered too."""
    li.type("D1", date(2026, 12, 5))
    li.type("D2", Link("here", "https://a.example"))
    li.type("D3", Formula("=1+1"))
    li.type("C3", None)
    assert [li.shown(f"D{row}") for row in (1, 2, 3)] == ["2026-12-05", "here", "2"]
    assert li.shown("C3") == ""


def test_the_grid_grows_for_a_new_code(emulator: SheetsEmulator, li: Person) -> None:
    """Behind the last row of the grid."""
    li.type("A1000", "last")
    emulator.apply(CellTyped(at=AT, tab="Sheet1", code="NEW", column="项目", value="x"))
    assert li.row_of("Sheet1", "NEW") == 1000


def test_deleted_rows(emulator: SheetsEmulator, li: Person) -> None:
    """By code; an unknown one changes nothing."""
    for code in ("PAY-M1", "PAY-M1"):
        emulator.apply(RowDeleted(at=AT, tab="Sheet1", code=code))
    assert [line[0] for line in li.rows("Sheet1")[1:]] == ["Code", "PAY-M2"]


def test_access_is_lost_and_given(emulator: SheetsEmulator) -> None:
    """Events of other systems are ignored."""
    file = emulator.spreadsheet()
    emulator.apply(AccessLost(at=AT, system="jira"))
    emulator.apply(ItemCreated(at=AT, system="jira", key="PAY-1", project="PAY", title="x"))
    assert file.role(TOOL) == "writer"
    emulator.apply(AccessLost(at=AT, system="google_sheets"))
    assert file.role(TOOL) == ""
    emulator.apply(AccessGiven(at=AT, system="google_sheets", key="demo"))
    assert file.role(TOOL) == "writer"


def test_what_people_do_to_rows_columns_and_tabs(li: Person) -> None:
    """Insert, move, sort, rename, copy, delete."""
    li.insert_rows("Sheet1", 0)
    li.insert_columns("Sheet1", 0)
    li.move_columns("Sheet1", 2, 1)
    assert li.rows("Sheet1")[2] == ["", "项目", "Code", "Target"]
    li.delete_columns("Sheet1", 0)
    li.move_rows("Sheet1", 4, 3)
    assert [line[1] for line in li.rows("Sheet1")[3:]] == ["PAY-M2", "PAY-M1"]
    li.sort("Sheet1", 1, header=2)
    assert [line[1] for line in li.rows("Sheet1")[3:]] == ["PAY-M1", "PAY-M2"]
    li.duplicate_tab("Sheet1", "Copy")
    li.rename_tab("Sheet1", "输入")
    li.add_tab("New")
    li.delete_tab("Copy")
    li.clear("'输入'!A1:Z9")
    assert li.tabs() == ["输入", "New"]
    assert li.rows("输入") == []
    li.set_locale("zh_CN", "Asia/Shanghai")
    li.type("A1", "12月5日")
    assert li.value("A1") == 46361
    with pytest.raises(LookupError, match="there is no tab 'Gone'"):
        li.rows("Gone")


def test_loading_a_folder(tmp_path: Path) -> None:
    """One CSV a tab, typed as by a person; the folder's name is the spreadsheet's id; the service account may write."""
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "项目.csv").write_text(
        'code,name,"due, date"\nPAY,支付,2026-12-05\nAPP,"a\nb",=1+1\n', encoding="utf-8-sig"
    )
    (folder / "Risks.csv").write_text("id\n", encoding="utf-8")
    emulator = SheetsEmulator()
    emulator.load(folder)
    person = emulator.person("plan")
    assert sorted(person.tabs()) == ["Risks", "项目"]
    assert person.rows("项目") == [["code", "name", "due, date"], ["PAY", "支付", "2026-12-05"], ["APP", "a\nb", "2"]]
    assert person.value("'项目'!C2") == 46361
    assert emulator.connection("http://127.0.0.1:1", tmp_path)["spreadsheet"] == "plan"
    assert emulator.library.files["plan"].role(TOOL) == "writer"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a,b\n1,2\n3,4,5\n", 3, "3 cells, but the header has 2"),
        (b"a,b\n1,\xff\n", 2, "not UTF-8"),
        (b'a,b\n1,"2"x\n', 2, ""),
        (b'a,b\n1,"2\n', 2, ""),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    """File and line, and a remedy."""
    (tmp_path / "Risks.csv").write_bytes(content)
    with pytest.raises(ConfigError) as error:
        SheetsEmulator().load(tmp_path)
    assert f"Risks.csv, line {line}" in error.value.message
    assert words in error.value.message
    assert error.value.remedy


def test_nothing_to_load(tmp_path: Path) -> None:
    """A folder without tables, or no folder."""
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(ConfigError):
            SheetsEmulator().load(folder)
