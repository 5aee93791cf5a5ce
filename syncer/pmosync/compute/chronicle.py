"""The history of one code: everything that was seen of its dates, its baselines and its colours, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from msgspec import Struct

from pmosync.compute.attention import concern_of
from pmosync.model import Baseline, Cause, Colour, Move, Observation

NOTHING = frozenset({"", "false"})
"""What an observed field holds that says nothing: no date, not closed."""


class Happening(Struct, frozen=True, kw_only=True):
    """One line of a history: ``field`` (plan, target, forecast, actual, closed, start, title, gone; baseline, colour,
    expected, ledger, planning) went from ``old`` to ``new``; "" is none. ``of`` is what said so: a source's ref, or the code for
    what was typed or worked out.

    ``seen`` is the sync that saw it; ``changed`` and ``by`` only if the source tells. ``decision`` and ``reason`` are those of
    a baseline; ``reason`` of a colour is its rule's key, ``wd``, ``slip`` and ``causes`` those of a row of the slip
    ledger; planning is one from before anything was promised.
    """

    code: str
    seen: datetime
    field: str
    old: str = ""
    new: str = ""
    of: str = ""
    changed: datetime | None = None
    by: str = ""
    decision: str = ""
    reason: str = ""
    wd: int | None = None
    causes: tuple[Cause, ...] = ()
    slip: int | None = None

    @property
    def happened(self) -> datetime:
        """When it happened as far as is known: the source's own time, else the sync that saw it."""
        return self.changed or self.seen


def chronicle(
    code: str,
    observations: Iterable[Observation],
    baselines: Sequence[Baseline],
    colours: Sequence[tuple[datetime, Colour]],
    moves: Iterable[Move],
    *,
    hindsight: bool = False,
) -> tuple[Happening, ...]:
    """All of it by when it was seen; with ``hindsight`` by when it was changed. ``colours`` come with when they were kept."""
    found = (
        *(_observed(code, each) for each in observations if not _says_nothing(each)),
        *_promised(code, baselines),
        *_coloured(code, colours),
        *(_moved(code, move) for move in moves if move.field == "expected" and not move.opening),
    )
    return tuple(sorted(found, key=lambda each: each.happened if hindsight else each.seen))


def by(happenings: Iterable[Happening], limit: datetime, *, hindsight: bool) -> tuple[Happening, ...]:
    """Those that had been seen before ``limit``; with ``hindsight`` those that had happened before it."""
    return tuple(each for each in happenings if (each.happened if hindsight else each.seen) < limit)


def _says_nothing(each: Observation) -> bool:
    """Whether the first sight of a field was that there is nothing in it."""
    return each.first and each.new in NOTHING


def _observed(code: str, each: Observation) -> Happening:
    return Happening(
        code=code,
        seen=each.seen,
        field=each.field,
        old=each.old,
        new=each.new,
        of=each.of,
        changed=each.changed,
        by=each.by,
    )


def _promised(code: str, baselines: Sequence[Baseline]) -> Iterator[Happening]:
    """Each baseline with the one before it, as they were frozen."""
    before = ""
    for base in sorted(baselines, key=lambda each: (each.frozen, each.version)):
        yield Happening(
            code=code,
            seen=base.frozen,
            field="baseline",
            old=before,
            new=base.day.isoformat(),
            of=code,
            decision=base.decision,
            reason=base.reason,
        )
        before = base.day.isoformat()


def _coloured(code: str, colours: Sequence[tuple[datetime, Colour]]) -> Iterator[Happening]:
    """The days on which the shown colour, what it rests on, or the expected date became another."""
    first = [(colours[0][0], Colour(code=code, day=colours[0][1].day, computed="", shown=""))] if colours else []
    for (_, old), (kept, new) in pairwise((*first, *colours)):
        if old.expected != new.expected:
            yield Happening(
                code=code, seen=kept, field="expected", old=_iso(old.expected), new=_iso(new.expected), of=code
            )
        if old.shown != new.shown or _rests_on_another(old, new):
            yield Happening(code=code, seen=kept, field="colour", old=old.shown, new=new.shown, of=code, reason=new.why)


def _rests_on_another(old: Colour, new: Colour) -> bool:
    """Whether a colour goes on for another concern: its days count on, which its reason of today does not explain."""
    then, now = concern_of(old.why), concern_of(new.why)
    return bool(then and now) and then != now


def _moved(code: str, move: Move) -> Happening:
    return Happening(
        code=code,
        seen=move.seen,
        field="planning" if move.planning else "ledger",
        old=_iso(move.old),
        new=_iso(move.new),
        of=code,
        wd=move.wd,
        causes=move.causes,
        slip=move.slip,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
