"""How far the data behind a colour can be trusted, from 0 to 100, and out of which parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from pmosync.compute import dates
from pmosync.compute.draft import Draft
from pmosync.compute.fresh import Age, Facts
from pmosync.compute.policy import Policy
from pmosync.compute.signs import waited
from pmosync.model import WorkItem

PARTS: Mapping[str, int] = MappingProxyType(
    {"fresh": 25, "owners": 20, "dated": 20, "mapped": 15, "movement": 10, "confirmed": 10}
)


def shares(draft: Draft, facts: Facts, policy: Policy) -> Mapping[str, float]:
    """How much of each part is there, from 0 to 1. Without open items the milestone's own owner and date count."""
    progress = draft.case.progress
    return {
        "fresh": {Age.FRESH: 1.0, Age.BEHIND: 0.5, Age.STALE: 0.0}[facts.age],
        "owners": _owned(draft.items) if draft.items else float(bool(draft.owner.name)),
        "dated": progress.dated_open / progress.open if progress.open else float(draft.target.winner is not None),
        "mapped": 1 - progress.unmapped / progress.open if progress.open else 1.0,
        "movement": float(_moved(draft, policy)),
        "confirmed": float(_confirmed(draft, policy)),
    }


def points(part: str, share: float) -> float:
    """The points that a part gives, to one decimal."""
    return round(PARTS[part] * min(max(share, 0.0), 1.0), 1)


def confidence(found: Mapping[str, float]) -> int:
    """The weighted sum of the shares, in points of 100."""
    return round(sum(PARTS[part] * min(max(share, 0.0), 1.0) for part, share in found.items()))


def told(part: str, draft: Draft) -> str:
    """By what a part is called: where nothing is open it is the milestone's own owner and date that count."""
    counted = {"owners": bool(draft.items), "dated": bool(draft.case.progress.open)}
    return part if counted.get(part, True) else f"own_{part}"


def last_moved(draft: Draft) -> date | None:
    """The day on which work of it last moved, in the project's time zone; None if none ever did."""
    case, moved = draft.case, draft.case.progress.moved
    return None if moved is None else case.clock.day(moved)


def last_said(draft: Draft) -> date | None:
    """The last day on which a person typed something on its row or confirmed its project; None if nobody ever did."""
    case = draft.case
    said = [case.clock.day(each.seen) for each in case.told if not each.first or each.new]
    return max([*said, *([case.confirmed] if case.confirmed else [])], default=None)


def _owned(items: Sequence[WorkItem]) -> float:
    return sum(1 for item in items if item.owner or item.owner_name) / len(items)


def _moved(draft: Draft, policy: Policy) -> bool:
    """Whether any work of it moved so lately that it does not count as quiet: on the day on which the colour says that
    nothing moves, the confidence says so too.
    """
    moved = last_moved(draft)
    return moved is not None and waited(draft, moved) < policy.quiet


def _confirmed(draft: Draft, policy: Policy) -> bool:
    """Whether a person has said something on its row, or confirmed its project, within the last reporting periods."""
    case, said = draft.case, last_said(draft)
    holds = policy.forecast_periods * dates.period(case, policy)
    return said is not None and case.clock.calendar.between(said, case.today) <= holds
