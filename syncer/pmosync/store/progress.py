"""Progress of milestones: their level-0 items counted in the database, set by set, each distinct item once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pmosync.model import Progress
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.tables import Instant, binding, change, fact, milestone, serves

SCOPE = ("scope", "both")


class Scope:
    """The scope of milestones at a moment, of all or of those with the ``codes``: pairs of code and item, gathered once into
    a temporary table.
    """

    def __init__(self, connection: sa.Connection, as_of: datetime, codes: Collection[str] | None = None) -> None:
        self.connection = connection
        self.as_of = as_of
        self.codes = codes
        self.pairs = sa.table("scope_pair", *(sa.column(name) for name in ("code", "item", "began", "joined")))
        self._gather()

    def _gather(self) -> None:
        """Fill the pairs: ``began`` is the milestone's first binding, ``joined`` the item's."""
        run = self.connection.exec_driver_sql
        run("CREATE TEMPORARY TABLE IF NOT EXISTS scope_pair (code TEXT, item TEXT, began BIGINT, joined BIGINT)")
        run("DELETE FROM scope_pair")
        for chosen in self.pieces():
            self.connection.execute(
                sa.insert(self.pairs).from_select(["code", "item", "began", "joined"], self._members(chosen))
            )
        run("CREATE INDEX IF NOT EXISTS ix_scope_pair ON scope_pair (item)")

    def _members(self, chosen: sa.ColumnElement[bool]) -> sa.Select[Any]:
        first = began(self.as_of).subquery()
        return (
            sa.select(
                binding.c.code,
                serves.c.item,
                sa.type_coerce(sa.func.min(first.c.began), sa.BigInteger),
                sa.type_coerce(sa.func.min(serves.c.joined), sa.BigInteger),
            )
            .join(first, first.c.code == binding.c.code)
            .join(serves, serves.c.milestone == binding.c.ref)
            .where(binding.c.role.in_(SCOPE), standing(binding, self.as_of), standing(serves, self.as_of), chosen)
            .group_by(binding.c.code, serves.c.item)
        )

    def pieces(self) -> Iterator[sa.ColumnElement[bool]]:
        """Conditions that together choose the milestones in question, by their bindings."""
        if self.codes is None:
            yield sa.true()
            return
        for piece in chunks(sorted(self.codes)):
            yield binding.c.code.in_(piece)

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
    left: dict[str, list[datetime]] = defaultdict(list)
    for chosen in scope.pieces():
        for row in scope.connection.execute(_departures(scope).where(chosen)):
            left[row.code].append(row.at)
    return left


def _departures(scope: Scope) -> sa.Select[Any]:
    """Code and instant of each departure."""
    as_of, first, pairs = scope.as_of, began(scope.as_of).subquery(), scope.pairs
    at = sa.type_coerce(sa.func.max(serves.c.until), Instant).label("at")
    back = sa.exists().where(pairs.c.code == binding.c.code, pairs.c.item == serves.c.item)
    counted = sa.exists().where(fact.c.ref == serves.c.item, fact.c.level == 0, fact.c.seen <= as_of)
    return (
        sa.select(binding.c.code, at)
        .join(first, first.c.code == binding.c.code)
        .join(serves, serves.c.milestone == binding.c.ref)
        .where(binding.c.role.in_(SCOPE), standing(binding, as_of), counted, ~back)
        .where(serves.c.until <= as_of, serves.c.until > first.c.began, serves.c.until > serves.c.since)
        .group_by(binding.c.code, serves.c.item)
        .order_by(binding.c.code, at)
    )


def began(as_of: datetime) -> sa.Select[Any]:
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
