"""The workbook file: what is written looks right, what people typed stays, what is damaged is never overwritten."""

from __future__ import annotations

import shutil
import subprocess
import warnings
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from pydantic import ValidationError

from pmosync.connector import Opening
from pmosync.errors import ConfigError, TargetError, UnreadError
from pmosync.raw import Ref
from pmosync.sheet import (
    AppendRows,
    Chart,
    ChartKind,
    Column,
    CreateTab,
    Edit,
    Format,
    Formula,
    Kind,
    Link,
    Publication,
    Row,
    Rule,
    Series,
    Stamp,
    Tab,
    Table,
    WriteStamp,
)
from pmosync.transport import Transport
from pmosync_xlsx.reading import read
from pmosync_xlsx.settings import XlsxSettings
from pmosync_xlsx.sink import XlsxSink
from pmosync_xlsx.source import XlsxSource

MILESTONES = Tab(
    key="milestones",
    title="Milestones",
    kind=Kind.PUBLISHED,
    sheet_id=71,
    columns=(
        Column("code", "Code", width=12, note="The milestone's own short code."),
        Column("name", "Name", Format.WRAP, 30),
        Column("expected", "Expected", Format.DATE, 12),
        Column("slip", "Slip (wd)", Format.SIGNED, 10),
        Column("rag", "RAG", Format.RAG, 8),
        Column("share", "Done", Format.PERCENT, 8, collapsed=True),
        Column("seen", "Seen", Format.INSTANT, 17, collapsed=True),
        Column("note", "Note", Format.WRAP, 24),
    ),
    key_column="code",
    rules=(Rule("rag", "R", "#f4c7c3", "#8c1d18"), Rule("rag", "G", "#c8e6c9", "#0f5323")),
    colour="#1f4e79",
)
PROJECTS = Tab(
    key="projects",
    title="Projects 项目",
    kind=Kind.INPUT,
    sheet_id=72,
    columns=(
        Column("code", "Code", aliases=("项目编号",)),
        Column("name", "Name", width=24, aliases=("名称",)),
        Column("control", "Control", choices=("key", "part_time"), strict=True),
        Column("sponsor", "Sponsor", choices=tuple(f"经理{number}" for number in range(120))),
        Column("due", "Committed on", Format.DATE),
        Column("slip", "Slip", Format.SIGNED, context=True),
    ),
    key_column="code",
    frozen_columns=2,
)
ROWS: tuple[Row, ...] = (
    ("PAY-M01", "支付 launch", date(2026, 3, 2), 4, "R 12", 0.5, datetime(2026, 3, 1, 9, 30), "=IMPORTXML(1)"),  # noqa: DTZ001
    ("PAY-M02", Link("Beta", "https://jira.example.com/PAY-2#c1"), date(2026, 4, 1), -2, "G", 1.0, None, "0042"),
    ("PAY-M03", Link("back", "#projects!A2"), None, 0, "G", None, None, Formula("=1+1", 2)),
)
PROJECT_ROWS: tuple[Row, ...] = (("PAY", None, None, None, None, 4), ("WEB", None, None, None, None, -1))
STAMP = Stamp("here", 3, 17, "2026-03-02T09:00Z")


def publication(
    rows: tuple[Row, ...] = ROWS, projects: tuple[Row, ...] = PROJECT_ROWS, edits: tuple[Edit, ...] | None = None
) -> Publication:
    """Both tabs, to be made."""
    made = (CreateTab(MILESTONES), CreateTab(PROJECTS), WriteStamp(STAMP)) if edits is None else edits
    return Publication((Table(MILESTONES, rows), Table(PROJECTS, projects)), made)


def opening(path: Path) -> Opening:
    """A connection to the file."""
    return Opening(
        connection="plan",
        settings=XlsxSettings(path=path),
        transport=Transport(),
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
        tabs=(PROJECTS,),
    )


def sink(path: Path) -> XlsxSink:
    """The file as a target."""
    return XlsxSink(opening(path))


def source(path: Path) -> XlsxSource:
    """The file as a source."""
    return XlsxSource(opening(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the workbook will be."""
    return tmp_path / "portfolio.xlsx"


def edited(path: Path) -> Any:
    """The file as a person opens it, to be changed and saved."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path)


def test_what_is_written_is_read_back(path: Path) -> None:
    """Every kind of value comes back as itself, with links, formulas and the stamp; text that looks like a formula
    is text.
    """
    sink(path).write(publication())
    found = sink(path).read((MILESTONES, PROJECTS))
    assert found.stamp == STAMP
    assert found.grids["milestones"].rows[1:] == ROWS
    assert found.grids["milestones"].spots["slip"] == 3
    assert [row[0] for row in found.grids["projects"].rows] == ["Code", "PAY", "WEB"]


def test_pages_begin_where_the_tab_says(path: Path) -> None:
    """Each marked row but the first begins an area of paper; the sheet is still fitted to the page's width, and read back."""
    paged = replace(MILESTONES, page_mark="PAY-M")
    sink(path).write(Publication((Table(paged, ROWS),), (CreateTab(paged), WriteStamp(STAMP))))
    sheet = edited(path)["Milestones"]
    areas = sheet.print_area.replace("$", "").replace("'Milestones'!", "").split(",")
    assert areas == ["A1:H2", "A3:H3", "A4:H4"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sink(path).read((paged,)).grids["milestones"].rows[1:] == ROWS


def test_an_absent_file_is_an_empty_workbook(path: Path) -> None:
    """Before the first sync there is nothing to read, and the source says so rather than showing no rows."""
    assert sink(path).read((MILESTONES,)).grids == {}
    with pytest.raises(ConfigError, match="is not there"):
        list(source(path).pull(source(path).units()[0], None))
    assert [finding.ok for finding in source(path).check()] == [False]


def test_the_same_twice_changes_nothing(path: Path, tmp_path: Path) -> None:
    """Equal tables give equal bytes, wherever and whenever; a publication without edits writes nothing."""
    written = sink(path).write(publication())
    content, stat = path.read_bytes(), path.stat()
    assert written.requests == 1
    assert sink(path).write(publication()).requests == 0
    assert sink(path).write(publication(ROWS[:1], edits=())).requests == 0
    assert path.stat().st_mtime_ns == stat.st_mtime_ns
    other = tmp_path / "other.xlsx"
    sink(other).write(publication())
    assert other.read_bytes() == content
    assert [name.name for name in tmp_path.iterdir() if name.name.startswith(".")] == []


def test_the_look(path: Path) -> None:
    """Frozen header and code column, filter, widths, notes, folded columns, colours by rule, formats, tab colour."""
    sink(path).write(publication())
    book = edited(path)
    sheet = book["Milestones"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:H4"
    assert sheet["A1"].comment.text == MILESTONES.columns[0].note
    assert sheet["C2"].number_format == "yyyy-mm-dd"
    assert sheet["D2"].number_format == "+#,##0;-#,##0;0"
    assert (sheet.column_dimensions["F"].hidden, sheet.column_dimensions["F"].outlineLevel) == (True, 1)
    assert sheet.sheet_properties.tabColor.rgb == "FF1F4E79"
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert sorted(rule.type for rule in rules) == ["beginsWith", "beginsWith", "expression", "expression"]
    assert sheet["B4"].hyperlink.location == "'Projects 项目'!A2"
    assert sheet["H2"].data_type == "s"


def test_what_the_tool_writes_is_protected(path: Path) -> None:
    """A published sheet, and input columns that are a copy, are protected without a password: nobody's typing is lost by
    the next sync. Filters, sorting, widths and selecting stay; where people type nothing is protected.
    """
    copy = replace(PROJECTS, key="copy", title="Copy", kind=Kind.PUBLISHED)
    more = (Table(MILESTONES, ROWS), Table(PROJECTS, PROJECT_ROWS), Table(copy, PROJECT_ROWS))
    sink(path).write(Publication(more, (CreateTab(MILESTONES), CreateTab(PROJECTS), CreateTab(copy))))
    book = edited(path)
    assert [book[title].protection.sheet for title in ("Milestones", "Projects 项目", "Copy")] == [True, False, True]
    held = book["Milestones"].protection
    assert held.password is None
    # openpyxl says of each whether it is forbidden.
    assert not any((held.autoFilter, held.sort, held.formatColumns, held.selectLockedCells, held.selectUnlockedCells))


def test_drop_downs(path: Path) -> None:
    """Short lists stand in the rule, long ones on a hidden sheet; strict ones refuse other words."""
    sink(path).write(publication())
    book = edited(path)
    rules = {str(rule.sqref): rule for rule in book["Projects 项目"].data_validations.dataValidation}
    short, long = (next(rule for area, rule in rules.items() if area.startswith(column)) for column in "CD")
    assert short.formula1 == '"key,part_time"'
    assert short.errorStyle in (None, "stop")
    assert long.formula1 == "'pmosync lists'!$A$1:$A$120"
    assert book["pmosync lists"].sheet_state == "veryHidden"


def test_what_people_did_stays(path: Path) -> None:
    """Values, own columns, fills, notes, widths, own sheets with formulas and merged cells: all as people left them."""
    sink(path).write(publication())
    book = edited(path)
    sheet = book["Projects 项目"]
    sheet.insert_rows(1)
    sheet["A1"], sheet["B3"], sheet["C4"] = "填写说明", "支付平台", "key"
    sheet["E3"], sheet["E3"].number_format = date(2026, 12, 5), "yyyy-mm-dd"
    sheet["E4"], sheet["E4"].number_format = 20261205, "yyyy-mm-dd"
    sheet["G2"], sheet["G3"] = "我的备注", "=1+1"
    sheet["B4"].fill = PatternFill("solid", start_color="FFFFEE00")
    sheet["B3"].comment = Comment("asked 王伟", "Li")
    sheet.column_dimensions["B"].width = 41
    mine = book.create_sheet("My notes")
    mine["A1"], mine["A3"] = 3.5, "merged"
    mine.merge_cells("A3:C3")
    book.save(path)
    rows = (*PROJECT_ROWS, ("NEW", "fresh", None, None, None, None))
    for _ in range(2):
        sink(path).write(publication(projects=rows))
    after = edited(path)
    sheet = after["Projects 项目"]
    assert [sheet[cell].value for cell in ("A1", "B3", "C4", "E4", "G2", "G3")] == [
        "填写说明", "支付平台", "key", "#VALUE!", "我的备注", "=1+1",
    ]  # fmt: skip
    assert sheet["E3"].value == datetime(2026, 12, 5)  # noqa: DTZ001
    assert sheet["B4"].fill.start_color.rgb == "FFFFEE00"
    assert sheet["B3"].comment.text == "asked 王伟"
    assert round(sheet.column_dimensions["B"].width) == 41
    assert [sheet["A5"].value, sheet["B5"].value] == ["NEW", "fresh"]
    assert sheet["A6"].value is None
    assert after["My notes"]["A1"].value == 3.5
    assert [str(area) for area in after["My notes"].merged_cells.ranges] == ["A3:C3"]


def test_rows_as_raw_records(path: Path) -> None:
    """A row is known by its code; dates are ISO and named as such; an implausible number in a date cell is left as
    typed, and a month that the sheet has made its first day is that month.
    """
    sink(path).write(publication())
    book = edited(path)
    sheet = book["Projects 项目"]
    sheet["E2"], sheet["E2"].number_format = date(2026, 12, 5), "yyyy-mm-dd"
    sheet["E3"], sheet["E3"].number_format = 20261205, "yyyy-mm-dd"
    sheet["A4"], sheet["E4"], sheet["E4"].number_format = "OPS", date(2026, 12, 1), "mmm\\-yy"
    book.save(path)
    unit = source(path).units()[0]
    (batch,) = source(path).pull(unit, None)
    first, second, month = batch.records
    assert first.ref == Ref("plan", "row", "projects:PAY")
    assert (month.payload["cells"]["due"], month.payload["typed"]) == ("2026-12", {})
    assert (first.payload["cells"]["due"], first.payload["typed"]) == ("2026-12-05", {"due": "date"})
    assert first.payload["addresses"]["due"] == "'Projects 项目'!E2"
    assert (second.payload["cells"]["due"], second.payload["typed"]) == (20261205, {})
    assert "slip" not in first.payload["cells"]
    assert batch.whole == ("row",)
    assert source(path).visible([first.ref, Ref("plan", "row", "projects:GONE")]) == {
        first.ref: True,
        Ref("plan", "row", "projects:GONE"): False,
    }


def test_a_renamed_or_deleted_tab(path: Path) -> None:
    """A renamed input tab keeps its name and is still found; a deleted one makes no row look deleted, and is made
    anew.
    """
    sink(path).write(publication())
    book = edited(path)
    book["Projects 项目"].title = "Plan"
    for name in book.defined_names.values():
        name.value = name.value.replace("Projects 项目", "Plan")
    book.save(path)
    sink(path).write(publication(ROWS[:1]))
    assert edited(path).sheetnames[:2] == ["Milestones", "Plan"]
    assert len(sink(path).read((PROJECTS,)).grids["projects"].rows) == 3
    book = edited(path)
    del book["Plan"]
    book.save(path)
    ours = XlsxSource(replace(opening(path), own=True))
    (batch,) = ours.pull(ours.units()[0], None)
    assert (batch.records, batch.whole) == ((), ())
    with pytest.raises(UnreadError, match="none of the input tabs"):
        list(source(path).pull(source(path).units()[0], None))
    assert [finding.place for finding in source(path).check() if not finding.ok] == ["portfolio.xlsx"]
    assert all(finding.ok for finding in ours.check())
    sink(path).write(publication())
    assert "projects" in sink(path).read((PROJECTS,)).grids


def test_a_code_column_that_is_deleted_is_told(path: Path) -> None:
    """No row looks deleted, and the pull and the census name the tab and the headers that would do, as check does."""
    sink(path).write(publication())
    book = edited(path)
    book["Projects 项目"].delete_cols(1)
    book.save(path)
    read = source(path)
    pulled, counted = read.pull(read.units()[0], None), read.census(read.units()[0])
    assert (next(pulled).whole, list(next(counted))) == ((), [])
    for asked in (pulled, counted):
        with pytest.raises(UnreadError, match="column Code is missing"):
            next(asked)
    (fault,) = [finding for finding in read.check() if not finding.ok]
    assert (fault.place, "Code" in fault.remedy) == ("Projects 项目", True)


BINDINGS = Tab(
    key="bindings",
    title="Bindings",
    kind=Kind.INPUT,
    sheet_id=73,
    columns=(Column("code", "Code"), Column("what", "What"), Column("which", "Which")),
    key_column="code",
    identity=("code", "what", "which"),
)


def test_a_row_that_nobody_appends_is_not_added(path: Path) -> None:
    """A row whose code was cleared, or that says its thing in another word, stays the only one: what the tables have in
    force of it is no second row. One that is to be appended is added once.
    """
    table = Table(BINDINGS, (("PAY", "Version", "1.0"), ("PAY", "Epic", "Beta")))
    sink(path).write(Publication((table,), (CreateTab(BINDINGS), WriteStamp(STAMP))))
    book = edited(path)
    book["Bindings"]["A2"], book["Bindings"]["B3"] = None, "史诗"
    book.save(path)
    sink(path).write(Publication((table,), (WriteStamp(STAMP),)))
    shown = sink(path).read((BINDINGS,)).grids["bindings"].rows[1:]
    assert shown == ((None, "Version", "1.0"), ("PAY", "史诗", "Beta"))
    more = ("RISK", "Version", "2.0")
    for _ in range(2):
        added = Publication(
            (Table(BINDINGS, (*table.rows, more)),), (AppendRows(BINDINGS, 3, (more,)), WriteStamp(STAMP))
        )
        sink(path).write(added)
    assert sink(path).read((BINDINGS,)).grids["bindings"].rows[1:] == (*shown, more)


def test_a_column_that_tells_rows_apart_is_renamed(path: Path) -> None:
    """Each of the columns that identify a row must be there: without one no row is read, none looks deleted and none is
    added again, and check names the column.
    """
    table = Table(BINDINGS, (("PAY", "Version", "1.0"), ("PAY", "Epic", "Beta")))
    sink(path).write(Publication((table,), (CreateTab(BINDINGS), WriteStamp(STAMP))))
    read = XlsxSource(replace(opening(path), tabs=(BINDINGS,)))
    (before,) = read.pull(read.units()[0], None)
    assert (len(before.records), before.whole) == (2, ("row",))
    book = edited(path)
    book["Bindings"]["C1"] = "Which one"
    book.save(path)
    pulled = read.pull(read.units()[0], None)
    batch = next(pulled)
    assert (batch.records, batch.whole) == ((), ())
    with pytest.raises(UnreadError, match="the column Which is missing"):
        next(pulled)
    assert [(one.place, one.remedy) for one in read.check()] == [("Bindings", "restore its header: Which")]
    sink(path).write(Publication((table,), (AppendRows(BINDINGS, 3, table.rows), WriteStamp(STAMP))))
    assert len(sink(path).read((BINDINGS,)).grids["bindings"].rows) == 3


def test_context_columns_are_ours(path: Path) -> None:
    """Grey columns of an input tab show what the tool knows now; a row whose code is unknown shows nothing there."""
    sink(path).write(publication())
    changed = (("PAY", None, None, None, None, 9),)
    sink(path).write(publication(projects=changed, edits=(AppendRows(PROJECTS, 2, changed),)))
    rows = sink(path).read((PROJECTS,)).grids["projects"].rows
    assert rows[1:] == (("PAY", None, None, None, None, 9), ("WEB",))


def test_a_published_title_that_people_use(path: Path) -> None:
    """A sheet that people made is never overwritten, also where it has the title of one of ours."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "milestones"
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(TargetError, match="did not make"):
        sink(path).write(publication())
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 half"])
def test_a_damaged_file_is_left_alone(path: Path, content: bytes) -> None:
    """A file that cannot be read is never taken for empty, and never overwritten."""
    path.write_bytes(content)
    for work in (lambda: sink(path).read((PROJECTS,)), lambda: sink(path).write(publication())):
        with pytest.raises(TargetError, match="damaged"):
            work()
    assert path.read_bytes() == content
    assert [finding.ok for finding in sink(path).check((PROJECTS,))] == [True, False]


def test_a_zip_without_a_workbook(path: Path) -> None:
    """A zip that is no workbook is damaged too."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(TargetError, match="damaged"):
        sink(path).read((PROJECTS,))


def test_a_link_to_the_workbook_stays_a_link(path: Path, tmp_path: Path) -> None:
    """Where the path is a symbolic link the workbook behind it is replaced, with the rights it had."""
    real = tmp_path / "real.xlsx"
    sink(real).write(publication())
    real.chmod(0o640)
    path.symlink_to(real)
    sink(path).write(publication(ROWS[:1]))
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(sink(real).read((MILESTONES,)).grids["milestones"].rows) == 2


def test_what_was_saved_meanwhile_is_kept(path: Path) -> None:
    """A person saves between our read and our write: the write begins anew with what they saved."""
    sink(path).write(publication())
    ours = sink(path)
    ours.read((PROJECTS,))
    book = edited(path)
    book["Projects 项目"]["B2"] = "typed meanwhile"
    book.save(path)
    ours.write(publication(ROWS[:1]))
    assert ours.read((PROJECTS,)).grids["projects"].rows[1][1] == "typed meanwhile"


def test_source_and_target_read_the_file_once(path: Path) -> None:
    """What was read of the file serves its input tabs and the target alike, until somebody saves it or the target is let go."""
    ours = sink(path)
    ours.write(publication())
    first = read(path)
    list(source(path).pull(source(path).units()[0], None))
    ours.read((PROJECTS,))
    assert read(path) is first
    edited(path).save(path)
    second = read(path)
    assert second is not first
    ours.close()
    assert read(path) is not second


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The folder is named, at check and at write."""
    place = tmp_path / "none" / "a.xlsx"
    assert [finding.ok for finding in sink(place).check(())] == [False]
    with pytest.raises(TargetError, match="cannot be written"):
        sink(place).write(publication())


def test_long_text_and_odd_titles(path: Path) -> None:
    """Text is cut at what a cell takes, with a mark; a title is made to fit; not a number is no number."""
    tab = Tab("odd", "A/B: plan [" + "x" * 40, Kind.PUBLISHED, 1, (Column("code", "Code"), Column("n", "N")), "code")
    rows: tuple[Row, ...] = (("长" * 40_000, float("nan")), ("😀" * 20_000, float("inf")), ("tab\there \x01", None))
    sink(path).write(Publication((Table(tab, rows),), (CreateTab(tab),)))
    grid = sink(path).read((tab,)).grids["odd"]
    first = grid.rows[1][0]
    assert isinstance(first, str)
    assert (len(first), first[-1]) == (32_767, "…")
    assert grid.rows[1][1] == "nan"
    assert len(grid.title) <= 31


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(path: Path, tmp_path: Path) -> None:
    """Another program reads the same cells, and works out the same formulas."""
    sink(path).write(publication())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    utf8 = "csv:Text - txt - csv (StarCalc):44,34,76"  # comma, quotation mark, UTF-8
    command = ["soffice", profile, "--headless", "--convert-to", utf8, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=90)
    lines = path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(column.label for column in MILESTONES.columns)
    assert lines[1] == "PAY-M01,支付 launch,2026-03-02,+4,R 12,50%,2026-03-01 09:30,=IMPORTXML(1)"
    assert lines[3].endswith(",2")


def test_settings() -> None:
    """Only an .xlsx file, and no unknown word."""
    for wrong in ({"path": "a.xls"}, {"path": "a.xlsx", "sheet": "b"}, {}):
        with pytest.raises(ValidationError):
            XlsxSettings.model_validate(wrong)


def test_charts(path: Path) -> None:
    """A chart hangs where it belongs and draws the cells that it names, folded ones too; equal charts are equal bytes; one
    without series is not drawn.
    """
    lines = Chart("trend", "Trend", ChartKind.LINE, 6, "code", 2, 3, (Series("expected", "Expected", "#1f4e79", dashed=True),),
                  Format.DATE, 46000.0, 46200.0)  # fmt: skip
    bars = Chart("bars", "Bars", ChartKind.BAR, 30, "code", 1, 3, (Series("slip", "Slip", "#c0504d"),))
    tab = replace(MILESTONES, charts=(lines, bars, Chart("none", "None", ChartKind.LINE, 50)))
    told = Publication((Table(tab, ROWS),), (CreateTab(tab), WriteStamp(STAMP)))
    sink(path).write(told)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 2
    assert "Milestones!$C$3:$C$4" in charts[0]
    assert "Milestones!$A$3:$A$4" in charts[0]
    assert "plotVisOnly" not in charts[0], "what is folded away is drawn"
    assert ['<a:prstDash val="dash"/>' in chart for chart in charts] == [True, False], "what is foreseen is dashed"
    assert "<c:barChart>" in charts[1]
    assert "<xdr:row>6</xdr:row>" in drawing
    path.unlink()
    sink(path).write(told)
    assert path.read_bytes() == content
