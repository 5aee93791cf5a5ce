"""Charts: the slip trend as lines, slip by cause, burn-ups; with the figures behind them in folded columns.

Each chart has its place and its rows, whatever it shows, so that a sync changes figures and no places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.assessment import FAN_WEEKS, Letter, MilestoneVerdict, Spoke
from pmosync.compute.ledger import SHOWN
from pmosync.compute.rag import GRAVITY
from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.slip_ledger import ledger
from pmosync.dashboard.slip_trend import DAYS, Trend, report_days, trends
from pmosync.model import Level, State
from pmosync.sheet import Chart, ChartKind, Format, Row, Series, Tab, Table, Value, serial

KEY = "charts"
INKS = (
    *("#1f4e79", "#c0504d", "#4f8f3f", "#8064a2", "#d08f2c", "#2b8c9e"),
    *("#7f6084", "#9c6b30", "#3f6fb5", "#a03b5b", "#5b7f2e", "#555555"),
)
"""Inks of lines, each told from its neighbours in print too."""
LINES, BURN_UPS, RECENT = len(INKS), 3, 90
"""Milestones on the trend chart, burn-up charts, and the days over which slip by cause is summed."""
TREND, CAUSE = 0, 1
"""The places of the first two charts; the burn-ups follow."""
PAST, AHEAD = ("scope", "delivered"), ("fan_low", "fan_likely", "fan_high")
"""What a burn-up shows of the past, and of the weeks ahead."""
HEIGHT = 20
"""Sheet rows that a chart covers."""
BLOCKS = (DAYS, len(SHOWN), *(DAYS + FAN_WEEKS,) * BURN_UPS)
"""The rows of figures of each chart, below a row of names."""


class Block(Struct, frozen=True):
    """The figures of one chart: its title, what its columns are called, and a row for each label. The columns from ``facts``
    on are forecasts.
    """

    title: str = ""
    names: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    facts: int = LINES


def build_charts(content: Content) -> Table:
    """The figures behind the charts, block by block, and behind them a line that says so."""
    placed = enumerate(zip(blocks(content), BLOCKS, strict=True))
    rows = [_row(line, place == TREND) for place, (block, height) in placed for line in _lines(block, height)]
    return Table(tab(content), (*rows, *layout.remarks([words.text("charts_figures", content.language)], len(FIELDS))))


def tab(content: Content) -> Tab:
    """The layout with its charts; one that has nothing to show is taken away."""
    shown = layout.adorned(layout.published(content, KEY, FIELDS, "chart"))
    return replace(shown, charts=tuple(_chart(content, place, block) for place, block in enumerate(blocks(content))))


def blocks(content: Content) -> tuple[Block, ...]:
    """The figures of every chart, in the order of their places."""
    burnt = tuple(burn_up(content, each) for each in burning(content))
    return (trend_lines(content), by_cause(content), *burnt, *(Block() for _ in range(BURN_UPS - len(burnt))))


def trend_lines(content: Content) -> Block:
    """The trend of the committee's milestones that are latest against their promise."""
    shown = sorted(
        (each for each in trends(content) if each.verdict.level is Level.COMMITTEE and len(each.reports) > 1),
        key=lambda each: (-(each.verdict.judged_slip or 0), -abs(each.last.net), each.verdict.milestone.code),
    )[:LINES]
    days = report_days(content) if shown else ()
    rows = tuple((day.isoformat(), tuple(each.on(day) for each in shown)) for day in days)
    names = tuple(_named(each.verdict) for each in shown)
    return Block(words.text("chart_trend", content.language), names, rows)


def _named(verdict: MilestoneVerdict) -> str:
    """The code; a paused milestone's has its letter too, since nobody works towards the date that its line shows."""
    code = verdict.milestone.code
    return f"{code} {Letter.PAUSED}" if verdict.state is State.PAUSED else code


def by_cause(content: Content) -> Block:
    """Working days by which each cause moved expected dates in the last days, in the order of the causes; what moved before
    anything was promised is no slip.
    """
    since = content.assessment.today - timedelta(days=RECENT)
    moves = (row.move for row in ledger(content))
    told = [cause for move in moves if move.day > since and not move.planning for cause in move.causes]
    sums: Counter[str] = Counter()
    for cause in told:
        sums[cause.word] += cause.wd
    language = content.language
    rows = tuple((words.term("cause", key, language), (sums[key],)) for key in SHOWN if key in sums)
    return Block(words.text("chart_causes", language, days=RECENT), (words.text("wd", language),), rows)


def burning(content: Content) -> tuple[Trend, ...]:
    """The open committee milestones with scope that stand worst: by colour, then by slip."""
    found = [each for each in trends(content) if _burns(each)]
    return tuple(sorted(found, key=lambda each: _worst(each.verdict))[:BURN_UPS])


def burn_up(content: Content, trend: Trend) -> Block:
    """Scope and delivery of a milestone over its report days, and the fan of what is delivered in the weeks ahead."""
    language, fan = content.language, _fan(trend)
    names = tuple(words.text(key, language) for key in (*PAST, *(AHEAD if fan else ())))
    past = [(each.day.isoformat(), (each.scope, each.delivered)) for each in trend.reports[-DAYS:]]
    title = words.text("chart_burn_up", language, code=trend.verdict.milestone.code)
    return Block(title, names, (*past[:-1], *_opened(*past[-1], fan)), facts=len(PAST))


def _fan(trend: Trend) -> tuple[Spoke, ...]:
    return trend.verdict.pace.fan if trend.verdict.pace is not None else ()


def _opened(label: str, facts: tuple[int, int], fan: Sequence[Spoke]) -> Iterable[tuple[str, tuple[Value, ...]]]:
    """The last report, and the weeks ahead: the fan opens at what is delivered."""
    yield label, (*facts, *([facts[-1]] * len(AHEAD) if fan else ()))
    yield from ((each.day.isoformat(), (None, None, each.low, each.likely, each.high)) for each in fan)


def _burns(trend: Trend) -> bool:
    scoped = any(report.scope for report in trend.reports)
    return trend.verdict.level is Level.COMMITTEE and not trend.last.ended and scoped and len(trend.reports) > 1


def _worst(verdict: MilestoneVerdict) -> tuple[int, int, str]:
    return GRAVITY.get(verdict.rag.shown, len(GRAVITY)), -(verdict.judged_slip or 0), verdict.milestone.code


# ---------------------------------------------------------------- figures and places


def _lines(block: Block, height: int) -> Iterable[tuple[str, str, tuple[Value, ...]]]:
    """A row of names, then a row a label, filled up to the block's height."""
    yield block.title, "", block.names
    yield from (("", label, values) for label, values in block.rows)
    yield from (("", "", ()) for _ in range(height - len(block.rows)))


def _row(line: tuple[str, str, tuple[Value, ...]], dated: bool) -> Row:
    """A row of figures, in the columns of dates or in those of counts."""
    title, label, values = line
    before, behind = (0, len(COUNTS)) if dated else (LINES, 0)
    filled = (*(None,) * before, *values, *(None,) * (LINES + len(COUNTS) - before - behind - len(values)))
    return (None, title or None, label or None, *filled, *(None,) * behind)


COUNTS = tuple(f"count_{place}" for place in range(1, len((*PAST, *AHEAD)) + 1))
DATES = tuple(f"date_{place}" for place in range(1, LINES + 1))


def _chart(content: Content, place: int, block: Block) -> Chart:
    first = 2 + sum(height + 1 for height in BLOCKS[:place])
    dated = place == TREND
    columns = DATES if dated else COUNTS
    series = tuple(
        Series(column, name, ink, dashed=number >= block.facts)
        for number, (column, name, ink) in enumerate(zip(columns, block.names, INKS, strict=False))
    )
    days = [serial(value) for _, values in block.rows for value in values if isinstance(value, date)]
    return Chart(
        key=f"chart_{place}",
        title=block.title,
        kind=ChartKind.BAR if place == CAUSE else ChartKind.LINE,
        row=1 + place * HEIGHT,
        labels="label",
        first=first,
        last=first + max(len(block.rows), 1) - 1,
        series=series if block.rows else (),
        format=Format.DATE if dated else Format.INTEGER,
        least=min(days) - 7 if days else None,
        most=max(days) + 7 if days else None,
    )


def _nothing(content: Content, thing: None) -> Value:
    return None


FIELDS: tuple[Field[None], ...] = (
    Field("chart", _nothing, width=140),
    Field("chart_title", _nothing, width=24, collapsed=True),
    Field("label", _nothing, width=14, collapsed=True),
    *(Field(key, _nothing, Format.DATE, 12, True) for key in DATES),
    *(Field(key, _nothing, Format.INTEGER, 10, True) for key in COUNTS),
)
