"""What leaves through the door: tables as the tool wants them, grids as the target shows them, edits between.

Values are plain Python: ``None`` (empty), ``str``, ``bool``, ``int``, ``float``, ``date``, plus the two frozen
structs below. Text is never parsed by a target: a string stays a string, whatever it starts with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from pmosync.audience import Share


class Link(Struct, frozen=True):
    """Text that leads somewhere; ``url`` is http(s) on a configured host, or ``#tab_key!A1`` inside the workbook."""

    text: str
    url: str


class Formula(Struct, frozen=True):
    """One of our own lookup formulas (never text from a source) and the value it shows right now."""

    text: str
    value: str | float | int | bool | date | None = None


Value = None | str | bool | int | float | date | Link | Formula
Row = tuple[Value, ...]


class Kind(StrEnum):
    """Who owns a tab's cells: the tool (published) or people (input)."""

    PUBLISHED = "published"
    INPUT = "input"


class Format(StrEnum):
    """How a column's values are shown."""

    TEXT = "text"
    WRAP = "wrap"
    DATE = "date"
    INSTANT = "instant"
    INTEGER = "integer"
    SIGNED = "signed"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    RAG = "rag"
    BOOLEAN = "boolean"


class Column(Struct, frozen=True):
    """One column: stable ``key``, the ``label`` people read, width in characters, and what the header's note says
    (``note_changes``: it says what holds now, so it is renewed also where people type).

    ``aliases`` are other headers under which an input column is found. ``choices`` feed a drop-down; ``strict``
    refuses other values. ``context`` marks an input tab's grey column that the tool fills by one array formula in the
    header. ``collapsed`` puts the column in the collapsed group.
    ``formula`` is that header's array formula (its first value is the label); targets that do not compute show plain values.
    ``person``: its cells name people.
    """

    key: str
    label: str
    format: Format = Format.TEXT
    width: int = 14
    note: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    strict: bool = False
    context: bool = False
    collapsed: bool = False
    formula: str = ""
    note_changes: bool = False
    person: bool = False


class Rule(Struct, frozen=True):
    """A conditional format: cells of ``column`` whose text starts with ``prefix`` get this fill and ink
    (``#rrggbb``).
    """

    column: str
    prefix: str
    fill: str
    ink: str


class View(Struct, frozen=True):
    """A named filter view: rows whose ``column`` shows one of ``values``."""

    title: str
    column: str
    values: tuple[str, ...]


class ChartKind(StrEnum):
    """How a chart draws its series."""

    LINE = "line"
    BAR = "bar"


class Series(Struct, frozen=True):
    """One series of a chart: the ``column`` (a key) that holds its values, what it is called, its ink (``#rrggbb``).
    A ``dashed`` line is a forecast.
    """

    column: str
    name: str
    ink: str
    dashed: bool = False


class Chart(Struct, frozen=True):
    """A chart over cells of its own tab. ``key`` never changes: a target that knows it replaces the chart and makes no twin.

    The values stand in the sheet rows ``first`` to ``last`` (zero-based, the published header is row 0), the names of the
    series in the row above, the labels in the column ``labels``. ``row`` is the sheet row of the first column at which the
    chart hangs, ``pixels`` its width and height. ``format`` is how the values are shown, ``least`` and ``most`` the ends of
    their axis. Without ``series`` there is no such chart: a target takes an old one away.
    """

    key: str
    title: str
    kind: ChartKind
    row: int
    labels: str = ""
    first: int = 0
    last: int = 0
    series: tuple[Series, ...] = ()
    format: Format = Format.INTEGER
    least: float | None = None
    most: float | None = None
    pixels: tuple[int, int] = (980, 400)


class Tab(Struct, frozen=True):
    """The layout of one tab. ``key`` never changes; ``title`` is what people see; ``sheet_id`` is chosen, so a repeat
    makes no twin.

    ``key_column`` is the column by which rows are matched; where it takes several to tell rows apart (a binding:
    code, system, what, which), ``identity`` names them all. ``frozen_columns`` counts columns kept in view. On paper a new
    page begins at each row whose key begins with ``page_mark`` ("": nowhere by itself).
    """

    key: str
    title: str
    kind: Kind
    sheet_id: int
    columns: tuple[Column, ...]
    key_column: str
    frozen_columns: int = 1
    hidden: bool = False
    rules: tuple[Rule, ...] = ()
    views: tuple[View, ...] = ()
    note: str = ""
    editors: str = ""
    colour: str = ""
    identity: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    page_mark: str = ""

    @property
    def identified_by(self) -> tuple[str, ...]:
        """The columns that together tell one row from another."""
        return self.identity or (self.key_column,)

    def position(self, column: str) -> int:
        """Zero-based position of a column by key; KeyError if the tab has none."""
        for place, candidate in enumerate(self.columns):
            if candidate.key == column:
                return place
        raise KeyError(column)


class Table(Struct, frozen=True):
    """A tab and the rows it should show (for an input tab: the rows whose codes should exist), canonical order."""

    tab: Tab
    rows: tuple[Row, ...]

    def page_starts(self) -> tuple[int, ...]:
        """Zero-based rows at which a new page begins on paper: all that bear the tab's mark but the first one."""
        place, mark = self.tab.position(self.tab.key_column), self.tab.page_mark
        marked = (number for number, row in enumerate(self.rows) if mark and text_of(row[place]).startswith(mark))
        return tuple(marked)[1:]


class Stamp(Struct, frozen=True):
    """Who wrote a workbook last: written after everything else, so an older stamp means an unfinished write."""

    instance: str
    epoch: int
    generation: int
    data_as_of: str


class Grid(Struct, frozen=True):
    """One tab as the target shows it now. Row 0 of ``rows`` is the header row; rows are ragged.

    ``header_row`` is the zero-based sheet row of the header (people may insert rows above it); ``layout_differs``
    says in words what of the tab's layout is not as wanted. ``spots`` maps a column key to its zero-based column,
    found by metadata or header.
    """

    key: str
    title: str
    rows: tuple[Row, ...] = ()
    header_row: int = 0
    row_count: int = 0
    column_count: int = 0
    spots: Mapping[str, int] = {}
    layout_differs: tuple[str, ...] = ()

    @property
    def last_row(self) -> int:
        """Zero-based sheet row of the last row in which anything stands, the header's if none."""
        filled = [place for place, row in enumerate(self.rows) if any(text_of(value) for value in row)]
        return self.header_row + max(filled, default=0)


class Workbook(Struct, frozen=True):
    """Everything one read of a target told: its grids by tab key, and the stamp (None if there is none yet).

    ``computes`` is False for a target (a file) that shows plain values where a context column has its formula; ``plain`` is
    True for one (a page) that shows every formula by its value.
    ``shared`` tells who may see it besides us; None where the target was not asked, or does not tell.
    """

    grids: Mapping[str, Grid]
    stamp: Stamp | None = None
    time_zone: str = "UTC"
    computes: bool = True
    plain: bool = False
    shared: tuple[Share, ...] | None = None


class CreateTab(Struct, frozen=True, tag=True):
    """Make a tab that is missing, with its layout."""

    tab: Tab


class FormatTab(Struct, frozen=True, tag=True):
    """Bring a tab's layout to what is wanted; ``differs`` says in words what was not."""

    tab: Tab
    differs: tuple[str, ...] = ()


class WriteRows(Struct, frozen=True, tag=True):
    """Put ``rows`` at absolute zero-based sheet row ``first`` of a published tab (header included as row 0)."""

    tab: Tab
    first: int
    rows: tuple[Row, ...]


class TrimRows(Struct, frozen=True, tag=True):
    """Erase a published tab's rows from zero-based sheet row ``first`` on: it has grown shorter."""

    tab: Tab
    first: int


class AppendRows(Struct, frozen=True, tag=True):
    """Add rows for new codes to an input tab, into freshly added grid rows behind row ``after``; repeats change
    nothing.
    """

    tab: Tab
    after: int
    rows: tuple[Row, ...]
    spots: Mapping[str, int] = {}


class WriteStamp(Struct, frozen=True, tag=True):
    """Set the stamp; always the last edit of a publication."""

    stamp: Stamp


Edit = CreateTab | FormatTab | WriteRows | TrimRows | AppendRows | WriteStamp


class Publication(Struct, frozen=True):
    """One publish: the tables as they should stand, and the fewest edits that get there.

    A target that cannot edit in place (a file) writes ``tables`` anew; one that can applies ``edits`` in order.
    """

    tables: tuple[Table, ...]
    edits: tuple[Edit, ...]


class Written(Struct, frozen=True):
    """What a publish cost: requests sent and cells written."""

    requests: int = 0
    cells: int = 0


EPOCH = date(1899, 12, 30)


def serial(day: date) -> float:
    """The spreadsheet number of a date (days since 1899-12-30) or of a naive local datetime (with its fraction)."""
    if isinstance(day, datetime):
        return (day.date() - EPOCH).days + (day.hour * 3600 + day.minute * 60 + day.second) / 86400
    return float((day - EPOCH).days)


def from_serial(number: float) -> date:
    """The date of a spreadsheet number; its time of day is dropped."""
    return EPOCH + timedelta(days=int(number // 1))


def letters(column: int) -> str:
    """Column letters of a zero-based column: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(title: str, row: int, column: int) -> str:
    """A cell's address as people write it, quoted where needed: ``'My projects'!C7``."""
    plain = re.fullmatch(r"[A-Za-z_]\w*", title) and not re.fullmatch(r"[A-Za-z]{1,3}\d+", title)
    name = title if plain else "'" + title.replace("'", "''") + "'"
    return f"{name}!{letters(column)}{row + 1}"


def text_of(value: Value) -> str:
    """What a person sees in a cell, for matching headers and codes."""
    match value:
        case None:
            return ""
        case Link(text=text):
            return text
        case Formula(value=shown):
            return text_of(shown)
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case date():
            return value.isoformat()
        case _:
            return str(value)


_BETWEEN_WORDS = re.compile(r"[\s_\-/:()]+")
_BESIDE_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def normalised(header: str) -> str:
    """A header reduced to what identifies it: width, case, spaces and punctuation folded; beside Chinese characters a space
    (or a break in the cell) says nothing.
    """
    folded = _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", header)).strip().casefold()
    return _BESIDE_CHINESE.sub("", folded)


def spots(header: Sequence[Value], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands in a header row, found by key, label or alias; absent columns are left out, the first
    match wins.
    """
    seen: dict[str, int] = {}
    for place, value in enumerate(header):
        seen.setdefault(normalised(text_of(value)), place)
    found: dict[str, int] = {}
    for column in columns:
        names = [normalised(name) for name in (column.label, column.key, *column.aliases)]
        places = [seen[name] for name in names if name in seen]
        if places:
            found[column.key] = places[0]
    return found
