"""A tab's charts as orders to Google, and as a comparison of what is there with what is wanted. Pure.

Each has an id that follows from its key: a repeat changes the chart and makes no twin. Where people have put one, and the
charts that they made themselves, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pmosync.sheet import Chart, ChartKind, Series, Tab
from pmosync_google_sheets.cells import Json, grid_range
from pmosync_google_sheets.compare import hex_of
from pmosync_google_sheets.marks import chosen
from pmosync_google_sheets.reading import Shown

KINDS = {ChartKind.LINE: "LINE", ChartKind.BAR: "BAR"}
VALUES = {ChartKind.LINE: ("BOTTOM_AXIS", "LEFT_AXIS"), ChartKind.BAR: ("LEFT_AXIS", "BOTTOM_AXIS")}
"""The axis of the labels and that of the values."""

SOLID, DASHED = "SOLID", "MEDIUM_DASHED"

Told = tuple[object, ...]


def orders(tab: Tab, sheet: Shown) -> Iterator[Json]:
    """Make the charts that are missing, renew those that differ, take away those that are not wanted any more."""
    there = _there(sheet)
    for chart in tab.charts:
        number = chosen("chart", tab, chart.key)
        if not chart.series:
            if number in there:
                yield {"deleteEmbeddedObject": {"objectId": number}}
        elif number not in there:
            made = {"chartId": number, "spec": spec(chart, tab, sheet.sheet_id), "position": _position(chart, sheet)}
            yield {"addChart": {"chart": made}}
        elif found(there[number]) != wanted(chart, tab, sheet.sheet_id):
            yield {"updateChartSpec": {"chartId": number, "spec": spec(chart, tab, sheet.sheet_id)}}


def differs(tab: Tab, sheet: Shown) -> tuple[str, ...]:
    """In words, whether any chart of ours is not as wanted."""
    return ("its charts",) if any(True for _ in orders(tab, sheet)) else ()


def spec(chart: Chart, tab: Tab, sheet_id: int) -> Json:
    """Google's ChartSpec of a chart. The row above the values names the series; folded columns are drawn too."""
    labels, values = VALUES[chart.kind]
    lines = [
        {
            "series": _source(sheet_id, chart, tab.position(series.column)),
            "targetAxis": values,
            "colorStyle": {"rgbColor": _rgb(series.ink)},
            **_stroke(chart, series),
        }
        for series in chart.series
    ]
    return {
        "title": chart.title,
        "hiddenDimensionStrategy": "SHOW_ALL",
        "basicChart": {
            "chartType": KINDS[chart.kind],
            "legendPosition": "RIGHT_LEGEND" if len(chart.series) > 1 else "NO_LEGEND",
            "headerCount": 1,
            "domains": [{"domain": _source(sheet_id, chart, tab.position(chart.labels))}],
            "series": lines,
            "axis": [{"position": labels}, {"position": values, **_window(chart)}],
        },
    }


def wanted(chart: Chart, tab: Tab, sheet_id: int) -> Told:
    """What tells one chart from another: title, kind, where labels and values stand and in which colour and stroke, the axis'
    ends.
    """
    return found({"spec": spec(chart, tab, sheet_id)})


def found(json: Mapping[str, Any]) -> Told:
    """A chart of the sheet in the words of ``wanted``."""
    told = json.get("spec", {})
    basic = told.get("basicChart", {})
    domains = tuple(_areas(domain.get("domain", {})) for domain in basic.get("domains", ()))
    lines = tuple(
        (_areas(line.get("series", {})), hex_of(line.get("colorStyle", {}).get("rgbColor")), _told_stroke(line))
        for line in basic.get("series", ())
    )
    windows = [axis.get("viewWindowOptions", {}) for axis in basic.get("axis", ()) if axis.get("viewWindowOptions")]
    ends = tuple((window.get("viewWindowMin"), window.get("viewWindowMax")) for window in windows)
    return told.get("title", ""), basic.get("chartType", ""), domains, lines, ends


def _stroke(chart: Chart, series: Series) -> Json:
    """Bars have no stroke: Google takes a line style of lines alone."""
    return {"lineStyle": {"type": DASHED}} if series.dashed and chart.kind is ChartKind.LINE else {}


def _told_stroke(line: Mapping[str, Any]) -> str:
    return str(line.get("lineStyle", {}).get("type", SOLID))


def _there(sheet: Shown) -> dict[int, Mapping[str, Any]]:
    return {chart.get("chartId", 0): chart for chart in sheet.json.get("charts", ())}


def _areas(data: Mapping[str, Any]) -> tuple[tuple[int, int, int, int], ...]:
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    sources = data.get("sourceRange", {}).get("sources", ())
    return tuple(
        (one.get(names[0], 0), one.get(names[1], 0), one.get(names[2], 0), one.get(names[3], 0)) for one in sources
    )


def _source(sheet_id: int, chart: Chart, place: int) -> Json:
    area = grid_range(sheet_id, chart.first - 1, chart.last + 1, place, place + 1)
    return {"sourceRange": {"sources": [area]}}


def _window(chart: Chart) -> Json:
    if chart.least is None or chart.most is None:
        return {}
    ends = {"viewWindowMin": chart.least, "viewWindowMax": chart.most}
    return {"viewWindowOptions": {"viewWindowMode": "EXPLICIT", **ends}}


def _position(chart: Chart, sheet: Shown) -> Json:
    width, height = chart.pixels
    anchor = {"sheetId": sheet.sheet_id, "rowIndex": chart.row, "columnIndex": 0}
    return {"overlayPosition": {"anchorCell": anchor, "widthPixels": width, "heightPixels": height}}


def _rgb(ink: str) -> Json:
    parts = [int(ink[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return dict(zip(("red", "green", "blue"), parts, strict=True))
