"""The committee's weekly cut: made by the first sync at or after its time, kept as history, and as a file a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from zoneinfo import ZoneInfo

from pmosync.compute.assessment import Assessment
from pmosync.compute.calendars import clocks
from pmosync.compute.coarse import in_working_days
from pmosync.compute.committee import frozen
from pmosync.compute.cuts import Cut, is_due, last_due
from pmosync.dashboard.build import cut_page
from pmosync.dashboard.content import Content
from pmosync.dashboard.diff import diff
from pmosync.dashboard.readable import readable
from pmosync.engine import events
from pmosync.engine.house import House, Shelf
from pmosync.engine.pull import release
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.model import Plan, Run
from pmosync.sheet import Publication, Stamp, Table, Workbook, WriteStamp

NOBODY = Stamp("", 0, 0, "")


def cut(house: House, run: Run, assessment: Assessment, plan: Plan) -> None:
    """Make the cut that is due, if one is. The very first is made at once: a committee that meets tomorrow has its page."""
    last = house.store.cut(run.started)
    if not is_due(run.started, last, house.schedule):
        return
    times = clocks(plan.calendar, plan.projects, house.policy, run.started)
    homes = {each.milestone.code: each.project for each in assessment.milestones}
    due = last_due(run.started, house.schedule) if last else run.started
    settled = in_working_days(plan, homes, times)
    house.store.keep_cut(run, frozen(assessment, settled, times, last, due, house.schedule))


def pages(house: House, run: Run, assessment: Assessment, plan: Plan, shelf: Shelf) -> Iterator[events.Event]:
    """Keep the page of each cut as a file of the workbook. A page is written again only when it reads otherwise because other
    things are hidden: what is masked now must not stay readable in what was kept, though the workbook itself be held.
    """
    kept = house.store.cuts(assessment.as_of)
    if house.page is None or not kept:
        return
    shown = readable(_content(house, assessment, plan, shelf))
    key, mark = f"cuts:{shelf.name}", _mark(shown, kept)
    if house.store.get_meta(key) == mark:
        return
    for each in kept:
        name = f"{shelf.name}-{_day(house, each)}"
        failed = _brought(house, run, cut_page(shown, each), name)
        if failed is not None:
            yield events.Unpublished(f"{shelf.name}, cut of {_day(house, each)}", failed)
            return
    house.store.put_meta(key, mark)


def _brought(house: House, run: Run, page: Table, name: str) -> PmosyncError | None:
    """Write a page that reads otherwise than its file; why it could not be written."""
    key, reads = f"cut:{name}", _digest((page.tab.columns, page.rows))
    if house.store.get_meta(key) == reads:
        return None
    outcome = guarded(lambda: _write(house, run, page, name))
    if isinstance(outcome, PmosyncError):
        return outcome
    house.store.put_meta(key, reads)
    return None


def _content(house: House, assessment: Assessment, plan: Plan, shelf: Shelf) -> Content:
    """What decides who may read what, in which words."""
    return Content(
        assessment=assessment,
        generated_at=assessment.as_of,
        plan=plan,
        language=shelf.language,
        time_zone=house.time_zone,
        audience_sees_restricted=shelf.sees_restricted,
        inputs_here=False,
        people=shelf.people,
        only=shelf.programs,
    )


def _mark(shown: Content, kept: tuple[Cut, ...]) -> str:
    """What the pages depend on besides the cuts themselves: how many there are, the language, and what may be named."""
    named = sorted(each.milestone.code for each in shown.assessment.milestones if each.gone_since is None)
    told = (len(kept), kept[-1].due.isoformat(), shown.language, shown.people, sorted(shown.withheld.names), named)
    return _digest(told)


def _digest(told: object) -> str:
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _write(house: House, run: Run, table: Table, name: str) -> int:
    if house.page is None:
        return 0
    sink = house.page(name)
    edits = diff(Workbook({}, computes=False), (table,), NOBODY, heartbeat=frozenset(), due=True)
    kept = tuple(edit for edit in edits if not isinstance(edit, WriteStamp))
    try:
        return sink.write(Publication((table,), kept), partial(house.store.fence, run)).cells
    finally:
        release([sink])


def _day(house: House, each: Cut) -> str:
    """The day of a cut in the workbooks' time zone: its file's name."""
    return each.due.astimezone(ZoneInfo(house.time_zone)).date().isoformat()
