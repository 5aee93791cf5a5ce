"""Who shows what: units and their records, what a census missed, what is not visible any more. Silence is never deletion."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from pmosync.model import Observation, Run, SourceMilestone, WorkItem
from pmosync.raw import Ref, Unit
from pmosync.store import facts
from pmosync.store.codec import fact_of, ref_of
from pmosync.store.database import chunks, upsert
from pmosync.store.tables import fact, member, missing, record, serves


def show(connection: sa.Connection, run: Run, unit: Unit, records: Sequence[Ref]) -> None:
    """This unit has shown these records now: they are not missing."""
    rows = [
        {"connection": unit.connection, "unit": unit.key, "record": str(ref), "kind": ref.kind, "run": run.id}
        for ref in records
    ]
    if rows:
        connection.execute(upsert(connection, member)("run"), rows)
        found(connection, records)


def unlisted(connection: sa.Connection, unit: Unit, kind: str, seen: Collection[Ref]) -> tuple[Ref, ...]:
    """Records of this kind that the unit has shown, that are in force and visible, and that are not in ``seen``; sorted."""
    query = (
        sa.select(member.c.record)
        .join(fact, sa.and_(fact.c.record == member.c.record, fact.c.until.is_(None), fact.c.gone.is_(None)))
        .where(member.c.connection == unit.connection, member.c.unit == unit.key, member.c.kind == kind)
    )
    listed = {str(ref) for ref in seen}
    return tuple(sorted(ref_of(text) for text in set(connection.scalars(query)) - listed))


def miss(connection: sa.Connection, refs: Sequence[Ref], at: datetime) -> None:
    """A list of everything at ``at`` did not hold these."""
    insert = upsert(connection, missing)
    rows = [
        {"record": str(ref), "connection": ref.connection, "first": at, "last": at, "times": 0}
        for ref in dict.fromkeys(refs)
    ]
    if not rows:
        return
    connection.execute(insert(), rows)
    for piece in chunks([row["record"] for row in rows]):
        again = sa.update(missing).where(missing.c.record.in_(piece))
        connection.execute(again.values(times=missing.c.times + 1, last=at))


def missed(connection: sa.Connection, of: str) -> dict[Ref, datetime]:
    """What is missing of a connection, and since which list it is."""
    rows = connection.execute(sa.select(missing.c.record, missing.c.first).where(missing.c.connection == of))
    return {ref_of(row.record): row.first for row in rows}


def found(connection: sa.Connection, refs: Sequence[Ref]) -> None:
    """These are not missing any more."""
    for piece in chunks([str(ref) for ref in refs]):
        connection.execute(sa.delete(missing).where(missing.c.record.in_(piece)))


def hide(connection: sa.Connection, refs: Sequence[Ref], since: datetime, at: datetime) -> list[Observation]:
    """New versions, not visible since ``since``, of what these records tell: they stay in scope. The observations to append."""
    rows = [row for row in facts.in_force(connection, [str(ref) for ref in refs], "record") if row.gone is None]
    new = [facts.hidden(row, since, at) for row in rows]
    facts.replace(connection, {row.ref: row for row in rows}, new)
    found(connection, refs)
    watched = [row["ref"] for row in new if isinstance(fact_of(row["body"]), (SourceMilestone, WorkItem))]
    return [Observation(of=text, field="gone", old="false", new="true", seen=at) for text in watched]


def retire(connection: sa.Connection, refs: Sequence[Ref], at: datetime) -> int:
    """End what these records tell: positively deleted, moved away, or a row taken out of the plan.

    The number of versions ended.
    """
    rows = list(facts.in_force(connection, [str(ref) for ref in refs], "record"))
    for piece in chunks([row.id for row in rows]):
        connection.execute(sa.update(fact).where(fact.c.id.in_(piece)).values(until=_later(at)))
    over = sa.update(serves).where(serves.c.until.is_(None)).values(until=at)
    for names in chunks([row.ref for row in rows]):
        connection.execute(over.where(serves.c.item.in_(names)))
    for gone in chunks([str(ref) for ref in refs]):
        connection.execute(sa.delete(member).where(member.c.record.in_(gone)))
        connection.execute(sa.delete(record).where(record.c.ref.in_(gone)))
    facts.write_problems(connection, {row.ref: () for row in rows}, at)
    found(connection, refs)
    return len(rows)


def reach(connection: sa.Connection, unit: Unit) -> tuple[Ref, ...]:
    """The source milestones that the items shown by this unit serve now; sorted."""
    query = (
        sa.select(serves.c.milestone)
        .distinct()
        .join(fact, sa.and_(fact.c.ref == serves.c.item, fact.c.until.is_(None)))
        .join(member, member.c.record == fact.c.record)
        .where(serves.c.until.is_(None), member.c.connection == unit.connection, member.c.unit == unit.key)
    )
    return tuple(sorted(map(ref_of, connection.scalars(query))))


def _later(at: datetime) -> sa.ColumnElement[datetime]:
    """``at``, but never before the version itself began."""
    return sa.case((fact.c.seen > at, fact.c.seen), else_=sa.literal(at, fact.c.seen.type))
