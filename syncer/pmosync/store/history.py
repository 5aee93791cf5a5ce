"""What must never change: observations, baselines, and the colours of past days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from pmosync.compute.past.items import Lived
from pmosync.model import Baseline, Change, Colour, Observation, Run, WorkItem
from pmosync.raw import Ref
from pmosync.store.bulk import add, add_new
from pmosync.store.codec import change_of, colour_of, fact_of, packed
from pmosync.store.database import chunks
from pmosync.store.rebindings import rebindings, superseded
from pmosync.store.tables import baseline, change, colour, fact, observation

COLOUR_DAYS = 60


def keep(
    connection: sa.Connection, run: Run, baselines: Sequence[Baseline], colours: Sequence[Colour], at: datetime
) -> int:
    """Append baselines and colours, those already kept left as they are; the number of rows added."""
    added = add_new(connection, baseline, [baseline_row(value, run.id) for value in baselines])
    known = last(connection)
    rows = []
    for value in sorted(colours, key=lambda value: (value.code, value.day)):
        before = known.get(value.code)
        if before is None or (before != value and before.day <= value.day):
            rows.append(_colour_row(value, before, at, run))
            known[value.code] = value
    return added + add(connection, colour, rows)


def _colour_row(value: Colour, before: Colour | None, at: datetime, run: Run) -> dict[str, Any]:
    """A colour as a row; ``turned`` where it says something else than the one before."""
    turned = before is None or _said(before) != _said(value)
    body = packed(value)
    return {"code": value.code, "day": value.day.isoformat(), "kept": at, "turned": turned, "body": body, "run": run.id}


def _said(value: Colour) -> tuple[object, ...]:
    return (
        *(value.computed, value.shown, value.hard, value.expected),
        *(value.slip, value.late, value.reached, value.first, value.reopened, value.decisions),
    )


def last(connection: sa.Connection) -> dict[str, Colour]:
    """The last colour kept of each code."""
    newest = sa.select(sa.func.max(colour.c.id)).group_by(colour.c.code)
    rows = connection.execute(sa.select(colour.c.code, colour.c.body).where(colour.c.id.in_(newest)))
    return {row.code: colour_of(row.body) for row in rows}


def baseline_row(value: Baseline, run: int) -> dict[str, Any]:
    """A baseline as a row."""
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return fields | {"day": value.day.isoformat(), "run": run}


def baselines(connection: sa.Connection, as_of: datetime) -> dict[str, tuple[Baseline, ...]]:
    """Baselines frozen by ``as_of``, by code, in the order of version and freezing."""
    query = sa.select(baseline).where(baseline.c.frozen <= as_of)
    query = query.order_by(baseline.c.code, baseline.c.version, baseline.c.frozen, baseline.c.id)
    return _grouped((row.code, baseline_of(row)) for row in connection.execute(query))


def baseline_of(row: Any) -> Baseline:
    """The baseline of a row."""
    return Baseline(
        code=row.code,
        version=row.version,
        day=date.fromisoformat(row.day),
        frozen=row.frozen,
        decision=row.decision,
        reason=row.reason,
        correction=row.correction,
    )


def colours(connection: sa.Connection, as_of: datetime) -> dict[str, tuple[Colour, ...]]:
    """What the last 60 assessment days kept by ``as_of`` said, by code, oldest first; the last word of a day counts."""
    days = sa.select(colour.c.day).distinct().where(colour.c.kept <= as_of).order_by(colour.c.day.desc())
    recent = connection.scalars(days.limit(COLOUR_DAYS)).all()
    if not recent:
        return {}
    query = sa.select(colour.c.code, colour.c.day, colour.c.body).where(
        colour.c.kept <= as_of, colour.c.day >= recent[-1]
    )
    words: dict[str, dict[str, bytes]] = defaultdict(dict)
    for row in connection.execute(query.order_by(colour.c.code, colour.c.day, colour.c.id)):
        words[row.code][row.day] = row.body
    return {code: tuple(map(colour_of, days.values())) for code, days in words.items()}


def colours_of(connection: sa.Connection, code: str, as_of: datetime) -> Iterator[tuple[datetime, Colour]]:
    """Every colour of a code kept by ``as_of``, oldest first, with when it was kept; the last word of a day counts."""
    query = sa.select(colour.c.day, colour.c.kept, colour.c.body).where(colour.c.code == code, colour.c.kept <= as_of)
    rows = connection.execute(query.order_by(colour.c.day, colour.c.id)).all()
    last = {row.day: row for row in rows}
    return ((row.kept, colour_of(row.body)) for row in last.values())


def observations(connection: sa.Connection, as_of: datetime) -> dict[str, tuple[Observation, ...]]:
    """Observations seen by ``as_of``, by what they are of, oldest first."""
    return _grouped((value.of, value) for value in every_observation(connection, as_of))


def every_observation(connection: sa.Connection, as_of: datetime) -> Iterator[Observation]:
    """Observations seen by ``as_of``: of one thing oldest first."""
    query = sa.select(observation).where(observation.c.seen <= as_of)
    query = query.order_by(observation.c.of, observation.c.seen, observation.c.changed, observation.c.id)
    return map(observation_of, connection.execute(query).all())


def observation_of(row: Any) -> Observation:
    """The observation of a row."""
    return Observation(
        of=row.of,
        field=row.field,
        old=row.old,
        new=row.new,
        seen=row.seen,
        changed=row.changed,
        by=row.by,
        first=row.first,
    )


def every_change(connection: sa.Connection, as_of: datetime, among: Collection[str] | None = None) -> Iterator[Change]:
    """The systems' own entries seen by ``as_of``, oldest first (of each thing, where they are asked for ``among`` some, by ref
    texts); those of a thing that goes on as another are that one's, each once: a migration may have brought them along.
    """
    went = {each.old: each.new for each in rebindings(connection, as_of)}
    asked = among if among is None else {*among, *(str(old) for old, new in went.items() if str(new) in among)}
    query = sa.select(change.c.body).where(change.c.seen <= as_of).order_by(change.c.at, change.c.ref)
    bodies = (body for those in _those(change.c.of, asked) for body in connection.scalars(query.where(those)).all())
    told = list(map(change_of, bodies))
    return _of_successors(told, went) if went else iter(told)


def _is_item(among: Collection[str] | None) -> sa.ColumnElement[bool]:
    """What tells items from other facts. Items alone have a level; those of given refs are asked for by that, for by entity a
    database would look through all of them for each piece.
    """
    return fact.c.entity == "work_item" if among is None else fact.c.level.is_not(None)


def _those(column: sa.Column[Any], names: Collection[str] | None) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together choose the rows of these names; of None all rows."""
    if names is None:
        yield sa.true()
        return
    for piece in chunks(sorted(names)):
        yield column.in_(piece)


def _of_successors(told: Sequence[Change], went: Mapping[Ref, Ref]) -> Iterator[Change]:
    own = {_same(each) for each in told if each.of not in went}
    for each in told:
        moved = replace(each, of=went[each.of]) if each.of in went else each
        if moved is each or _same(moved) not in own:
            yield moved


def _same(each: Change) -> tuple[object, ...]:
    return each.of, each.field, each.at, each.old, each.new


def lived(connection: sa.Connection, as_of: datetime, among: Collection[str] | None = None) -> Iterator[Lived]:
    """Every item ever seen by ``as_of`` (``among`` these ref texts) as it was last known then, by ref; with its end where it was
    surely gone. What goes on as another is told as that one.
    """
    told = (_is_item(among), fact.c.seen <= as_of, ~superseded(fact.c.ref, as_of))
    newest = sa.select(sa.func.max(fact.c.id)).where(*told).group_by(fact.c.ref)
    query = sa.select(fact.c.body, fact.c.until).order_by(fact.c.ref)
    chosen = (query.where(fact.c.id.in_(newest.where(those))) for those in _those(fact.c.ref, among))
    rows = [row for one in chosen for row in connection.execute(one).all()]
    return (_lived(row, as_of) for row in rows)


def _lived(row: Any, as_of: datetime) -> Lived:
    over = row.until is not None and row.until <= as_of
    return Lived(fact_of(row.body), row.until if over else None)


def earlier(connection: sa.Connection, as_of: datetime, among: Collection[str] | None = None) -> Iterator[WorkItem]:
    """The versions of items (``among`` these ref texts) that were over by ``as_of``, oldest first of each."""
    query = sa.select(fact.c.body).where(_is_item(among), fact.c.until <= as_of).order_by(fact.c.id)
    bodies = [body for those in _those(fact.c.ref, among) for body in connection.scalars(query.where(those)).all()]
    return (item for item in map(fact_of, bodies) if isinstance(item, WorkItem))


def _grouped(pairs: Iterator[tuple[str, Any]]) -> dict[str, tuple[Any, ...]]:
    groups: Mapping[str, list[Any]] = defaultdict(list)
    for name, value in pairs:
        groups[name].append(value)
    return {name: tuple(values) for name, values in groups.items()}
