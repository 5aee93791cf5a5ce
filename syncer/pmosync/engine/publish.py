"""Making one workbook true: read it, build the tables, write the difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec import structs

from pmosync.compute.assessment import Assessment
from pmosync.compute.homes import SETTINGS, connections_of
from pmosync.compute.identity import free_codes
from pmosync.connector import Sink
from pmosync.dashboard.build import build, layouts
from pmosync.dashboard.content import Content, found
from pmosync.dashboard.diff import diff
from pmosync.dashboard.input_codes import new_codes
from pmosync.dashboard.input_places import key_columns
from pmosync.dashboard.portion import unknown
from pmosync.dashboard.size import plan_size
from pmosync.engine import events
from pmosync.engine.house import House, Shelf
from pmosync.engine.pages import pages
from pmosync.engine.pull import release
from pmosync.engine.sharing import hold_wider, unnamed
from pmosync.engine.typed_rows import typed_rows
from pmosync.errors import ConfigError, PmosyncError, TargetError
from pmosync.guard import guarded
from pmosync.model import REMOVED, Freshness, Hold, Plan, Run
from pmosync.sheet import AppendRows, Edit, Publication, Stamp, Table, Workbook, WriteRows

# Tabs that change with every run; they are written with the next change of content, or when the heartbeat is due.
HEARTBEAT = frozenset({"runs", "about"})

# An input tab gets rows for new codes at most so often: people are working there.
RESTS = timedelta(hours=1)

# A scheduler that starts once an hour is a little early at times: that must not make it two hours.
EARLY = timedelta(minutes=5)

# Holds of workbooks that another installation keeps begin so; `accept` takes the workbook over.
STAMP = "stamp-"


def publish(
    house: House, run: Run, assessment: Assessment, plan: Plan, shelf: Shelf, dry_run: bool
) -> Iterator[events.Event]:
    """Bring one workbook to what the assessment says, and the kept pages of its committees to what may be read of them; a
    target that fails becomes an event, the next one goes on.
    """
    if not dry_run:
        yield from pages(house, run, assessment, plan, shelf)
    sink = guarded(shelf.open)
    if isinstance(sink, PmosyncError):
        yield events.Unpublished(shelf.name, sink)
        return
    outcome = guarded(lambda: _written(house, run, assessment, plan, shelf, sink, dry_run))
    release([sink])
    if isinstance(outcome, PmosyncError):
        yield events.Unpublished(shelf.name, outcome)
    else:
        yield from outcome


def _written(
    house: House, run: Run, assessment: Assessment, plan: Plan, shelf: Shelf, sink: Sink, dry_run: bool
) -> tuple[events.Event, ...]:
    _known(assessment, shelf)
    fence = partial(house.store.fence, run)
    content = _content(house, assessment, plan, shelf)
    workbook = sink.read(layouts(content))
    fence()
    taken = _taken(house, run, workbook, shelf)
    hold_wider(house, run, workbook, shelf)
    content = _placed(content, workbook, _resting(house, run, workbook, shelf))
    tables = build(content)
    full = _fits(tables, shelf)
    stamp = _stamp(house, run, assessment.freshness, shelf)
    standing = _standing(content)
    due = taken or _due(house, run, shelf) or standing != house.store.get_meta(f"standing:{shelf.name}")
    edits = diff(workbook, tables, stamp, heartbeat=HEARTBEAT, due=due)
    told: tuple[events.Event, ...] = (events.Diffed(shelf.name, edits),)
    if dry_run:
        return told
    if not edits:
        return (*told, events.Published(shelf.name, 0, 0, full))
    fence()
    written = sink.write(Publication(tables, edits), fence)
    _remember(house, run, shelf, stamp, standing)
    _note_rows(house, run, content, shelf, edits)
    if taken:
        house.store.lift(run, STAMP + shelf.name)
    return (*told, events.Published(shelf.name, written.requests, cells_of(edits), full))


def _known(assessment: Assessment, shelf: Shelf) -> None:
    """ConfigError where a workbook is about a program that is none: it would be empty, and nobody would know why."""
    strange = unknown(assessment, shelf.programs)
    if strange:
        known = sorted(each.row.code for each in (*assessment.portfolios, *assessment.programs))
        raise ConfigError(
            f"the workbook {shelf.name!r} is about {', '.join(strange)}: no program or portfolio is called so",
            remedy=f"correct `programs:` of that workbook; known are {', '.join(known) or 'none yet'}",
        )


def cells_of(edits: tuple[Edit, ...]) -> int:
    """How many cells edits put values into."""
    return sum(len(row) for edit in edits if isinstance(edit, WriteRows | AppendRows) for row in edit.rows)


def _content(house: House, assessment: Assessment, plan: Plan, shelf: Shelf) -> Content:
    return Content(
        assessment=assessment,
        generated_at=assessment.as_of,
        plan=plan,
        runs=house.store.runs(20),
        holds=tuple(map(unnamed, house.store.holds())),
        language=shelf.language,
        title=shelf.title,
        instance=f"{house.instance} ({house.store.get_meta('instance') or ''})",
        hosts=house.hosts,
        time_zone=house.time_zone,
        audience_sees_restricted=shelf.sees_restricted,
        address="pmosync sync",
        inputs_here=shelf.inputs,
        people=shelf.people,
        only=shelf.programs,
        kept=typed_rows(house.store, shelf.name) if shelf.inputs else {},
        free_codes=free_codes(plan, house.store.identities(), house.store.numbers()) if shelf.inputs else {},
        typed_elsewhere=_elsewhere(house, plan, shelf),
        cut=house.store.cut(assessment.as_of),
    )


def _elsewhere(house: House, plan: Plan, shelf: Shelf) -> frozenset[str]:
    """The connections whose rows have their home outside a workbook, also those that the settings name no more. A workbook
    of ours that they name no more has handed its rows on.
    """
    read = {lane.connection for lane in house.lanes if lane.plan}
    known = connections_of(plan)
    ours = {name for name in known - read if house.store.get_meta(f"generation:{name}")}
    return frozenset({SETTINGS, *read, *known} - ours - {shelf.name})


def _placed(content: Content, workbook: Workbook, resting: frozenset[str]) -> Content:
    """The content with where people left their columns; a copy of input tabs is rewritten whole, so nothing is left
    there.
    """
    if not content.inputs_here:
        return content
    return structs.replace(content, found=found(workbook, key_columns()), resting=resting)


def _resting(house: House, run: Run, workbook: Workbook, shelf: Shelf) -> frozenset[str]:
    """The tabs of the workbook that got rows for new codes less than an hour ago."""
    last = {key: house.store.get_meta(_appended(shelf, key)) for key in workbook.grids}
    return frozenset(key for key, at in last.items() if at and run.started - datetime.fromisoformat(at) < RESTS - EARLY)


def _note_rows(house: House, run: Run, content: Content, shelf: Shelf, edits: tuple[Edit, ...]) -> None:
    """Remember which tabs got rows for new codes; rows that were put back are nothing new. A tab that was made just now
    has nobody at work in it yet.
    """
    for edit in edits:
        if isinstance(edit, AppendRows) and edit.tab.key in content.found.rows and new_codes(content, edit.tab.key):
            house.store.put_meta(_appended(shelf, edit.tab.key), run.started.isoformat())


def _appended(shelf: Shelf, tab: str) -> str:
    return f"appended:{shelf.name}:{tab}"


def _taken(house: House, run: Run, workbook: Workbook, shelf: Shelf) -> bool:
    """Whether the workbook is to be taken over, as a person accepted. TargetError for a stamp of another writer that
    nobody has looked at: that means two writers, and neither may go on unseen. An older stamp of our own is repaired.
    """
    name, other = STAMP + shelf.name, _other(house, run, workbook.stamp)
    if not other:
        house.store.lift(run, name)
        return False
    if any((hold.id, hold.unit) == (name, other) for hold in house.store.accepted()):
        return True
    reason = f"another installation ({other}) keeps this workbook"
    house.store.hold(run, Hold(id=name, connection=shelf.name, unit=other, reason=reason, since=run.started))
    raise TargetError(
        f"workbook {shelf.name}: another installation ({other}) keeps it",
        remedy="stop that one, or give this one a workbook of its own; if this one takes over, "
        f"`pmosync accept {name}`, then sync",
    )


def _other(house: House, run: Run, stamp: Stamp | None) -> str:
    """Who else wrote a stamp; "" for nobody and for our own. One of our own that is newer than this run, while no later
    run has begun here, is that of a copy of our data folder; or ours is the copy, brought back from a backup.
    """
    instance = house.store.get_meta("instance") or ""
    if stamp is None or not stamp.instance:
        return ""
    if stamp.instance != instance:
        return stamp.instance
    return f"a copy of this one, run {stamp.epoch}" if stamp.epoch > run.epoch else ""


def _fits(tables: tuple[Table, ...], shelf: Shelf) -> float:
    """How full the workbook will be, where that is worth a word. TargetError for tables that it cannot hold."""
    size = plan_size(tables)
    if size.hold:
        raise TargetError(
            f"workbook {shelf.name}: {size.cells:,} cells would not fit; the page stays as it is",
            remedy="split it into several workbooks, or raise fewer items to the Work tab",
        )
    return size.share if size.warn else 0.0


def _stamp(house: House, run: Run, freshness: tuple[Freshness, ...], shelf: Shelf) -> Stamp:
    generation = int(house.store.get_meta(f"generation:{shelf.name}") or 0) + 1
    oldest = min((source.good for source in freshness if source.good and source.state != REMOVED), default=run.started)
    return Stamp(house.store.get_meta("instance") or "", run.epoch, generation, oldest.isoformat())


def _due(house: House, run: Run, shelf: Shelf) -> bool:
    last = house.store.get_meta(f"heartbeat:{shelf.name}")
    return last is None or run.started - datetime.fromisoformat(last) >= timedelta(minutes=house.heartbeat_minutes)


def _standing(content: Content) -> str:
    """What must reach the readers at once: how each source stands, and the open holds. A heartbeat would be too
    late.
    """
    sources = content.assessment.freshness
    states = [f"{source.connection}={source.state}" for source in sources]
    states += [f"{part.connection}={part.unit}={part.percent}" for source in sources for part in source.parts]
    return " ".join([*states, *(hold.id for hold in content.holds)])


def _remember(house: House, run: Run, shelf: Shelf, stamp: Stamp, standing: str) -> None:
    house.store.put_meta(f"standing:{shelf.name}", standing)
    house.store.put_meta(f"generation:{shelf.name}", str(stamp.generation))
    house.store.put_meta(f"heartbeat:{shelf.name}", run.started.isoformat())
