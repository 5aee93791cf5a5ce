"""What teams delivered in their last weeks: the evidence that pace goes by. wd = working days of the team's calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute.forecast.given import Team
from pmosync.compute.workdays import Calendar

WEEKS = 12
Span = tuple[date, date]
"""Days from the first to before the second."""


class Served(Struct, frozen=True):
    """What a milestone got of a team: the ``share`` (0 to 1) of its deliveries, on so many working ``days``."""

    share: float = 0.0
    days: int = 0


class Delivery(Struct, frozen=True):
    """A level-0 item that a team delivered on a day, and the milestones (codes) whose scope it was in."""

    day: date
    codes: tuple[str, ...] = ()


def team(
    code: str,
    calendar: Calendar,
    delivered: Iterable[Delivery],
    today: date,
    away: Sequence[Span] = (),
    weeks: int = WEEKS,
) -> Team:
    """The team with its daily counts, zeros included; days ``away`` (pauses) are left out, and today, which is not over.

    What was delivered on a day off counts on the next working day.
    """
    often = Counter(calendar.position(each.day) for each in delivered)
    return Team(code, tuple(often[number] for number in numbers(calendar, today, away, weeks)), calendar)


def shares(
    calendar: Calendar, delivered: Iterable[Delivery], today: date, away: Sequence[Span] = (), weeks: int = WEEKS
) -> Mapping[str, Served]:
    """By milestone, what it got of what the team delivered on these days; none: it is not named.

    An item in the scope of two milestones is of both.
    """
    days = frozenset(numbers(calendar, today, away, weeks))
    mine = [(number, each.codes) for each in delivered if (number := calendar.position(each.day)) in days]
    often = Counter(code for _, codes in mine for code in set(codes))
    served = Counter(code for _, code in {(number, code) for number, codes in mine for code in codes})
    return {code: Served(often[code] / len(mine), served[code]) for code in sorted(often)}


def numbers(calendar: Calendar, today: date, away: Sequence[Span], weeks: int) -> list[int]:
    """The numbers (``Calendar.position``) of the working days looked back at, oldest first."""
    begun = date.fromordinal(max(1, today.toordinal() - 7 * weeks))
    gone = {number for first, end in away for number in range(calendar.position(first), calendar.position(end))}
    return [number for number in range(calendar.position(begun), calendar.position(today)) if number not in gone]
