"""Our milestones, their bindings and the counters of minted codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pmosync.compute.identity import Identities, IdentityChanges
from pmosync.model import Binding, Milestone, Role, Run
from pmosync.store import facts
from pmosync.store.bulk import add, add_new, add_or_replace
from pmosync.store.codec import ref_of
from pmosync.store.tables import binding, counter, milestone

PROBLEMS = "pmosync:identity:"


def identities(connection: sa.Connection) -> Identities:
    """Everything known of ours: milestones in force, all bindings ever, counters."""
    rows = connection.execute(sa.select(counter))
    return Identities(
        milestones=milestones(connection, None),
        bindings=bindings(connection, None),
        counters={row.project: row.last for row in rows},
    )


def milestones(connection: sa.Connection, as_of: datetime | None) -> tuple[Milestone, ...]:
    """Our milestones as known at ``as_of`` (None: now), by code."""
    held = milestone.c.until.is_(None) if as_of is None else standing(milestone, as_of)
    query = sa.select(milestone).where(held).order_by(milestone.c.folded)
    return tuple(
        Milestone(code=row.code, project=row.project, name=row.name, appeared=row.appeared, minted=row.minted)
        for row in connection.execute(query)
    )


def bindings(connection: sa.Connection, as_of: datetime | None) -> tuple[Binding, ...]:
    """All bindings ever (None), or those in force at ``as_of`` as they stood then, by code and ref."""
    query = sa.select(binding).order_by(binding.c.code, binding.c.ref, binding.c.since, binding.c.id)
    rows = connection.execute(query if as_of is None else query.where(standing(binding, as_of)))
    return tuple(binding_of(row, keep_end=as_of is None) for row in rows)


def binding_of(row: Any, keep_end: bool = True) -> Binding:
    """The binding of a row."""
    return Binding(
        code=row.code,
        ref=ref_of(row.ref),
        role=Role(row.role),
        leading=row.leading,
        since=row.since,
        until=row.until if keep_end else None,
        found=row.found,
    )


def standing(table: sa.FromClause, as_of: datetime, begin: str = "since") -> sa.ColumnElement[bool]:
    """Whether a version stood at ``as_of``: begun by then, not ended by then."""
    return sa.and_(table.c[begin] <= as_of, sa.or_(table.c.until.is_(None), table.c.until > as_of))


def identify(connection: sa.Connection, run: Run, changes: IdentityChanges) -> int:
    """Carry out what identity decided; the number of milestones and bindings written."""
    written = write_milestones(connection, changes.milestones, changes.at, run.id) + tie(connection, run, changes)
    if changes.counters:
        rows = [{"project": project, "last": last} for project, last in changes.counters.items()]
        add_or_replace(connection, counter, rows, ["last"])
    facts.write_problems(connection, {PROBLEMS: changes.problems}, changes.at)
    return written


def tie(connection: sa.Connection, run: Run, changes: IdentityChanges) -> int:
    """The bindings that end and those that begin; how many."""
    _end(connection, changes.ended, run)
    rows = [binding_row(value, run.id) for value in changes.bindings]
    return add_new(connection, binding, rows) + len(changes.ended)


def write_milestones(connection: sa.Connection, values: Sequence[Milestone], at: datetime, run: int) -> int:
    """New versions of these milestones as of ``at``."""
    folded = [value.code.strip().casefold() for value in values]
    over = [{"name_": name, "at": at} for name in folded]
    if over:
        mine = sa.update(milestone).where(milestone.c.folded == sa.bindparam("name_"), milestone.c.until.is_(None))
        connection.execute(mine.values(until=sa.bindparam("at")), over)
    rows = [
        {name: getattr(value, name) for name in value.__struct_fields__} | {"folded": key, "since": at, "run": run}
        for value, key in zip(values, folded, strict=True)
    ]
    return add(connection, milestone, rows)


def binding_row(value: Binding, run: int) -> dict[str, Any]:
    """A binding as a row."""
    return {
        "code": value.code,
        "ref": str(value.ref),
        "role": value.role.value,
        "leading": value.leading,
        "found": value.found,
        "since": value.since,
        "until": value.until,
        "run": run,
    }


def _end(connection: sa.Connection, ended: Sequence[Binding], run: Run) -> None:
    rows = [
        {"code_": value.code, "ref_": str(value.ref), "since_": value.since, "at": value.until, "by": run.id}
        for value in ended
    ]
    if rows:
        mine = sa.update(binding).where(
            binding.c.code == sa.bindparam("code_"),
            binding.c.ref == sa.bindparam("ref_"),
            binding.c.since == sa.bindparam("since_"),
            binding.c.until.is_(None),
        )
        connection.execute(mine.values(until=sa.bindparam("at"), run=sa.bindparam("by")), rows)
