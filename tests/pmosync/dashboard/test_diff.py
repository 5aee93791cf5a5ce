"""The fewest edits: nothing for equal values however a sheet tells them, absolute runs, and never a cell that a person typed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.dashboard.applied import apply
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.diff import diff, header
from pmosync.dashboard.values import canonical, same
from pmosync.sheet import (
    AppendRows,
    Column,
    CreateTab,
    Edit,
    FormatTab,
    Formula,
    Grid,
    Kind,
    Link,
    Row,
    Stamp,
    Tab,
    Table,
    TrimRows,
    Value,
    Workbook,
    WriteRows,
    WriteStamp,
)

STAMP = Stamp("here", 3, 9, "2026-12-01T02:15:00Z")
MORNING = datetime.fromisoformat("2026-12-05T10:15:00")
EMPTY = Workbook({})
QUIET = frozenset({"runs", "about"})
PUBLISHED = Tab("list", "List", Kind.PUBLISHED, 1, tuple(Column(key, key.upper()) for key in "abc"), "a")
RUNS = replace(PUBLISHED, key="runs", sheet_id=2)
INPUT = Tab(
    "projects",
    "Projects",
    Kind.INPUT,
    3,
    (
        Column("code", "Code"),
        Column("name", "Name"),
        Column("manager", "PM"),
        Column("rag", "RAG", context=True, formula="=X(1)"),
    ),
    "code",
)


def edits(workbook: Workbook, *tables: Table, due: bool = False) -> tuple[Edit, ...]:
    """The edits towards some tables."""
    return diff(workbook, tables, STAMP, heartbeat=QUIET, due=due)


def shown(*rows: Row, tab: Tab = PUBLISHED, **more: object) -> Workbook:
    """A workbook with one tab that shows these rows below its header."""
    grid = Grid(tab.key, tab.title, (header(tab), *rows), spots={c.key: n for n, c in enumerate(tab.columns)})
    return Workbook({tab.key: replace(grid, **more)})


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("want", "have"),
    [
        (None, ""),
        ("", None),
        (5, 5.0),
        (date(2026, 12, 5), 46361.0),
        (date(2026, 12, 5), date(2026, 12, 5)),
        (MORNING, 46361 + 10.25 / 24),
        (0.1 + 0.2, 0.3),
        ("a\r\nb", "a\nb"),
        (True, True),
        (Formula('=iferror(match("A b", \'Plan\'!$A:$A, 0),"")'), Formula('=IFERROR(MATCH("A b";Plan!$A:$A;0);"")', 7)),
        (Formula("=INDEX('Ann''s list'!$A:$A,1)"), Formula("=INDEX('Ann''s list'!$A:$A, 1)")),
        (Link("x", "https://a/b"), Link("x", "https://a/b")),
    ],
)
def test_equal_however_a_sheet_tells_it(want: Value, have: Value) -> None:
    """Serial numbers, floats, emptiness and a rewritten formula are no difference."""
    assert same(want, have)


@pytest.mark.parametrize(
    ("want", "have"),
    [
        (None, 0),
        ("5", 5.0),
        (5, "5"),
        (True, 1.0),
        (1, True),
        (date(2026, 12, 5), "2026-12-05"),
        (date(2026, 12, 5), 46362.0),
        (MORNING, MORNING + timedelta(minutes=1)),
        ("a", "a "),
        (Formula('=IF(A1="x y",1,0)'), Formula('=IF(A1="xy",1,0)')),
        (Formula("=A1"), "=A1"),
        ("=A1", Formula("=A1")),
        (Formula("=A1", 3), 3),
        (Link("x", "https://a/b"), "x"),
        (Link("x", "https://a/b"), Link("x", "https://a/c")),
        ("x", Link("x", "https://a/b")),
    ],
)
def test_different_where_a_reader_would_see_it(want: Value, have: Value) -> None:
    """Another kind, another day, another address is a difference."""
    assert not same(want, have)


def test_text_constants_of_a_formula_are_kept() -> None:
    """Only what stands outside quotes is folded."""
    assert canonical('=if(A1="a; B c", 1, 0)') == '=IF(A1="a; B c",1,0)'


# ---------------------------------------------------------------- published tabs


def test_equal_needs_nothing() -> None:
    """A workbook that shows the tables gets no edit, not even a stamp."""
    assert edits(shown(("x", 1, None)), Table(PUBLISHED, (("x", 1, None),))) == ()


def test_a_page_shows_formulas_by_their_values() -> None:
    """A target without formulas is as wanted when it shows what they come to, and not when that has changed."""
    table = Table(PUBLISHED, (("x", Formula("=A1", 2), Formula("=A2")),))
    shows = replace(shown(("x", 2, None)), plain=True)
    assert edits(shows, table) == ()
    (first, _) = edits(replace(shown(("x", 3, None)), plain=True), table)
    assert first == WriteRows(PUBLISHED, 1, (("x", 2, None),))
    assert edits(shown(("x", 2, None)), table)


def test_a_missing_tab_is_made_and_filled() -> None:
    """Create, all rows with the header, and the stamp last."""
    found = edits(EMPTY, Table(PUBLISHED, (("x", 1, None),)))
    assert found == (
        CreateTab(PUBLISHED),
        WriteRows(PUBLISHED, 0, (("A", "B", "C"), ("x", 1, None))),
        WriteStamp(STAMP),
    )


def test_only_runs_of_differing_rows_are_written() -> None:
    """Two separate rows are two absolute writes."""
    rows = tuple((f"r{n}", n, None) for n in range(6))
    there = tuple((f"r{n}", -1 if n in (1, 2, 5) else n) for n in range(6))
    found = edits(shown(*there), Table(PUBLISHED, rows))
    assert found[:-1] == (WriteRows(PUBLISHED, 2, rows[1:3]), WriteRows(PUBLISHED, 6, rows[5:]))


def test_a_shorter_table_trims() -> None:
    """Rows that are no longer wanted are erased by absolute position."""
    found = edits(shown(("x", 1), ("y", 2), ("z", 3)), Table(PUBLISHED, (("x", 1, None),)))
    assert found[:-1] == (TrimRows(PUBLISHED, 2),)


def test_what_stands_beside_the_table_is_left() -> None:
    """A note that somebody wrote to the right of a published table is neither compared nor written over."""
    assert edits(shown(("x", 1, None, "my note")), Table(PUBLISHED, (("x", 1, None),))) == ()


def test_a_row_put_above_the_header_is_written_over() -> None:
    """A published tab's header is its first row, always."""
    workbook = shown(("x", 1, None), header_row=1)
    found = edits(workbook, Table(PUBLISHED, (("x", 1, None),)))
    assert found[0] == WriteRows(PUBLISHED, 0, (("A", "B", "C"), ("x", 1, None)))
    assert edits(apply(workbook, found), Table(PUBLISHED, (("x", 1, None),))) == ()


def test_a_differing_layout_is_brought_back() -> None:
    """What the target says of its layout becomes one edit that names it."""
    found = edits(shown(layout_differs=("its colour",)), Table(PUBLISHED, ()))
    assert found == (FormatTab(PUBLISHED, ("its colour",)), WriteStamp(STAMP))


# ---------------------------------------------------------------- the heartbeat


def test_runs_alone_wait() -> None:
    """A tab that changes with every sync is not written by itself before it is due."""
    workbook = Workbook({**shown().grids, **shown(tab=RUNS).grids})
    tables = (Table(PUBLISHED, ()), Table(RUNS, (("r", 1, None),)))
    assert edits(workbook, *tables) == ()
    assert [type(edit) for edit in edits(workbook, *tables, due=True)] == [WriteRows, WriteStamp]


def test_runs_go_along_with_a_change_of_content() -> None:
    """With the next change of content the heartbeat is written too."""
    workbook = Workbook({**shown().grids, **shown(tab=RUNS).grids})
    found = edits(workbook, Table(PUBLISHED, (("x", 1, None),)), Table(RUNS, (("r", 1, None),)))
    assert [edit.tab.key for edit in found if isinstance(edit, WriteRows)] == ["list", "runs"]


def test_due_with_nothing_new_writes_nothing() -> None:
    """Due is no reason to write what is there already."""
    assert edits(shown(tab=RUNS), Table(RUNS, ()), due=True) == ()


def test_a_missing_heartbeat_tab_does_not_wait() -> None:
    """A deleted tab comes back with the next sync."""
    assert isinstance(edits(EMPTY, Table(RUNS, ()))[0], CreateTab)


# ---------------------------------------------------------------- input tabs


def test_only_missing_codes_are_appended() -> None:
    """With all that is in force of them, behind the last row in which something stands; a row that is there is left alone."""
    workbook = shown(("PAY", "Payments", "Ann"), (None, None, "a draft"), (), tab=INPUT)
    found = edits(workbook, Table(INPUT, (("PAY", "New name", "Bob", "R"), ("OLD", "Old", "Bob", "G"))))
    assert found[:-1] == (AppendRows(INPUT, 2, (("OLD", "Old", "Bob", None),), workbook.grids["projects"].spots),)


@pytest.mark.parametrize("typed", ["pay ", " PAY", "Pay", "ＰＡＹ"])
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    """Case, width and spaces make no new code."""
    assert edits(shown((typed, "x"), tab=INPUT), Table(INPUT, (("PAY", "Payments", None, None),))) == ()


def test_without_a_code_column_nothing_is_appended() -> None:
    """Where the code column is gone nobody can tell rows apart."""
    workbook = shown(tab=INPUT, spots={"name": 1})
    assert edits(workbook, Table(INPUT, (("PAY", "Payments", None, None),))) == ()


def test_tabs_without_codes_of_ours_never_grow() -> None:
    """Decisions, risks and people are people's alone."""
    tab = replace(INPUT, key="decisions")
    assert edits(shown(tab=tab), Table(tab, (("D-1", "x", None, None),))) == ()


def test_a_lost_context_formula_comes_back() -> None:
    """The one cell of an input tab that is ours is the header of a grey column."""
    workbook = shown(("PAY", "x"), tab=INPUT)
    broken = apply(workbook, ())
    grid = broken.grids["projects"]
    typed_over = Workbook({"projects": replace(grid, rows=(("Code", "Name", "PM", "RAG"), *grid.rows[1:]))})
    table = Table(INPUT, (("PAY", "x", None, None),))
    found = edits(typed_over, table)
    assert [type(edit) for edit in found] == [WriteRows, WriteStamp]
    assert edits(apply(typed_over, found), table) == ()


def test_a_deleted_input_tab_returns_with_what_is_in_force(story: Callable[..., Content]) -> None:
    """Its rows come back with their last valid values, its grey cells empty for the formula to fill."""
    tables = build(story())
    there = apply(EMPTY, edits(EMPTY, *tables))
    grids = {key: grid for key, grid in there.grids.items() if key != "milestone_inputs"}
    found = edits(Workbook(grids), *tables)
    rows = next(edit for edit in found if isinstance(edit, AppendRows)).rows
    tab = next(table.tab for table in tables if table.tab.key == "milestone_inputs")
    assert [row[tab.position("note")] for row in rows][3] == "waits for 银联"
    assert all(row[tab.position("context_rag")] is None for row in rows)


# ---------------------------------------------------------------- properties


def test_the_whole_story_settles_at_once(story: Callable[..., Content]) -> None:
    """After one publication a second finds nothing to do."""
    tables = build(story())
    there = apply(EMPTY, edits(EMPTY, *tables))
    assert edits(there, *tables) == ()
    assert there.stamp == STAMP


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.text(max_size=5),
    st.builds(Link, st.text(max_size=3), st.sampled_from(["https://a/b", "#list!A1"])),
    st.builds(Formula, st.sampled_from(["=A1", "=IF(A1,2,3)"])),
)
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=8).map(tuple)


@given(there=ROWS, wanted=ROWS, above=st.integers(0, 2))
def test_edits_lead_to_the_table(there: tuple[Row, ...], wanted: tuple[Row, ...], above: int) -> None:
    """Whatever stands in a published tab, after the edits it shows the table and needs no further edit."""
    workbook = shown(*there, header_row=above)
    table = Table(PUBLISHED, wanted)
    assert edits(apply(workbook, edits(workbook, table)), table) == ()


CODES = st.lists(st.sampled_from([f"C{n}" for n in range(9)]), unique=True, max_size=9)


@given(typed=CODES, wanted=CODES, order=st.permutations(range(4)), gaps=st.booleans(), seed=st.integers(0, 999))
def test_no_edit_touches_what_people_typed(
    typed: list[str], wanted: list[str], order: list[int], gaps: bool, seed: int
) -> None:
    """Rows in any order, columns moved, blank rows between: each typed row stays as it is, and every code stands once."""
    spots = {column.key: order[place] for place, column in enumerate(INPUT.columns)}

    def placed(row: Row) -> Row:
        by_spot = dict(zip((spots[column.key] for column in INPUT.columns), row, strict=True))
        return tuple(by_spot[place] for place in range(4))

    rows = [placed((code, f"name of {code}", "Ann", None)) for code in typed]
    rows += [(None, None, None, None)] * (2 if gaps else 0)
    random.Random(seed).shuffle(rows)
    workbook = Workbook({"projects": Grid("projects", "P", (placed(header(INPUT)), *rows), spots=spots)})
    table = Table(INPUT, tuple((code, "known", "Bob", "R") for code in wanted))
    after = apply(workbook, edits(workbook, table))
    kept = after.grids["projects"].rows
    assert edits(after, table) == ()
    assert [row for row in kept if row in rows] == rows
    codes = [str(row[spots["code"]]) for row in kept[1:] if row[spots["code"]]]
    assert sorted(codes) == sorted({*typed, *wanted})
