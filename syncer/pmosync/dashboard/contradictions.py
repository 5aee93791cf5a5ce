"""Contradictions: where tools, or a person and the evidence, disagree, with what counts meanwhile and why."""

from __future__ import annotations

from pmosync.compute.assessment import Contradiction, Side
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.values import code_of
from pmosync.sheet import Format, Tab, Table, Value

KEY = "contradictions"
MOST = 1_000
"""Rows that are listed."""


def build_contradictions(content: Content) -> Table:
    """What is contradicted of all that the audience may see, by kind, project and code."""
    found = [each for each in content.assessment.contradictions if code_of(each.code) not in content.withheld.codes]
    left = len(found) - MOST
    more = [words.text("more_findings", content.language, count=f"{left:,}")] if left > 0 else []
    return Table(tab(content), (*layout.rows(content, FIELDS, found[:MOST]), *layout.remarks(more, len(FIELDS))))


def tab(content: Content) -> Tab:
    """The layout."""
    return layout.published(content, KEY, FIELDS, "kind")


def said(side: Side, language: str) -> str:
    """One side in words: "version v2: 20 Nov 2026", "PAY-41: In Review"."""
    source = words.term("side", side.source, language)
    name = " ".join(filter(None, (source, side.name)))
    told = " ".join(filter(None, (words.term("request_state", side.says, language), words.day(side.day, language))))
    return words.between("colon", language).join(filter(None, (name, told)))


def _sides(content: Content, row: Contradiction) -> Value:
    """All sides; the address of the first that has any."""
    told = words.between("clause", content.language).join(said(side, content.language) for side in row.sides)
    return cells.link(content, told, next((side.url for side in row.sides if side.url), ""))


def _name(content: Content, row: Contradiction) -> Value:
    verdicts = content.assessment.milestones
    return next((each.milestone.name for each in verdicts if each.milestone.code == row.code), None) or None


def _owner(content: Content, row: Contradiction) -> Value:
    """Who answers for the milestone, else for the project."""
    own = (each.owner for each in content.assessment.milestones if each.milestone.code == row.code)
    above = (each.owner for each in content.assessment.projects if each.row.code == row.project)
    return next((owner for owner in (*own, *above) if owner), None)


def _counts(content: Content, row: Contradiction) -> Value:
    if row.counts is None:
        return words.text("nothing_counts", content.language)
    return said(row.counts, content.language)


FIELDS: tuple[Field[Contradiction], ...] = (
    Field("kind", lambda content, row: words.term("contradiction", row.kind, content.language), Format.WRAP, 26),
    Field("code", lambda content, row: row.code or None, width=12),
    Field("name", _name, Format.WRAP, 30),
    Field("project", lambda content, row: row.project or None, width=9),
    Field("sides", _sides, Format.WRAP, 60),
    Field("counts", _counts, Format.WRAP, 28),
    Field("rule", lambda content, row: words.term("counting", row.rule, content.language) or None, Format.WRAP, 32),
    Field("owner", _owner, person=True),
)
