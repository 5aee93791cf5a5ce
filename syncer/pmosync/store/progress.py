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
from pmosync.store.tables import Instant, binding, change, fact, milestone, rebinding, serves

SCOPE = ("scope", "both")


class Scope:
    """The scope of milestones at a moment, of all or of those with the ``codes``: pairs of code and item, gathered once into
    a temporary table.

    What a binding's source was before it went on as another lends scope too, and an item that goes on as another is
    that one.
    """

    def __init__(self, connection: sa.Connection, as_of: datetime, codes: Collection[str] | None = None) -> None:
        self.connection = connection
        self.as_of = as_of
        self.codes = codes
        self.ties = sa.table("scope_tie", *(sa.column(name) for name in ("code", "milestone", "former")))
        names = ("code", "item", "began", "joined", "since")
        self.pairs = sa.table("scope_pair", *(sa.column(name) for name in names))
        self._gather()

    def _gather(self) -> None:
        """Fill the pairs: ``began`` is the milestone's first binding, ``joined`` the item's, ``since`` when that was seen."""
        run = self.connection.exec_driver_sql
        run("CREATE TEMPORARY TABLE IF NOT EXISTS scope_tie (code TEXT, milestone TEXT, former BOOLEAN)")
        run(
            "CREATE TEMPORARY TABLE IF NOT EXISTS scope_pair "
            "(code TEXT, item TEXT, began BIGINT, joined BIGINT, since BIGINT)"
        )
        run("DELETE FROM scope_tie")
        run("DELETE FROM scope_pair")
        for chosen in self._chosen():
            told = ties(self.as_of, chosen)
            self.connection.execute(sa.insert(self.ties).from_select(["code", "milestone", "former"], told))
        columns = ["code", "item", "began", "joined", "since"]
        self.connection.execute(sa.insert(self.pairs).from_select(columns, self._pairs()))
        run("CREATE INDEX IF NOT EXISTS ix_scope_pair ON scope_pair (code, item)")
        self._join_earlier()

    def _chosen(self) -> Iterator[sa.ColumnElement[bool]]:
        """Conditions that together choose the milestones in question, by their bindings."""
        if self.codes is None:
            yield sa.true()
            return
        for piece in chunks(sorted(self.codes)):
            yield binding.c.code.in_(piece)

    def _pairs(self) -> sa.Select[Any]:
        first = began(self.as_of).subquery()
        return (
            self.served(
                self.ties.c.code,
                item := self.item(),
                sa.type_coerce(sa.func.min(first.c.began), sa.BigInteger),
                sa.type_coerce(sa.func.min(serves.c.joined), sa.BigInteger),
                sa.type_coerce(sa.func.min(serves.c.since), sa.BigInteger),
            )
            .join(first, first.c.code == self.ties.c.code)
            .where(standing(serves, self.as_of), rebinding.c.new.is_(None))
            .group_by(self.ties.c.code, item)
        )

    def served(self, *columns: Any) -> sa.Select[Any]:
        """A query over what serves the source milestones of each code, whenever it did."""
        ties = self.ties.join(serves, serves.c.milestone == self.ties.c.milestone)
        went = sa.and_(rebinding.c.old == serves.c.item, standing(rebinding, self.as_of))
        return sa.select(*columns).select_from(ties.outerjoin(rebinding, went))

    def item(self) -> sa.ColumnElement[str]:
        """The item of a row of ``served``, as what it goes on as."""
        return sa.func.coalesce(rebinding.c.new, serves.c.item)

    def ended(self) -> sa.ColumnElement[datetime]:
        """When a row of ``served`` was over: of an item that goes on as another its successor tells what it serves from then
        on, whatever becomes of the item itself.
        """
        went_first = sa.or_(serves.c.until.is_(None), rebinding.c.since < serves.c.until)
        return sa.case((went_first, sa.func.coalesce(rebinding.c.since, serves.c.until)), else_=serves.c.until)

    def _join_earlier(self) -> None:
        """An item that served a former source, or as another item, until it was seen to serve, joined when it joined then."""
        pairs, joined = self.pairs, sa.func.min(serves.c.joined)
        earlier = sa.or_(self.ties.c.former, rebinding.c.new.is_not(None))
        query = (
            self.served(self.ties.c.code, item := self.item(), sa.type_coerce(joined, sa.BigInteger))
            .join(pairs, sa.and_(pairs.c.code == self.ties.c.code, pairs.c.item == item))
            .where(earlier, self.ended() >= sa.type_coerce(pairs.c.since, Instant), serves.c.since <= self.as_of)
            .group_by(self.ties.c.code, item)
        )
        rows = [{"code_": code, "item_": item, "at": at} for code, item, at in self.connection.execute(query)]
        mine = sa.and_(pairs.c.code == sa.bindparam("code_"), pairs.c.item == sa.bindparam("item_"))
        later = sa.update(pairs).where(mine, pairs.c.joined > sa.bindparam("at")).values(joined=sa.bindparam("at"))
        if rows:
            self.connection.execute(later, rows)

    def rows(self, *columns: Any) -> sa.Select[Any]:
        """A query over the level-0 items in scope, one row a code and item. Items alone have a level; asked for by entity too,
        or with an index on the pairs' items, a database would look through all facts rather than for those of the pairs.
        """
        held = sa.and_(
            fact.c.ref == self.pairs.c.item,
            fact.c.level == 0,
            standing(fact, self.as_of, "seen"),
        )
        return sa.select(*columns).select_from(self.pairs.join(fact, held))


def ties(as_of: datetime, chosen: sa.ColumnElement[bool]) -> sa.CompoundSelect[Any]:
    """Each code with the source milestones that lend it scope at ``as_of``, and with those that these go on from; of the
    ``chosen`` bindings.
    """
    held = (binding.c.role.in_(SCOPE), standing(binding, as_of), chosen)
    own = sa.select(binding.c.code, binding.c.ref, sa.false()).where(*held)
    earlier = binding.alias()
    had = sa.exists().where(earlier.c.code == binding.c.code, earlier.c.ref == rebinding.c.old)
    former = (
        sa.select(binding.c.code, rebinding.c.old, sa.true())
        .join(rebinding, sa.and_(rebinding.c.new == binding.c.ref, standing(rebinding, as_of)))
        .where(*held, had)
    )
    return sa.union(own, former)


def served_ever(connection: sa.Connection, as_of: datetime, codes: Collection[str]) -> frozenset[str]:
    """The items, by ref text, that were seen to serve any of these milestones by ``as_of``, whenever it was."""
    found: set[str] = set()
    for piece in chunks(sorted(codes)):
        tie = ties(as_of, binding.c.code.in_(piece)).subquery()
        went = sa.and_(rebinding.c.old == serves.c.item, standing(rebinding, as_of))
        query = sa.select(sa.func.coalesce(rebinding.c.new, serves.c.item)).distinct()
        joined = tie.join(serves, serves.c.milestone == tie.c.ref).outerjoin(rebinding, went)
        found.update(connection.scalars(query.select_from(joined).where(serves.c.since <= as_of)))
    return frozenset(found)


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
    query = query.where(change.c.seen <= scope.as_of).group_by(scope.pairs.c.code)
    own = query.join(change, change.c.of == fact.c.ref)
    went = sa.and_(rebinding.c.new == fact.c.ref, standing(rebinding, scope.as_of))
    former = query.join(rebinding, went).join(change, change.c.of == rebinding.c.old)
    found: dict[str, datetime] = {}
    for row in (row for each in (own, former) for row in scope.connection.execute(each)):
        found[row.code] = max(found.get(row.code, row.at), row.at)
    return found


def _left(scope: Scope) -> Mapping[str, list[datetime]]:
    """When items left each milestone since its first binding, of those that have not come back, oldest first."""
    as_of, first, pairs = scope.as_of, began(scope.as_of).subquery(), scope.pairs
    ended = scope.ended()
    at = sa.type_coerce(sa.func.max(ended), Instant).label("at")
    code, item = scope.ties.c.code, scope.item()
    back = sa.exists().where(pairs.c.code == code, pairs.c.item == item)
    counted = sa.exists().where(fact.c.ref == item, fact.c.level == 0, fact.c.seen <= as_of)
    query = (
        scope.served(code, at)
        .join(first, first.c.code == code)
        .where(counted, ~back)
        .where(ended <= as_of, ended > first.c.began, ended > serves.c.since)
        .group_by(code, item)
    )
    left: dict[str, list[datetime]] = defaultdict(list)
    for row in scope.connection.execute(query.order_by(code, at)):
        left[row.code].append(row.at)
    return left


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
