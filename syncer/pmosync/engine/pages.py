"""The page of each committee cut as a file a workbook. What is hidden now must not stay readable in what was kept: pages are
brought to what may be read of them by every sync, also where the workbook itself is held, was renamed or is no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from pmosync.compute.assessment import Assessment
from pmosync.dashboard.build import cut_page
from pmosync.dashboard.content import Content
from pmosync.dashboard.diff import diff
from pmosync.dashboard.kept import Reading, reading, turned
from pmosync.dashboard.portion import about, unknown
from pmosync.dashboard.readable import readable
from pmosync.engine import events
from pmosync.engine.house import House, Shelf
from pmosync.engine.pull import release
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.model import Plan, Run
from pmosync.sheet import Publication, Stamp, Table, Workbook, WriteStamp

NOBODY = Stamp("", 0, 0, "")

# The workbooks of which pages are kept, by name; and what is kept of each.
SHELVES, KEPT = "pages", "pages:"


class Page(Struct, frozen=True):
    """A kept page: of the cut of that ``due`` moment, in the file of that name (without ending), with a digest of its cells."""

    due: datetime
    name: str
    reads: str


class Kept(Struct, frozen=True):
    """The pages of a workbook and how they read, or are to be read where not all are brought to it yet (``whole``: all are)."""

    reading: Reading
    pages: tuple[Page, ...] = ()
    whole: bool = False


class Drawer(Struct, frozen=True):
    """What the pages of the workbook of that name are drawn from: the content that their readers may read and how they read it
    ``now``, what is ``kept`` of them, and the names of all files that are ``there``.
    """

    name: str
    shown: Content
    now: Reading
    kept: Kept
    there: frozenset[str]


def pages(house: House, run: Run, assessment: Assessment, plan: Plan, shelf: Shelf) -> Iterator[events.Event]:
    """Keep the page of each cut for a workbook. One that is about a program nobody knows keeps what it was about: a slip in
    the settings blanks no page. A page that somebody took away is made again.
    """
    kept, strange = _kept(house, shelf.name), unknown(assessment, shelf.programs)
    if house.page is None or (strange and kept is None):
        return
    codes = kept.reading.about if kept and strange else about(assessment, shelf.programs)
    readers = Reading(shelf.language, house.time_zone, shelf.people, shelf.sees_restricted, codes)
    drawer = _drawer(house, assessment, plan, shelf.name, readers, kept or Kept(readers))
    yield from _brought(house, run, drawer, house.store.cut_dues(assessment.as_of))


def left(house: House, run: Run, assessment: Assessment, plan: Plan) -> Iterator[events.Event]:
    """Mask on what is kept of workbooks that the settings name no more, by the rules under which it was kept. None is made
    anew: a page that somebody took away is gone, and with its last page a workbook is forgotten.
    """
    current = {shelf.name for shelf in house.shelves}
    for name in sorted(_shelves(house) - current) if house.page else ():
        kept = _there(house, _kept(house, name))
        if kept is None:
            _remember(house, _shelves(house) - {name})
            continue
        drawer = _drawer(house, assessment, plan, name, kept.reading, kept)
        yield from _brought(house, run, drawer, [page.due for page in kept.pages])


def _there(house: House, kept: Kept | None) -> Kept | None:
    """What is kept and still there; None if nothing is."""
    names = house.kept_pages()
    found = tuple(page for page in kept.pages if page.name in names) if kept else ()
    return Kept(kept.reading, found, kept.whole) if kept and found else None


def _drawer(house: House, assessment: Assessment, plan: Plan, name: str, readers: Reading, kept: Kept) -> Drawer:
    content = Content(
        assessment=assessment,
        generated_at=assessment.as_of,
        plan=plan,
        language=readers.language,
        time_zone=readers.zone,
        audience_sees_restricted=readers.sees_restricted,
        inputs_here=False,
        people=readers.people,
    )
    shown = readable(content)
    return Drawer(name, shown, reading(shown, readers), kept, house.kept_pages())


def _brought(house: House, run: Run, drawer: Drawer, dues: Collection[datetime]) -> Iterator[events.Event]:
    """Draw what is missing or reads otherwise, and note it; what could not be written is tried again by the next sync."""
    made = {page.due: page for page in drawer.kept.pages}
    whole = True
    for due in _pending(house, drawer, dues):
        outcome = _drawn(house, run, drawer, due, made)
        if isinstance(outcome, PmosyncError):
            yield events.Unpublished(f"{drawer.name}, cut of {_day(house, due)}", outcome)
            whole = False
            break
        made[due] = outcome
    _note(house, drawer, Kept(drawer.now, tuple(made[due] for due in sorted(made)), whole))


def _pending(house: House, drawer: Drawer, dues: Collection[datetime]) -> list[datetime]:
    """The cuts whose pages are to be drawn: new ones, lost ones, and those in which a word stands that is read otherwise now."""
    names = {page.due: page.name for page in drawer.kept.pages}
    words = turned(drawer.kept.reading, drawer.now) if drawer.kept.whole else None
    touched = dues if words is None else house.store.cuts_with(words, drawer.shown.assessment.as_of) if words else ()
    return [due for due in dues if names.get(due) not in drawer.there or due in touched]


def _drawn(house: House, run: Run, drawer: Drawer, due: datetime, made: Mapping[datetime, Page]) -> Page | PmosyncError:
    """The page of a cut, written if it reads otherwise than its file; why it could not be."""
    (cut,) = house.store.cuts(drawer.shown.assessment.as_of, (due,))
    table = cut_page(drawer.shown, cut, drawer.now.about)
    before = made.get(due)
    name = before.name if before else _name(house, drawer.name, due, {page.name for page in made.values()})
    page = Page(due, name, _digest((table.tab.columns, table.rows)))
    if page == before and name in drawer.there:
        return page
    outcome = guarded(lambda: _write(house, run, table, name))
    return outcome if isinstance(outcome, PmosyncError) else page


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


# ---------------------------------------------------------------- what is kept of it


def _kept(house: House, name: str) -> Kept | None:
    body = house.store.get_meta(KEPT + name)
    return msgspec.json.decode(body, type=Kept) if body and name in _shelves(house) else None


def _note(house: House, drawer: Drawer, kept: Kept) -> None:
    """Keep how the pages stand, where that is another way than before."""
    if kept != drawer.kept:
        _remember(house, _shelves(house) | {drawer.name})
        house.store.put_meta(KEPT + drawer.name, msgspec.json.encode(kept).decode())


def _shelves(house: House) -> frozenset[str]:
    return msgspec.json.decode(house.store.get_meta(SHELVES) or "[]", type=frozenset[str])


def _remember(house: House, names: frozenset[str]) -> None:
    house.store.put_meta(SHELVES, msgspec.json.encode(sorted(names)).decode())


def _name(house: House, shelf: str, due: datetime, taken: Collection[str]) -> str:
    """The file's name: the workbook's and the cut's day, also its time where there is another cut of that day. It stays."""
    local = due.astimezone(ZoneInfo(house.time_zone))
    choices = (f"{shelf}-{local:{form}}" for form in ("%Y-%m-%d", "%Y-%m-%d-%H%M", "%Y-%m-%d-%H%M%S"))
    return next((name for name in choices if name not in taken), f"{shelf}-{due:%Y%m%dT%H%M%S%f}")


def _day(house: House, due: datetime) -> str:
    """The day of a cut in the workbooks' time zone."""
    return due.astimezone(ZoneInfo(house.time_zone)).date().isoformat()


def _digest(told: object) -> str:
    return blake2b(repr(told).encode("utf-8", "replace"), digest_size=16).hexdigest()
