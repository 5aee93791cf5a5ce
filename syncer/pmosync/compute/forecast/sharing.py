"""Who gets what of a team: as it was split in the last weeks, or one milestone after the other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date

from pmosync.compute.forecast.given import Part, Pending
from pmosync.compute.forecast.pace import SLACK, needed

Needs = Mapping[str, int]
"""How many items each team has to deliver, whosever they are, until a milestone is done."""

WORDS: Mapping[str, int] = {
    "highest": 0,
    "critical": 0,
    "urgent": 0,
    "最高": 0,
    "紧急": 0,
    "high": 1,
    "高": 1,
    "medium": 2,
    "normal": 2,
    "中": 2,
    "low": 3,
    "低": 3,
    "lowest": 4,
    "最低": 4,
}
"""Priorities that are words, beside the numbers of P0, P1, 2 …"""

UNRANKED = 1_000
"""After all that are ranked."""

MOST = 100.0
"""No scope grows by more than so many times what is known of it."""


def split(pending: Pending) -> Needs:
    """By the observed split: who got 40 % of what a team delivered is done when the team has delivered its open items ÷ 0.4."""
    needs: dict[str, int] = {}
    for part in undone(pending):
        needs[part.team] = max(needs.get(part.team, 0), needed(grown(pending, part), part.share))
    return needs


def queued(all_pending: Iterable[Pending]) -> Mapping[str, Needs]:
    """By strict priority: a team delivers all of the first one's items, then those of the next; by code of milestone."""
    before: dict[str, int] = {}
    found: dict[str, Needs] = {}
    for pending in sorted(all_pending, key=turn):
        for part in undone(pending):
            before[part.team] = before.get(part.team, 0) + math.ceil(grown(pending, part) - SLACK)
        found[pending.code] = {part.team: before[part.team] for part in undone(pending)}
    return found


def turn(pending: Pending) -> tuple[bool, int, date, str]:
    """Who goes first: key projects, then by priority, baseline and code; whoever has none comes after those who have."""
    return not pending.key, rank(pending.priority), pending.baseline or date.max, pending.code


def rank(priority: str) -> int:
    """A typed priority as a number, the most urgent first: P0, P1, 2, high, 高; what says nothing comes last."""
    word = priority.strip().casefold()
    number = re.search(r"\d{1,3}", word)
    return int(number[0]) if number else WORDS.get(word, UNRANKED)


def grown(pending: Pending, part: Part) -> float:
    """A team's open items with their part of the scope not yet seen: what comparable milestones still grew by."""
    left, more = pending.left, max(0.0, min(pending.growth - 1.0, MOST))
    return max(part.open, 0) * (1.0 + more * (pending.delivered + left) / left) if left > 0 else 0.0


def undone(pending: Pending) -> tuple[Part, ...]:
    """The parts of which something is open."""
    return tuple(part for part in pending.parts if part.open > 0)


def leaders(all_pending: Iterable[Pending]) -> Mapping[str, Pending]:
    """Of each team on which several milestones have open items, the one that goes first."""
    found: dict[str, list[Pending]] = {}
    for pending in all_pending:
        for team in {part.team for part in undone(pending)}:
            found.setdefault(team, []).append(pending)
    return {team: min(several, key=turn) for team, several in found.items() if len(several) > 1}


def leader(pending: Pending, first: Mapping[str, Pending]) -> Pending | None:
    """Who goes first on the teams that the milestone shares; None if it shares none."""
    return min((first[part.team] for part in undone(pending) if part.team in first), key=turn, default=None)
