"""Progress of milestones: their level-0 items counted in the database, set by set, each distinct item once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pmosync.model import Progress, WorkItem
from pmosync.raw import Ref
from pmosync.store.codec import fact_of
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.tables import Instant, binding, change, fact, milestone, serves

SCOPE = ("scope", "both")
FURTHEST_EAST = timedelta(hours=14)


class Scope:
    """The scope of every milestone at a moment: pairs of code and item, gathered once into a temporary table."""

    def __init__(self, connection: sa.Connection, as_of: datetime) -> None:
        self.connection = connection
        self.as_of = as_of
        self.pairs = sa.table("scope_pair", *(sa.column(name) for name in ("code", "item", "began", "joined")))

    def gather(self) -> None:
        """Fill the pairs: ``began`` is the milestone's first binding, ``joined`` the item's."""
        run = self.connection.exec_driver_sql
        run("CREATE TEMPORARY TABLE IF NOT EXISTS scope_pair (code TEXT, item TEXT, began BIGINT, joined BIGINT)")
        run("DELETE FROM scope_pair")
        began = _began(self.as_of).subquery()
        query = (
            sa.select(
                binding.c.code,
                serves.c.item,
                sa.type_coerce(sa.func.min(began.c.began), sa.BigInteger),
                sa.type_coerce(sa.func.min(serves.c.joined), sa.BigInteger),
            )
            .join(began, began.c.code == binding.c.code)
            .join(serves, serves.c.milestone == binding.c.ref)
            .where(binding.c.role.in_(SCOPE), standing(binding, self.as_of), standing(serves, self.as_of))
            .group_by(binding.c.code, serves.c.item)
        )
        self.connection.execute(sa.insert(self.pairs).from_select(["code", "item", "began", "joined"], query))
        run("CREATE INDEX IF NOT EXISTS ix_scope_pair ON scope_pair (item)")

    def rows(self, *columns: Any) -> sa.Select[Any]:
        """A query over the level-0 items in scope, one row a code and item."""
        held = sa.and_(
            fact.c.ref == self.pairs.c.item,
            fact.c.entity == "work_item",
            fact.c.level == 0,
            standing(fact, self.as_of, "seen"),
        )
        return sa.select(*columns).select_from(self.pairs.join(fact, held))


def progress(scope: Scope) -> dict[str, Progress]:
    """Progress by code of each milestone that has anything in scope, or once had."""
    delivered, dropped, joined = _ends(scope, "delivered"), _ends(scope, "undelivered"), _joined(scope)
    filled, moved, left = _ends(scope, "delivered", _filled(scope)), _moved(scope), _left(scope)
    counts = {row.code: row for row in scope.connection.execute(_counts(scope))}
    return {
        code: _progress(
            counts.get(code),
            delivered.get(code, ()),
            dropped.get(code, ()),
            filled.get(code, ()),
            joined.get(code, ()),
            moved.get(code),
            left.get(code, ()),
        )
        for code in sorted({*counts, *left})
    }


def _counts(scope: Scope) -> sa.Select[Any]:
    is_open, done, dropped = (fact.c.outcome == word for word in ("open", "delivered", "undelivered"))
    counted, filled = ~dropped, sa.and_(done, _filled(scope))
    return scope.rows(
        scope.pairs.c.code,
        _sum("delivered", done),
        _sum("undelivered", dropped),
        _sum("open", is_open),
        _sum("started", sa.and_(is_open, fact.c.category == "doing")),
        _sum("dated_open", sa.and_(is_open, fact.c.due.is_not(None))),
        _sum("unmapped", sa.and_(counted, fact.c.category == "unmapped")),
        sa.func.max(sa.case((is_open, fact.c.due + " " + fact.c.key))).label("latest"),
        _sum("backfilled", filled),
        sa.func.max(fact.c.moved).label("moved"),
        _sum("hidden", sa.and_(counted, fact.c.gone.is_not(None))),
        _sum("restricted", sa.and_(is_open, fact.c.restricted)),
        _sum("added", sa.and_(counted, _later(scope), ~filled)),
    ).group_by(scope.pairs.c.code)


def _later(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether an item joined after its milestone was first tied to anything."""
    return sa.type_coerce(scope.pairs.c.joined, Instant) > sa.type_coerce(scope.pairs.c.began, Instant)


def _filled(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether an item had ended before it joined."""
    joined = sa.type_coerce(scope.pairs.c.joined, Instant)
    return sa.and_(_later(scope), fact.c.resolved.is_not(None), fact.c.resolved < joined)


def _joined(scope: Scope) -> Mapping[str, list[datetime]]:
    """When the items that count joined, oldest first, by code; neither those of the beginning nor back-filled ones."""
    code, at = scope.pairs.c.code, sa.type_coerce(scope.pairs.c.joined, Instant).label("at")
    added = sa.and_(
        fact.c.outcome != "undelivered", _later(scope), ~sa.and_(fact.c.outcome == "delivered", _filled(scope))
    )
    joined: dict[str, list[datetime]] = defaultdict(list)
    for name, instant in scope.connection.execute(scope.rows(code, at).where(added).order_by(code, at)):
        joined[name].append(instant)
    return joined


def _sum(name: str, condition: sa.ColumnElement[bool]) -> sa.Label[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)


def _ends(scope: Scope, outcome: str, *those: sa.ColumnElement[bool]) -> Mapping[str, list[datetime]]:
    """When items (only ``those``) ended so, oldest first, by code."""
    code, at = scope.pairs.c.code, fact.c.resolved
    query = scope.rows(code, at).where(fact.c.outcome == outcome, at.is_not(None), *those)
    ends: dict[str, list[datetime]] = defaultdict(list)
    for name, instant in scope.connection.execute(query.order_by(code, at)):
        ends[name].append(instant)
    return ends


def _moved(scope: Scope) -> Mapping[str, datetime]:
    """The last entry of any of a milestone's items, by code."""
    query = scope.rows(scope.pairs.c.code, sa.func.max(change.c.at).label("at"))
    query = query.join(change, change.c.of == fact.c.ref).where(change.c.seen <= scope.as_of)
    return {row.code: row.at for row in scope.connection.execute(query.group_by(scope.pairs.c.code))}


def _left(scope: Scope) -> Mapping[str, list[datetime]]:
    """When items left each milestone since its first binding, of those that have not come back, oldest first."""
    as_of, began, pairs = scope.as_of, _began(scope.as_of).subquery(), scope.pairs
    at = sa.type_coerce(sa.func.max(serves.c.until), Instant).label("at")
    back = sa.exists().where(pairs.c.code == binding.c.code, pairs.c.item == serves.c.item)
    counted = sa.exists().where(fact.c.ref == serves.c.item, fact.c.level == 0, fact.c.seen <= as_of)
    query = (
        sa.select(binding.c.code, at)
        .join(began, began.c.code == binding.c.code)
        .join(serves, serves.c.milestone == binding.c.ref)
        .where(binding.c.role.in_(SCOPE), standing(binding, as_of), counted, ~back)
        .where(serves.c.until <= as_of, serves.c.until > began.c.began, serves.c.until > serves.c.since)
        .group_by(binding.c.code, serves.c.item)
    )
    left: dict[str, list[datetime]] = defaultdict(list)
    for row in scope.connection.execute(query.order_by(binding.c.code, at)):
        left[row.code].append(row.at)
    return left


def _began(as_of: datetime) -> sa.Select[Any]:
    """When each milestone was first tied to anything that lends it scope."""
    return (
        sa.select(binding.c.code, sa.func.min(binding.c.since).label("began"))
        .join(milestone, sa.and_(milestone.c.code == binding.c.code, standing(milestone, as_of)))
        .where(binding.c.role.in_(SCOPE), binding.c.since <= as_of)
        .group_by(binding.c.code)
    )


def _progress(
    row: Any | None,
    delivered: Sequence[datetime],
    dropped: Sequence[datetime],
    filled: Sequence[datetime],
    joined: Sequence[datetime],
    moved: datetime | None,
    left: Sequence[datetime],
) -> Progress:
    if row is None:
        return Progress(removed=len(left), removed_at=tuple(left))
    day, _, key = (row.latest or "").partition(" ")
    return Progress(
        total=row.delivered + row.open,
        delivered=row.delivered,
        undelivered=row.undelivered,
        open=row.open,
        started=row.started,
        dated_open=row.dated_open,
        unmapped=row.unmapped,
        latest_due=(date.fromisoformat(day), key) if day else None,
        delivered_at=tuple(delivered),
        undelivered_at=tuple(dropped),
        backfilled=row.backfilled,
        backfilled_at=tuple(filled),
        moved=max((at for at in (row.moved, moved) if at is not None), default=None),
        hidden=row.hidden,
        restricted=row.restricted,
        removed=len(left),
        removed_at=tuple(left),
        added=row.added,
        added_at=tuple(joined),
    )


def open_items(scope: Scope) -> tuple[tuple[WorkItem, ...], Mapping[Ref, tuple[str, ...]]]:
    """The open level-0 items that serve a milestone, block one that does, are due before today, or stand in an unmapped
    status.

    With them the codes each serves. Today is the furthest day that has begun anywhere on earth.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    is_open = fact.c.outcome == "open"
    for row in scope.connection.execute(scope.rows(scope.pairs.c.code, fact.c.ref).where(is_open)):
        codes[row.ref].append(row.code)
    today = (scope.as_of + FURTHEST_EAST).date().isoformat()
    served = fact.c.ref.in_(sa.select(scope.pairs.c.item))
    query = (
        sa.select(fact.c.body)
        .where(fact.c.entity == "work_item", fact.c.level == 0, is_open, standing(fact, scope.as_of, "seen"))
        .where(sa.or_(served, fact.c.due < today, fact.c.category == "unmapped"))
        .order_by(fact.c.ref)
    )
    items = tuple(fact_of(body) for body in scope.connection.scalars(query))
    items = tuple(sorted((*items, *_blockers(scope, items, codes)), key=lambda item: str(item.ref)))
    return items, {item.ref: tuple(sorted(codes[str(item.ref)])) for item in items if str(item.ref) in codes}


def _blockers(scope: Scope, items: Sequence[WorkItem], codes: Container[str]) -> Iterator[WorkItem]:
    """Open items outside of ``items`` that block one that serves a milestone: it waits for them wherever they are planned."""
    served = [item for item in items if str(item.ref) in codes]
    wanted = {
        (item.ref.connection, link.other) for item in served for link in item.links if link.kind == "blocked_by"
    } - {(item.ref.connection, name) for item in items for name in (item.key, item.ref.id)}
    query = sa.select(fact.c.connection, fact.c.key, fact.c.body).where(
        fact.c.entity == "work_item",
        fact.c.level == 0,
        fact.c.outcome == "open",
        standing(fact, scope.as_of, "seen"),
    )
    for piece in chunks(sorted({name for _, name in wanted})):
        for row in scope.connection.execute(query.where(fact.c.key.in_(piece))):
            if (row.connection, row.key) in wanted:
                yield fact_of(row.body)
