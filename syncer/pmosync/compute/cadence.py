"""What a milestone promises where nobody typed it: a day, for sprints, iterations and release trains; else all of its scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from pmosync.compute.case import Case
from pmosync.model import Promise

SPRINT = re.compile(r"(?<![a-z])(?:sprint|iteration)s?(?![a-z])|迭代|冲刺")
NUMBERED = re.compile(r"(?:(?<![a-z])(?:sprint|iteration)|迭代|冲刺)\s*[#.\-–]?\s*\d")
"""What a type may say alone needs its number in a name: "Sprint 12" is one, "Sprint planning tool" is none."""

LEAST, LONGEST = 4, 45
"""Milestones of a series from which on it is a train, and days between two of them up to which it is."""
STEPS, MOSTLY = 8, 0.75
"""So many of the last steps are looked at, and this part of them has to be even."""
SPREAD, DAYS = 0.25, 2
"""How far a step of a train may be from the usual one: this part of it, or so many days if these are more."""


def promised(case: Case, series: Iterable[date]) -> Promise:
    """As typed; else a day for a sprint, and for one of a ``series`` (the days of the milestones of its project and type) that
    comes with a cadence.
    """
    if case.row is not None and case.row.promise is not None:
        return case.row.promise
    return Promise.DATE if is_sprint(case) or is_train(sorted(set(series))) else Promise.SCOPE


def is_sprint(case: Case) -> bool:
    """Whether its type says sprint or iteration, or its name or a title of its sources does, with a number."""
    names = (case.milestone.name, *(tie.source.title for tie in case.ties))
    kind = case.row.type if case.row is not None else ""
    return bool(SPRINT.search(kind.casefold()) or any(NUMBERED.search(name.casefold()) for name in names))


def is_train(days: Sequence[date]) -> bool:
    """Whether days, in order, follow each other in even steps that are not long: a release every other Thursday. The last
    steps tell, and most of them: a release that was skipped once ends no train.
    """
    steps = [(later - earlier).days for earlier, later in pairwise(days)][-STEPS:]
    if len(days) < LEAST:
        return False
    usual = median(steps)
    even = sum(abs(step - usual) <= max(DAYS, SPREAD * usual) for step in steps)
    return usual <= LONGEST and even >= MOSTLY * len(steps)
