"""The Slip trend tab: milestone trend analysis over the report days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.content import Content
from pmosync.dashboard.slip_trend import DAYS, arrow
from pmosync.model import Report
from pmosync.sheet import Table, text_of


def trend(content: Content) -> Table:
    """The tab."""
    return next(each for each in build(content) if each.tab.key == "slip_trend")


def test_a_column_a_report_day(story: Callable[..., Content]) -> None:
    """The expected date stands under the day of its report as it was told then; days of what nobody sees have no column."""
    table = trend(story())
    days = [column.label for column in table.tab.columns][7:]
    assert days == ["2026-11-16", "2026-11-23", "2026-11-30"]
    assert [text_of(row[0]) for row in table.rows] == ["PAY-M01", "PAY-M03"]
    assert table.rows[1][7:] == (date(2026, 12, 10), date(2026, 12, 21), date(2026, 12, 19))
    assert table.rows[0][7:] == (date(2026, 10, 12), None, None)


def test_baseline_net_and_arrow(story: Callable[..., Content]) -> None:
    """Beside the points stand the baseline, the slip against that very baseline and where the last move went."""
    assert trend(story()).rows[1][3:7] == (date(2026, 12, 10), date(2026, 12, 19), 7, "↘ -1")
    assert [arrow(step) for step in (5, 0, -2)] == ["↗ +5", "→", "↘ -2"]


def test_no_net_move_without_a_date(story: Callable[..., Content]) -> None:
    """Where no date is expected any more the tab says so, on its day too: neither a net move nor an arrow is drawn. A day on
    which nothing was reported stays empty.
    """
    content = story()
    (*before, last) = content.assessment.reports["PAY-M03"]
    bare = replace(last, expected=None, held=date(2026, 12, 21), step=0)
    reports = {**content.assessment.reports, "PAY-M03": (*before, bare)}
    told = trend(replace(content, assessment=replace(content.assessment, reports=reports)))
    assert told.rows[1][4:7] == (None, None, "no date")
    assert told.rows[1][-1] == "no date"
    assert told.rows[0][-1] is None


def test_the_last_half_year(story: Callable[..., Content]) -> None:
    """Of many report days the last 26 are shown."""
    content, first = story(), date(2026, 1, 5)
    reports = tuple(Report(code="PAY-M03", day=first + timedelta(days=7 * week), expected=first) for week in range(40))
    told = replace(content, assessment=replace(content.assessment, reports={"PAY-M03": reports}))
    labels = [column.label for column in trend(told).tab.columns][7:]
    assert (len(labels), labels[-1]) == (DAYS, (first + timedelta(days=7 * 39)).isoformat())


def test_the_layout_that_is_read_is_the_one_that_is_written(story: Callable[..., Content]) -> None:
    """What a target is asked for before anything is masked has the same columns as what is written."""
    asked = next(tab for tab in layouts(story()) if tab.key == "slip_trend")
    assert asked == trend(story()).tab
