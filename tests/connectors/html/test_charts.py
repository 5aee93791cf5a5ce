"""Charts as drawings: axes that people can read, names that do not cover each other, figures in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.html.samples import CHARTS, TABLES

from pmosync.sheet import Chart, ChartKind, Column, Format, Kind, Row, Series, Tab, Table, serial
from pmosync_html.charts import Line, apart, axis, draw
from pmosync_html.palette import palette_of
from pmosync_html.words import CHINESE, ENGLISH

VALUES = st.lists(st.one_of(st.none(), st.integers(-5_000, 5_000)), min_size=1, max_size=12)


def drawn(values: Sequence[object], kind: ChartKind, style: Format = Format.INTEGER) -> str:
    """A chart of one series over those values."""
    rows: tuple[Row, ...] = tuple((f"L{place}", value) for place, value in enumerate(values))  # type: ignore[misc]
    chart = Chart("c", "Title", kind, 1, "label", 1, len(values), (Series("value", "Name", "#1f4e79"),), style)
    table = Table(
        Tab("t", "T", Kind.PUBLISHED, 1, (Column("label", "L"), Column("value", "V")), "label", charts=(chart,)), rows
    )
    return str(draw(chart, table, palette_of([table]), ENGLISH))


@given(VALUES, st.sampled_from(list(ChartKind)))
def test_everything_stands_inside(values: list[int | None], kind: ChartKind) -> None:
    """No place of a drawing lies outside it, whatever the figures are: negative, one, none, all equal."""
    told = drawn(values, kind)
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', told)[0])
    assert all(0 <= float(x) <= width for x in re.findall(r' (?:x|x1|x2|cx)="([^"]+)"', told))
    assert all(0 <= float(y) <= height for y in re.findall(r' (?:y|y1|y2|cy)="([^"]+)"', told))
    assert "nan" not in told


@given(VALUES)
def test_an_axis_holds_its_values_and_zero(values: list[int | None]) -> None:
    """Its ends are round, and it has a handful of ticks."""
    chart = Chart("c", "", ChartKind.LINE, 1)
    made = axis(chart, [Line(Series("v", "", ""), 0, tuple(values))], 0, 100)
    known = [value for value in values if value is not None]
    assert made.least <= min([0, *known])
    assert made.most >= max([0, *known])
    assert 2 <= len(list(made.ticks())) <= 8


def test_an_axis_of_dates_steps_by_weeks() -> None:
    """Between its ends, in steps that people know."""
    first = date(2026, 9, 1)
    days = tuple(serial(first + timedelta(days=each)) for each in (0, 60))
    chart = Chart("c", "", ChartKind.LINE, 1, format=Format.DATE, least=days[0] - 7, most=days[1] + 7)
    made = axis(chart, [Line(Series("v", "", ""), 0, days)], 0, 100)
    assert made.step == 14
    assert made.least == days[0] - 7


def test_figures_are_told_in_words() -> None:
    """A drawing's description says where lines begin and end, and each bar, in the reader's language."""
    table = TABLES[1]
    lines, bars, _ = CHARTS.charts
    said = [str(draw(chart, table, palette_of(TABLES), ENGLISH)) for chart in (lines, bars)]
    assert ">Scope: 1 Mar 10, 15 Mar 14. Delivered: 1 Mar 0, 15 Mar −3</desc>" in said[0]
    assert ">wd: 1 Mar 0, 8 Mar 6, 15 Mar −3</desc>" in said[1]
    assert "Scope：1 Mar 10、15 Mar 14。" in str(draw(lines, table, palette_of(TABLES), CHINESE))


def test_names_do_not_cover_each_other() -> None:
    """Lines that end at one place have their names below each other, all of them inside the drawing."""
    series = tuple(Series("value", f"N{place}", "#1f4e79") for place in range(6))
    chart = Chart("c", "T", ChartKind.LINE, 1, "label", 1, 2, series)
    tab = Tab("t", "T", Kind.PUBLISHED, 1, (Column("label", "L"), Column("value", "V")), "label", charts=(chart,))
    table = Table(tab, (("a", 1), ("b", 5)))
    told = str(draw(chart, table, palette_of([table]), ENGLISH))
    places = sorted(float(y) for y in re.findall(r'y="(\S+)" text-anchor="start" class="name"', told))
    assert len(places) == 6
    assert places[0] >= 16
    assert min(b - a for a, b in pairwise(places)) >= 16


def test_names_stand_around_the_place_where_their_lines_end() -> None:
    """Half of them above and half below, and the others where their own lines end."""
    places = apart([(0, 100.0), (1, 100.0), (2, 100.0), (3, 300.0)], 16, 400)
    assert places == {0: 84, 1: 100, 2: 116, 3: 300}
    assert apart([(0, 16.0), (1, 16.0)], 16, 400) == {0: 16, 1: 32}
    assert apart([(0, 400.0), (1, 400.0)], 16, 400) == {0: 384, 1: 400}


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_gap_is_no_zero(kind: ChartKind) -> None:
    """A label without a value has no point and no bar."""
    told = drawn([3, None, "text", 4], kind)
    assert told.count("<circle") + told.count("<rect") == 2


@pytest.mark.parametrize(
    ("foreseen", "solid"),
    [
        ((False, False, True, True), [True, True, False, False]),
        ((True, False, False, False), [False, True, True, True]),
        ((False, False), [True, True]),
        ((False, False, False), [True, False, False]),
    ],
)
def test_what_is_foreseen_alone_is_dashed(foreseen: tuple[bool, ...], solid: list[bool]) -> None:
    """Whatever its place is; of many lines that are all facts the strokes tell which is which."""
    series = tuple(Series("value", f"N{number}", "#1f4e79", each) for number, each in enumerate(foreseen))
    chart = Chart("c", "T", ChartKind.LINE, 1, "label", 1, 2, series)
    tab = Tab("t", "T", Kind.PUBLISHED, 1, (Column("label", "L"), Column("value", "V")), "label", charts=(chart,))
    table = Table(tab, (("a", 1), ("b", 5)))
    told = str(draw(chart, table, palette_of([table]), ENGLISH))
    courses = re.findall(r'class="course"([^>]*)>', told)
    assert [not re.search(r'stroke-dasharray="\d', course) for course in courses] == solid


def test_equal_figures_are_equal_bytes() -> None:
    """Places are rounded to tenths: no machine's last digit is seen."""
    told = drawn([1, 2, 3.3333333], ChartKind.LINE)
    assert not re.search(r'(?:x|y|d)\d?="[^"]*\d\.\d\d', told)
