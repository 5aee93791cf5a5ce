"""Rows of the ledger without the names of what nobody may read any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from pmosync.model import Cause, Move, Planned, Proof


def covered(move: Move, names: Collection[str]) -> Move:
    """The row without these keys, in its evidence and in what the date was planned from; its dates and days stay."""
    return replace(
        move,
        causes=without(move.causes, names),
        planned=_planned(move.planned, names) if move.planned else None,
    )


def without(causes: Iterable[Cause], names: Collection[str]) -> tuple[Cause, ...]:
    """The causes without these names in their evidence."""
    return tuple(replace(cause, evidence=_open(cause.evidence, names)) for cause in causes)


def _open(evidence: Iterable[Proof], names: Collection[str]) -> tuple[Proof, ...]:
    return tuple(proof for proof in evidence if proof.name not in names)


def _planned(given: Planned, names: Collection[str]) -> Planned:
    return replace(
        given,
        children=tuple((ref, "" if key in names else key, due) for ref, key, due in given.children),
        blockers=tuple(("" if key in names else key, day) for key, day in given.blockers),
    )
