"""Carries out what ``compute.absence`` decides of things that are not listed any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import tzinfo
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from pmosync.compute import lost_rows
from pmosync.compute.absence import MIGRATED, REKEYED, cleared, judge, migrated, ripe, sentence
from pmosync.compute.changes import Intent, Known, Put, content_digest
from pmosync.compute.known_again import code_of, corrected, known_again, order_of, tab_of
from pmosync.compute.lost_rows import LEAVING, NOTE, Fate
from pmosync.connector import Source
from pmosync.engine.house import House, Lane
from pmosync.engine.pull import ask
from pmosync.errors import PmosyncError
from pmosync.model import Hold, Lost, Run
from pmosync.raw import RawRecord, Ref, Unit
from pmosync.store import Standing, Store

MOST_CODES = 5


def missing_of(
    house: House, run: Run, lane: Lane, source: Source, unit: Unit, lists: Mapping[str, Set[Ref]], counted: bool
) -> Iterator[Hold]:
    """Judge what the unit did not list of the kinds in ``lists``, or of all kinds if it was ``counted``: hidden, out of
    this unit, waited for, or held (yielded).
    """
    standing, holds = house.store.standing(unit, lists, counted)
    for kind, found in standing.items():
        shown = lists.get(kind, frozenset())
        if lane.plan:
            yield from _plan_rows(house, run, unit, kind, found, shown)
        elif found != Standing() or any(_of(hold, unit, kind) for hold in holds):
            yield from _things(house, run, source, unit, kind, found, shown)


def _plan_rows(house: House, run: Run, unit: Unit, kind: str, found: Standing, shown: Set[Ref]) -> Iterator[Hold]:
    absent = _settle(house, run, unit, kind, found.absent)
    if not absent:
        _lift(house, run, unit, kind)
    _forget(house, run, found)
    yield from _rows(house, run, unit, kind, absent, shown)


def _things(
    house: House, run: Run, source: Source, unit: Unit, kind: str, found: Standing, shown: Set[Ref]
) -> Iterator[Hold]:
    store = house.store
    absent = _settle(house, run, unit, kind, found.absent)
    if found.back:
        store.returned(run, unit, shown, run.started)
    _meet(house, run, unit, kind, found.strangers)
    if not absent:
        _forget(house, run, found)
        _lift(house, run, unit, kind)
        return
    store.miss(run, absent, run.started)
    since = {ref: day for ref, day in store.missed(unit.connection).items() if ref in set(absent)}
    asked = ripe(since, run.started)
    visible = ask(source, asked, store.kept(asked))
    if isinstance(visible, PmosyncError):
        return
    verdict = judge(since, visible, len(shown) + len(absent), run.started, store.stakes(absent))
    for day in sorted(set(verdict.hide.values())):
        store.hide(run, [ref for ref, at in verdict.hide.items() if at == day], day)
    store.leave(run, unit, verdict.left, run.started)
    rekeyed = store.rekeyed(unit, verdict.hold) if verdict.hold else 0
    if migrated(len(verdict.hold), rekeyed):
        yield _hold(house, run, unit, verdict.hold, Lost(kind=kind, of=_title(unit), why="new-ids", rekeyed=rekeyed))
    elif verdict.hold:
        yield _hold(house, run, unit, verdict.hold, _losing(unit, kind, verdict.codes))
        _read_strangers(house, run, unit, verdict.hold, found.strangers)
    else:
        _forget(house, run, found)
        _lift(house, run, unit, kind)


class Met(Struct, frozen=True):
    """Things by their refs that the last list of a unit held and nobody had read (``seen``), and those for which the unit was
    read from the start already (``tried``).
    """

    seen: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()


def _meet(house: House, run: Run, unit: Unit, kind: str, strangers: tuple[Ref, ...]) -> None:
    """What is listed and was never read lies in no window: a right was granted, or a list lagged behind, and its last change
    is old. Listed again by the next list, the unit is read from the start, once for each: new things are listed too before
    they are read, and what cannot be read stays so.
    """
    key = f"strangers:{unit.connection}:{unit.key}:{kind}"
    before = msgspec.json.decode(house.store.get_meta(key) or "{}", type=Met)
    names = set(map(str, strangers))
    again = (names & set(before.seen)) - set(before.tried)
    if again:
        house.store.from_start(run, unit)
    met = Met(tuple(sorted(names)), tuple(sorted((again | set(before.tried)) & names)))
    if met != before:
        house.store.put_meta(key, msgspec.json.encode(met).decode())


def _read_strangers(house: House, run: Run, unit: Unit, lost: tuple[Ref, ...], strangers: tuple[Ref, ...]) -> None:
    """As many are listed that were never read: a migrated site keeps the times of its items, so that no window shows them.
    Read from the start at once, they tell whether they are the same.
    """
    if migrated(len(lost), len(strangers)):
        house.store.from_start(run, unit)


def _forget(house: House, run: Run, found: Standing) -> None:
    """What could not be read and is not listed any more needs no mending: its findings end."""
    if found.unread:
        house.store.retire(run, found.unread, run.started)


def _rows(house: House, run: Run, unit: Unit, kind: str, absent: tuple[Ref, ...], shown: Set[Ref]) -> Iterator[Hold]:
    """What becomes of rows that were taken out, unless a whole tab lost so many that it looks like an accident. A row
    that is known again without its code was not taken out.
    """
    lost = _Lost(house, unit, kind, absent, shown)
    out, held = lost.out(), set[Ref]()
    for tab in sorted({tab_of(ref) for ref in absent}):
        mine = tuple(ref for ref in out if tab_of(ref) == tab)
        left = sum(1 for ref in shown if tab_of(ref) == tab)
        if cleared(len(mine), left):
            held.update(mine)
            yield _hold(house, run, unit, mine, Lost(kind=kind, of=_title(unit), tab=tab))
    lost.note(run, held)


class _Lost:
    """The rows of a unit that are not listed under their code any more, and as which rows they are known again."""

    def __init__(self, house: House, unit: Unit, kind: str, absent: tuple[Ref, ...], shown: Set[Ref]) -> None:
        self.house, self.unit, self.kind, self.absent = house, unit, kind, absent
        self.before = _noted(house, unit)
        records = {raw.ref: raw for raw in house.store.records(unit.connection, kind)}
        self.there = {ref: records[ref] for ref in shown if ref in records}
        self.gone = {ref: records[ref] for ref in absent if ref in records}
        traces = [lost_rows.trace(raw, self.before.get(ref)) for ref, raw in self.gone.items()]
        self.again = known_again(traces, self.there.values(), self._order()) if traces else {}

    def out(self) -> tuple[Ref, ...]:
        """Those of which the sheet shows nothing without a code, nor under a corrected name."""
        return tuple(ref for ref in self.absent if ref not in self.again or self._left(ref, self.again[ref]))

    def _left(self, ref: Ref, again: RawRecord) -> bool:
        return bool(code_of(again)) and not corrected(code_of(self.gone[ref]), again)

    def note(self, run: Run, held: Set[Ref]) -> None:
        """Say what became of them, and take those that leave out of the plan."""
        store, before = self.house.store, self.before
        if self.absent or before:
            ours = any(shelf.inputs and shelf.name == self.unit.connection for shelf in self.house.shelves)
            notes = lost_rows.notes(self.gone.values(), self.again, self.there.keys(), held, before, run.started, ours)
            told = {ref: note for ref, note in notes.items() if note.fate is not Fate.OVER or note != before.get(ref)}
            leaving = [
                ref for ref in self.absent if ref not in held and (ref not in notes or notes[ref].fate in LEAVING)
            ]
            zone = ZoneInfo(self.house.time_zone)
            kept = [_kept(ref, note, run, zone) for ref, note in told.items()]
            store.retire(run, leaving, run.started)
            store.commit(run, self.unit, kept, None)
            self._place(run)
        self._remember()

    def _place(self, run: Run) -> None:
        """What stays in force stands where its row is known again, else nowhere: another row may stand there by now."""

        def placed(known: Mapping[Ref, Known]) -> Iterator[Intent]:
            told = (
                lost_rows.placed(self.gone[ref], self.again.get(ref), each, run.started) for ref, each in known.items()
            )
            return (intent for intent in told if intent is not None)

        self.house.store.translate(run, self.gone, placed)

    def _remember(self) -> None:
        """Keep in which order the rows stand, for the next time that one is lost."""
        order = [ref.id for ref in order_of(self.there.values(), self.again)]
        text = msgspec.json.encode(order).decode()
        if text != self.house.store.get_meta(self._meta):
            self.house.store.put_meta(self._meta, text)

    def _order(self) -> tuple[Ref, ...]:
        """All rows in the order in which they were read last."""
        names = msgspec.json.decode(self.house.store.get_meta(self._meta) or "[]", type=list[str])
        return tuple(Ref(self.unit.connection, self.kind, name) for name in names)

    @property
    def _meta(self) -> str:
        return f"rows:{self.unit.connection}/{self.unit.key}"


def _noted(house: House, unit: Unit) -> dict[Ref, lost_rows.Note]:
    records = house.store.records(unit.connection, NOTE)
    return {Ref(unit.connection, "row", raw.ref.id): msgspec.convert(raw.payload, lost_rows.Note) for raw in records}


def _kept(ref: Ref, note: lost_rows.Note, run: Run, zone: tzinfo) -> Put:
    """A note as a record of its own, so that its finding ends by itself."""
    raw = RawRecord(Ref(ref.connection, NOTE, ref.id), msgspec.to_builtins(note))
    told = lost_rows.problems(ref, note, run.started, zone)
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


def _losing(unit: Unit, kind: str, codes: tuple[str, ...]) -> Lost:
    """What is held for the milestones that lose too much of their open work, a few by name; or for the unit's sake."""
    more = max(len(codes) - MOST_CODES, 0)
    return Lost(kind=kind, of=_title(unit), why="losing" if codes else "", codes=codes[:MOST_CODES], more=more)


def _title(unit: Unit) -> str:
    return unit.title or unit.key


def copied(house: House, run: Run, unit: Unit) -> Hold | None:
    """A hold on a unit that nobody asks for any more, where nearly all its keys stand in another connection, or under
    other ids in this one: as after a migration, and what was known would be cut off from what goes on.
    """
    refs, others = house.store.elsewhere(unit)
    there = max(sorted(others), key=lambda name: others[name], default="")
    if not there or not migrated(len(refs), others[there]):
        return None
    if there == unit.connection:
        # Nothing lists them any more: within one connection that tells the old from the new.
        house.store.miss(run, refs, run.started)
    why = "new-ids" if there == unit.connection else "elsewhere"
    lost = Lost(kind=refs[0].kind, of=_title(unit), why=why, rekeyed=others[there], there=there)
    return _hold(house, run, unit, refs, lost)


def _hold(house: House, run: Run, unit: Unit, refs: tuple[Ref, ...], lost: Lost) -> Hold:
    what = f"{lost.kind}s of {lost.tab}" if lost.tab else lost.kind
    name = blake2b(f"{unit.connection}/{unit.key}/{what}".encode(), digest_size=4).hexdigest()
    mark = MIGRATED if lost.why in REKEYED else ""
    hold = Hold(
        id=f"{mark}h-{name}",
        connection=unit.connection,
        unit=unit.key,
        reason=sentence(len(refs), lost),
        since=run.started,
        count=len(refs),
        refs=refs,
        moved_to=lost.there or (unit.connection if mark else ""),
        lost=lost,
    )
    house.store.hold(run, hold)
    # The same things are held for one reason at a time.
    house.store.lift(run, f"{'' if mark else MIGRATED}h-{name}")
    return hold
