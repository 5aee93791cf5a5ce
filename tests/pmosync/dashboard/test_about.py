"""About says by what rules the colours come about: all of them, as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute.absence import REKEYED, sentence
from pmosync.compute.assessment import Reason, Record, Step
from pmosync.compute.policy import COLOUR_RULES, ColourRule, Policy, Tolerance
from pmosync.compute.rag import FIELDS, LIMITS, NAMED, limit_values
from pmosync.compute.reasons import evidence
from pmosync.dashboard import words
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.words.terms import TERMS
from pmosync.dashboard.words.texts import RULES
from pmosync.errors import UnreadError
from pmosync.model import Freshness, Hold, Lost, Part
from pmosync.rows import Located, unheaded
from pmosync.sheet import Table

Story = Callable[..., Content]


def about(story: Story, language: str = "en", **rules: Any) -> Table:
    """About under these rules."""
    assessment = replace(story().assessment, policy=Policy(**rules))
    return next(table for table in build(story(language, assessment=assessment)) if table.tab.key == "about")


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 17
        case float():
            return value / 2
        case str():
            return "Europe/Berlin" if value else "confirmed"
        case Tolerance():
            return Tolerance(value.amber + 17, value.red + 17)
        case tuple():
            return value[1:]
        case _:
            return {"Chengdu": "CN"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("rule", Policy.__struct_fields__)
def test_every_rule_in_force_is_printed(story: Story, rule: str, language: str) -> None:
    """Whatever a site sets under `policy:` can be read on About: with another value the page reads otherwise."""
    changed = {rule: other(getattr(Policy(), rule))}
    assert about(story, language, **changed).rows != about(story, language).rows


UNTRUSTED = evidence(
    "untrusted",
    day=date(2026, 10, 22),
    winner="line",
    p50="31%",
    p85="69%",
    count=49,
    fair="35%",
    safe="75%",
    least=30,
)
KEPT = Record(winner="blend", p50=0.5, p85=0.9, count=40)


@pytest.mark.parametrize(
    ("told", "language", "text", "detail"),
    [
        ({"forecaster": KEPT}, "en", "blend: P50 kept by 50 %, P85 by 90 % of 40", ""),
        (
            {"unforecast": UNTRUSTED},
            "en",
            "not calibrated yet",
            "as learned on 22 Oct 2026 the best forecaster, straight line, kept P50 in 31% and P85 in 69% of its 49 "
            "forecasts; asked for are 35%, 75% and 30 forecasts; learned again every four weeks",
        ),
        (
            {"unforecast": UNTRUSTED},
            "zh-CN",
            "尚未校准",
            "2026年10月22日 学习所得最佳方法为直线外推：49 次预测中 P50 兑现 31%、P85 兑现 69%；"
            "要求分别为 35%、75%，且不少于 30 次；每四周重新学习",
        ),
    ],
)
def test_whose_forecasts_are_published_is_told(
    story: Story, told: dict[str, Any], language: str, text: str, detail: str
) -> None:
    """With how often its dates were kept; or that nobody's are, and what its record lacks."""
    given = replace(story().assessment, forecaster=None, unforecast=None)
    found = next(t for t in build(story(language, assessment=replace(given, **told))) if t.tab.key == "about")
    named = {"en": "Forecast by", "zh-CN": "预测方法"}[language]
    assert [(row[2], row[3] or "") for row in found.rows if row[1] == named] == [(text, detail)]


def test_the_colour_table_is_printed_as_it_stands(story: Story) -> None:
    """A site's own row stands there with field, operator, value, letter and reason, all in words for people; a named limit
    shows its number.
    """
    said = {"en": "ask the sponsor", "zh-CN": "请示发起人"}
    own = ColourRule("moves", "ge", 7, "R", "retargets", "yes", said)
    rows = about(story, colours=(*COLOUR_RULES, own), blocking_exposure=20).rows
    assert (
        None,
        "Red",
        "moves of the target to a later day ≥ 7",
        "because: target moved again and again; at once: yes; ask the sponsor",
    ) in rows
    assert (
        None,
        "Red",
        "exposure of an open risk ≥ Blocking risk (20)",
        "because: blocked by a risk; at once: yes",
    ) in rows


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_a_named_limit_is_that_of_the_policy(story: Story, limit: str) -> None:
    """Whichever number a rule names, the one in force by that name is compared and printed; nothing is kept apart."""
    share = isinstance(getattr(Policy(), limit), float)
    changed: dict[str, Any] = {limit: 1.0 if share else 1}
    assert limit_values(Tolerance(2, 5), Policy(**changed))[limit] == 1
    own, shown = ColourRule("moves", "ge", limit, "A", "retargets"), "100%" if share else "1"
    printed = about(story, colours=(own,), **changed).rows
    named = RULES[limit][0][0] if limit in RULES else words.term("colour_limit", limit, "en")
    assert any(f"moves of the target to a later day ≥ {named} ({shown})" in row for row in printed)


def test_the_tolerance_behind_red_is_printed_for_every_kind_of_plan(story: Story) -> None:
    """What Red by slip means depends on the project: all three numbers stand there."""
    for language, shown in (
        ("en", "slip in working days > the tolerance for Red (key 6, part-time 10, short plans 3)"),
        ("zh-CN", "延期（工作日） > 红色容差（重点 6，兼职 10，短期计划 3）"),
    ):
        rows = about(story, language, key=Tolerance(2, 6)).rows
        assert any(shown in row for row in rows)


@pytest.mark.parametrize(
    ("language", "about_it", "beside_it"),
    [("en", "first sync", "before our first sync"), ("zh-CN", "首次同步", "首次同步之前")],
)
def test_it_says_from_when_on_dates_are_known(story: Story, language: str, about_it: str, beside_it: str) -> None:
    """A version's or milestone's dates have no history in their system: About says that ours begins with our first sync, and
    so does the note of the column that counts moves.
    """
    lines = [str(row[2]) for row in about(story, language).rows]
    assert sum(about_it in line for line in lines) == 1
    milestones = next(table for table in build(story(language)) if table.tab.key == "milestones")
    (column,) = [column for column in milestones.tab.columns if column.key == "retargets"]
    assert beside_it in column.note


def test_no_word_of_the_program_stands_on_about(story: Story) -> None:
    """Names that only the program knows have words of people, in both languages; of the Chinese page nothing is English but
    what people type or call so.
    """
    inner = re.compile(r"\b[a-z]+_[a-z_]+\b")
    for language in ("en", "zh-CN"):
        content = story(language)
        freshness = (Freshness(connection="book", title="Workbook (inputs)", state="ok"),)
        shown = replace(content, assessment=replace(content.assessment, freshness=freshness))
        table = next(each for each in build(shown) if each.tab.key == "about")
        words = [str(cell) for row in table.rows for cell in row if cell]
        assert [word for word in words if inner.search(word)] == []
        if language == "zh-CN":
            assert "Workbook（填报表）" in words
            assert any("launch（上线）" in word for word in words)
            assert [word for word in words if "， " in word or "； " in word] == []


def test_every_word_of_the_colour_table_has_words_for_people() -> None:
    """Whatever a site's table names is told in words: fields, limits, reasons."""
    assert set(TERMS["colour_field"]) == FIELDS
    assert set(TERMS["colour_limit"]) | {*LIMITS} == NAMED
    assert {rule.reason for rule in COLOUR_RULES} <= set(TERMS["colour_reason"])
    named = {rule.value for rule in COLOUR_RULES if isinstance(rule.value, str)}
    assert named <= {*TERMS["colour_limit"], *RULES}


def test_a_worked_example_says_each_thing_once(story: Story) -> None:
    """No date stands twice in the chain of evidence of an example: each step goes without what the steps before it said."""
    content = story()
    given = content.assessment.milestones
    when = Reason("dated", {"day": date(2026, 12, 19), "source": "children", "name": "PAY-41"})
    steps = (
        Step(field="current", rule="auto", answer="12 Dec 2026", inputs=("12 Dec 2026",)),
        Step(field="expected", rule="expected.latest", answer=when, inputs=(when, "12 Dec 2026")),
        Step(field="slip", rule="end − baseline", answer="+5", inputs=(when, "12 Dec 2026")),
    )
    told = replace(content.assessment, milestones=tuple(replace(each, steps=steps) for each in given))
    table = next(each for each in build(replace(content, assessment=told)) if each.tab.key == "about")
    chains = [str(row[3]) for row in table.rows if "slip: +5" in str(row[3])]
    assert chains
    for chain in chains:
        days = re.findall(r"\d+ [A-Z][a-z]{2} \d{4}", chain)
        assert sorted(days) == ["12 Dec 2026", "19 Dec 2026"], chain


@pytest.mark.parametrize(
    ("language", "said"), [("en", ["history 43 %", "read 99 %"]), ("zh-CN", ["历史 43 %", "已读取 99 %"])]
)
def test_what_takes_several_syncs_says_how_far_it_is(story: Story, language: str, said: list[str]) -> None:
    """A line a unit beside its source, with the unit's name; what is not through is never 100 %."""
    own = {"connection": "gitlab", "unit": "u", "title": "pay history of issues"}
    parts = (Part(**own, behind="issues", share=0.439), Part(**own, share=0.9999))
    content = story(language)
    freshness = (Freshness(connection="gitlab", title="GitLab", state="ok", parts=parts),)
    shown = replace(content, assessment=replace(content.assessment, freshness=freshness))
    table = next(each for each in build(shown) if each.tab.key == "about")
    lines = [row for row in table.rows if any("pay history of issues" in str(cell) for cell in row)]
    assert [row[2] for row in lines] == said
    assert all(row[1] == "GitLab" for row in lines)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (
            Lost(kind="issue", of="PAY", why="new-ids", rekeyed=11),
            "PAY 中有 12 个工作项不再列出，其中 11 个的编号出现在新的 ID 之下",
        ),
        (
            Lost(kind="issue", of="PAY", why="elsewhere", rekeyed=11, there="cloud"),
            "12 个工作项不再绑定，其中 11 个的编号出现在 cloud 中",
        ),
        (
            Lost(kind="issue", of="PAY", why="losing", codes=("A", "B"), more=3),
            "A、B 及另外 3 个里程碑的未完成工作缺失过多",
        ),
        (Lost(kind="row", of="plan", tab="Milestones"), "plan 的“Milestones”中有 12 个数据行不再列出"),
    ],
)
def test_a_hold_speaks_the_readers_language(story: Story, lost: Lost, words: str) -> None:
    """Under holds and beside the freshness of its source, in each language alone."""
    told = story()
    hold = Hold(
        id="h-1",
        connection="jira",
        unit="PAY",
        reason=sentence(12, lost),
        since=told.holds[0].since,
        count=12,
        lost=lost,
    )
    source = Freshness(connection="jira", title="Jira", state="held", reason=hold.reason)
    assessment = replace(told.assessment, freshness=(source,))
    tables = {
        language: next(
            table for table in build(story(language, assessment=assessment, holds=(hold,))) if table.tab.key == "about"
        )
        for language in ("en", "zh-CN")
    }
    assert str(tables["zh-CN"].rows).count(words) == 2
    assert "any more" not in str(tables["zh-CN"].rows)
    assert str(tables["en"].rows).count(hold.reason) == 2
    assert ("migrated?" in hold.reason) is (lost.why in REKEYED)


def test_a_table_that_was_not_read_speaks_the_readers_language(story: Story) -> None:
    """Beside the freshness of its source: which table, why, and what mends it."""
    tab = next(each.tab for each in build(story()) if each.tab.key == "projects")
    table = unheaded(tab, Located(0, {}), "Q4 计划")
    source = Freshness(connection="team", title="Team", state="held", reason=str(UnreadError([table])), unread=(table,))
    assessment = replace(story().assessment, freshness=(source,))
    about = {
        language: next(
            str(each.rows) for each in build(story(language, assessment=assessment)) if each.tab.key == "about"
        )
        for language in ("en", "zh-CN")
    }
    assert f"Q4 计划: {table.message}" in about["en"]
    assert "Q4 计划：缺少区分各行的列" in about["zh-CN"]
    assert "项目代码" in about["zh-CN"]
    assert table.message not in about["zh-CN"]
