"""Reports: where every project stands with its status report, and the draft of the next one."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pmosync.compute.assessment import ProjectVerdict
from pmosync.compute.belongs import by_line
from pmosync.compute.calendars import Clocks, clocks
from pmosync.compute.dates import reporting
from pmosync.compute.people import people
from pmosync.compute.status import Due, drafted, due
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.status import Page, page
from pmosync.model import State
from pmosync.sheet import Format, Tab, Table, Value, View

KEY, INPUT = "reports", "report_texts"
STATES = ("overdue", "draft", "sent")
LINES = 5
"""Lines of a draft that a cell shows; the whole one is printed by ``pmosync report``."""


class Line(Struct, frozen=True):
    """A project, where it stands with its report, and the draft in words."""

    project: ProjectVerdict
    due: Due
    page: Page


def build_reports(content: Content) -> Table:
    """A row an active project: overdue ones first, the latest first of all."""
    lines = sorted(
        _lines(content), key=lambda line: (STATES.index(line.due.state), -line.due.late, line.project.row.code)
    )
    return Table(tab(content), layout.rows(content, FIELDS, lines))


def tab(content: Content) -> Tab:
    """The layout, with a view of what is overdue."""
    say = content.language
    overdue = View(words.text("view_overdue", say), "state", (words.term("report_state", "overdue", say),))
    return layout.adorned(layout.published(content, KEY, FIELDS, "code"), frozen=2, views=(overdue,))


def standings(content: Content) -> tuple[tuple[ProjectVerdict, Due], ...]:
    """Where each active project stands with its reports."""
    times, policy, texts = _times(content), content.assessment.policy, content.plan.texts
    marked = content.assessment.marked
    active = (each for each in content.assessment.projects if each.state is State.ACTIVE)
    return tuple(
        (each, due(each.row, texts, marked, times.of(each.row.code), reporting(each.row, policy))) for each in active
    )


def _times(content: Content) -> Clocks:
    said, plan = content.assessment, content.plan
    return clocks(plan.calendar, plan.projects, said.policy, content.generated_at, said.kept)


def _lines(content: Content) -> Iterator[Line]:
    assessment, plan = content.assessment, content.plan
    times, who, risks = _times(content), people(plan.people), by_line(plan, assessment.milestones)
    for each, stands in standings(content):
        code, clock, period = each.row.code, times.of(each.row.code), reporting(each.row, assessment.policy)
        own = [one for one in assessment.milestones if one.project == code]
        report = drafted(each, own, assessment.moves, risks.get(code, ()), who, clock, stands.begins, period)
        yield Line(each, stands, page(report, content.language))


def _part(number: int) -> Field[Line]:
    """One section of the draft: its first lines, or what is said where there is none."""
    key = ("done", "next", "moved", "risks", "help")[number]

    def cell(content: Content, line: Line) -> Value:
        section = line.page.sections[number]
        more = len(section.lines) - LINES
        told = [
            *section.lines[:LINES],
            *([words.text("status_more", content.language, count=more)] if more > 0 else []),
        ]
        return "\n".join(told) or section.nothing

    return Field(key, cell, Format.WRAP, 40)


def _period(content: Content, line: Line) -> Value:
    """The period that people have to type for its report: the one that is missing, else the one that runs."""
    return line.due.missing or line.due.period


def _text(content: Content, line: Line) -> Value:
    return line.due.text.text or None if line.due.text else None


FIELDS: tuple[Field[Line], ...] = (
    Field("code", lambda content, line: line.project.row.code, width=10),
    Field("name", lambda content, line: line.project.row.name or None, Format.WRAP, 26),
    Field("owner", lambda content, line: line.project.owner or None, person=True),
    Field("rag", lambda content, line: words.gate(line.project.rag), Format.RAG, 7),
    Field("period", _period, width=11),
    Field("state", lambda content, line: words.term("report_state", line.due.state, content.language), width=10),
    Field("late", lambda content, line: line.due.late or None, Format.INTEGER, 8),
    Field("due", lambda content, line: line.due.end, Format.DATE, 12),
    *(_part(number) for number in range(5)),
    Field("text", _text, Format.WRAP, 40, True),
    Field("sent", lambda content, line: line.due.text.sent_on if line.due.text else None, Format.DATE, 12, True),
    Field("since", lambda content, line: line.due.begins.day, Format.DATE, 12, True),
    Field("edit", lambda content, line: cells.pencil(content, INPUT, None), width=4, collapsed=True),
)
