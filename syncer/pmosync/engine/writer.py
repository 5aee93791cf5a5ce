"""The one writer of a run: takes what the pulling threads bring and keeps book of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from pmosync.connector import Source
from pmosync.engine import events, pull
from pmosync.engine.absence import copied, missing_of, settled
from pmosync.engine.gathered import GATHERED, Gathered
from pmosync.engine.house import House, Lane
from pmosync.engine.intake import Ready, again, as_known, ready, take
from pmosync.engine.pull import Arrival
from pmosync.errors import HeldError, PmosyncError, TransientError, Unread, UnreadError
from pmosync.mapping import Context, People
from pmosync.model import PersonRow, Run, UnitRun
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit

PEOPLE = "people"


class Count(Struct):
    """What a unit came to so far."""

    pulled: int = 0
    changed: int = 0


def _mapped(unit: Unit) -> str:
    return f"rows_mapping:{unit.connection}/{unit.key}"


class Writer:
    """Books of one run. ``faults`` maps a connection to what went wrong with it, ``held`` those that somebody must
    look at, ``unread`` the tables that could not be read of such, ``as_of`` those of which not all was read, since their
    systems say that until then nothing has changed. A ``partial`` run reads some projects only: what it does not list says
    nothing.
    """

    def __init__(self, house: House, run: Run, partial: bool = False) -> None:
        self.house = house
        self.partial = partial
        self.run = run
        self._until = time.monotonic() + house.deadline
        self.lines: list[UnitRun] = []
        self.faults: dict[str, PmosyncError] = {}
        self.held: dict[str, str] = {}
        self.unread: dict[str, tuple[Unread, ...]] = {}
        self.as_of: dict[str, datetime] = {}
        self._sources: dict[str, Source] = {}
        self._counts: dict[tuple[str, str], Count] = defaultdict(Count)
        self._shown: dict[Unit, dict[str, set[Ref]]] = defaultdict(lambda: defaultdict(set))
        self._whole: dict[Unit, set[str]] = defaultdict(set)
        self._listed: dict[Unit, set[Ref]] = defaultdict(set)
        self._ids: dict[str, dict[str, str]] = defaultdict(dict)
        self._later: dict[Unit, list[RawRecord]] = defaultdict(list)
        self._contexts: dict[str, Context] = {}
        self._counted: dict[str, list[str]] = defaultdict(list)
        self._asked: dict[str, frozenset[str]] = {}
        self._patient: dict[str, tuple[Unit, ...]] = {}
        self._through: set[str] = set()
        self._gathered = Gathered()
        self._begun: dict[Unit, float] = {}

    def follow(self, arrivals: Iterable[Arrival]) -> Iterator[events.Event]:
        """Take everything in; the sources are let go at the end, whatever happens."""
        try:
            for arrival in arrivals:
                yield from self._take(arrival)
                if self._gathered.due(time.monotonic()):
                    yield from self._commit()
            yield from self._commit()
        finally:
            pull.release(self._sources.values())
            self._sources.clear()
        self._note_censuses()

    def unfinished(self, lanes: Iterable[Lane]) -> Iterator[events.Event]:
        """Connections that the run did not wait for: what they told so far is kept, and the next run goes on there. One that
        was read to its end and was still busy with the past of its things is well.
        """
        for lane in lanes:
            if lane.connection in self._through:
                yield from self._broken_off(lane)
            elif lane.connection not in self.faults:
                error = self._cut_off(lane)
                self.faults[lane.connection] = error
                yield events.Failed(lane.connection, error)

    def _broken_off(self, lane: Lane) -> Iterator[events.Event]:
        """The units of a connection that did not come to their end."""
        for unit in [unit for unit in self._begun if unit.connection == lane.connection]:
            seconds = time.monotonic() - self._begun[unit]
            yield from self._end(pull.Ended(lane, unit, seconds, 0, 0, False, self._cut_off(lane)))

    def _cut_off(self, lane: Lane) -> TransientError:
        if self.house.stop.is_set():
            return TransientError(
                f"{lane.title}: not read to the end, since pmosync was asked to stop",
                remedy="the next run goes on where this one stopped",
            )
        return TransientError(
            f"{lane.title}: not read to the end within {self.house.deadline:.0f} s",
            remedy="the next run goes on where this one stopped; raise sync.deadline if it happens often",
        )

    def patient(self, connection: str) -> tuple[Unit, ...]:
        """The units of a connection that take their time behind others."""
        return self._patient.get(connection, ())

    def left(self) -> float:
        """Seconds that are left of the run's deadline, which input tabs and sources share."""
        return max(0.0, self._until - time.monotonic())

    def counted(self, lane: Lane) -> frozenset[str]:
        """The units of a lane whose next census is not due yet. One is due where a person has agreed to a loss."""
        agreed = self._agreed()
        noted = self._censuses(lane.connection).items()
        return frozenset(unit for unit, due in noted if due > self.run.started.isoformat() and unit not in agreed)

    def cursors(self, lane: Lane) -> Mapping[str, Cursor]:
        """Where the units of a lane go on. A plan's is read from the start while something of it is held, and where a person
        has agreed to a loss: of input tabs no census is taken, so that only their rows say what is missing. So it is where it
        was read under another mapping: its rows are not translated from the store.
        """
        found = self.house.store.cursors(lane.connection)
        if not lane.plan:
            return found
        held = self._agreed() | {hold.unit for hold in self.house.store.holds() if hold.connection == lane.connection}
        going_on = (key for key in found if key not in held and self._read_alike(Unit(lane.connection, key)))
        return {key: found[key] for key in going_on}

    def _read_alike(self, unit: Unit) -> bool:
        """Whether the rows of a plan were last read under the mapping of today."""
        return self.house.store.get_meta(_mapped(unit)) == self.house.rows_mapping.digest

    def _note_mapping(self, unit: Unit) -> None:
        if not self._read_alike(unit):
            self.house.store.put_meta(_mapped(unit), self.house.rows_mapping.digest)

    def _agreed(self) -> set[str]:
        """The units of which a person has agreed to a loss that was not carried out yet."""
        return {hold.unit for hold in self.house.store.accepted() if not settled(self.house.store, hold)}

    def own_rows(self) -> None:
        """The plan rows of the settings file, which stand under the connection ``settings``."""
        unit = Unit("settings", "plan")
        rows = self.house.own_rows
        self._rows(Batch(unit, rows, None, whole=("row",)))
        listed = {raw.ref for raw in rows}
        found = self.house.store.standing(unit, {"row": listed})[0]["row"]
        if found.absent or found.unread:
            self.house.store.retire(self.run, (*found.absent, *found.unread), self.run.started)

    def end_units(self, lanes: Iterable[Lane]) -> Iterator[events.Event]:
        """What nobody asks for any more leaves scope. Only a connection that told everything says so, and only while
        the plan could be read and no row of it is held: what looks unbound could be an accident of the plan. That a
        workbook may not be written is held too, and says nothing of its rows.
        """
        plans = {lane.connection for lane in self.house.lanes if lane.plan}
        wrong = self.faults.keys() | self.held.keys()
        if self.partial or plans & (wrong | {hold.connection for hold in self.house.store.holds() if hold.refs}):
            return
        for lane in lanes:
            if lane.connection in self._through and lane.connection not in wrong:
                yield from self._end_units(lane.connection, self._asked[lane.connection])

    def _end_units(self, connection: str, asked: frozenset[str]) -> Iterator[events.Event]:
        """End what is not asked for, and with it what was held of it; but not what seems to live in another connection now."""
        for unit in self.house.store.left(connection, asked):
            if hold := copied(self.house, self.run, unit):
                self.held[connection] = hold.reason
                asked |= {unit.key}
                yield events.Held(hold)
        self.house.store.end_units(self.run, connection, asked, self.run.started)
        for hold in self.house.store.holds():
            if hold.connection == connection and hold.refs and hold.unit not in asked:
                self.house.store.lift(self.run, hold.id)

    def remap(self, lane: Lane) -> Iterator[events.Event]:
        """Translate what is stored of a connection once more: its mapping has changed, its records have not."""
        unit = Unit(lane.connection, "stored records", "re-mapping")
        yield events.UnitStarted(unit.connection, unit.key, unit.title)
        begun, (total, pieces) = time.monotonic(), self.house.store.pieces(lane.connection, GATHERED)
        count, later = Count(), list[RawRecord]()
        for piece in pieces:
            told = self._ready(lane, Batch(unit, piece))
            changed = again(self.house.store, self.run, told, self.run.started)
            later += told.unresolved
            count.pulled += len(piece)
            count.changed += changed
            yield events.Committed(unit.connection, unit.key, len(piece), changed, total)
        rest = self._ready(lane, Batch(unit, tuple(later)))
        count.changed += again(self.house.store, self.run, rest, self.run.started)
        yield self._line(pull.Ended(lane, unit, time.monotonic() - begun, 0, 0, False, None), count)

    def _take(self, arrival: Arrival) -> Iterator[events.Event]:
        match arrival:
            case pull.Opened(lane, source, units):
                self._sources[lane.connection] = source
                self._asked[lane.connection] = frozenset(unit.key for unit in units)
                self._patient[lane.connection] = tuple(unit for unit in units if unit.behind)
                yield events.Connected(lane.connection, lane.title, len(units))
            case pull.Begun(lane, unit):
                self._begun[unit] = time.monotonic()
                yield events.UnitStarted(lane.connection, unit.key, unit.title)
            case pull.Came(lane, unit, batch):
                self._gathered.put(lane, unit, batch, time.monotonic())
            case pull.Listed(_, unit, refs):
                self._listed[unit].update(refs)
            case pull.Ended():
                self._gathered.end(arrival, time.monotonic())
            case pull.Through(lane):
                self._through.add(lane.connection)
            case pull.Broken(lane, error):
                self.faults[lane.connection] = error
                yield events.Failed(lane.connection, error)

    def _commit(self) -> Iterator[events.Event]:
        """Commit all that waits in one transaction, then say of the units that came to their end what they came to. Rows
        of a plan go one unit after the other: each names what those before it told.
        """
        waiting, ended = self._gathered.taken()
        told = [self._ready(lane, batch) for lane, batch in waiting if not lane.plan]
        changed = take(self.house.store, self.run, told, self.run.started)
        for each, rows in zip(told, changed, strict=True):
            self._later[each.batch.unit] += each.unresolved
            yield self._noted(each.batch, rows)
        for batch in (self._named(batch) for lane, batch in waiting if lane.plan):
            yield self._noted(batch, self._rows(batch))
        for end in ended:
            yield from self._end(end)

    def _ready(self, lane: Lane, batch: Batch) -> Ready:
        """The batch translated; items that come after it are known by what it told."""
        told = ready(self.house.store, lane.mapping, batch, self._context(lane))
        self._ids[lane.connection].update(told.ids)
        return told

    def _noted(self, batch: Batch, changed: int) -> events.Event:
        """Keep book of a batch that is committed."""
        unit = batch.unit
        for raw in batch.records:
            self._shown[unit][raw.ref.kind].add(raw.ref)
        self._whole[unit].update(batch.whole)
        if batch.as_of is not None:
            self.as_of[unit.connection] = min(batch.as_of, self.as_of.get(unit.connection, batch.as_of))
        count = self._counts[unit.connection, unit.key]
        count.pulled += len(batch.records)
        count.changed += changed
        return events.Committed(unit.connection, unit.key, len(batch.records), changed, batch.total, batch.share)

    def _named(self, batch: Batch) -> Batch:
        """The batch with its rows under the names by which the store knows them."""
        refs = [raw.ref for raw in batch.records]
        if self.house.store.count_kept(refs) == len(set(refs)):
            return batch
        known = (raw.ref for raw in self.house.store.records(batch.unit.connection, "row"))
        return msgspec.structs.replace(batch, records=as_known(batch.records, known))

    def _rows(self, batch: Batch) -> int:
        """Rows of the plan: people first, since every other tab may name them. A partial run moves no cursor on: it looks for
        no row that is missing, and the next whole run must not take the plan for read.
        """
        store, unit, seen = self.house.store, batch.unit, self.run.started
        people = tuple(raw for raw in batch.records if raw.payload.get("tab") == PEOPLE)
        others = tuple(raw for raw in batch.records if raw.payload.get("tab") != PEOPLE)
        changed = self._typed(Batch(unit, people), Context(seen=seen))
        known = People(row for row in store.export("person", seen) if isinstance(row, PersonRow))
        cursor = None if self.partial else batch.cursor
        return changed + self._typed(Batch(unit, others, cursor), Context(people=known, seen=seen))

    def _typed(self, batch: Batch, context: Context) -> int:
        """Commit typed rows; the rows of history written."""
        store = self.house.store
        return sum(take(store, self.run, [ready(store, self.house.rows_mapping, batch, context)], self.run.started))

    def _context(self, lane: Lane) -> Context:
        """What a translation of this lane may know; made once a run, its ids grow while records come in."""
        context = self._contexts.get(lane.connection)
        if context is None:
            known = frozenset(self.house.store.sources(self.run.started))
            ids = self._ids[lane.connection]
            context = Context(base_url=lane.base_url, ids=ids, known=known, seen=self.run.started)
            self._contexts[lane.connection] = context
        return context

    def _end(self, ended: pull.Ended) -> Iterator[events.Event]:
        lane, unit = ended.lane, ended.unit
        self._begun.pop(unit, None)
        count = self._counts[lane.connection, unit.key]
        later = self._later.pop(unit, [])
        if later:
            count.changed += sum(
                take(self.house.store, self.run, [self._ready(lane, Batch(unit, tuple(later)))], self.run.started)
            )
        if ended.error is None and not self.partial:
            yield from self._absent(ended)
        elif ended.error is not None:
            yield from self._failed(unit, ended.error)
        yield self._line(ended, count)

    def _failed(self, unit: Unit, error: PmosyncError) -> Iterator[events.Event]:
        """What the error of a unit says of its connection. Nothing, where only the past of things must wait: the present was
        read, and a later run goes on.
        """
        if unit.behind and isinstance(error, TransientError):
            return
        if isinstance(error, HeldError):
            self.held[unit.connection] = str(error)
            self.unread[unit.connection] = error.tables if isinstance(error, UnreadError) else ()
        else:
            self.faults.setdefault(unit.connection, error)
        yield events.Failed(unit.connection, error)

    def _line(self, ended: pull.Ended, count: Count) -> events.UnitEnded:
        """What a unit came to, for the run's own record."""
        unit = ended.unit
        line = UnitRun(
            connection=unit.connection,
            unit=unit.title or unit.key,
            pulled=count.pulled,
            changed=count.changed,
            requests=ended.requests,
            received=ended.received,
            seconds=round(ended.seconds, 3),
            error=ended.error.message if ended.error else "",
        )
        self.lines.append(line)
        return events.UnitEnded(line, unit.key)

    def _absent(self, ended: pull.Ended) -> Iterator[events.Event]:
        """What the unit did not show although it showed everything: a census lists every kind that the unit has shown,
        so one that it does not name is lost altogether.
        """
        shown = self._shown.pop(ended.unit, {})
        lists: dict[str, set[Ref]] = {kind: shown.get(kind, set()) for kind in self._whole.pop(ended.unit, set())}
        if ended.counted:
            for ref in self._listed.pop(ended.unit, set()):
                lists.setdefault(ref.kind, set()).add(ref)
        source = self._sources[ended.lane.connection]
        for hold in missing_of(self.house, self.run, ended.lane, source, ended.unit, lists, ended.counted):
            self.held[ended.lane.connection] = hold.reason
            yield events.Held(hold)
        if ended.lane.plan:
            self._note_mapping(ended.unit)
        if ended.counted:
            self._counted[ended.unit.connection].append(ended.unit.key)

    def _censuses(self, connection: str) -> dict[str, str]:
        """When each unit's next census is due, as ISO instants."""
        return msgspec.json.decode(self.house.store.get_meta(f"census:{connection}") or "{}", type=dict[str, str])

    def _note_censuses(self) -> None:
        """Set the next census of every unit that was counted; a run that is cut off before counts again, and what is to be
        read from the start is counted with it once more.
        """
        due = (self.run.started + timedelta(hours=self.house.census_hours)).isoformat()
        for connection, units in self._counted.items():
            going_on = self.house.store.cursors(connection)
            noted = {**self._censuses(connection), **dict.fromkeys((unit for unit in units if unit in going_on), due)}
            self.house.store.put_meta(f"census:{connection}", msgspec.json.encode(noted).decode())
        self._counted.clear()
