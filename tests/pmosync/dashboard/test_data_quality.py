"""Data quality: each finding with where to look, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.model import Problem
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
