"""The noise budget: what is allowed, and what the rules in force make of milestones that were drawn by chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise

import numpy as np
from msgspec import Struct

from pmosync.compute.assessment import Letter
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy
from pmosync.compute.steady import shade
from tests.noise.drawn import BEGINS, NOMINAL, SLOW, drawn
from tests.noise.learned import champion
from tests.noise.lived import Life, Office, lives
from tests.noise.programs import Portfolio, portfolio

SEED, SITE = 2026, 150
"""How the chances begin; works of each kind in the site's record."""
LATE, NEAR = 10, 20
"""Working days: late milestones are later than that, and they must be seen so long before."""


class Sample(Struct, frozen=True):
    """How many milestones of each kind, and how many portfolios, are measured."""

    each: int = 40
    portfolios: int = 4


class Figure(Struct, frozen=True):
    """What was measured beside its budget (a share of 1, or a number): at most, or with ``least`` at least so much. ``beside`` is
    what a mean does not tell.
    """

    words: str
    budget: float
    found: float
    share: bool = True
    least: bool = False
    beside: str = ""

    @property
    def held(self) -> bool:
        """Whether the budget is held."""
        return self.found >= self.budget if self.least else self.found <= self.budget


WHOLE = Sample()


def measured(policy: Policy, sample: Sample = WHOLE) -> Iterator[Figure]:
    """Every figure of the budget under these rules."""
    chance = np.random.default_rng(SEED)
    calendar = clocks((), (), policy, datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=UTC)).default.calendar
    site = [
        *islice(drawn(chance, calendar, "C", NOMINAL), SITE),
        *islice(drawn(chance, calendar, "D", (SLOW[0], NOMINAL[1])), SITE),
    ]
    office = Office(calendar, policy, champion(site, chance, calendar))
    kept = list(islice((w for w in drawn(chance, calendar, "T", NOMINAL) if w.late <= 0), sample.each))
    yield from quiet(list(lives(kept, office).values()))
    slow = list(islice((w for w in drawn(chance, calendar, "L", SLOW) if w.late > LATE), sample.each))
    told = lives(slow, office)
    yield warned([told[work.code].shown[work.length - NEAR :] for work in slow])
    yield spread([portfolio(chance, calendar, policy) for _ in range(sample.portfolios)])


def quiet(found: Sequence[Life]) -> Iterator[Figure]:
    """What milestones that finish on time are bothered with."""
    letters = [letter for life in found for letter in life.shown]
    red, amber = part(letters, Letter.RED), part(letters, Letter.AMBER)
    turns, rows = [changes(life.shown) for life in found], [entries(life) for life in found]
    yield Figure("finished on time: days on which it is shown Red", 0.15, red, beside=f"Amber on {amber:.0%}")
    yield Figure("finished on time: changes of colour", 2, float(np.mean(turns)), False, beside=_within(turns, 2))
    yield Figure("finished on time: rows in the slip ledger", 10, float(np.mean(rows)), False, beside=_within(rows, 10))


def warned(found: Sequence[Sequence[Letter]]) -> Figure:
    """How many of the late ones are not Green on any day from ``NEAR`` wd before the baseline on."""
    seen = [all(shade(letter) is not Letter.GREEN for letter in letters) for letters in found]
    words = f"more than {LATE} wd late: not Green on any day from {NEAR} wd before the baseline on"
    red = part([letter for letters in found for letter in letters], Letter.RED)
    return Figure(words, 0.75, float(np.mean(seen)), least=True, beside=f"Red on {red:.0%} of these days")


def part(letters: Sequence[Letter], shown: Letter) -> float:
    """On which part of the days a letter was shown."""
    return float(np.mean([letter is shown for letter in letters]))


def spread(found: Sequence[Portfolio]) -> Figure:
    """How many programs are Red where so many milestones are."""
    milestones, programs = (
        float(np.mean([getattr(each, kind) for each in found])) for kind in ("milestones", "programs")
    )
    return Figure(f"programs shown Red where {milestones:.0%} of the milestones are", 0.4, programs)


def changes(letters: Sequence[Letter]) -> int:
    """How often the shown colour became another one; pale green is green."""
    return sum(shade(one) != shade(other) for one, other in pairwise(letters))


def entries(life: Life) -> int:
    """The moves in its ledger, and that of its actual day, which comes with its end."""
    return sum(not row.opening for row in life.rows) + 1


def _within(counts: Sequence[int], most: int) -> str:
    return f"{np.mean([count <= most for count in counts]):.0%} have at most {most}, none more than {max(counts)}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table of a document."""
    lines = ["| of simulated milestones | budget | found | |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, figures)]) + "\n"


def _line(figure: Figure) -> str:
    budget, found = (f"{each:.1%}" if figure.share else f"{each:.1f}" for each in (figure.budget, figure.found))
    sign = "≥" if figure.least else "≤"
    beside = "; ".join(filter(None, ("" if figure.held else "**missed**", figure.beside)))
    return f"| {figure.words} | {sign} {budget.replace('.0', '')} | {found} | {beside} |"
