"""One transaction of a sync: intents carried out, and the cursor moved behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from pmosync.compute.changes import Intent, Known, Put, Touch, settle
from pmosync.model import Change, Observation, Problem, Run, WorkItem
from pmosync.raw import Cursor, Ref, Unit
from pmosync.store import facts, presence
from pmosync.store.bulk import add, add_new, add_or_replace
from pmosync.store.codec import packed
from pmosync.store.database import chunks
from pmosync.store.runs import part_at
from pmosync.store.tables import change, cursor, observation, serves

Deciding = Callable[[Mapping[Ref, Known]], Iterable[Intent]]
"""From what is known of the things in question to what is to be done; pure."""


class Taking(Struct, frozen=True):
    """A batch of a unit to take in: the things and records it may speak of, what to make of what is known of them, and the
    cursor to move behind it, with the share of the unit's work that is done then.
    """

    unit: Unit
    refs: Iterable[Ref]
    decide: Deciding
    cursor: Cursor | None
    share: float | None = None


def commit(connection: sa.Connection, run: Run, taking: Taking) -> int:
    """Everything a batch says; the number of rows of history written (versions, memberships, changes, observations, problems)."""
    settled, written = _carried_out(connection, run, taking.refs, taking.decide)
    presence.show(connection, run, taking.unit, [record_of(intent) for intent in settled])
    _move(connection, run, taking.unit, taking.cursor, taking.share)
    return written


def translated(connection: sa.Connection, run: Run, refs: Iterable[Ref], decide: Deciding) -> int:
    """What records say, without a word on who shows them; the number of rows of history written."""
    return _carried_out(connection, run, refs, decide)[1]


def _carried_out(
    connection: sa.Connection, run: Run, refs: Iterable[Ref], decide: Deciding
) -> tuple[Sequence[Intent], int]:
    """Read, decide and write in one: what is known cannot change in between."""
    asked = tuple(dict.fromkeys(refs))
    kept = facts.held(connection, asked)
    settled = settle(decide(facts.known(connection, asked, kept)))
    puts = [intent for intent in settled if isinstance(intent, Put)]
    touches = [intent for intent in settled if isinstance(intent, Touch)]
    written = facts.write(connection, puts, touches, kept.versions)
    facts.write_records(connection, puts)
    written += _join(connection, puts, kept.versions)
    written += _tell(connection, settled)
    written += observe(connection, run, [o for intent in settled for o in intent.observations])
    for seen, group in _by_moment(puts).items():
        wanted = _problems(group, {intent.ref for intent in settled})
        written += facts.write_problems(connection, wanted, seen, kept.problems)
    return settled, written


def observe(connection: sa.Connection, run: Run, told: Sequence[Observation]) -> int:
    """Append observations.

    A first sight of something whose history is known already (a rebuilt store) is a move from its last value, or
    nothing.
    """
    earlier = _last_values(connection, {value.of for value in told if value.first})
    rows = []
    for value in told:
        before = earlier.get((value.of, value.field)) if value.first else None
        if before == value.new:
            continue
        rows.append(observation_row(value, run.id) | ({"old": before, "first": False} if before is not None else {}))
    return add_new(connection, observation, rows)


def observation_row(value: Observation, run: int) -> dict[str, Any]:
    """An observation as a row."""
    return {name: getattr(value, name) for name in value.__struct_fields__} | {"run": run}


def _last_values(connection: sa.Connection, names: set[str]) -> Mapping[tuple[str, str], str]:
    query = sa.select(observation.c.of, observation.c.field, observation.c.new).order_by(
        observation.c.seen, observation.c.id
    )
    return {
        (row.of, row.field): row.new
        for piece in chunks(sorted(names))
        for row in connection.execute(query.where(observation.c.of.in_(piece)))
    }


def _join(connection: sa.Connection, puts: Sequence[Put], before: Mapping[str, Any]) -> int:
    """Make ``serves`` of each item what its intent says: memberships that are over end, new ones begin. ``before`` are the
    versions that were in force.
    """
    items = {str(put.ref): put for put in puts if isinstance(put.fact, WorkItem)}
    held: dict[str, dict[str, int]] = {text: {} for text in items}
    for piece in chunks(list(items)):
        query = sa.select(serves).where(serves.c.item.in_(piece), serves.c.until.is_(None))
        for row in connection.execute(query):
            held[row.item][row.milestone] = row.id
    left = [
        {"the_id": number, "at": put.seen}
        for text, put in items.items()
        for milestone, number in held[text].items()
        if milestone not in map(str, put.serves)
    ]
    if left:
        connection.execute(
            sa.update(serves).where(serves.c.id == sa.bindparam("the_id")).values(until=sa.bindparam("at")), left
        )
    rows = [
        {"item": text, "milestone": str(milestone), "since": put.seen, "joined": _joined(put, text not in before)}
        for text, put in items.items()
        for milestone in put.serves
        if str(milestone) not in held[text]
    ]
    return len(left) + add(connection, serves, rows)


def _joined(put: Put, new: bool) -> datetime:
    """Since when an item surely belongs: one that was never seen before may have belonged since it was created."""
    created = put.fact.created if isinstance(put.fact, WorkItem) else None
    return min(created, put.seen) if new and created is not None else put.seen


def _tell(connection: sa.Connection, intents: Sequence[Intent]) -> int:
    """Append the system's own entries; one that is there stays as it was."""
    told: dict[Ref, tuple[Change, datetime]] = {}
    for intent in intents:
        own = (intent.fact,) if isinstance(intent, Put) and isinstance(intent.fact, Change) else ()
        told |= {entry.ref: (entry, intent.seen) for entry in (*own, *intent.changes)}
    rows = [
        {
            "ref": str(entry.ref),
            "of": str(entry.of),
            "field": entry.field,
            "at": entry.at,
            "seen": seen,
            "body": packed(entry),
        }
        for entry, seen in told.values()
    ]
    return add_new(connection, change, rows)


def _by_moment(puts: Sequence[Put]) -> dict[datetime, list[Put]]:
    groups: dict[datetime, list[Put]] = {}
    for put in puts:
        groups.setdefault(put.seen, []).append(put)
    return groups


def _problems(puts: Sequence[Put], told: Set[Ref]) -> dict[str, tuple[Problem, ...]]:
    """The problems of each thing. What a record said before it could be read at all is over once it tells things of their own."""
    unread: dict[str, tuple[Problem, ...]] = {str(put.raw.ref): () for put in puts if put.raw.ref not in told}
    return unread | {str(put.ref): put.problems for put in puts}


def record_of(intent: Intent) -> Ref:
    """The record that an intent speaks of."""
    return intent.raw.ref if isinstance(intent, Put) else intent.record


def _move(connection: sa.Connection, run: Run, unit: Unit, position: Cursor | None, share: float | None) -> None:
    if position is not None:
        row = {"connection": unit.connection, "unit": unit.key, "value": position.value, "run": run.id}
        row |= {"part": None if share is None else packed(part_at(unit, share))}
        add_or_replace(connection, cursor, [row], ["value", "run", "part"])
