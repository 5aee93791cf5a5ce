"""What to store of a record that came in: compared with what is known, as a value that touches nothing.

``decide`` answers with an intent; ``store`` carries it out. Newest wins: a record older than the known one never goes backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from pmosync.compute.observed import day
from pmosync.model import Change, Fact, MilestoneRow, Observation, PlanRow, Problem, SourceMilestone, WorkItem
from pmosync.raw import RawRecord, Ref

NESTED = (dict, list)
DIGEST_VERSION = b"\x01"
# Where an observed value stands in its fact, and how its text is read.
SOURCE_VALUES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "target": ("target", day),
    "start": ("start", day),
    "closed": ("closed", "true".__eq__),
    "title": ("title", str),
}
ROW_VALUES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "plan": ("target", day),
    "forecast": ("forecast", day),
    "actual": ("actual", day),
    "wish": ("wish", day),
}
CHANGE_FIELDS = {"target": ("due",), "start": ("start",), "title": ("title",), "closed": ("state", "status")}


class Known(Struct, frozen=True):
    """What the store holds in force of one thing.

    ``digest`` is its record's content hash, ``seen`` the sync that saw this version first, ``gone`` since when it is
    not visible (None: visible), ``updated`` the system's own time of the stored record, ``problems`` those found in it.
    """

    fact: Fact | PlanRow
    digest: bytes
    seen: datetime
    gone: datetime | None = None
    updated: datetime | None = None
    problems: tuple[Problem, ...] = ()


class Put(Struct, frozen=True, kw_only=True):
    """Store a record and the version of the fact it tells.

    ``fact`` None: unreadable, the version in force stays and ``problems`` say why.

    ``ref`` is the fact's own identity, ``raw.ref`` the record's; ``serves`` are the source milestones an item belongs to now;
    ``mapping`` is the hash of the mapping that translated it.
    """

    ref: Ref
    raw: RawRecord
    digest: bytes
    fact: Fact | PlanRow | None
    seen: datetime
    observations: tuple[Observation, ...] = ()
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    serves: tuple[Ref, ...] = ()
    mapping: str = ""


class Touch(Struct, frozen=True, kw_only=True):
    """Seen, and nothing new to keep of it (``record`` is its record's identity): it is visible, and this unit shows it.

    ``changes`` are the system's own entries that came along; those already stored stay as they are.
    """

    ref: Ref
    record: Ref
    seen: datetime
    observations: tuple[Observation, ...] = ()
    changes: tuple[Change, ...] = ()


Intent = Put | Touch


def decide(
    known: Known | None,
    raw: RawRecord,
    digest: bytes,
    fact: Fact | PlanRow | None,
    problems: tuple[Problem, ...],
    seen: datetime,
    changes: tuple[Change, ...] = (),
    mapping: str = "",
) -> Intent:
    """What to store of ``raw``, which was translated into ``fact`` (None: it could not be).

    ``known`` is what the store has under ``identity(fact, raw)``. Every record gives an intent, so that its unit is
    known to show it; an unchanged or an outdated one gives a ``Touch``.
    """
    ref = identity(fact, raw)
    if known is not None and (_outdated(known, raw) or _unchanged(known, digest, fact, problems)):
        return Touch(ref=ref, record=raw.ref, seen=seen, observations=_returned(known, ref, seen), changes=changes)
    return Put(
        ref=ref,
        raw=raw,
        digest=digest,
        fact=fact,
        seen=seen,
        observations=observe(known, fact, seen, changes, raw.ref) if fact is not None else (),
        changes=changes,
        problems=problems,
        serves=tuple(sorted(set(fact.milestones))) if isinstance(fact, WorkItem) else (),
        mapping=mapping,
    )


def identity(fact: Fact | PlanRow | None, raw: RawRecord) -> Ref:
    """The identity under which a fact is kept: its own ref; a row of the plan has none and goes by its record's."""
    own = getattr(fact, "ref", None)
    return own if isinstance(own, Ref) else raw.ref


def settle(intents: Iterable[Intent]) -> tuple[Intent, ...]:
    """One intent a thing.

    A batch may show the same thing twice (pages shift), the newest record wins and all changes are kept.
    """
    chosen: dict[Ref, Intent] = {}
    for intent in intents:
        rival = chosen.get(intent.ref)
        chosen[intent.ref] = intent if rival is None else _newer(rival, intent)
    return tuple(chosen.values())


def content_digest(raw: RawRecord) -> bytes:
    """Hash of what a record says: its first byte is the hash's version, empty fields and the order of keys do not count."""
    told = msgspec.json.encode([_filled(raw.payload), raw.restricted], order="deterministic", enc_hook=str)
    return DIGEST_VERSION + blake2b(told, digest_size=15).digest()


def observe(
    known: Known | None,
    fact: Fact | PlanRow,
    seen: datetime,
    changes: tuple[Change, ...] = (),
    record: Ref | None = None,
) -> tuple[Observation, ...]:
    """The moves of watched fields: every field at first sight (also empty ones), later only those that differ.

    ``changes`` may be told of the fact or of its ``record`` (an epic's date is told of the issue it is).
    Where the system itself tells every step from the old value to the new one, each step is an observation of its own.
    """
    now = watched(fact)
    if not now:
        return ()
    mine = tuple(change for change in changes if change.of in (getattr(fact, "ref", None), record))
    of = observed_name(fact)
    before = watched(known.fact) if known is not None else {}
    moves = [
        move
        for field, value in now.items()
        for move in _moves(of, field, before.get(field), value, seen, _told(field, mine))
    ]
    return (*(_returned(known, of, seen) if known is not None else ()), *moves)


def observed_name(fact: Fact | PlanRow) -> str:
    """What observations of a fact are kept under: the ref's text; "" for rows, which have none. A milestone row goes by
    its connection and code: two sheets may both have the code, and only one of them counts (``compute.homes``).
    """
    if isinstance(fact, MilestoneRow):
        return row_name(fact.place.connection, fact.code)
    return str(getattr(fact, "ref", ""))


def row_name(connection: str, code: str) -> str:
    """What observations of a connection's milestone row are kept under, in whatever case its code is written."""
    return str(Ref(connection, "row", code.strip().casefold()))


def watched(fact: Fact | PlanRow) -> Mapping[str, str]:
    """The fields whose moves are history, as the text an observation holds; nothing for things that are not watched."""
    match fact:
        case SourceMilestone():
            closed = "true" if fact.closed else "false"
            return {"target": _day(fact.target), "start": _day(fact.start), "closed": closed, "title": fact.title}
        case MilestoneRow():
            return {
                "plan": _day(fact.target),
                "forecast": _day(fact.forecast),
                "actual": _day(fact.actual),
                "wish": _day(fact.wish),
            }
        case _:
            return {}


def as_observed(fact: Fact | PlanRow, told: Mapping[str, str]) -> Fact | PlanRow:
    """The fact with the values that its fields had in these observations (by field): the way back from ``watched``."""
    match fact:
        case SourceMilestone():
            return msgspec.structs.replace(fact, **_values(told, SOURCE_VALUES))
        case MilestoneRow():
            return msgspec.structs.replace(fact, **_values(told, ROW_VALUES))
        case _:
            return fact


def _values(told: Mapping[str, str], known: Mapping[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
    return {known[field][0]: known[field][1](text) for field, text in told.items() if field in known}


def _moves(
    of: str, field: str, old: str | None, new: str, seen: datetime, told: tuple[Change, ...]
) -> list[Observation]:
    if old is None:
        return [Observation(of=of, field=field, old="", new=new, seen=seen, first=True)]
    if old == new:
        return []
    steps = _chain(told, old, new)
    if steps:
        return [
            Observation(of=of, field=field, old=_value(s.old), new=_value(s.new), seen=seen, changed=s.at, by=s.by)
            for s in steps
        ]
    last = next((change for change in reversed(told) if _fits(field, change.new, new)), None)
    return [
        Observation(
            of=of,
            field=field,
            old=old,
            new=new,
            seen=seen,
            changed=last.at if last else None,
            by=last.by if last else "",
        )
    ]


def _told(field: str, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The system's own entries on this field, oldest first."""
    names = CHANGE_FIELDS.get(field, ())
    return tuple(sorted((c for c in changes if c.field in names), key=lambda c: (c.at, c.ref)))


def _chain(told: tuple[Change, ...], old: str, new: str) -> tuple[Change, ...]:
    """The latest unbroken run of entries that leads from ``old`` to ``new``; empty if the system does not tell one."""
    if not told or _value(told[-1].new) != new:
        return ()
    first = len(told) - 1
    while _value(told[first].old) != old:
        first -= 1
        if first < 0 or _value(told[first].new) != _value(told[first + 1].old):
            return ()
    return told[first:]


def _fits(field: str, told: str, value: str) -> bool:
    """Whether an entry speaks of this value. A state's words are the system's own, so the newest entry is taken."""
    return field == "closed" or _value(told) == value


def _value(text: str) -> str:
    """An entry's value as an observation holds it: the day of a date or instant, else the text."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return text


def _returned(known: Known, of: Ref | str, seen: datetime) -> tuple[Observation, ...]:
    if known.gone is None:
        return ()
    return (Observation(of=str(of), field="gone", old="true", new="false", seen=seen),)


def _outdated(known: Known, raw: RawRecord) -> bool:
    return known.updated is not None and raw.updated is not None and raw.updated < known.updated


def _unchanged(known: Known, digest: bytes, fact: Fact | PlanRow | None, problems: tuple[Problem, ...]) -> bool:
    return known.digest == digest and known.fact == fact and known.problems == problems


def _newer(first: Intent, second: Intent) -> Intent:
    changes = tuple({change.ref: change for change in (*first.changes, *second.changes)}.values())
    if isinstance(first, Put) and (isinstance(second, Touch) or _older(second, first)):
        return msgspec.structs.replace(first, changes=changes)
    return msgspec.structs.replace(second, changes=changes)


def _older(one: Put, other: Put) -> bool:
    if one.raw.updated is None or other.raw.updated is None:
        return False
    return one.raw.updated < other.raw.updated


def _filled(value: Any) -> Any:
    """The value without empty fields at any depth; False and 0 are not empty. Plain JSON types: a payload holds no others.

    Every record passes through here at every pull, so it is one plain loop.
    """
    if type(value) is list:
        return [_filled(part) if type(part) in NESTED else part for part in value]
    kept = {}
    for key, part in value.items():
        if type(part) in NESTED:
            part = _filled(part) if part else part
            if part:
                kept[key] = part
        elif part is not None and part != "":
            kept[key] = part
    return kept


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
