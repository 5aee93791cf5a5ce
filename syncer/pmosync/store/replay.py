"""What a journal observed behind a copy of the store, brought to the facts that the copy holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pmosync.compute.changes import as_observed, observed_name
from pmosync.model import Observation
from pmosync.store import facts
from pmosync.store.codec import fact_of, packed
from pmosync.store.tables import fact

ROW = "milestone_input"


def observed(connection: sa.Connection, values: Sequence[Observation]) -> int:
    """Bring the facts to what was last observed of them; the number of versions written."""
    told: dict[str, dict[str, Observation]] = defaultdict(dict)
    for value in values:
        told[value.of][value.field] = value
    current = {row.ref: row for row in _in_force(connection, told)}
    versions = (_version(row, told[observed_name(fact_of(row.body))]) for row in current.values())
    new = [version for version in versions if version is not None]
    facts.replace(connection, current, new)
    return len(new)


def _in_force(connection: sa.Connection, names: Collection[str]) -> Iterator[Any]:
    """The facts in force that observations of these names speak of. A row of a tab goes by its code, not by its ref."""
    yield from facts.in_force(connection, sorted(names))
    rows = sa.select(fact).where(fact.c.entity == ROW, fact.c.until.is_(None)).order_by(fact.c.ref)
    yield from (row for row in connection.execute(rows).all() if observed_name(fact_of(row.body)) in names)


def _version(row: Any, told: Mapping[str, Observation]) -> dict[str, Any] | None:
    """The version in force as what was observed makes it; None if it says so already. Without the hash of a record: what
    the system shows next is to be compared with it.
    """
    before = fact_of(row.body)
    now = as_observed(before, {field: value.new for field, value in told.items()})
    gone = _gone(row, told.get("gone"))
    if (now, gone) == (before, row.gone):
        return None
    at = max(value.seen for value in told.values())
    version = facts.shown(row, at) if gone is None else facts.hidden(row, gone, at)
    return version if now == before else {**version, "body": packed(now), "digest": b"", **facts.columns(now)}


def _gone(row: Any, told: Observation | None) -> datetime | None:
    """Since when a thing is not visible; the journal tells when that was seen."""
    if told is None or (told.new == "true" and row.gone is not None):
        return row.gone  # type: ignore[no-any-return]
    return told.seen if told.new == "true" else None
