"""Reading one connection, as a stream of arrivals: made in a thread of its own, taken in by the one writer."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence, Set
from datetime import datetime
from functools import partial

from msgspec import Struct

from pmosync.connector import Kept, Sink, Source, nothing_kept
from pmosync.engine import border
from pmosync.engine.house import Lane
from pmosync.engine.pool import merge
from pmosync.errors import AuthError, PmosyncError, TransientError, UncountedError
from pmosync.guard import guarded, steps
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit

NEVER = threading.Event()
"""A stop that does not come."""

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
    """Everything this connection had to tell has been told; only units behind others may still follow."""

    lane: Lane


Arrival = Opened | Begun | Came | Listed | Ended | Broken | Through


def pull(
    lane: Lane,
    scopes: tuple[Scope, ...],
    cursors: Mapping[str, Cursor],
    counted: Set[str],
    kept: Kept = nothing_kept,
    stop: threading.Event = NEVER,
    since: datetime | None = None,
    patience: float = math.inf,
) -> Iterator[Arrival]:
    """Everything one connection has to tell since ``cursors``, which are set back to ``since``. Never raises: what a connector
    raises ends as a value.

    ``counted`` are the keys of units whose ids were counted lately; the others' census is taken too. ``kept`` tells what
    was last read of things. Where ``stop`` is set, nothing more is begun, and the connection is not said to be through.
    Units behind others take no batch more once ``patience`` seconds of theirs are over: the next run goes on there.
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
    starts = guarded(lambda: _starts(lane, units, cursors, since))
    if isinstance(starts, PmosyncError):
        yield Broken(lane, starts)
        return
    each = {unit: partial(_unit, lane, source, unit, starts.get(unit.key), counted) for unit in units}
    course = _Course()
    yield from _in_turn(course, [one for unit, one in each.items() if not unit.behind], lane.width, stop)
    if course.over is not None:
        yield Broken(lane, course.over)
    elif not stop.is_set():
        yield Through(lane)
        until = time.monotonic() + patience
        # Behind things that were not read to their end, what happens to them until they are would be told by nobody.
        patient = [partial(one, until) for unit, one in each.items() if unit.behind in course.read]
        yield from _in_turn(_Course(), patient, lane.width, stop)


def set_back(lane: Lane, cursors: Mapping[str, Cursor], since: datetime | None) -> Mapping[str, Cursor]:
    """The cursors behind which everything that changed since an instant comes again; a unit whose cursor cannot be set back
    is read from the start.
    """
    if since is None:
        return cursors
    if lane.rewind is None:
        return {}
    told = {key: border.cursor(lane.connection, lane.rewind(cursor, since)) for key, cursor in cursors.items()}
    return {key: cursor for key, cursor in told.items() if cursor is not None}


def _starts(
    lane: Lane, units: Sequence[Unit], cursors: Mapping[str, Cursor], since: datetime | None
) -> Mapping[str, Cursor]:
    """Where the units go on. What tells more about things that are read anew does so from the start too; it tells of the time
    before they were first read, so that it is never set back.
    """
    patient = {unit.key: unit.behind for unit in units if unit.behind}
    starts = set_back(lane, {key: cursor for key, cursor in cursors.items() if key not in patient}, since)
    after = {key: cursors[key] for key, behind in patient.items() if behind in starts and key in cursors}
    return {**starts, **after}


def _in_turn(
    course: _Course, units: Sequence[Callable[[], Iterator[Arrival]]], width: int, stop: threading.Event
) -> Iterator[Arrival]:
    """The units one by one until one is well, then ``width`` at a time: of a host that is away not all are asked. A dead
    credential, or a host that fails so often in a row, answers every further question alike: no other unit is begun then,
    and the ``course`` is over.
    """
    todo = iter(units)
    for unit in todo:
        for arrival in unit():
            yield course.noted(arrival)
        if course.over or stop.is_set():
            return
        if course.read and width > 1:
            break
    for arrival in merge([partial(course.unless_over, unit) for unit in todo], width, stop):
        yield course.noted(arrival)


class _Course:
    """How the units of one connection have gone so far. ``read`` are the keys of those that came to their end."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.over: PmosyncError | None = None
        self._failing = 0

    def noted(self, arrival: Arrival) -> Arrival:
        """The arrival, with what it says of the connection taken to heart."""
        if isinstance(arrival, Ended):
            self.read |= {arrival.unit.key} if arrival.error is None else set()
            self._failing = self._failing + 1 if isinstance(arrival.error, TransientError) else 0
            if isinstance(arrival.error, AuthError) or self._failing >= GIVE_UP:
                self.over = self.over or arrival.error
        return arrival

    def unless_over(self, unit: Callable[[], Iterator[Arrival]]) -> Iterator[Arrival]:
        """A unit, unless the connection is known to be dead by now."""
        if self.over is None:
            yield from unit()


def _unit(
    lane: Lane, source: Source, unit: Unit, cursor: Cursor | None, counted: Set[str], until: float = math.inf
) -> Iterator[Arrival]:
    """One unit, and its census if due; not begun any more when it is later than ``until``."""
    begun = time.monotonic()
    if begun >= until:
        return
    yield Begun(lane, unit)
    with lane.transport.counting() as tally:
        error, whole = yield from _records(lane, source, unit, cursor, until)
        census = error is None and not (whole or lane.plan or unit.key in counted)
        if census:
            error = yield from _census(lane, source, unit)
    told = tally.snapshot()
    seen = None if isinstance(error, UncountedError) else error
    taken = census and error is None
    yield Ended(lane, unit, time.monotonic() - begun, told.requests, told.received, taken, seen)


def _records(
    lane: Lane, source: Source, unit: Unit, cursor: Cursor | None, until: float
) -> Generator[Arrival, None, tuple[PmosyncError | None, bool]]:
    """The batches of a unit; returns the error that ended them, and whether they listed something whole: then they were
    a census themselves. When it is later than ``until``, no other batch is asked for.
    """
    whole = False
    for batch in steps(lambda: (border.batch(unit, told) for told in source.pull(unit, cursor))):
        if isinstance(batch, PmosyncError):
            return batch, whole
        whole |= bool(batch.whole)
        yield Came(lane, unit, batch)
        if time.monotonic() >= until:
            break
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
