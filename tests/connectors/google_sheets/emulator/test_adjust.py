"""How references follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator.formulas.adjust import copied, followed, orphaned, renamed, shifted
from pmosync_google_sheets.emulator.ranges import Area, Box
from pmosync_google_sheets.emulator.shifts import Shift


@pytest.mark.parametrize(
    ("before", "shift", "after"),
    [
        ("=A3", Shift(1, "ROWS", "insert", 1, 2), "=A5"),
        ("=A1", Shift(1, "ROWS", "insert", 1, 2), "=A1"),
        ("=$A$3:$C$5", Shift(1, "ROWS", "insert", 3, 1), "=$A$3:$C$6"),
        ("=A3:A5", Shift(1, "ROWS", "insert", 5, 1), "=A3:A5"),
        ("=SUM(T!A3, Other!A3)", Shift(1, "ROWS", "insert", 0, 1), "=SUM(T!A4, Other!A3)"),
        ("=A3", Shift(1, "ROWS", "delete", 2, 1), "=#REF!"),
        ("=T!A3+1", Shift(1, "ROWS", "delete", 2, 1), "=T!#REF!+1"),
        ("=A2:A9", Shift(1, "ROWS", "delete", 3, 2), "=A2:A7"),
        ("=A4:A5", Shift(1, "ROWS", "delete", 3, 2), "=#REF!"),
        ("=A2:A", Shift(1, "ROWS", "insert", 0, 1), "=A3:A"),
        ("=$C$2:$C", Shift(1, "COLUMNS", "insert", 0, 1), "=$D$2:$D"),
        ("=A:C", Shift(1, "COLUMNS", "delete", 1, 1), "=A:B"),
        ("=2:3", Shift(1, "ROWS", "insert", 0, 1), "=3:4"),
        ("=A1:C1", Shift(1, "ROWS", "insert", 0, 1), "=A2:C2"),
        ("=B1", Shift(1, "COLUMNS", "move", 1, 1, 4), "=D1"),
        ("=C1", Shift(1, "COLUMNS", "move", 1, 1, 4), "=B1"),
        ('="A3"&A3', Shift(1, "ROWS", "insert", 0, 1), '="A3"&A4'),
        ("=LOG10(A1)", Shift(1, "ROWS", "insert", 0, 1), "=LOG10(A2)"),
        ("= A1 + ", Shift(1, "ROWS", "insert", 0, 1), "= A2 + "),
    ],
)
def test_rows_and_columns(before: str, shift: Shift, after: str) -> None:
    """References move, grow, shrink or break; text and other tabs stay; open ends stay open."""
    assert shifted(before, "T", "T", shift) == after


def test_tabs() -> None:
    """A renamed tab is renamed in formulas, quoted where needed; a deleted one leaves #REF!."""
    assert renamed("='Old tab'!A1+Other!B2", "Old tab", "新") == "='新'!A1+Other!B2"
    assert renamed("=old!A1", "Old", "New") == "=New!A1"
    assert orphaned("=SUM('Old tab'!A1:B2)+C3", "Old tab") == "=SUM(#REF!)+C3"


@pytest.mark.parametrize(
    ("before", "down", "across", "after"),
    [
        ("=A1", 1, 1, "=B2"),
        ("=$A1+A$1+$A$1", 1, 1, "=$A2+B$1+$A$1"),
        ("=A1", -1, 0, "=#REF!"),
        ("=A2:A", 1, 0, "=A3:A"),
        ("=1:1", 2, 5, "=3:3"),
    ],
)
def test_copies(before: str, down: int, across: int, after: str) -> None:
    """Relative parts follow a copy, $ parts stay, off the sheet is #REF!."""
    assert copied(before, down, across) == after


def test_cut_cells_are_followed() -> None:
    """Formulas that pointed into cut cells point to where they went; those that hold more do not."""
    source = Box(1, 0, 0, 2, 2)
    assert followed("=A1:B2+A3", "T", "T", source, "T", 5, 1) == "=B6:C7+A3"
    assert followed("=A1:C2", "T", "T", source, "T", 5, 1) == "=A1:C2"
    assert followed("=T!A1", "Other", "T", source, "U", 0, 0) == "=U!A1"


@given(st.integers(0, 30), st.integers(1, 5), st.integers(0, 40), st.integers(1, 10))
def test_inserting_and_deleting_the_same_rows_is_no_change(at: int, count: int, top: int, height: int) -> None:
    """What an insertion does to an area, deleting the inserted rows undoes."""
    area = Area(1, top, 0, top + height, 2)
    grown = Shift(1, "ROWS", "insert", at, count).area(area)
    assert grown is not None
    assert Shift(1, "ROWS", "delete", at, count).area(grown) == area


@given(st.integers(0, 9), st.integers(1, 5), st.integers(0, 15))
def test_a_move_is_a_permutation(start: int, count: int, target: int) -> None:
    """Every row goes somewhere, and no two to the same place."""
    if start < target < start + count:
        return
    shift = Shift(1, "ROWS", "move", start, count, target)
    assert sorted(place for place in map(shift.point, range(20)) if place is not None) == list(range(20))
