"""Spells: a field's values one after another without a hole between them. What nobody told is a gap, never a guess."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

V = TypeVar("V")


class Move(Struct, Generic[V], frozen=True, gc=False):
    """One told change at ``at``. ``old`` None: the system does not say what was before."""

    at: datetime
    old: V | None
    new: V
    by: str = ""


class Spell(Struct, Generic[V], frozen=True, gc=False):
    """``value`` held from ``since`` until ``until`` (None: it still does); None is a gap: something was changed then, and
    nobody told what and when. What is known of one instant alone (either end of a gap, a value left in the second in which
    it came) has a spell without length.
    """

    value: V | None
    since: datetime
    until: datetime | None = None
    by: str = ""


class Frame(Struct, frozen=True):
    """The time a history covers: from ``began`` until ``now``; ``ended``: the thing was gone by ``now``. ``unread``: entries
    may be there that nobody has read yet, so where none is told it is not known what was.
    """

    began: datetime
    now: datetime
    ended: bool = False
    unread: bool = False


def rebuilt(
    moves: Sequence[Move[V]],
    present: V,
    nothing: V,
    frame: Frame,
    same: Callable[[V, V], bool],
    agrees: Callable[[V, V], bool],
    entered: datetime | None = None,
) -> tuple[Spell[V], ...]:
    """The spells of a field, which tile the frame, from its ``moves`` in order and its ``present`` value.

    The first value is what the first move says was before, ``nothing`` where it does not say; without moves the present
    one, unless entries are ``unread``. ``same`` compares what two moves tell, ``agrees`` the last of them with the present.
    ``entered`` is when the present value came, where the thing itself tells: it shortens a gap before the present.
    """
    began = frame.began
    came = entered if entered is not None and began < entered <= frame.now else None
    if not moves:
        return tuple(_unmoved(present, frame, came or (frame.now if frame.unread and began < frame.now else None)))
    later = [move for move in moves if move.at >= began]
    value = _first(moves, len(moves) - len(later), nothing)
    spells, last, since, by = _walk(later, value, frame, same)
    if agrees(last, present):
        return (*spells, Spell(last, since, _end(frame), by))
    until = came if came is not None and came >= since else frame.now
    return (*spells, Spell(last, since, since, by), Spell(None, since, until), Spell(present, until, _end(frame)))


def _first(moves: Sequence[Move[V]], early: int, nothing: V) -> V:
    """The value at the beginning: what was told of the time before leaves no spell, only its last value."""
    if early:
        return moves[early - 1].new
    return nothing if moves[0].old is None else moves[0].old


def _unmoved(present: V, frame: Frame, came: datetime | None) -> Iterator[Spell[V]]:
    if came is not None:
        yield Spell(None, frame.began, came)
    yield Spell(present, came or frame.began, _end(frame))


def _end(frame: Frame) -> datetime | None:
    return frame.now if frame.ended else None


def _walk(
    moves: Sequence[Move[V]], value: V, frame: Frame, same: Callable[[V, V], bool]
) -> tuple[list[Spell[V]], V, datetime, str]:
    """The spells that are over, then the value the moves end with, since when it holds and by whom."""
    spells: list[Spell[V]] = []
    since, by = frame.began, ""
    for move in moves:
        at = min(max(move.at, since), frame.now)
        if move.old is not None and not same(value, move.old):
            spells += (Spell(value, since, since, by), Spell(None, since, at))
            value, since, by = move.old, at, ""
        if not same(value, move.new):
            spells.append(Spell(value, since, at, by))
            value, since, by = move.new, at, move.by
    return spells, value, since, by


def at_end_of(moves: Sequence[Move[V]]) -> tuple[Move[V], ...]:
    """The moves with those of one instant made one: how a set of values is edited."""
    merged: list[Move[V]] = []
    for move in moves:
        if merged and merged[-1].at == move.at:
            merged[-1] = replace(move, old=merged[-1].old)
        else:
            merged.append(move)
    return tuple(merged)


def starts(spells: Sequence[Spell[V]]) -> list[datetime]:
    """Since when each spell holds, to be asked for by ``value_at``."""
    return [spell.since for spell in spells]


def value_at(spells: Sequence[Spell[V]], begun: Sequence[datetime], at: datetime) -> V | None:
    """The value when all that happened at ``at`` had happened; None in a gap. ``begun`` are their ``starts``."""
    return spells[max(bisect_right(begun, at) - 1, 0)].value
