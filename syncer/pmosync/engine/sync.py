"""One sync as a straight line: plan, sources, identity, snapshot, assessment, workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from zoneinfo import ZoneInfo

import msgspec

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment
from pmosync.compute.attention import stretches
from pmosync.compute.calendars import clocks
from pmosync.compute.edited import Kept
from pmosync.compute.homes import at_home, plan_at_home
from pmosync.compute.identity import identify, in_rows
from pmosync.compute.since import named
from pmosync.engine import events
from pmosync.engine.cuts import cut
from pmosync.engine.house import House, Lane, Request
from pmosync.engine.learning import is_due, learn, tried
from pmosync.engine.pages import left
from pmosync.engine.pool import merge
from pmosync.engine.publish import publish
from pmosync.engine.pull import pull
from pmosync.engine.rebind import Former, former, read_anew
from pmosync.engine.writer import Writer
from pmosync.errors import ConfigError, StoreError
from pmosync.model import REMOVED, BindingRow, Plan, Run, Snapshot
from pmosync.raw import Ref, Scope, Unit

NEAREST = 5

# What a binding may name that a connector reads as a whole; the other words name single milestones within them.
CONTAINERS = ("project", "group", "jql")


def sync(house: House, request: Request = Request()) -> Iterator[events.Event]:
    """Run once, telling each step. Raises StoreError; what sources and targets do wrong comes as events."""
    run = house.store.begin(house.now())
    yield events.Started(run)
    writer = Writer(house, run, partial=bool(request.projects))
    writer.own_rows()
    lanes = [lane for lane in house.lanes if not request.sources or lane.connection in request.sources]
    yield from _pull(house, writer, [lane for lane in lanes if lane.plan], (), request)
    gone_on = former(house.store)
    rows = _asked(house, run, writer, request, gone_on)
    yield from _remap(house, run, writer)
    sources = [lane for lane in lanes if not lane.plan]
    yield from _pull(house, writer, sources, rows, request)
    yield from writer.end_units(sources)
    if not request.projects:
        _fresh(house, run, writer, lanes)
    _removed(house, run)
    _versions(house, run)
    yield from _identity(house, run, gone_on)
    seen = house.store.snapshot(run.started)
    house.store.tally(run, seen.progress, run.started)
    snapshot = at_home(seen)
    if not request.projects and is_due(house, run, snapshot):
        yield events.Learning(run)
        failure = tried(house, run, partial(learn, house, run, snapshot))
        if failure is not None:
            yield events.Unlearned(failure)
        snapshot = at_home(house.store.snapshot(run.started))
    assessment = assess(snapshot, house.policy, run.started)
    house.store.keep(run, assessment.new_baselines, assessment.colours, run.started)
    house.store.enter(run, assessment.new_moves, assessment.new_reports, run.started)
    house.store.stand(run, _standing(assessment, snapshot), run.started)
    if not request.dry_run:
        cut(house, run, assessment, snapshot.plan)
    yield events.Assessed(assessment)
    yield from _publish(house, run, writer, assessment, snapshot, request)
    yield from _copy(house)
    yield events.Finished(house.store.runs(1)[0])


def _standing(assessment: Assessment, snapshot: Snapshot) -> dict[str, datetime]:
    """Since when findings and concerns stand, by the names under which that is kept."""
    names = named(assessment.findings, snapshot.standing)
    told = zip(names, assessment.findings, strict=True)
    return {name: each.since or assessment.as_of for name, each in told} | stretches(assessment.concerns)


def _pull(
    house: House, writer: Writer, lanes: list[Lane], rows: tuple[BindingRow, ...], request: Request
) -> Iterator[events.Event]:
    """All lanes at once, each in a thread of its own; one writer takes in what they bring. In full: as if for the first
    time.
    """
    producers = [
        partial(
            pull,
            lane,
            scopes(rows, lane.connection),
            {} if request.full else writer.cursors(lane),
            frozenset() if request.full else writer.counted(lane),
            house.store.kept,
            house.stop,
            request.since,
            house.history_seconds,
        )
        for lane in lanes
    ]
    yield from writer.follow(merge(producers, len(lanes), house.stop, writer.left()))
    yield from writer.unfinished(lanes)


def _asked(house: House, run: Run, writer: Writer, request: Request, gone_on: Former) -> tuple[BindingRow, ...]:
    """The bindings that a run is to read. A run that is refused here has ended: nobody cut it off."""
    try:
        rows, _ = read_anew(house.store, gone_on, house.store.plan(run.started).bindings, run.started)
        return asked(rows, request)
    except ConfigError as error:
        house.store.finish(run, house.now(), "refused", tuple(writer.lines), words=error.message)
        raise


def asked(rows: tuple[BindingRow, ...], request: Request) -> tuple[BindingRow, ...]:
    """The bindings a run is to read: all, or those of the projects it was asked for. ConfigError for what is no project
    to which a system's project, group or filter is bound; a milestone's code is none.
    """
    wanted = {code.casefold(): code for code in sorted(request.projects)}
    chosen = tuple(row for row in rows if not wanted or row.code.casefold() in wanted)
    bound = {row.code.casefold(): row.code for row in rows if row.scope.what in CONTAINERS}
    missing = [code for folded, code in wanted.items() if folded not in bound]
    if missing:
        near = [bound[each] for code in missing for each in get_close_matches(code.casefold(), bound, NEAREST)]
        choices = ", ".join(dict.fromkeys(near)) or "`pmosync export --kind binding_input` lists the bindings"
        raise ConfigError(
            f"--project {', '.join(missing)}: no project of that code is bound to anything",
            remedy=f"name a project; nearest: {choices}" if near else choices,
        )
    return chosen


def _remap(house: House, run: Run, writer: Writer) -> Iterator[events.Event]:
    """Translate anew what was kept of lanes whose mapping changed. The mapping counts as in force only behind that, so
    that a run which dies before begins again.
    """
    for lane in [lane for lane in house.lanes if not lane.plan]:
        kind, digest = f"mapping:{lane.connection}", lane.mapping.digest
        before = house.store.in_force(kind, run.started)
        if before is not None and before.digest != digest:
            yield from writer.remap(lane)
        house.store.version(kind, digest, digest, run.started)


def scopes(rows: tuple[BindingRow, ...], connection: str) -> tuple[Scope, ...]:
    """What the plan asks of a connection, each once, sorted."""
    return tuple(sorted({row.scope for row in rows if row.system == connection and row.scope.what in CONTAINERS}))


def _fresh(house: House, run: Run, writer: Writer, lanes: list[Lane]) -> None:
    """How fresh each connection is now, for people to read beside its facts."""
    for lane in lanes:
        fault = writer.faults.get(lane.connection)
        reason = fault.message if fault else writer.held.get(lane.connection, "")
        state = "failed" if fault else "held" if reason else "ok"
        remedy = fault.remedy if fault else ""
        patient, good = writer.patient(lane.connection), writer.as_of.get(lane.connection)
        unread = writer.unread.get(lane.connection, ())
        house.store.reached(run, lane.connection, lane.title, state, run.started, reason, remedy, patient, good, unread)


def _versions(house: House, run: Run) -> None:
    """Keep what was in force: rules, mappings, calendars and inputs, so that a past day can be rebuilt."""
    plan = house.store.plan(run.started)
    homely = plan_at_home(plan, [])
    times = clocks(homely.calendar, homely.projects, house.policy, run.started)
    calendars = Kept(version("holidays"), plan.calendar, dict(times.named))
    bodies = {
        "policy": msgspec.json.encode(house.policy, order="deterministic"),
        "calendar": msgspec.json.encode(calendars, order="deterministic"),
        "inputs": msgspec.json.encode(plan, order="deterministic"),
    }
    for kind, body in bodies.items():
        digest = blake2b(body, digest_size=16).hexdigest()
        house.store.version(kind, digest, body.decode(), run.started)


def _identity(house: House, run: Run, gone_on: Former) -> Iterator[events.Event]:
    """Tie what the sources hold to our codes; mint codes for what has none."""
    store = house.store
    plan = plan_at_home(store.plan(run.started), [])
    rows, anew = read_anew(store, gone_on, plan.bindings, run.started)
    plan = msgspec.structs.replace(plan, bindings=rows)
    changes = identify(
        plan,
        store.sources(run.started),
        store.source_projects(run.started),
        store.identities(),
        run.started,
        _members(house, plan.bindings),
        frozenset(lane.connection for lane in house.lanes if not lane.plan),
        _spoken(house),
    )
    store.identify(run, msgspec.structs.replace(changes, problems=(*changes.problems, *anew)))
    minted = tuple(each.code for each in changes.milestones if each.minted and each.appeared == run.started)
    yield events.Minted(minted, (*changes.problems, *anew))


def _spoken(house: House) -> frozenset[str]:
    """The codes that cells of input rows show, also of rows that do not count."""
    connections = {lane.connection for lane in house.lanes if lane.plan} | {
        row.ref.connection for row in house.own_rows
    }
    return frozenset().union(*(in_rows(house.store.records(name)) for name in sorted(connections)))


def _members(house: House, rows: tuple[BindingRow, ...]) -> Mapping[Ref, tuple[str, ...]]:
    """Which projects bound by a filter claim a source milestone: those whose filter shows items of it."""
    claims: dict[Ref, tuple[str, ...]] = {}
    for row in rows:
        if row.scope.what == "jql":
            for ref in house.store.reach(Unit(row.system, str(row.scope))):
                claims[ref] = (*claims.get(ref, ()), row.code)
    return claims


def _publish(
    house: House, run: Run, writer: Writer, assessment: Assessment, snapshot: Snapshot, request: Request
) -> Iterator[events.Event]:
    """The workbooks asked for, then the run's own record: a workbook shows the runs before this one."""
    cells, failed = 0, False
    plan: Plan = snapshot.plan
    for shelf in [shelf for shelf in house.shelves if not request.workbooks or shelf.name in request.workbooks]:
        for event in publish(house, run, assessment, plan, shelf, request.dry_run):
            yield event
            failed |= isinstance(event, events.Unpublished)
            cells += event.cells if isinstance(event, events.Published) else 0
    if not (request.dry_run or request.workbooks):
        for event in left(house, run, assessment, plan):
            yield event
            failed |= isinstance(event, events.Unpublished)
    house.journal.append(run, house.store.entries(run))
    house.store.journaled(run)
    house.store.finish(run, house.now(), outcome(writer, failed, request), tuple(writer.lines), cells)


def _removed(house: House, run: Run) -> None:
    """Note once of each connection that the settings name no more: its facts stay, and their age is nobody's fault."""
    named = {lane.connection for lane in house.lanes}
    for each in house.store.freshness(run.started):
        if each.connection not in named and each.state != REMOVED:
            house.store.reached(run, each.connection, each.title, REMOVED, run.started)


def _copy(house: House) -> Iterator[events.Event]:
    """Keep the day's copy of the store behind its first run, whose facts and journal are whole by now. A copy that
    cannot be made spoils no run.
    """
    today = house.now().astimezone(ZoneInfo(house.time_zone)).date()
    try:
        house.store.keep_copy(today, house.copies)
    except StoreError as error:
        yield events.Uncopied(error)


def outcome(writer: Writer, unpublished: bool, request: Request) -> str:
    """How a run ended, in one word of ``model.Run``."""
    if unpublished:
        return "unpublished"
    if request.dry_run:
        return "dry"
    return "partial" if writer.faults or writer.held else "done"
