"""What ``check`` can prove of the plan: its bindings and codes, by the rules that a sync tells them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain

from msgspec import Struct, structs

from pmosync.cli.listing import NAMELESS, joined, listing, named
from pmosync.compute import checks, coarse, lifecycle
from pmosync.compute.calendars import clocks
from pmosync.compute.homes import SETTINGS, plan_at_home
from pmosync.compute.identity import identify
from pmosync.compute.people import people
from pmosync.compute.policy import Policy
from pmosync.compute.rivals import standing
from pmosync.compute.spelling import spelled
from pmosync.connector import nothing_kept
from pmosync.engine.house import House, Lane
from pmosync.engine.intake import read
from pmosync.errors import PmosyncError, UnreadError
from pmosync.guard import guarded
from pmosync.mapping import Context, People, Translation
from pmosync.model import (
    ActionRow,
    AttentionAnswerRow,
    BindingRow,
    CalendarRow,
    DecisionRow,
    LedgerAnswerRow,
    MilestoneRow,
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
)
from pmosync.raw import Batch, RawRecord, Unit

SECTIONS = {
    "programs": ProgramRow,
    "projects": ProjectRow,
    "milestones": MilestoneRow,
    "bindings": BindingRow,
    "decisions": DecisionRow,
    "risks": RiskRow,
    "people": PersonRow,
    "calendar": CalendarRow,
    "notes": ProjectNoteRow,
    "actions": ActionRow,
    "answers": AttentionAnswerRow,
    "causes": LedgerAnswerRow,
    "texts": ReportTextRow,
}
TELLING = frozenset({"unknown-code", "unknown-system", "unknown-person", *NAMELESS, "name-fits-two", "duplicate-code"})
"""Rules of identity that are told: of what points nowhere or at two things. The others tell of the data, which a sync
does."""
OPEN = frozenset({"not-committed", "no-learning-date", "date-to-sharpen"})
"""Rules of what people have not decided yet: a plan with them is no faulty one, and the workbook asks for it."""


class Drawn(Struct, frozen=True):
    """The plan as it is now: that of the settings file, of the input tabs, and of what the last sync read where a tab
    cannot be read. ``problems`` are those of its rows, as a sync tells them.
    """

    plan: Plan
    problems: tuple[Problem, ...]


def draw(house: House) -> Drawn:
    """The plan in force if a sync ran now."""
    tabs = {lane.connection: _typed(lane) for lane in house.lanes if lane.plan}
    teams = {lane.connection for lane in house.lanes if of_a_team(lane, house)}
    typed = [_named(raw) if name in teams else raw for name, found in tabs.items() for raw in found.rows]
    fresh = {SETTINGS, *(name for name, found in tabs.items() if found.whole)}
    seen = {(raw.ref.connection, str(raw.payload["tab"])) for raw in typed}
    kept = [row for row in _rows_of(house.store.plan(house.now())) if row.place.connection not in fresh]
    kept = [row for row in kept if (row.place.connection, row.place.tab) not in seen]
    known = [row for row in (*kept, *_rows(_told(house, [*typed, *house.own_rows]))) if isinstance(row, PersonRow)]
    own, now = _told(house, house.own_rows, People(known)), _told(house, typed, People(known))
    rows = [*kept, *_rows(now), *_rows(own)]
    sections = {name: tuple(row for row in rows if isinstance(row, kind)) for name, kind in SECTIONS.items()}
    problems = [each for translation in (*own, *now) for each in translation.problems]
    left = {row.place.connection: house.now() for row in kept if row.place.connection not in tabs}
    plan = standing(Plan(**sections), left)  # type: ignore[arg-type]
    return Drawn(plan_at_home(plan, []), tuple(problems))


def faults(house: House, drawn: Drawn, unread: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """What is wrong with the plan by itself, by the rules of a sync, each once, with its line or its tab and cell.

    Containers that a system does not show are told by its connector; ``unread`` are the connections with such a one.
    """
    store, now, plan = house.store, house.now(), drawn.plan
    lanes = [lane for lane in house.lanes if not lane.plan]
    listed = joined(listing(house, lane, plan) for lane in lanes)
    sources = {**store.sources(now), **{one.ref: one for one in listed.facts if isinstance(one, SourceMilestone)}}
    changes = identify(
        plan,
        sources,
        {**store.source_projects(now), **{one.ref: one for one in listed.facts if isinstance(one, SourceProject)}},
        store.identities(),
        now,
        connections=frozenset(lane.connection for lane in lanes),
    )
    promises = {each.code for each in (*store.identities().milestones, *changes.milestones)}
    promises |= {row.code for row in plan.milestones}
    codes = promises | {row.code for rows in (plan.programs, plan.projects) for row in rows}
    ties = named(changes.problems, plan.bindings, listed.whole, tuple(sources.values()), unread)
    pointing = (each for each in ties if each.rule in TELLING)
    snapshot = structs.replace(store.snapshot(now), plan=plan)
    yield from checks.canonical(
        (*drawn.problems, *pointing, *_of_rows(snapshot, frozenset(codes), promises, house.policy, now))
    )


def _of_rows(
    snapshot: Snapshot, codes: frozenset[str], promises: Collection[str], policy: Policy, now: datetime
) -> Iterator[Problem]:
    """What a sync says of rows that can be read; ``promises`` are the ``codes`` of milestones."""
    snapshot = spelled(snapshot)
    times = clocks(snapshot.plan.calendar, snapshot.plan.projects, policy, now)
    snapshot = coarse.settled(snapshot, times)
    plan = snapshot.plan
    told = chain(
        times.problems,
        lifecycle.problems(plan.decisions, codes, promises),
        checks.of_plan(snapshot, people(plan.people), codes, policy),
        checks.of_decisions(snapshot, times, policy),
    )
    return (each for each in told if each.rule not in OPEN)


def _rows_of(plan: Plan) -> Iterator[PlanRow]:
    return chain.from_iterable(getattr(plan, name) for name in SECTIONS)


def _rows(told: Iterable[Translation]) -> tuple[PlanRow, ...]:
    return tuple(fact for translation in told for fact in translation.facts if isinstance(fact, PlanRow))


def _told(house: House, rows: Iterable[RawRecord], known: People | None = None) -> list[Translation]:
    context = Context(seen=house.now(), people=known or People())
    batch = Batch(Unit(SETTINGS, "plan"), tuple(rows))
    return [translation for _, translation in read(house.store, house.rows_mapping, batch, context)]


def of_a_team(lane: Lane, house: House) -> bool:
    """Whether a lane reads a spreadsheet beside the workbooks: what is found there is told under its connection."""
    return lane.plan and lane.connection not in {shelf.name for shelf in house.shelves}


def _named(raw: RawRecord) -> RawRecord:
    """A row whose cells are told under its connection."""
    told = {key: f"{raw.ref.connection}: {address}" for key, address in raw.payload["addresses"].items()}
    return structs.replace(raw, payload={**raw.payload, "addresses": told})


class Typed(Struct, frozen=True):
    """The rows of a plan lane that could be read, and whether all of its tabs could: its own findings say which not."""

    rows: tuple[RawRecord, ...]
    whole: bool


def _typed(lane: Lane) -> Typed:
    answer = guarded(lambda: _pulled(lane))
    return Typed((), False) if isinstance(answer, PmosyncError) else answer


def _pulled(lane: Lane) -> Typed:
    source, rows = lane.open((), nothing_kept), list[RawRecord]()
    try:
        for unit in source.units():
            for batch in source.pull(unit, None):
                rows += batch.records
    except UnreadError:
        return Typed(tuple(rows), False)
    finally:
        source.close()
    return Typed(tuple(rows), True)
