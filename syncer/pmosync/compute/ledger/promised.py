"""Where the rows of an expected date begin: at the promise. Before there is one, dates move in planning, which is no slip."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from pmosync.compute.ledger.typed import EXPECTED, Told
from pmosync.model import Move, Planned


def opening(told: Told, last: Move | None, new: Planned, *, reported: bool) -> tuple[Move, ...]:
    """The row that the next one is held against, if one is wanted behind the ``last``: the promise as soon as it is there,
    whether a report is due or not, so that no move between two reports is swallowed; before that the first date reported.
    """
    promise = told.promise
    if promise is not None and begins(last, promise):
        return (_opened(told, promise, as_promised(new, promise)),)
    bare = last is None or last.planned is None
    return (_opened(told, told.outcome.ends, new),) if bare and reported else ()


def begins(last: Move | None, promise: date) -> bool:
    """Whether the slip begins to count at the promise now: no row is there yet, or one of planning for another day."""
    return last is None or (last.planning and last.new != promise)


def as_promised(new: Planned, promise: date) -> Planned:
    """What would have to be so for the promise to hold: whatever is later than it ends that day, and the target is that day.
    Held against it, each cause bears what it made the plan later than the promise, from the first day on.

    It has no calendar: by none of ours did the date follow from it.
    """
    return replace(
        new,
        today=min(new.today, promise - timedelta(days=1)),
        calendar="",
        target=promise,
        withdrawn=None,
        p50=min(new.p50, promise) if new.p50 else None,
        children=tuple((ref, key, min(due, promise)) for ref, key, due in new.children),
        predecessors=_by(new.predecessors, promise),
        blockers=_by(new.blockers, promise),
        forecast=None,
        holds=False,
        fixed=None,
    )


def _by(given: Iterable[tuple[str, date]], promise: date) -> tuple[tuple[str, date], ...]:
    return tuple((name, min(day, promise)) for name, day in given)


def _opened(told: Told, day: date | None, plan: Planned) -> Move:
    case = told.case
    return Move(
        code=case.code,
        field=EXPECTED,
        day=case.today,
        seen=case.now,
        new=day,
        opening=True,
        planned=plan,
        planning=told.promise is None,
        slip=told.late(day),
    )
