"""Versions of facts: what is known in force, and the writing of new versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from pmosync.compute.changes import Known, Put, Touch
from pmosync.model import Change, Fact, PlanRow, Problem, SourceMilestone, WorkItem
from pmosync.raw import RawRecord, Ref
from pmosync.store.bulk import add, add_or_replace
from pmosync.store.codec import entity_of, fact_of, packed, payload_of, problem_of, ref_of, squeezed
from pmosync.store.database import chunks
from pmosync.store.tables import change, fact, problem, record


class Held(Struct, frozen=True):
    """What is in force of some things as the tables keep it, each by its ref as text: its version's row, its problems
    with their rows' numbers.
    """

    versions: Mapping[str, Any]
    problems: Mapping[str, list[tuple[int, Problem]]]


def held(connection: sa.Connection, refs: Iterable[Ref]) -> Held:
    """What is in force of these things (by their own refs)."""
    texts = list(dict.fromkeys(map(str, refs)))
    return Held({row.ref: row for row in in_force(connection, texts)}, current_problems(connection, texts))


def known(connection: sa.Connection, refs: Sequence[Ref], kept: Held) -> dict[Ref, Known]:
    """What is in force of these things (by their own refs); unknown ones are left out."""
    texts = {str(ref): ref for ref in refs}
    found = {
        texts[text]: Known(
            fact=fact_of(row.body),
            digest=row.digest,
            seen=row.seen,
            gone=row.gone,
            updated=row.updated,
            problems=tuple(value for _, value in kept.problems.get(text, ())),
        )
        for text, row in kept.versions.items()
        if text in texts
    }
    return found | _known_changes(connection, [text for text, ref in texts.items() if ref not in found])


def _known_changes(connection: sa.Connection, texts: Sequence[str]) -> dict[Ref, Known]:
    """Changes that came as records of their own."""
    query = sa.select(change.c.ref, change.c.body, change.c.seen, record.c.digest, record.c.updated)
    query = query.join_from(change, record, record.c.ref == change.c.ref)
    return {
        ref_of(row.ref): Known(fact=fact_of(row.body), digest=row.digest, seen=row.seen, updated=row.updated)
        for piece in chunks(texts)
        for row in connection.execute(query.where(change.c.ref.in_(piece)))
    }


def in_force(connection: sa.Connection, texts: Sequence[str], column: str = "ref") -> Iterator[Any]:
    """The versions in force of these refs, by their own ``ref`` or by their ``record``."""
    for piece in chunks(texts):
        yield from connection.execute(sa.select(fact).where(fact.c[column].in_(piece), fact.c.until.is_(None)))


def current_problems(connection: sa.Connection, texts: Sequence[str]) -> dict[str, list[tuple[int, Problem]]]:
    """The problems in force by ref, each with its row's number."""
    found: dict[str, list[tuple[int, Problem]]] = defaultdict(list)
    for piece in chunks(texts):
        query = sa.select(problem).where(problem.c.ref.in_(piece), problem.c.until.is_(None)).order_by(problem.c.id)
        for row in connection.execute(query):
            found[row.ref].append((row.id, problem_of(row.body)))
    return found


def records(connection: sa.Connection, of: str, kind: str) -> Iterator[RawRecord]:
    """The kept records of a connection, of one ``kind`` or of all (""), ordered by ref: to be mapped anew without a pull.

    Those of things that are hidden or retired are left out: translating one anew would show it again.
    """
    query = _standing_records(record.c.connection == of)
    for row in connection.execute(query if not kind else query.where(record.c.kind == kind)):
        yield _raw(row)


def records_behind(connection: sa.Connection, of: str, last: Ref | None, most: int) -> list[RawRecord]:
    """Like ``records``: the first ``most`` of them that come behind ``last`` (None: from the start). Found by their refs,
    which begin with the connection's name: by the connection's index each piece would be sorted out of all of them.
    """
    behind = record.c.ref > (f"{of}:" if last is None else str(last))
    query = _standing_records(sa.and_(behind, record.c.ref < f"{of};"))
    return list(map(_raw, connection.execute(query.limit(most))))


def count_items(connection: sa.Connection) -> int:
    """How many level-0 items are in force."""
    query = sa.select(sa.func.count()).where(fact.c.level == 0, fact.c.until.is_(None))
    return connection.scalar(query) or 0


def count_records(connection: sa.Connection, of: str) -> int:
    """How many ``records`` there are."""
    return (
        connection.scalar(
            sa.select(sa.func.count()).select_from(
                _standing_records(record.c.connection == of).order_by(None).subquery()
            )
        )
        or 0
    )


def _standing_records(those: sa.ColumnElement[bool]) -> sa.Select[Any]:
    told = sa.exists().where(fact.c.record == record.c.ref)
    standing, hidden = told.where(fact.c.until.is_(None)), told.where(fact.c.until.is_(None), fact.c.gone.is_not(None))
    return sa.select(record).where(those, ~hidden, standing | ~told).order_by(record.c.ref)


def kept(connection: sa.Connection, texts: Sequence[str]) -> Iterator[RawRecord]:
    """The kept records of these refs, those of hidden things too."""
    for piece in chunks(texts):
        yield from map(_raw, connection.execute(sa.select(record).where(record.c.ref.in_(piece))))


def count_kept(connection: sa.Connection, texts: Sequence[str]) -> int:
    """How many of these refs have a kept record; no record is read for it."""
    count = sa.select(sa.func.count()).select_from(record)
    return sum(connection.scalar(count.where(record.c.ref.in_(piece))) or 0 for piece in chunks(texts))


def _raw(row: Any) -> RawRecord:
    return RawRecord(ref_of(row.ref), payload_of(row.body), row.updated, row.restricted)


def write(connection: sa.Connection, puts: Sequence[Put], touches: Sequence[Touch], current: Mapping[str, Any]) -> int:
    """New versions of what differs from the version in force (``current``), and of what is visible again; the number of
    versions written.
    """
    told = {str(put.ref): put for put in puts if put.fact is not None and not isinstance(put.fact, Change)}
    touched = {str(touch.ref): touch for touch in touches}
    new = [_version(put) for text, put in told.items() if _differs(current.get(text), put)]
    new += [_again(current[text], touch) for text, touch in touched.items() if text in current and current[text].gone]
    replace(connection, current, new)
    _note(connection, [put for text, put in told.items() if text in current and not _differs(current[text], put)])
    return len(new)


def replace(connection: sa.Connection, current: Mapping[str, Any], new: list[dict[str, Any]]) -> None:
    """End the version in force of each new one's ref at the moment the new one begins, never before it began itself."""
    for row in new:
        before = current.get(row["ref"])
        row["seen"] = max(row["seen"], before.seen) if before else row["seen"]
    ended = [{"the_id": current[row["ref"]].id, "at": row["seen"]} for row in new if row["ref"] in current]
    if ended:
        connection.execute(
            sa.update(fact).where(fact.c.id == sa.bindparam("the_id")).values(until=sa.bindparam("at")), ended
        )
    add(connection, fact, new)


def write_records(connection: sa.Connection, puts: Sequence[Put]) -> None:
    """The current record of each thing, replacing the former one."""
    rows = [
        {
            "ref": str(put.raw.ref),
            "connection": put.raw.ref.connection,
            "kind": put.raw.ref.kind,
            "digest": put.digest,
            "updated": put.raw.updated,
            "restricted": put.raw.restricted,
            "mapping": put.mapping,
            "body": squeezed(put.raw.payload),
        }
        for put in puts
    ]
    if rows:
        add_or_replace(connection, record, rows, ["digest", "updated", "restricted", "mapping", "body"])


def write_problems(
    connection: sa.Connection,
    wanted: Mapping[str, tuple[Problem, ...]],
    at: datetime,
    current: Mapping[str, list[tuple[int, Problem]]] | None = None,
) -> int:
    """Make these the problems in force of each ref (by text): those that are over end, new ones begin. ``current`` are
    those in force, where they have been read already.
    """
    current = current_problems(connection, list(wanted)) if current is None else current
    over = [
        {"the_id": number, "at": at}
        for text, problems in wanted.items()
        for number, held in current.get(text, ())
        if held not in problems
    ]
    if over:
        connection.execute(
            sa.update(problem).where(problem.c.id == sa.bindparam("the_id")).values(until=sa.bindparam("at")), over
        )
    new = [
        {"ref": text, "since": at, "body": packed(value)}
        for text, problems in wanted.items()
        for value in dict.fromkeys(problems)
        if value not in [held for _, held in current.get(text, ())]
    ]
    return len(over) + add(connection, problem, new)


def _differs(row: Any | None, put: Put) -> bool:
    if row is None or row.gone is not None:
        return True
    return bool(row.body != packed(put.fact) and fact_of(row.body) != put.fact)


def _version(put: Put) -> dict[str, Any]:
    assert put.fact is not None
    return {
        "ref": str(put.ref),
        "record": str(put.raw.ref),
        "connection": put.ref.connection,
        "entity": entity_of(put.fact),
        "seen": put.seen,
        "until": None,
        "gone": None,
        "digest": put.digest,
        "updated": put.raw.updated,
        "body": packed(put.fact),
        **columns(put.fact),
    }


def _again(row: Any, touch: Touch) -> dict[str, Any]:
    return shown(row, touch.seen)


def hidden(row: Any, since: datetime, at: datetime) -> dict[str, Any]:
    """The version in force as a new one that is not visible since ``since``, as of ``at``."""
    return {**_copied(row), "gone": since, "seen": at}


def shown(row: Any, at: datetime) -> dict[str, Any]:
    """The version in force as a new one that is visible again, as of ``at``."""
    return {**_copied(row), "gone": None, "seen": at}


def _copied(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "id"}


def _note(connection: sa.Connection, puts: Sequence[Put]) -> None:
    """The record changed where the mapping does not look: remember its hash, the fact stays as it is."""
    rows = [{"text": str(put.ref), "hash": put.digest, "time": put.raw.updated} for put in puts]
    if rows:
        mine = sa.update(fact).where(fact.c.ref == sa.bindparam("text"), fact.c.until.is_(None))
        connection.execute(mine.values(digest=sa.bindparam("hash"), updated=sa.bindparam("time")), rows)


def columns(value: Fact | PlanRow) -> dict[str, Any]:
    """What the database itself must know of a fact to count it; never a title."""
    blank: dict[str, Any] = dict.fromkeys(("level", "outcome", "category", "due", "resolved", "moved"))
    shared = {"key": "", "container": "", "restricted": bool(getattr(value, "restricted", False))}
    match value:
        case WorkItem():
            own = {
                "key": value.key,
                "container": value.container,
                "level": value.level,
                "outcome": value.outcome.value,
                "category": value.category.value,
                "due": _day(value.due),
                "resolved": value.resolved,
                "moved": value.updated,
            }
        case SourceMilestone():
            own = {"key": value.key, "container": value.container, "due": _day(value.target)}
        case _:
            own = {}
    return blank | shared | own


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
