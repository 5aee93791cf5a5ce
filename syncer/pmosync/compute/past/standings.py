"""Where an item stood, spell by spell: its status with what it meant, and whether its work was delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from pmosync.compute.past.meanings import Tables
from pmosync.compute.past.spells import Frame, Move, Spell, rebuilt, starts, value_at
from pmosync.compute.past.told import NOTHING, Names, Value, Values, agrees, same, same_set, several, single
from pmosync.mapping.standing import Standing
from pmosync.mapping.text import fold
from pmosync.model import Category, Change, Outcome, WorkItem

OPENED = Value("", "opened")
"""The state in which things begin: no system has an entry for it."""
Told = Mapping[str, Sequence[Change]]
"""The entries of one thing by field, in order."""


class Stand(Struct, frozen=True, gc=False):
    """A status as it was called then, and what it meant."""

    status: Value
    category: Category
    stage: str
    outcome: Outcome


def standings(item: WorkItem, told: Told, tables: Tables, frame: Frame, names: Names) -> tuple[Spell[Stand], ...]:
    """The spells of an item's standing. Where labels tell the status, a closed state wins over them, as in the mapping."""
    read = _labelled if tables.workflow.label_prefix else _resolved
    return tuple(_joined(read(item, told, tables, frame, names)))


def _resolved(item: WorkItem, told: Told, tables: Tables, frame: Frame, names: Names) -> Iterator[Spell[Stand]]:
    """A status by name, and a resolution beside it: of what is not done the resolution does not matter."""
    status = _status(item, told, frame, names)
    resolved = item.resolved if item.resolution else None
    moves = single(told.get("resolution", ()))
    ends = rebuilt(moves, Value("", item.resolution), NOTHING, frame, same, agrees, resolved)
    begun = starts(ends)

    def stand(spell: Spell[Value], at: datetime, last: bool) -> Stand | None:
        if spell.value is None:
            return None
        end, word = value_at(ends, begun, at), spell.value.name
        judged = tables.judge(word, word, end.name if end else "", moved=last and bool(item.moved_to))
        return None if end is None and judged.category is Category.DONE else _stand(spell.value, judged)

    return _cut(status, begun, stand)


def _status(item: WorkItem, told: Told, frame: Frame, names: Names) -> tuple[Spell[Value], ...]:
    connection = item.ref.connection

    def fits(last: Value, present: Value) -> bool:
        return agrees(last, present, names.get((connection, "status", last.id), ()))

    done = item.resolved if item.category is Category.DONE else None
    return rebuilt(single(told.get("status", ())), Value("", item.status), NOTHING, frame, same, fits, done)


def _labelled(item: WorkItem, told: Told, tables: Tables, frame: Frame, names: Names) -> Iterator[Spell[Stand]]:
    """A state, and labels that tell the status while the state is open. Closing that no event tells (the thing was moved)
    is told by the thing itself.
    """
    workflow = tables.workflow

    def final(state: str) -> bool:
        row = workflow.groups.get(fold(state))
        return row is not None and row.final

    def fits(last: Value, present: Value) -> bool:
        return agrees(last, present) or not (final(last.name) or final(present.name))

    state = Value("", item.status) if final(item.status) else OPENED
    moves = single(told.get("state", ()))
    untold = frame.unread and not moves
    if final(state.name) and item.resolved is not None and not untold and not (moves and final(moves[-1].new.name)):
        moves.append(Move(item.resolved, None, state))
    states = rebuilt(moves, state, OPENED, frame, same, fits, item.resolved if untold else None)
    prefix = workflow.label_prefix
    tags = _set(told, "status", [w[len(prefix) :] for w in item.labels if w.startswith(prefix)], frame)
    labels = _set(told, "label", [w for w in item.labels if not w.startswith(prefix)], frame)
    tagged, marked = starts(tags), starts(labels)

    def stand(spell: Spell[Value], at: datetime, last: bool) -> Stand | None:
        worn, marks = value_at(tags, tagged, at), value_at(labels, marked, at)
        if spell.value is None:
            return None
        word, ended = spell.value.name, final(spell.value.name)
        if (marks if ended else worn) is None:
            return None
        name = spell.value if ended or not worn else min(worn, key=lambda value: value.name)
        dropped = any(fold(value.name) in workflow.undelivered_labels for value in marks or ())
        return _stand(name, tables.judge(name.name, word, "", dropped, last and bool(item.moved_to)))

    return _cut(states, sorted({*tagged, *marked}), stand)


def _set(told: Told, field: str, present: Sequence[str], frame: Frame) -> tuple[Spell[Values], ...]:
    worn = tuple(Value("", name) for name in present)
    return rebuilt(several(told.get(field, ()), worn), worn, (), frame, same_set, same_set)


def _stand(told: Value, judged: Standing) -> Stand:
    return Stand(told, judged.category, judged.stage, judged.outcome)


def _cut(
    spells: Sequence[Spell[Value]],
    at: Sequence[datetime],
    stand: Callable[[Spell[Value], datetime, bool], Stand | None],
) -> Iterator[Spell[Stand]]:
    """The spells cut where what stands beside them changes, each piece judged by what held in it."""
    for spell in spells:
        cuts = [one for one in at if spell.since < one and (spell.until is None or one < spell.until)]
        for since, until in zip([spell.since, *cuts], [*cuts, spell.until], strict=True):
            last = spell is spells[-1] and until == spell.until
            yield Spell(stand(spell, since, last), since, until, spell.by if since == spell.since else "")


def _joined(pieces: Iterator[Spell[Stand]]) -> Iterator[Spell[Stand]]:
    """Neighbours that say the same are one spell."""
    held: Spell[Stand] | None = None
    for piece in pieces:
        if held is not None and held.value == piece.value:
            held = Spell(held.value, held.since, piece.until, held.by)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
