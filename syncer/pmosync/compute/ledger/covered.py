"""Rows of the ledger without the names of what nobody may read any more."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from pmosync.model import Cause, Move, Planned, Proof


def covered(move: Move, names: Collection[str]) -> Move:
    """The row without these keys, in its evidence and in what the date was planned from; its dates and days stay."""
    return replace(
        move,
        causes=tuple(_cause(cause, names) for cause in move.causes),
        planned=_planned(move.planned, names) if move.planned else None,
    )


def _cause(cause: Cause, names: Collection[str]) -> Cause:
    kept: tuple[Proof, ...] = tuple(proof for proof in cause.evidence if proof.name not in names)
    return replace(cause, evidence=kept)


def _planned(given: Planned, names: Collection[str]) -> Planned:
    return replace(
        given,
        children=tuple((ref, "" if key in names else key, due) for ref, key, due in given.children),
        blockers=tuple(("" if key in names else key, day) for key, day in given.blockers),
    )
