"""Data quality: what a person should mend, with place and remedy, and since when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import title
from pmosync.dashboard.layout import Field
from pmosync.mapping import input_tabs
from pmosync.model import Plan, Problem
from pmosync.sheet import Format, Tab, Table

KEY = "data_quality"
EXAMPLES = 50
ROW = re.compile(r"(?P<tab>\w+),? row (?P<row>\d+)(?:, (?P<column>\w+))?")
"""A place without an address: the key of the tab, the row and perhaps the key of the column."""


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
    problems = sorted(content.assessment.findings, key=lambda p: (p.rule, p.code, p.place, p.message))
    counts = Counter(problem.rule for problem in problems)
    listed: Counter[str] = Counter()
    columns = {} if content.inputs_here else _columns(content)
    for problem in problems:
        listed[problem.rule] += 1
        rank, count = listed[problem.rule], counts[problem.rule]
        if rank <= EXAMPLES:
            yield Finding(problem, _where(content, problem, columns), count)
        elif rank == count:
            yield Finding(Problem(rule=problem.rule, place="", message=""), "", count, count - EXAMPLES)


def _message(content: Content, finding: Finding) -> str | None:
    if finding.rest:
        return words.text("more_findings", content.language, count=f"{finding.rest:,}")
    return words.found(finding.problem, content.language)[0] or None


def _remedy(content: Content, finding: Finding) -> str | None:
    return words.found(finding.problem, content.language)[1] or None


def _since(content: Content, problem: Problem) -> date | None:
    """The day, in the workbook's time zone, of the first sync that told the finding."""
    return problem.since.astimezone(ZoneInfo(content.time_zone)).date() if problem.since else None


def _where(content: Content, problem: Problem, columns: Mapping[str, str]) -> str:
    """Where to look: the address; where the inputs here are only a copy, the tab, code and column instead.

    The copy is sorted its own way, so an address of the sheet that people type into would lead to another row.
    """
    row = ROW.fullmatch(problem.place)
    if row is not None and any(each.key == row["tab"] for each in input_tabs()):
        place = words.text("tab_row", content.language, tab=title(content, row["tab"]), row=row["row"])
        return words.between("list", content.language).join(filter(None, (place, _named(row, content.language))))
    if content.inputs_here or not problem.code or "!" not in problem.place:
        return problem.place
    tab, column = problem.place.rpartition("!")[0].strip("'"), columns.get(problem.place, "")
    parts = (problem.code, column) if column else (problem.code,)
    return f"{tab}{words.between('colon', content.language)}{words.between('list', content.language).join(parts)}"


def _named(row: re.Match[str], language: str) -> str:
    return _label(row["tab"], row["column"], language) if row["column"] else ""


def _columns(content: Content) -> dict[str, str]:
    """Address → the column's header, of every cell of the plan's rows."""
    sections = (getattr(content.plan, name) for name in Plan.__struct_fields__)
    return {
        address: _label(row.place.tab, key, content.language)
        for section in sections
        for row in section
        for key, address in row.place.addresses.items()
    }


def _label(tab: str, key: str, language: str) -> str:
    columns = next((each.columns for each in input_tabs() if each.key == tab), ())
    labels = next((column.labels for column in columns if column.key == key), {})
    return labels.get(language) or labels.get("en", key)


FIELDS: tuple[Field[Finding], ...] = (
    Field("check", lambda content, finding: words.checked(finding.problem.rule, content.language), width=24),
    Field("message", _message, Format.WRAP, 56),
    Field("place", lambda content, finding: finding.where or None, width=28),
    Field("code", lambda content, finding: finding.problem.code or None, width=12),
    Field("remedy", _remedy, Format.WRAP, 44),
    Field("owner", lambda content, finding: finding.problem.owner or None),
    Field("since", lambda content, finding: _since(content, finding.problem), Format.DATE, 12),
    Field("count", lambda content, finding: finding.count, Format.INTEGER, 7),
)
