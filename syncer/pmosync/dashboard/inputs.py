"""The input tabs: people's columns as the mapping file has them, and the tool's grey context columns behind.

A table's rows are what stands in force in the plan, one row a code that should exist. ``diff`` only ever appends
missing rows. What the settings file declares, or another sheet, has its home there and gets no input row. In a workbook
into which nobody types, the same tabs are a published copy of what is in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmosync.compute.assessment import MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.dashboard import attention, layout, milestones, portfolio, slip_ledger, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.context import Context, contexts, formula
from pmosync.dashboard.input_cells import rows_of
from pmosync.dashboard.input_codes import INPUT, MINE
from pmosync.dashboard.input_places import title
from pmosync.dashboard.mirror import by_place, unread
from pmosync.dashboard.values import code_of
from pmosync.mapping import InputColumn, InputTab, input_tabs
from pmosync.model import Problem
from pmosync.sheet import Column, Format, Kind, Row, Tab, Table, View

FORMATS = {
    "date": Format.DATE,
    "money": Format.MONEY,
    "percent": Format.PERCENT,
    "number": Format.NUMBER,
    "integer": Format.INTEGER,
    "boolean": Format.BOOLEAN,
}
PEOPLE, PEOPLE_WIDTH = frozenset({"person", "people"}), 24
"""An address must be readable in the cell where it is typed."""

MOST_VIEWS, MOST_CODES = 40, 60


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
    free = _free(content, given) if column.key == given.key_column else ""
    mine = column.labels.get(language) or column.labels["en"]
    return Column(
        key=column.key,
        label=mine,
        format=FORMATS.get(column.type, Format.WRAP if column.width >= 36 else Format.TEXT),
        width=max(column.width, PEOPLE_WIDTH) if column.type in PEOPLE else column.width,
        note="\n".join(filter(None, (column.notes.get(language, ""), free))),
        note_changes=bool(free),
        aliases=tuple(header for header in column.headers() if header not in (mine, column.key)),
        choices=tuple(choice.labels.get(language) or choice.labels["en"] for choice in column.choices),
        person=column.type in PEOPLE,
    )


def _free(content: Content, given: InputTab) -> str:
    """Which codes people may type next, where they type at all."""
    codes = content.free_codes.get(given.key, ()) if content.inputs_here else ()
    listed = words.between("list", content.language).join(codes[:MOST_CODES])
    more = " …" if len(codes) > MOST_CODES else ""
    return words.text("next_free", content.language, codes=f"{listed}{more}") if codes else ""


def _context_column(content: Content, given: InputTab, context: Context) -> Column:
    label = words.text(context.key, content.language)
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
    behind = {code_of(code): row for code, row in _context_values(content, given.key)}
    absent = tuple(words.text(each.missing, content.language) if each.missing else None for each in contexts(given.key))
    return tuple((*cells, *behind.get(code_of(line.code), absent)) for line, cells in rows_of(content, given))


# ---------------------------------------------------------------- context, as plain values


def _context_values(content: Content, key: str) -> Iterator[tuple[str, Row]]:
    assessment = content.assessment
    if key == INPUT:
        wrong = by_place(assessment.findings)
        yield from ((v.milestone.code, _milestone_context(content, v, wrong)) for v in assessment.milestones)
    elif key == "projects":
        yield from ((v.row.code, _line_context(content, v)) for v in assessment.projects)
    elif key == "programs":
        yield from ((v.row.code, _line_context(content, v)) for v in (*assessment.portfolios, *assessment.programs))
    elif key == MINE:
        yield from _note_contexts(content)
    elif key == attention.ANSWERS:
        yield from _answered(content, key)
    elif key == slip_ledger.ANSWERS:
        yield from _explained(content, key)


def _milestone_context(content: Content, verdict: MilestoneVerdict, wrong: Mapping[str, tuple[Problem, ...]]) -> Row:
    counted = words.text("counted", content.language)
    return (
        verdict.milestone.name or None,
        milestones.slip_words(content, verdict) or None,
        words.gate(verdict.rag),
        words.why(verdict.rag.reasons, content.language) or None,
        unread(content, INPUT, verdict.row, wrong) or counted,
    )


def _line_context(content: Content, line: ProjectVerdict | ProgramVerdict) -> Row:
    said = words.why(line.rag.reasons, content.language) or None
    return (words.gate(line.rag), said)


def _note_contexts(content: Content) -> Iterator[tuple[str, Row]]:
    wrong = by_place(content.assessment.findings)
    for each in content.assessment.projects:
        yield each.row.code, (*_line_context(content, each), portfolio.note_state(content, each, wrong))


def _answered(content: Content, key: str) -> Iterator[tuple[str, Row]]:
    """What the lines of Attention say that somebody answered."""
    ids = {code_of(row.id) for row in content.plan.answers}
    for line in attention.lines(content) if ids else ():
        if code_of(line.concern.id) in ids:
            shown = (attention.FIELDS[attention.PLACES[each.column]] for each in contexts(key))
            yield line.concern.id, tuple(field.cell(content, line) for field in shown)


def _explained(content: Content, key: str) -> Iterator[tuple[str, Row]]:
    """What the moves say to which people name a cause."""
    ids = {code_of(row.id) for row in content.plan.causes}
    for row in slip_ledger.ledger(content) if ids else ():
        if code_of(row.move.id) in ids:
            shown = (slip_ledger.FIELDS[slip_ledger.PLACES[each.column]] for each in contexts(key))
            yield row.move.id, tuple(field.cell(content, row) for field in shown)
