"""CSV of the model: one column a value, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from pmosync.cli import flat


class Part(Struct, frozen=True):
    """A part that may be absent."""

    day: date
    source: str = ""


class Thing(Struct, frozen=True):
    """A thing with all kinds of values."""

    name: str
    count: int | None = None
    part: Part | None = None
    tags: tuple[str, ...] = ()


def read(*things: Thing) -> list[list[str]]:
    """The rows that a reader of CSV sees."""
    return list(csv.reader(io.StringIO("\n".join(flat.lines(things)))))


def test_parts_are_columns_also_where_the_first_thing_has_none() -> None:
    """The header comes from the kind of thing, not from the first one."""
    rows = read(Thing("a"), Thing("b", -2, Part(date(2026, 12, 5), "sheet"), ("x", "y")))
    assert rows[0] == ["name", "count", "part.day", "part.source", "tags"]
    assert rows[1] == ["a", "", "", "", "[]"]
    assert rows[2] == ["b", "-2", "2026-12-05", "sheet", '["x","y"]']


def test_nothing_at_all_is_no_line() -> None:
    """An empty kind prints nothing."""
    assert read() == []


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00")))
def test_no_text_is_a_formula(text: str) -> None:
    """Whatever a source calls a thing, no spreadsheet runs it, and the text is still there."""
    name = read(Thing(text))[1][0]
    assert not name.startswith(("=", "+", "-", "@", "\t"))
    assert name.removeprefix("'") == text.removeprefix("'")
