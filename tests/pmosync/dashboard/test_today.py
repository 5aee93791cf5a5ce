"""Today in sentences, in blocks that fit a screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute.reasons import reason
from pmosync.compute.today import BLOCKS, News
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.today import sentence
from pmosync.sheet import Link, Table, text_of

Story = Callable[..., Content]
OLD, NEW = date(2026, 12, 10), date(2026, 12, 17)


def table(content: Content) -> Table:
    """The tab, which is the first of all."""
    found = build(content)[0]
    assert found.tab.key == "today"
    return found


def column(content: Content, key: str) -> list[str]:
    """The cells of a column."""
    found = table(content)
    return [text_of(row[found.tab.position(key)]) for row in found.rows]


def quiet(story: Story, language: str = "en") -> Content:
    """A day on which everything is as it was yesterday and at the committee."""
    content = story(language)
    said = content.assessment
    colours = {code: tuple(replace(each, shown=each.shown) for each in past) for code, past in said.past.items()}
    calm = replace(said, milestones=(), projects=(), freshness=(), past=colours, moves={})
    return replace(content, assessment=calm, holds=())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Nothing moved: neither since the close of 30 Nov 2026 nor "
            "since the last committee (30 Nov 2026 10:00 (Asia/Shanghai)).",
        ),
        ("zh-CN", "自 2026年11月30日 日终及上次委员会（2026年11月30日 10:00（Asia/Shanghai））以来均无变动。"),
    ],
)
def test_a_quiet_day_says_so(story: Story, language: str, said: str) -> None:
    """One line, and no empty headings."""
    assert column(quiet(story, language), "line") == [said]


def test_the_same_day_gives_the_same_page(story: Story) -> None:
    """Nothing of the hour is told: a second sync has nothing to write."""
    content = story()
    later = replace(content, generated_at=content.generated_at.replace(hour=9))
    assert table(later) == table(replace(content, generated_at=later.generated_at.replace(minute=59)))
    assert table(later).rows == table(content).rows


def test_ten_lines_a_block(story: Story) -> None:
    """What is beyond is counted, so that one bad night does not bury the rest."""
    content = story()
    first = content.assessment.milestones[1]
    many = tuple(
        replace(first, milestone=replace(first.milestone, code=f"PAY-N{number:02}"), project="") for number in range(13)
    )
    lines = column(replace(content, assessment=replace(content.assessment, milestones=many)), "line")
    assert sum("turned Red" in line for line in lines) == 10
    assert "4 more of this kind" in lines


def test_headings_stand_once_in_order(story: Story) -> None:
    """The blocks come in one order, each under one heading."""
    heads = [head for head in column(story(), "block") if head]
    assert heads == ["Colours", "New, ended, re-opened", "Sources stale or held"]
    assert len(BLOCKS) == 7


def test_a_line_leads_to_its_source_and_its_row(story: Story) -> None:
    """The code is the way to the source, the pencil the way to where people type."""
    content = story()
    without = tuple(each for each in content.assessment.projects if each.row.code != "PAY")
    content = replace(content, assessment=replace(content.assessment, projects=without))
    found = table(content)
    row = next(row for row in found.rows if text_of(row[found.tab.position("code")]) == "PAY-M03")
    assert row[found.tab.position("code")] == Link("PAY-M03", "https://jira.example.com/browse/PAY-3")
    assert text_of(row[found.tab.position("edit")]) == "✎"


def test_nothing_restricted_is_told(story: Story) -> None:
    """What the audience may not see has no line and no mention."""
    assert "Nightingale" not in " ".join(column(story(), "line"))


def about(**fields: Any) -> News:
    """A line about one milestone."""
    return News(code="PAY-M03", name="Beta", project="PAY", **fields)


@pytest.mark.parametrize(
    ("news", "english", "chinese"),
    [
        (
            about(block="dates", kind="moved", field="target", old=OLD, new=NEW, wd=5, by="D-9"),
            "PAY-M03 Beta: target 10 Dec 2026 → 17 Dec 2026 (+5 wd), by D-9",
            "PAY-M03 Beta：目标 2026年12月10日 → 2026年12月17日（+5 个工作日），D-9",
        ),
        (
            about(block="dates", kind="moved", field="forecast", new=NEW),
            "PAY-M03 Beta: forecast set to 17 Dec 2026",
            "PAY-M03 Beta：预测定为 2026年12月17日",
        ),
        (
            about(block="dates", kind="moved", field="forecast", new=NEW, unbelieved=True),
            "PAY-M03 Beta: forecast set to 17 Dec 2026, not believed: judged on the evidence",
            "PAY-M03 Beta：预测定为 2026年12月17日，未采信，按依据判定",
        ),
        (
            about(block="dates", kind="moved", field="target", old=OLD),
            "PAY-M03 Beta: target 10 Dec 2026 taken out",
            "PAY-M03 Beta：目标 2026年12月10日 已清除",
        ),
        (
            about(block="wishes", kind="wish", new=NEW, old=OLD, words="scope"),
            "PAY-M03 Beta: new baseline 17 Dec 2026 wished instead of 10 Dec 2026: scope",
            "PAY-M03 Beta：申请新基线 2026年12月17日（原 2026年12月10日）：scope",
        ),
        (
            about(block="colours", kind="recovered", then="R", now="g", reasons=(reason("no_owner", due=None),)),
            "PAY-M03 Beta left Red (R→(G)): no accountable owner",
            "PAY-M03 Beta 脱离红色（R→(G)）：无唯一责任人",
        ),
        (
            News(block="overdue", kind="reports", codes=("ABX", "COUP"), words="2026-W45", by="4"),
            "2 reports on 2026-W45 not sent, 4 wd overdue: ABX, COUP",
            "2026-W45 的报告有 2 份未发送，逾期 4 个工作日：ABX、COUP",
        ),
        (
            about(block="overdue", kind="forecast", new=NEW),
            "PAY-M03 Beta: the forecast 17 Dec 2026 was not confirmed in time",
            "PAY-M03 Beta：预测 2026年12月17日 逾期未确认",
        ),
    ],
)  # fmt: skip
def test_sentences(story: Story, news: News, english: str, chinese: str) -> None:
    """Who, what, from where to where, by whom: in both languages."""
    assert sentence(story("en"), news) == english
    assert sentence(story("zh-CN"), news) == chinese
