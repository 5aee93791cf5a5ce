"""Taking a batch in: translate (pure), decide (pure), commit with its cursor in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as TheMapping
from datetime import datetime
from functools import partial

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from pmosync.compute.changes import Intent, Known, Touch, content_digest, decide, identity
from pmosync.engine.meant import first_seen, remembering
from pmosync.mapping import Context, Mapping, Translation, translate
from pmosync.mapping.tabs import InputColumn, input_tabs
from pmosync.mapping.text import fold
from pmosync.mapping.told import values
from pmosync.model import Fact, PlanRow, Problem, Run, WorkItem
from pmosync.raw import Batch, RawRecord, Ref
from pmosync.store import Store, Taking

Told = tuple[RawRecord, Translation]
KnownOf = TheMapping[Ref, Known]


class Ready(Struct, frozen=True):
    """A batch that is translated and not yet committed."""

    mapping: Mapping
    batch: Batch
    told: list[Told]

    @property
    def unresolved(self) -> tuple[RawRecord, ...]:
        """The records that name items not known yet."""
        return tuple(raw for raw, translation in self.told if translation.unresolved)

    @property
    def ids(self) -> Iterator[tuple[str, str]]:
        """The items told: their keys with their ids."""
        facts = (fact for _, translation in self.told for fact in translation.facts)
        return ((fact.key, fact.ref.id) for fact in facts if isinstance(fact, WorkItem))


def ready(store: Store, mapping: Mapping, batch: Batch, context: Context) -> Ready:
    """Translate a batch."""
    return Ready(mapping, batch, read(store, mapping, batch, context))


def take(store: Store, run: Run, batches: Sequence[Ready], seen: datetime) -> list[int]:
    """Commit batches of several units in one transaction: the rows of history written of each. Raises StoreError; nothing of
    any of them is kept then, nor a cursor.
    """
    return store.take(
        run,
        [
            Taking(
                each.batch.unit,
                _spoken_of(each.told),
                _decided(each.mapping, each.told, seen),
                each.batch.cursor,
                each.batch.share,
            )
            for each in batches
        ],
    )


def again(store: Store, run: Run, batch: Ready, seen: datetime) -> int:
    """Commit what kept records say under a changed mapping; who shows them and what is missing stays. The rows of history
    written. Raises StoreError.
    """
    return store.translate(run, _spoken_of(batch.told), _decided(batch.mapping, batch.told, seen))


def _spoken_of(told: list[Told]) -> Iterator[Ref]:
    """The records, and the things that they tell."""
    for raw, translation in told:
        yield raw.ref
        yield from (identity(fact, raw) for fact in translation.facts)


def _decided(mapping: Mapping, told: list[Told], seen: datetime) -> Callable[[KnownOf], Iterator[Intent]]:
    """What to store of a batch, from what is known by then."""
    return lambda known: (
        intent for raw, translation in told for intent in intents_of(raw, translation, known, seen, mapping.digest)
    )


def read(store: Store, mapping: Mapping, batch: Batch, context: Context) -> list[Told]:
    """Every record with what it becomes. A typed row is read beside what is in force of it, and its cells as on the day
    on which they were first seen.
    """
    typed = tuple(raw.ref for raw in batch.records if raw.ref.kind == "row")
    if not typed:
        return [(raw, translate(mapping, raw, context)) for raw in batch.records]
    before, kept = store.known(typed), store.kept(typed)
    return [_typed(mapping, raw, kept.get(raw.ref), before.get(raw.ref), context) for raw in batch.records]


def _typed(mapping: Mapping, raw: RawRecord, kept: RawRecord | None, before: Known | None, context: Context) -> Told:
    """A typed row with what it became, and with what its texts without a year mean on."""
    dated = first_seen(raw, kept, before, context.seen)
    translation = translate(mapping, dated, _beside(before, context))
    return remembering(dated, kept, before, _in_force(before, dated, translation)), translation


def _beside(before: Known | None, context: Context) -> Context:
    return context if before is None else msgspec.structs.replace(context, before=before.fact)


def _in_force(before: Known | None, raw: RawRecord, translation: Translation) -> Fact | PlanRow | None:
    """What is in force of a row once it is taken in; one that cannot be read leaves what was."""
    if not translation.facts:
        return before.fact if before else None
    return keep_valid(before, translation.facts[0], (*translation.invalid, *lost_columns(before, raw)))


def as_known(records: Iterable[RawRecord], known: Iterable[Ref]) -> tuple[RawRecord, ...]:
    """Rows under the names by which they are known: a code that is typed in another case is still the same."""
    spelled = {fold(ref.id): ref for ref in known}
    return tuple(msgspec.structs.replace(raw, ref=spelled.get(fold(raw.ref.id), raw.ref)) for raw in records)


def _spelled(fact: Fact | PlanRow | None, before: Known | None) -> Fact | PlanRow | None:
    """The row with its code as it was first written, if that is the same code."""
    code, old = getattr(fact, "code", None), getattr(before.fact, "code", None) if before else None
    same = isinstance(code, str) and isinstance(old, str) and fold(code) == fold(old)
    return msgspec.structs.replace(fact, code=old) if fact is not None and same and code != old else fact


def intents_of(
    raw: RawRecord, translation: Translation, known: KnownOf, seen: datetime, mapping: str
) -> Iterator[Intent]:
    """One intent a fact that the record tells; a record that tells only changes is noted with them."""
    digest = content_digest(raw)
    if not translation.facts and not translation.problems:
        yield Touch(ref=raw.ref, record=raw.ref, seen=seen, changes=translation.changes)
        return
    for place, fact in enumerate(translation.facts or (None,)):
        before = known.get(identity(fact, raw))
        lost = lost_columns(before, raw)
        kept = keep_valid(before, _spelled(fact, before), (*translation.invalid, *lost))
        problems = (*translation.problems, *map(partial(_column_missing, raw), lost)) if place == 0 else ()
        yield decide(before, raw, digest, kept, problems, seen, translation.changes, mapping)


def lost_columns(before: Known | None, raw: RawRecord) -> tuple[str, ...]:
    """Columns that the row's tab has no more although the row had a value in them: taking a column away says nothing of
    the values that stood in it. What is usual where nothing is typed was no such value.
    """
    missing = raw.payload.get("missing_columns")
    if before is None or not missing:
        return ()
    usual = {each.name: each.default for each in fields(type(before.fact))}
    return tuple(
        key
        for key in missing
        if (value := getattr(before.fact, key, None)) not in (None, "", (), False) and value != usual.get(key)
    )


def _column_missing(raw: RawRecord, column: str) -> Problem:
    """One finding for all rows of the tab: it names no row."""
    tab = str(raw.payload.get("tab", ""))
    title = next((address.rpartition("!")[0].strip("'") for address in raw.payload.get("addresses", {}).values()), tab)
    header = next((each.labels["en"] for each in _columns(tab) if each.key == column), column)
    return Problem(
        rule="column-missing",
        place=title,
        message=f"the column {header!r} is missing: the values last typed there stay in force",
        remedy="restore the column or its header; to take a value back, clear its cell",
        values=values(column=column, tab=tab),
    )


def _columns(tab: str) -> tuple[InputColumn, ...]:
    """The columns of an input tab; none of a tab nobody knows."""
    return next((each.columns for each in input_tabs() if each.key == tab), ())


def keep_valid(before: Known | None, fact: Fact | PlanRow | None, invalid: Iterable[str]) -> Fact | PlanRow | None:
    """The fact with every field that could not be read at its last valid value: a wrong cell never erases what was in
    force.
    """
    fields = set(invalid)
    if fact is None or not fields:
        return fact
    old = before.fact if before is not None and type(before.fact) is type(fact) else None
    if "code" in fields:
        return old
    if old is None:
        return fact
    return msgspec.structs.replace(fact, **{name: getattr(old, name) for name in fields if hasattr(old, name)})
