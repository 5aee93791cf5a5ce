"""Input rows: found by header and code wherever people have moved them; nothing is guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.rows import HEADER_WITHIN, Located, locate, month_of, name_of, names, plain, records, typed, unheaded
from pmosync.sheet import Column, Format, Formula, Kind, Link, Row, Tab, Value

TAB = Tab(
    key="projects",
    title="Projects",
    kind=Kind.INPUT,
    sheet_id=1,
    columns=(
        Column("code", "Code", aliases=("项目编号",)),
        Column("name", "Name", aliases=("名称",)),
        Column("due", "Committed on", Format.DATE),
        Column("slip", "Slip", context=True),
    ),
    key_column="code",
)
HEADER: Row = ("Code", "Name", "Committed on", "Slip")


def read(*rows: Row, named: dict[str, int] | None = None) -> list[dict[str, object]]:
    """The payloads of a sheet's rows."""
    where = locate(rows, TAB.columns, named)
    return [record.payload for record in records(rows, TAB, "My projects", "plan", where)]


def test_a_row_is_known_by_its_code() -> None:
    """The id is tab and code; addresses point at the cell as people write it; grey columns are no input."""
    rows: tuple[Row, ...] = (HEADER, ("PAY", "Payments", date(2026, 3, 2), 4))
    (record,) = records(rows, TAB, "My projects", "plan", locate(rows, TAB.columns))
    assert str(record.ref) == "plan:row:projects:PAY"
    assert record.payload == {
        "tab": "projects",
        "code": "PAY",
        "row": 2,
        "cells": {"code": "PAY", "name": "Payments", "due": "2026-03-02"},
        "typed": {"due": "date"},
        "addresses": {"code": "'My projects'!A2", "name": "'My projects'!B2", "due": "'My projects'!C2"},
        "missing_columns": [],
        "duplicates": 1,
        "rows": [2],
    }


def test_headers_in_chinese_in_any_order_and_lower_down() -> None:
    """Columns are found by alias wherever they stand, below rows that people wrote above."""
    (payload,) = read(("填写说明",), (), ("名称", "备注", "项目编号"), ("支付", "x", "PAY"))
    assert payload["cells"] == {"name": "支付", "code": "PAY"}
    assert (payload["row"], payload["missing_columns"]) == (4, ["due"])


def test_a_renamed_header_is_remembered() -> None:
    """What the target remembers decides only for a header that is not found, and never takes another column's place."""
    rows: tuple[Row, ...] = (("Code", "Our name", "Committed on"), ("PAY", "Payments", None))
    assert locate(rows, TAB.columns, {"name": 1, "code": 2}).spots == {"code": 0, "due": 2, "name": 1}
    assert locate(rows, TAB.columns, {"name": 2}).spots == {"code": 0, "due": 2}


def test_blank_rows_and_unticked_boxes_are_no_rows() -> None:
    """Blanks, spaces, an unticked box and grey cells alone make no row."""
    assert read(HEADER, (), ("", " ", None, 5), (False, None), (None, None, None, "x")) == []
    assert len(read(HEADER, (None, True))) == 1


def test_rows_without_a_code() -> None:
    """A filled row without a code is told by its place, each one on its own."""
    rows: tuple[Row, ...] = (HEADER, (None, "lost"), ("PAY", "x"), ("", "lost too"))
    found = records(rows, TAB, "Projects", "plan", locate(rows, TAB.columns))
    assert sorted(record.ref.id for record in found) == ["projects:#row2", "projects:#row4", "projects:PAY"]
    assert {record.payload["code"] for record in found} == {"", "PAY"}


def test_duplicates_are_one_record() -> None:
    """One code on several rows is one record that counts and names them."""
    (payload,) = read(HEADER, ("PAY", "a"), (" PAY ", "b"))
    assert (payload["duplicates"], payload["rows"]) == (2, [2, 3])


def test_rows_told_apart_by_several_columns() -> None:
    """Where one column does not suffice, all the identifying ones make the id; the code stays the code."""
    tab = replace(TAB, identity=("code", "name"))
    rows: tuple[Row, ...] = (
        HEADER,
        ("PAY", "a"),
        ("PAY", "b"),
        ("PAY", "a"),
        ("", "c"),
        (None, None, date(2026, 1, 1)),
    )
    where = locate(rows, tab.columns)
    found = records(rows, tab, "Projects", "plan", where)
    assert [(record.ref.id, record.payload["code"], record.payload["duplicates"]) for record in found] == [
        ("projects:PAY/a", "PAY", 2),
        ("projects:PAY/b", "PAY", 1),
        ("projects:/c", "", 1),
        ("projects:#row6", "", 1),
    ]
    assert names(rows, tab, where) == {1: "pay/a", 2: "pay/b", 3: "pay/a", 4: "/c"}
    assert name_of(("PAY", "b", None, None), tab) == "pay/b"


def test_no_code_column_no_records() -> None:
    """Rows that nobody can tell apart are no records."""
    assert read(("Name",), ("Payments",)) == []
    assert read() == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (" x ", "x"),
        ("  ", None),
        (3.0, 3),
        (2.5, 2.5),
        (True, True),
        (Link("PAY-1", "https://a.example"), "PAY-1"),
        (Formula("=1", date(2026, 1, 2)), "2026-01-02"),
        (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001
        (datetime(2026, 1, 2, 9, 30), "2026-01-02T09:30:00"),  # noqa: DTZ001
        ("=1+1", "=1+1"),
    ],
)
def test_cells_in_jsons_words(value: Value, shown: object) -> None:
    """Trimmed text, whole numbers, ISO dates; a link is its text, a formula what it shows, text that looks like one
    is text.
    """
    assert plain(value) == shown


@given(st.permutations(range(5)), st.permutations(["Code", "Name", "Committed on", "extra"]))
def test_sorting_and_moving_change_nothing(order: list[int], header: list[str]) -> None:
    """People may sort rows and move columns: the same codes show the same cells."""
    values = [{"Code": f"P{n}", "Name": f"name {n}", "Committed on": None, "extra": n} for n in order]
    rows: list[Row] = [tuple(header), *(tuple(line[name] for name in header) for line in values)]
    cells = {str(payload["code"]): payload["cells"] for payload in read(*rows)}
    assert cells == {f"P{n}": {"code": f"P{n}", "name": f"name {n}", "due": None} for n in range(5)}


@given(st.lists(st.lists(st.none() | st.text(max_size=4) | st.booleans() | st.integers(0, 9), max_size=5), max_size=8))
def test_any_sheet_is_read(rows: list[list[Value]]) -> None:
    """Whatever the cells hold: no error, ids are unique, every row is on the sheet."""
    sheet: list[Row] = [HEADER, *(tuple(row) for row in rows)]
    found = records(sheet, TAB, "Projects", "plan", Located(0, {"code": 0, "name": 1, "due": 2}))
    assert len({record.ref for record in found}) == len(found)
    assert all(1 < record.payload["row"] <= len(sheet) for record in found)


@pytest.mark.parametrize(
    ("pattern", "month"),
    [
        ("yyyy-mm", "2026-12"),
        ("mmm\\-yy", "2026-12"),
        ('yyyy"年"m"月"', "2026-12"),
        ("[$-409]mmm yyyy", "2026-12"),
        ("yyyy-mm-dd", ""),
        ('m"d"d', ""),
        ("h:mm", ""),
        ("", ""),
    ],
)
def test_a_month_that_a_sheet_has_made_a_day(pattern: str, month: str) -> None:
    """Where the cell shows no day nobody typed one; any other day than the first was typed as a day."""
    assert month_of(date(2026, 12, 1), pattern) == month
    assert month_of(date(2026, 12, 2), pattern) == ""


def test_spellings_of_one_code_are_one_code() -> None:
    """``pay`` and ``ＰＡＹ`` are PAY: one record, as the first of them writes it, that names all the rows."""
    rows: tuple[Row, ...] = (HEADER, ("PAY", "Payments"), ("ＰＡＹ", "Wide"), ("pay ", "Small"), ("PAX", "Other"))
    found = records(rows, TAB, "Projects", "plan", locate(rows, TAB.columns))
    assert [str(each.ref) for each in found] == ["plan:row:projects:PAY", "plan:row:projects:PAX"]
    assert (found[0].payload["duplicates"], found[0].payload["rows"]) == (3, [2, 3, 4])
    assert names(rows, TAB, locate(rows, TAB.columns)) == {1: "pay", 2: "pay", 3: "pay", 4: "pax"}


def test_a_record_gives_back_the_rows_it_was_made_of() -> None:
    """Every row of one code with its own cells, dates as dates: what people typed can be written down again."""
    rows: list[Row] = [("Code", "Name", "Committed on"), ("PAY", "one", date(2026, 3, 2)), ("pay", "two", "mid May")]
    (record,) = records(rows, TAB, "Projects", "sheet", locate(rows, TAB.columns))
    assert list(typed(record)) == [
        (2, {"code": "PAY", "name": "one", "due": date(2026, 3, 2)}),
        (3, {"code": "pay", "name": "two", "due": "mid May"}),
    ]


@given(down=st.integers(0, 30), right=st.integers(0, 30))
def test_a_table_in_the_middle_of_a_sheet(down: int, right: int) -> None:
    """Found in an area of its own and told from the sheet's first cell on, it is the same place as found in the sheet; an
    area further down than a header is looked for from the top has its header found too.
    """
    table: tuple[Row, ...] = (HEADER, ("PAY", "Payments", date(2026, 3, 2), 4))
    where = locate(table, TAB.columns).moved(down, right)
    sheet = tuple(() for _ in range(down)) + tuple((*[None] * right, *row) for row in table)
    (record,) = records(sheet, TAB, "Plan", "plan", where)
    (plain_record,) = records(table, TAB, "Plan", "plan", locate(table, TAB.columns))
    assert record.payload["cells"] == plain_record.payload["cells"]
    assert record.payload["row"] == down + 2
    if down < 10:
        assert where == locate(sheet, TAB.columns)


def test_a_header_that_is_not_found_is_told_with_all_that_would_do() -> None:
    """How many rows were searched, and the headers in both languages of each column that tells rows apart and is not there."""
    tied = replace(TAB, identity=("code", "name"))
    table = unheaded(tied, locate([("Kennung", "Committed on")], TAB.columns), "Plan")
    assert (table.place, f"first {HEADER_WITHIN} rows" in table.message) == ("Plan", True)
    assert table.remedy == "restore its header: Code / 项目编号, Name / 名称"
    assert unheaded(tied, locate([("Name",)], TAB.columns), "Plan").remedy == "restore its header: Code / 项目编号"
