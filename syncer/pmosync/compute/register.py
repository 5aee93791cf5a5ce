"""The verdicts on projects, programs and portfolios: the rows of the register."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from pmosync.compute import fresh, lifecycle, rollup, signs
from pmosync.compute.assessment import Letter, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Reason, Step
from pmosync.compute.attention import deciding
from pmosync.compute.belongs import by_line
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.case import earlier
from pmosync.compute.colour import effective, overridden
from pmosync.compute.fresh import Age, Facts
from pmosync.compute.levels import BETS
from pmosync.compute.lifecycle import Life
from pmosync.compute.people import People
from pmosync.compute.people import people as named
from pmosync.compute.policy import Policy
from pmosync.compute.rag import LIVE, Judgement
from pmosync.compute.reasons import OF, evidence, reason
from pmosync.compute.steady import standing_since
from pmosync.compute.steps import coloured as colour_of
from pmosync.compute.steps import ruled
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    Colour,
    DecisionRow,
    Level,
    ProgramRow,
    ProjectNoteRow,
    ProjectRow,
    RiskRow,
    Snapshot,
    State,
)


def projects(
    snapshot: Snapshot, milestones: Sequence[MilestoneVerdict], clocks: Clocks, people: People, policy: Policy
) -> tuple[ProjectVerdict, ...]:
    """One verdict a project of the register, by code."""
    of: dict[str, list[MilestoneVerdict]] = {}
    for each in milestones:
        of.setdefault(each.project, []).append(each)
    decided = lifecycle.by_code(snapshot.plan.decisions)
    said = {note.code: note for note in snapshot.plan.notes}
    known = {each.connection: each for each in snapshot.freshness}
    risks = by_line(snapshot.plan, milestones)
    return tuple(
        project(
            row,
            of.get(row.code, []),
            decided.get(row.code, ()),
            risks.get(row.code, ()),
            snapshot.colours.get(row.code, ()),
            fresh.oldest((row.place.connection,), known, clocks.of(row.code), policy),
            clocks,
            people,
            policy,
            said.get(row.code),
        )
        for row in sorted(snapshot.plan.projects, key=lambda each: each.code)
    )


def project(
    row: ProjectRow,
    milestones: Sequence[MilestoneVerdict],
    decisions: Sequence[DecisionRow],
    risks: Sequence[RiskRow],
    colours: Sequence[Colour],
    sheet: Facts,
    clocks: Clocks,
    people: People,
    policy: Policy,
    note: ProjectNoteRow | None = None,
) -> ProjectVerdict:
    """The verdict on one project, whose row stands in a ``sheet`` of that age, with what its manager says (``note``)."""
    clock = clocks.of(row.code)
    life = lifecycle.life((), decisions, row, row.code, clock.today)
    final = rollup.final_of(milestones)
    found = _judged(row, life, milestones, final, sheet, clock, policy)
    listed = [each for each in milestones if each.level is not Level.TEAM]
    rag = coloured(found, earlier(colours, clock.today), decisions, clock.today, clock.calendar, policy)
    late = sum(rollup.is_late(each) for each in listed)
    risky = sum(effective(each.rag) in {Letter.RED, Letter.AMBER} and not rollup.is_late(each) for each in listed)
    return ProjectVerdict(
        row=row,
        rag=rag,
        note=note,
        state=State.DONE if life.state is State.ACTIVE and found.letter is Letter.BLUE else life.state,
        owner=people.shown(row.manager),
        next=rollup.next_of(milestones),
        final=final,
        late=late,
        at_risk=risky,
        total=len(listed),
        small=len(milestones) - len(listed),
        red_risks=red_risks(risks, policy),
        confidence=mean([each.confidence for each in _known(listed)]),
        restricted=sum(each.restricted for each in milestones),
        stale=any(why.key in {"stale", "last_colour"} for each in listed for why in each.rag.reasons),
        steps=(
            _confidence("mean_milestones", [(each.milestone.code, each.confidence) for each in _known(listed)]),
            Step("rag", ruled(rag), colour_of(rag), _inputs(listed, final, clock.today, clock.calendar, policy)),
        ),
    )


def programs(
    rows: Sequence[ProgramRow],
    found: Sequence[ProjectVerdict],
    snapshot: Snapshot,
    clocks: Clocks,
    policy: Policy,
) -> tuple[ProgramVerdict, ...]:
    """One verdict a program, by code; a project counts in the program that its row names now."""
    verdicts, who, risks = [], named(snapshot.plan.people), by_line(snapshot.plan)
    for row in sorted((each for each in rows if each.level == "program"), key=lambda each: each.code):
        own = [each for each in found if each.row.program == row.code]
        verdicts.append(
            _program(row, own, (), rollup.program(own, policy), snapshot, risks.get(row.code, ()), clocks, who, policy)
        )
    return tuple(verdicts)


def portfolios(
    rows: Sequence[ProgramRow],
    below: Sequence[ProgramVerdict],
    found: Sequence[ProjectVerdict],
    snapshot: Snapshot,
    clocks: Clocks,
    policy: Policy,
) -> tuple[ProgramVerdict, ...]:
    """One verdict a portfolio, by code: over its programs, and over the projects that name it or one of them."""
    homes = {each.row.code: each.row.parent for each in below}
    verdicts, who, risks = [], named(snapshot.plan.people), by_line(snapshot.plan)
    for row in sorted((each for each in rows if each.level == "portfolio"), key=lambda each: each.code):
        children = [each for each in below if each.row.parent == row.code]
        own = [each for each in found if (homes.get(each.row.program) or each.row.portfolio) == row.code]
        judged = rollup.portfolio(children, own, policy)
        codes = sorted(each.row.code for each in children)
        named_here = [risk for code in (row.code, *codes) for risk in risks.get(code, ())]
        verdicts.append(_program(row, own, codes, judged, snapshot, named_here, clocks, who, policy))
    return tuple(verdicts)


def coloured(
    found: Judgement,
    colours: Sequence[Colour],
    decisions: Sequence[DecisionRow],
    day: date,
    calendar: Calendar,
    policy: Policy,
) -> Rag:
    """A roll-up's colour: its children are steady already, so it follows them at once."""
    since = standing_since(found.letter, colours, day, calendar)
    override = overridden(found.letter, lifecycle.in_force(decisions, day), day, policy)
    told = (reason("overridden", decision=override[2], letter=str(override[0]), until=override[1]),) if override else ()
    return Rag(
        shown=found.letter,
        computed=found.letter,
        reasons=(*told, *found.reasons),
        hard=found.hard,
        override=f"{override[0]}!" if override else "",
        override_until=override[1] if override else None,
        days=since.days,
        since=since.since,
        before=since.before,
    )


def red_risks(risks: Sequence[RiskRow], policy: Policy) -> int:
    """Open risks of the top class."""
    return sum(signs.is_open(risk) and signs.exposure(risk) >= policy.blocking_exposure for risk in risks)


def mean(numbers: Sequence[int]) -> int | None:
    """The rounded mean; None of nothing: where nothing is judged, no data is wanting."""
    return round(sum(numbers) / len(numbers)) if numbers else None


def _known(listed: Sequence[MilestoneVerdict]) -> list[MilestoneVerdict]:
    """The milestones whose data a project's confidence is about: those that are judged; where all of them rest, those."""
    live = [each for each in listed if each.rag.shown in LIVE]
    return live or [each for each in listed if each.state is State.PAUSED]


def _counted(own: Sequence[ProjectVerdict]) -> list[tuple[str, int]]:
    """The projects that a roll-up is made of, with their confidence: not those that are paused or have ended."""
    return [
        (each.row.code, each.confidence) for each in own if effective(each.rag) in LIVE and each.confidence is not None
    ]


def _confidence(rule: str, parts: Sequence[tuple[str, int]]) -> Step:
    answer = mean([points for _, points in parts])
    inputs = tuple(evidence("points_of", code=code, points=points) for code, points in parts)
    return Step("confidence", rule, evidence("nothing") if answer is None else str(answer), inputs)


def _judged(
    row: ProjectRow,
    life: Life,
    milestones: Sequence[MilestoneVerdict],
    final: MilestoneVerdict | None,
    sheet: Facts,
    clock: Clock,
    policy: Policy,
) -> Judgement:
    today, calendar = clock.today, clock.calendar
    match life.state:
        case State.PROPOSED:
            return Judgement(Letter.PROPOSED, (reason("proposed"),), hard=True)
        case State.CANCELLED:
            return Judgement(
                Letter.CANCELLED, (reason("cancelled", decision=life.decision, since=life.since),), hard=True
            )
        case State.PAUSED if life.review is not None and today > calendar.met_until(life.review):
            return Judgement(
                Letter.RED, (reason("review_overdue", decision=life.decision, review=life.review),), hard=True
            )
        case State.PAUSED:
            why = reason("paused", decision=life.decision, since=life.since, review=life.review)
            return Judgement(Letter.PAUSED, (why,), hard=True)
    found = rollup.project(milestones, final, today, calendar, policy)
    found = _restricted(found, milestones)
    return _bet(row, found, sheet, today, calendar) if row.kind in BETS and (row.learning_date or row.result) else found


def _bet(row: ProjectRow, found: Judgement, sheet: Facts, today: date, calendar: Calendar) -> Judgement:
    """A bet is judged by its learning date: decided is done, undecided by then is Red;
    its milestones make it Amber at most, and their silence stays said. A sheet not read for too long tells neither.
    """
    if row.result.strip():
        return Judgement(Letter.BLUE, (reason("project_decided", result=row.result),), hard=True)
    if sheet.age is Age.STALE:
        return Judgement(Letter.GREY, (reason("stale", source=sheet.source, good=sheet.good, wd=sheet.wd),), hard=True)
    if row.learning_date is not None and today > calendar.met_until(row.learning_date):
        return Judgement(Letter.RED, (reason("learning_undecided", learning_date=row.learning_date),), hard=True)
    if found.letter in {Letter.RED, Letter.AMBER}:
        return Judgement(Letter.AMBER, found.reasons)
    if found.letter is Letter.MISSING:
        return found
    return Judgement(Letter.GREEN, (reason("learning_ahead", learning_date=row.learning_date), *found.reasons))


def _restricted(found: Judgement, milestones: Sequence[MilestoneVerdict]) -> Judgement:
    count = sum(each.restricted for each in milestones)
    return Judgement(found.letter, (*found.reasons, reason("restricted", count=count)), found.hard) if count else found


def _program(
    row: ProgramRow,
    own: Sequence[ProjectVerdict],
    children: Sequence[str],
    found: Judgement,
    snapshot: Snapshot,
    risks: Sequence[RiskRow],
    clocks: Clocks,
    who: People,
    policy: Policy,
) -> ProgramVerdict:
    """The verdict on a program or portfolio; ``risks`` are those that name it or a program of it, not those of its projects."""
    decisions = lifecycle.by_code(snapshot.plan.decisions).get(row.code, ())
    day, calendar = clocks.default.today, clocks.default.calendar
    rag = coloured(found, earlier(snapshot.colours.get(row.code, ()), day), decisions, day, calendar, policy)
    return ProgramVerdict(
        row=row,
        rag=rag,
        owner=who.shown(row.manager),
        counts=rollup.counts(effective(each.rag) for each in own),
        projects=tuple(each.row.code for each in own),
        children=tuple(children),
        late=sum(each.late for each in own),
        at_risk=sum(each.at_risk for each in own),
        total=sum(each.total for each in own),
        small=sum(each.small for each in own),
        red_risks=sum(each.red_risks for each in own) + red_risks(risks, policy),
        confidence=mean([points for _, points in _counted(own)]),
        steps=(_confidence("mean_projects", _counted(own)), Step("rag", ruled(rag), colour_of(rag), _letters(own))),
    )


def _inputs(
    listed: Sequence[MilestoneVerdict], final: MilestoneVerdict | None, today: date, calendar: Calendar, policy: Policy
) -> tuple[Reason, ...]:
    """Each milestone with what decides whether it counts: its level, whether it is the final one, whether it is due soon."""
    return tuple(
        _below(
            each.milestone.code,
            each.rag,
            level=str(each.level),
            final="final" if each is final else "",
            within=policy.roll_up_within if rollup.is_soon(each, today, calendar, policy) else None,
        )
        for each in listed
    )


def _letters(own: Sequence[ProjectVerdict]) -> tuple[Reason, ...]:
    return tuple(_below(each.row.code, each.rag) for each in own)


def _below(code: str, rag: Rag, level: str = "", final: str = "", within: int | None = None) -> Reason:
    mark, covers = rag.override or str(rag.shown), str(rag.shown) if rag.override else ""
    return evidence("below", code=code, mark=mark, covers=covers, level=level, final=final, within=within)


def kept(code: str, rag: Rag, day: date, restricted: Collection[str] = ()) -> Colour:
    """The colour of one day, to be stored; what it rests on without the reasons that ``restricted`` milestones lent."""
    told = [why for why in rag.reasons if why.values.get(OF) not in restricted]
    return Colour(
        code=code,
        day=day,
        computed=str(rag.computed),
        shown=str(rag.shown),
        override=rag.override,
        hard=rag.hard,
        why=deciding(told),
        since=rag.since,
        before=rag.before,
    )
