"""Scope and delivery of milestones day by day, rebuilt from the histories of their items: the lines of a burn-up chart."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.past.items import PARENTAL, Lived, Records, frame_of, milestones, parents, standing
from pmosync.compute.past.spells import Spell
from pmosync.compute.past.told import Value, Values
from pmosync.model import Outcome
from pmosync.raw import Ref

S = TypeVar("S")
V = TypeVar("V")


class Course(Struct, frozen=True):
    """One milestone of ours to follow: the source milestones that lend it scope, the day on which it starts as its sources
    say (None: they do not), the time zone of its days, and since when it can hold anything, where its sources say.
    """

    code: str
    refs: tuple[Ref, ...]
    zone: tzinfo
    start: date | None = None
    created: datetime | None = None


class ScopeDay(Struct, frozen=True, kw_only=True):
    """A milestone at the end of a day on which its scope or its delivery changed; distinct level-0 items, all counts since
    the beginning.

    ``scope`` = ``initial`` + ``added`` + ``backfilled`` - ``removed`` = ``delivered`` + ``open``. Initial is what came until
    the end of the day on which the milestone started, or on which the first item came, if that is later. Removed is what
    left and what ended undelivered; back-filled what had been delivered before it came. ``unsure`` of the items have a gap
    in their history that day: they are counted as they were last known.
    """

    code: str
    day: date
    scope: int
    initial: int
    added: int
    removed: int
    backfilled: int
    delivered: int
    open: int
    unsure: int


class Turn(Struct, frozen=True, gc=False):
    """What one item did to a milestone at one instant, as differences."""

    at: datetime
    scope: int
    delivered: int
    unsure: int
    filled: bool


class At(Struct, frozen=True, gc=False):
    """How one item stood to a milestone: whether it counts, whether it is delivered, whether a gap makes that unsure."""

    counts: bool = False
    delivered: bool = False
    unsure: bool = False


def milestone_history(records: Records, courses: Iterable[Course]) -> Iterator[ScopeDay]:
    """The days of each course on which something changed, oldest first, course by course. No line where nothing ever came."""
    followed = tuple(courses)
    turns = _turns(records, followed)
    for course in followed:
        own = sorted((_within(course, turn) for turn in turns.get(course.code, ())), key=lambda turn: turn.at)
        yield from _days(course, own)


def _within(course: Course, turn: Turn) -> Turn:
    """What no entry dates is as old as its item: in a milestone it cannot be older than that."""
    early = course.created is not None and turn.at < course.created
    return replace(turn, at=course.created) if early else turn


# ---------------------------------------------------------------- items


def _turns(records: Records, courses: Sequence[Course]) -> Mapping[str, list[Turn]]:
    """What every level-0 item did to each milestone that it ever belonged to."""
    plain, parental = _ties(courses)
    found: dict[str, list[Turn]] = defaultdict(list)
    for lived in records.items:
        if lived.item.level == 0:
            for code, turn in _of_item(records, lived, plain, parental):
                found[code].append(turn)
    return found


Ties = Mapping[tuple[str, str], tuple[str, ...]]
"""The codes that a source milestone lends scope, by its connection and id."""


def _ties(courses: Sequence[Course]) -> tuple[Ties, Ties]:
    """Ties by the milestones that entries on milestones tell of, and by those that are parents."""
    plain: dict[tuple[str, str], tuple[str, ...]] = {}
    parental: dict[tuple[str, str], tuple[str, ...]] = {}
    for course in courses:
        for ref in course.refs:
            table = parental if ref.kind == PARENTAL else plain
            table[ref.connection, ref.id] = (*table.get((ref.connection, ref.id), ()), course.code)
    return plain, parental


class Known(Struct, Generic[V], frozen=True):
    """A value at each instant at which it changed: as it was last known, and as it was known next. They differ in a gap."""

    at: list[datetime]
    values: list[tuple[V, V]]

    def when(self, instant: datetime) -> tuple[V, V]:
        """Both when all that happened at the instant had happened."""
        return self.values[max(bisect_right(self.at, instant) - 1, 0)]


def _known(spells: Sequence[Spell[S]], read: Callable[[S], V], nothing: V) -> Known[V]:
    """The spells by what ``read`` makes of them; before the first that is known it is ``nothing``."""
    values: list[tuple[V, V]] = []
    for place, spell in enumerate(spells):
        if spell.value is not None:
            values.append((read(spell.value), read(spell.value)))
            continue
        before = values[-1][0] if values else nothing
        after = spells[place + 1].value if place + 1 < len(spells) else None
        values.append((before, before if after is None else read(after)))
    return Known([spell.since for spell in spells], values or [(nothing, nothing)])


Codes = tuple[str, ...]
NOTHING_TIED: Codes = ()


def _of_item(records: Records, lived: Lived, plain: Ties, parental: Ties) -> Iterator[tuple[str, Turn]]:
    item, told = lived.item, records.told.get(lived.item.ref, {})
    frame, connection = frame_of(records, lived, told), item.ref.connection

    def tied(values: Values) -> Codes:
        return tuple(code for value in values for code in plain.get((connection, value.id), ()))

    def under(parent: Value) -> Codes:
        return parental.get((connection, parent.id), ())

    within = _known(milestones(records, item, told, frame), tied, NOTHING_TIED)
    below = _known(parents(records, item, told, frame) if parental else (), under, NOTHING_TIED)
    codes = {code for known in (within, below) for pair in known.values for code in (*pair[0], *pair[1])}
    if codes:
        ends = _known(standing(records, item, told, frame), lambda stand: stand.outcome, Outcome.OPEN)
        for code in sorted(codes):
            yield from ((code, turn) for turn in _turned(lived, code, within, below, ends))


def _turned(lived: Lived, code: str, within: Known[Codes], below: Known[Codes], ends: Known[Outcome]) -> Iterator[Turn]:
    """One item's turns in one milestone."""
    before, was = At(), Outcome.OPEN
    for instant in sorted({*within.at, *below.at, *ends.at}):
        (here, there), (up, over) = within.when(instant), below.when(instant)
        end, other = ends.when(instant)
        now, then = _at(code in here or code in up, end), _at(code in there or code in over, other)
        filled = now.delivered and (was is Outcome.DELIVERED or _ended_before(lived, instant))
        turn = _turn(instant, before, replace(now, unsure=now != then), filled)
        before, was = replace(now, unsure=now != then), end
        if turn.scope or turn.delivered or turn.unsure:
            yield turn
    if lived.ended is not None and before != At():
        yield _turn(lived.ended, before, At(), False)


def _at(member: bool, outcome: Outcome) -> At:
    return At(member and outcome is not Outcome.UNDELIVERED, member and outcome is Outcome.DELIVERED)


def _ended_before(lived: Lived, instant: datetime) -> bool:
    return lived.item.resolved is not None and lived.item.resolved < instant


def _turn(instant: datetime, before: At, now: At, filled: bool) -> Turn:
    return Turn(
        instant,
        now.counts - before.counts,
        now.delivered - before.delivered,
        now.unsure - before.unsure,
        filled,
    )


# ---------------------------------------------------------------- days


def _days(course: Course, turns: Sequence[Turn]) -> Iterator[ScopeDay]:
    """The milestone at the end of each day on which something turned."""
    first = next((turn.at.astimezone(course.zone).date() for turn in turns if turn.scope > 0), None)
    if first is None:
        return
    begun = max(first, course.start or first)
    sums = dict.fromkeys(("initial", "added", "removed", "backfilled", "delivered", "unsure"), 0)
    for day, group in groupby(turns, key=lambda turn: turn.at.astimezone(course.zone).date()):
        for turn in group:
            sums[_column(turn, day <= begun)] += abs(turn.scope) if day > begun else turn.scope
            sums["delivered"] += turn.delivered
            sums["unsure"] += turn.unsure
        scope = sums["initial"] + sums["added"] + sums["backfilled"] - sums["removed"]
        yield ScopeDay(code=course.code, day=day, scope=scope, open=scope - sums["delivered"], **sums)


def _column(turn: Turn, early: bool) -> str:
    """Where a change of scope counts."""
    if early:
        return "initial"
    if turn.scope < 0:
        return "removed"
    return "backfilled" if turn.filled else "added"
