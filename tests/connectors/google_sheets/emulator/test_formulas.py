"""What formulas are worth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.cells import Cell, Fault, Formula, Scalar
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.formulas.syntax import SyntaxFault, parse, tokens

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAN: list[list[Any]] = [
    ["Code", "Name", "Slip", "Done"],
    ["PAY-M1", "上线", 5, 0.5],
    ["PAY-M2", "Pilot", -2, 1],
    ["APP-M1", "验收", 5, None],
]


def book(*formulas: str, plan: list[list[Any]] = PLAN) -> Calculation:
    """A tab with the formulas down column A from row 2, beside another one with a plan."""
    document = Spreadsheet("x", "x")
    document.sheets.append(Sheet(9, "项目 计划"))
    for row, line in enumerate(plan):
        document.sheets[1].put_row(row, {column: Cell(value) for column, value in enumerate(line)})
    for row, text in enumerate(formulas, 1):
        document.sheets[0].put(row, 0, Cell(Formula(text)))
    document.named.append(
        {
            "name": "Codes",
            "namedRangeId": "1",
            "range": {"sheetId": 9, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 1},
        }
    )
    return Calculation(document, NOW)


def worth(text: str) -> Scalar:
    """One formula's value."""
    return book(text).value(0, 1, 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=1+2*3", 7),
        ("=(1+2)*3", 9),
        ("=2^3^2", 64),
        ("=-2^2", 4),
        ("=10%+1", 1.1),
        ("=7-2-1", 4),
        ('="a"&1&TRUE', "a1TRUE"),
        ('="A"="a"', True),
        ("=1<>2", True),
        ('=""=0', False),
        ('=2<"a"', True),
        ("= 1 / 1024", 0.0009765625),
        ('=CONCATENATE("x", 1, "y")', "x1y"),
        ('=LEN(TRIM("  a  b "))', 3),
        ('=TEXT(43831, "yyyy-mm-dd")', "2020-01-01"),
        ('=TEXT(0.5, "0%")', "50%"),
        ("=ISBLANK(Z99)", True),
        ('=ISBLANK("")', False),
        ("=IF(1>2, 1/0, 3)", 3),
        ("=IF(FALSE, 1)", False),
        ("=IFS(FALSE, 1, TRUE, 2)", 2),
        ('=SWITCH(2, 1, "a", 2, "b", "c")', "b"),
        ('=IFERROR(1/0, "none")', "none"),
        ("=AND(TRUE, 1, 2>1)", True),
        ("=OR(FALSE, 0)", False),
        ("=NOT(0)", True),
        ("=ROUND(2.5)+ROUND(-2.5)", 0),
        ("=MOD(-1, 3)", 2),
        ("=TODAY()", 46346),
        ("=DATE(2026, 14, 1)", 46419),
        ("=ROW()*10+COLUMN()", 21),
        ('=LEFT("abc", 2)&RIGHT("abc")&MID("abc", 2, 1)', "abcb"),
        ('=SUBSTITUTE("a-b", "-", "/")', "a/b"),
        ('=VALUE("1,234.5")', 1234.5),
        ("=SUM({1,2;3,4})", 10),
        ("=TRUE", True),
    ],
)
def test_plain_formulas(text: str, value: object) -> None:
    """Arithmetic, text, comparison and logic as in Sheets: minus binds before power, text compares without case."""
    assert worth(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=MATCH(\"pay-m2\", '项目 计划'!$A$2:$A, 0)", 2),
        ("=IFERROR(INDEX('项目 计划'!$C$2:$C, MATCH(\"PAY-M2\", '项目 计划'!$A$2:$A, 0)), \"\")", -2),
        ("=IFERROR(INDEX('项目 计划'!$C$2:$C, MATCH(\"gone\", '项目 计划'!$A$2:$A, 0)), \"\")", ""),
        ("=VLOOKUP(\"APP-M1\", '项目 计划'!A:D, 2, FALSE)", "验收"),
        ("=XLOOKUP(\"上线\", '项目 计划'!B:B, '项目 计划'!A:A)", "PAY-M1"),
        ("=XLOOKUP(\"no\", '项目 计划'!B:B, '项目 计划'!A:A, \"-\")", "-"),
        ("=COUNTIF('项目 计划'!A2:A, \"PAY*\")", 2),
        ("=COUNTIF('项目 计划'!C2:C, \">=0\")", 2),
        ("=COUNTIF('项目 计划'!A2:A, \"app-m1\")", 1),
        ("=COUNTIFS('项目 计划'!A2:A4, \"PAY*\", '项目 计划'!C2:C4, \">0\")", 1),
        ("=SUMIF('项目 计划'!A2:A4, \"PAY*\", '项目 计划'!C2:C4)", 3),
        ("=SUM('项目 计划'!A:D)", 9.5),
        ("=COUNTA(Codes)", 3),
        ("=INDEX(Codes, 3)", "APP-M1"),
        ("=MATCH(4, {1,3,5})", 2),
        ("=COUNTBLANK('项目 计划'!D2:D4)", 1),
        ('=TEXTJOIN(", ", TRUE, Codes)', "PAY-M1, PAY-M2, APP-M1"),
        ("=SUMPRODUCT('项目 计划'!C2:C3, '项目 计划'!D2:D3)", 0.5),
        ("=MAX('项目 计划'!C2:C)-MIN('项目 计划'!C2:C)", 7),
        ("=项目计划!A1", Fault("REF", "Unresolved sheet name or range.")),
    ],
)
def test_lookups(text: str, value: object) -> None:
    """Our own lookups: open ranges, quoted Chinese titles, exact matches without regard to case, named ranges."""
    assert worth(text) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("=1/0", "DIVIDE_BY_ZERO"),
        ("=FOO(1)", "NAME"),
        ("=Unknown", "NAME"),
        ("=Gone!A1", "REF"),
        ("=#REF!+1", "REF"),
        ("=Sheet1!#REF!", "REF"),
        ('=VLOOKUP("x", A10:B20, 2, FALSE)', "N_A"),
        ('=VLOOKUP("x", A10:B20, 3, FALSE)', "REF"),
        ("=INDEX(A10:B20, 99)", "REF"),
        ('="a"+1', "VALUE"),
        ("=1+", "ERROR"),
        ("=(1", "ERROR"),
        ("=§", "ERROR"),
        ("=A2", "REF"),
        ("=NA()", "N_A"),
        ("=SQRT(-1)", "NUM"),
        ("=LEN()", "N_A"),
    ],
)
def test_errors(text: str, kind: str) -> None:
    """Each kind of error value, a cycle among them; nothing raises."""
    value = worth(text)
    assert isinstance(value, Fault)
    assert value.type == kind


def test_an_array_formula_spills_down_with_its_header() -> None:
    """A header cell's array formula fills the column beside whole open columns; blank codes give empty text."""
    codes, plan = "'项目 计划'!A2:A6", "'项目 计划'!A:C"
    text = f'={{"Slip"; ARRAYFORMULA(IF(LEN({codes})=0, "", IFERROR(VLOOKUP({codes}, {plan}, 3, FALSE), "?")))}}'
    around = book(text)
    assert [around.value(0, row, 0) for row in range(1, 8)] == ["Slip", 5, -2, 5, "", "", None]


def test_index_does_not_spread_in_an_array_formula() -> None:
    """As in Sheets: INDEX takes the first row number only, so columns are filled by VLOOKUP or XLOOKUP."""
    around = book("=ARRAYFORMULA(INDEX('项目 计划'!B2:B4, {3;1}))")
    assert (around.value(0, 1, 0), around.value(0, 2, 0)) == ("验收", None)


def test_a_spill_never_overwrites() -> None:
    """An array that meets a filled cell shows #REF! and spills nothing."""
    around = book("=ARRAYFORMULA('项目 计划'!A1:B4)")
    around.document.sheets[0].put(3, 1, Cell("mine"))
    value = around.value(0, 1, 0)
    assert isinstance(value, Fault)
    assert value.message == "Array result was not expanded because it would overwrite data in B4."
    assert around.value(0, 2, 0) is None
    assert around.value(0, 3, 1) == "mine"


def test_filter_unique_and_sort_spill() -> None:
    """Functions that give arrays spill without ARRAYFORMULA."""
    around = book("=SORT(UNIQUE(FILTER('项目 计划'!C2:C4, '项目 计划'!C2:C4<>\"\")), 1, FALSE)")
    assert [around.value(0, row, 0) for row in (1, 2, 3)] == [5, -2, None]


def test_a_range_in_a_scalar_place_means_the_same_row() -> None:
    """Without ARRAYFORMULA a column stands for its cell in the formula's row."""
    assert book("=1", "='项目 计划'!B1:B4&\"!\"").value(0, 2, 0) == "Pilot!"


def test_formulas_depend_on_each_other_over_tabs() -> None:
    """A chain is followed; a cycle ends as #REF! on every cell of it."""
    around = book("=A3+1", "='项目 计划'!C2*2", "=A5", "=A4")
    assert around.value(0, 1, 0) == 11
    assert {getattr(around.value(0, row, 0), "type", None) for row in (3, 4)} == {"REF"}


def test_a_reference_to_a_blank_is_blank() -> None:
    """Alone it shows nothing, in a sum it is 0, in text it is empty; blank equals 0 and empty text."""
    around = book("=Z1", "=Z1+1", '=Z1&"x"', '=Z1=""', "=Z1=0", "=INDEX('项目 计划'!D1:D4, 4)")
    assert [around.value(0, row, 0) for row in range(1, 7)] == [None, 1, "x", True, True, None]


def test_lookups_into_formula_columns_are_linear() -> None:
    """A column's index is made once, also when the formulas that use it are reached through other formulas."""
    plan: list[list[Any]] = [["code", "slip"], *([f"P-{row}", row] for row in range(800))]
    around = book(*(f"=B{row}" for row in range(2, 802)), plan=plan)
    sheet = around.document.sheets[0]
    for row in range(1, 801):
        sheet.put(row, 1, Cell(Formula(f"=VLOOKUP(\"P-{row - 1}\", '项目 计划'!A:B, 2, FALSE)")))
    assert [around.value(0, row, 0) for row in range(1, 801)] == list(range(800))
    assert sum(key[0] == "positions" for key in around._memory) == 1


@given(st.text(alphabet="=+-*/^&<>%(){},;:!'\"$#.ABZ129 项目IFSUM", max_size=30))
def test_nothing_that_is_typed_breaks_the_parser(text: str) -> None:
    """Any text is a tree or a SyntaxFault, and its tokens join to the text again."""
    try:
        assert "".join(token.text for token in tokens(text)) == text
        parse("=" + text)
    except SyntaxFault:
        pass
    book("=" + text).value(0, 1, 0)
