"""A tab's charts as XlsxWriter draws them."""

from __future__ import annotations

from typing import Any

from pmosync.sheet import Chart, ChartKind, Series, Tab
from pmosync_xlsx.book import Book
from pmosync_xlsx.looks import LINE, PATTERNS

WIDTH = 2.25
"""Points of a line."""


def draw(book: Book, sheet: Any, tab: Tab) -> None:
    """Hang the charts of a tab into its sheet; the columns that their values stand in may be folded away."""
    for chart in tab.charts:
        if chart.series:
            made = _made(book, tab, chart)
            width, height = chart.pixels
            made.set_size({"width": width, "height": height})
            sheet.insert_chart(chart.row, 0, made, {"object_position": 3, "x_offset": 4, "y_offset": 4})


def _made(book: Book, tab: Tab, chart: Chart) -> Any:
    made = book.chart(chart.kind.value)
    title = book.titles[tab.key]
    labels = tab.position(chart.labels)
    for series in chart.series:
        place = tab.position(series.column)
        made.add_series(
            {
                "name": [title, chart.first - 1, place],
                "categories": [title, chart.first, labels, chart.last, labels],
                "values": [title, chart.first, place, chart.last, place],
                **_ink(chart, series),
            }
        )
    _axes(made, chart)
    made.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 12}})
    made.set_legend({"position": "right"} if len(chart.series) > 1 else {"none": True})
    made.show_hidden_data()
    made.show_blanks_as("span" if chart.kind is ChartKind.LINE else "gap")
    return made


def _ink(chart: Chart, series: Series) -> dict[str, Any]:
    ink = series.ink
    if chart.kind is ChartKind.BAR:
        return {"fill": {"color": ink}, "border": {"none": True}, "gap": 60}
    line = {"color": ink, "width": WIDTH, **({"dash_type": "dash"} if series.dashed else {})}
    return {"line": line, "marker": {"type": "circle", "size": 4, "fill": {"color": ink}}}


def _axes(made: Any, chart: Chart) -> None:
    """A bar's labels stand on the left, the first one on top, and clear of bars that lead the other way; its values go from
    left to right, which XlsxWriter calls the x axis then.
    """
    bars = chart.kind is ChartKind.BAR
    ends = {name: end for name, end in (("min", chart.least), ("max", chart.most)) if end is not None}
    lines = {"visible": True, "line": {"color": LINE}}
    values = {"num_format": PATTERNS.get(chart.format, "#,##0"), "major_gridlines": lines, **ends}
    made.set_x_axis(values if bars else {"label_position": "low"})
    made.set_y_axis({"reverse": True, "label_position": "low", "crossing": "max"} if bars else values)
