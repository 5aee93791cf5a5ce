"""The input tabs: people's columns as the mapping file has them, and the tool's grey context columns behind.

A table's rows are what stands in force in the plan, one row a code that should exist. ``diff`` only ever appends
missing rows. What the settings file declares, or another sheet, has its home there and gets no input row. In a workbook
into which nobody types, the same tabs are a published copy of what is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pmosync.compute.assessment import MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.dashboard import layout, milestones, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.context import Context, contexts, formula
from pmosync.dashboard.input_codes import milestone_codes
from pmosync.dashboard.input_places import title
from pmosync.dashboard.mirror import by_place, unread
from pmosync.mapping import InputColumn, InputTab, input_tabs
from pmosync.model import BindingRow, PlanRow, Problem
from pmosync.sheet import Column, Format, Kind, Row, Tab, Table, Value, View

FORMATS = {
    "date": Format.DATE,
    "money": Format.MONEY,
    "percent": Format.PERCENT,
    "number": Format.NUMBER,
    "integer": Format.INTEGER,
    "boolean": Format.BOOLEAN,
}
PLAN_FIELDS = {
    "projects": "projects",
    "programs": "programs",
    "milestone_inputs": "milestones",
    "bindings": "bindings",
    "decisions": "decisions",
    "risks": "risks",
    "people": "people",
    "calendar": "calendar",
}
PEOPLE, PEOPLE_WIDTH = frozenset({"person", "people"}), 24
"""An address must be readable in the cell where it is typed."""

MOST_VIEWS = 40
APART, RETURNING = ("row-archived", "code-cleared"), "row-deleted"
"""Findings of rows that are not to be put back, and of those that are."""


def build_inputs(content: Content) -> tuple[Table, ...]:
    """All input tabs, in the mapping's order."""
    return tuple(Table(tab(content, given), _rows(content, given)) for given in input_tabs())


# ---------------------------------------------------------------- layout


def tab(content: Content, given: InputTab) -> Tab:
    """The layout of one input tab in the content's language."""
    own = tuple(_column(content, column, given) for column in given.columns)
    shown = (*own, *(_context_column(content, given, context) for context in contexts(given.key)))
    return Tab(
        key=given.key,
        title=title(content, given.key),
        kind=Kind.INPUT if content.inputs_here else Kind.PUBLISHED,
        sheet_id=layout.SHEET_IDS[given.key],
        columns=shown,
        key_column=given.key_column,
        identity=given.identity,
        rules=layout.rag_rules(shown),
        views=_views(content, given.key),
        note=words.text(
            "people_write" if content.inputs_here else "copy_of_inputs",
            content.language,
            editors=editors(content, given),
        ),
        editors=given.editors,
        colour=layout.INPUT_COLOUR,
    )


def editors(content: Content, given: InputTab) -> str:
    """Who fills a tab, in words."""
    return words.term("editors", given.editors, content.language)


def _column(content: Content, column: InputColumn, given: InputTab) -> Column:
    language = content.language
    mine = column.labels.get(language) or column.labels["en"]
    return Column(
        key=column.key,
        label=mine,
        format=FORMATS.get(column.type, Format.WRAP if column.width >= 36 else Format.TEXT),
        width=max(column.width, PEOPLE_WIDTH) if column.type in PEOPLE else column.width,
        note=column.notes.get(language, ""),
        aliases=tuple(header for header in column.headers() if header not in (mine, column.key)),
        choices=tuple(choice.labels.get(language) or choice.labels["en"] for choice in column.choices),
    )


def _context_column(content: Content, given: InputTab, context: Context) -> Column:
    label = words.text(context.label, content.language)
    return Column(
        key=context.key,
        label=label,
        format=context.format,
        width=context.width,
        note=words.text("context_note", content.language, tab=context.tab_title(content)),
        context=True,
        formula=formula(content, given, context, label) if content.inputs_here else "",
    )


def _views(content: Content, key: str) -> tuple[View, ...]:
    """One view for each project manager, on the tab of projects."""
    if key != "projects":
        return ()
    managers = sorted({row.manager for row in content.plan.projects if row.manager})[:MOST_VIEWS]
    return tuple(View(words.text("view_manager", content.language, name=name), "manager", (name,)) for name in managers)


# ---------------------------------------------------------------- rows


def _rows(content: Content, given: InputTab) -> tuple[Row, ...]:
    plan: Iterable[PlanRow] = getattr(content.plan, PLAN_FIELDS[given.key])
    if given.key == "milestone_inputs":
        return _milestone_rows(content, given)
    behind, apart = _context_values(content, given.key), _apart(content, given)
    empty = tuple(None for _ in contexts(given.key))
    return tuple(
        (
            *(_value(content, row, column) for column in given.columns),
            *behind.get(getattr(row, given.key_column, ""), empty),
        )
        for row in plan
        if not content.inputs_here
        or (row.place.connection not in content.typed_elsewhere and getattr(row, given.key_column, "") not in apart)
    )


def _apart(content: Content, given: InputTab) -> frozenset[str]:
    """Codes that are not to be put into a tab that lacks them: archived ones, those whose row stands there without its
    code, and those that vanished in such numbers that somebody must look first.
    """
    told = {rule: {p.code for p in content.assessment.findings if p.rule == rule} for rule in (*APART, RETURNING)}
    tab = f"{given.key}:"
    held = {ref.id.removeprefix(tab) for hold in content.holds for ref in hold.refs if ref.id.startswith(tab)}
    return frozenset({*(held - told[RETURNING]), *(code for rule in APART for code in told[rule])})


def _milestone_rows(content: Content, given: InputTab) -> tuple[Row, ...]:
    behind = _context_values(content, given.key)
    empty = tuple(None for _ in contexts(given.key))
    apart = _apart(content, given)
    return tuple(
        (*_milestone_cells(content, given, code, project, row), *behind.get(code, empty))
        for code, project, row in milestone_codes(content)
        if code not in apart
        and (row is None or not content.inputs_here or row.place.connection not in content.typed_elsewhere)
    )


def _milestone_cells(content: Content, given: InputTab, code: str, project: str, row: PlanRow | None) -> Row:
    if row is not None:
        return tuple(_value(content, row, column) for column in given.columns)
    known = {"code": code, "project": project or None}
    return tuple(known.get(column.key) for column in given.columns)


def _value(content: Content, row: PlanRow, column: InputColumn) -> Value:
    value: Any = _field(row, column.key)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or None
    if column.choices and value is not None:
        labels = {choice.value: choice.labels for choice in column.choices}
        words_of: Mapping[str, str] = labels.get(str(value), {})
        return words_of.get(content.language) or words_of.get("en") or str(value) or None
    return None if value == "" else value


def _field(row: PlanRow, key: str) -> object:
    if isinstance(row, BindingRow) and key in ("what", "which"):
        return getattr(row.scope, key)
    return getattr(row, key, None)


# ---------------------------------------------------------------- context, as plain values


def _context_values(content: Content, key: str) -> dict[str, Row]:
    assessment = content.assessment
    if key == "milestone_inputs":
        wrong = by_place(assessment.findings)
        return {v.milestone.code: _milestone_context(content, v, wrong) for v in assessment.milestones}
    if key == "projects":
        return {v.row.code: _line_context(content, v) for v in assessment.projects}
    if key == "programs":
        return {v.row.code: _line_context(content, v) for v in (*assessment.portfolios, *assessment.programs)}
    return {}


def _milestone_context(content: Content, verdict: MilestoneVerdict, wrong: Mapping[str, tuple[Problem, ...]]) -> Row:
    counted = words.text("counted", content.language)
    return (
        verdict.milestone.name or None,
        milestones.slip_words(content, verdict) or None,
        words.gate(verdict.rag),
        words.why(verdict.rag.reasons, content.language) or None,
        unread(content, verdict.row, wrong) or counted,
    )


def _line_context(content: Content, line: ProjectVerdict | ProgramVerdict) -> Row:
    said = words.why(line.rag.reasons, content.language) or None
    return (words.gate(line.rag), said)
