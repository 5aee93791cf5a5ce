"""A1 notation and GridRange."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.notation import read
from pmosync_google_sheets.emulator.ranges import Area, Box, a1, area_of, corners, grid_range, quoted, split, unquoted
from pmosync_google_sheets.emulator.refusals import Refusal

ROWS = st.integers(0, 10_000)
COLUMNS = st.integers(0, 18_277)


@given(st.text(min_size=1, max_size=20), ROWS, ROWS, COLUMNS, COLUMNS)
def test_what_is_printed_is_read_back(title: str, one: int, two: int, left: int, right: int) -> None:
    """Any box on any title survives a1 → read."""
    document = Spreadsheet("x", "x")
    document.sheets = [Sheet(7, title)]
    box = Box(7, min(one, two), min(left, right), max(one, two) + 1, max(left, right) + 1)
    assert read(document, a1(title, box)) == Area(7, box.top, box.left, box.bottom, box.right)


@given(st.none() | ROWS, st.none() | ROWS, st.none() | COLUMNS, st.none() | COLUMNS)
def test_grid_ranges_go_both_ways(top: int | None, bottom: int | None, left: int | None, right: int | None) -> None:
    """What is unbounded stays unbounded."""
    area = Area(3, top, left, bottom, right)
    assert area_of(grid_range(area)) == area


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("B2", Area(0, 1, 1, 2, 2)),
        ("$A$1:$C$4", Area(0, 0, 0, 4, 3)),
        ("D4:A1", Area(0, 0, 0, 4, 4)),
        ("A1:1", Area(0, 0, 0, 1, None)),
        ("A2:C", Area(0, 1, 0, None, 3)),
        ("A:C", Area(0, None, 0, None, 3)),
        ("C:A", Area(0, None, 0, None, 3)),
        ("2:3", Area(0, 1, None, 3, None)),
        ("AA10", Area(0, 9, 26, 10, 27)),
    ],
)
def test_forms(text: str, area: Area) -> None:
    """Cells, blocks in any order of corners, open blocks, whole rows and columns."""
    assert corners(text, 0) == area


@pytest.mark.parametrize("text", ["", "A0", "Sheet", "1", "A", "A1:", ":A1", "A1:B2:C3", "ABCD1"])
def test_no_range(text: str) -> None:
    """What is no range is not taken for one."""
    assert corners(text, 0) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [("Sheet1", "Sheet1"), ("D3", "'D3'"), ("My tab", "'My tab'"), ("项目", "'项目'"), ("It's", "'It''s'")],
)
def test_titles_are_quoted_where_needed(title: str, name: str) -> None:
    """Titles with spaces, other scripts, or the look of a cell are quoted."""
    assert quoted(title) == name
    assert unquoted(name) == title


def test_a_quoted_title_may_hold_marks() -> None:
    """``!`` and quotes inside a title do not end it."""
    assert split("'a!b''c'!A1") == ("'a!b''c'", "A1")


def test_a_named_range_wins_over_a_title_and_quotes_mean_the_tab() -> None:
    """As the API documents."""
    document = Spreadsheet("x", "x")
    document.named = [
        {"name": "Sheet1", "namedRangeId": "1", "range": {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 3}}
    ]
    assert read(document, "Sheet1") == Area(0, 2, None, 3, None)
    assert read(document, "'Sheet1'") == Area(0)


@pytest.mark.parametrize("text", ["Nope!A1", "Nope", "Sheet1!Nope", "'Sheet1'!A1:B0"])
def test_unreadable_ranges_are_refused(text: str) -> None:
    """In Google's words."""
    with pytest.raises(Refusal, match="Unable to parse range"):
        read(Spreadsheet("x", "x"), text)
