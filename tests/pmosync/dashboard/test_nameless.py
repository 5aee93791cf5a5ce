"""A workbook without people, and one about some programs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from msgspec.structs import replace

from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.content import Content
from pmosync.dashboard.portion import portion
from pmosync.dashboard.readable import readable
from pmosync.model import PersonRow, Place
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
