"""Since when findings stand: each time begins and ends once, and stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from pmosync.model import Run, Stretch
from pmosync.store.bulk import add_new
from pmosync.store.identities import standing
from pmosync.store.tables import finding


def stand(connection: sa.Connection, run: Run, told: Mapping[str, datetime], at: datetime) -> int:
    """Make these the findings that stand: name → since when; those that are over end at ``at``. The number of rows
    written.
    """
    held = set(connection.scalars(sa.select(finding.c.finding).where(finding.c.until.is_(None))))
    over = [{"name_": name, "at": at, "by": run.id} for name in held if name not in told]
    if over:
        mine = sa.update(finding).where(finding.c.finding == sa.bindparam("name_"), finding.c.until.is_(None))
        connection.execute(mine.values(until=sa.bindparam("at"), run=sa.bindparam("by")), over)
    new = [Stretch(finding=name, since=since) for name, since in told.items() if name not in held]
    return len(over) + add_new(connection, finding, [stretch_row(each, run.id) for each in new])


def in_force(connection: sa.Connection, as_of: datetime) -> dict[str, datetime]:
    """Name → since when, of the findings that stood at ``as_of``."""
    query = sa.select(finding).where(standing(finding, as_of)).order_by(finding.c.finding)
    return {row.finding: row.since for row in connection.execute(query)}


def lately(connection: sa.Connection, prefix: str, as_of: datetime, since: datetime) -> tuple[Stretch, ...]:
    """The times, as known at ``as_of``, of what is named with that prefix and stood at ``since`` or after it."""
    known = (finding.c.finding.startswith(prefix, autoescape=True), finding.c.since <= as_of)
    query = sa.select(finding).where(*known, sa.or_(finding.c.until.is_(None), finding.c.until >= since))
    found = (stretch_of(row) for row in connection.execute(query.order_by(finding.c.since, finding.c.finding)))
    return tuple(replace(each, until=None) if each.until and each.until > as_of else each for each in found)


def stretch_row(value: Stretch, run: int) -> dict[str, Any]:
    """A time as a row."""
    return {"finding": value.finding, "since": value.since, "until": value.until, "run": run}


def stretch_of(row: Any) -> Stretch:
    """The time of a row."""
    return Stretch(finding=row.finding, since=row.since, until=row.until)
