"""One cell: its value as people read it, beside the value itself where that is no text, so that it can be read back. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from pmosync.sheet import Column, Format, Formula, Link, Rule, Tab, Value, text_of
from pmosync_html import shown
from pmosync_html.markup import element, safe
from pmosync_html.palette import Palette


class Drawn(Struct, frozen=True):
    """How the cells of one column are drawn: its classes, and its colour rules with the class of each."""

    column: Column
    classes: str
    rules: tuple[tuple[Rule, str], ...]
    heads: bool


def drawn(tab: Tab, column: Column, palette: Palette) -> Drawn:
    """How a column's cells are drawn. Those of the key column head their rows."""
    rules = tuple((rule, palette.cell(rule)) for rule in tab.rules if rule.column == column.key)
    return Drawn(column, classes(column), rules, column.key == tab.key_column)


def classes(column: Column) -> str:
    """Where a column's text stands, whether it breaks into lines, and whether the column is folded away."""
    place = "n" if column.format in shown.RIGHT else "c" if column.format in shown.CENTRE else ""
    wrapped = "w" if column.format is Format.WRAP else ""
    return " ".join(filter(None, (place, wrapped, "f" if column.collapsed else "")))


def cell(how: Drawn, value: Value, words: Mapping[str, str], mark: str = "") -> Markup:
    """The cell; ``mark`` is the name by which links lead to it."""
    rank, colour = _coloured(how, value)
    content = inner(value, how.column.format, words)
    own = how.classes
    if colour and how.column.format is Format.RAG:
        content = element("b", content, class_=colour)
    elif colour:
        own = f"{own} {colour}".strip()
    scope = "row" if how.heads else ""
    return element("th" if how.heads else "td", content, scope=scope, class_=own, id=mark, data_rank=rank)


def inner(value: Value, style: Format, words: Mapping[str, str]) -> Markup:
    """What stands in a cell. A formula is shown by its value: a page computes nothing."""
    match value:
        case None:
            return Markup("")
        case Formula(value=told):
            return inner(told, style, words)
        case Link(text=text, url=url):
            return link(text, url)
        case bool():
            return element("data", words["yes" if value else "no"], value=str(value).lower())
        case date():
            return element("time", shown.day(value), datetime=value.isoformat())
        case int() | float() if math.isfinite(value):
            return element("data", shown.number(value, style), value=repr(value))
        case _:
            return safe(str(value))


def link(text: str, url: str) -> Markup:
    """A way to a place in the report, or to one of the hosts that the tables may name; what is neither is its text alone."""
    if url.startswith("#"):
        return element("a", text, href=url)
    if url.lower().startswith(("https://", "http://")):
        return element("a", text, href=url, rel="noopener noreferrer")
    return safe(text)


def _coloured(how: Drawn, value: Value) -> tuple[str, str]:
    """The rank and the class of the first rule that the value meets."""
    text = text_of(value)
    for rank, (rule, colour) in enumerate(how.rules):
        if text.startswith(rule.prefix):
            return (str(rank) if how.column.format is Format.RAG else ""), colour
    return "", ""
