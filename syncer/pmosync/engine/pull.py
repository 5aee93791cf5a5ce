"""Reading one connection, as a stream of arrivals: made in a thread of its own, taken in by the one writer."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence, Set
from functools import partial

from msgspec import Struct

from pmosync.connector import Kept, Sink, Source, nothing_kept
from pmosync.engine import border
from pmosync.engine.house import Lane
from pmosync.errors import AuthError, PmosyncError, TransientError, UncountedError
from pmosync.guard import guarded, steps
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit

# A host that fails so many units in a row is away: asking it for each of a hundred more would take hours.
GIVE_UP = 2


class Opened(Struct, frozen=True):
    """The source is open and tells its units. It stays open until the writer lets it go."""

    lane: Lane
    source: Source
    units: tuple[Unit, ...]


class Begun(Struct, frozen=True):
    """A unit's pull begins."""

    lane: Lane
    unit: Unit


class Came(Struct, frozen=True):
    """A batch to commit."""

    lane: Lane
    unit: Unit
    batch: Batch


class Listed(Struct, frozen=True):
    """One page of a unit's census."""

    lane: Lane
    unit: Unit
    refs: tuple[Ref, ...]


class Ended(Struct, frozen=True):
    """A unit is through (``error`` None) or broke off. ``counted``: its census was taken to the end."""

    lane: Lane
    unit: Unit
    seconds: float
    requests: int
    received: int
    counted: bool
    error: PmosyncError | None


class Broken(Struct, frozen=True):
    """The connection cannot go on."""

    lane: Lane
    error: PmosyncError


class Through(Struct, frozen=True):
    """Everything this connection had to tell has been told."""

    lane: Lane


Arrival = Opened | Begun | Came | Listed | Ended | Broken | Through


def pull(
    lane: Lane,
    scopes: tuple[Scope, ...],
    cursors: Mapping[str, Cursor],
    counted: Set[str],
    kept: Kept = nothing_kept,
) -> Iterator[Arrival]:
    """Everything one connection has to tell since ``cursors``. Never raises: what a connector raises ends as a value.

    ``counted`` are the keys of units whose ids were counted lately; the others' census is taken too. ``kept`` tells what
    was last read of things.
    """
    source = guarded(lambda: lane.open(scopes, kept))
    if isinstance(source, PmosyncError):
        yield Broken(lane, source)
        return
    units = guarded(lambda: border.units(lane.connection, source.units()))
    if isinstance(units, PmosyncError):
        release([source])
        yield Broken(lane, units)
        return
    yield Opened(lane, source, units)
    failing = 0
    for unit in units:
        error = yield from _unit(lane, source, unit, cursors.get(unit.key), not lane.plan and unit.key not in counted)
        failing = failing + 1 if isinstance(error, TransientError) else 0
        if isinstance(error, AuthError) or (error is not None and failing == GIVE_UP):
            # A dead credential, or a host that is away, answers every further question alike: stop asking.
            yield Broken(lane, error)
            return
    yield Through(lane)


def _unit(
    lane: Lane, source: Source, unit: Unit, cursor: Cursor | None, census: bool
) -> Generator[Arrival, None, PmosyncError | None]:
    """One unit, and its census if due; returns the error that ended it."""
    yield Begun(lane, unit)
    begun, before = time.monotonic(), lane.transport.counts()
    error, whole = yield from _records(lane, source, unit, cursor)
    counted = census and error is None and not whole
    if counted:
        error = yield from _census(lane, source, unit)
        counted = error is None
    if isinstance(error, UncountedError):
        error = None
    after = lane.transport.counts()
    requests, received = after.requests - before.requests, after.received - before.received
    yield Ended(lane, unit, time.monotonic() - begun, requests, received, counted, error)
    return error


def _records(
    lane: Lane, source: Source, unit: Unit, cursor: Cursor | None
) -> Generator[Arrival, None, tuple[PmosyncError | None, bool]]:
    """The batches of a unit; returns the error that ended them, and whether they listed something whole: then they were
    a census themselves.
    """
    whole = False
    for batch in steps(lambda: (border.batch(unit, told) for told in source.pull(unit, cursor))):
        if isinstance(batch, PmosyncError):
            return batch, whole
        whole |= bool(batch.whole)
        yield Came(lane, unit, batch)
    return None, whole


def _census(lane: Lane, source: Source, unit: Unit) -> Generator[Arrival, None, PmosyncError | None]:
    """The pages of a unit's census; returns the error that ended them."""
    for page in steps(lambda: (border.page(unit, told) for told in source.census(unit))):
        if isinstance(page, PmosyncError):
            return page
        yield Listed(lane, unit, page)
    return None


def ask(source: Source, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool] | PmosyncError:
    """Whether things answer by their ids; ``kept`` is what was last read of them."""
    return guarded(lambda: border.answers(source.visible(refs, kept))) if refs else {}


def release(opened: Collection[Source | Sink]) -> None:
    """Close sources or sinks; one that cannot close does not keep the others open."""
    for one in opened:
        guarded(partial(_close, one))


def _close(opened: Source | Sink) -> None:
    opened.close()
