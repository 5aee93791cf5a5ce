"""Where an input tab's columns and title are, as people left them or as the mapping file has them."""

from __future__ import annotations

from collections.abc import Mapping

from pmosync.dashboard.content import Content
from pmosync.mapping import InputTab, input_tabs


def input_tab(key: str) -> InputTab:
    """The input tab of that key; StopIteration never happens for the keys of the mapping."""
    return next(tab for tab in input_tabs() if tab.key == key)


def key_columns() -> dict[str, str]:
    """Input tab key → key of the column by which its rows are matched."""
    return {tab.key: tab.key_column for tab in input_tabs()}


def places(content: Content, key: str) -> Mapping[str, int]:
    """Column key → zero-based column: as found; as laid out where the tab was never read."""
    return content.places.get(key) or {column.key: place for place, column in enumerate(input_tab(key).columns)}


def title(content: Content, key: str) -> str:
    """The input tab's title: as found, else in the content's language."""
    titles = input_tab(key).titles
    return content.titles.get(key) or titles.get(content.language) or titles["en"]
