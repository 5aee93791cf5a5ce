"""What to believe when things that were there are not listed any more: silence is never deletion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from pmosync.raw import Ref

# Two lists that both lack a thing must lie this far apart before it is even asked for by id.
APART = timedelta(hours=1)
UNIT_LEAST, UNIT_SHARE = 5, 0.02


class Verdict(Struct, frozen=True):
    """``hide``: confirmed not visible, since when. ``hold``: too many at once, somebody must look. ``wait``: not
    believed yet.
    """

    hide: Mapping[Ref, datetime]
    hold: tuple[Ref, ...]
    wait: tuple[Ref, ...]


def ripe(missing: Mapping[Ref, datetime], now: datetime) -> tuple[Ref, ...]:
    """Those missing for long enough to be asked for by id."""
    return tuple(sorted(ref for ref, since in missing.items() if now - since >= APART))


def judge(missing: Mapping[Ref, datetime], visible: Mapping[Ref, bool], size: int, now: datetime) -> Verdict:
    """Decide on one unit of ``size`` things. ``missing`` maps each to the first list that lacked it, ``visible`` what
    asking by id said.

    More than max(5, 2 %) of a unit missing is a hold, whatever asking says: an account that lost a right looks
    exactly so.
    """
    if len(missing) > max(UNIT_LEAST, UNIT_SHARE * size):
        return Verdict({}, tuple(sorted(missing)), ())
    gone = {ref: missing[ref] for ref in ripe(missing, now) if visible.get(ref) is False}
    return Verdict(gone, (), tuple(sorted(ref for ref in missing if ref not in gone)))
