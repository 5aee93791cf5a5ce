"""All that the tables are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from pmosync.compute.assessment import Assessment
from pmosync.compute.cuts import Cut
from pmosync.compute.homes import SETTINGS
from pmosync.dashboard.values import code_of
from pmosync.model import Hold, Place, Plan, Run
from pmosync.sheet import Grid, Row, Value, Workbook


class Found(Struct, frozen=True):
    """Where people left things in the workbook, by tab key: column places and header rows (zero-based), titles.

    ``ends`` is the 1-based sheet row of the last row in which anything stands, ``rows`` maps tab key → folded code
    (``values.code_of``) → 1-based sheet row, ``typed`` the same → column key → the cell as
    read; columns not found are absent.
    """

    places: Mapping[str, Mapping[str, int]] = {}
    titles: Mapping[str, str] = {}
    headers: Mapping[str, int] = {}
    ends: Mapping[str, int] = {}
    rows: Mapping[str, Mapping[str, int]] = {}
    typed: Mapping[str, Mapping[str, Mapping[str, Value]]] = {}


class Typed(Struct, frozen=True):
    """A row of an input tab as people typed it last: its 1-based sheet ``row``, what stands in its code column, its
    cells by column key, and the ``place`` of the plan's row that it became; None where it became none.
    """

    row: int
    code: str
    cells: Mapping[str, Value]
    place: Place | None = None


class Withheld(Struct, frozen=True):
    """What the audience may not see: how many of each, the folded ``codes`` of milestones, and the codes, keys, titles and
    names that no cell may show.
    """

    milestones: int = 0
    items: int = 0
    findings: int = 0
    codes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


class Content(Struct, frozen=True, kw_only=True):
    """What ``build`` turns into tables.

    ``language`` is ``en`` or ``zh-CN``; ``hosts`` are the configured hosts to which links may lead (host or host:port);
    ``generated_at`` is the UTC instant of this build, shown in ``time_zone`` (IANA name); ``next_sync``, ``address`` (how to
    ask for a resync) and ``instance`` are words for people. ``withheld`` is filled by ``readable``. ``inputs_here``: people
    type into this workbook; else its input tabs are a published copy of what is in force, typed elsewhere.
    ``typed_elsewhere`` are the connections whose rows have their home outside this workbook: they get no input row.
    ``people``: the audience reads who they are; else no cell names one, and ``unnamed``, which ``readable`` fills too,
    is what people are called. ``only`` are the codes of the programs and portfolios
    that it is about, all if empty. ``resting`` are the input tabs that got rows a short while ago: new codes wait.
    ``free_codes`` are the codes that people may type next, by input tab. ``kept`` are the rows of the input tabs as they
    were typed last, by tab: what comes back where a tab or a row is made anew. ``cut`` is the last committee cut, None
    before the first.
    ``then``: it shows a past day, or one ``hindsight`` (by when things were changed, not seen), and says so on every tab.
    """

    assessment: Assessment
    generated_at: datetime
    plan: Plan = Plan()
    runs: tuple[Run, ...] = ()
    holds: tuple[Hold, ...] = ()
    language: str = "en"
    title: str = "PMO"
    instance: str = ""
    hosts: frozenset[str] = frozenset()
    found: Found = Found()
    time_zone: str = "UTC"
    next_sync: str = ""
    address: str = "pmosync sync"
    audience_sees_restricted: bool = False
    inputs_here: bool = True
    people: bool = True
    only: frozenset[str] = frozenset()
    free_codes: Mapping[str, tuple[str, ...]] = {}
    typed_elsewhere: frozenset[str] = frozenset({SETTINGS})
    resting: frozenset[str] = frozenset()
    kept: Mapping[str, tuple[Typed, ...]] = {}
    cut: Cut | None = None
    withheld: Withheld = Withheld()
    unnamed: frozenset[str] = frozenset()
    then: bool = False
    hindsight: bool = False

    @property
    def places(self) -> Mapping[str, Mapping[str, int]]:
        """Input tab key → column key → zero-based column as found in the workbook."""
        return self.found.places

    @property
    def titles(self) -> Mapping[str, str]:
        """Input tab key → title as found in the workbook."""
        return self.found.titles


def found(workbook: Workbook, key_columns: Mapping[str, str]) -> Found:
    """What a read tells about the people's tabs; ``key_columns`` maps an input tab's key to the key of its code column."""
    grids = workbook.grids
    numbered = {key: _numbered(grids[key], column) for key, column in key_columns.items() if key in grids}
    return Found(
        places={key: dict(grids[key].spots) for key in numbered if grids[key].spots},
        titles={key: grids[key].title for key in numbered},
        headers={key: grids[key].header_row for key in numbered},
        ends={key: grids[key].last_row + 1 for key in numbered},
        rows=numbered,
        typed={key: _typed(grids[key], rows) for key, rows in numbered.items()},
    )


def _numbered(grid: Grid, code_column: str) -> dict[str, int]:
    """Folded code → 1-based sheet row; the first of two that show one code, as MATCH finds it."""
    place = grid.spots.get(code_column)
    numbered: dict[str, int] = {}
    if place is not None:
        for number, row in enumerate(grid.rows[1:], grid.header_row + 2):
            code = code_of(_cell(row, place))
            if code:
                numbered.setdefault(code, number)
    return numbered


def _typed(grid: Grid, numbered: Mapping[str, int]) -> dict[str, dict[str, Value]]:
    rows = {code: grid.rows[number - grid.header_row - 1] for code, number in numbered.items()}
    return {code: {key: _cell(row, place) for key, place in grid.spots.items()} for code, row in rows.items()}


def _cell(row: Row, place: int) -> Value:
    return row[place] if place < len(row) else None
