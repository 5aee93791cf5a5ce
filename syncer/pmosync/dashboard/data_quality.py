"""Data quality: what a person should mend, with place and remedy, and since when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from zoneinfo import ZoneInfo

from msgspec import Struct

from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import input_tab, title
from pmosync.dashboard.layout import Field
from pmosync.dashboard.values import code_of
from pmosync.mapping import input_tabs
from pmosync.model import Plan, PlanRow, Problem
from pmosync.sheet import Format, Tab, Table

KEY = "data_quality"
EXAMPLES = 50
ROW = re.compile(r"(?P<tab>\w+),? row (?P<row>\d+)(?:, (?P<column>\w+))?")
"""A place without an address: the key of the tab, the row and perhaps the key of the column."""
ADDRESS = re.compile(r"(?P<title>.+)!\$?(?P<letters>[A-Z]*)\$?(?P<row>\d+)(?::\$?[A-Z]*\$?\d+)?")
"""A cell's or row's address in a sheet."""


class Finding(Struct, frozen=True):
    """A line: a problem, where it is, how many of its check there are, or (``rest``) how many more are not listed."""

    problem: Problem
    where: str
    count: int
    rest: int = 0


def build_data_quality(content: Content) -> Table:
    """Findings by check and place, at most 50 a check, then how many more."""
    return Table(tab(content), layout.rows(content, FIELDS, _findings(content)))


def tab(content: Content) -> Tab:
    """The layout."""
    return layout.published(content, KEY, FIELDS, "check")


def _findings(content: Content) -> Iterator[Finding]:
    problems = _placed(content)
    counts = Counter(problem.rule for problem, _ in problems)
    listed: Counter[str] = Counter()
    for problem, where in problems:
        listed[problem.rule] += 1
        rank, count = listed[problem.rule], counts[problem.rule]
        if rank <= EXAMPLES:
            yield Finding(problem, where, count)
        elif rank == count:
            yield Finding(Problem(rule=problem.rule, place="", message=""), "", count, count - EXAMPLES)


def _placed(content: Content) -> tuple[tuple[Problem, str], ...]:
    """Each finding with where to look, in order. In a copy rows that share a code stand in one row: they are told once."""
    copied = None if content.inputs_here else _Copied(content)
    problems = sorted(content.assessment.findings, key=lambda p: (p.rule, p.code, p.place, p.message))
    placed = [(problem, _where(content, problem, copied)) for problem in problems]
    return tuple({(p.rule, p.code, where, p.message): (p, where) for p, where in reversed(placed)}.values())[::-1]


def _message(content: Content, finding: Finding) -> str | None:
    if finding.rest:
        return words.text("more_findings", content.language, count=f"{finding.rest:,}")
    return words.found(finding.problem, content.language)[0] or None


def _remedy(content: Content, finding: Finding) -> str | None:
    return words.found(finding.problem, content.language)[1] or None


def _since(content: Content, problem: Problem) -> date | None:
    """The day, in the workbook's time zone, of the first sync that told the finding."""
    return problem.since.astimezone(ZoneInfo(content.time_zone)).date() if problem.since else None


def _where(content: Content, problem: Problem, copied: _Copied | None) -> str:
    """Where to look: the address; where the inputs here are only a copy, the tab, the row's code and the column instead.

    The copy is sorted its own way, so an address of the sheet that people type into would lead to another row.
    """
    row = ROW.fullmatch(problem.place)
    if row is not None and any(each.key == row["tab"] for each in input_tabs()):
        place = words.text("tab_row", content.language, tab=title(content, row["tab"]), row=row["row"])
        return words.between("list", content.language).join(filter(None, (place, _named(row, content.language))))
    if copied and "!" in problem.place:
        return copied.place(problem)
    return f"{problem.place} ({problem.connection})" if _of_a_team(content, problem) else problem.place


def _of_a_team(content: Content, problem: Problem) -> bool:
    """Whether a finding is of a cell in another spreadsheet than this workbook."""
    return "!" in problem.place and problem.connection in content.typed_elsewhere


def _named(row: re.Match[str], language: str) -> str:
    return _label(row["tab"], row["column"], language) if row["column"] else ""


class _Copied:
    """The plan's rows as a copy of the input tabs shows them, by where they were typed: the connection of the sheet ("" for
    findings that do not tell it), its title and the cell.
    """

    def __init__(self, content: Content) -> None:
        self.content = content
        self.columns: dict[tuple[str, str, str], str] = {}
        self.codes: dict[tuple[str, str, int], str] = {}
        self.tabs: dict[tuple[str, str], str] = {}
        self.known: set[tuple[str, str]] = set()
        for row in chain.from_iterable(getattr(content.plan, name) for name in Plan.__struct_fields__):
            self._take(row)

    def _take(self, row: PlanRow) -> None:
        """Nothing of a row of the settings file: its findings name the file."""
        place, language = row.place, self.content.language
        code = str(getattr(row, input_tab(place.tab).key_column, ""))
        for key, address in place.addresses.items():
            if sheet := ADDRESS.fullmatch(address):
                for of in ("", place.connection):
                    self.columns[of, sheet["title"], sheet["letters"]] = _label(place.tab, key, language)
                    self.codes[of, sheet["title"], place.row] = code
                    self.tabs[of, sheet["title"]] = place.tab
                self.known.add((place.tab, code_of(code)))

    def place(self, problem: Problem) -> str:
        """Tab, the row's own code and the column; of a row that the copy does not show the address where it is typed."""
        language = self.content.language
        sheet = ADDRESS.fullmatch(problem.place)
        if sheet is None:
            return problem.place
        of = problem.connection
        tab = self.tabs.get((of, sheet["title"]), "")
        code = self.codes.get((of, sheet["title"], int(sheet["row"])), "")
        if not code and (tab, code_of(problem.code)) in self.known:
            code = problem.code
        if not tab or not code:
            return words.text("typed_at", language, address=problem.place)
        parts = filter(None, (code, self.columns.get((of, sheet["title"], sheet["letters"]), "")))
        colon, comma = words.between("colon", language), words.between("list", language)
        return f"{title(self.content, tab)}{colon}{comma.join(parts)}"


def _label(tab: str, key: str, language: str) -> str:
    columns = next((each.columns for each in input_tabs() if each.key == tab), ())
    labels = next((column.labels for column in columns if column.key == key), {})
    return labels.get(language) or labels.get("en", key)


FIELDS: tuple[Field[Finding], ...] = (
    Field("check", lambda content, finding: words.checked(finding.problem.rule, content.language), width=24),
    Field("message", _message, Format.WRAP, 56),
    Field("place", lambda content, finding: finding.where or None, Format.WRAP, 28),
    Field("code", lambda content, finding: finding.problem.code or None, width=12),
    Field("remedy", _remedy, Format.WRAP, 44),
    Field("owner", lambda content, finding: finding.problem.owner or None, person=True),
    Field("since", lambda content, finding: _since(content, finding.problem), Format.DATE, 12),
    Field("count", lambda content, finding: finding.count, Format.INTEGER, 7),
)
