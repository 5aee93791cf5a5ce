"""The past rebuilt from what the store keeps: histories of items, and the milestones whose scope they made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from msgspec import Struct

from pmosync.compute.calendars import Clocks
from pmosync.compute.past import items
from pmosync.compute.past.burnup import Course
from pmosync.compute.rebind import formers
from pmosync.mapping.spec import Workflow
from pmosync.model import Binding, Milestone, Role, SourceMilestone, Timebox
from pmosync.raw import Ref
from pmosync.store import Store

SCOPE = (Role.SCOPE, Role.BOTH)


def rebuilt(
    store: Store,
    workflows: Mapping[tuple[str, str], Workflow],
    moment: datetime,
    among: Collection[Ref] | None = None,
) -> items.Records:
    """What happened to every item, or to those ``among`` these, as known at a moment; ``workflows`` judge the statuses of each
    connection and kind.
    """
    lived = tuple(store.lived(moment, among))
    titles = {one.item.ref: one.item.key for one in lived}
    for kind in ("source_milestone", "timebox"):
        titles |= _titles(store.export(kind, moment))
    changes, earlier = store.changes(moment, among), store.earlier(moment, among)
    return items.records(lived, changes, workflows, titles, moment, earlier, _unread(store, moment))


def _unread(store: Store, moment: datetime) -> frozenset[str]:
    """The connections whose histories were not fetched to the end, then or now."""
    parts = [part for source in store.freshness(moment) for part in source.parts]
    return frozenset(part.connection for part in (*parts, *store.unfinished()) if part.behind)


def _titles(things: Iterable[Struct]) -> Iterator[tuple[Ref, str]]:
    return ((thing.ref, thing.title) for thing in things if isinstance(thing, SourceMilestone | Timebox))


def courses(store: Store, clock: Clocks, moment: datetime) -> Iterator[Course]:
    """Every milestone of ours with the sources bound to it at the moment, and those that these go on from; days are those
    of its project.
    """
    lives = formers(store.identities().bindings, store.rebindings(), moment)
    bindings = [tie for tie in store.export("binding", moment) if isinstance(tie, Binding) and tie.role in SCOPE]
    refs: dict[str, list[Ref]] = {}
    for tie in bindings:
        refs.setdefault(tie.code, []).append(tie.ref)
    for life in lives:
        refs.get(life.code, []).extend(ref for ref, _ in life.was)
    sources = store.sources(moment)
    for milestone in store.export("milestone", moment):
        if isinstance(milestone, Milestone) and milestone.code in refs:
            own = tuple(refs[milestone.code])
            zone = clock.of(milestone.project).zone
            yield _course(milestone.code, own, [sources[ref] for ref in own if ref in sources], zone)


def _course(code: str, refs: tuple[Ref, ...], sources: list[SourceMilestone], zone: tzinfo) -> Course:
    """A milestone that several sources serve starts with the first of them, and is as old as the oldest."""
    made = [source.created for source in sources]
    return Course(
        code,
        refs,
        zone,
        start=min((source.start for source in sources if source.start is not None), default=None),
        created=min((at for at in made if at is not None), default=None) if None not in made else None,
    )
