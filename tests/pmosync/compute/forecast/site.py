"""Teams and milestones for tests, in a few words."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from pmosync.compute.forecast.given import Part, Pending, Team
from pmosync.compute.workdays import Calendar

MONDAY = date(2026, 3, 2)
WEEK = Calendar("week")
STEADY = (1, 2, 0, 3, 1, 0, 2, 1, 4, 0)
"""Ten days of a team: 1.4 items a day."""


def team(code: str = "T", counts: tuple[int, ...] = STEADY, calendar: Calendar = WEEK) -> Team:
    """A team with so many items a day."""
    return Team(code, counts, calendar)


def pending(code: str, *parts: tuple[str, int, float] | tuple[str, int, float, int], **more: Any) -> Pending:
    """A milestone with parts of (team, open items, share), and on how many days it was served where that is counted."""
    made = Pending(code=code, parts=tuple(Part(*each) for each in parts), calendar=WEEK)
    return replace(made, **more)
