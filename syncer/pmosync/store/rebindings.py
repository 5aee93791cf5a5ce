"""Which things go on as which others, dated: what is asked of the past shows the world before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pmosync.compute.absence import without
from pmosync.compute.identity import IdentityChanges
from pmosync.compute.rebind import Moves, Thing
from pmosync.model import Fact, Rebinding, Run
from pmosync.raw import Ref
from pmosync.store import holds, identities
from pmosync.store.bulk import add_new
from pmosync.store.codec import fact_of, ref_of
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.tables import fact, missing, rebinding

ENTITIES = ("work_item", "source_milestone", "merge_request", "timebox", "source_project")
"""What may go on as another: facts of sources; rows of the plan have codes of their own."""
NAMEABLE = ("source_milestone", "source_project")
"""What a typed row can name: projects, groups and milestones, few among all that goes on after a migration."""


def rebindings(connection: sa.Connection, as_of: datetime | None = None) -> tuple[Rebinding, ...]:
    """All ever (None), or those in force at ``as_of``, by the old thing."""
    query = sa.select(rebinding).order_by(rebinding.c.old, rebinding.c.since, rebinding.c.id)
    rows = connection.execute(query if as_of is None else query.where(standing(rebinding, as_of)))
    return tuple(map(rebinding_of, rows))


def rebinding_of(row: Any) -> Rebinding:
    """The rebinding of a row."""
    return Rebinding(old=ref_of(row.old), new=ref_of(row.new), since=row.since, until=row.until)


def rebinding_row(value: Rebinding, run: int) -> dict[str, Any]:
    """A rebinding as a row."""
    return {"old": str(value.old), "new": str(value.new), "since": value.since, "until": value.until, "run": run}


def superseded(ref: sa.ColumnElement[Any], as_of: datetime | None = None) -> sa.ColumnElement[bool]:
    """Whether the thing of this ref goes on as another at ``as_of`` (None: now)."""
    held = rebinding.c.until.is_(None) if as_of is None else standing(rebinding, as_of)
    return sa.exists().where(rebinding.c.old == ref, held)


def write(connection: sa.Connection, run: Run, moves: Moves) -> int:
    """Carry out what was decided: rebindings, our ties, and holds on what is not missing but goes on. The rows written."""
    _end(connection, moves.ended, run)
    written = add_new(connection, rebinding, [rebinding_row(each, run.id) for each in moves.begun])
    changes = IdentityChanges(at=moves.at, bindings=moves.ties, ended=moves.untied)
    written += identities.tie(connection, run, changes)
    _settle(connection, {each.old for each in moves.begun}, moves.at)
    return written + len(moves.ended)


def _end(connection: sa.Connection, ended: Iterable[Rebinding], run: Run) -> None:
    over = sa.update(rebinding).where(rebinding.c.old == sa.bindparam("old_"), rebinding.c.until.is_(None))
    rows = [{"old_": str(each.old), "at": each.until, "by": run.id} for each in ended]
    if rows:
        connection.execute(over.values(until=sa.bindparam("at"), run=sa.bindparam("by")), rows)


def _settle(connection: sa.Connection, gone: Collection[Ref], at: datetime) -> None:
    """A hold on things that go on as others is over, or holds the rest."""
    for hold in holds.holds(connection):
        rest = without(hold, gone) if hold.refs else hold
        if rest is None or rest.id != hold.id:
            holds.lift(connection, hold.id, at)
        if rest is not None and rest != hold:
            holds.put(connection, rest, at)


def things(connection: sa.Connection, names: Collection[str]) -> Iterator[Thing]:
    """Everything ever seen of these connections as it was last known, by ref."""
    wanted = (fact.c.connection.in_(names), fact.c.entity.in_(ENTITIES))
    last = sa.select(sa.func.max(fact.c.id).label("id"), sa.func.min(fact.c.seen).label("first"))
    newest = last.where(*wanted).group_by(fact.c.ref).subquery()
    query = (
        sa.select(fact.c.body, fact.c.until, fact.c.gone, newest.c.first, missing.c.first.label("lost"))
        .join(newest, newest.c.id == fact.c.id)
        .outerjoin(missing, missing.c.record == fact.c.record)
        .order_by(fact.c.ref)
    )
    for row in connection.execute(query).all():
        lost = min((at for at in (row.gone, row.lost) if at is not None), default=None)
        yield Thing(fact_of(row.body), row.first, row.until, lost)


def went(connection: sa.Connection) -> dict[Ref, Ref]:
    """What the projects, groups and milestones that typed rows may still name go on as now, by the old thing."""
    nameable = sa.select(fact.c.ref).where(fact.c.entity.in_(NAMEABLE))
    query = sa.select(rebinding.c.old, rebinding.c.new).where(rebinding.c.until.is_(None))
    return {ref_of(row.old): ref_of(row.new) for row in connection.execute(query.where(rebinding.c.old.in_(nameable)))}


def former_facts(connection: sa.Connection, refs: Iterable[Ref]) -> dict[Ref, Fact]:
    """The projects, groups and milestones among these as they were last known; what was never read here is left out."""
    found: dict[Ref, Fact] = {}
    for piece in chunks(sorted(map(str, refs))):
        last = sa.select(sa.func.max(fact.c.id)).where(fact.c.ref.in_(piece), fact.c.entity.in_(NAMEABLE))
        bodies = sa.select(fact.c.body).where(fact.c.id.in_(last.group_by(fact.c.ref)))
        found |= {each.ref: each for each in map(fact_of, connection.scalars(bodies))}
    return found
