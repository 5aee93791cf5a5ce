"""A restricted thing's words stand nowhere: every tab is searched for canary words, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.assessment import ItemNote
from pmosync.compute.policy import Policy
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.redaction import Redaction, telling
from pmosync.model import (
    Binding,
    BindingRow,
    DecisionRow,
    DecisionType,
    Level,
    Milestone,
    MilestoneRow,
    Place,
    Plan,
    Problem,
    ProjectRow,
    RiskRow,
    Snapshot,
    SourceMilestone,
    WorkItem,
)
from pmosync.raw import Ref, Scope
from pmosync.sheet import Formula, Link, Table, Value

NOW = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)
CANARIES = ("pay-m99", "nightingale", "夜莺", "bluebird", "kestrel", "sec-7", "goldcrest", "osprey")
SOURCE = Ref("jira", "version", "10900")


def place(tab: str, code: str) -> Place:
    """Where a row was typed."""
    return Place("plan", tab, 2, code)


def snapshot() -> Snapshot:
    """One open and one restricted milestone; everything open mentions what is restricted."""
    said = "waits for pay-m99, 等待PAY-M99与夜莺计划 (project nightingale), see SEC-7"
    plan = Plan(
        projects=(
            ProjectRow(
                place=place("projects", "PAY"), code="PAY", name="Payments", manager="Li", objective=said,
                committed_on=date(2026, 1, 5), links="see bluebird",
            ),
        ),
        milestones=(
            MilestoneRow(
                place=place("milestone_inputs", "PAY-M01"), code="PAY-M01", project="PAY", level=Level.COMMITTEE,
                name="Beta after Project Nightingale", target=date(2026, 12, 31), depends_on=("PAY-M99",), note=said,
            ),
            MilestoneRow(
                place=place("milestone_inputs", "pay-m99"), code="pay-m99", project="PAY", level=Level.COMMITTEE,
                name="Bluebird", target=date(2026, 11, 30), note="Goldcrest",
            ),
        ),
        bindings=(
            BindingRow(place=place("bindings", "pay-m99"), code="pay-m99", system="jira", scope=Scope("version", "Kestrel")),
        ),
        decisions=(
            DecisionRow(
                place=place("decisions", "D-1"), number="D-1", day=date(2026, 11, 2), codes=("PAY-M99",),
                type=DecisionType.RESCOPE, reason="Goldcrest",
            ),
            DecisionRow(
                place=place("decisions", "D-2"), number="D-2", day=date(2026, 11, 2), codes=("PAY-M01", "PAY-M99"),
                type=DecisionType.RESCOPE, reason="Goldcrest", minutes="Goldcrest",
            ),
        ),
        risks=(
            RiskRow(
                place=place("risks", "R1"), id="R1", project="PAY", milestone="PAY-M99", text="Goldcrest", probability=5,
                impact=5,
            ),
            RiskRow(place=place("risks", "R2"), id="R2", project="PAY", milestone="PAY-M01", text=said),
        ),
    )  # fmt: skip
    return Snapshot(
        as_of=NOW,
        plan=plan,
        milestones=(
            Milestone(code="PAY-M01", project="PAY", name="Beta after Project Nightingale", appeared=NOW),
            Milestone(code="PAY-M99", project="PAY", name="Project Nightingale", appeared=NOW),
        ),
        bindings=(Binding(code="PAY-M99", ref=SOURCE, since=NOW),),
        sources={
            SOURCE: SourceMilestone(
                ref=SOURCE, title="夜莺计划", form="version", key="Kestrel", target=date(2026, 11, 30), restricted=True
            )
        },
        items=(
            WorkItem(ref=Ref("jira", "issue", "7"), key="SEC-7", title="Osprey", restricted=True),
            WorkItem(
                ref=Ref("jira", "issue", "8"), key="PAY-8", title=f"Osprey's wing; {said}", due=date(2026, 11, 2),
                url="https://jira.example.com/browse/SEC-7",
            ),
        ),
        problems=(
            Problem(rule="unreadable-record", place="SEC-7", message=said),
            Problem(rule="not-a-date", place="'Milestone inputs'!H3", message="“Goldcrest” is no date", code="PAY-M99"),
        ),
    )  # fmt: skip


def words_of(value: Value) -> Iterator[str]:
    """Every text of a cell: what it shows, where it leads, what it computes."""
    match value:
        case Link(text=text, url=url):
            yield from (text, url)
        case Formula(text=text, value=shown):
            yield from (text, str(shown))
        case _:
            yield str(value)


def words_in(table: Table) -> Iterator[str]:
    """Every text of a tab: cells, notes, choices, views."""
    tab = table.tab
    yield from (tab.title, tab.note, *(view.title for view in tab.views))
    for column in tab.columns:
        yield from (column.label, column.note, column.formula, *column.choices)
    for row in table.rows:
        for value in row:
            yield from words_of(value)


def story(**more: object) -> Content:
    """What is published of that snapshot."""
    known, given = snapshot(), {"hosts": frozenset({"jira.example.com"}), **more}
    found = assess(known, Policy(), NOW)
    return Content(assessment=found, generated_at=NOW, plan=known.plan, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("inputs_here", [True, False])
def test_no_canary_sings(language: str, inputs_here: bool) -> None:
    """Of a restricted milestone or item no code, key, title, name, binding or word of its rows stands in any cell, note or
    link of any tab, in whatever case, also within other words and between Chinese characters.
    """
    content = story(language=language, inputs_here=inputs_here)
    found = [
        (table.tab.key, canary, text)
        for table in build(content)
        for text in words_in(table)
        for canary in CANARIES
        if canary in text.lower()
    ]
    assert found == []


def test_who_may_see_it_sees_it() -> None:
    """An audience that may see restricted things gets all of it: the search does find what is there."""
    tables = build(story(audience_sees_restricted=True, inputs_here=False))
    text = "\n".join(word for table in tables for word in words_in(table)).lower()
    assert [canary for canary in CANARIES if canary not in text] == []


def test_what_everybody_sees_keeps_its_name() -> None:
    """A name that something open bears too is no secret: it is not torn out of the open thing's texts."""
    content = story()
    note = ItemNote(
        item=WorkItem(ref=Ref("jira", "issue", "9"), key="PAY-9", title="Osprey"),
        project="PAY",
        codes=(),
        problems=("quiet",),
    )
    found = build(replace(content, assessment=replace(content.assessment, items=(note,))))
    work = next(table for table in found if table.tab.key == "work")
    assert work.rows[0][1] == "Osprey"


def test_only_whole_mentions_are_covered() -> None:
    """A mention is a word of its own: a longer code that begins alike is another one; the longest name counts."""
    cover = Redaction(("PAY-M9", "Blue bird", "Blue bird two"), "▒")
    assert cover("PAY-M9, PAY-M91, X-PAY-M9, PAY-M9-2, (pay-m9)") == "▒, PAY-M91, X-PAY-M9, PAY-M9-2, (▒)"
    assert cover("a blue bird two, a blue bird, bluebird") == "a ▒, a ▒, bluebird"
    assert cover("等PAY-M9上线") == "等▒上线"


@pytest.mark.parametrize("name", ["A", "v", "12", "done", "已完成", "QA", ""])
def test_words_that_tell_nothing_stay(name: str) -> None:
    """A letter, a bare number or a word of the workbook's own is no secret, whoever bears it as a name."""
    assert not telling(name)
