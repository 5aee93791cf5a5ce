"""Typed cells: what people write in each kind of column."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.mapping.cells import CellError, Sight, blank, compile_cell
from pmosync.mapping.people import People
from pmosync.mapping.tabs import TYPES, Choice, InputColumn
from pmosync.model import PersonRow, Place

HERE = Place("plan", "people", 2, "")
TABLE = People(
    [
        PersonRow(place=HERE, key="E1", name="王伟", accounts=("wwei",)),
        PersonRow(place=HERE, key="E2", name="王伟"),
        PersonRow(place=HERE, key="E3", name="Li Na", other_names=("李娜",)),
    ]
)
COLOURS = (Choice("G", {"en": "Green", "zh-CN": "绿"}, ("绿色",)), Choice("R", {"en": "Red", "zh-CN": "红"}))


def read(kind: str, value: Any, **more: Any) -> Any:
    """A cell of a column of this type."""
    return compile_cell(InputColumn("x", kind, {"en": "X"}, **more))(value, Sight(TABLE))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", "1,234.50", 1234.5),
        ("number", "-1,200", -1200.0),
        ("number", "１２００", 1200.0),
        ("number", 3, 3.0),
        ("money", "¥3,000", 3000.0),
        ("money", "120万", 1_200_000.0),
        ("money", "1.5亿元", 150_000_000.0),
        ("money", "2.5M", 2_500_000.0),
        ("percent", "85%", 0.85),
        ("percent", 0.85, 0.85),
        ("integer", 4.0, 4),
        ("boolean", True, True),
        ("boolean", "是", True),
        ("boolean", "No", False),
        ("text", 12.0, "12"),
        ("text", " a\u202eb ", "ab"),
        ("texts", "Core, 风控 组、QA\nOps", ("Core", "风控 组", "QA", "Ops")),
        ("texts", ["a", "b", "a"], ("a", "b")),
        ("codes", "PAY-M01 PAY-M02、OPS", ("PAY-M01", "PAY-M02", "OPS")),
        ("code", "ＰＡＹ－Ｍ０１", "PAY-M01"),
        ("person", "李娜", "李娜"),
        ("person", "E1", "E1"),
        ("person", "WWEI", "WWEI"),
        ("people", "E1, li na", ("E1", "li na")),
    ],
)
def test_read(kind: str, value: Any, expected: Any) -> None:
    """Each type reads what people write for it, in both languages and widths."""
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        ("number", "1.234,50", "not-a-number"),
        ("number", "12,34", "not-a-number"),
        ("number", "a lot", "not-a-number"),
        ("number", True, "not-a-number"),
        ("number", float("nan"), "not-a-number"),
        ("integer", 2.5, "not-a-number"),
        ("boolean", "maybe", "not-yes-or-no"),
        ("code", "PAY M01", "not-a-code"),
        ("code", "x" * 65, "not-a-code"),
        ("text", {"a": 1}, "not-text"),
        ("texts", [["a"]], "not-text"),
        ("person", "王伟", "name-fits-two"),
        ("people", "Li Na、王伟", "name-fits-two"),
        ("date", "soon", "not-a-date"),
        ("date", "TBD", "date-undecided"),
    ],
)
def test_refused(kind: str, value: Any, rule: str) -> None:
    """What is not surely of the type is a finding that says what is expected."""
    with pytest.raises(CellError) as caught:
        read(kind, value)
    assert caught.value.rule == rule
    assert caught.value.expected


def test_choices() -> None:
    """The value, its labels and aliases are read in any case and width; anything else names the choices."""
    for word in ("G", "green", "ＧＲＥＥＮ", "绿", "绿色"):
        assert read("choice", word, choices=COLOURS) == "G"
    with pytest.raises(CellError) as caught:
        read("choice", "blue", choices=COLOURS)
    assert caught.value.expected == "one of Green / 绿, Red / 红"


@pytest.mark.parametrize("value", [0, 6, -1, 1e300, "7"])
def test_bounds(value: Any) -> None:
    """A number outside the column's bounds is refused, with the bounds."""
    with pytest.raises(CellError) as caught:
        read("integer", value, least=1, most=5)
    assert caught.value.expected == "a whole number from 1 to 5"


KINDS = st.sampled_from([kind for kind in TYPES if kind != "choice"])
VALUES = st.one_of(
    st.none(), st.text(max_size=9), st.floats(), st.integers(), st.booleans(), st.lists(st.text(max_size=3))
)


@given(KINDS, VALUES)
def test_no_cell_breaks_the_reading(kind: str, value: Any) -> None:
    """Any value of any cell is read or refused with a rule; nothing else is raised."""
    if blank(value):
        return
    try:
        read(kind, value)
    except CellError as wrong:
        assert wrong.rule  # noqa: PT017 - either outcome is right, each has its own form
