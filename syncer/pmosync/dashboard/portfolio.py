"""Portfolio: the register of portfolios, programs and projects.

P85, the date to promise, is empty while the site's record is too short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from pmosync.compute.assessment import MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag
from pmosync.compute.reported import differs
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import MINE, input_rows
from pmosync.dashboard.layout import Field
from pmosync.dashboard.mirror import by_place, unread
from pmosync.dashboard.values import code_of
from pmosync.model import Problem, ProgramRow, ProjectNoteRow, ProjectRow
from pmosync.sheet import Format, Row, Rule, Tab, Table, Value, View

KEY = "portfolio"
Line = ProgramVerdict | ProjectVerdict
INDENT = "\u2003"
DEPTH = {"portfolio": 0, "program": 1, "project": 2}
INPUTS = ("programs", "projects")


def build_portfolio(content: Content) -> Table:
    """The register as a table: each portfolio, its programs, their projects; then what belongs nowhere."""
    lines = tuple(_lines(content))
    rows = layout.rows(content, FIELDS, lines)
    there, wrong = {key: input_rows(content, key) for key in INPUTS}, by_place(content.assessment.findings)
    found = (_placed(content, line, row, there, wrong) for line, row in zip(lines, rows, strict=True))
    return Table(tab(content), tuple(found))


def _placed(
    content: Content,
    line: Line,
    row: Row,
    there: Mapping[str, Mapping[str, int]],
    wrong: Mapping[str, tuple[Problem, ...]],
) -> Row:
    """The row with the way to its own input row, and with what counts of what its manager says."""
    key = INPUTS[isinstance(line, ProjectVerdict)]
    edit = cells.pencil(content, key, there[key].get(code_of(line.row.code)))
    placed = {"edit": edit, "note_state": note_state(content, line, wrong)}
    return tuple(placed.get(field.key, value) for field, value in zip(FIELDS, row, strict=True))


def note_state(content: Content, line: Line, wrong: Mapping[str, tuple[Problem, ...]]) -> str | None:
    """What counts of a project's row in My projects; ``wrong`` are the findings by place. None where nothing is said."""
    note = line.note if isinstance(line, ProjectVerdict) else None
    said = note and (unread(content, MINE, note, wrong) or _in_force(note, content.assessment.today, content.language))
    return said or None


def _in_force(note: ProjectNoteRow, today: date, language: str) -> str:
    """What counts of a note; a confirmation on a day that has not come is none."""
    come = note.confirmed_on if note.confirmed_on and note.confirmed_on <= today else None
    day = words.text("confirmed", language, day=words.day(come, language)) if come else ""
    said = words.between("clause", language).join(filter(None, (note.reported, day)))
    return words.text("said_in_force", language, what=said) if said else ""


def tab(content: Content) -> Tab:
    """The layout of the register, with its filter views."""
    shown = layout.published(content, KEY, FIELDS, "code")
    say = content.language
    views = (
        layout.red_and_amber(words.text("view_red_amber", say), "rag"),
        View(words.text("view_key", say), "control", (words.term("control", "key", say),)),
        View(words.text("view_projects", say), "level", (words.term("level", "project", say),)),
    )
    levels = (("portfolio", layout.HEADING), ("program", layout.SUBHEADING))
    rules = tuple(Rule("level", words.term("level", level, say), *look) for level, look in levels)
    return layout.adorned(shown, frozen=2, views=views, rules=rules)


def _lines(content: Content) -> Iterator[Line]:
    assessment = content.assessment
    programs = {verdict.row.code: verdict for verdict in assessment.programs}
    projects = {verdict.row.code: verdict for verdict in assessment.projects}
    roots: tuple[Line, ...] = (*assessment.portfolios, *assessment.programs, *assessment.projects)
    seen: set[tuple[str, str]] = set()
    stack: list[Line] = list(reversed(roots))
    while stack:
        line = stack.pop()
        mark = (_level(line), line.row.code)
        if mark in seen:
            continue
        seen.add(mark)
        yield line
        if isinstance(line, ProgramVerdict):
            below: list[Line] = [programs[code] for code in line.children if code in programs]
            below += [
                projects[code] for code in line.projects if code in projects and not _deeper(line, code, programs)
            ]
            stack.extend(reversed(below))


def _deeper(line: ProgramVerdict, code: str, programs: dict[str, ProgramVerdict]) -> bool:
    """Whether a project stands below one of the line's programs, and so comes with that one."""
    return any(code in programs[child].projects for child in line.children if child in programs)


def _level(line: Line) -> str:
    return "project" if isinstance(line, ProjectVerdict) else line.row.level


# ---------------------------------------------------------------- cells


def _of_project(cell: Callable[[ProjectRow], Value]) -> Callable[[Content, Line], Value]:
    return lambda content, line: cell(line.row) if isinstance(line, ProjectVerdict) else None


def _of_program(cell: Callable[[ProgramRow], Value]) -> Callable[[Content, Line], Value]:
    return lambda content, line: cell(line.row) if isinstance(line, ProgramVerdict) else None


def _milestone(which: str, cell: Callable[[MilestoneVerdict], Value]) -> Callable[[Content, Line], Value]:
    def value(content: Content, line: Line) -> Value:
        verdict: MilestoneVerdict | None = getattr(line, which, None)
        return None if verdict is None else cell(verdict)

    return value


def _milestone_name(which: str) -> Callable[[Content, Line], Value]:
    def value(content: Content, line: Line) -> Value:
        verdict: MilestoneVerdict | None = getattr(line, which, None)
        if verdict is None:
            return None
        # No link: LibreOffice, and so the printed page, cuts a linked text off instead of wrapping it. Milestones has it.
        return f"{verdict.milestone.code} {verdict.milestone.name}".strip()

    return value


def _safe(verdict: MilestoneVerdict) -> Value:
    """The day to promise of what has not ended."""
    return verdict.calibrated.p85 if verdict.calibrated and verdict.actual is None else None


def _level_word(content: Content, line: Line) -> Value:
    return words.term("level", _level(line), content.language)


def _name(content: Content, line: Line) -> Value:
    """The name, set in by its level: filters and sorting keep the hierarchy in sight."""
    return f"{INDENT * DEPTH.get(_level(line), 1)}{line.row.name}" if line.row.name else None


def _state(content: Content, line: Line) -> Value:
    return words.term("state", line.state, content.language) if isinstance(line, ProjectVerdict) else None


def _control(content: Content, line: Line) -> Value:
    return words.term("control", line.row.control, content.language) if isinstance(line, ProjectVerdict) else None


def _kind(content: Content, line: Line) -> Value:
    return words.term("kind", line.row.kind, content.language) if isinstance(line, ProjectVerdict) else None


def _owner(content: Content, line: Line) -> Value:
    return line.owner or line.row.manager or None


def _objective(content: Content, line: Line) -> Value:
    return (line.row.objective if isinstance(line, ProjectVerdict) else line.row.goal) or None


def _why(content: Content, line: Line) -> Value:
    return words.why(line.rag.reasons, content.language) or None


def _computed(content: Content, line: Line) -> Value:
    return words.letter(line.rag.computed)


def _counts(content: Content, line: Line) -> Value:
    return words.counts(line.counts) or None if isinstance(line, ProgramVerdict) else None


def _override(content: Content, line: Line) -> Value:
    return override(content, line.rag) or None


def override(content: Content, rag: Rag) -> str:
    """The decided colour and until when, in words; empty if none."""
    if not rag.override:
        return ""
    until = words.day(rag.override_until, content.language)
    return words.text("until", content.language, what=rag.override, day=until) if until else rag.override


def _benefit(content: Content, line: Line) -> Value:
    if isinstance(line, ProjectVerdict):
        return line.row.benefit or None
    return " ".join(filter(None, (line.row.benefit_measure, line.row.benefit_unit))) or None


def _reported(content: Content, line: Line) -> Value:
    """The colour in its manager's eyes, where that is another than the one shown."""
    return line.note.reported if isinstance(line, ProjectVerdict) and line.note and differs(line) else None


def _note(field: str) -> Callable[[Content, Line], Value]:
    """What a project's manager says in one field of its note."""
    return lambda content, line: (
        getattr(line.note, field) or None if isinstance(line, ProjectVerdict) and line.note else None
    )


def _confirmed(content: Content, line: Line) -> Value:
    return line.note.confirmed_on if isinstance(line, ProjectVerdict) and line.note else None


def _empty(content: Content, line: Line) -> Value:
    return None


FIELDS: tuple[Field[Line], ...] = (
    Field("code", lambda content, line: line.row.code, width=10),
    Field("name", _name, width=30),
    Field("owner", _owner, person=True),
    Field("rag", lambda content, line: words.gate(line.rag), Format.RAG, 7),
    Field("why", _why, Format.WRAP, 48),
    Field("trend", lambda content, line: layout.trend(content, line.row.code, line.rag), width=8),
    Field("counts", _counts, width=16),
    Field("next", _milestone_name("next"), Format.WRAP, 28),
    Field("next_expected", _milestone("next", cells.ends), Format.DATE, 12),
    Field("next_slip", _milestone("next", lambda v: v.slip), Format.SIGNED, 9),
    Field("final", _milestone_name("final"), Format.WRAP, 28),
    Field("final_expected", _milestone("final", cells.ends), Format.DATE, 12),
    Field("final_slip", _milestone("final", lambda v: v.slip), Format.SIGNED, 9),
    Field("edit", _empty, width=4, collapsed=True),
    Field("level", _level_word, width=10, collapsed=True),
    Field("days_in_colour", lambda content, line: line.rag.days, Format.INTEGER, 8, True),
    Field("state", _state, width=11, collapsed=True),
    Field("final_baseline", _milestone("final", lambda v: v.current.day if v.current else None), Format.DATE, 12, True),
    Field("final_p85", _milestone("final", _safe), Format.DATE, 12, True),
    Field("objective", _objective, Format.WRAP, 36, True),
    Field("control", _control, width=10, collapsed=True),
    Field("kind", _kind, width=10, collapsed=True),
    Field("computed", _computed, Format.RAG, 9, True),
    Field("reported", _reported, Format.RAG, 9, True),
    Field("help", _note("help"), Format.WRAP, 28, True),
    Field("note", _note("line"), Format.WRAP, 36, True),
    Field("confirmed", _confirmed, Format.DATE, 12, True),
    Field("note_state", _empty, Format.WRAP, 28, True),
    Field("override", _override, width=18, collapsed=True),
    Field("next_baseline", _milestone("next", lambda v: v.current.day if v.current else None), Format.DATE, 12, True),
    Field("next_p85", _milestone("next", _safe), Format.DATE, 12, True),
    Field("next_slip_original", _milestone("next", lambda v: v.slip_original), Format.SIGNED, 9, True),
    Field("final_slip_original", _milestone("final", lambda v: v.slip_original), Format.SIGNED, 9, True),
    Field("late", lambda content, line: line.late, Format.INTEGER, 7, True),
    Field("at_risk", lambda content, line: line.at_risk, Format.INTEGER, 7, True),
    Field("total", lambda content, line: line.total, Format.INTEGER, 9, True),
    Field("small", lambda content, line: line.small, Format.INTEGER, 9, True),
    Field("restricted", lambda content, line: getattr(line, "restricted", None) or None, Format.INTEGER, 9, True),
    Field("spend", lambda content, line: line.row.spend, Format.MONEY, 12, True),
    Field("budget", lambda content, line: line.row.budget, Format.MONEY, 12, True),
    Field("at_completion", _of_project(lambda row: row.at_completion), Format.MONEY, 12, True),
    Field("as_of", _of_project(lambda row: row.as_of), Format.DATE, 12, True),
    Field("benefit", _benefit, Format.WRAP, 24, True),
    Field("benefit_target", _of_program(lambda row: row.benefit_target), Format.NUMBER, 10, True),
    Field("benefit_actual", _of_program(lambda row: row.benefit_actual), Format.NUMBER, 10, True),
    Field("red_risks", lambda content, line: line.red_risks, Format.INTEGER, 9, True),
    Field("confidence", lambda content, line: line.confidence, Format.INTEGER, 9, True),
    Field("links", _of_project(lambda row: row.links or None), width=28, collapsed=True),
)

PLACES: Mapping[str, int] = {field.key: spot for spot, field in enumerate(FIELDS)}
