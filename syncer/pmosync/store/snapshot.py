"""Everything known at a moment, in one consistent read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import structs

from pmosync.compute import marks
from pmosync.compute.homes import told_at_home
from pmosync.compute.lost_rows import NOTE, going_on
from pmosync.compute.rebind import formers, ghosts
from pmosync.compute.rivals import CodedRow, Name, Settled, Version, before, name_of, rivals, settle
from pmosync.compute.rivals import standing as standing_rows
from pmosync.compute.since import CONCERN
from pmosync.compute.typings import Typing
from pmosync.model import (
    REMOVED,
    ActionRow,
    AttentionAnswerRow,
    BindingRow,
    CalendarRow,
    DecisionRow,
    Former,
    LedgerAnswerRow,
    MergeRequest,
    Milestone,
    MilestoneRow,
    Observation,
    PersonRow,
    Plan,
    PlanRow,
    Problem,
    ProgramRow,
    ProjectNoteRow,
    ProjectRow,
    ReportTextRow,
    RiskRow,
    Snapshot,
    SourceMilestone,
    SourceProject,
    Timebox,
)
from pmosync.raw import Ref
from pmosync.rows import KIND
from pmosync.store import findings, history, identities, ledger, rebindings, runs, tally
from pmosync.store.codec import BINDING_ROW, fact_of, problem_of, ref_of
from pmosync.store.delivered import deliveries
from pmosync.store.identities import standing
from pmosync.store.opened import open_items
from pmosync.store.rebindings import superseded
from pmosync.store.tables import MICROSECOND, fact, problem
from pmosync.store.versions import CHAMPION, in_force

T = TypeVar("T")
PLAN = (
    *("program", "project", "milestone_input", BINDING_ROW, "decision", "risk", "person", "calendar"),
    *("project_note", "action", "attention_answer", "ledger_answer", "report_text"),
)

LATELY = timedelta(days=8)
"""So far back concerns that ended are told: a week of any time zone."""


def snapshot(connection: sa.Connection, as_of: datetime) -> Snapshot:
    """All that was known at ``as_of``."""
    items, codes = open_items(connection, as_of)
    known = settled(connection, as_of)
    rows = known.plan
    milestones, former = _ours(connection, rows, as_of)
    sources = by_ref(connection, "source_milestone", SourceMilestone, as_of)
    moves = ledger.moves(connection, as_of)
    told = told_at_home(history.observations(connection, as_of), rows, known.course)
    return Snapshot(
        as_of=as_of,
        plan=rows,
        milestones=milestones,
        bindings=identities.bindings(connection, as_of),
        sources=sources,
        source_projects=by_ref(connection, "source_project", SourceProject, as_of),
        gone=_gone(connection, as_of),
        progress=tally.counted(connection, as_of),
        items=items,
        item_codes=codes,
        merge_requests=tuple(by_ref(connection, "merge_request", MergeRequest, as_of).values()),
        timeboxes=tuple(by_ref(connection, "timebox", Timebox, as_of).values()),
        observations=_respelled(told, [m.code for m in milestones]),
        baselines=history.baselines(connection, as_of),
        colours=history.colours(connection, as_of),
        freshness=runs.fresh(connection, as_of),
        problems=(*problems(connection, as_of, rows), *known.problems),
        standing=findings.in_force(connection, as_of),
        noted=findings.lately(connection, CONCERN, as_of, as_of - LATELY),
        former=former,
        deliveries=deliveries(connection, as_of),
        reports=ledger.reports(connection, as_of),
        moves=moves,
        fates=ledger.fates(connection, as_of, moves, {str(item.ref) for item in items}),
        read=_read(connection, as_of),
        marked=marks.since(_marks(connection, as_of)),
        champion=champion.body if (champion := in_force(connection, CHAMPION, as_of)) else "",
    )


def _read(connection: sa.Connection, as_of: datetime) -> dict[str, datetime]:
    """When each connection had been read before this moment."""
    before = runs.fresh(connection, as_of - MICROSECOND)
    return {each.connection: each.good for each in before if each.good is not None}


def _marks(connection: sa.Connection, as_of: datetime) -> Iterator[tuple[str, datetime, Any]]:
    """All versions up to ``as_of`` of the rows of which it is asked since when they say what they do."""
    those = (fact.c.entity.in_(marks.ENTITIES), fact.c.seen <= as_of)
    query = sa.select(fact.c.ref, fact.c.seen, fact.c.body).where(*those).order_by(fact.c.seen, fact.c.id)
    return ((row.ref, row.seen, fact_of(row.body)) for row in connection.execute(query))


def _ours(connection: sa.Connection, rows: Plan, as_of: datetime) -> tuple[tuple[Milestone, ...], tuple[Former, ...]]:
    """Our milestones, and the former lives of their bindings. A code that was minted for a thing before it was known whose
    promise goes on as it is none, unless a row speaks of it.
    """
    known = identities.milestones(connection, as_of)
    went = rebindings.rebindings(connection)
    if not went:
        return known, ()
    ties = identities.bindings(connection, None)
    over = ghosts(ties, went, known, as_of) - {row.code for row in rows.milestones}
    return tuple(each for each in known if each.code not in over), formers(ties, went, as_of)


def plan(connection: sa.Connection, as_of: datetime) -> Plan:
    """The rows of the plan in force at ``as_of`` that are still there, one a code (``compute.rivals``), by code."""
    return settled(connection, as_of).plan


def settled(connection: sa.Connection, as_of: datetime) -> Settled:
    """The plan in force at ``as_of``, with what is to be said of codes that stand in several sheets."""
    rows, removed = _rows(connection, as_of), _removed(connection, as_of)
    kept = standing_rows(rows, removed)
    return settle(kept, _histories(connection, rivals(kept), as_of), before(rows, kept, removed))


def _removed(connection: sa.Connection, as_of: datetime) -> dict[str, datetime]:
    """The connections that the settings named no more at ``as_of``, with when they were read last."""
    told = [each for each in runs.fresh(connection, as_of) if each.state == REMOVED]
    return {each.connection: each.good or as_of for each in told}


def _histories(connection: sa.Connection, rows: Collection[Name], as_of: datetime) -> Mapping[Name, Sequence[Version]]:
    """All versions of these rows up to ``as_of``, by name, in order."""
    found: defaultdict[Name, list[Version]] = defaultdict(list)
    entities, sheets = {entity for entity, _, _ in rows}, {sheet for _, sheet, _ in rows}
    those = (fact.c.entity.in_(sorted(entities)), fact.c.connection.in_(sorted(sheets)), fact.c.seen <= as_of)
    query = sa.select(fact.c.body, fact.c.seen, fact.c.until, fact.c.gone).where(*those)
    for row in connection.execute(query.order_by(fact.c.seen, fact.c.id)) if rows else ():
        told = fact_of(row.body)
        if isinstance(told, CodedRow) and name_of(told) in rows:
            found[name_of(told)].append(Version(told, row.seen, row.until, row.gone is not None))
    return found


def _rows(connection: sa.Connection, as_of: datetime) -> Plan:
    """The rows of all sheets, also of one code."""
    rows: dict[str, list[Any]] = {entity: [] for entity in PLAN}
    query = sa.select(fact.c.entity, fact.c.body).where(fact.c.entity.in_(PLAN), fact.c.gone.is_(None))
    for row in connection.execute(query.where(standing(fact, as_of, "seen")).order_by(fact.c.ref)):
        rows[row.entity].append(fact_of(row.body))
    return Plan(
        programs=_ordered(rows["program"], ProgramRow),
        projects=_ordered(rows["project"], ProjectRow),
        milestones=_ordered(rows["milestone_input"], MilestoneRow),
        bindings=_ordered(rows[BINDING_ROW], BindingRow),
        decisions=_ordered(rows["decision"], DecisionRow),
        risks=_ordered(rows["risk"], RiskRow),
        people=_ordered(rows["person"], PersonRow),
        calendar=_ordered(rows["calendar"], CalendarRow),
        notes=_ordered(rows["project_note"], ProjectNoteRow),
        actions=_ordered(rows["action"], ActionRow),
        answers=_ordered(rows["attention_answer"], AttentionAnswerRow),
        causes=_ordered(rows["ledger_answer"], LedgerAnswerRow),
        texts=_ordered(rows["report_text"], ReportTextRow),
    )


def typings(connection: sa.Connection, as_of: datetime) -> dict[Ref, tuple[Typing, ...]]:
    """All that the rows of all sheets ever said by ``as_of``, also those that are gone, each oldest first."""
    found: defaultdict[Ref, list[Typing]] = defaultdict(list)
    columns = (fact.c.ref, fact.c.body, fact.c.seen, fact.c.until, fact.c.gone)
    query = sa.select(*columns).where(fact.c.entity.in_(PLAN), fact.c.seen <= as_of)
    for row in connection.execute(query.order_by(fact.c.ref, fact.c.seen, fact.c.id)):
        told = fact_of(row.body)
        if isinstance(told, PlanRow):
            found[ref_of(row.ref)].append(Typing(told, row.seen, row.until, row.gone is not None))
    return {ref: tuple(versions) for ref, versions in found.items()}


def numbers(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """Input tab → the numbers that decisions and risks ever had, sorted."""
    query = sa.select(fact.c.body).where(fact.c.entity.in_(("decision", "risk")))
    rows = [fact_of(body) for body in connection.scalars(query)]
    return {
        "decisions": tuple(sorted({row.number for row in rows if isinstance(row, DecisionRow)})),
        "risks": tuple(sorted({row.id for row in rows if isinstance(row, RiskRow)})),
    }


def by_ref(connection: sa.Connection, entity: str, kind: type[T], as_of: datetime) -> dict[Ref, T]:
    """All facts of an entity in force at ``as_of``, also those not visible, by ref."""
    found = (value for value in entities(connection, entity, as_of) if isinstance(value, kind))
    return {value.ref: value for value in found}  # type: ignore[attr-defined]


def entities(connection: sa.Connection, entity: str, as_of: datetime) -> Iterator[Any]:
    """The facts or rows of an entity in force at ``as_of``, ordered by ref; what goes on as another is told as that one."""
    held = (fact.c.entity == entity, standing(fact, as_of, "seen"), ~superseded(fact.c.ref, as_of))
    query = sa.select(fact.c.body).where(*held).order_by(fact.c.ref)
    return map(fact_of, connection.scalars(query).all())


def problems(connection: sa.Connection, as_of: datetime, rows: Plan) -> tuple[Problem, ...]:
    """What a person should mend, as known at ``as_of``, each with when it was first told so; ``rows`` are the plan's."""
    query = sa.select(problem.c.ref, problem.c.body, problem.c.since).where(
        standing(problem, as_of), ~superseded(problem.c.ref, as_of)
    )
    found: dict[Problem, datetime] = {}
    for row in connection.execute(query.order_by(problem.c.ref, problem.c.id)):
        for told in _told(ref_of(row.ref), problem_of(row.body), rows, as_of):
            found[told] = min(found.get(told, row.since), row.since)
    return tuple(structs.replace(each, since=since) for each, since in found.items())


def _told(ref: Ref, found: Problem, rows: Plan, as_of: datetime) -> tuple[Problem, ...]:
    """A kept finding as it is told: with its sheet, and by what became of its code."""
    placed = structs.replace(found, connection=_sheet(ref))
    return going_on(ref, placed, rows, as_of.date()) if ref.kind == NOTE else (placed,)


def _sheet(ref: Ref) -> str:
    """The connection of the sheet in which a row stands, or stood; "" of other things."""
    return ref.connection if ref.kind in (KIND, NOTE) else ""


def _gone(connection: sa.Connection, as_of: datetime) -> dict[Ref, datetime]:
    query = sa.select(fact.c.ref, fact.c.gone).where(
        standing(fact, as_of, "seen"), fact.c.gone.is_not(None), ~superseded(fact.c.ref, as_of)
    )
    return {ref_of(row.ref): row.gone for row in connection.execute(query.order_by(fact.c.ref))}


def _ordered(rows: Iterable[Any], kind: type[T]) -> tuple[T, ...]:
    """Rows by what people type to name them, then by place."""
    return tuple(sorted((row for row in rows if isinstance(row, kind)), key=_place))


def _place(row: Any) -> tuple[str, str, str, int]:
    name = getattr(row, "code", "") or getattr(row, "number", "") or getattr(row, "id", "") or getattr(row, "key", "")
    return name, row.place.connection, row.place.tab, row.place.row


def _respelled(
    observations: Mapping[str, tuple[Observation, ...]], codes: Iterable[str]
) -> dict[str, tuple[Observation, ...]]:
    """Observations of a milestone row under our spelling of its code."""
    spelled = {code.casefold(): code for code in codes}
    return {spelled.get(name.strip().casefold(), name): values for name, values in observations.items()}
