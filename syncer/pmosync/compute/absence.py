"""What to believe when things that were there are not listed any more: silence is never deletion."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.model import Hold, Lost
from pmosync.raw import Ref

# Two lists that both lack a thing must lie this far apart before it is even asked for by id.
APART = timedelta(hours=1)
UNIT_LEAST, UNIT_SHARE = 5, 0.02
REKEYED_SHARE = 0.90
# Holds on things that came back under new ids begin so: `rebind` solves them.
MIGRATED = "migrated-"
REKEYED = ("new-ids", "elsewhere")
MILESTONE_LEAST, MILESTONE_SHARE = 2, 0.10
TABLE_LEAST, TABLE_SHARE = 3, 0.20


class Stake(Struct, frozen=True):
    """What one milestone has to lose: how many ``open`` items it has, and which of them are ``lost`` now."""

    open: int
    lost: tuple[Ref, ...]


class Verdict(Struct, frozen=True):
    """``hide``: confirmed not visible, since when. ``left``: answers by its id and belongs elsewhere now. ``hold``: too
    many at once, somebody must look; ``codes`` are the milestones that lose too much. ``wait``: not believed yet.
    """

    hide: Mapping[Ref, datetime] = {}
    left: tuple[Ref, ...] = ()
    hold: tuple[Ref, ...] = ()
    codes: tuple[str, ...] = ()
    wait: tuple[Ref, ...] = ()


def ripe(missing: Mapping[Ref, datetime], now: datetime) -> tuple[Ref, ...]:
    """Those missing for long enough to be asked for by id."""
    return tuple(sorted(ref for ref, since in missing.items() if now - since >= APART))


def judge(
    missing: Mapping[Ref, datetime],
    visible: Mapping[Ref, bool],
    size: int,
    now: datetime,
    stakes: Mapping[str, Stake] = {},
) -> Verdict:
    """Decide on one unit of ``size`` things. ``missing`` maps each to the first list that lacked it, ``visible`` what
    asking by id said, ``stakes`` what each milestone (by code) has to lose.

    More than max(5, 2 %) of a unit missing, or more than max(2, 10 %) of the open items of a milestone, is a hold,
    whatever asking says: an account that lost a right, or an index that lost its entries, looks exactly so.
    """
    if len(missing) > max(UNIT_LEAST, UNIT_SHARE * size):
        return Verdict(hold=tuple(sorted(missing)))
    codes = tuple(sorted(code for code, stake in stakes.items() if _too_much(stake)))
    held = {ref for code in codes for ref in stakes[code].lost if ref in missing}
    asked = [ref for ref in ripe(missing, now) if ref not in held]
    gone = {ref: missing[ref] for ref in asked if visible.get(ref) is False}
    left = tuple(ref for ref in asked if visible.get(ref) is True)
    wait = tuple(sorted(missing.keys() - gone.keys() - held - set(left)))
    return Verdict(gone, left, tuple(sorted(held)), codes, wait)


def cleared(lost: int, left: int) -> bool:
    """Whether a table of which so many rows were taken out at once looks as if that was an accident: more than max(5, 20 %)
    of them, or all of at least three.
    """
    return lost > max(UNIT_LEAST, TABLE_SHARE * (lost + left)) or (left == 0 and lost >= TABLE_LEAST)


def migrated(held: int, rekeyed: int) -> bool:
    """Whether things that are held look as if their site had been migrated: at least 90 % of their keys are listed under
    new ids.
    """
    return held > 0 and rekeyed >= REKEYED_SHARE * held


def _too_much(stake: Stake) -> bool:
    return len(stake.lost) > max(MILESTONE_LEAST, MILESTONE_SHARE * stake.open)


def sentence(count: int, lost: Lost) -> str:
    """What a hold says in English of ``count`` things that are not listed any more."""
    kind = lost.kind.replace("_", " ") + ("s" if count != 1 else "")
    where = f"{lost.tab} of {lost.of}" if lost.tab else lost.of
    verb = "is" if count == 1 else "are"
    return (
        f"{count:,} {kind} of {where} {verb} not {'bound' if lost.there else 'listed'} any more{_because(count, lost)}"
    )


def _because(count: int, lost: Lost) -> str:
    if lost.why == "losing":
        more = f" and {lost.more} more" if lost.more else ""
        return f": too much of the open work of {', '.join(lost.codes)}{more}"
    if lost.why in REKEYED:
        where = f"in {lost.there}" if lost.why == "elsewhere" else "under new ids"
        return f", and {lost.rekeyed:,} of {count:,} keys stand {where}: migrated?"
    return ""


def without(hold: Hold, gone: Collection[Ref]) -> Hold | None:
    """A hold when some of its things go on as others: on the rest, which nobody takes for migrated any more. None where
    nothing is left, or of a migration so little that it is missing as anything may be: the next full list judges it.
    """
    left = tuple(ref for ref in hold.refs if ref not in gone)
    if left == hold.refs:
        return hold
    if not left or (hold.id.startswith(MIGRATED) and len(left) <= UNIT_LEAST):
        return None
    lost = hold.lost and replace(hold.lost, why="", rekeyed=0)
    reason = sentence(len(left), lost) if lost else hold.reason
    name = hold.id.removeprefix(MIGRATED)
    return replace(hold, id=name, refs=left, count=len(left), moved_to="", lost=lost, reason=reason)
