"""The store: everything pmosync remembers, in one file. The only SQL of the program lies in this package."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from pmosync.compute.absence import Stake
from pmosync.compute.changes import Intent, Known
from pmosync.compute.cuts import Cut
from pmosync.compute.identity import Identities, IdentityChanges
from pmosync.compute.past.items import Lived
from pmosync.compute.rebind import Moves, Thing
from pmosync.compute.typings import Typing
from pmosync.errors import StoreError, Unread
from pmosync.model import (
    Baseline,
    Change,
    Colour,
    Fact,
    Freshness,
    Hold,
    Move,
    Part,
    Plan,
    Progress,
    Rebinding,
    Report,
    Run,
    Snapshot,
    SourceMilestone,
    SourceProject,
    UnitRun,
    WorkItem,
)
from pmosync.raw import Cursor, RawRecord, Ref, Unit
from pmosync.store import commit as commits
from pmosync.store import copies, cuts, facts, history, presence, runs, tally, versions
from pmosync.store import export as exports
from pmosync.store import findings as findings_kept
from pmosync.store import holds as held
from pmosync.store import identities as ours
from pmosync.store import ledger as ledgers
from pmosync.store import rebindings as rebound
from pmosync.store import restore as restoring
from pmosync.store import snapshot as snapshots
from pmosync.store.codec import ref_of
from pmosync.store.commit import Deciding, Taking
from pmosync.store.database import reading, writing
from pmosync.store.delivered import delivered
from pmosync.store.journal import Line, Value
from pmosync.store.progress import served_ever
from pmosync.store.tables import cursor
from pmosync.store.versions import Version


class Store:
    """One store file. One thread writes; any thread may read. Every method is one transaction and may raise StoreError.

    Methods that take a ``run`` refuse to write once a later run has begun (on any process): its epoch is the fence.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._closed = False

    # ------------------------------------------------------------ runs

    def begin(self, started: datetime, kind: str = "sync") -> Run:
        """A new run; its epoch is higher than all before, so older runs cannot write any more."""
        with writing(self._engine, self.path) as connection:
            tally.begin(connection, started)
            return runs.begin(connection, started, kind)

    def fence(self, run: Run) -> None:
        """StoreError if a later run has begun: for whatever a run writes elsewhere than here."""
        with reading(self._engine, self.path) as connection:
            runs.fence(connection, run)

    def finish(
        self, run: Run, ended: datetime, outcome: str, units: tuple[UnitRun, ...] = (), cells: int = 0, words: str = ""
    ) -> Run:
        """Close a run; the run as it is kept."""
        with self._fenced(run) as connection:
            return runs.finish(connection, run, ended, outcome, units, cells, words)

    def runs(self, limit: int = 20) -> tuple[Run, ...]:
        """The last runs, newest first."""
        with reading(self._engine, self.path) as connection:
            return runs.runs(connection, limit)

    def began(self) -> datetime:
        """When the store's first run started; the end of time before any."""
        with reading(self._engine, self.path) as connection:
            return runs.began(connection)

    def reached(
        self,
        run: Run,
        connection: str,
        title: str,
        state: str,
        at: datetime,
        reason: str = "",
        remedy: str = "",
        patient: Sequence[Unit] = (),
        good: datetime | None = None,
        unread: tuple[Unread, ...] = (),
    ) -> Freshness:
        """Keep how fresh a connection is at ``at`` (state: ok, stale, held, failed, never, removed), and how far its
        ``patient`` units have come. ``good``: until when its facts are known to hold, where that is not ``at``; ``unread``: the
        tables that could not be read.

        The last good time goes on from before, unless the state is ok.
        """
        told = Freshness(
            connection=connection, title=title, state=state, good=good, reason=reason, remedy=remedy, unread=unread
        )
        with self._fenced(run) as here:
            return runs.reached(here, told, at, patient)

    def freshness(self, as_of: datetime) -> tuple[Freshness, ...]:
        """How fresh each connection was, by name."""
        with reading(self._engine, self.path) as connection:
            return runs.fresh(connection, as_of)

    # ------------------------------------------------------------ facts

    def cursors(self, connection: str) -> dict[str, Cursor]:
        """Where each unit (by its key) of a connection goes on."""
        with reading(self._engine, self.path) as here:
            rows = here.execute(sa.select(cursor).where(cursor.c.connection == connection))
            return {row.unit: Cursor(row.value) for row in rows}

    def unfinished(self) -> tuple[Part, ...]:
        """The units that take several runs and have not come to their end, by connection and key."""
        with reading(self._engine, self.path) as connection:
            return runs.unfinished(connection)

    def known(self, refs: Iterable[Ref]) -> dict[Ref, Known]:
        """What is in force of these things; unknown ones are left out."""
        with reading(self._engine, self.path) as connection:
            asked = tuple(dict.fromkeys(refs))
            return facts.known(connection, asked, facts.held(connection, asked))

    def take(self, run: Run, takings: Sequence[Taking]) -> list[int]:
        """Take batches in one after the other, in one transaction: all of them or nothing. The number of rows of history
        written of each (0: nothing was new).
        """
        if not takings:
            return []
        with self._fenced(run) as connection:
            return [commits.commit(connection, run, each) for each in takings]

    def commit(self, run: Run, unit: Unit, intents: Iterable[Intent], cursor: Cursor | None) -> int:
        """Like ``take``, of what is decided already."""
        told = tuple(intents)
        return self.take(run, [Taking(unit, _spoken_of(told), lambda _: told, cursor)])[0]

    def translate(self, run: Run, refs: Iterable[Ref], decide: Deciding) -> int:
        """Carry out what a new mapping says of records that are kept already: nobody has shown them, so neither
        memberships nor what is missing change. The number of rows of history written.
        """
        with self._fenced(run) as connection:
            return commits.translated(connection, run, refs, decide)

    def records(self, connection: str, kind: str = "") -> Iterator[RawRecord]:
        """The kept records of a connection, so that a changed mapping needs no pull. Read in full before the first is given."""
        with reading(self._engine, self.path) as here:
            return iter(list(facts.records(here, connection, kind)))

    def pieces(self, connection: str, most: int) -> tuple[int, Iterator[tuple[RawRecord, ...]]]:
        """How many records are kept of a connection, and the records in pieces of at most ``most``, each read when it is
        asked for: what is written in between changes no record's place.
        """
        with reading(self._engine, self.path) as here:
            total = facts.count_records(here, connection)
        return total, self._pieces(connection, most)

    def _pieces(self, connection: str, most: int) -> Iterator[tuple[RawRecord, ...]]:
        last: Ref | None = None
        while True:
            with reading(self._engine, self.path) as here:
                piece = tuple(facts.records_behind(here, connection, last, most))
            if not piece:
                return
            yield piece
            last = piece[-1].ref

    def kept(self, refs: Iterable[Ref]) -> dict[Ref, RawRecord]:
        """The kept records of these things, hidden ones too; what is retired or unknown is left out. StoreError also where the
        store has been closed: a thread that is still reading a source must not open it again.
        """
        if self._closed:
            raise StoreError(
                f"the store {self.path} has been closed", remedy="the next run goes on from what is committed"
            )
        with reading(self._engine, self.path) as connection:
            return {raw.ref: raw for raw in facts.kept(connection, list(dict.fromkeys(map(str, refs))))}

    def count_kept(self, refs: Iterable[Ref]) -> int:
        """Of how many of these things a record is kept, hidden ones too."""
        with reading(self._engine, self.path) as connection:
            return facts.count_kept(connection, list(dict.fromkeys(map(str, refs))))

    def count_items(self) -> int:
        """How many level-0 items are in force, ended ones too."""
        with reading(self._engine, self.path) as connection:
            return facts.count_items(connection)

    # ------------------------------------------------------------ presence

    def standing(
        self, unit: Unit, lists: Mapping[str, Collection[Ref]], counted: bool = False
    ) -> tuple[dict[str, presence.Standing], tuple[Hold, ...]]:
        """What the unit listed in full, by kind, held against what it has shown before; and the holds of the unit, open or
        accepted. ``counted``: it listed everything, so kinds that it has shown and that ``lists`` lacks are told too.
        """
        with reading(self._engine, self.path) as connection:
            return presence.standing(connection, unit, lists, counted), held.of_unit(connection, unit)

    def miss(self, run: Run, refs: Sequence[Ref], at: datetime) -> None:
        """A full list at ``at`` did not hold these records."""
        with self._fenced(run) as connection:
            presence.miss(connection, refs, at)

    def missed(self, connection: str) -> dict[Ref, datetime]:
        """Records of a connection that are missing, with the first list that did not hold them."""
        with reading(self._engine, self.path) as here:
            return presence.missed(here, connection)

    def hide(self, run: Run, refs: Sequence[Ref], since: datetime, at: datetime | None = None) -> None:
        """These records are not visible since ``since``, as known from ``at`` (default: the run's start).

        They stay in scope and forecast.
        """
        known_at = at or run.started
        with self._fenced(run) as connection:
            commits.observe(connection, run, presence.hide(connection, refs, since, known_at))

    def retire(self, run: Run, refs: Sequence[Ref], at: datetime) -> int:
        """These records are surely gone (deletion proved or accepted, a row taken out of the plan).

        Out of force from ``at`` on, history stays.
        """
        with self._fenced(run) as connection:
            return presence.retire(connection, refs, at)

    def leave(self, run: Run, unit: Unit, refs: Sequence[Ref], at: datetime) -> int:
        """These belong to the unit no more; what no other unit shows is out of force from ``at`` on, history stays."""
        with self._fenced(run) as connection:
            return presence.leave(connection, unit, refs, at)

    def returned(self, run: Run, unit: Unit, listed: Collection[Ref], at: datetime) -> None:
        """A full list of the unit holds these: none of them is hidden or missing; if one was retired, the unit is read
        from the start at its next pull.
        """
        with self._fenced(run) as connection:
            commits.observe(connection, run, presence.returned(connection, unit, listed, at))

    def from_start(self, run: Run, unit: Unit) -> None:
        """Forget how far the unit was read: its next pull brings everything."""
        with self._fenced(run) as connection:
            presence.from_start(connection, unit)

    def end_units(self, run: Run, connection: str, asked: Collection[str], at: datetime) -> int:
        """Only the units with these keys are asked for: the others' things leave them. The number of versions ended."""
        with self._fenced(run) as here:
            over = [unit for unit in presence.units(here, connection) if unit.key not in asked]
            return sum(presence.end(here, unit, at) for unit in over)

    def rekeyed(self, unit: Unit, lost: Sequence[Ref]) -> int:
        """How many of these records tell a key that the unit shows under another id, too."""
        with reading(self._engine, self.path) as connection:
            return presence.rekeyed(connection, unit, lost)

    def left(self, connection: str, asked: Collection[str]) -> tuple[Unit, ...]:
        """The units of a connection that show anything although they are not among these keys; sorted."""
        with reading(self._engine, self.path) as here:
            return tuple(unit for unit in presence.units(here, connection) if unit.key not in asked)

    def elsewhere(self, unit: Unit) -> tuple[tuple[Ref, ...], dict[str, int]]:
        """The items that a unit alone shows, and of how many of them something else has the key too: a thing of another
        connection, or of this one under another id; by connection.
        """
        with reading(self._engine, self.path) as connection:
            return presence.elsewhere(connection, unit)

    def stakes(self, lost: Sequence[Ref]) -> dict[str, Stake]:
        """What the milestones that these records serve have to lose, by code."""
        with reading(self._engine, self.path) as connection:
            return presence.stakes(connection, lost)

    def reach(self, unit: Unit) -> tuple[Ref, ...]:
        """The source milestones that the items shown by a unit serve: what a filter-bound project claims."""
        with reading(self._engine, self.path) as connection:
            return presence.reach(connection, unit)

    # ------------------------------------------------------------ holds

    def holds(self, as_of: datetime | None = None) -> tuple[Hold, ...]:
        """Holds that are open, or were at a past moment, oldest first."""
        with reading(self._engine, self.path) as connection:
            return held.holds(connection) if as_of is None else held.holds_at(connection, as_of)

    def accepted(self) -> tuple[Hold, ...]:
        """Holds that somebody has accepted, oldest first."""
        with reading(self._engine, self.path) as connection:
            return held.accepted(connection)

    def hold(self, run: Run, hold: Hold) -> None:
        """Hold a scope; the same id again renews it and keeps its ``since``."""
        with self._fenced(run) as connection:
            held.put(connection, hold, run.started)

    def accept(self, hold_id: str, as_: str, at: datetime) -> Hold:
        """Mark a hold as looked at, and as what. Raises ConfigError if no such hold is open."""
        with writing(self._engine, self.path) as connection:
            return held.accept(connection, hold_id, as_, at)

    def lift(self, run: Run, hold_id: str) -> None:
        """A hold whose cause is gone is over, accepted or not."""
        with self._fenced(run) as connection:
            held.lift(connection, hold_id, run.started)

    # ------------------------------------------------------------ ours

    def identities(self) -> Identities:
        """Our milestones, all bindings ever, counters."""
        with reading(self._engine, self.path) as connection:
            return ours.identities(connection)

    def identify(self, run: Run, changes: IdentityChanges) -> int:
        """Carry out what ``compute.identity`` decided; the number of rows written."""
        with self._fenced(run) as connection:
            return ours.identify(connection, run, changes)

    def keep(self, run: Run, baselines: Sequence[Baseline], colours: Sequence[Colour], at: datetime) -> int:
        """Append baselines and colours; those kept already stay, a day's colour is replaced only until a later day is kept."""
        with self._fenced(run) as connection:
            return history.keep(connection, run, baselines, colours, at)

    def enter(self, run: Run, moves: Sequence[Move], reports: Sequence[Report], at: datetime) -> int:
        """Append rows of the slip ledger and reports; those kept already stay as they are. The number of rows written."""
        with self._fenced(run) as connection:
            return ledgers.keep(connection, run.id, moves, reports, at)

    def keep_cut(self, run: Run, cut: Cut) -> bool:
        """Append a committee cut; one of the same due moment that is kept stays. Whether it was new."""
        with self._fenced(run) as connection:
            return cuts.keep(connection, run.id, cut)

    def cut(self, as_of: datetime) -> Cut | None:
        """The committee cut that stood at ``as_of``; None before the first."""
        with reading(self._engine, self.path) as connection:
            return cuts.last(connection, as_of)

    def cuts(self, as_of: datetime, dues: Collection[datetime] | None = None) -> tuple[Cut, ...]:
        """The committee cuts kept by ``as_of``, oldest first: all, or those of these due moments."""
        with reading(self._engine, self.path) as connection:
            return cuts.every_cut(connection, as_of, dues)

    def cut_dues(self, as_of: datetime) -> tuple[datetime, ...]:
        """When the committee cuts kept by ``as_of`` were due, oldest first; none is read."""
        with reading(self._engine, self.path) as connection:
            return cuts.dues(connection, as_of)

    def cuts_with(self, words: Collection[str], as_of: datetime) -> frozenset[datetime]:
        """When those of the committee cuts kept by ``as_of`` were due on whose pages one of the words may stand, folded."""
        with reading(self._engine, self.path) as connection:
            return cuts.dues_with(connection, words, as_of)

    def stand(self, run: Run, findings: Mapping[str, datetime], at: datetime) -> int:
        """Keep since when each finding stands, by its name (``compute.since``); those that are not among them end at
        ``at``. The number of rows written.
        """
        with self._fenced(run) as connection:
            return findings_kept.stand(connection, run, findings, at)

    def tally(self, run: Run, counted: Mapping[str, Progress], as_of: datetime) -> None:
        """Keep the progress that the run's snapshot at ``as_of`` counted, behind the run's last word on facts: the next
        snapshot counts again only what was touched since.
        """
        with self._fenced(run) as connection:
            tally.keep(connection, counted, as_of)

    def rebindings(self) -> tuple[Rebinding, ...]:
        """Which things ever went on as which others."""
        with reading(self._engine, self.path) as connection:
            return rebound.rebindings(connection)

    def things(self, connections: Collection[str]) -> tuple[Thing, ...]:
        """Everything ever seen of these connections as it was last known, by ref."""
        with reading(self._engine, self.path) as connection:
            return tuple(rebound.things(connection, connections))

    def went(self) -> dict[Ref, Ref]:
        """What the projects, groups and milestones that typed rows may still name go on as now, by the old thing."""
        with reading(self._engine, self.path) as connection:
            return rebound.went(connection)

    def former(self, refs: Iterable[Ref]) -> dict[Ref, Fact]:
        """The projects, groups and milestones among these as they were last known, also those out of force; what was
        never seen is left out.
        """
        with reading(self._engine, self.path) as connection:
            return rebound.former_facts(connection, refs)

    def rebind(self, run: Run, moves: Moves) -> int:
        """Let things go on as others from the moves' moment on; the number of rows written. What was known before stays,
        and a past moment shows it.
        """
        with self._fenced(run) as connection:
            tally.forget(connection)
            return rebound.write(connection, run, moves)

    # ------------------------------------------------------------ reading

    def snapshot(self, as_of: datetime) -> Snapshot:
        """All that was known at ``as_of``, also of a past moment: the same that was answered then."""
        with reading(self._engine, self.path) as connection:
            return snapshots.snapshot(connection, as_of)

    def plan(self, as_of: datetime) -> Plan:
        """The rows of the plan in force at ``as_of``."""
        with reading(self._engine, self.path) as connection:
            return snapshots.plan(connection, as_of)

    def typings(self, as_of: datetime) -> Mapping[Ref, Sequence[Typing]]:
        """All that the rows of input tabs ever said by ``as_of``, also those that are gone, each oldest first."""
        with reading(self._engine, self.path) as connection:
            return snapshots.typings(connection, as_of)

    def numbers(self) -> Mapping[str, tuple[str, ...]]:
        """Input tab → the numbers that decisions and risks ever had, also those of rows that are gone."""
        with reading(self._engine, self.path) as connection:
            return snapshots.numbers(connection)

    def sources(self, as_of: datetime) -> dict[Ref, SourceMilestone]:
        """Every source milestone known at ``as_of``, also those not visible."""
        with reading(self._engine, self.path) as connection:
            return snapshots.by_ref(connection, "source_milestone", SourceMilestone, as_of)

    def source_projects(self, as_of: datetime) -> dict[Ref, SourceProject]:
        """Every project and group of the sources known at ``as_of``."""
        with reading(self._engine, self.path) as connection:
            return snapshots.by_ref(connection, "source_project", SourceProject, as_of)

    def export(self, entity: str, as_of: datetime) -> Iterator[Struct]:
        """Everything of one entity (a word of ``ENTITIES``) as of a moment, in a stable order.

        Raises ConfigError for another word.
        """
        with reading(self._engine, self.path) as connection:
            return exports.export(connection, entity, as_of)

    def colours(self, code: str, as_of: datetime) -> tuple[tuple[datetime, Colour], ...]:
        """Every day's colour of a code as known at ``as_of``, oldest first, with when it was kept."""
        with reading(self._engine, self.path) as connection:
            return tuple(history.colours_of(connection, code, as_of))

    def served(self, codes: Collection[str], as_of: datetime) -> frozenset[Ref]:
        """The items that were seen to serve any of these milestones of ours by ``as_of``, whenever it was."""
        with reading(self._engine, self.path) as connection:
            return frozenset(map(ref_of, served_ever(connection, as_of, codes)))

    def lived(self, as_of: datetime, among: Collection[Ref] | None = None) -> Iterator[Lived]:
        """Every item ever seen by ``as_of``, or those ``among`` these, as it was last known then, in a stable order; with its
        end where it was surely gone.
        """
        with reading(self._engine, self.path) as connection:
            return history.lived(connection, as_of, _texts(among))

    def earlier(self, as_of: datetime, among: Collection[Ref] | None = None) -> Iterator[WorkItem]:
        """The versions of items, or of those ``among`` these, that were over by ``as_of``, oldest first of each."""
        with reading(self._engine, self.path) as connection:
            return history.earlier(connection, as_of, _texts(among))

    def changes(self, as_of: datetime, among: Collection[Ref] | None = None) -> Iterator[Change]:
        """The systems' own entries seen by ``as_of``, or those of the things ``among`` these, oldest first of each thing."""
        with reading(self._engine, self.path) as connection:
            return history.every_change(connection, as_of, _texts(among))

    def delivered(self, as_of: datetime, since: datetime) -> Iterator[WorkItem]:
        """The level-0 items that were delivered behind ``since`` and by ``as_of``, as known then, in no order."""
        with reading(self._engine, self.path) as connection:
            return delivered(connection, as_of, since)

    # ------------------------------------------------------------ versions and words

    def version(self, kind: str, digest: str, body: str, at: datetime) -> bool:
        """Put a policy, mapping, calendar or input in force; whether it differs from the one before."""
        with writing(self._engine, self.path) as connection:
            return versions.put(connection, Version(kind, digest, body, at))

    def in_force(self, kind: str, as_of: datetime) -> Version | None:
        """What was in force at ``as_of``."""
        with reading(self._engine, self.path) as connection:
            return versions.in_force(connection, kind, as_of)

    def versions(self, kind: str, as_of: datetime) -> tuple[Version, ...]:
        """All that came into force by ``as_of``, oldest first."""
        with reading(self._engine, self.path) as connection:
            return versions.until(connection, kind, as_of)

    def get_meta(self, key: str) -> str | None:
        """A word of the store (``instance`` is its own id), None if it was never put."""
        with reading(self._engine, self.path) as connection:
            return versions.get_meta(connection, key)

    def put_meta(self, key: str, value: str) -> None:
        """Put a word of the store."""
        with writing(self._engine, self.path) as connection:
            versions.put_meta(connection, key, value)

    # ------------------------------------------------------------ journal

    def entries(self, run: Run) -> tuple[Value, ...]:
        """What the journal lacks up to and with this run: to be appended to it, then told by ``journaled``."""
        with reading(self._engine, self.path) as connection:
            return restoring.entries(connection, run)

    def journaled(self, run: Run) -> None:
        """The journal holds everything up to this run."""
        with self._fenced(run) as connection:
            restoring.journaled(connection, run)

    def restore(self, journal_lines: Sequence[Line]) -> int:
        """Bring a journal's history into this store; the number of rows added. Twice changes nothing."""
        with writing(self._engine, self.path) as connection:
            tally.forget(connection)
            return restoring.restore(connection, journal_lines)

    # ------------------------------------------------------------ care

    def check(self) -> tuple[str, ...]:
        """What the database's own integrity check finds wrong; empty if the file is sound."""
        with reading(self._engine, self.path) as connection:
            words = connection.scalars(sa.text("PRAGMA integrity_check(20)")).all()
            broken = [str(tuple(row)) for row in connection.execute(sa.text("PRAGMA foreign_key_check"))]
        return tuple(word for word in chain(words, broken) if word != "ok")

    def keep_copy(self, today: date, days: int) -> Path | None:
        """Keep the day's copy of the store beside it, for ``days`` days (0: none); its path, None if it is there
        already.
        """
        return copies.keep(self._engine, self.path, today, days)

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        self._engine.dispose()

    @contextmanager
    def _fenced(self, run: Run) -> Iterator[sa.Connection]:
        """A write transaction that a later run's epoch refuses."""
        with writing(self._engine, self.path) as connection:
            runs.fence(connection, run)
            yield connection


def _texts(refs: Collection[Ref] | None) -> frozenset[str] | None:
    """Refs as the tables hold them."""
    return None if refs is None else frozenset(map(str, refs))


def _spoken_of(intents: Iterable[Intent]) -> tuple[Ref, ...]:
    """The things and records that intents speak of."""
    return tuple(ref for intent in intents for ref in (intent.ref, commits.record_of(intent)))
