"""What a forecast is made from: teams with their days, open milestones with what is left of them. wd = working days."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct

from pmosync.compute.workdays import EVERY_DAY, Calendar


class Team(Struct, frozen=True, dict=True):
    """A team: how many items it delivered on each of its working days of the last weeks, days of pauses left out, and the
    calendar on which it goes on.
    """

    code: str
    counts: tuple[int, ...]
    calendar: Calendar

    @cached_property
    def active(self) -> int:
        """On how many of these days it delivered something."""
        return sum(count > 0 for count in self.counts)


NOBODY = Team("", (), EVERY_DAY)
"""The team of work that is nobody's."""


class Part(Struct, frozen=True):
    """What a team has still to deliver of a milestone: ``open`` items, and the ``share`` (0 to 1) of what it delivered in
    those weeks that went to the milestone, on so many ``days`` (None: not counted).
    """

    team: str
    open: int
    share: float
    days: int | None = None


class Pending(Struct, frozen=True, kw_only=True):
    """An open milestone. ``calendar`` is its project's; a ``launch`` keeps out of its freeze windows.

    It cannot be done before its ``predecessors`` (codes). ``key``, ``priority`` (as typed) and ``baseline`` say who goes
    first on a team. ``delivered`` items are done; ``growth`` is what the scope comes to in the end, as a multiple of
    what is known today, and ``usual`` the scope of comparable milestones (None: unknown). ``by`` is the day of a ``date``
    promise with its ``committed`` items, ``due`` the one against which it is judged. ``expected`` is the date on which successors
    wait where pace has no answer. ``asked`` are the days by which it is to be done with what probability, ``fan``
    those on which it is told how much is delivered.
    """

    code: str
    parts: tuple[Part, ...] = ()
    calendar: Calendar
    launch: bool = False
    predecessors: tuple[str, ...] = ()
    key: bool = True
    priority: str = ""
    baseline: date | None = None
    delivered: int = 0
    growth: float = 1.0
    usual: float | None = None
    by: date | None = None
    committed: int | None = None
    due: date | None = None
    expected: date | None = None
    asked: tuple[date, ...] = ()
    fan: tuple[date, ...] = ()

    @property
    def left(self) -> int:
        """Open items of all teams."""
        return sum(part.open for part in self.parts)

    @property
    def scope(self) -> int:
        """Items known today, done or not."""
        return self.delivered + self.left
