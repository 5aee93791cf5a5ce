"""Data quality: each finding with where to look, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import INPUT
from pmosync.dashboard.mirror import by_place, unread
from pmosync.model import DecisionRow, MilestoneRow, Place, Plan, Problem
from pmosync.sheet import Table

Story = Callable[..., Content]


def findings(story: Story, language: str, *problems: Problem) -> Table:
    """The tab with these findings alone."""
    assessment = replace(story().assessment, findings=problems)
    tables = build(story(language, assessment=assessment))
    return next(table for table in tables if table.tab.key == "data_quality")


def column(table: Table, key: str) -> list[object]:
    """The cells of one column."""
    place = next(at for at, each in enumerate(table.tab.columns) if each.key == key)
    return [row[place] for row in table.rows]


@pytest.mark.parametrize(
    ("place", "en", "zh"),
    [
        ("milestone_inputs row 7", "Milestone inputs, row 7", "里程碑填报，第 7 行"),
        ("projects, row 9, manager", "Projects, row 9, PM", "项目，第 9 行、项目经理"),
        ("colour rule 2", "colour rule 2", "colour rule 2"),
        ("pmosync.yaml:12", "pmosync.yaml:12", "pmosync.yaml:12"),
    ],
)
def test_a_row_without_an_address_goes_by_its_tabs_title(story: Story, place: str, en: str, zh: str) -> None:
    """No key of ours is shown to people; files and cells stay as they are."""
    problem = Problem(rule="row-left", place=place, message="gone")
    assert column(findings(story, "en", problem), "place") == [en]
    assert column(findings(story, "zh-CN", problem), "place") == [zh]


def test_since_is_the_day_in_the_workbooks_zone(story: Story) -> None:
    """A finding told late in the evening of UTC stands since the next day in Shanghai."""
    late = Problem(rule="row-left", place="x", message="gone", since=datetime(2026, 11, 2, 18, tzinfo=UTC))
    shanghai = replace(story(assessment=replace(story().assessment, findings=(late,))), time_zone="Asia/Shanghai")
    table = next(each for each in build(shanghai) if each.tab.key == "data_quality")
    assert column(table, "since") == [date(2026, 11, 3)]


def sheet(title: str, row: int, tab: str, name: str, **columns: str) -> Place:
    """Where a row was typed, with the addresses of its columns by their letters."""
    addresses = {key: f"'{title}'!{letter}{row}" for key, letter in columns.items()}
    return Place(connection="sheet", tab=tab, row=row, code=name, addresses=addresses)


def test_a_copy_names_rows_that_it_shows(story: Story) -> None:
    """The row's own code and the column, whatever code the finding speaks of; what shares a code is told once; a row that the
    copy does not show has the address where it is typed.
    """
    typed = sheet("Milestone inputs", 98, "milestone_inputs", "NOP-M01", code="A", project="C")
    decided = sheet("Decisions", 4, "decisions", "D-3", number="A", new_date="F")
    plan = Plan(
        milestones=(MilestoneRow(place=typed, code="NOP-M01", project="NOP"),),
        decisions=(DecisionRow(place=decided, number="D-3"),),
    )
    problems = (
        Problem(rule="unknown-project", place="'Milestone inputs'!C98", message="no project", code="NOP"),
        Problem(rule="not-committed", place="'Milestone inputs'!98:98", message="not yet", code="NOP"),
        Problem(rule="date-to-sharpen", place="'Decisions'!F4", message="coarse", code="PAY-M08"),
        Problem(rule="duplicate-code", place="'Decisions'!A4", message="twice", code="D-3"),
        Problem(rule="duplicate-code", place="'Decisions'!A9", message="twice", code="D-3"),
        Problem(rule="not-a-date", place="'Decisions'!B12", message="no date", code="D-9"),
    )
    assessment = replace(story().assessment, findings=problems)
    copy = replace(story(assessment=assessment), plan=plan, inputs_here=False)
    table = next(each for each in build(copy) if each.tab.key == "data_quality")
    assert column(table, "place") == [
        "Decisions: D-3, New date",
        "Decisions: D-3, Number",
        "'Decisions'!B12 of the workbook that people type into",
        "Milestone inputs: NOP-M01",
        "Milestone inputs: NOP-M01, Project",
    ]


def team(connection: str, code: str) -> MilestoneRow:
    """A row of a team's sheet; all of them are made from one template."""
    place = Place(connection, "milestone_inputs", 4, code, {"code": "'Q4'!A4", "target": "'Q4'!E4"})
    return MilestoneRow(place=place, code=code, project="PAY", target=date(2026, 12, 18))


def test_a_cell_is_that_of_its_own_spreadsheet(story: Story) -> None:
    """Two sheets of one title: what is wrong in the one is not said of the same cell in the other. A finding that does not
    name its sheet is of the row whose code it has.
    """
    content, mine, other = story(), team("srch", "SRCH-M02"), team("pay", "PAY-M02")
    wrong = Problem(rule="not-a-date", place="'Q4'!E4", message="wrong", code="PAY-M02")
    for finding in (wrong, replace(wrong, code="SRCH-M02", connection="pay")):
        assert unread(content, INPUT, mine, by_place([finding])) == ""
        assert unread(content, INPUT, other, by_place([finding])) != ""


def test_findings_of_a_team_s_sheet_name_the_connection(story: Story) -> None:
    """Where sheets have one title, the address alone leads nowhere; cells of our own workbook need no more."""
    problem = Problem(rule="not-a-date", place="'Q4'!E4", message="wrong", code="PAY-M02", connection="pay")
    own = replace(problem, place="'Milestone inputs'!E4", connection="plan")
    assessment = replace(story().assessment, findings=(problem, own))
    tables = build(story("en", assessment=assessment, typed_elsewhere=frozenset({"pay"})))
    table = next(table for table in tables if table.tab.key == "data_quality")
    assert sorted(map(str, column(table, "place"))) == ["'Milestone inputs'!E4", "'Q4'!E4 (pay)"]


def test_a_copy_tells_cells_of_two_sheets_apart(story: Story) -> None:
    """A copy names the row's code in place of its address: that of the sheet in which the finding is."""
    plan = Plan(milestones=(team("pay", "PAY-M02"), team("srch", "SRCH-M02")))
    problem = Problem(rule="not-a-date", place="'Q4'!E4", message="wrong", connection="pay")
    assessment = replace(story().assessment, findings=(problem,))
    content = replace(story("en", assessment=assessment), plan=plan, inputs_here=False)
    table = next(each for each in build(content) if each.tab.key == "data_quality")
    assert "PAY-M02" in str(column(table, "place"))
