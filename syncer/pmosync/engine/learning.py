"""Learning from the site's own record: every four weeks the forecasters compete anew, and the winner publishes from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment, Letter
from pmosync.compute.calendars import clocks
from pmosync.compute.forecast import journeys, tournament
from pmosync.compute.forecast.forecasters import LEAST_CLOSED
from pmosync.compute.forecast.kept import text_of
from pmosync.compute.forecast.record import Record
from pmosync.compute.forecast.sample import reaches_back, sampled
from pmosync.compute.past.burnup import milestone_history
from pmosync.engine import past
from pmosync.engine.house import House
from pmosync.errors import PmosyncError, StoreError
from pmosync.guard import PluginError, guarded
from pmosync.model import Run, Snapshot
from pmosync.raw import Ref
from pmosync.store import CHAMPION, Store

EVERY = timedelta(weeks=4)
"""A record grows by few milestones a month, and learning reads every item that ever was."""

AGAIN = timedelta(days=1)
"""So long after a failure learning is tried anew."""

SETTLED = timedelta(days=1)
"""A store younger than that is still being looked at for the first time: its second run shall change nothing."""

MOST_ITEMS = 100_000
"""A run that learns from more would hold up the workbook for minutes, with all of them in memory: of a larger site a part of
the milestones is learned from.
"""

MARK = "learned"


def is_due(house: House, run: Run, snapshot: Snapshot) -> bool:
    """Whether a run is to learn: not in the first day of a store, nor while histories are still fetched, nor from fewer
    milestones than can tell anything.
    """
    store = house.store
    if not is_time(store, run.started):
        return False
    done = sum(colours[-1].shown == Letter.BLUE for colours in map(snapshot.colours.get, _codes(snapshot)) if colours)
    if done < LEAST_CLOSED or store.began() > run.started - SETTLED:
        return False
    return not store.unfinished()


def is_time(store: Store, moment: datetime) -> bool:
    """Whether it is so long ago that anything was learned."""
    last = store.get_meta(MARK)
    return last is None or datetime.fromisoformat(last) <= moment - EVERY


def _codes(snapshot: Snapshot) -> Iterator[str]:
    return (milestone.code for milestone in snapshot.milestones)


def tried(house: House, run: Run, call: Callable[[], None]) -> PmosyncError | None:
    """Learn by ``call``; why that failed, if it did: then the champion of before stays in force, and the next day tries again.
    Raises StoreError, for no run goes on without a store.
    """
    error = guarded(call)
    if isinstance(error, StoreError):
        raise error
    if isinstance(error, PmosyncError):
        house.store.put_meta(MARK, (run.started - EVERY + AGAIN).isoformat())
        return _told(error)
    return None


def _told(error: PmosyncError) -> PmosyncError:
    ours = "dates are forecast by what was learned before; `pmosync backtest` does the same and says what to report"
    remedy = ours if isinstance(error, PluginError) else error.remedy
    return PmosyncError(f"learning from closed milestones: {error.message}", remedy=remedy)


class Part(Struct, frozen=True):
    """A part of a site: milestones of ours, the items that ever served them, and since when the pace of teams is looked at."""

    codes: frozenset[str]
    items: frozenset[Ref]
    since: datetime


def learn(house: House, run: Run, snapshot: Snapshot) -> None:
    """Put the champion of the tournament in force, or none where the record is too short. Raises StoreError."""
    store, moment = house.store, run.started
    said = assess(snapshot, house.policy, moment)
    part = chosen(store, said, moment) if store.count_items() > MOST_ITEMS else None
    body = text_of(tournament.competed(record(house, moment, snapshot, said, part)))
    store.version(CHAMPION, blake2b(body.encode(), digest_size=16).hexdigest(), body, moment)
    store.put_meta(MARK, moment.isoformat())


def chosen(store: Store, said: Assessment, moment: datetime) -> Part:
    """The part that a run can learn from."""
    found = sampled(said.milestones, MOST_ITEMS)
    codes = frozenset(each.milestone.code for each in found)
    return Part(codes, store.served(codes, moment), reaches_back(found, moment))


def record(house: House, moment: datetime, snapshot: Snapshot, said: Assessment, part: Part | None) -> Record:
    """The record of a part of the site, or of all of it, as known at a moment; ``said`` is the assessment of then."""
    store, among = house.store, part.items if part else None
    workflows = {(lane.connection, kind): one for lane in house.lanes for kind, one in lane.mapping.workflows.items()}
    times = clocks(snapshot.plan.calendar, snapshot.plan.projects, house.policy, moment)
    told = past.rebuilt(store, workflows, moment, among)
    courses = (each for each in past.courses(store, times, moment) if part is None or each.code in part.codes)
    return journeys.record(
        said,
        journeys.by_history(milestone_history(told, courses)),
        snapshot.baselines,
        (one.item for one in told.items),
        times,
        store.delivered(moment, part.since) if part else None,
    )
