"""What the committee's page of a week holds: key projects and whatever is not Green, section by section. wd = working days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from pmosync.compute import asks as waiting
from pmosync.compute import belongs
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Reason
from pmosync.compute.calendars import KINDS, Clocks, unusable
from pmosync.compute.colour import effective
from pmosync.compute.cuts import (
    Ask,
    Cut,
    CutLine,
    Goal,
    Schedule,
    Section,
    Shade,
    Stood,
    kept_reason,
    letter_then,
    next_due,
)
from pmosync.compute.dates import CONTRADICTED
from pmosync.compute.levels import is_key
from pmosync.compute.people import people
from pmosync.compute.rag import LIVE
from pmosync.compute.reasons import FORETELLING
from pmosync.compute.reported import differs
from pmosync.compute.rollup import counts
from pmosync.model import CalendarRow, DecisionRow, Level, Place, Plan, RiskRow

Row = TypeVar("Row", DecisionRow, RiskRow, CalendarRow)

RISKS = 10
"""Risks that a section keeps; the page shows the first of those that its readers may see."""
AHEAD = timedelta(days=90)
"""How far ahead a freeze window may begin that is told."""
FRESH = timedelta(days=7)
"""How old a decision may be that the first of all cuts tells as taken since."""

CALM = frozenset({Letter.GREEN, Letter.PALE})
RESTING = frozenset({Letter.BLUE, Letter.PROPOSED, Letter.CANCELLED, Letter.REPLACED})
OURS = frozenset({"forecast", "successor", "predecessor", "sheet"})
"""Sources whose name is no title or key of another system, or one of our codes."""
NOWHERE = Place("", "", 0, "")


def frozen(
    assessment: Assessment, plan: Plan, times: Clocks, last: Cut | None, due: datetime, schedule: Schedule
) -> Cut:
    """The cut made of an assessment, for the moment ``due``; ``last`` is the cut before it."""
    homes = _homes(assessment)
    heads: tuple[ProgramVerdict | None, ...] = (*assessment.portfolios, None)
    found = tuple(_section(assessment, plan, times, last, homes, head) for head in heads)
    return Cut(
        due=due,
        made=assessment.as_of,
        following=next_due(max(due, assessment.as_of), schedule),
        before=last.made if last else None,
        sections=tuple(
            each for each in found if each.head or each.lines or each.rest or each.asks or each.decisions or each.risks
        ),
        freezes=freezes(plan.calendar, assessment.today),
        stood=stood(assessment),
        decided=tuple(sorted(_known(plan.decisions, last, assessment.today))),
    )


def stood(assessment: Assessment) -> Mapping[str, Stood]:
    """Where everything that is steered stands, by code."""
    listed = (each for each in assessment.milestones if each.level is not Level.TEAM)
    found = {each.milestone.code: Stood(_letter(each.rag), _ends(each)) for each in listed}
    found |= {each.row.code: Stood(_letter(each.rag)) for each in (*assessment.portfolios, *assessment.programs)}
    for each in assessment.projects:
        found[each.row.code] = Stood(_letter(each.rag), _ends(each.final) if each.final else None)
    return found


def freezes(rows: Iterable[CalendarRow], today: date) -> tuple[CalendarRow, ...]:
    """The freeze windows that are open or begin soon, the first one first."""
    found = (row for row in rows if unusable(row) is None and KINDS[row.kind.strip().casefold()] == "freeze")
    ahead = [row for row in found if row.first and row.first <= today + AHEAD and (row.last or row.first) >= today]
    return tuple(_bare(row) for row in sorted(ahead, key=lambda row: (row.first or today, row.words)))


def _known(decisions: Iterable[DecisionRow], last: Cut | None, today: date) -> Iterator[str]:
    """The numbers of the decisions that no later cut tells as taken since: those of which the day has come, and those that were
    told before. One that is dated ahead, or not dated yet, is told once its day has come.
    """
    told = frozenset(last.decided) if last else frozenset()
    yield from {row.number for row in decisions if row.number in told or (row.day is not None and row.day <= today)}


def taken(decisions: Iterable[DecisionRow], last: Cut | None, today: date) -> tuple[DecisionRow, ...]:
    """The decisions taken since the last cut: those it did not know of; before any cut those of the last week."""
    known = frozenset(last.decided) if last else frozenset()
    fresh = (row for row in decisions if row.number not in known and row.day is not None and row.day <= today)
    since = today - FRESH
    found = (row for row in fresh if last or (row.day or today) > since)
    return tuple(_bare(row) for row in sorted(found, key=lambda row: (row.day or today, row.number)))


# ---------------------------------------------------------------- sections


def _section(
    assessment: Assessment,
    plan: Plan,
    times: Clocks,
    last: Cut | None,
    homes: Mapping[str, str],
    head: ProgramVerdict | None,
) -> Section:
    """A portfolio's part, or (without ``head``) that of what belongs to none."""
    whose = head.row.code if head else ""
    own = [each for each in assessment.projects if homes[each.row.code] == whose]
    listed = [each for each in own if is_listed(each)]
    programs = [each for each in assessment.programs if homes[each.row.code] == whose]
    lines = tuple(_lines(programs, listed, _steered(assessment, {each.row.code for each in listed}), times, last))
    rest = counts(effective(each.rag) for each in own if not is_listed(each))
    known = belongs.homes(assessment)
    risks = [row for row in plan.risks if homes.get(belongs.line(row, known), "") == whose]
    decided, who = taken(plan.decisions, last, assessment.today), people(plan.people)
    return Section(
        head=_above(head, "portfolio", last) if head else None,
        asks=_asks(assessment, plan, homes, whose),
        lines=lines,
        rest=rest,
        decisions=tuple(row for row in decided if _whose(row.codes, homes) == whose),
        risks=tuple(_bare(waiting.named(row, who)) for row in waiting.gravest(risks)[:RISKS]),
    )


def _steered(assessment: Assessment, codes: Collection[str]) -> Mapping[str, Sequence[MilestoneVerdict]]:
    """The committee's and the tracked milestones of these projects, by project."""
    found: defaultdict[str, list[MilestoneVerdict]] = defaultdict(list)
    for each in assessment.milestones:
        if each.level is not Level.TEAM and each.project in codes:
            found[each.project].append(each)
    return found


def is_listed(project: ProjectVerdict) -> bool:
    """Whether a project has a line of its own: key ones that run, and whatever is neither Green nor at rest. A Green that
    was decided covers another colour, and is listed.
    """
    letter = effective(project.rag)
    if letter in RESTING:
        return False
    return letter not in CALM or is_key(project.row) or bool(project.rag.override)


def _lines(
    programs: Sequence[ProgramVerdict],
    listed: Sequence[ProjectVerdict],
    below: Mapping[str, Sequence[MilestoneVerdict]],
    times: Clocks,
    last: Cut | None,
) -> Iterator[CutLine]:
    """Each program with its listed projects, then those of no program; a Green program without such is left out."""
    known = {each.row.code for each in programs}
    for program in programs:
        own = [each for each in listed if each.row.program == program.row.code]
        if own or effective(program.rag) not in CALM | RESTING:
            yield _above(program, "program", last)
        yield from (_line(each, below.get(each.row.code, ()), times, last) for each in own)
    alone = (each for each in listed if each.row.program not in known)
    yield from (_line(each, below.get(each.row.code, ()), times, last) for each in alone)


def _above(verdict: ProgramVerdict, level: str, last: Cut | None) -> CutLine:
    row = verdict.row
    return CutLine(
        level=level,
        code=row.code,
        name=row.name,
        owner=verdict.owner or row.manager,
        shade=shade(verdict.rag, row.code, last),
        counts=verdict.counts,
    )


def _line(project: ProjectVerdict, own: Sequence[MilestoneVerdict], times: Clocks, last: Cut | None) -> CutLine:
    row = project.row
    return CutLine(
        level="project",
        code=row.code,
        name=row.name,
        owner=project.owner or row.manager,
        shade=shade(project.rag, row.code, last),
        final=_goal(project.final, times, last),
        next=_goal(_other(project), times, last),
        behind=_goal(_furthest(project, own), times, last),
        said=project.note.line if project.note else "",
        help=project.note.help if project.note else "",
        reported=project.note.reported if project.note and differs(project) else "",
    )


def _furthest(project: ProjectVerdict, own: Sequence[MilestoneVerdict]) -> MilestoneVerdict | None:
    """The open milestone that is furthest behind its baseline, unless its slip stands on the line already."""
    late = [each for each in own if effective(each.rag) in LIVE and not each.rag.mark and (each.slip or 0) > 0]
    found = max(late, key=lambda each: (each.slip or 0, each.milestone.code), default=None)
    told = {each.milestone.code for each in (project.final, project.next) if each}
    return found if found and found.milestone.code not in told else None


def _other(project: ProjectVerdict) -> MilestoneVerdict | None:
    """The next milestone, unless it is the final one, which stands beside it anyway."""
    final = project.final.milestone.code if project.final else ""
    return project.next if project.next and project.next.milestone.code != final else None


def _goal(verdict: MilestoneVerdict | None, times: Clocks, last: Cut | None) -> Goal | None:
    if verdict is None:
        return None
    end, code = verdict.actual or verdict.expected, verdict.milestone.code
    then = last.stood.get(code) if last else None
    calendar = times.of(verdict.project).calendar
    return Goal(
        code=code,
        name=verdict.milestone.name,
        baseline=verdict.current.day if verdict.current else None,
        expected=end.day if end else None,
        coarse=end is not None and end.coarse,
        promise=verdict.calibrated.p85 if verdict.calibrated and verdict.actual is None else None,
        done=verdict.actual is not None,
        slip=verdict.slip,
        step=calendar.between(then.expected, end.day) if then and then.expected and end else None,
        original=verdict.slip_original,
        unbelieved=verdict.forecast_state == CONTRADICTED,
    )


def shade(rag: Rag, code: str, last: Cut | None) -> Shade:
    """The colour of a line that is shown, and what it was at the cut before; with the reasons that a committee may read: nothing
    of what is still held back, and no title or key of another system, since these may be hidden later.
    """
    told = tuple(kept_reason(_nameless(why)) for why in rag.reasons if why.key not in FORETELLING)
    given = {"override": rag.override, "mark": rag.mark, "days": rag.days, "before": letter_then(rag, code, last)}
    return Shade(letter=rag.shown, whys=told, **given)  # type: ignore[arg-type]


def _nameless(why: Reason) -> Reason:
    if "name" not in why.values or "source" not in why.values or why.values["source"] in OURS:
        return why
    return Reason(why.key, {**why.values, "name": ""})


def _asks(assessment: Assessment, plan: Plan, homes: Mapping[str, str], whose: str) -> tuple[Ask, ...]:
    found = waiting.asks(assessment, plan)
    return tuple(ask for ask in found if _home(ask.code, ask.project, homes) == whose)


# ---------------------------------------------------------------- homes


def _homes(assessment: Assessment) -> Mapping[str, str]:
    """The portfolio of each program, project and milestone, by code; "" of what belongs to none that there is."""
    there = {each.row.code for each in assessment.portfolios}
    found = {code: code for code in there}
    for program in assessment.programs:
        found[program.row.code] = program.row.parent if program.row.parent in there else ""
    for project in assessment.projects:
        row = project.row
        named = row.portfolio if row.portfolio in there else ""
        found[row.code] = found.get(row.program, "") or named
    for each in assessment.milestones:
        found.setdefault(each.milestone.code, found.get(each.project, ""))
    return found


def _home(code: str, project: str, homes: Mapping[str, str]) -> str:
    return homes.get(project or code, "")


def _whose(codes: Collection[str], homes: Mapping[str, str]) -> str:
    """The portfolio of the first code that has one: a decision is told once."""
    return next((homes[code] for code in codes if homes.get(code)), "")


def _letter(rag: Rag) -> str:
    return rag.override or rag.shown.value


def _ends(verdict: MilestoneVerdict) -> date | None:
    end = verdict.actual or verdict.expected
    return end.day if end else None


def _bare(row: Row) -> Row:
    """The row without where it was typed: that place is another row's by the time the page is read."""
    return replace(row, place=NOWHERE)
