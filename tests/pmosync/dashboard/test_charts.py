"""The Charts tab: figures in folded columns, and charts that hang at fixed places over them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Pace, Spoke
from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.charts import BLOCKS, HEIGHT, by_cause
from pmosync.dashboard.content import Content
from pmosync.model import Cause, State
from pmosync.sheet import Chart, ChartKind, Table, Value, text_of


def charts(content: Content) -> Table:
    """The tab."""
    return next(each for each in build(content) if each.tab.key == "charts")


def cells(table: Table, chart: Chart, column: str) -> list[Value]:
    """What a column of a chart's figures holds, its name first."""
    place = table.tab.position(column)
    return [table.rows[row - 1][place] for row in range(chart.first - 1, chart.last + 1)]


def test_the_trend_as_lines(story: Callable[..., Content]) -> None:
    """A line a milestone over the report days: the labels, the names and the dates stand where the chart looks for them."""
    table = charts(story())
    chart = table.tab.charts[0]
    assert (chart.kind, [series.name for series in chart.series]) == (ChartKind.LINE, ["PAY-M03"])
    assert [text_of(cell) for cell in cells(table, chart, "label")] == ["", "2026-11-16", "2026-11-23", "2026-11-30"]
    assert cells(table, chart, chart.series[0].column) == [
        "PAY-M03",
        date(2026, 12, 10),
        date(2026, 12, 21),
        date(2026, 12, 19),
    ]
    assert chart.least is not None
    assert chart.most is not None
    assert chart.least < chart.most


def test_a_paused_milestone_has_its_letter_on_the_trend(story: Callable[..., Content]) -> None:
    """Its date stands still by decision: the line does not pass for one that somebody works towards."""
    told = story().assessment
    paused = tuple(
        replace(each, state=State.PAUSED) if each.milestone.code == "PAY-M03" else each for each in told.milestones
    )
    chart = charts(story(assessment=replace(told, milestones=paused))).tab.charts[0]
    assert [series.name for series in chart.series] == ["PAY-M03 ‖"]


def test_slip_by_cause(story: Callable[..., Content]) -> None:
    """A bar a cause: by how many wd it moved expected dates in the last 90 days, in the printed order."""
    table = charts(story())
    chart = table.tab.charts[1]
    assert chart.kind is ChartKind.BAR
    labels, sums = cells(table, chart, "label")[1:], cells(table, chart, "count_1")[1:]
    assert dict(zip(labels, sums, strict=True)) == {"scope added/removed": 5, "throughput": 3, "unexplained": -1}


def test_planning_is_no_slip_by_cause(story: Callable[..., Content]) -> None:
    """What moved before anything was promised is in no bar: nothing slips that nobody promised."""
    content = story()
    moves = {
        code: tuple(replace(each, planning=True) for each in rows) for code, rows in content.assessment.moves.items()
    }
    assert by_cause(replace(content, assessment=replace(content.assessment, moves=moves))).rows == ()


def test_what_rolls_on_has_its_own_bar(story: Callable[..., Content]) -> None:
    """Work that is overdue day by day stands apart from throughput, behind it; the parts of both are as they were."""
    content = story()
    moves = {
        code: tuple(
            replace(row, causes=(*row.causes, *(Cause("throughput", 4, rolled=True) for _ in row.causes[:1])))
            for row in own
        )
        for code, own in content.assessment.moves.items()
    }
    told = by_cause(replace(content, assessment=replace(content.assessment, moves=moves))).rows
    assert told[1:3] == (("throughput", (3,)), ("overdue, rolled on day by day", (4,)))


def test_burn_up(story: Callable[..., Content]) -> None:
    """Scope and delivery of the worst open committee milestones."""
    table = charts(story())
    chart = table.tab.charts[2]
    assert chart.title == "Burn-up PAY-M03"
    assert cells(table, chart, "count_1") == ["Scope", 26, 30, 30]
    assert cells(table, chart, "count_2") == ["Delivered", 9, 0, 0]


def foreseen(content: Content) -> Content:
    """The content with a fan of two weeks behind the burn-up of PAY-M03."""
    today = content.assessment.today
    fan = tuple(Spoke(today + timedelta(weeks=week), 18 + week, 20 + week, 23 + week) for week in (1, 2))
    told = tuple(
        replace(each, pace=Pace(fan=fan)) if each.milestone.code == "PAY-M03" else each
        for each in content.assessment.milestones
    )
    return replace(content, assessment=replace(content.assessment, milestones=told))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Scope", "Delivered", "safe (85 %)", "likely (50 %)", "possible (15 %)"]),
        ("zh-CN", ["范围", "已交付", "稳妥（85%）", "可能（50%）", "乐观（15%）"]),
    ],
)
def test_a_fan_opens_where_delivery_stands(story: Callable[..., Content], language: str, names: list[str]) -> None:
    """Behind the report days the weeks ahead: what is safe, likely and possible, in dashed lines from what is delivered."""
    table = charts(foreseen(story(language)))
    chart = table.tab.charts[2]
    assert [series.name for series in chart.series] == names
    assert [series.dashed for series in chart.series] == [False, False, True, True, True]
    assert [text_of(cell) for cell in cells(table, chart, "label")[-3:]] == ["2026-11-30", "2026-12-08", "2026-12-15"]
    assert cells(table, chart, "count_2")[1:] == [9, 0, 0, None, None]
    edges = [cells(table, chart, column)[1:] for column in ("count_3", "count_4", "count_5")]
    assert edges == [[None, None, 0, 19, 20], [None, None, 0, 21, 22], [None, None, 0, 24, 25]]


def test_nothing_to_show_is_no_chart(story: Callable[..., Content]) -> None:
    """Before the first reports there are no series, so that a target draws nothing and takes old ones away."""
    content = story()
    bare = replace(content, assessment=replace(content.assessment, reports={}, moves={}))
    assert [chart.series for chart in charts(bare).tab.charts] == [()] * len(BLOCKS)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_places_never_change(story: Callable[..., Content], language: str) -> None:
    """Each chart hangs at its own row, whatever there is to show; its figures stand behind those of the others."""
    full = charts(story(language))
    assert [chart.row for chart in full.tab.charts] == [1 + HEIGHT * place for place in range(len(BLOCKS))]
    assert len(full.rows) == sum(BLOCKS) + len(BLOCKS) + 1
    assert [column.key for column in full.tab.columns if not column.collapsed] == ["chart"]


def test_what_nobody_may_see_is_in_no_figure(story: Callable[..., Content]) -> None:
    """Restricted milestones have no line, and the layout that is read is the one that is written."""
    assert "PAY-M99" not in repr(charts(story()))
    assert next(tab for tab in layouts(story()) if tab.key == "charts") == charts(story()).tab
