"""Attention: what needs somebody, the dearest first; a line keeps its id and stays its week."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pmosync.compute.assessment import Concern, MilestoneVerdict
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.sheet import Format, Tab, Table, Value, View

KEY = "attention"
ANSWERS = "attention_answers"
MOST = 1_000
"""Rows that are listed."""


class Line(Struct, frozen=True):
    """A concern with its ``place`` in the list, from 1, and the milestone that it is of (None: a project)."""

    place: int
    concern: Concern
    verdict: MilestoneVerdict | None


def build_attention(content: Content) -> Table:
    """All concerns that the audience may see, as ranked."""
    left = len(content.assessment.concerns) - MOST
    more = [words.text("more_findings", content.language, count=f"{left:,}")] if left > 0 else []
    return Table(tab(content), (*layout.rows(content, FIELDS, lines(content)), *layout.remarks(more, len(FIELDS))))


def lines(content: Content) -> tuple[Line, ...]:
    """The concerns that are listed, as ranked."""
    found, known = content.assessment.concerns, {each.milestone.code: each for each in content.assessment.milestones}
    return tuple(Line(at, each, known.get(each.code)) for at, each in enumerate(found[:MOST], 1))


def tab(content: Content) -> Tab:
    """The layout, with a view of what is open and one of what the PMO office has to do."""
    say = content.language
    views = (
        View(words.text("view_open", say), "state", (words.text("concern_open", say),)),
        View(words.text("view_office", say), "acts", (words.term("acts", "office", say),)),
        layout.red_and_amber(words.text("view_red_amber", say), "rag"),
    )
    return layout.adorned(layout.published(content, KEY, FIELDS, "id"), frozen=3, views=views)


def _says(content: Content, line: Line) -> Value:
    return words.say(line.concern.reason, content.language) if line.concern.reason else None


def _name(content: Content, line: Line) -> Value:
    """The milestone's name; a project's where the concern is a project's."""
    if line.verdict is not None:
        return line.verdict.milestone.name or None
    names = (each.row.name for each in content.assessment.projects if each.row.code == line.concern.code)
    return next(names, None) or None


def _state(content: Content, line: Line) -> Value:
    concern, language = line.concern, content.language
    if concern.done:
        return words.text("concern_done", language)
    over = cells.local(content, concern.over)
    if over is None and concern.rests:
        return words.text("concern_rests", language, day=words.day(concern.snoozed, language))
    if over is None and concern.decided:
        return words.text("concern_decided", language, day=words.day(concern.decided, language))
    if over is None:
        return words.text("concern_open", language)
    return words.text("concern_over", content.language, day=words.day(over.date(), content.language))


def _pushed(line: Line, wd: int | None) -> Value:
    """What it does to a final milestone: nothing is 0 and no gap; of a project, and of what is over, there is nothing to say."""
    return wd if wd is not None else 0 if line.verdict and line.concern.over is None else None


def _push(content: Content, line: Line) -> Value:
    return _pushed(line, line.concern.push.wd if line.concern.push else None)


def _cost(content: Content, line: Line) -> Value:
    return _pushed(line, line.concern.push.cost if line.concern.push else None)


def _who(content: Content, line: Line) -> Value:
    return line.concern.who or words.term("acts", line.concern.acts, content.language) or None


FIELDS: tuple[Field[Line], ...] = (
    Field("place", lambda content, line: line.place, Format.INTEGER, 6),
    Field(
        "code",
        lambda content, line: cells.link(content, line.concern.code, line.verdict.url if line.verdict else ""),
        width=12,
    ),
    Field("name", _name, Format.WRAP, 30),
    Field("rag", lambda content, line: words.gate(line.verdict.rag) if line.verdict else None, Format.RAG, 7),
    Field("rule", lambda content, line: words.term("concern", line.concern.rule, content.language), Format.WRAP, 22),
    Field("says", _says, Format.WRAP, 54),
    Field("acts", _who, Format.WRAP, 18),
    Field("push", _push, Format.SIGNED, 12),
    Field("final", lambda content, line: line.concern.push.final if line.concern.push else None, width=12),
    Field("slip", lambda content, line: line.concern.slip, Format.SIGNED, 9),
    Field("since", lambda content, line: cells.local(content, line.concern.since), Format.INSTANT, 16),
    Field("state", _state, width=20),
    Field("answer", lambda content, line: line.concern.answer or None, Format.WRAP, 28, True),
    Field("edit", lambda content, line: cells.pencil(content, ANSWERS, None), width=4, collapsed=True),
    Field("project", lambda content, line: line.concern.project or None, width=9, collapsed=True),
    Field("cost", _cost, Format.INTEGER, 9, True),
    Field("id", lambda content, line: line.concern.id, width=20, collapsed=True),
)

PLACES: Mapping[str, int] = {field.key: spot for spot, field in enumerate(FIELDS)}
