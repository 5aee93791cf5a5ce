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
from pmosync.compute.workdays import Calendar
from tests.noise.calibrated import recorded
from tests.noise.drawn import BEGINS, NOMINAL, SLOW, drawn
from tests.noise.lived import Day, lives
from tests.noise.programs import Portfolio, portfolio

SEED, SITE, EACH, PORTFOLIOS = 2026, 100, 40, 4
"""How the chances begin; works of each kind in the site's record; milestones and portfolios that are measured."""
LATE, NEAR, MOVED, REPORTS = 10, 20, 3, 5
"""Working days: late milestones are later than that, they must be seen so long before, a ledger row is a move of so many, and
so many lie between two reports.
"""


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


def measured(policy: Policy) -> Iterator[Figure]:
    """Every figure of the budget under these rules."""
    chance = np.random.default_rng(SEED)
    calendar = clocks((), (), policy, datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=UTC)).default.calendar
    site = [
        *islice(drawn(chance, calendar, "C", NOMINAL), SITE),
        *islice(drawn(chance, calendar, "D", (SLOW[0], NOMINAL[1])), SITE),
    ]
    record = recorded(site, policy.key.red)
    kept = list(islice((w for w in drawn(chance, calendar, "T", NOMINAL) if w.late <= 0), EACH))
    yield from quiet(list(lives(kept, record, calendar, policy).values()), calendar)
    slow = list(islice((w for w in drawn(chance, calendar, "L", SLOW) if w.late > LATE), EACH))
    days = lives(slow, record, calendar, policy)
    yield warned([[day for day in days[work.code] if day.number > work.length - NEAR] for work in slow])
    yield spread([portfolio(chance, calendar, policy) for _ in range(PORTFOLIOS)])


def quiet(found: Sequence[Sequence[Day]], calendar: Calendar) -> Iterator[Figure]:
    """What milestones that finish on time are bothered with."""
    red = [day.shown is Letter.RED for days in found for day in days]
    turns, rows = [changes(days) for days in found], [moves(days, calendar) for days in found]
    yield Figure("finished on time: days on which it is shown Red", 0.15, float(np.mean(red)))
    yield Figure("finished on time: changes of colour", 2, float(np.mean(turns)), False, beside=_within(turns, 2))
    yield Figure("finished on time: rows in the slip ledger", 10, float(np.mean(rows)), False, beside=_within(rows, 10))


def warned(found: Sequence[Sequence[Day]]) -> Figure:
    """How many of the late ones are not Green on any day from ``NEAR`` wd before the baseline on."""
    seen = [all(shade(day.shown) is not Letter.GREEN for day in days) for days in found]
    words = f"more than {LATE} wd late: not Green on any day from {NEAR} wd before the baseline on"
    return Figure(words, 0.75, float(np.mean(seen)), least=True)


def spread(found: Sequence[Portfolio]) -> Figure:
    """How many programs are Red where so many milestones are."""
    milestones, programs = (
        float(np.mean([getattr(each, kind) for each in found])) for kind in ("milestones", "programs")
    )
    return Figure(f"programs shown Red where {milestones:.0%} of the milestones are", 0.4, programs)


def changes(days: Sequence[Day]) -> int:
    """How often the shown colour became another one; pale green is green."""
    return sum(shade(one.shown) != shade(other.shown) for one, other in pairwise(days))


def moves(days: Sequence[Day], calendar: Calendar) -> int:
    """Rows of the slip ledger: the actual day, and the expected one at each report at which it is ``MOVED`` wd or more away from
    what its last row said.
    """
    reports = [day.expected for day in days if day.number % REPORTS == 0]
    last, count = reports[0] if reports else BEGINS, 1
    for expected in reports:
        if abs(calendar.between(last, expected)) >= MOVED:
            last, count = expected, count + 1
    return count


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
