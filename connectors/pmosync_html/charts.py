"""A tab's charts as drawings: lines over their labels, bars beside them; with a title and the figures in words. Pure.

All places are rounded to tenths of a unit, so that equal figures give equal bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from pmosync.sheet import Chart, ChartKind, Format, Formula, Series, Table, Value, serial, text_of
from pmosync_html import shown
from pmosync_html.markup import element, joined
from pmosync_html.palette import Palette

TOP, BOTTOM, LETTER, LINE = 16.0, 34.0, 8.2, 16.0
"""Room above and below a drawing, the width of a bold letter, the height of a line of text."""

TICKS, MOST_LABELS = 6, 9
DASHES = ("", "7 4", "2 4", "9 3 2 3")
"""Lines are told apart by their strokes too: colours are not enough for everybody."""
FEW = 2
"""Lines that are told apart without: by their names, and by one being above the other."""

BAR, GAP = 20.0, 12.0
DAYS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
"""Steps of an axis of dates, in days."""


class Line(Struct, frozen=True):
    """One series: its place among the series, and what it shows at each label; None where it has no value. ``plain``: what is
    a fact is a solid line.
    """

    series: Series
    place: int
    values: tuple[float | None, ...]
    plain: bool = False

    @property
    def filled(self) -> tuple[tuple[int, float], ...]:
        """The places that have a value, with it."""
        return tuple((place, value) for place, value in enumerate(self.values) if value is not None)

    @property
    def stroke(self) -> str:
        """Its dashes; a forecast is never a solid line, and where there is one, a fact is no dashed one."""
        if self.plain and not self.series.dashed:
            return DASHES[0]
        strokes = DASHES[1:] if self.series.dashed else DASHES
        return strokes[self.place % len(strokes)]


class Axis(Struct, frozen=True):
    """The values of an axis from ``least`` to ``most``, drawn from ``start`` to ``end``, with a tick every ``step``."""

    least: float
    most: float
    step: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return self.start + (value - self.least) / (self.most - self.least) * (self.end - self.start)

    def ticks(self) -> Iterator[float]:
        """The values that have a tick."""
        first = math.ceil(self.least / self.step)
        yield from (tick * self.step for tick in range(first, math.floor(self.most / self.step) + 1))


def draw(chart: Chart, table: Table, palette: Palette, words: Mapping[str, str]) -> Markup:
    """A chart with its title above it. Its figures in words are the description that takes its place for who cannot see it."""
    rows = table.rows[chart.first - 1 : chart.last]
    place = table.tab.position(chart.labels)
    labels = [text_of(row[place]) for row in rows]
    lines = [_line(table, rows, series, number, _plain(chart)) for number, series in enumerate(chart.series)]
    name = f"{table.tab.key}-{chart.key}"
    kind, (width, height) = (_bars if chart.kind is ChartKind.BAR else _lines), chart.pixels
    body, reach = kind(chart, labels, lines, palette, width, height)
    drawing = element(
        "svg",
        element("title", chart.title, id=f"{name}-title"),
        element("desc", _told(chart, labels, lines, words), id=f"{name}-text"),
        body,
        viewBox=f"0 0 {width} {_n(reach)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-text",
    )
    frame = element("div", drawing, class_="frame", tabindex="0", role="group", aria_label=chart.title)
    return element("figure", element("figcaption", chart.title), frame, id=name)


def _plain(chart: Chart) -> bool:
    """Whether dashes say that a line is foreseen, so that no fact may have any."""
    return len(chart.series) <= FEW or any(series.dashed for series in chart.series)


def _line(table: Table, rows: Sequence[Sequence[Value]], series: Series, number: int, plain: bool) -> Line:
    place = table.tab.position(series.column)
    return Line(series, number, tuple(_figure(row[place]) for row in rows), plain)


def _figure(value: Value) -> float | None:
    match value:
        case Formula(value=told):
            return _figure(told)
        case bool() | None:
            return None
        case date():
            return serial(value)
        case int() | float() if math.isfinite(value):
            return float(value)
        case _:
            return None


def _told(chart: Chart, labels: Sequence[str], lines: Iterable[Line], words: Mapping[str, str]) -> str:
    """The figures in words: of lines where they begin and end, of bars each one."""
    told = (_said(chart, labels, line, words) for line in lines if line.filled)
    return words["stop"].join(told)


def _said(chart: Chart, labels: Sequence[str], line: Line, words: Mapping[str, str]) -> str:
    points = line.filled if chart.kind is ChartKind.BAR else (line.filled[0], line.filled[-1])
    each = (f"{labels[place]} {shown.number(value, chart.format)}" for place, value in dict(points).items())
    return f"{line.series.name}{words['colon']}{words['list'].join(each)}"


# ---------------------------------------------------------------- axes


def axis(chart: Chart, lines: Iterable[Line], start: float, end: float) -> Axis:
    """The axis of the values: it holds all of them and the chart's own ends, and unless they are dates, zero."""
    values = [value for line in lines for _, value in line.filled]
    dated = chart.format is Format.DATE
    least = chart.least if chart.least is not None else min([*values, *(() if dated else (0.0,))], default=0.0)
    most = chart.most if chart.most is not None else max([*values, *(() if dated else (0.0,))], default=1.0)
    if most <= least:
        most = least + 1
    step = _days(most - least) if dated else _round(most - least)
    if not dated:
        least, most = math.floor(least / step) * step, math.ceil(most / step) * step
    return Axis(least, most, step, start, end)


def _days(span: float) -> float:
    return float(next((step for step in DAYS if span / step <= TICKS), math.ceil(span / TICKS / 364) * 364))


def _round(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, whole, that gives a handful of ticks."""
    power = 10.0 ** math.floor(math.log10(span / TICKS)) if span > TICKS else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if span / (factor * power) <= TICKS)


# ---------------------------------------------------------------- lines


def _lines(
    chart: Chart, labels: Sequence[str], lines: Sequence[Line], palette: Palette, width: int, height: int
) -> tuple[Markup, float]:
    """Lines from left to right, each with its name where it ends."""
    names = max((_width(line.series.name) for line in lines), default=0.0)
    values = axis(chart, lines, height - BOTTOM, TOP)
    left = max(_width(shown.number(tick, chart.format)) for tick in (values.least, values.most)) + 14
    right = width - names - 22
    gap = (right - left) / max(len(labels) - 1, 1)
    places = [left + gap * place for place in range(len(labels))]
    ends = apart([(line.place, values.at(line.filled[-1][1])) for line in lines if line.filled], TOP, height - BOTTOM)
    parts = [_grid(chart, values, left, right), _below(labels, places, height)]
    parts += [_course(line, places, values, palette, right, ends[line.place]) for line in lines if line.filled]
    return joined(parts), float(height)


def _grid(chart: Chart, values: Axis, left: float, right: float) -> Markup:
    return joined(
        joined(
            (
                element(
                    "line", x1=_n(left), x2=_n(right), y1=_n(values.at(tick)), y2=_n(values.at(tick)), class_="grid"
                ),
                _text(shown.number(tick, chart.format), left - 8, values.at(tick) + 4, "end"),
            )
        )
        for tick in values.ticks()
    )


def _below(labels: Sequence[str], places: Sequence[float], height: float) -> Markup:
    """As many labels below the lines as have room, the last one always."""
    every = -(-len(labels) // MOST_LABELS)
    kept = range(len(labels) - 1, -1, -every)
    return joined(_text(labels[place], places[place], height - 10, "middle") for place in reversed(kept))


def _course(line: Line, places: Sequence[float], values: Axis, palette: Palette, right: float, end: float) -> Markup:
    points = [(places[place], values.at(value)) for place, value in line.filled]
    path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    last_x, last_y = points[-1]
    lead = f"M{_n(last_x)} {_n(last_y)}L{_n(right + 2)} {_n(last_y)}L{_n(right + 8)} {_n(end)}"
    return element(
        "g",
        element("path", d=lead, class_="lead"),
        element("path", d=path, class_="course", stroke_dasharray=line.stroke),
        *(element("circle", cx=_n(x), cy=_n(y), r="3") for x, y in points),
        _text(line.series.name, right + 12, end + 4, "start", "name"),
        class_=palette.ink(line.series.ink),
    )


def apart(ends: Sequence[tuple[int, float]], top: float, bottom: float) -> dict[int, float]:
    """Where names stand that none covers another: those of lines that end at one place around it, all within the drawing."""
    ordered = sorted(ends, key=lambda end: (end[1], end[0]))
    places = list(_around([y for _, y in ordered]))
    floor = top - LINE
    for number, place in enumerate(places):
        floor = places[number] = max(place, floor + LINE)
    ceiling = bottom + LINE
    for number in range(len(places) - 1, -1, -1):
        ceiling = places[number] = min(places[number], ceiling - LINE)
    return {number: place for (number, _), place in zip(ordered, places, strict=True)}


def _around(ends: Iterable[float]) -> Iterator[float]:
    """A place for each end, in their order: those with no room beside each other make a stack around their middle."""
    stacks: list[list[float]] = []
    for end in ends:
        stacks.append([end])
        while len(stacks) > 1 and _first(stacks[-1]) < _first(stacks[-2]) + LINE * len(stacks[-2]):
            stacks[-2:] = [[*stacks[-2], *stacks[-1]]]
    return (_first(stack) + LINE * place for stack in stacks for place in range(len(stack)))


def _first(stack: Sequence[float]) -> float:
    """Where a stack of names begins."""
    return sum(stack) / len(stack) - LINE * (len(stack) - 1) / 2


# ---------------------------------------------------------------- bars


def _bars(
    chart: Chart, labels: Sequence[str], lines: Sequence[Line], palette: Palette, width: int, height: int
) -> tuple[Markup, float]:
    """Bars beside each other's labels, the first one on top; the drawing is as high as they are many."""
    left = max((_width(label) for label in labels), default=0.0) + 16
    values = axis(chart, lines, left + 28, width - 56.0)
    band = BAR * max(len(lines), 1) + GAP
    bottom = TOP + band * len(labels)
    grid = joined(_upright(chart, values, tick, bottom) for tick in values.ticks())
    names = (_text(label, left, TOP + band * place + band / 2 + 4, "end") for place, label in enumerate(labels))
    bars = (_row(chart, line, values, palette, band) for line in lines)
    return joined((grid, *names, *bars)), bottom + BOTTOM - 8


def _upright(chart: Chart, values: Axis, tick: float, bottom: float) -> Markup:
    x = _n(values.at(tick))
    line = element("line", x1=x, x2=x, y1=_n(TOP - 4), y2=_n(bottom), class_="zero" if tick == 0 else "grid")
    return joined((line, _text(shown.number(tick, chart.format), values.at(tick), bottom + 16, "middle")))


def _row(chart: Chart, line: Line, values: Axis, palette: Palette, band: float) -> Markup:
    zero = values.at(min(max(0.0, values.least), values.most))
    return element(
        "g",
        *(
            _bar(chart, value, zero, values.at(value), TOP + band * place + GAP / 2 + BAR * line.place)
            for place, value in line.filled
        ),
        class_=palette.ink(line.series.ink),
    )


def _bar(chart: Chart, value: float, zero: float, end: float, top: float) -> Markup:
    """A bar from the zero line, with its value behind its end."""
    back = end < zero
    box = element(
        "rect", x=_n(min(zero, end)), y=_n(top), width=_n(abs(end - zero)), height=_n(BAR), rx="2", class_="bar"
    )
    beside = _text(shown.number(value, chart.format), end + (-6 if back else 6), top + 15, "end" if back else "start")
    return joined((box, beside))


# ---------------------------------------------------------------- letters and digits


def _text(text: str, x: float, y: float, anchor: str, kind: str = "") -> Markup:
    return element("text", text, x=_n(x), y=_n(y), text_anchor=anchor, class_=kind)


def _width(text: str) -> float:
    """About how wide a text is: a Chinese character takes two places."""
    return LETTER * sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _n(value: float) -> str:
    """A place, to a tenth of a unit."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )
