"""What a system's entries say of one field: its values before and after each, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pmosync.compute.past.spells import Move, at_end_of
from pmosync.mapping.text import fold
from pmosync.model import Change
from pmosync.raw import Ref

CHANGELOG = "change"
"""Kind of the entries of a record's own changelog: they say what was before and what came, also where that is nothing.
An entry that comes as a record of its own says the side it names, and no more.
"""
BY_NAME = frozenset({"label", "status", "state"})
"""Fields whose events are compared by name: the thing itself does not tell the ids of its labels."""
NUMBER = re.compile(r"\d+")


class Value(Struct, frozen=True, order=True, gc=False):
    """One value: the system's id where it has one, and what people saw at that time."""

    id: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """What tells it from others: the id, since a name may be given to another thing or be renamed."""
        return self.id or self.name

    @property
    def words(self) -> str:
        """What people see; the id of what has lost its name (a deleted user)."""
        return self.name or self.id


NOTHING = Value()
Values = tuple[Value, ...]
Names = Mapping[tuple[str, str, str], frozenset[str]]
"""Every name an id was ever told under, by connection, field and id."""


def names_of(changes: Iterable[Change]) -> Names:
    """All names under which ids were told: what is renamed is still the same."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for change in changes:
        for own, name in ((change.old_id, change.old), (change.new_id, change.new)):
            if own and name:
                found.setdefault((change.of.connection, change.field, own), set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}


def ordered(changes: Iterable[Change]) -> list[Change]:
    """The entries by time, those of one instant by the number in their id; an entry that two pages told counts once."""
    return sorted({change.ref: change for change in changes}.values(), key=_place)


def _place(change: Change) -> tuple[object, ...]:
    number = NUMBER.match(change.ref.id)
    return change.at, int(number[0]) if number else 0, change.ref


def same(one: Value, other: Value) -> bool:
    """Whether two told values are one: by id where both have one, else by name. Nothing is one with nothing alone."""
    if one.id and other.id:
        return one.id == other.id
    return one.name == other.name and bool(one.key) == bool(other.key)


def same_set(one: Values, other: Values) -> bool:
    """Whether two told sets hold the same."""
    return {value.key for value in one} == {value.key for value in other}


def agrees(told: Value, present: Value, known: Iterable[str] = ()) -> bool:
    """Whether the last told value is the present one, of which only an id or only a name may be known. ``known`` are all
    names of the told id.
    """
    if told.id and told.id == present.id:
        return True
    if not told.key or not present.key:
        return told.key == present.key
    named = bool(told.name) and (told.name == present.name or fold(told.name) == fold(present.name))
    return named or present.name in known


def single(changes: Sequence[Change]) -> list[Move[Value]]:
    """The moves of a field that holds one value."""
    return [
        Move(
            change.at,
            _side(change, change.old_id, change.old) if _says_before(change) else None,
            _side(change, change.new_id, change.new),
            change.by,
        )
        for change in changes
    ]


def _says_before(change: Change) -> bool:
    return change.ref.kind == CHANGELOG or bool(change.old or change.old_id)


def _side(change: Change, own: str, name: str) -> Value:
    return Value("" if change.field in BY_NAME and change.ref.kind != CHANGELOG else own, name)


def several(changes: Sequence[Change], present: Values) -> tuple[Move[Values], ...]:
    """The moves of a field that holds several values: what is edited in one instant is one move.

    A changelog tells milestones one by one, labels and timeboxes as whole lists. An event adds or removes one label; a
    milestone that an event adds takes the place of the one before: such systems know one at a time.
    """
    if not changes:
        return ()
    if changes[0].field == "milestone" and changes[0].ref.kind != CHANGELOG:
        moves = [Move(m.at, None if m.old is None else _held(m.old), _held(m.new), m.by) for m in single(changes)]
    elif changes[0].field != "milestone" and changes[0].ref.kind == CHANGELOG:
        moves = [Move(c.at, whole(c.old_id, c.old), whole(c.new_id, c.new), c.by) for c in changes]
    else:
        moves = list(_one_by_one(changes, present))
    return at_end_of(moves)


def _held(value: Value) -> Values:
    return (value,) if value.key else ()


def whole(ids: str, names: str) -> Values:
    """The values of a list told in one text: ids and names with commas between, else words with spaces between."""
    if not ids:
        return tuple(Value("", name) for name in dict.fromkeys(names.split()))
    own = [part.strip() for part in ids.split(",") if part.strip()]
    words = names.split(", ")
    words = words if len(words) == len(own) else [""] * len(own)
    return tuple(map(Value, own, words))


def _one_by_one(changes: Sequence[Change], present: Values) -> Iterator[Move[Values]]:
    """Each entry as the sets before and after it: before a removal the value was there, before an addition it was not."""
    held = _at_first(changes, present)
    for change in changes:
        left, joined = _side(change, change.old_id, change.old), _side(change, change.new_id, change.new)
        old = {key: value for key, value in held.items() if key != joined.key}
        if left.key:
            old.setdefault(left.key, left)
        held = {key: value for key, value in old.items() if key != left.key}
        if joined.key:
            held[joined.key] = joined
        yield Move(change.at, tuple(old.values()), tuple(held.values()), change.by)


def _at_first(changes: Sequence[Change], present: Values) -> dict[str, Value]:
    """What was there before the first entry: what is removed before it is added, and what is there though no entry names it."""
    first: dict[str, Value | None] = {}
    for change in changes:
        left, joined = _side(change, change.old_id, change.old), _side(change, change.new_id, change.new)
        if left.key:
            first.setdefault(left.key, left)
        if joined.key:
            first.setdefault(joined.key, None)
    untold = {value.key: value for value in present if value.key not in first}
    return {key: value for key, value in first.items() if value is not None} | untold


def by_thing(changes: Iterable[Change]) -> dict[Ref, list[Change]]:
    """The entries of each thing."""
    found: dict[Ref, list[Change]] = {}
    for change in changes:
        found.setdefault(change.of, []).append(change)
    return found
