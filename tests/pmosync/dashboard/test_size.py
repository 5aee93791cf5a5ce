"""Size is known before the write."""

from __future__ import annotations

from pmosync.dashboard.size import plan_size
from pmosync.sheet import Column, Kind, Tab, Table

TAB = Tab("x", "X", Kind.PUBLISHED, 1, (Column("a", "A"), Column("b", "B")), "a")


def table(rows: int, text: str = "x") -> Table:
    """A table of two columns."""
    return Table(TAB, ((text, 1),) * rows)


def test_cells_are_counted_with_the_header() -> None:
    """Rows and header times columns."""
    size = plan_size([table(9), table(4)])
    assert (size.cells, size.warn, size.hold) == (30, False, False)


def test_eighty_percent_warns_and_the_limit_holds() -> None:
    """80 % warns, 100 % holds."""
    assert plan_size([table(39)], limit=100).warn
    assert not plan_size([table(39)], limit=100).hold
    assert not plan_size([table(38)], limit=100).warn
    assert plan_size([table(49)], limit=100).hold


def test_one_cell_too_long_holds() -> None:
    """50,000 UTF-16 units are the most that a cell takes."""
    assert not plan_size([table(1, "x" * 50_000)]).hold
    assert plan_size([table(1, "x" * 50_001)]).hold
    assert plan_size([table(1, "𝄞" * 25_001)]).hold
