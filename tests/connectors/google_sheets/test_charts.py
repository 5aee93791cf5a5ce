"""Charts in Google Sheets: made once under a chosen id, changed in place, taken away, and never made twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pmosync.sheet import Chart, ChartKind, Edit, FormatTab, Publication, Series, Tab, Table, WriteRows
from pmosync_google_sheets.marks import chosen

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

SLIPS = Chart(
    key="slips",
    title="Slips",
    kind=ChartKind.BAR,
    row=6,
    labels="code",
    first=2,
    last=3,
    series=(Series("slip", "Slip (wd)", "#1f4e79"),),
)
NAMES = frozenset({"addChart", "updateChartSpec", "deleteEmbeddedObject"})


def drawn(site: Site, *charts: Chart) -> Tab:
    """The published tab with charts, written as a sync would."""
    tab = replace(site.milestones, charts=charts)
    sink = site.sink()
    grids = sink.read((tab,)).grids
    edits: tuple[Edit, ...] = (WriteRows(tab, 0, (site.header, *site.rows)),)
    if tab.key not in grids:
        first = replace(site.first(), edits=tuple(_with(edit, tab) for edit in site.first().edits))
        site.sink().write(first)
    else:
        differs = grids[tab.key].layout_differs
        sink.write(Publication((Table(tab, site.rows),), (FormatTab(tab, differs), *edits)))
    return tab


def _with(edit: Any, tab: Tab) -> Any:
    return replace(edit, tab=tab) if getattr(edit, "tab", None) and edit.tab.key == tab.key else edit


def orders(site: Site) -> Counter[str]:
    """The orders on charts so far."""
    return Counter(kind for kind in site.contract.kinds() if kind in NAMES)


def shown(site: Site) -> list[dict[str, Any]]:
    """The charts of the sheet, as Google tells them."""
    told = site.sink()._client.layout("sheets(properties(sheetId),charts)")
    return [chart for sheet in told["sheets"] for chart in sheet.get("charts", ())]


def test_made_with_its_tab_under_its_own_id(site: Site) -> None:
    """The chart stands where it belongs, over the cells that it names, and nothing of the layout differs."""
    tab = drawn(site, SLIPS)
    (chart,) = shown(site)
    assert chart["chartId"] == chosen("chart", tab, "slips")
    assert chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 6
    (series,) = chart["spec"]["basicChart"]["series"]
    (area,) = series["series"]["sourceRange"]["sources"]
    assert (area["startRowIndex"], area["endRowIndex"], area["startColumnIndex"]) == (1, 4, 3)
    assert site.sink().read((tab,)).grids["milestones"].layout_differs == ()
    assert site.contract.faults == []


def test_the_same_again_writes_nothing_of_it(site: Site) -> None:
    """A second sync finds it as wanted; even told to dress the tab anew, it makes no twin."""
    drawn(site, SLIPS)
    drawn(site, SLIPS)
    assert orders(site) == {"addChart": 1}
    assert len(shown(site)) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(SLIPS, title="Later"),
        replace(SLIPS, last=4),
        replace(SLIPS, kind=ChartKind.LINE),
        replace(SLIPS, series=(replace(SLIPS.series[0], ink="#c0504d"),)),
        replace(SLIPS, least=40.0, most=60.0),
    ],
)
def test_changed_in_place(site: Site, other: Chart) -> None:
    """Another title, range, kind, ink or axis changes the chart that is there; then it is as wanted."""
    drawn(site, SLIPS)
    changed = replace(site.milestones, charts=(other,))
    assert "its charts" in site.sink().read((changed,)).grids["milestones"].layout_differs
    drawn(site, other)
    assert orders(site) == {"addChart": 1, "updateChartSpec": 1}
    assert site.sink().read((changed,)).grids["milestones"].layout_differs == ()


def test_taken_away_where_there_is_nothing_to_show(site: Site) -> None:
    """A chart without series goes, once."""
    drawn(site, SLIPS)
    drawn(site, replace(SLIPS, series=()))
    drawn(site, replace(SLIPS, series=()))
    assert orders(site) == {"addChart": 1, "deleteEmbeddedObject": 1}
    assert shown(site) == []


def test_what_people_do_to_charts(site: Site) -> None:
    """A chart that somebody changed or deleted comes back; one that they made themselves stays, and so does the place to
    which they moved ours.
    """
    tab = drawn(site, SLIPS)
    number = chosen("chart", tab, "slips")
    (ours,) = shown(site)
    place = {"overlayPosition": {"anchorCell": {"sheetId": 71, "rowIndex": 9, "columnIndex": 2}}}
    site.person.edit({"addChart": {"chart": {"chartId": 5, "spec": ours["spec"], "position": place}}})
    moved = {"objectId": number, "newPosition": place, "fields": "anchorCell"}
    site.person.edit({"updateEmbeddedObjectPosition": moved})
    site.person.edit({"updateChartSpec": {"chartId": number, "spec": {**ours["spec"], "title": "Mine"}}})
    drawn(site, SLIPS)
    told = {chart["chartId"]: chart for chart in shown(site)}
    assert set(told) == {5, number}
    assert told[number]["spec"]["title"] == "Slips"
    assert told[number]["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 9
    site.person.edit({"deleteEmbeddedObject": {"objectId": number}})
    drawn(site, SLIPS)
    assert {chart["chartId"] for chart in shown(site)} == {5, number}


def test_a_line_becomes_dashed(site: Site) -> None:
    """What is a forecast from now on changes its stroke in place, and only there; bars have no strokes."""
    line = replace(SLIPS, kind=ChartKind.LINE)
    drawn(site, line)
    dashed = replace(line, series=(replace(SLIPS.series[0], dashed=True),))
    drawn(site, dashed)
    (chart,) = shown(site)
    assert chart["spec"]["basicChart"]["series"][0]["lineStyle"] == {"type": "MEDIUM_DASHED"}
    assert orders(site) == {"addChart": 1, "updateChartSpec": 1}
    tab = drawn(site, replace(dashed, kind=ChartKind.BAR))
    assert "lineStyle" not in shown(site)[0]["spec"]["basicChart"]["series"][0]
    assert site.sink().read((tab,)).grids["milestones"].layout_differs == ()
