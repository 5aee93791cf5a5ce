"""What people say to lines of published tabs, by their ids: an id of no line is told, for what is said to it goes nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pmosync.compute.attention import RULES
from pmosync.compute.place import spot
from pmosync.mapping.text import fold
from pmosync.mapping.told import values
from pmosync.model import Move, Place, Plan, Problem

CONCERNS = frozenset(rule for rule, _ in RULES.values())
"""What a concern may be of: the first half of its id."""


def problems(plan: Plan, codes: Iterable[str], moves: Mapping[str, Iterable[Move]]) -> Iterator[Problem]:
    """The answers to no line. One to a concern that is over, or may come, is none: its id is a rule's and one of the
    ``codes``. ``moves`` are the rows of the ledger by code.
    """
    known = frozenset(map(fold, codes))
    for answer in plan.answers:
        if not _may_be(answer.id, known):
            yield _unknown(answer.place, answer.id, answer.id.rpartition(":")[2], "attention", "Attention")
    told = frozenset(fold(move.id) for rows in moves.values() for move in rows if not move.opening)
    for cause in plan.causes:
        if fold(cause.id) not in told:
            yield _unknown(cause.place, cause.id, cause.id.partition(":")[0], "ledger", "Slip ledger")


def _may_be(name: str, codes: Collection[str]) -> bool:
    rule, _, code = fold(name).partition(":")
    return rule in CONCERNS and code in codes


def _unknown(place: Place, name: str, code: str, which: str, tab: str) -> Problem:
    return Problem(
        rule="unknown-id",
        place=spot(place, "id"),
        message=f"{name} is the id of no line of {tab}: what is said to it goes nowhere",
        remedy=f"copy the id from {tab}",
        code=code,
        values=values(which=which, id=name),
    )
