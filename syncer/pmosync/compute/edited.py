"""An edited calendar as a change: which days came and went between the calendars of two syncs, and which windows.

The days are told as they were and as they are; nothing that was judged by the old ones is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

import msgspec
from msgspec import Struct

from pmosync.compute.calendars import YEARS_AHEAD, YEARS_BACK
from pmosync.compute.workdays import LAST_ORDINAL, LAST_YEAR, Calendar, Freeze
from pmosync.model import CalendarRow

Named = Mapping[str, Calendar]
"""Calendars by name; those that rows name a project or a team for, by that."""


class Kept(Struct, frozen=True, array_like=True):
    """What is kept of calendars as a version: the release of the holidays' library, the rows that were typed, and what was
    made of both. The days of a past release cannot be worked out again. (Older versions have no ``calendars``.)
    """

    library: str
    rows: tuple[CalendarRow, ...]
    calendars: dict[str, Calendar] = {}


class CalendarChange(Struct, frozen=True, kw_only=True):
    """A calendar was seen changed by the sync ``seen``: days that are ``off`` now and were not, days that are workdays now
    (``on``), freeze windows that are new (``frozen``) or gone (``thawed``). ``week`` is the new week, Monday first (1 = people
    work), where that is another; its days are not told one by one.
    """

    calendar: str
    seen: datetime
    off: tuple[date, ...] = ()
    on: tuple[date, ...] = ()
    frozen: tuple[Freeze, ...] = ()
    thawed: tuple[Freeze, ...] = ()
    week: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is another than before."""
        return not (self.off or self.on or self.frozen or self.thawed or self.week)


def changes(versions: Iterable[tuple[datetime, str]]) -> Iterator[CalendarChange]:
    """What changed from each kept version (its instant and its text) to the next, oldest first, by calendar."""
    read = [(seen, msgspec.json.decode(body, type=Kept).calendars) for seen, body in versions]
    for (_, old), (seen, new) in pairwise(each for each in read if each[1]):
        yield from between(old, new, seen)


def between(old: Named, new: Named, seen: datetime) -> Iterator[CalendarChange]:
    """What changed between the calendars of two syncs. One that has rows of its own for the first time, or none any more, is
    compared with the one of the same name that was, or is, everybody's.
    """
    for name in sorted({*old, *new}):
        before = old.get(name) or old.get(new[name].name)
        after = new.get(name) or new.get(old[name].name)
        if before is not None and after is not None:
            change = changed(name, before, after, seen)
            if not change.empty:
                yield change


def changed(name: str, before: Calendar, after: Calendar, seen: datetime) -> CalendarChange:
    """What changed from one calendar to another, in the years that both know."""
    same = before.week == after.week
    moved = _within(_years(before, after), _differing(before, after)) if same else []
    return CalendarChange(
        calendar=name,
        seen=seen,
        off=tuple(day for day in moved if not after.works(day)),
        on=tuple(day for day in moved if after.works(day)),
        frozen=tuple(sorted(set(after.freezes) - set(before.freezes))),
        thawed=tuple(sorted(set(before.freezes) - set(after.freezes))),
        week="" if same else "".join(str(int(works)) for works in after.week),
    )


def _differing(before: Calendar, after: Calendar) -> set[int]:
    return (set(before.off) ^ set(after.off)) | (set(before.on) ^ set(after.on))


def _years(before: Calendar, after: Calendar) -> tuple[int, int]:
    """The first and the last day, as ordinals, of what both calendars know: with each year that begins a country's calendar
    knows one more, and one less.
    """
    ends = {before.reaches, after.reaches}
    first = max((reach - YEARS_BACK - YEARS_AHEAD for reach in ends if reach < LAST_YEAR), default=1)
    last = date(min(ends), 12, 31).toordinal() if len(ends) > 1 else LAST_ORDINAL
    return date(first, 1, 1).toordinal(), last


def _within(limits: tuple[int, int], days: Iterable[int]) -> Sequence[date]:
    return [date.fromordinal(day) for day in sorted(days) if limits[0] <= day <= limits[1]]
