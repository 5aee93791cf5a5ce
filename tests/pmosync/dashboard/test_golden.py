"""The whole workbook of a small story, cell by cell, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.sheet import Formula, Link, Table, Value

HERE = Path(__file__).parent


def shown(value: Value) -> str:
    """A cell in the snapshot: its kind can be told from how it is written."""
    match value:
        case None:
            return "∅"
        case Link(text=text, url=url):
            return f"[{text}]({url})"
        case Formula(text=text, value=cached):
            return f"{text} ⇒ {shown(cached)}"
        case str():
            return value
        case datetime() | date():
            return f"d{value.isoformat()}"
        case _:
            return f"n{value}"


def snapshot(tables: tuple[Table, ...]) -> str:
    """All tables as text: a heading a tab, a line a cell that holds something."""
    lines: list[str] = []
    for table in tables:
        tab = table.tab
        lines += [f"# {tab.key}: {tab.title}{' (hidden)' if tab.hidden else ''}", f"  {tab.note}", ""]
        for row in table.rows:
            for column, value in zip(tab.columns, row, strict=True):
                if value is not None:
                    lines.append(f"  {column.label}{' ▸' if column.collapsed else ''}: {shown(value)}")
            lines.append("")
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_workbook_reads_as_before(story: Callable[..., Content], language: str) -> None:
    """The tables of equal contents are equal, word by word; PMOSYNC_GOLDEN=1 writes the snapshots anew."""
    file = HERE / f"workbook.{language}.txt"
    found = snapshot(build(story(language)))
    if os.environ.get("PMOSYNC_GOLDEN"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def test_build_is_a_function(story: Callable[..., Content]) -> None:
    """Equal contents give equal tables."""
    assert build(story()) == build(story())
