"""What a row of an input tab said, and since when. Pure: from the versions that a store keeps of it.

A row that moves has a new version too, for its place is another one; what somebody typed into it is none the less as old as
the first version that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from pmosync.model import Place, PlanRow

NOWHERE = Place("", "", 0, "")


class Typing(Struct, frozen=True):
    """What a row said from ``seen`` on, ``until`` it said something else or was not there (None: it stands). ``gone``: it was
    not there.
    """

    row: PlanRow
    seen: datetime
    until: datetime | None = None
    gone: bool = False


def stood(versions: Sequence[Typing], at: datetime) -> Typing | None:
    """What the row said at a moment, ``seen`` when it was first seen to say just that; None if it was not there. ``versions``
    are all of one row, oldest first.
    """
    begun = [each for each in versions if each.seen <= at]
    if not begun or not _stands(begun[-1], at):
        return None
    return structs.replace(begun[-1], seen=_since(begun))


def before(versions: Sequence[Typing], now: datetime) -> Typing | None:
    """What the row said before it was last changed, or taken out; None for one that never said anything else."""
    begun = [each for each in versions if each.seen <= now]
    there = stood(begun, now)
    earlier = [each for each in begun if not each.gone and (there is None or not same(each.row, there.row))]
    return structs.replace(earlier[-1], seen=_since(begun[: begun.index(earlier[-1]) + 1])) if earlier else None


def same(one: PlanRow, other: PlanRow) -> bool:
    """Whether two rows say the same, wherever they stand."""
    return structs.replace(one, place=NOWHERE) == structs.replace(other, place=NOWHERE)


def _stands(version: Typing, at: datetime) -> bool:
    return not version.gone and (version.until is None or version.until > at)


def _since(begun: Sequence[Typing]) -> datetime:
    """When the last of these versions was first seen to say what it says, without a break."""
    since, row = begun[-1].seen, begun[-1].row
    for each in reversed(begun[:-1]):
        if each.gone or each.until != since or not same(each.row, row):
            break
        since = each.seen
    return since
