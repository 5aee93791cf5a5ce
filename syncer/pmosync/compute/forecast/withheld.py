"""Where pace says nothing, and why. wd = working days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from pmosync.compute.forecast.given import NOBODY, Part, Pending, Team

FEW_DAYS, FEW_ITEMS, PART_OF_USUAL, UNSERVED = "few_active_days", "few_items", "part_of_usual", "unserved"


class Bounds(Struct, frozen=True):
    """Least evidence: ``active`` days on which a team delivered; ``items`` of scope; more than ``far`` wd before its day
    ``part`` of the scope of comparable milestones. ``days``: how far ahead a forecast looks, in calendar days.
    """

    active: int = 5
    items: int = 5
    part: float = 0.5
    far: int = 20
    days: int = 560


class Withheld(Struct, frozen=True):
    """Why there is no pace: the rule, and what its sentence needs.

    few_active_days: ``team`` delivered on only ``found`` days · unserved: it delivered anything of this milestone on only
    ``found`` days, so that the milestone's part of the team is not known ·
    few_items: its scope is ``found`` items · part_of_usual: it is ``found`` items where comparable ones have ``usual``.
    """

    rule: str
    found: int
    team: str = ""
    usual: float | None = None


def withheld(pending: Pending, teams: Mapping[str, Team], today: date, bounds: Bounds) -> tuple[Withheld, ...]:
    """Why pace says nothing of the milestone; empty if it does. ``unserved`` holds only for the observed split."""
    return (*_not_broken_down(pending, today, bounds), *_no_pace(pending, teams, bounds))


def _not_broken_down(pending: Pending, today: date, bounds: Bounds) -> Iterator[Withheld]:
    if pending.scope < bounds.items:
        yield Withheld(FEW_ITEMS, pending.scope)
    elif pending.usual is not None and pending.scope < bounds.part * pending.usual and _far(pending, today, bounds):
        yield Withheld(PART_OF_USUAL, pending.scope, usual=pending.usual)


def _far(pending: Pending, today: date, bounds: Bounds) -> bool:
    """Whether there is time left to break the scope down; where no day says, there is."""
    return pending.due is None or pending.calendar.between(today, pending.due) > bounds.far


def _no_pace(pending: Pending, teams: Mapping[str, Team], bounds: Bounds) -> Iterator[Withheld]:
    for part in pending.parts:
        active = teams.get(part.team, NOBODY).active
        if part.open > 0 and active < bounds.active:
            yield Withheld(FEW_DAYS, active, part.team)
        elif part.open > 0 and _unserved(part, bounds):
            yield Withheld(UNSERVED, part.days or 0, part.team)


def _unserved(part: Part, bounds: Bounds) -> bool:
    """Whether too little of the milestone was delivered to tell its part of the team: one item of sixty is no split."""
    return not part.share > 0 or (part.days is not None and part.days < bounds.active)
