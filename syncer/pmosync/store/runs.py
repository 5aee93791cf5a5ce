"""Runs, the epoch that fences an older writer, and how fresh each connection is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from pmosync.errors import StoreError
from pmosync.model import REMOVED, Freshness, Part, Run, UnitRun
from pmosync.raw import Unit
from pmosync.store.bulk import add
from pmosync.store.codec import freshness_of, packed, part_of, unit_of
from pmosync.store.tables import cursor, fact, freshness, run, unit_run
from pmosync.store.versions import EPOCH_FLOOR, get_meta


def begin(connection: sa.Connection, started: datetime, kind: str) -> Run:
    """A new run with the highest epoch; a run that never ended is marked as interrupted."""
    over = sa.update(run).where(run.c.outcome == "running")
    connection.execute(over.values(outcome="interrupted", words="a later run has begun"))
    highest = connection.scalar(sa.select(sa.func.max(run.c.epoch))) or 0
    floor = int(get_meta(connection, EPOCH_FLOOR) or 0)
    epoch = max(highest, floor) + 1
    # A store begun anew does not number its runs from 1 again: every run had an epoch of its own, so none is repeated.
    last = connection.scalar(sa.select(sa.func.max(run.c.id))) or 0
    row = {
        "id": max(last, floor) + 1,
        "epoch": epoch,
        "started": started,
        "kind": kind,
        "outcome": "running",
        "cells": 0,
        "words": "",
    }
    number = connection.execute(sa.insert(run).returning(run.c.id), row).scalar_one()
    return Run(id=number, epoch=epoch, started=started, kind=kind)


def fence(connection: sa.Connection, current: Run) -> None:
    """Refuse to write for a run that a later one has overtaken. Raises StoreError."""
    if connection.scalar(sa.select(sa.func.max(run.c.epoch))) != current.epoch:
        raise StoreError(
            f"another writer has begun after run {current.id}, so this run may not write any more",
            remedy="let only one pmosync write to a store; the next run goes on from what is committed",
        )


def finish(
    connection: sa.Connection,
    current: Run,
    ended: datetime,
    outcome: str,
    units: tuple[UnitRun, ...],
    cells: int,
    words: str,
) -> Run:
    """Close a run with its outcome and what each unit did."""
    mine = sa.update(run).where(run.c.id == current.id)
    connection.execute(mine.values(ended=ended, outcome=outcome, cells=cells, words=words))
    connection.execute(sa.delete(unit_run).where(unit_run.c.run == current.id))
    add(connection, unit_run, [{"run": current.id, "body": packed(unit)} for unit in units])
    return _run(connection, connection.execute(sa.select(run).where(run.c.id == current.id)).one())


def began(connection: sa.Connection) -> datetime:
    """When the first run started; the end of time before any."""
    first = connection.scalar(sa.select(sa.func.min(run.c.started)))
    return datetime.max.replace(tzinfo=UTC) if first is None else first


def runs(connection: sa.Connection, limit: int) -> tuple[Run, ...]:
    """The last runs, newest first."""
    rows = connection.execute(sa.select(run).order_by(run.c.id.desc()).limit(limit)).all()
    return tuple(_run(connection, row) for row in rows)


def _run(connection: sa.Connection, row: Any) -> Run:
    bodies = connection.scalars(sa.select(unit_run.c.body).where(unit_run.c.run == row.id).order_by(unit_run.c.id))
    return Run(
        id=row.id,
        epoch=row.epoch,
        started=row.started,
        ended=row.ended,
        kind=row.kind,
        outcome=row.outcome,
        units=tuple(map(unit_of, bodies)),
        cells=row.cells,
        words=row.words,
    )


def reached(connection: sa.Connection, value: Freshness, at: datetime, patient: Sequence[Unit] = ()) -> Freshness:
    """Append how fresh a connection is now: ``good`` goes on from before unless the state is ok (then it is the value's own,
    else ``at``), ``records`` are counted.
    The parts are the units that are not through; a ``patient`` one that could not even begin is one of them. Nobody goes on
    with those of a removed connection.
    """
    before = _last(connection, value.connection)
    told = Freshness(
        connection=value.connection,
        title=value.title,
        state=value.state,
        good=min(value.good or at, at) if value.state == "ok" else before.good if before else None,
        tried=at,
        reason=value.reason,
        remedy=value.remedy,
        unread=value.unread,
        records=_count(connection, value.connection),
        parts=() if value.state == REMOVED else _parts(connection, value.connection, patient),
    )
    add(connection, freshness, [{"connection": told.connection, "at": at, "body": packed(told)}])
    return told


def _parts(connection: sa.Connection, of: str, patient: Sequence[Unit]) -> tuple[Part, ...]:
    begun = set(connection.scalars(sa.select(cursor.c.unit).where(cursor.c.connection == of)))
    told = [part for part in unfinished(connection) if part.connection == of]
    return (*told, *(part_at(unit, 0.0) for unit in patient if unit.key not in begun))


def part_at(unit: Unit, share: float) -> Part:
    """How far a unit has come, in its own words."""
    return Part(
        connection=unit.connection, unit=unit.key, title=unit.title or unit.key, behind=unit.behind, share=share
    )


def unfinished(connection: sa.Connection) -> tuple[Part, ...]:
    """The units that take several runs and have not come to their end, by connection and key."""
    query = sa.select(cursor.c.part).where(cursor.c.part.is_not(None)).order_by(cursor.c.connection, cursor.c.unit)
    return tuple(part for part in map(part_of, connection.scalars(query)) if part.share < 1)


def _last(connection: sa.Connection, of: str) -> Freshness | None:
    query = sa.select(freshness.c.body).where(freshness.c.connection == of).order_by(freshness.c.id.desc()).limit(1)
    body = connection.scalar(query)
    return None if body is None else freshness_of(body)


def _count(connection: sa.Connection, of: str) -> int:
    held = sa.select(sa.func.count()).select_from(fact).where(fact.c.connection == of, fact.c.until.is_(None))
    return connection.scalar(held) or 0


def fresh(connection: sa.Connection, as_of: datetime) -> tuple[Freshness, ...]:
    """How fresh each connection was at ``as_of``, by name."""
    last = sa.select(sa.func.max(freshness.c.id)).where(freshness.c.at <= as_of).group_by(freshness.c.connection)
    query = sa.select(freshness.c.body).where(freshness.c.id.in_(last)).order_by(freshness.c.connection)
    return tuple(map(freshness_of, connection.scalars(query)))
