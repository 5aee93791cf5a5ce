"""One trial of a source: its world behind a loopback port where answers can be broken, clocks, and what was read so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType

import msgspec
from msgspec import Struct
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asgi

from pmosync.compute.policy import Policy
from pmosync.connector import Kept, Opening, Source, nothing_kept
from pmosync.dashboard.build import empty_layouts
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync.engine import pull
from pmosync.engine.house import Lane
from pmosync.errors import PmosyncError
from pmosync.mapping import Mapping, load_mapping
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope
from pmosync.sheet import Kind, Tab
from pmosync.testing.contract.world import START, Conditions, World
from pmosync.transport import Limits, Transport

CONNECTION = "proved"
TICK = timedelta(seconds=20)
LIMITS = Limits(connect=5, read=10, deadline=20, attempts=2, longest_wait=5, concurrency=2)
Paths = Table[str, tuple[str, ...]]


class BreachError(AssertionError):
    """A source breaks its contract; the message says how."""


def hold(right: bool, sentence: str) -> None:
    """BreachError with ``sentence`` unless it is ``right``."""
    if not right:
        raise BreachError(sentence)


class Stand:
    """One loopback port for any number of trials, one after the other. Use as a context manager."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self.faults = Faults(self._pass)
        self._server = LoopbackServer(self.faults)

    def __enter__(self) -> Stand:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    def show(self, app: ASGIApp) -> None:
        """Let another system answer from now on, whole and uncounted."""
        self._app, self.faults.plan = app, None
        self.faults.clear()

    async def _pass(self, scope: Asgi, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise RuntimeError("no system stands here")
        await self._app(scope, receive, send)


class Memory:
    """What a store would hold after what was read: one record a thing, the newest; the cursor of each unit."""

    def __init__(self) -> None:
        self.records: dict[Ref, RawRecord] = {}
        self.cursors: dict[str, Cursor] = {}

    def take(self, batch: Batch) -> None:
        """Keep a batch and the cursor behind it. What is older than what is known changes nothing."""
        for record in batch.records:
            known = self.records.get(record.ref)
            if not (known and known.updated and record.updated and record.updated < known.updated):
                self.records[record.ref] = record
        if batch.cursor:
            self.cursors[batch.unit.key] = batch.cursor

    def kept(self, refs: Sequence[Ref]) -> Table[Ref, RawRecord]:
        """See ``Opening.kept``."""
        return {ref: self.records[ref] for ref in refs if ref in self.records}

    def copy(self) -> Memory:
        """The same, to go on from apart."""
        found = Memory()
        found.records, found.cursors = dict(self.records), dict(self.cursors)
        return found

    def ids(self, kind: str) -> set[str]:
        """The ids of one kind."""
        return {ref.id for ref in self.records if ref.kind == kind}


class Outcome(Struct):
    """What one reading came to. ``listed`` are the ids that each unit's census (or whole list) held, of the units that
    were read to the end; ``errors`` what ended the others.
    """

    memory: Memory
    listed: dict[str, set[Ref]] = {}
    errors: list[PmosyncError] = []


class Trial:
    """One world, and sources that are opened to it. Use as a context manager: it closes what it opened.

    ``now`` is the server's clock; the program's own is ``skew`` ahead of it.
    """

    def __init__(
        self,
        kind: type[World],
        stand: Stand,
        folder: Path,
        conditions: Conditions = Conditions(),
        skew: timedelta = timedelta(),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.stand, self.skew, self.now = folder, stand, skew, conditions.start
        self.world = kind(conditions, folder)
        self.mapping = _mapping(self.world.connector.mapping)
        self.items: list[str] = []
        self.gone: set[str] = set()
        self._opened: list[Source] = []
        stand.show(self.world.app)

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stand.faults.plan = None
        for source in self._opened:
            source.close()

    # ------------------------------------------------------------ what happens

    def pass_by(self, span: timedelta = TICK) -> datetime:
        """Let time go by; the time then."""
        self.now += span
        self.world.advance(self.now)
        return self.now

    def fill(self, count: int) -> list[str]:
        """Make items, one after the other; their ids."""
        made = [self.add() for _ in range(count)]
        self.pass_by()
        return made

    def add(self) -> str:
        """Make one item a moment later."""
        self.pass_by()
        self.items.append(self.world.add())
        return self.items[-1]

    def change(self, item: str) -> None:
        """Change one item a moment later."""
        self.pass_by()
        self.world.change(item)

    def delete(self, item: str) -> None:
        """Delete one item a moment later."""
        self.pass_by()
        self.items.remove(item)
        self.gone.add(item)
        self.world.delete(item)

    # ------------------------------------------------------------ reading

    def ref(self, item: str) -> Ref:
        """The identity of an item."""
        return Ref(CONNECTION, self.world.kind, item)

    @property
    def plan(self) -> bool:
        """Whether the source reads input tabs."""
        return "row" in self.mapping.kinds

    def lane(self, limits: Limits = LIMITS, paths: Paths | None = None) -> Lane:
        """The connection as the engine knows it, with a transport of its own."""
        transport = Transport(limits, wait=lambda _seconds: False)
        return Lane(
            connection=CONNECTION,
            title="the source under proof",
            mapping=self.mapping,
            transport=transport,
            open=lambda scopes, kept: self._open(transport, scopes, kept, paths),
            plan=self.plan,
            rewind=self.world.connector.rewind,
        )

    def source(self, kept: Kept = nothing_kept, paths: Paths | None = None) -> Source:
        """A new source, closed at the end at the latest."""
        found = self.lane(paths=paths).open((self.world.scope,), kept)
        self._opened.append(found)
        return found

    def _open(self, transport: Transport, scopes: tuple[Scope, ...], kept: Kept, paths: Paths | None) -> Source:
        make, mapping = self.world.connector.source, self.mapping
        if make is None:
            raise BreachError(f"the connector {self.world.connector.name} has no source")
        opening = Opening(
            connection=CONNECTION,
            settings=self.world.settings(self.stand.url),
            transport=transport,
            now=lambda: self.now + self.skew,
            scopes=scopes,
            paths={kind: mapping.paths(kind) for kind in mapping.kinds} if paths is None else paths,
            options=mapping.options,
            tabs=_input_tabs(START) if self.plan else (),
            kept=kept,
        )
        return make(opening)

    def read(
        self,
        memory: Memory | None = None,
        *,
        census: bool = True,
        limits: Limits = LIMITS,
        since: datetime | None = None,
    ) -> Outcome:
        """What the engine's own reading brings: everything, or what changed since ``memory``, which grows. ``census``: the
        ids are counted too. ``since``: what changed from then on comes again.
        """
        lane, known = self.lane(limits), Memory() if memory is None else memory
        outcome = Outcome(known, {}, [])
        done = frozenset[str]() if census else _Everything()
        opened: list[Source] = []
        lists: dict[str, set[Ref]] = {}
        for arrival in pull.pull(lane, (self.world.scope,), dict(known.cursors), done, known.kept, since=since):
            match arrival:
                case pull.Opened(source=source):
                    opened.append(source)
                case pull.Came(unit=unit, batch=batch):
                    known.take(batch)
                    if batch.whole:
                        lists.setdefault(unit.key, set()).update(record.ref for record in batch.records)
                case pull.Listed(unit=unit, refs=refs):
                    lists.setdefault(unit.key, set()).update(refs)
                case pull.Ended(unit=unit, error=None):
                    outcome.listed[unit.key] = lists.get(unit.key, set())
                case pull.Ended(error=PmosyncError() as error) | pull.Broken(error=error):
                    outcome.errors.append(error)
        pull.release(opened)
        return outcome

    def fully(self) -> Outcome:
        """Everything that is there now, read by a new source, undisturbed. BreachError if that fails."""
        outcome = self.read()
        hold(not outcome.errors, f"an undisturbed reading fails: {'; '.join(map(str, outcome.errors))}")
        return outcome

    def count(self, what: Callable[[], object]) -> int:
        """How many requests ``what`` begins."""
        self.stand.faults.clear()
        what()
        return self.stand.faults.requests()

    # ------------------------------------------------------------ judging

    def same(self, memory: Memory, whole: Memory, when: str) -> None:
        """What was read piece by piece must be what is read at once; what is deleted may still be kept. What happened to
        items long ago need not have been read.
        """
        for ref, record in whole.records.items():
            known = memory.records.get(ref)
            if known is None and ref.kind in self.world.events:
                continue
            hold(known is not None, f"{when}: {ref} is lost")
            hold(known is None or told(known) == told(record), f"{when}: {ref} is not what it is now")
        extra = memory.ids(self.world.kind) - whole.ids(self.world.kind) - self.gone
        hold(not extra, f"{when}: {sorted(extra)} are read, and are not there")

    def complete(self, memory: Memory, when: str) -> None:
        """Every item must have been read."""
        lost = set(self.items) - memory.ids(self.world.kind)
        hold(not lost, f"{when}: {len(lost)} of {len(self.items)} items are lost, such as {sorted(lost)[:3]}")


class _Everything(frozenset[str]):
    """Holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


def told(record: RawRecord) -> bytes:
    """A record as it would be kept."""
    return msgspec.json.encode([record.payload, record.restricted], order="sorted", enc_hook=str)


def batches(source: Source, memory: Memory) -> Iterator[Batch]:
    """The batches of all units since ``memory``, which does not grow."""
    for unit in source.units():
        yield from source.pull(unit, memory.cursors.get(unit.key))


@cache
def _mapping(text_or_name: str) -> Mapping:
    return load_mapping(text_or_name)


@cache
def _input_tabs(now: datetime) -> tuple[Tab, ...]:
    return tuple(tab for tab in empty_layouts(Policy(), now, "en") if tab.kind is Kind.INPUT)
