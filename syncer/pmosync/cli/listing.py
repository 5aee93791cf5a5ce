"""What the systems list now, for ``check``: whether a name of the Bindings tab fits anything, and what it may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from msgspec import Struct, structs

from pmosync.compute.identity.state import nothing
from pmosync.compute.identity.typed import FORMS
from pmosync.compute.place import spot
from pmosync.connector import Source, nothing_kept
from pmosync.engine.house import House, Lane
from pmosync.engine.sync import scopes
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.mapping import Context, translate
from pmosync.model import BindingRow, Fact, Plan, PlanRow, Problem, SourceMilestone, SourceProject
from pmosync.raw import Batch, RawRecord, Unit

NAMELESS = ("names-nothing", "name-changed")
"""Rules of a name that fits nothing (any more)."""
AMONG_ITEMS = "epic"
"""The form of a milestone that its system lists among the items."""
NEAREST, ALIKE = 3, 0.4


class Listed(Struct, frozen=True):
    """What the systems list now: milestones and projects, and (connection, word of a binding) pairs listed in full."""

    facts: tuple[Fact | PlanRow, ...] = ()
    whole: frozenset[tuple[str, str]] = frozenset()


def joined(found: Iterable[Listed]) -> Listed:
    """What all connections list."""
    lists = tuple(found)
    whole = frozenset[tuple[str, str]]().union(*(listed.whole for listed in lists))
    return Listed(tuple(fact for listed in lists for fact in listed.facts), whole)


def listing(house: House, lane: Lane, plan: Plan) -> Listed:
    """What a connection lists in full, if a binding names a thing of such a list; nothing where it cannot be asked,
    which its own findings say.
    """
    if not _names(lane, plan, FORMS):
        return Listed()
    answer = guarded(lambda: _read(house, lane, plan))
    return Listed() if isinstance(answer, PmosyncError) else answer


def named(
    problems: Iterable[Problem],
    rows: Sequence[BindingRow],
    whole: frozenset[tuple[str, str]],
    sources: Sequence[SourceMilestone],
    unread: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """The problems of identity; of names that fit nothing those alone whose list was read in full, with what is called
    most alike. Where a system lists nothing at all, no name fits. Of the ``unread`` connections a binding cannot be read:
    what its part would list is not known, and a name is looked for in the others.
    """
    named = [row for row in rows if row.scope.what in FORMS]
    known = [row for row in named if (row.system, row.scope.what) in whole]
    yield from _beside(problems := tuple(problems), [row for row in named if row not in known], sources, unread)
    sure = {spot(row.place, "which"): row for row in known}
    told = set()
    for problem in problems:
        row = sure.get(problem.place)
        if problem.rule not in NAMELESS:
            yield problem
        elif row is not None:
            told.add(problem.place)
            yield _with_nearest(problem, row, sources)
    empty = {system for system, _ in whole} - {source.ref.connection for source in sources}
    yield from (nothing(row) for place, row in sure.items() if row.system in empty and place not in told)


def _beside(
    problems: Iterable[Problem],
    rows: Iterable[BindingRow],
    sources: Sequence[SourceMilestone],
    unread: frozenset[str],
) -> Iterator[Problem]:
    """Names that fit nothing of what can be read of a system, where a binding of it cannot be."""
    told = {problem.place: problem for problem in problems if problem.rule in NAMELESS}
    there = {source.ref.connection for source in sources}
    for row in (each for each in rows if each.system in unread):
        lost = told.get(spot(row.place, "which")) or (None if row.system in there else nothing(row))
        if lost is not None:
            yield _unsure(_with_nearest(lost, row, sources), row)


def _unsure(problem: Problem, row: BindingRow) -> Problem:
    """A name that may stand where nobody can look yet."""
    return structs.replace(
        problem,
        message=f"{row.code}: no {row.scope.what} named {row.scope.which!r} in what can be read of {row.system}",
        remedy=f"mend the bindings of {row.system} that cannot be read; if that does not help, {problem.remedy}",
    )


def nearest(row: BindingRow, sources: Iterable[SourceMilestone]) -> tuple[str, ...]:
    """What is called most alike a row's name, of its own system and form, best first. Restricted things keep their
    names to themselves.
    """
    there = [s for s in sources if (s.ref.connection, s.form) == (row.system, row.scope.what) and not s.restricted]
    called = {word.casefold(): source.title for source in there for word in (source.title, source.key) if word}
    found = get_close_matches(row.scope.which.strip().casefold(), called, NEAREST, ALIKE)
    return tuple(dict.fromkeys(called[word] for word in found))


def _with_nearest(problem: Problem, row: BindingRow, sources: Sequence[SourceMilestone]) -> Problem:
    found = nearest(row, sources) if problem.rule == "names-nothing" else ()
    if not found:
        return problem
    return structs.replace(problem, remedy=f"{problem.remedy}; nearest: {', '.join(map(repr, found))}")


def _names(lane: Lane, plan: Plan, forms: Sequence[str]) -> bool:
    return any(row.system == lane.connection and row.scope.what in forms for row in plan.bindings)


def _read(house: House, lane: Lane, plan: Plan) -> Listed:
    """Of each unit the batches that list something whole. Epics are items among others: where one is named, units that
    hold items are read as the next sync would, from where the last one stopped; nothing of it is kept.
    """
    source = lane.open(scopes(plan.bindings, lane.connection), nothing_kept)
    facts: list[Fact | PlanRow] = []
    whole: set[tuple[str, str]] = set()
    context = Context(base_url=lane.base_url, known=frozenset(house.store.sources(house.now())), seen=house.now())
    among = _names(lane, plan, (AMONG_ITEMS,))
    try:
        for unit in source.units():
            for batch in _batches(house, source, unit, among):
                facts += _heads(lane, batch.records, context)
                whole |= {(lane.connection, kind) for kind in batch.whole}
    finally:
        source.close()
    if among:
        whole.add((lane.connection, AMONG_ITEMS))
    return Listed(tuple(facts), frozenset(whole))


def _heads(lane: Lane, records: Iterable[RawRecord], context: Context) -> Iterator[Fact | PlanRow]:
    """The milestones and projects that records tell; items are let go of."""
    told = (fact for raw in records for fact in translate(lane.mapping, raw, context).facts)
    return (fact for fact in told if isinstance(fact, SourceMilestone | SourceProject))


def _batches(house: House, source: Source, unit: Unit, among: bool) -> Iterator[Batch]:
    """The batches of a unit that lists something whole; of one that holds items what changed since the last sync, or
    nothing if no epic is asked for.
    """
    for batch in source.pull(unit, None):
        if not batch.whole:
            break
        yield batch
    else:
        return
    if among:
        yield from source.pull(unit, house.store.cursors(unit.connection).get(unit.key))
