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
COLOURS = (Letter.RED, Letter.AMBER, Letter.GREEN)


class Shown(Struct, frozen=True, kw_only=True):
    """The letter to show. ``held`` counts the working-day assessments on which a letter held back so far, or one beyond
    it, stood (0: none is).

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
    """What to show of today's judgement: the farthest colour on the way to it that held long enough, be it by worse days.

    ``colours`` are of earlier days, oldest first; ``decided``: a decision took effect since the last of them.
    """
    last = colours[-1] if colours else None
    if last is None or decided or not _waits(today, last, colours):
        return standing_since(today.letter, colours, day, calendar)
    held = {
        letter: run(letter, last.shown, colours, calendar) + calendar.works(day) for letter in _way(last.shown, today)
    }
    reached = next((letter for letter in held if held[letter] >= policy.steady_days), None)
    if reached == shade(today.letter):
        return standing_since(today.letter, colours, day, calendar)
    kept = standing_since(reached or Letter(last.shown), colours, day, calendar)
    so_far = next(iter(held.values()))
    preview = today.letter is Letter.RED and so_far >= policy.steady_days - policy.preview_days
    return replace(kept, held=so_far, preview=preview)


def run(letter: Letter, shown: str, colours: Sequence[Colour], calendar: Calendar) -> int:
    """On how many working-day assessments in a row, up to the last one, the computed colour was at least as far from
    ``shown`` as ``letter`` is: a Red day is a day of "Amber or worse".
    """
    count, worse = 0, GRAVITY[letter] < GRAVITY[shown]
    for colour in reversed(colours):
        if not calendar.works(colour.day):
            continue
        if colour.computed not in HELD or not _as_far(shade(colour.computed), letter, worse):
            break
        count += 1
    return count


def shade(letter: str) -> Letter:
    """Green and pale green are one colour: the pale one only says that less is known."""
    return Letter.GREEN if letter == Letter.PALE else Letter(letter)


def _way(shown: str, today: Judgement) -> list[Letter]:
    """The colours on the way from the shown to today's one, the farthest first: one of them may have held long enough."""
    start, end = COLOURS.index(shade(shown)), COLOURS.index(shade(today.letter))
    return [COLOURS[at] for at in range(end, start, 1 if end < start else -1)]


def _as_far(computed: Letter, letter: Letter, worse: bool) -> bool:
    return GRAVITY[computed] <= GRAVITY[letter] if worse else GRAVITY[computed] >= GRAVITY[letter]


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
