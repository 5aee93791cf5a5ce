"""How far a milestone is from its promise: slip, re-targets, and how early it could be seen. wd = working days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute import observed
from pmosync.compute.case import Case
from pmosync.compute.policy import Policy
from pmosync.model import Baseline, Colour, Observation


class Slip(Struct, frozen=True):
    """wd and calendar days against the current baseline, wd against the original; None = undefined, never 0."""

    wd: int | None = None
    days: int | None = None
    original: int | None = None


class Move(Struct, frozen=True):
    """A move of a typed date from ``old`` to ``new``, ``seen`` on a day."""

    seen: date
    old: date
    new: date


def slip(case: Case, current: Baseline | None, original: Baseline | None, until: date | None) -> Slip:
    """The slip of an expected or actual date; without a baseline or a date there is none."""
    if current is None or until is None:
        return Slip()
    wd, days = case.clock.calendar.slip(current.day, until)
    return Slip(wd, days, case.clock.calendar.between(original.day, until) if original else None)


def moves(case: Case, told: Iterable[Observation], since: date | None) -> tuple[Move, ...]:
    """The moves between two dates seen after ``since`` (None: all), oldest first; first sightings and cleared dates are none."""
    found = (
        Move(case.clock.day(each.seen), old, new)
        for each in told
        if not each.first and (old := observed.day(each.old)) and (new := observed.day(each.new))
    )
    return tuple(move for move in found if since is None or move.seen > since)


def lasting(case: Case, found: Sequence[Move], policy: Policy) -> tuple[Move, ...]:
    """Moves without those taken back within a few wd, in one step or several: neither they nor the taking back count."""
    kept: list[Move] = []
    for move in found:
        back = next((at for at, each in enumerate(kept) if _takes_back(case, move, each, policy)), None)
        kept = [*kept, move] if back is None else kept[:back]
    return tuple(kept)


def _takes_back(case: Case, move: Move, first: Move, policy: Policy) -> bool:
    return move.new == first.old and case.clock.calendar.between(first.seen, move.seen) <= policy.retarget_size


def retargets(case: Case, found: Sequence[Move], policy: Policy) -> int:
    """Later moves of at least ``retarget_size`` wd that stayed."""
    calendar = case.clock.calendar
    return sum(calendar.between(move.old, move.new) >= policy.retarget_size for move in lasting(case, found, policy))


def first_seen(case: Case, baseline: Baseline | None, told: Iterable[Observation], late: date | None) -> date | None:
    """The day on which we first knew of a date behind the current baseline: by a move, or by an assessment (``late``)."""
    if baseline is None:
        return None
    since = case.clock.day(baseline.frozen)
    moved = [move.seen for move in moves(case, told, since) if case.clock.calendar.between(baseline.day, move.new) > 0]
    return min((*moved, *([late] if late else [])), default=None)


def late_since(case: Case, baseline: Baseline | None, now: int | None) -> date | None:
    """The first assessment that expected an end behind the current baseline: the one kept, else today's (slip ``now``)."""
    if baseline is None:
        return None
    last = case.last
    known = last.late if last and last.day >= case.clock.day(baseline.frozen) else None
    return known or (case.today if now is not None and now > 0 else None)


def early_warning(baseline: Baseline | None, first: date | None) -> int | None:
    """Calendar days from the day the slip was first seen to the baseline; negative if it was seen only afterwards."""
    return (baseline.day - first).days if baseline and first else None


def standing(colours: Sequence[Colour], since: date) -> date | None:
    """The expected date as it stood on ``since``: that of the last assessment by then, else of the first one after."""
    before = [colour.expected for colour in colours if colour.day <= since]
    after = [colour.expected for colour in colours if colour.day > since]
    return before[-1] if before else after[0] if after else None
