"""Who shows what: units and their records, what a census missed, what is not visible any more. Silence is never deletion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from pmosync.compute.absence import Stake
from pmosync.model import Observation, Run, SourceMilestone, WorkItem
from pmosync.raw import Ref, Unit
from pmosync.store import facts
from pmosync.store.bulk import add_new, add_or_replace
from pmosync.store.codec import fact_of, part_of, ref_of
from pmosync.store.database import chunks
from pmosync.store.rebindings import superseded
from pmosync.store.tables import binding, change, cursor, fact, member, missing, record, serves
from pmosync.store.versions import in_force

SCOPE = ("scope", "both")


def show(connection: sa.Connection, run: Run, unit: Unit, records: Sequence[Ref]) -> None:
    """This unit has shown these records now: they are not missing."""
    rows = [
        {"connection": unit.connection, "unit": unit.key, "record": str(ref), "kind": ref.kind, "run": run.id}
        for ref in records
    ]
    if rows:
        add_or_replace(connection, member, rows, ["run"])
        found(connection, records)


class Standing(Struct, frozen=True):
    """How what a unit listed of one kind stands to what is kept of it. ``absent``: shown by the unit before, in force and
    visible as far as known, not listed. ``unread``: shown before, telling nothing in force, not listed. ``back``: something
    listed is hidden, missing or retired, so ``returned`` has work to do. ``strangers``: listed, and never read by anybody.
    """

    absent: tuple[Ref, ...] = ()
    unread: tuple[Ref, ...] = ()
    back: bool = False
    strangers: tuple[Ref, ...] = ()


def standing(
    connection: sa.Connection, unit: Unit, lists: Mapping[str, Collection[Ref]], counted: bool
) -> dict[str, Standing]:
    """Each kind that is listed in full, held against what the unit has shown; by kind. ``counted``: everything was listed,
    so the kinds that the unit has shown and that are not among ``lists`` have lost all they had. What goes on as another
    thing is not missing.
    """
    if not (lists or counted):
        return {}
    shown: dict[str, _Shown] = defaultdict(_Shown)
    query = (
        sa.select(member.c.kind, member.c.record, fact.c.id, fact.c.gone)
        .outerjoin(fact, sa.and_(fact.c.record == member.c.record, fact.c.until.is_(None)))
        .where(member.c.connection == unit.connection, member.c.unit == unit.key, ~superseded(member.c.record))
    )
    for kind, name, version, gone in connection.execute(query):
        one = shown[kind]
        (one.silent if version is None else one.visible if gone is None else one.hidden).add(name)
    telling = {kind for kind, one in shown.items() if one.visible or one.hidden}
    missed = set(connection.scalars(sa.select(missing.c.record).where(missing.c.connection == unit.connection)))
    asked = sorted({*lists, *telling} if counted else lists)
    return {kind: _standing(connection, shown[kind], set(map(str, lists.get(kind, ()))), missed) for kind in asked}


class _Shown(Struct):
    """The records of one kind that a unit has shown: those that tell something visible, something hidden, or nothing."""

    visible: set[str] = msgspec.field(default_factory=set)
    hidden: set[str] = msgspec.field(default_factory=set)
    silent: set[str] = msgspec.field(default_factory=set)


def _standing(connection: sa.Connection, shown: _Shown, listed: set[str], missed: Set[str]) -> Standing:
    others = listed - shown.visible - shown.hidden - shown.silent
    return Standing(
        absent=tuple(sorted(map(ref_of, shown.visible - listed))),
        unread=tuple(sorted(map(ref_of, shown.silent - listed))),
        back=bool(listed & (missed | shown.hidden)) or (bool(others) and _were_here(connection, others)),
        strangers=tuple(sorted(map(ref_of, _never_read(connection, others)))),
    )


def _never_read(connection: sa.Connection, names: Collection[str]) -> set[str]:
    """Those of which nothing is kept and nothing was ever told, nor an entry of a history."""
    left = set(names)
    for column in (record.c.ref, fact.c.record, change.c.ref):
        for piece in chunks(sorted(left)):
            left -= set(connection.scalars(sa.select(column).where(column.in_(piece))))
    return left


def _were_here(connection: sa.Connection, names: Collection[str]) -> bool:
    """Whether any of these, which the unit has not shown, is hidden, or was retired: its record is taken away then."""
    kept = sa.exists().where(record.c.ref == fact.c.record)
    hidden = sa.and_(fact.c.until.is_(None), fact.c.gone.is_not(None))
    away = sa.select(fact.c.id).where(sa.or_(hidden, ~kept)).limit(1)
    return any(connection.scalar(away.where(fact.c.record.in_(piece))) is not None for piece in chunks(sorted(names)))


def rekeyed(connection: sa.Connection, unit: Unit, lost: Sequence[Ref]) -> int:
    """How many of these records tell a key that the unit shows under another id, too."""
    old, new = fact.alias(), fact.alias()
    gone = {str(ref) for ref in lost}
    shown = (
        sa.select(old.c.record, new.c.record.label("twin"))
        .join(new, sa.and_(new.c.key == old.c.key, new.c.entity == old.c.entity, new.c.record != old.c.record))
        .join(member, member.c.record == new.c.record)
        .where(member.c.connection == unit.connection, member.c.unit == unit.key, old.c.key != "")
        .where(old.c.connection == unit.connection, new.c.connection == unit.connection)
        .where(old.c.until.is_(None), new.c.until.is_(None))
    )
    rows = [row for piece in chunks(sorted(gone)) for row in connection.execute(shown.where(old.c.record.in_(piece)))]
    return len({row.record for row in rows if row.twin not in gone})


def elsewhere(connection: sa.Connection, unit: Unit) -> tuple[tuple[Ref, ...], dict[str, int]]:
    """The items that a unit alone shows, and of how many of them something else has the key too: a thing of another
    connection, or of this one under another id; by connection.
    """
    items = (fact.c.entity == "work_item", fact.c.until.is_(None), fact.c.key != "", ~superseded(fact.c.ref))
    here = sa.and_(member.c.connection == unit.connection, member.c.unit == unit.key)
    other = member.alias()
    also = sa.exists().where(other.c.record == member.c.record, other.c.unit != unit.key)
    own = sa.select(fact.c.record).join(member, member.c.record == fact.c.record).where(here, ~also, *items)
    refs = tuple(sorted(map(ref_of, connection.scalars(own))))
    # Lists of keys and records, no join: without an index on keys, a join would go through all items for each key.
    same = fact.c.key.in_(own.with_only_columns(fact.c.key).correlate(None))
    strange = fact.c.record.not_in(own.correlate(None))
    others = sa.select(fact.c.connection, sa.func.count(fact.c.key.distinct()).label("keys"))
    rows = connection.execute(others.where(same, strange, *items).group_by(fact.c.connection)) if refs else ()
    return refs, {row.connection: row.keys for row in rows}


def units(connection: sa.Connection, of: str) -> tuple[Unit, ...]:
    """The units of a connection that show anything or were read at all; sorted."""
    showing = sa.select(member.c.unit).where(member.c.connection == of)
    read = sa.select(cursor.c.unit).where(cursor.c.connection == of)
    return tuple(sorted(Unit(of, key) for key in connection.scalars(sa.union(showing, read))))


def leave(connection: sa.Connection, unit: Unit, refs: Sequence[Ref], at: datetime) -> int:
    """These belong to the unit no more; what no other unit shows leaves scope. The number of versions ended."""
    elsewhere: set[str] = set()
    for piece in chunks([str(ref) for ref in refs]):
        here = sa.and_(member.c.connection == unit.connection, member.c.unit == unit.key)
        connection.execute(sa.delete(member).where(here, member.c.record.in_(piece)))
        elsewhere |= set(connection.scalars(sa.select(member.c.record).where(member.c.record.in_(piece))))
    found(connection, refs)
    return retire(connection, [ref for ref in refs if str(ref) not in elsewhere], at)


def end(connection: sa.Connection, unit: Unit, at: datetime) -> int:
    """Nobody asks for this unit any more: its things leave it, and asked for again it is read from the start. The
    number of versions ended.
    """
    query = sa.select(member.c.record).where(member.c.connection == unit.connection, member.c.unit == unit.key)
    ended = leave(connection, unit, sorted(map(ref_of, connection.scalars(query))), at)
    from_start(connection, unit)
    return ended


def from_start(connection: sa.Connection, unit: Unit) -> None:
    """Forget how far the unit was read, and what tells more about its things: their next pulls bring everything."""
    own = cursor.c.connection == unit.connection
    told = connection.execute(sa.select(cursor.c.unit, cursor.c.part).where(own, cursor.c.part.is_not(None)))
    behind = [row.unit for row in told if part_of(row.part).behind == unit.key]
    connection.execute(sa.delete(cursor).where(own, cursor.c.unit.in_([unit.key, *behind])))


def returned(connection: sa.Connection, unit: Unit, listed: Collection[Ref], at: datetime) -> list[Observation]:
    """The unit lists these: what was hidden is visible again, what only this unit shows is not missing, and for what
    was retired, or hidden while the mapping changed, the unit is read from the start. The observations to append.
    """
    names = {str(ref) for ref in listed}
    mine = sa.select(fact.c.record).distinct().where(fact.c.connection == unit.connection)
    kept = sa.exists().where(record.c.ref == fact.c.record)
    if names & set(connection.scalars(mine.where(~kept))):
        from_start(connection, unit)
    lost = sa.select(missing.c.record).where(missing.c.connection == unit.connection)
    found(connection, [ref_of(text) for text in _alone(connection, names & set(connection.scalars(lost)))])
    hidden = names & set(connection.scalars(mine.where(fact.c.until.is_(None), fact.c.gone.is_not(None))))
    if _translated_otherwise(connection, unit.connection, hidden, at):
        from_start(connection, unit)
    return _reveal(connection, sorted(hidden), at)


def _translated_otherwise(connection: sa.Connection, of: str, names: Collection[str], at: datetime) -> bool:
    """Whether any of these records was last translated by another mapping than the one in force: hidden things are left out
    when a mapping changes.
    """
    current = in_force(connection, f"mapping:{of}", at)
    if current is None:
        return False
    other = sa.select(record.c.ref).where(record.c.mapping != current.digest).limit(1)
    return any(connection.scalar(other.where(record.c.ref.in_(piece))) is not None for piece in chunks(sorted(names)))


def _alone(connection: sa.Connection, names: Collection[str]) -> list[str]:
    """Those that no more than one unit shows: of the others another unit's list may speak."""
    many = sa.select(member.c.record).group_by(member.c.record).having(sa.func.count() > 1)
    pieces = chunks(sorted(names))
    shared = {text for piece in pieces for text in connection.scalars(many.where(member.c.record.in_(piece)))}
    return sorted(set(names) - shared)


def _reveal(connection: sa.Connection, names: Sequence[str], at: datetime) -> list[Observation]:
    """New versions, visible again, of what these records tell."""
    rows = [row for row in facts.in_force(connection, names, "record") if row.gone is not None]
    new = [facts.shown(row, at) for row in rows]
    facts.replace(connection, {row.ref: row for row in rows}, new)
    return [Observation(of=text, field="gone", old="true", new="false", seen=at) for text in _watched(new)]


def _watched(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["ref"] for row in rows if isinstance(fact_of(row["body"]), (SourceMilestone, WorkItem))]


def stakes(connection: sa.Connection, lost: Sequence[Ref]) -> dict[str, Stake]:
    """What the milestones (by code) that lose any of these records have: their open items, and which are lost."""
    pairs = (
        sa.select(binding.c.code, fact.c.record)
        .distinct()
        .join(serves, sa.and_(serves.c.milestone == binding.c.ref, serves.c.until.is_(None)))
        .join(fact, sa.and_(fact.c.ref == serves.c.item, fact.c.until.is_(None), fact.c.gone.is_(None)))
        .where(binding.c.until.is_(None), binding.c.role.in_(SCOPE), fact.c.level == 0, fact.c.outcome == "open")
    )
    of: dict[str, list[Ref]] = defaultdict(list)
    for piece in chunks([str(ref) for ref in lost]):
        for row in connection.execute(pairs.where(fact.c.record.in_(piece))):
            of[row.code].append(ref_of(row.record))
    told = pairs.where(binding.c.code.in_(of)).subquery()
    counted = sa.select(told.c.code, sa.func.count().label("items")).group_by(told.c.code)
    opened = {row.code: row.items for row in connection.execute(counted)} if of else {}
    return {code: Stake(opened[code], tuple(sorted(refs))) for code, refs in sorted(of.items())}


def miss(connection: sa.Connection, refs: Sequence[Ref], at: datetime) -> None:
    """A list of everything at ``at`` did not hold these."""
    rows = [
        {"record": str(ref), "connection": ref.connection, "first": at, "last": at, "times": 0}
        for ref in dict.fromkeys(refs)
    ]
    add_new(connection, missing, rows)
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
    return [Observation(of=text, field="gone", old="false", new="true", seen=at) for text in _watched(new)]


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
    facts.write_problems(connection, dict.fromkeys((*map(str, refs), *(row.ref for row in rows)), ()), at)
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
