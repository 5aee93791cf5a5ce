"""How much of what a spreadsheet can hold the tables need: known before the write, so that the old page stays intact."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pmosync.mapping.text import units
from pmosync.sheet import Table, text_of

CELLS = 10_000_000
LONGEST = 50_000
WARN = 0.8


class Size(Struct, frozen=True):
    """``cells`` of all tables with their headers, their ``share`` of the limit, the ``longest`` text in UTF-16 units.

    ``warn`` from 80 % of the cells on; ``hold`` at the limit of cells or of one cell's text.
    """

    cells: int
    share: float
    longest: int
    warn: bool
    hold: bool


def plan_size(tables: Iterable[Table], limit: int = CELLS) -> Size:
    """The size of the tables against ``limit`` cells and 50,000 characters a cell."""
    given = tuple(tables)
    cells = sum((len(table.rows) + 1) * len(table.tab.columns) for table in given)
    longest = max((units(text_of(v)) for table in given for row in table.rows for v in row), default=0)
    share = cells / limit
    return Size(cells, share, longest, share >= WARN, share >= 1 or longest > LONGEST)
