"""What ``check`` can prove of the plan: its bindings and codes, by the rules that a sync tells them by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct, structs

from pmosync.compute.checks import of_plan
from pmosync.compute.homes import SETTINGS, plan_at_home
from pmosync.compute.identity import identify
from pmosync.compute.identity.typed import FORMS
from pmosync.compute.people import people
from pmosync.connector import nothing_kept
from pmosync.engine.house import House, Lane
from pmosync.engine.sync import scopes
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.mapping import Context, People, Translation, translate
from pmosync.model import (
    BindingRow,
    CalendarRow,
    DecisionRow,
    Fact,
    MilestoneRow,
    PersonRow,
    Plan,
    PlanRow,
    Problem,
    ProgramRow,
    ProjectRow,
    RiskRow,
    SourceMilestone,
    SourceProject,
)
from pmosync.raw import RawRecord

SECTIONS = {
    "programs": ProgramRow,
    "projects": ProjectRow,
    "milestones": MilestoneRow,
    "bindings": BindingRow,
    "decisions": DecisionRow,
    "risks": RiskRow,
    "people": PersonRow,
    "calendar": CalendarRow,
}
TELLING = frozenset(
    {"unknown-code", "unknown-system", "unknown-person", "names-nothing", "name-fits-two", "duplicate-code"}
)
"""Rules of what points nowhere or at two things. The others tell of the data, which a sync does."""


class Drawn(Struct, frozen=True):
    """The plan as it is now: that of the settings file, of the input tabs, and of what the last sync read where a tab
    cannot be read. ``problems`` are those of its rows: all of the file's, of a tab's those that point nowhere.
    """

    plan: Plan
    problems: tuple[Problem, ...]


class Listed(Struct, frozen=True):
    """What the systems list now: milestones and projects, and (connection, word of a binding) pairs listed in full."""

    facts: tuple[Fact | PlanRow, ...] = ()
    whole: frozenset[tuple[str, str]] = frozenset()


def draw(house: House) -> Drawn:
    """The plan in force if a sync ran now."""
    tabs = {lane.connection: _typed(lane) for lane in house.lanes if lane.plan}
    typed = [raw for rows in tabs.values() if rows is not None for raw in rows]
    fresh = {SETTINGS, *(name for name, rows in tabs.items() if rows is not None)}
    kept = [row for row in _rows_of(house.store.plan(house.now())) if row.place.connection not in fresh]
    known = [row for row in (*kept, *_rows(_told(house, [*typed, *house.own_rows]))) if isinstance(row, PersonRow)]
    own, now = _told(house, house.own_rows, People(known)), _told(house, typed, People(known))
    rows = [*kept, *_rows(now), *_rows(own)]
    sections = {name: tuple(row for row in rows if isinstance(row, kind)) for name, kind in SECTIONS.items()}
    problems = [
        *(each for translation in own for each in translation.problems),
        *(each for translation in now for each in translation.problems if each.rule in TELLING),
    ]
    return Drawn(plan_at_home(Plan(**sections), []), tuple(problems))  # type: ignore[arg-type]


def faults(house: House, drawn: Drawn) -> Iterator[Problem]:
    """What of the plan points nowhere or at two things, each once, with its line or its tab and cell.

    Containers that a system does not show are told by its connector. An epic is one of many items, so only a sync can
    tell that there is none of its name.
    """
    store, now, plan = house.store, house.now(), drawn.plan
    lanes = [lane for lane in house.lanes if not lane.plan]
    found = [_listed(house, lane, plan) for lane in lanes]
    facts = [fact for listed in found for fact in listed.facts]
    whole = frozenset[tuple[str, str]]().union(*(listed.whole for listed in found))
    changes = identify(
        plan,
        {**store.sources(now), **{fact.ref: fact for fact in facts if isinstance(fact, SourceMilestone)}},
        {**store.source_projects(now), **{fact.ref: fact for fact in facts if isinstance(fact, SourceProject)}},
        store.identities(),
        now,
        connections=frozenset(lane.connection for lane in lanes),
    )
    silent = {
        spot
        for row in plan.bindings
        if (row.system, row.scope.what) not in whole or row.scope.what not in FORMS
        for spot in row.place.addresses.values()
    }
    codes = {each.code for each in (*store.identities().milestones, *changes.milestones)}
    codes |= {row.code for rows in (plan.programs, plan.projects, plan.milestones) for row in rows}
    snapshot = structs.replace(store.snapshot(now), plan=plan)
    rows = of_plan(snapshot, people(plan.people), frozenset(codes), house.policy)
    told = chain(
        drawn.problems, (p for p in changes.problems if p.rule != "names-nothing" or p.place not in silent), rows
    )
    own = set(drawn.problems)
    yield from dict.fromkeys(each for each in told if each.rule in TELLING or each in own)


def _rows_of(plan: Plan) -> Iterator[PlanRow]:
    return chain.from_iterable(getattr(plan, name) for name in SECTIONS)


def _rows(told: Iterable[Translation]) -> tuple[PlanRow, ...]:
    return tuple(fact for translation in told for fact in translation.facts if isinstance(fact, PlanRow))


def _told(house: House, rows: Iterable[RawRecord], known: People | None = None) -> list[Translation]:
    context = Context(seen=house.now(), people=known or People())
    return [translate(house.rows_mapping, raw, context) for raw in rows]


def _typed(lane: Lane) -> list[RawRecord] | None:
    """The rows of a plan lane; None where it cannot be read, which its own findings say."""
    answer = guarded(lambda: _pulled(lane))
    return None if isinstance(answer, PmosyncError) else answer


def _pulled(lane: Lane) -> list[RawRecord]:
    source = lane.open((), nothing_kept)
    try:
        return [raw for unit in source.units() for batch in source.pull(unit, None) for raw in batch.records]
    finally:
        source.close()


def _listed(house: House, lane: Lane, plan: Plan) -> Listed:
    """What a connection lists in full, if a binding names a thing of such a list; nothing where it cannot be asked,
    which its own findings say.
    """
    if not any(row.system == lane.connection and row.scope.what in FORMS for row in plan.bindings):
        return Listed()
    answer = guarded(lambda: _heads(house, lane, plan))
    return Listed() if isinstance(answer, PmosyncError) else answer


def _heads(house: House, lane: Lane, plan: Plan) -> Listed:
    """Of each unit the batches that list something whole: of one that holds items only the first is asked for."""
    source = lane.open(scopes(plan.bindings, lane.connection), nothing_kept)
    records: list[RawRecord] = []
    whole: set[tuple[str, str]] = set()
    try:
        for unit in source.units():
            for batch in source.pull(unit, None):
                if not batch.whole:
                    break
                records += batch.records
                whole |= {(lane.connection, kind) for kind in batch.whole}
    finally:
        source.close()
    context = Context(base_url=lane.base_url, known=frozenset(house.store.sources(house.now())), seen=house.now())
    facts = tuple(fact for raw in records for fact in translate(lane.mapping, raw, context).facts)
    return Listed(facts, frozenset(whole))
