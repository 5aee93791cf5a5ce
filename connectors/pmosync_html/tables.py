"""One tab as a part of the page: what it is for, its charts, and its table with what sorts, filters and unfolds it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from markupsafe import Markup
from msgspec import Struct

from pmosync.sheet import Column, Row, Tab, Table, Value, View, letters
from pmosync_html.cells import Drawn, cell, classes, drawn
from pmosync_html.charts import draw
from pmosync_html.markup import element, joined
from pmosync_html.palette import Palette

BROAD = 14
"""Columns beside each other above which paper wants smaller letters."""


class Setting(Struct, frozen=True):
    """What all tabs of a report are drawn with. ``marked`` names the cells that links lead to, as ``tab!A1``; ``layouts`` has
    the fingerprint of each tab's layout.
    """

    words: Mapping[str, str]
    palette: Palette
    marked: frozenset[str]
    layouts: Mapping[str, str]


def section(table: Table, setting: Setting) -> Markup:
    """The tab."""
    tab, words = table.tab, setting.words
    title = f"{tab.key}-title"
    body = _body(table, setting)
    if tab.charts:
        figures = joined(draw(chart, table, setting.palette, words) for chart in tab.charts if chart.series)
        body = joined((element("div", figures, class_="charts"), _behind(body, words)))
    return element(
        "section",
        element("h2", tab.title, id=title),
        element("p", tab.note, class_="what") if tab.note else "",
        body,
        id=tab.key,
        aria_labelledby=title,
        class_="tab aside" if tab.hidden else "tab",
        data_layout=setting.layouts[tab.key],
    )


def _behind(body: Markup, words: Mapping[str, str]) -> Markup:
    return element("details", element("summary", words["figures"]), body)


def _body(table: Table, setting: Setting) -> Markup:
    """The tools, then the table in a frame of its own: where it is wider than the screen, it alone moves sideways."""
    tab, words = table.tab, setting.words
    nothing = element("p", words["nothing"], class_="none") if not table.rows else Markup("")
    sheet = element(
        "table",
        element("caption", tab.title, class_="unseen"),
        element("thead", element("tr", *(_header(tab, column, setting) for column in tab.columns))),
        element("tbody", "\n", *_lines(table, setting)),
        class_="broad" if sum(not column.collapsed for column in tab.columns) > BROAD else "",
    )
    frame = element("div", sheet, class_="frame", tabindex="0", role="region", aria_labelledby=f"{tab.key}-title")
    return joined((_tools(table, words), "\n", frame, nothing))


def _tools(table: Table, words: Mapping[str, str]) -> Markup:
    """The filter, the views and the switch for folded columns; they come alive with the script, and are not there without."""
    tab = table.tab
    views = [_view(tab, view) for view in tab.views]
    folded = any(column.collapsed for column in tab.columns)
    return element(
        "div",
        element("input", type="search", placeholder=words["filter"], aria_label=f"{words['filter']}: {tab.title}"),
        element("div", *views, role="group", aria_label=words["views"], class_="views") if views else "",
        element("button", words["folded"], type="button", class_="unfold", aria_pressed="false") if folded else "",
        element("p", "", role="status", data_words=words["found"]),
        class_="tools",
        hidden=True,
    )


def _view(tab: Tab, view: View) -> Markup:
    values = msgspec.json.encode(view.values).decode()
    place = str(tab.position(view.column))
    return element("button", view.title, type="button", aria_pressed="false", data_column=place, data_values=values)


def _header(tab: Tab, column: Column, setting: Setting) -> Markup:
    """A column's header: a button that sorts, with the note as its description."""
    note = f"{tab.key}-{column.key}-note"
    place = tab.position(column.key)
    mark = f"{tab.key}!{letters(place)}1"
    return element(
        "th",
        element("button", column.label, type="button", aria_describedby=note if column.note else ""),
        element("span", column.note, id=note, class_="note", role="tooltip") if column.note else "",
        scope="col",
        class_=f"{classes(column)} x{_width(column)}{' key' if column.key == tab.key_column else ''}".strip(),
        id=mark if mark in setting.marked else "",
    )


def _width(column: Column) -> int:
    """A column's width in steps of four characters, 8 to 48."""
    return min(max(-(-column.width // 4) * 4, 8), 48)


def _lines(table: Table, setting: Setting) -> Iterable[Markup]:
    how = [drawn(table.tab, column, setting.palette) for column in table.tab.columns]
    starts = {start + 2 for start in table.page_starts()}
    for number, row in enumerate(table.rows, 2):
        page = "page" if number in starts else ""
        yield element("tr", *_cells(table.tab, how, row, number, setting), hidden=_bare(row), class_=page)
        yield Markup("\n")


def _cells(tab: Tab, how: list[Drawn], row: Row, number: int, setting: Setting) -> Iterable[Markup]:
    if _remark(row, tab):
        yield element("td", str(row[0]), colspan=str(len(how)))
        return
    for place, (each, value) in enumerate(zip(how, row, strict=False)):
        mark = f"{tab.key}!{letters(place)}{number}"
        yield cell(each, value, setting.words, mark if mark in setting.marked else "")


def _remark(row: Row, tab: Tab) -> bool:
    """Whether a row says one thing alone, and longer than its column is broad: it may take the whole width."""
    return isinstance(row[0], str) and len(row[0]) > tab.columns[0].width and _bare(row[1:])


def _bare(row: Row) -> bool:
    """Whether nothing stands in a row: it keeps its place, and takes no room."""
    return all(_empty(value) for value in row)


def _empty(value: Value) -> bool:
    return value is None or value == ""
