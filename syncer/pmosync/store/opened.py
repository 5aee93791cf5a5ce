"""The open items that an assessment looks at one by one. Found from what is open, so that the ended ones cost nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pmosync.model import WorkItem
from pmosync.raw import Ref
from pmosync.store.codec import fact_of
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.progress import ties
from pmosync.store.rebindings import superseded
from pmosync.store.tables import fact, serves

FURTHEST_EAST = timedelta(hours=14)


def open_items(
    connection: sa.Connection, as_of: datetime
) -> tuple[tuple[WorkItem, ...], Mapping[Ref, tuple[str, ...]]]:
    """The open level-0 items that serve a milestone, block one that does, are due before today, or stand in an unmapped
    status.

    With them the codes each serves. Today is the furthest day that has begun anywhere on earth.
    """
    rows = {row.ref: row for row in _open(connection, as_of)}
    codes = codes_of(connection, as_of, sorted(rows))
    today = (as_of + FURTHEST_EAST).date().isoformat()
    wanted = [
        row for text, row in rows.items() if text in codes or (row.due or today) < today or row.category == "unmapped"
    ]
    items = [fact_of(row.body) for row in wanted]
    items += _blockers(items, codes, rows.values())
    found = tuple(sorted(items, key=lambda item: str(item.ref)))
    return found, {item.ref: codes[str(item.ref)] for item in found if str(item.ref) in codes}


def _open(connection: sa.Connection, as_of: datetime) -> Iterator[Any]:
    """Open level-0 items at ``as_of`` that do not go on as others: those in force by now, and those that have ended since.
    Asked for each on its own, as a database finds either by its index, but not the one or the other.
    """
    query = sa.select(fact.c.ref, fact.c.connection, fact.c.key, fact.c.due, fact.c.category, fact.c.body).where(
        fact.c.entity == "work_item", fact.c.outcome == "open", fact.c.level == 0, fact.c.seen <= as_of
    )
    query = query.where(~superseded(fact.c.ref, as_of))
    for standing_ in (fact.c.until.is_(None), fact.c.until > as_of):
        yield from connection.execute(query.where(standing_))


def codes_of(connection: sa.Connection, as_of: datetime, items: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The codes of the milestones that each item serves, sorted; items that serve none are left out."""
    tied: dict[str, set[str]] = defaultdict(set)
    for code, milestone, _ in connection.execute(ties(as_of, sa.true())):
        tied[milestone].add(code)
    codes: dict[str, set[str]] = defaultdict(set)
    served = sa.select(serves.c.item, serves.c.milestone).where(standing(serves, as_of))
    for piece in chunks(items):
        for row in connection.execute(served.where(serves.c.item.in_(piece))):
            codes[row.item] |= tied.get(row.milestone, set())
    return {item: tuple(sorted(found)) for item, found in codes.items() if found}


def _blockers(items: Sequence[WorkItem], codes: Container[str], rows: Iterable[Any]) -> list[WorkItem]:
    """Open items outside of ``items`` that block one that serves a milestone: it waits for them wherever they are planned."""
    served = [item for item in items if str(item.ref) in codes]
    wanted = {
        (item.ref.connection, link.other) for item in served for link in item.links if link.kind == "blocked_by"
    } - {(item.ref.connection, name) for item in items for name in (item.key, item.ref.id)}
    return [fact_of(row.body) for row in rows if (row.connection, row.key) in wanted]
