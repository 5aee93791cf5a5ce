"""A workbook without people, and one about some programs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Assessment
from pmosync.compute.policy import Policy
from pmosync.dashboard.build import build, cut_page, layouts
from pmosync.dashboard.content import Content
from pmosync.dashboard.nameless import unnamed
from pmosync.dashboard.portion import portion
from pmosync.dashboard.readable import readable
from pmosync.dashboard.redaction import naming
from pmosync.mapping import input_tabs
from pmosync.mapping.plan import PEOPLE_TYPES, ROWS
from pmosync.model import ActionRow, PersonRow, Place, Plan, RiskRow
from pmosync.sheet import Formula, Kind, Link, Table, Value, text_of

NAMES = ("李娜", "王伟", "Ada", "Bob", "li.na@x.example")


def texts(tables: Iterable[Table]) -> Iterable[str]:
    """Every text of every cell, address and formula, and of the tabs."""
    for table in tables:
        yield from (table.tab.title, *(part for column in table.tab.columns for part in (column.label, column.note)))
        yield from (f"{text_of(value)} {_behind(value)}" for row in table.rows for value in row)


def _behind(value: Value) -> str:
    return value.url if isinstance(value, Link) else value.text if isinstance(value, Formula) else ""


@pytest.fixture
def copy(story: Callable[..., Content]) -> Content:
    """A copy's content in which people are also named within texts."""
    content = story(inputs_here=False)
    person = PersonRow(
        place=Place("plan", "people", 2, "li"), key="li.na@x.example", name="李娜", other_names=("娜娜",)
    )
    told = content.assessment
    (old, *others) = told.moves["PAY-M03"]
    by = replace(old, by="Bob", reason="李娜与Bob商定", causes=(), field="target", opening=False)
    moves = {**told.moves, "PAY-M03": (by, *others)}
    return replace(
        content,
        plan=replace(content.plan, people=(person,)),
        assessment=replace(told, moves=moves),
    )


def test_the_full_one_names_them(copy: Content) -> None:
    """Where nobody asked for less, people are told from the others: the search below finds what it looks for."""
    told = "\n".join(texts(build(copy)))
    assert all(name in told for name in (*NAMES, "李娜与Bob商定"))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_nobody_is_named(copy: Content, language: str) -> None:
    """Neither in a column, nor in a text, note, address or formula; the tab of people is none, and whose turn it is is told
    by role.
    """
    tables = build(replace(copy, people=False, language=language))
    told = "\n".join(texts(tables))
    assert [name for name in NAMES if name in told] == []
    assert "people" not in {table.tab.key for table in tables}
    attention = next(table for table in tables if table.tab.key == "attention")
    acts = {row[attention.tab.position("acts")] for row in attention.rows}
    assert acts & {"the milestone's owner", "里程碑负责人"}


def test_today_says_whose_turn_it_is_by_role(copy: Content) -> None:
    """Who acts stays told where nobody is named: the owner of a milestone, the manager of a project, whom a risk was escalated
    to, the owner of an action; the names alone go.
    """
    risk = RiskRow(
        place=Place("plan", "risks", 2, "R-9"), id="R-9", project="PAY", text="ask Zed", escalated_to="Zed Zedson"
    )
    action = ActionRow(
        place=Place("plan", "actions", 2, "A-1"),
        id="A-1",
        text="call",
        owner="Bob",
        codes=("PAY",),
        due=date(2026, 11, 2),
    )
    content = replace(copy, plan=replace(copy.plan, risks=(risk,), actions=(action,)))
    assert {"李娜", "Zed Zedson", "Bob"} <= acts(content)
    told = acts(replace(content, people=False))
    assert told == {
        "", "the milestone's owner", "the project manager", "whom it was escalated to", "the action's owner", "operator",
    }  # fmt: skip


def acts(content: Content) -> set[str]:
    """Who acts, says Today."""
    today = build(content)[0]
    return {text_of(row[today.tab.position("acts")]) for row in today.rows}


def test_whoever_stands_in_a_cell_for_people_is_unnamed() -> None:
    """Every column of the input tabs that takes a person, and whom a risk was escalated to, is known to name one."""
    named: set[str] = set()
    rows: dict[str, Any] = {}
    for tab in input_tabs():
        fields = {column.key: column.type for column in tab.columns if column.type in PEOPLE_TYPES}
        fields |= {"escalated_to": "person"} if tab.entity == "risk" else {}
        given = {key: f"{tab.key} {key}" for key in fields}
        named |= set(given.values())
        cells = {key: (name,) if fields[key] == "people" else name for key, name in given.items()}
        required = {each.name: "X" for each in msgspec.structs.fields(ROWS[tab.entity]) if each.required}
        rows[tab.key] = (ROWS[tab.entity](**{**required, "place": Place("plan", tab.key, 2, "X"), **cells}),)
    plan = Plan(
        people=rows["people"], programs=rows["programs"], projects=rows["projects"], milestones=rows["milestone_inputs"],
        risks=rows["risks"], actions=rows["actions"],
    )  # fmt: skip
    empty = Assessment(as_of=datetime(2026, 12, 1, tzinfo=UTC), today=date(2026, 12, 1), policy=Policy())
    assert len(named) > 10
    assert named - unnamed(Content(assessment=empty, generated_at=empty.as_of, plan=plan, people=False)) == set()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_nobody_of_a_cut_is_named(story: Callable[..., Content], language: str) -> None:
    """A cut names people who may have left the plan since; also to whom a risk was escalated is covered."""
    content = story(language, inputs_here=False)
    assert content.cut is not None
    (section, *others) = content.cut.sections
    risk = replace(section.risks[0], milestone="", escalated_to="Zed Zedson", text="so says Lea Left", owner="Lea Left")
    cut = replace(content.cut, sections=(replace(section, risks=(risk,)), *others))
    assert "Zed Zedson" in "\n".join(texts([cut_page(readable(content), cut)]))
    told = "\n".join(texts([cut_page(readable(replace(content, people=False)), cut)]))
    assert [name for name in ("Zed", "Lea") if name in told] == []
    assert ("so says somebody" in told) == (language == "en")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("PMO office", False), ("委员会", False), ("Committee", False), ("运维", False),
        ("Will Green", True), ("欧阳", True), ("Ada", True), ("CTO", True),
    ],
)  # fmt: skip
def test_a_body_of_which_the_workbook_speaks_is_no_person(name: str, is_one: bool) -> None:
    """Risks are escalated to the PMO office or the committee: to cover these would blank the workbook's own words. A person may
    well be called by words that it uses.
    """
    assert naming(name) == is_one


def test_the_layout_that_is_read_is_the_one_that_is_written(copy: Content) -> None:
    """Also without columns of people; rows are as wide as their tab, and nothing looks at a column that is none."""
    content = replace(copy, people=False)
    tables = build(content)
    keys = {tab.key: [column.key for column in tab.columns] for tab in layouts(content)}
    for table in tables:
        columns = [column.key for column in table.tab.columns]
        assert keys[table.tab.key] == columns
        assert {len(row) for row in table.rows} <= {len(columns)}
        looked_at = {rule.column for rule in table.tab.rules} | {view.column for view in table.tab.views}
        assert looked_at <= set(columns)


def test_one_program_alone(story: Callable[..., Content]) -> None:
    """Its line, its projects and what belongs to them; the portfolio above it and the other projects are not there."""
    tables = {table.tab.key: table for table in build(story(inputs_here=False, only=frozenset({"chk"})))}
    portfolio = tables["portfolio"]
    codes = [text_of(row[portfolio.tab.position("code")]) for row in portfolio.rows]
    assert codes == ["CHK", "PAY"]
    told = "\n".join(texts(tables.values()))
    assert "learning:OLD" not in told
    assert "IMPORTXML" not in told
    projects = tables["projects"]
    assert [text_of(row[0]) for row in projects.rows] == ["PAY"]


def one_program(content: Content, note: str) -> Content:
    """A copy about one program whose own milestone bears the note, while PAY-M99 and its owner belong elsewhere."""
    said = content.assessment
    moved = tuple(
        replace(each, project="OLD", program="", owner="Eve Elsewhere") if each.milestone.code == "PAY-M99" else each
        for each in said.milestones
    )
    rows = tuple(replace(row, note=note) for row in content.plan.milestones)
    told, plan = replace(said, milestones=moved), replace(content.plan, milestones=rows)
    return replace(content, assessment=told, plan=plan, only=frozenset({"CHK"}))


def test_one_program_names_nothing_restricted_of_another(story: Callable[..., Content]) -> None:
    """What must not be named is gathered from the whole: a note, a predecessor and a reason may name what lies elsewhere.
    What is counted as restricted is of the program alone.
    """
    content = one_program(story(inputs_here=False), "waits for Project Nightingale")
    told = "\n".join(texts(build(content)))
    assert "waits for restricted" in told
    assert [name for name in ("Nightingale", "PAY-M99") if name in told] == []
    assert readable(content).withheld.milestones == 0


def test_one_program_names_no_person_of_another(story: Callable[..., Content]) -> None:
    """Where nobody is named, nobody of the other programs is either."""
    content = one_program(story(inputs_here=False, audience_sees_restricted=True), "asked Eve Elsewhere and Bob")
    assert "asked Eve Elsewhere and Bob" in "\n".join(texts(build(content)))
    assert "asked somebody and somebody" in "\n".join(texts(build(replace(content, people=False))))


def test_a_portfolio_alone(story: Callable[..., Content]) -> None:
    """With the programs below it."""
    tables = {table.tab.key: table for table in build(story(inputs_here=False, only=frozenset({"GROW"})))}
    portfolio = tables["portfolio"]
    assert [text_of(row[portfolio.tab.position("code")]) for row in portfolio.rows] == ["GROW", "CHK", "PAY"]
    assert all(table.tab.kind is Kind.PUBLISHED for table in tables.values())


def test_the_page_of_a_cut_is_about_them_too(story: Callable[..., Content]) -> None:
    """Of the committee's page a workbook about one program has that program's lines, without the portfolio's own."""
    content = story(inputs_here=False)
    assert content.cut is not None
    lines = [line.code for section in content.cut.sections for line in section.lines]
    shown = portion(replace(content, only=frozenset({"CHK"}))).cut
    assert shown is not None
    kept = [line.code for section in shown.sections for line in section.lines]
    assert set(kept) == {"CHK", "PAY"} & set(lines)
    assert all(section.head is None for section in shown.sections)
    assert portion(content).cut == content.cut
