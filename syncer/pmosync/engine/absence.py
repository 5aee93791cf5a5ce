"""Carries out what ``compute.absence`` decides of things that are not listed any more."""

from __future__ import annotations

from collections.abc import Iterator, Set
from hashlib import blake2b

import msgspec

from pmosync.compute import lost_rows
from pmosync.compute.absence import judge, migrated, ripe
from pmosync.compute.changes import Put, content_digest
from pmosync.connector import Source
from pmosync.engine.house import House, Lane
from pmosync.engine.pull import ask
from pmosync.errors import PmosyncError
from pmosync.model import Hold, Run
from pmosync.raw import RawRecord, Ref, Unit
from pmosync.store import Store

MOST_CODES = 5
MIGRATED = "migrated-"
NEW_IDS = ", and their keys stand under new ids: migrated?"

# Kind of the records that say what became of a row.
NOTE = "note"


def missing_of(
    house: House, run: Run, lane: Lane, source: Source, unit: Unit, kind: str, shown: Set[Ref]
) -> Iterator[Hold]:
    """Judge what of ``kind`` the unit did not list: hidden, out of this unit, waited for, or held (yielded)."""
    store = house.store
    absent = _settle(house, run, unit, kind, store.unlisted(unit, kind, shown))
    if lane.plan:
        if not absent:
            _lift(house, run, unit, kind)
        _forget(house, run, unit, kind, shown)
        yield from _rows(house, run, unit, kind, absent, shown)
        return
    store.returned(run, unit, shown, run.started)
    if not absent:
        _forget(house, run, unit, kind, shown)
        _lift(house, run, unit, kind)
        return
    store.miss(run, absent, run.started)
    since = {ref: day for ref, day in store.missed(unit.connection).items() if ref in set(absent)}
    visible = ask(source, ripe(since, run.started))
    if isinstance(visible, PmosyncError):
        return
    verdict = judge(since, visible, len(shown) + len(absent), run.started, store.stakes(absent))
    for day in sorted(set(verdict.hide.values())):
        store.hide(run, [ref for ref, at in verdict.hide.items() if at == day], day)
    store.leave(run, unit, verdict.left, run.started)
    if verdict.hold and migrated(len(verdict.hold), store.rekeyed(unit, verdict.hold)):
        yield _hold(house, run, unit, kind, verdict.hold, NEW_IDS, MIGRATED)
    elif verdict.hold:
        yield _hold(house, run, unit, kind, verdict.hold, _losing(verdict.codes))
    else:
        _forget(house, run, unit, kind, shown)
        _lift(house, run, unit, kind)


def _forget(house: House, run: Run, unit: Unit, kind: str, shown: Set[Ref]) -> None:
    """What could not be read and is not listed any more needs no mending: its findings end."""
    house.store.retire(run, house.store.unread(unit, kind, shown), run.started)


def _rows(house: House, run: Run, unit: Unit, kind: str, absent: tuple[Ref, ...], shown: Set[Ref]) -> Iterator[Hold]:
    """What becomes of rows that were taken out, unless a whole tab lost so many that it looks like an accident."""
    held: set[Ref] = set()
    for tab in sorted({lost_rows.tab_of(ref) for ref in absent}):
        lost = tuple(ref for ref in absent if lost_rows.tab_of(ref) == tab)
        left = sum(1 for ref in shown if lost_rows.tab_of(ref) == tab)
        verdict = judge(dict.fromkeys(lost, run.started), {}, 10 * (left + len(lost)), run.started)
        if verdict.hold:
            held.update(lost)
            yield _hold(house, run, unit, f"{kind}s of {tab}", lost)
    _note(house, run, unit, kind, absent, shown, held)


def _note(
    house: House, run: Run, unit: Unit, kind: str, absent: tuple[Ref, ...], shown: Set[Ref], held: Set[Ref]
) -> None:
    """Say what became of lost rows, and take those that leave out of the plan."""
    before = _noted(house, unit)
    if not absent and not before:
        return
    records = {raw.ref: raw for raw in house.store.records(unit.connection, kind)}
    lost = [records[ref] for ref in absent if ref in records]
    there = {ref: records[ref] for ref in shown if ref in records}
    ours = any(shelf.inputs and shelf.name == unit.connection for shelf in house.shelves)
    notes = lost_rows.notes(lost, there, held, before, run.started, ours)
    told = {ref: note for ref, note in notes.items() if note.fate is not lost_rows.Fate.OVER or note != before.get(ref)}
    leaving = [ref for ref in absent if ref not in held and (ref not in notes or notes[ref].fate in lost_rows.LEAVING)]
    house.store.retire(run, leaving, run.started)
    house.store.commit(run, unit, [_kept(ref, note, run) for ref, note in told.items()], None)


def _noted(house: House, unit: Unit) -> dict[Ref, lost_rows.Note]:
    records = house.store.records(unit.connection, NOTE)
    return {Ref(unit.connection, "row", raw.ref.id): msgspec.convert(raw.payload, lost_rows.Note) for raw in records}


def _kept(ref: Ref, note: lost_rows.Note, run: Run) -> Put:
    """A note as a record of its own, so that its finding ends by itself."""
    raw = RawRecord(Ref(ref.connection, NOTE, ref.id), msgspec.to_builtins(note))
    told = lost_rows.problems(ref, note, run.started)
    return Put(ref=raw.ref, raw=raw, digest=content_digest(raw), fact=None, seen=run.started, problems=told)


def _settle(house: House, run: Run, unit: Unit, kind: str, absent: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """Carry out what was accepted since: deleted and moved ones leave, restricted ones are hidden. The rest is
    returned.
    """
    for hold in house.store.accepted():
        if not _of(hold, unit, kind) or settled(house.store, hold):
            continue
        # Agreed once: the same thing missing again later is a new question.
        house.store.put_meta(f"accepted:{hold.id}", str(hold.accepted))
        agreed = tuple(ref for ref in absent if ref in set(hold.refs))
        if agreed and hold.accepted_as == "restricted":
            house.store.hide(run, agreed, hold.since)
        elif agreed:
            house.store.retire(run, agreed, run.started)
        absent = tuple(ref for ref in absent if ref not in set(agreed))
    return absent


def _lift(house: House, run: Run, unit: Unit, kind: str) -> None:
    """Nothing of ``kind`` is missing (any more): its holds are over. An accepted one must not settle a later loss of the
    same things unseen.
    """
    for hold in (*house.store.holds(), *house.store.accepted()):
        if _of(hold, unit, kind):
            house.store.lift(run, hold.id)


def _of(hold: Hold, unit: Unit, kind: str) -> bool:
    """Whether a hold is on things of this kind that this unit should list."""
    ours = (hold.connection, hold.unit) == (unit.connection, unit.key)
    return ours and bool(hold.refs) and all(ref.kind == kind for ref in hold.refs)


def settled(store: Store, hold: Hold) -> bool:
    """Whether what a person agreed to has been carried out; the next full list of the unit does it."""
    return store.get_meta(f"accepted:{hold.id}") == str(hold.accepted)


def _losing(codes: tuple[str, ...]) -> str:
    """The milestones that lose too much of their open work, a few by name."""
    named = ", ".join(codes[:MOST_CODES])
    more = f" and {len(codes) - MOST_CODES} more" if len(codes) > MOST_CODES else ""
    return f": too much of the open work of {named}{more}" if codes else ""


def _hold(house: House, run: Run, unit: Unit, kind: str, refs: tuple[Ref, ...], why: str = "", mark: str = "") -> Hold:
    name = blake2b(f"{unit.connection}/{unit.key}/{kind}".encode(), digest_size=2).hexdigest()
    hold = Hold(
        id=f"{mark}h-{name}",
        connection=unit.connection,
        unit=unit.key,
        reason=f"{len(refs)} {kind} of {unit.title or unit.key} are not listed any more{why}",
        since=run.started,
        count=len(refs),
        refs=refs,
    )
    house.store.hold(run, hold)
    # The same things are held for one reason at a time.
    house.store.lift(run, f"{'' if mark else MIGRATED}h-{name}")
    return hold
