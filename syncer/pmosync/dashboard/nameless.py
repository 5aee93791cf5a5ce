"""A workbook that names nobody: columns of people are left out, and names within texts are covered."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pmosync.compute.assessment import Assessment, ProgramVerdict, ProjectVerdict
from pmosync.compute.cuts import Cut
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.redaction import Redaction, naming
from pmosync.model import Plan
from pmosync.sheet import Formula, Link, Row, Tab, Table, Value

PEOPLE = "people"
"""The tab of people themselves."""


def is_shown(content: Content, tab: Tab) -> bool:
    """Whether a workbook has the tab: one that names nobody has no tab of people."""
    return content.people or tab.key != PEOPLE


def anonymous(content: Content) -> Content:
    """The content, for an audience that reads no names, with the role whose turn it is in the place of a person."""
    if content.people:
        return content
    concerns = tuple(replace(each, who="") for each in content.assessment.concerns)
    return replace(content, assessment=replace(content.assessment, concerns=concerns))


def without_people(content: Content, tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """The tables as the audience may have them: where it reads no names, without columns of people and without any mention
    of one who is ``unnamed``.
    """
    if content.people:
        return tables
    covered = Redaction(content.unnamed, words.text("somebody", content.language), naming)
    return tuple(
        Table(without_person_columns(table.tab), tuple(_row(table.tab, row, covered) for row in table.rows))
        for table in tables
    )


def without_person_columns(tab: Tab) -> Tab:
    """The layout without them, and without what looks at them."""
    gone = {column.key for column in tab.columns if column.person}
    return replace(
        tab,
        columns=tuple(column for column in tab.columns if column.key not in gone),
        rules=tuple(rule for rule in tab.rules if rule.column not in gone),
        views=tuple(view for view in tab.views if view.column not in gone),
        identity=tuple(key for key in tab.identity if key not in gone),
    )


def _row(tab: Tab, row: Row, covered: Redaction) -> Row:
    kept = (value for column, value in zip(tab.columns, row, strict=False) if not column.person)
    return tuple(_bare(value, covered) for value in kept)


def _bare(value: Value, covered: Redaction) -> Value:
    match value:
        case str():
            return covered(value)
        case Link(text=text, url=url):
            return Link(covered(text), url) if covered(url) == url else covered(text)
        case Formula(text=text, value=str(shown)):
            return Formula(text, covered(shown))
        case _:
            return value


def unnamed(content: Content) -> frozenset[str]:
    """What people are called in the plan, the sources, the ledger and the cut; nothing where the audience reads names."""
    if content.people:
        return frozenset()
    return frozenset((*_planned(content.plan), *_told(content.assessment), *of_cut(content.cut))) - {""}


def of_cut(cut: Cut | None) -> Iterator[str]:
    """The people whom a cut names, who may have left the plan since."""
    for section in cut.sections if cut else ():
        yield from (line.owner for line in (*section.lines, *filter(None, (section.head,))))
        yield from (ask.who for ask in section.asks)
        yield from (name for row in section.risks for name in (row.owner, row.escalated_to))


def _planned(plan: Plan) -> Iterator[str]:
    """Whom the input tabs name. Whom a risk was escalated to may be a person or a body: it cannot be told apart."""
    for person in plan.people:
        yield from (person.key, person.name, *person.other_names, *person.accounts, person.deputy)
    yield from (program.manager for program in plan.programs)
    for row in plan.projects:
        yield from (row.manager, row.sponsor, row.partner, *row.sub_managers, *row.primary_owners)
    yield from (name for risk in plan.risks for name in (risk.owner, risk.escalated_to))
    yield from (milestone.owner for milestone in plan.milestones)
    yield from (action.owner for action in plan.actions)


def _told(told: Assessment) -> Iterator[str]:
    """Whom verdicts, items, findings and moves name."""
    lines: tuple[ProgramVerdict | ProjectVerdict, ...] = (*told.portfolios, *told.programs, *told.projects)
    yield from (name for line in lines for name in (line.owner, line.row.manager))
    yield from (verdict.owner for verdict in told.milestones)
    yield from (finding.owner for finding in told.findings)
    yield from (name for risk in told.risks for name in (risk.owner, risk.escalated_to))
    yield from (name for note in told.items for name in (note.item.owner, note.item.owner_name))
    yield from (concern.who for concern in told.concerns)
    yield from (move.by for moves in told.moves.values() for move in moves)
