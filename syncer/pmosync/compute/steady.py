"""Steady colours: what rests on computed dates changes slowly, what rests on facts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.assessment import Letter
from pmosync.compute.policy import Policy
from pmosync.compute.rag import GRAVITY, Judgement
from pmosync.compute.workdays import Calendar
from pmosync.model import Colour

HELD = frozenset({Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE})


class Shown(Struct, frozen=True, kw_only=True):
    """The letter to show. ``held`` counts the working-day assessments on which a letter held back so far stood (0: none is).

    ``preview``: a turn to Red that the committee's page shows at the next working-day assessment. ``since``: the first day
    of the shown letter; ``days``: working days since then, today included; ``before``: the letter it followed.
    """

    letter: Letter
    held: int = 0
    preview: bool = False
    days: int = 0
    since: date | None = None
    before: str = ""


def steady(
    today: Judgement, colours: Sequence[Colour], day: date, calendar: Calendar, policy: Policy, *, decided: bool
) -> Shown:
    """What to show of today's judgement.

    ``colours`` are of earlier days, oldest first; ``decided``: a decision took effect since the last of them.
    """
    last = colours[-1] if colours else None
    if last is None or decided or not _waits(today, last, colours):
        return standing_since(today.letter, colours, day, calendar)
    held = run(today.letter, colours, calendar) + calendar.works(day)
    if held >= policy.steady_days:
        return standing_since(today.letter, colours, day, calendar)
    kept = standing_since(Letter(last.shown), colours, day, calendar)
    preview = today.letter is Letter.RED and held >= policy.steady_days - policy.preview_days
    return replace(kept, held=held, preview=preview)


def run(letter: Letter, colours: Sequence[Colour], calendar: Calendar) -> int:
    """On how many working-day assessments in a row, up to the last one, ``letter`` was computed."""
    count = 0
    for colour in reversed(colours):
        if not calendar.works(colour.day):
            continue
        if shade(colour.computed) != shade(letter):
            break
        count += 1
    return count


def shade(letter: str) -> str:
    """Green and pale green are one colour: the pale one only says that less is known."""
    return Letter.GREEN if letter == Letter.PALE else letter


def _waits(today: Judgement, last: Colour, colours: Sequence[Colour]) -> bool:
    """Whether today's letter must first hold: both are colours, they differ, and no hard fact stands behind the change."""
    if today.letter not in HELD or last.shown not in HELD or shade(today.letter) == shade(last.shown):
        return False
    if GRAVITY[today.letter] < GRAVITY[last.shown]:
        return not today.hard
    return not _was_hard(last.shown, colours)


def _was_hard(letter: str, colours: Sequence[Colour]) -> bool:
    """Whether the shown letter rested on a hard fact: then its end is one too."""
    return next((colour.hard for colour in reversed(colours) if shade(colour.computed) == shade(letter)), False)


def standing_since(letter: Letter, colours: Sequence[Colour], day: date, calendar: Calendar) -> Shown:
    """How long ``letter`` has been shown without a break, and what was shown before."""
    first, before = day, ""
    for colour in reversed(colours):
        if colour.shown != letter:
            before = colour.shown
            break
        first, before = colour.since or colour.day, colour.before
    return Shown(letter=letter, days=calendar.between(first, day) + 1, since=first, before=before)
