"""Findings on the data: what a person should mend, where, and how. Each is a ``Problem`` with a stable rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from pmosync.compute import baseline, coarse, dates, lifecycle, target
from pmosync.compute.assessment import MilestoneVerdict
from pmosync.compute.calendars import Clocks
from pmosync.compute.chain import Order
from pmosync.compute.colour import COLOUR_WORDS
from pmosync.compute.done import CLOSINGS, ENDED, is_known
from pmosync.compute.draft import Draft
from pmosync.compute.levels import BETS
from pmosync.compute.outcome import Outcome
from pmosync.compute.people import People
from pmosync.compute.place import spot
from pmosync.compute.policy import Policy
from pmosync.compute.rag import LIVE
from pmosync.compute.rollup import due
from pmosync.errors import UNCOUNTED, Unread
from pmosync.mapping.told import values
from pmosync.model import (
    REMOVED,
    Category,
    DecisionRow,
    DecisionType,
    Freshness,
    Level,
    MilestoneRow,
    Place,
    Problem,
    ProjectRow,
    RiskRow,
    Snapshot,
    State,
    WorkItem,
)

OF_TABLES, EXAMPLES = frozenset({"unmapped-status", "unmapped-resolution"}), 3
"""Findings that one line in a table ends for all items at once, and how many of those items are named."""

TOLD_BEFORE = frozenset({"name-fits-two", "unmapped-status"})

UNREADABLE = frozenset({"not-a-date", "date-undecided"})
KNOWN_BETTER = {"no-code": frozenset({"code-cleared"}), "decision-date": UNREADABLE}
"""Findings that are needless on a cell of which one of those others tells why it is so."""

Verb = Literal["depends on", "belongs to", "threatens", "is about"]
"""What a row says of another code, in the words of the finding where there is none of that name."""

OF_PROJECTS = lifecycle.WHOLE_PROJECT | {DecisionType.OVERRIDE}
OF_PROGRAMS = frozenset({DecisionType.OVERRIDE})
"""What a decision can do to a whole project, and to a program or portfolio; a milestone takes every type."""


def of_milestone(draft: Draft, outcome: Outcome, policy: Policy) -> Iterator[Problem]:
    """Everything to mend about one milestone; an owner, a date and open children are asked only of a steered one, not of
    a team one.
    """
    case = draft.case
    yield from draft.baselines.problems
    yield from baseline.wishes(case, draft.baselines, outcome.state)
    if outcome.state is State.DONE:
        yield from _done(draft)
    if outcome.state is not State.ACTIVE:
        return
    yield from filter(None, (target.disagreement(case, draft.target), _contradiction(draft, outcome), _actual(draft)))
    yield from _vague(draft, policy)
    if case.level is not Level.TEAM:
        yield from _bare(draft)


def of_verdicts(
    verdicts: Sequence[MilestoneVerdict], projects: Mapping[str, ProjectRow], policy: Policy
) -> Iterator[Problem]:
    """What only shows over several milestones: too many for the committee, two of one name."""
    for code, row in sorted(projects.items()):
        own = [each for each in verdicts if each.project == code and each.rag.shown in LIVE and not each.rag.mark]
        count = sum(each.level is Level.COMMITTEE for each in own)
        if count > policy.committee_open:
            message = f"{code} has {count} open committee milestones, more than {policy.committee_open}"
            yield _problem(
                "too-many-committee",
                spot(row.place),
                message,
                "set the lesser ones to level tracked",
                code,
                row.manager,
                count=count,
                limit=policy.committee_open,
            )
        yield from _unnamed(code, row, verdicts, policy)
        names = Counter(each.milestone.name.strip().casefold() for each in own if each.level is not Level.TEAM)
        for name, times in sorted(names.items()):
            if name and times > 1:
                codes = ", ".join(each.milestone.code for each in own if each.milestone.name.strip().casefold() == name)
                yield _problem(
                    "duplicate-name",
                    codes,
                    f"{times} open milestones of {code} have one name: {codes}",
                    "rename or merge them",
                    code,
                    times=times,
                    codes=codes,
                )


def of_sources(freshness: Iterable[Freshness]) -> Iterator[Problem]:
    """The tables that could not be read: what was read of them before stays in force meanwhile."""
    return (
        of_unread(source.connection, each) for source in freshness if source.state != REMOVED for each in source.unread
    )


def of_unread(connection: str, table: Unread) -> Problem:
    """A table of a connection that could not be read."""
    return Problem(
        rule="table-unread",
        place=f"{connection}: {table.place}",
        message=f"{table.message}; what was read of it before stays in force, and {UNCOUNTED}",
        remedy=table.remedy,
        values=values(which=table.why, **dict(table.values)),
    )


def of_plan(snapshot: Snapshot, people: People, codes: frozenset[str], policy: Policy) -> Iterator[Problem]:
    """What is wrong with the plan's rows themselves: names that fit two people, unknown codes, overrides that are too long."""
    plan = snapshot.plan
    programs, projects = {row.code for row in plan.programs}, {row.code for row in plan.projects}
    for row in plan.milestones:
        yield from _ambiguous(row.place, "owner", row.owner, row.code, people)
        yield from _unknown(row.place, "depends_on", row.code, set(row.depends_on) - codes, "depends on")
        yield from _done_when(row, policy)
    for project in plan.projects:
        yield from _ambiguous(project.place, "manager", project.manager, project.code, people)
        yield from _uncommitted(project)
        yield from _without_learning(project)
        for field in ("program", "portfolio"):
            yield from _unknown(
                project.place, field, project.code, {getattr(project, field)} - programs - {""}, "belongs to"
            )
    for program in plan.programs:
        yield from _unknown(program.place, "parent", program.code, {program.parent} - programs - {""}, "belongs to")
    for risk in plan.risks:
        yield from _unknown(risk.place, "project", risk.id, {risk.project} - projects - programs - {""}, "belongs to")
        yield from _unknown(risk.place, "milestone", risk.id, {risk.milestone} - codes - {""}, "threatens")
        yield from _no_milestone(risk, projects | programs)
    for note in plan.notes:
        yield from _unknown(note.place, "code", note.code, {note.code} - projects)
    for text in plan.texts:
        yield from _unknown(text.place, "project", text.project, {text.project} - projects)
    for action in plan.actions:
        yield from _ambiguous(action.place, "owner", action.owner, action.id, people)
        yield from _unknown(action.place, "codes", action.id, set(action.codes) - codes, "is about")
    for decision in plan.decisions:
        yield from _override(decision, policy)
        yield from _beyond(decision, projects, OF_PROJECTS, "project")
        yield from _beyond(decision, programs, OF_PROGRAMS, "program")


def of_decisions(snapshot: Snapshot, clocks: Clocks, policy: Policy) -> Iterator[Problem]:
    """Pauses and resumptions that found nothing to pause or to resume, and coarse dates that are near."""
    yield from filter(None, (_vague_decision(row, clocks, policy) for row in snapshot.plan.decisions))
    rows = {row.code: row for row in snapshot.plan.projects}
    homes = {each.code: each.project for each in snapshot.milestones}
    decided = lifecycle.by_code(lifecycle.effective(snapshot.plan.decisions, homes))
    for code in sorted(decided.keys() & (rows.keys() | homes.keys())):
        project = rows.get(homes.get(code, code))
        above = decided.get(homes[code], ()) if code in homes else ()
        today = clocks.of(homes.get(code, code)).today
        for row, state in _idle(decided[code], above, project, code, today):
            message = f"decision {row.number} is a {row.type} of {code}, which was {state} already: it has no effect"
            yield _problem(
                "decision-idle",
                spot(row.place, "type"),
                message,
                "correct its type, date or codes",
                code,
                number=row.number,
                type=str(row.type),
                state=str(state),
            )


def folded(snapshot: Snapshot) -> Iterator[Problem]:
    """What the systems' records told, with one finding for all items of which a table does not know the same word; none
    for a status that ``of_items`` tells.
    """
    alike: dict[str, list[Problem]] = {}
    counted = {repr(item.status) for item in _unmapped(snapshot)}
    for each in snapshot.problems:
        if each.rule == "unmapped-status" and any(status in each.message for status in counted):
            continue
        if each.rule in OF_TABLES and not each.restricted:
            alike.setdefault(each.message, []).append(each)
        else:
            yield each
    for same in alike.values():
        keys = sorted({each.place for each in same})
        named = ", ".join(keys[:EXAMPLES]) + (" …" if len(keys) > EXAMPLES else "")
        since = min((each.since for each in same if each.since), default=None)
        one = replace(same[0], place=named, since=since)
        if len(keys) > 1:
            told = (*one.values, *values(items=len(keys))) if one.values else ()
            one = replace(one, message=f"{one.message} ({len(keys)} items)", values=told)
        yield one


def of_items(snapshot: Snapshot) -> Iterator[Problem]:
    """Statuses nobody has mapped, with how many items bear them; restricted items are counted only."""
    told = {each.place for each in snapshot.problems if each.rule == "unmapped-status"}
    bearing: dict[tuple[str, str], list[str]] = {}
    for item in _unmapped(snapshot):
        bearing.setdefault((item.ref.connection, item.status), []).append(item.key)
    for (connection, status), keys in sorted(bearing.items()):
        place = f"{connection}: {status}"
        if place not in told:
            named = ", ".join(sorted(keys)[:EXAMPLES]) + (" …" if len(keys) > EXAMPLES else "")
            bear = "1 open item has" if len(keys) == 1 else f"{len(keys)} open items have"
            message = f"{bear} status '{status}', which the mapping does not know: {named}"
            yield _problem(
                "unmapped-status",
                place,
                message,
                f"add '{status}' to the mapping of {connection}",
                count=len(keys),
                status=status,
                connection=connection,
                items=named,
            )
    hidden = Counter(
        item.ref.connection for item in snapshot.items if item.restricted and item.ref not in snapshot.gone
    )
    for connection, count in sorted(hidden.items()):
        are = "1 restricted item is" if count == 1 else f"{count} restricted items are"
        message = f"{are} counted and not shown"
        yield Problem(rule="restricted", place=connection, message=message, restricted=True, values=values(count=count))


def _unmapped(snapshot: Snapshot) -> tuple[WorkItem, ...]:
    return tuple(each for each in snapshot.items if each.category is Category.UNMAPPED and not each.restricted)


def of_chain(order: Order, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """Circles of dependencies, each reported once at a cell that closes it; their dates stand without each other."""
    for cycle in order.cycles:
        codes = ", ".join(cycle[:10]) + (f" and {len(cycle) - 10} more" if len(cycle) > 10 else "")
        message = f"these milestones wait for each other: {codes}"
        code, place = next(_links(cycle, drafts), (cycle[0], cycle[0]))
        yield _problem("dependency-cycle", place, message, "take one 'depends on' out of the circle", code, codes=codes)


def _links(cycle: Sequence[str], drafts: Mapping[str, Draft]) -> Iterator[tuple[str, str]]:
    """Each milestone of a circle with the cell that makes it wait for another of them: its row's, else a decision's."""
    for code in cycle:
        case = drafts[code].case
        if case.row is not None and set(case.row.depends_on) & set(cycle):
            yield code, spot(case.row.place, "depends_on")
        for row in case.decisions:
            if row.number == case.life.decision and set(row.into) & set(cycle):
                yield code, spot(row.place, "into")


def of_calendars(verdicts: Iterable[MilestoneVerdict], clocks: Clocks) -> tuple[str, ...]:
    """Calendar years in use whose holidays are not announced yet, however far ahead, as CN 2027."""
    found: set[str] = set()
    for each in verdicts:
        calendar = clocks.of(each.project).calendar
        for day in (due(each), each.expected.day if each.expected else None):
            if day is not None and calendar.awaits(day.year):
                found.add(f"{calendar.name} {day.year}")
    return tuple(sorted(found))


def canonical(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Every finding once, by rule, code and place: of two on one place, the one told first (by the translation) stays,
    and none that another one on its cell explains.
    """
    first: dict[tuple[str, ...], Problem] = {}
    every = tuple(found)
    told = {(each.place, each.rule) for each in every}
    for each in every:
        if any((each.place, better) in told for better in KNOWN_BETTER.get(each.rule, ())):
            continue
        first.setdefault((each.rule, each.place, "" if each.rule in TOLD_BEFORE else each.code + each.message), each)
    return tuple(sorted(first.values(), key=lambda each: (each.rule, each.code, each.place, each.message)))


def _bare(draft: Draft) -> Iterator[Problem]:
    case = draft.case
    place = spot(case.row.place) if case.row else case.code
    if not draft.owner.name:
        yield _problem("no-owner", place, f"{case.code} has no accountable owner", "enter an owner", case.code)
    gone = draft.evidence.withdrawn
    if gone is not None:
        message = f"the target of {case.code}, {gone.day}, was taken back on {gone.name}"
        yield _problem(
            "date-withdrawn",
            place,
            message,
            "enter the new target",
            case.code,
            draft.owner.name,
            target=gone.day,
            taken=date.fromisoformat(gone.name),
        )
    if draft.reference is None:
        yield _problem(
            "no-date",
            place,
            f"{case.code} has neither baseline nor target",
            "enter a target",
            case.code,
            draft.owner.name,
        )
    elif draft.target.winner and case.clock.calendar.met_until(draft.target.winner.day) < case.today:
        message = f"the target of {case.code}, {draft.target.winner.day}, lies in the past"
        yield _problem(
            "target-past",
            place,
            message,
            "set a new target, or confirm that it is done",
            case.code,
            draft.owner.name,
            day=draft.target.winner.day,
        )


def _vague(draft: Draft, policy: Policy) -> Iterator[Problem]:
    """Dates of the milestone's row that are still a month, quarter or half-year though they are near."""
    row, today = draft.case.row, draft.case.today
    for field in ("target", "forecast", "wish"):
        day = getattr(row, field, None)
        if row and day and coarse.is_coarse(row, field) and day <= today + timedelta(weeks=policy.sharpen_weeks):
            message = f"the {field} of {row.code} is still coarse (~{day}), {policy.sharpen_weeks} weeks ahead or less"
            yield _problem(
                "date-to-sharpen",
                spot(row.place, field),
                message,
                "enter the exact day",
                row.code,
                draft.owner.name,
                day=day,
                weeks=policy.sharpen_weeks,
            )


def _vague_decision(row: DecisionRow, clocks: Clocks, policy: Policy) -> Problem | None:
    today = clocks.default.today
    if not row.new_date_coarse or row.new_date is None:
        return None
    if not today <= row.new_date <= today + timedelta(weeks=policy.sharpen_weeks):
        return None
    message = f"the new date of decision {row.number} is still coarse (~{row.new_date})"
    return _problem(
        "date-to-sharpen",
        spot(row.place, "new_date"),
        message,
        "enter the exact day",
        ", ".join(row.codes),
        day=row.new_date,
        weeks=policy.sharpen_weeks,
    )


def _done(draft: Draft) -> Iterator[Problem]:
    case = draft.case
    if case.progress.open and case.level is not Level.TEAM:
        message = f"{case.code} is done, but {case.progress.open} of {case.progress.total} items are open"
        yield _problem(
            "done-open-children",
            case.code,
            message,
            "close or move the items",
            case.code,
            draft.owner.name,
            open=case.progress.open,
            total=case.progress.total,
        )


def _contradiction(draft: Draft, outcome: Outcome) -> Problem | None:
    return dates.contradiction(draft.case.row, outcome.expected) if draft.case.row else None


def _actual(draft: Draft) -> Problem | None:
    """An actual that has no effect: it lies ahead, or the milestone is done only when its source says so."""
    row, today = draft.case.row, draft.case.today
    if row is None or row.actual is None:
        return None
    if row.actual > today:
        message = f"the actual day of {row.code}, {row.actual}, has not come yet"
        return _problem(
            "actual-ahead",
            spot(row.place, "actual"),
            message,
            "enter it as forecast",
            row.code,
            row.owner,
            day=row.actual,
        )
    if draft.done.when in CLOSINGS:
        message = f"{row.code} has the actual day {row.actual}, but its source is not {draft.done.when}"
        remedy = "close it there, or set 'done when' to confirmed"
        return _problem(
            "actual-but-open",
            spot(row.place, "actual"),
            message,
            remedy,
            row.code,
            row.owner,
            day=row.actual,
            which=draft.done.when,
        )
    return None


def _ambiguous(place: Place, field: str, text: str, code: str, people: People) -> Iterator[Problem]:
    fits = people.called(text) if text else ()
    if len(fits) > 1:
        choices = ", ".join(sorted(f"{each.name} ({each.key})" for each in fits))
        yield _problem(
            "name-fits-two",
            spot(place, field),
            f"'{text}' fits {len(fits)} people: {choices}",
            "enter the key instead",
            code,
            name=text,
            count=len(fits),
            choices=choices,
        )


def _unknown(
    place: Place, field: str, code: str, unknown: Iterable[str], verb: Verb | None = None
) -> Iterator[Problem]:
    """``verb``: what the row of ``code`` says of another one; None: its own is unknown."""
    for other in sorted(unknown):
        message = f"{code} {verb} {other}, which is no code of ours" if verb else f"{other} is no code of ours"
        yield _problem(
            "unknown-code",
            spot(place, field),
            message,
            "correct the code, or add it to its tab",
            code,
            other=other,
            which=verb or "alone",
        )


def _done_when(row: MilestoneRow, policy: Policy) -> Iterator[Problem]:
    """A word that names no end we know: never guessed, so a person has to confirm the milestone."""
    if is_known(row.done_when, policy):
        return
    message = f"{row.code} is done when '{row.done_when}', which is no end we know: a person's actual counts instead"
    known = ", ".join(stage for stage in policy.stages if stage.casefold() != ENDED)
    remedy = f"write released, closed, confirmed or a stage ({known}), or add yours to policy.stages"
    yield _problem(
        "unknown-done-when",
        spot(row.place, "done_when"),
        message,
        remedy,
        row.code,
        row.owner,
        word=row.done_when,
        stages=known,
    )


def _beyond(row: DecisionRow, ours: set[str], able: frozenset[DecisionType], what: str) -> Iterator[Problem]:
    """A date is promised by a milestone: what a decision cannot do to the projects or programs that it names."""
    named = sorted(set(row.codes) & ours)
    if row.type is not None and row.type not in able and named:
        message = (
            f"decision {row.number} is a {row.type} and names the {what} {', '.join(named)}: it has no effect on it"
        )
        remedy = "name the milestones that it concerns"
        if row.type in OF_PROJECTS:
            remedy = "name the projects or milestones that it concerns"
        yield _problem(
            "decision-codes",
            spot(row.place, "codes"),
            message,
            remedy,
            named[0],
            number=row.number,
            type=str(row.type),
            codes=", ".join(named),
        )


def _idle(
    own: Sequence[DecisionRow], project: Sequence[DecisionRow], row: ProjectRow | None, code: str, today: date
) -> Iterator[tuple[DecisionRow, State]]:
    """The pauses and resumptions among ``own`` that changed nothing, with the state in which they found ``code``."""
    for decision in lifecycle.in_force(own, today):
        if decision.type in {DecisionType.PAUSE, DecisionType.RESUME}:
            earlier = [each for each in own if each is not decision and lifecycle.when(each) < lifecycle.when(decision)]
            now = lifecycle.life(
                earlier, [each for each in project if lifecycle.when(each) < lifecycle.when(decision)], row, code, today
            )
            if lifecycle.step(now, decision, code) == now:
                yield decision, now.state


def _no_milestone(row: RiskRow, others: set[str]) -> Iterator[Problem]:
    if row.milestone in others:
        message = f"risk {row.id} names {row.milestone} as its milestone, which is none: it makes nothing Red"
        remedy = "name the milestone that it threatens; the project has a column of its own"
        yield _problem(
            "risk-milestone", spot(row.place, "milestone"), message, remedy, row.milestone, row.owner, id=row.id
        )


def _unnamed(code: str, row: ProjectRow, verdicts: Sequence[MilestoneVerdict], policy: Policy) -> Iterator[Problem]:
    """A project that is judged by nothing although its sources hold milestones: nobody said which of them are promises."""
    levels = Counter(each.level for each in verdicts if each.project == code)
    small = levels[Level.TEAM]
    if small and small == levels.total() and not policy.team_listed:
        yield _problem(
            "none-named",
            spot(row.place),
            f"{code} has {small:,} {'milestone' if small == 1 else 'milestones'} in its sources and none is named: "
            "it is judged by none of them",
            "name the promised ones as milestones, or set policy.team_promote, or list all by policy.team_listed",
            code,
            row.manager,
            count=small,
        )


def _uncommitted(row: ProjectRow) -> Iterator[Problem]:
    """Without the day of commitment no promise freezes by itself; a state other than proposed comes from Decisions alone."""
    if row.committed_on is None and row.state is State.ACTIVE:
        message = f"{row.code} has no commitment date, so its baselines do not freeze"
        yield _problem(
            "not-committed",
            spot(row.place, "committed_on"),
            message,
            "enter the day it was committed",
            row.code,
            row.manager,
        )
    if row.state not in {State.ACTIVE, State.PROPOSED}:
        message = f"{row.code} is typed as {row.state}: states are set by Decisions only"
        yield _problem(
            "state-without-decision",
            spot(row.place, "state"),
            message,
            "take a decision",
            row.code,
            row.manager,
            state=str(row.state),
        )


def _without_learning(row: ProjectRow) -> Iterator[Problem]:
    """A bet is judged by its learning date: without one nobody decides on it, and its milestones judge it like a delivery."""
    if row.kind in BETS and row.learning_date is None and not row.result.strip() and row.state is State.ACTIVE:
        message = f"{row.code} is a {row.kind} without a learning date, so nothing says when it is decided on"
        place, remedy = spot(row.place, "learning_date"), "enter the day by which it is decided on"
        yield _problem("no-learning-date", place, message, remedy, row.code, row.manager)


def _override(row: DecisionRow, policy: Policy) -> Iterator[Problem]:
    if row.type is not DecisionType.OVERRIDE or row.day is None:
        return
    if row.colour.strip().casefold().rstrip("!") not in COLOUR_WORDS:
        message = f"override {row.number} names no colour that we know ('{row.colour}')"
        yield _problem(
            "override-colour", spot(row.place, "colour"), message, "use R, A or G", number=row.number, colour=row.colour
        )
    if not row.reason.strip():
        message = f"override {row.number} gives no reason: nobody can tell when it is over"
        yield _problem("override-reason", spot(row.place, "reason"), message, "enter the reason", number=row.number)
    if row.until is not None and (row.until - row.day).days > policy.override_days:
        message = f"override {row.number} runs longer than {policy.override_days} days: it ends after those"
        yield _problem(
            "override-too-long",
            spot(row.place, "until"),
            message,
            "decide again before it ends",
            number=row.number,
            days=policy.override_days,
        )


def _problem(
    rule: str, place: str, message: str, remedy: str, code: str = "", owner: str = "", **told: str | int | date
) -> Problem:
    """A finding; ``told`` is what its words speak of beside the code."""
    said = values(code=code, **told)
    return Problem(rule=rule, place=place, message=message, remedy=remedy, code=code, owner=owner, values=said)
