"""The history of work items as lines: one for each value that a watched field had, and one for each gap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from pmosync.compute.past.meanings import Kind, Tables, tables
from pmosync.compute.past.spells import Frame, Spell, rebuilt
from pmosync.compute.past.standings import Stand, Told, standings
from pmosync.compute.past.told import (
    NOTHING,
    Names,
    Value,
    Values,
    agrees,
    by_thing,
    names_of,
    ordered,
    same,
    same_set,
    several,
    single,
)
from pmosync.mapping.spec import Workflow
from pmosync.model import Category, Change, Outcome, WorkItem
from pmosync.raw import Ref

PARENTAL = "epic"
"""Kind of those milestones that an item belongs to by its parent: the entries on the parent tell of them."""


class Lived(Struct, frozen=True):
    """An item as it was last known; ``ended`` when it was surely gone (None: it is there)."""

    item: WorkItem
    ended: datetime | None = None


class ItemSpell(Struct, frozen=True, kw_only=True, gc=False):
    """A line of an item's history: ``field`` was ``value`` from ``since`` until ``until`` (None: it still is).

    ``values`` is what a field that holds several held; ``ids`` are the system's ids where it told them. ``gap``: it was
    changed in that time, and nobody told how. ``category``, ``stage`` and ``outcome`` are told of a status; ``by`` is the
    account that made it so, where the system tells.
    """

    of: Ref
    key: str
    field: str
    value: str = ""
    values: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    since: datetime
    until: datetime | None = None
    gap: bool = False
    category: Category | None = None
    stage: str = ""
    outcome: Outcome | None = None
    by: str = ""


class Records(Struct, frozen=True):
    """What histories are rebuilt from: the items, their entries in order by thing and field, what statuses meant, the
    names that ids had, what milestones and timeboxes are called (of items the key), and the moment all this was known.
    ``unread`` are the connections of which not all entries were read by then.
    """

    items: Sequence[Lived]
    told: Mapping[Ref, Told]
    tables: Mapping[Kind, Tables]
    names: Names
    titles: Mapping[Ref, str]
    now: datetime
    unread: Collection[str] = ()


def records(
    items: Iterable[Lived],
    changes: Iterable[Change],
    workflows: Mapping[Kind, Workflow],
    titles: Mapping[Ref, str],
    now: datetime,
    earlier: Iterable[WorkItem] = (),
    unread: Collection[str] = (),
) -> Records:
    """The records of these items and their entries, in any order; from ``earlier`` versions of items it is learned what
    statuses meant that none is in any more. ``unread`` are connections whose entries are still being fetched.
    """
    lived, entries = tuple(items), tuple(changes)
    return Records(
        lived,
        {of: _by_field(ordered(own)) for of, own in by_thing(entries).items()},
        tables(workflows, (one.item for one in lived), earlier),
        names_of(entries),
        titles,
        now,
        unread,
    )


def _by_field(changes: Iterable[Change]) -> Told:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.field, []).append(change)
    return found


def frame_of(records: Records, lived: Lived, told: Told) -> Frame:
    """From an item's creation, else from what was first told of it, until now or its end."""
    item, now = lived.item, records.now
    first = min((entries[0].at for entries in told.values()), default=now)
    until = now if lived.ended is None else min(lived.ended, now)
    return Frame(
        min(item.created or first, until), until, lived.ended is not None, item.ref.connection in records.unread
    )


def history(records: Records) -> Iterator[ItemSpell]:
    """Every item's history, item by item, field by field, oldest first. A field that holds nothing and has no entry
    has no line, unless entries are unread.
    """
    for lived in records.items:
        item, told = lived.item, records.told.get(lived.item.ref, {})
        frame = frame_of(records, lived, told)
        for spell in standing(records, item, told, frame):
            yield _stood(item, spell)
        for field, present in SINGLE.items():
            value = present(records, item)
            if value.key or field in told or frame.unread:
                yield from _plain(item, field, _single(told, field, value, frame))
        for field, within in SEVERAL.items():
            held = within(records, item)
            if held or field in told or frame.unread:
                yield from _sets(item, field, _several(told, field, held, frame))


def standing(records: Records, item: WorkItem, told: Told, frame: Frame) -> tuple[Spell[Stand], ...]:
    """The spells of an item's status."""
    return standings(item, told, records.tables[item.ref.connection, item.ref.kind], frame, records.names)


def parents(records: Records, item: WorkItem, told: Told, frame: Frame) -> tuple[Spell[Value], ...]:
    """The spells of an item's parent."""
    return _single(told, "parent", _parent(records, item), frame)


def dues(records: Records, item: WorkItem, told: Told, frame: Frame) -> tuple[Spell[Value], ...]:
    """The spells of an item's due date, as ISO days."""
    return _single(told, "due", SINGLE["due"](records, item), frame)


def estimates(records: Records, item: WorkItem, told: Told, frame: Frame) -> tuple[Spell[Value], ...]:
    """The spells of an item's estimate, as numbers."""
    return _single(told, "estimate", SINGLE["estimate"](records, item), frame)


def milestones(records: Records, item: WorkItem, told: Told, frame: Frame) -> tuple[Spell[Values], ...]:
    """The spells of the milestones that entries on milestones tell of."""
    return _several(told, "milestone", _milestones(records, item), frame)


def _single(told: Told, field: str, present: Value, frame: Frame) -> tuple[Spell[Value], ...]:
    return rebuilt(single(told.get(field, ())), present, NOTHING, frame, same, agrees)


def _several(told: Told, field: str, present: Values, frame: Frame) -> tuple[Spell[Values], ...]:
    return rebuilt(several(told.get(field, ()), present), present, (), frame, same_set, same_set)


# ---------------------------------------------------------------- what is so now


def _estimate(records: Records, item: WorkItem) -> Value:
    return NOTHING if item.estimate is None else Value("", format(item.estimate, "g"))


def _parent(records: Records, item: WorkItem) -> Value:
    """A parent by its key, where it is an item that is known."""
    kind, _, own = item.parent.rpartition(":")
    parent = Ref(item.ref.connection, kind or item.ref.kind, own)
    return Value(own, records.titles.get(parent, ""))


def _milestones(records: Records, item: WorkItem) -> Values:
    return tuple(Value(ref.id, records.titles.get(ref, "")) for ref in item.milestones if ref.kind != PARENTAL)


def _timeboxes(records: Records, item: WorkItem) -> Values:
    return tuple(Value(ref.id, records.titles.get(ref, "")) for ref in item.timeboxes)


def _labels(records: Records, item: WorkItem) -> Values:
    """Labels that tell the status are told as status alone."""
    prefix = records.tables[item.ref.connection, item.ref.kind].workflow.label_prefix
    return tuple(Value("", label) for label in item.labels if not (prefix and label.startswith(prefix)))


SINGLE: Mapping[str, Callable[[Records, WorkItem], Value]] = {
    "resolution": lambda records, item: Value("", item.resolution),
    "owner": lambda records, item: Value(item.owner, item.owner_name),
    "due": lambda records, item: Value("", item.due.isoformat() if item.due else ""),
    "estimate": _estimate,
    "parent": _parent,
    "title": lambda records, item: Value("", item.title),
    "key": lambda records, item: Value("", item.key),
}
SEVERAL: Mapping[str, Callable[[Records, WorkItem], Values]] = {
    "milestone": _milestones,
    "timebox": _timeboxes,
    "label": _labels,
}


# ---------------------------------------------------------------- lines


def _stood(item: WorkItem, spell: Spell[Stand]) -> ItemSpell:
    stand = spell.value
    if stand is None:
        return _line(item, "status", spell)
    return ItemSpell(
        of=item.ref,
        key=item.key,
        field="status",
        value=stand.status.words,
        ids=(stand.status.id,) if stand.status.id else (),
        since=spell.since,
        until=spell.until,
        category=stand.category,
        stage=stand.stage,
        outcome=stand.outcome,
        by=spell.by,
    )


def _plain(item: WorkItem, field: str, spells: Sequence[Spell[Value]]) -> Iterator[ItemSpell]:
    for spell in spells:
        value = spell.value or NOTHING
        yield _line(item, field, spell, value.words, ids=(value.id,) if value.id else ())


def _sets(item: WorkItem, field: str, spells: Sequence[Spell[Values]]) -> Iterator[ItemSpell]:
    for spell in spells:
        held = sorted(spell.value or (), key=lambda value: (value.words, value.id))
        words, ids = tuple(value.words for value in held), tuple(value.id for value in held if value.id)
        yield _line(item, field, spell, values=words, ids=ids)


def _line(
    item: WorkItem,
    field: str,
    spell: Spell[Value] | Spell[Values] | Spell[Stand],
    value: str = "",
    values: tuple[str, ...] = (),
    ids: tuple[str, ...] = (),
) -> ItemSpell:
    return ItemSpell(
        of=item.ref,
        key=item.key,
        field=field,
        value=value,
        values=values,
        ids=ids,
        since=spell.since,
        until=spell.until,
        gap=spell.value is None,
        by=spell.by,
    )
