"""Which things have an input row, and in which sheet row it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from pmosync.dashboard.content import Content, Typed
from pmosync.dashboard.input_places import input_tab
from pmosync.dashboard.values import code_of
from pmosync.model import Level, MilestoneRow, Place, PlanRow, State

INPUT, MINE = "milestone_inputs", "my_projects"
PLAN_FIELDS = {
    "projects": "projects",
    "programs": "programs",
    "milestone_inputs": "milestones",
    "bindings": "bindings",
    "decisions": "decisions",
    "risks": "risks",
    "people": "people",
    "calendar": "calendar",
    MINE: "notes",
    "actions": "actions",
    "attention_answers": "answers",
    "ledger_answers": "causes",
    "report_texts": "texts",
}
RUNNING = frozenset({State.PROPOSED, State.ACTIVE, State.PAUSED})
CLEARED, RETURNING = "code-cleared", "row-deleted"
APART = ("row-archived", CLEARED)
"""Findings of rows that are not to be put back, and of those that are."""


def milestone_codes(content: Content) -> tuple[tuple[str, str, MilestoneRow | None], ...]:
    """Code, project and plan row of every milestone that people steer or the plan names, grouped by project."""
    rows: dict[str, tuple[str, MilestoneRow | None]] = {row.code: (row.project, row) for row in content.plan.milestones}
    for verdict in content.assessment.milestones:
        if verdict.level is not Level.TEAM:
            rows.setdefault(verdict.milestone.code, (verdict.project, verdict.row))
    return tuple((code, *rows[code]) for code in sorted(rows, key=lambda code: (rows[code][0], code)))


class Line(Struct, frozen=True):
    """A row of an input tab: its code, the plan's row, and what people typed there last; None where there is none."""

    code: str
    row: PlanRow | None = None
    typed: Typed | None = None


def lines_of(content: Content, key: str) -> tuple[Line, ...]:
    """The rows that an input tab should have, in order. A tab that is not there gets all that was typed into it, in its
    order: also rows that are none of the plan, because they have no code or share it with another row.
    """
    kept = {_spot(one.place, one.code): one for one in content.kept.get(key, ()) if one.place is not None}
    lines = [Line(code, row, kept.get(_spot(row.place, code)) if row else None) for code, row in _rows_of(content, key)]
    if not content.inputs_here or key in content.found.titles:
        return tuple(lines)
    hidden = content.withheld.codes
    apart = (one for one in content.kept.get(key, ()) if one.place is None and code_of(one.code) not in hidden)
    lines += [Line(one.code, typed=one) for one in apart]
    return tuple(sorted(lines, key=lambda line: (0, line.typed.row) if line.typed else (1, 0)))


def _spot(place: Place, code: str) -> tuple[int, bool, str]:
    """What tells one row of a tab from another that stood there before."""
    return place.row, bool(place.addresses), code_of(code)


def _rows_of(content: Content, key: str) -> tuple[tuple[str, PlanRow | None], ...]:
    """Code and plan row of everything that has a row of its own in the input tab, in order; of milestones that nobody
    typed yet there is no plan row. Such new codes wait while their tab rests, so that nobody who works there is chased by
    rows; what people typed, and deleted by accident, is put back at once.
    """
    column = input_tab(key).key_column
    if key == INPUT:
        named: Iterable[tuple[str, PlanRow | None]] = ((code, row) for code, _, row in milestone_codes(content))
    elif key == MINE:
        named = _of_projects(content)
    else:
        named = ((getattr(row, column, ""), row) for row in getattr(content.plan, PLAN_FIELDS[key]))
    if not content.inputs_here:
        return tuple(named)
    apart, elsewhere, nameless = _apart(content, key), content.typed_elsewhere, _nameless(content)
    there = content.found.rows.get(key, {}) if key in content.resting else None

    def shown(code: str, row: PlanRow | None) -> bool:
        if row is None:
            return _comes(code, there)
        return row.place.connection not in elsewhere and not _cleared(row.place, column, nameless)

    return tuple((code, row) for code, row in named if code_of(code) not in apart and shown(code, row))


def _of_projects(content: Content) -> Iterable[tuple[str, PlanRow | None]]:
    """Every project of the register, that have ended left out where nobody has said anything of them, with what its manager
    says of it; then the rows on what is no project.
    """
    said: dict[str, PlanRow] = {row.code: row for row in content.plan.notes}
    live = {each.row.code for each in content.assessment.projects if each.state in RUNNING}
    yield from ((code, said.pop(code, None)) for code in sorted(live | said.keys()))


def new_codes(content: Content, key: str) -> tuple[str, ...]:
    """The codes that nobody typed and that get their row in the tab now."""
    there = content.found.rows.get(key, {})
    return tuple(code for code, row in _rows_of(content, key) if row is None and code_of(code) not in there)


def _comes(code: str, there: Mapping[str, int] | None) -> bool:
    """Whether a code that nobody typed has its row, or gets one now; ``there`` are those of a resting tab."""
    return there is None or code_of(code) in there


def _apart(content: Content, key: str) -> frozenset[str]:
    """Folded codes that are not to be put into a tab that lacks them: archived ones, those whose row stands there without its
    code, and those that vanished in such numbers that somebody must look first.
    """
    told = {rule: {p.code for p in content.assessment.findings if p.rule == rule} for rule in (*APART, RETURNING)}
    tab = f"{key}:"
    held = {ref.id.removeprefix(tab) for hold in content.holds for ref in hold.refs if ref.id.startswith(tab)}
    return frozenset(map(code_of, {*(held - told[RETURNING]), *(code for rule in APART for code in told[rule])}))


def _cleared(place: Place, column: str, nameless: Collection[tuple[str, str]]) -> bool:
    """Whether the code of a row was cleared from its cell."""
    return any((sheet, place.addresses.get(column)) in nameless for sheet in ("", place.connection))


def _nameless(content: Content) -> frozenset[tuple[str, str]]:
    """The cells from which codes were cleared, each with the connection of its sheet. Where it takes several columns to
    tell rows apart, a finding is of all of them together and its code that of no row; the cell is the row's.
    """
    return frozenset((each.connection, each.place) for each in content.assessment.findings if each.rule == CLEARED)


def input_rows(content: Content, key: str = INPUT) -> Mapping[str, int]:
    """Folded code → 1-based sheet row: as read; below what was read for the rows that are about to be added."""
    read = content.found.rows.get(key, {})
    new = [folded for line in lines_of(content, key) if (folded := code_of(line.code)) not in read]
    added: dict[str, int] = {}
    for place, code in enumerate(new, content.found.ends.get(key, 1) + 1):
        added.setdefault(code, place)
    return {**added, **read}
