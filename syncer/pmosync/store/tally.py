"""Progress as it was last counted, so that the next snapshot counts again only the milestones that were touched since: what
a store of a million ended items knows of them is not worked out at every sync.

A tally is an answer kept, never a source: thrown away, everything is counted as if for the first time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from pmosync.model import Progress
from pmosync.store.bulk import add_or_replace
from pmosync.store.codec import packed, progress_of
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.progress import SCOPE, Scope, began, progress
from pmosync.store.rebindings import rebindings
from pmosync.store.tables import binding, change, fact, run, serves, tally
from pmosync.store.versions import get_meta, put_meta

MARKS = "tallied"


class Marks(Struct, frozen=True):
    """Up to where the tallies count: the last row of each table that they were counted from, the moment, and how many facts
    and services had ended at that very moment.
    """

    facts: int
    serves: int
    changes: int
    at: datetime
    facts_ended: int = 0
    serves_ended: int = 0


class Due(Struct, frozen=True):
    """Tallies that still hold, by code, and the codes that must be counted again."""

    kept: Mapping[str, Progress]
    again: tuple[str, ...]


def counted(connection: sa.Connection, as_of: datetime) -> dict[str, Progress]:
    """Progress by code at ``as_of`` of each milestone that has anything in scope, or once had. A moment before the last
    count knows nothing of the tallies.
    """
    marks = _marks(connection)
    if marks is None or as_of <= marks.at:
        return progress(Scope(connection, as_of))
    due = _due(connection, marks, as_of)
    found = {**due.kept, **progress(Scope(connection, as_of, due.again))}
    return {code: found[code] for code in sorted(found)}


def keep(connection: sa.Connection, counted: Mapping[str, Progress], as_of: datetime) -> None:
    """Keep what was counted at ``as_of``, which must be the last word of this run on facts. A milestone that has nothing in
    scope is kept as such. Nothing is kept while the clock stands before that of an earlier run: what that one wrote lies
    ahead, is not counted yet, and will never be newer than the marks.
    """
    if (connection.scalar(sa.select(sa.func.max(run.c.started))) or as_of) > as_of:
        forget(connection)
        return
    before = {row.code: (row.bound, row.body) for row in connection.execute(sa.select(tally))}
    tied = _tied(connection, as_of)
    wanted = {code: (bound, _body(counted.get(code))) for code, bound in tied.items()}
    rows = [
        {"code": code, "bound": bound, "body": body}
        for code, (bound, body) in wanted.items()
        if before.get(code) != (bound, body)
    ]
    add_or_replace(connection, tally, rows, ["bound", "body"])
    for piece in chunks(sorted(before.keys() - wanted.keys())):
        connection.execute(sa.delete(tally).where(tally.c.code.in_(piece)))
    marks = Marks(
        facts=_last(connection, fact),
        serves=_last(connection, serves),
        changes=_last(connection, change),
        at=as_of,
        facts_ended=_ended(connection, fact, as_of),
        serves_ended=_ended(connection, serves, as_of),
    )
    put_meta(connection, MARKS, msgspec.json.encode(marks).decode())


def _last(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.max(table.c.id))) or 0


def _ended(connection: sa.Connection, table: sa.Table, at: datetime) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.until == at)) or 0


def begin(connection: sa.Connection, started: datetime) -> None:
    """A run begins. Where the clock went back, its marks of time may lie before those of the tallies, which hold no more."""
    marks = _marks(connection)
    if marks is not None and started <= marks.at:
        forget(connection)


def forget(connection: sa.Connection) -> None:
    """Count everything again at the next snapshot: after rows were written that are dated back."""
    put_meta(connection, MARKS, "")


def _marks(connection: sa.Connection) -> Marks | None:
    text = get_meta(connection, MARKS)
    return msgspec.json.decode(text, type=Marks) if text else None


def _due(connection: sa.Connection, marks: Marks, as_of: datetime) -> Due:
    tied, touched = _tied(connection, as_of), _touched(connection, marks)
    held = {
        row.code: row.body
        for row in connection.execute(sa.select(tally))
        if row.bound == tied.get(row.code) and row.code not in touched
    }
    kept = {code: progress_of(body) for code, body in held.items() if body}
    return Due(kept, tuple(sorted(tied.keys() - held.keys())))


def _body(counted: Progress | None) -> bytes:
    return b"" if counted is None else packed(counted)


def _tied(connection: sa.Connection, as_of: datetime) -> dict[str, str]:
    """A fingerprint of what each milestone is tied to at ``as_of`` for its scope, and since when at the earliest."""
    since = {row.code: row.began for row in connection.execute(began(as_of))}
    refs: dict[str, set[str]] = defaultdict(set)
    query = sa.select(binding.c.code, binding.c.ref).where(binding.c.role.in_(SCOPE), standing(binding, as_of))
    for row in connection.execute(query):
        refs[row.code].add(row.ref)
    return {code: _fingerprint([str(at), *sorted(refs[code])]) for code, at in since.items()}


def _fingerprint(words: list[str]) -> str:
    return blake2b("\n".join(words).encode(), digest_size=16).hexdigest()


def _touched(connection: sa.Connection, marks: Marks) -> set[str]:
    """The codes of all milestones that any item serves, or served until after the marks, whose rows are newer than these or
    ended since: rows are appended, and the only thing that ever changes in one is that it ends. What goes on as another is
    that one.
    """
    items = {item for query in _newer(connection, marks) for item in connection.scalars(query)}
    items |= {str(each.new) for each in rebindings(connection) if str(each.old) in items}
    recent = sa.or_(serves.c.until.is_(None), serves.c.until >= marks.at)
    return _codes(connection, items, recent) | _codes(connection, _other_levels(connection, items), sa.true())


def _codes(connection: sa.Connection, items: Collection[str], those: sa.ColumnElement[bool]) -> set[str]:
    """The codes that any of the items served at any time; of ``those`` services."""
    codes = sa.select(binding.c.code).distinct().join(serves, serves.c.milestone == binding.c.ref).where(those)
    return {
        code for piece in chunks(sorted(items)) for code in connection.scalars(codes.where(serves.c.item.in_(piece)))
    }


def _other_levels(connection: sa.Connection, items: Collection[str]) -> set[str]:
    """Items that once stood at another level than 0: where they count now, what they left long ago counts too."""
    query = sa.select(fact.c.ref).where(fact.c.level != 0)
    return {ref for piece in chunks(sorted(items)) for ref in connection.scalars(query.where(fact.c.ref.in_(piece)))}


def _newer(connection: sa.Connection, marks: Marks) -> Iterator[sa.Select[Any]]:
    work = fact.c.entity == "work_item"
    yield sa.select(fact.c.ref).where(fact.c.id > marks.facts, work)
    yield sa.select(fact.c.ref).where(_since(connection, fact, marks.at, marks.facts_ended), work)
    yield sa.select(serves.c.item).where(serves.c.id > marks.serves)
    yield sa.select(serves.c.item).where(_since(connection, serves, marks.at, marks.serves_ended))
    yield sa.select(change.c.of).where(change.c.id > marks.changes)


def _since(connection: sa.Connection, table: sa.Table, at: datetime, ended: int) -> sa.ColumnElement[bool]:
    """What has ended since the marks. What ended at their very moment was counted, unless more has by now."""
    until = table.c.until
    return until > at if _ended(connection, table, at) == ended else until >= at
