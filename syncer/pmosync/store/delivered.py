"""What was delivered in the last weeks, item by item: what the pace of teams is made of. Found by its day, so that what was
delivered in years before costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from pmosync.model import Delivery, WorkItem
from pmosync.store.codec import fact_of
from pmosync.store.identities import standing
from pmosync.store.opened import codes_of
from pmosync.store.rebindings import superseded
from pmosync.store.tables import fact

FIRST = datetime.min.replace(tzinfo=UTC)
LOOKS_BACK = timedelta(weeks=13)
"""Twelve weeks of a team's days, and one for the longest way around the earth and for the days off they begin with."""


def deliveries(connection: sa.Connection, as_of: datetime) -> tuple[Delivery, ...]:
    """The level-0 items that were delivered within the last weeks before ``as_of``, as known then; oldest first."""
    items = list(delivered(connection, as_of, as_of - LOOKS_BACK if as_of - FIRST > LOOKS_BACK else FIRST))
    codes = codes_of(connection, as_of, sorted(str(item.ref) for item in items))
    found = [_delivery(item, codes.get(str(item.ref), ())) for item in items]
    return tuple(sorted(found, key=lambda each: (each.at, each.ref)))


def delivered(connection: sa.Connection, as_of: datetime, since: datetime) -> Iterator[WorkItem]:
    """The level-0 items that were delivered behind ``since`` and by ``as_of``, as known then, in no order. Items alone have a
    level; asked for by entity too, a database would look through all that were ever delivered.
    """
    held = (fact.c.level == 0, fact.c.outcome == "delivered")
    recent = (fact.c.resolved > since, fact.c.resolved <= as_of)
    query = sa.select(fact.c.body).where(*recent, *held, standing(fact, as_of, "seen"), ~superseded(fact.c.ref, as_of))
    return (item for item in map(fact_of, connection.scalars(query).all()) if isinstance(item, WorkItem))


def _delivery(item: WorkItem, codes: tuple[str, ...]) -> Delivery:
    assert item.resolved is not None, "what is found by its day has one"
    told = {} if item.restricted else {"key": item.key, "status": item.status, "url": item.url}
    return Delivery(ref=item.ref, team=item.team, container=item.container, codes=codes, at=item.resolved, **told)
