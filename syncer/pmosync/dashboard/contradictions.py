"""Contradictions: where tools, or a person and the evidence, disagree, with what counts meanwhile and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pmosync.compute.assessment import Contradiction, Side
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.values import code_of
from pmosync.sheet import Format, Tab, Table, Value

KEY = "contradictions"
MOST = 1_000
"""Rows that are listed."""


class Line(Struct, frozen=True):
    """A contradiction with the name of what it is about, and who answers for that: for the milestone, else for the project."""

    row: Contradiction
    name: str = ""
    owner: str = ""


def build_contradictions(content: Content) -> Table:
    """What is contradicted of all that the audience may see, by kind, project and code."""
    found = [each for each in content.assessment.contradictions if code_of(each.code) not in content.withheld.codes]
    left = len(found) - MOST
    more = [words.text("more_findings", content.language, count=f"{left:,}")] if left > 0 else []
    lines = _lines(content, found[:MOST])
    return Table(tab(content), (*layout.rows(content, FIELDS, lines), *layout.remarks(more, len(FIELDS))))


def _lines(content: Content, found: Iterable[Contradiction]) -> Iterator[Line]:
    milestones = {each.milestone.code: each for each in content.assessment.milestones}
    projects = {each.row.code: each for each in content.assessment.projects}
    for row in found:
        own, above = milestones.get(row.code), projects.get(row.project)
        name = own.milestone.name if own else above.row.name if above and above.row.code == row.code else ""
        yield Line(row, name, (own and own.owner) or (above.owner if above else ""))


def tab(content: Content) -> Tab:
    """The layout."""
    return layout.published(content, KEY, FIELDS, "kind")


def said(side: Side, language: str) -> str:
    """One side in words: "version v2: 20 Nov 2026", "PAY-41: In Review"."""
    source = words.term("side", side.source, language)
    name = " ".join(filter(None, (source, side.name)))
    told = " ".join(filter(None, (words.term("request_state", side.says, language), words.day(side.day, language))))
    return words.between("colon", language).join(filter(None, (name, told)))


def _sides(content: Content, line: Line) -> Value:
    """All sides; the address of the first that has any."""
    told = words.between("clause", content.language).join(said(side, content.language) for side in line.row.sides)
    return cells.link(content, told, next((side.url for side in line.row.sides if side.url), ""))


def _counts(content: Content, line: Line) -> Value:
    if line.row.counts is None:
        return words.text("nothing_counts", content.language)
    return said(line.row.counts, content.language)


FIELDS: tuple[Field[Line], ...] = (
    Field("kind", lambda content, line: words.term("contradiction", line.row.kind, content.language), Format.WRAP, 26),
    Field("code", lambda content, line: line.row.code or None, width=12),
    Field("name", lambda content, line: line.name or None, Format.WRAP, 30),
    Field("project", lambda content, line: line.row.project or None, width=9),
    Field("sides", _sides, Format.WRAP, 60),
    Field("counts", _counts, Format.WRAP, 28),
    Field(
        "rule", lambda content, line: words.term("counting", line.row.rule, content.language) or None, Format.WRAP, 32
    ),
    Field("owner", lambda content, line: line.owner or None, person=True),
)
