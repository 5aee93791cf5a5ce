"""The slip ledger and the reports: each row is kept once, as it was worked out, and stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from pmosync.model import Move, Outcome, Report
from pmosync.store.bulk import add_new
from pmosync.store.codec import move_of, packed, planned_of, report_of
from pmosync.store.database import chunks
from pmosync.store.identities import standing
from pmosync.store.tables import fact, move, report

REPORT_DAYS = 26
"""So many report days a snapshot carries: half a year of weekly ones."""


def keep(connection: sa.Connection, run: int, moves: Sequence[Move], reports: Sequence[Report], at: datetime) -> int:
    """Append rows and reports, those already kept left as they are; the number of rows added."""
    added = add_new(connection, move, [move_row(each, run, at) for each in moves])
    return added + add_new(connection, report, [report_row(each, run, at) for each in reports])


def moves(connection: sa.Connection, as_of: datetime) -> dict[str, tuple[Move, ...]]:
    """The rows kept by ``as_of``, by code, in the order in which they were kept; of each date of a code the last row has
    what the date was planned from.
    """
    found: dict[str, list[Move]] = defaultdict(list)
    columns = (move.c.id, move.c.code, move.c.body)
    for row in connection.execute(sa.select(*columns).where(move.c.kept <= as_of).order_by(move.c.id)):
        found[row.code].append(move_of(row.body))
    whole_rows = _anchored(connection, found, as_of)
    secret = _hidden(connection, as_of, whole_rows)
    return {code: tuple(_covered(each, secret) for each in rows) for code, rows in whole_rows.items()}


def _hidden(connection: sa.Connection, as_of: datetime, known: Mapping[str, Sequence[Move]]) -> frozenset[str]:
    """The evidence, by ref text, that may not be named any more: restricted, or not visible, since the row was kept."""
    refs = {proof.ref for rows in known.values() for each in rows for cause in each.causes for proof in cause.evidence}
    kept = sa.or_(fact.c.restricted, fact.c.gone.is_not(None))
    query = sa.select(fact.c.ref).where(standing(fact, as_of, "seen"), kept)
    pieces = chunks(sorted(refs - {""}))
    return frozenset(ref for piece in pieces for ref in connection.scalars(query.where(fact.c.ref.in_(piece))))


def _covered(row: Move, secret: Collection[str]) -> Move:
    """The row without the names of secret evidence; what it was planned from names the children that are still open."""
    if not any(proof.ref in secret for cause in row.causes for proof in cause.evidence):
        return row
    told = (
        replace(cause, evidence=tuple(each for each in cause.evidence if each.ref not in secret))
        for cause in row.causes
    )
    return replace(row, causes=tuple(told))


def every_move(connection: sa.Connection, as_of: datetime) -> Iterator[Move]:
    """The rows kept by ``as_of``, code by code, without what they were planned from; what is no move left out."""
    rows = (each for _, rows in sorted(moves(connection, as_of).items()) for each in rows if not each.opening)
    return (replace(each, planned=None) for each in rows)


def every_report(connection: sa.Connection, as_of: datetime) -> Iterator[Report]:
    """All reports kept by ``as_of``, code by code, oldest first."""
    return (each for _, rows in sorted(reports(connection, as_of, None).items()) for each in rows)


def reports(
    connection: sa.Connection, as_of: datetime, days: int | None = REPORT_DAYS
) -> dict[str, tuple[Report, ...]]:
    """The reports kept by ``as_of`` on the last ``days`` report days (None: all), and the last one of each code whenever that
    was: it tells what was reported last, and that what has ended has had its last report. By code, oldest first.
    """
    held = report.c.kept <= as_of
    recent = sa.select(report.c.day).distinct().where(held).order_by(report.c.day.desc()).limit(days)
    told = connection.scalars(recent).all()
    newest = sa.select(sa.func.max(report.c.id)).where(held).group_by(report.c.code)
    shown = sa.or_(report.c.day >= (told[-1] if told else ""), report.c.id.in_(newest))
    query = sa.select(report.c.code, report.c.body).where(held, shown)
    found: dict[str, list[Report]] = defaultdict(list)
    for row in connection.execute(query.order_by(report.c.code, report.c.day)):
        found[row.code].append(report_of(row.body))
    return {code: tuple(each) for code, each in found.items()}


def fates(
    connection: sa.Connection, as_of: datetime, known: Mapping[str, Sequence[Move]], here: Collection[str]
) -> dict[str, Outcome]:
    """How the children of the last expected dates stand, by ref text, those left out that are open ``here``."""
    planned = [each.planned for rows in known.values() for each in rows if each.planned]
    wanted = {ref for each in planned for ref, _, _ in each.children} - set(here)
    query = sa.select(fact.c.ref, fact.c.outcome).where(standing(fact, as_of, "seen"), fact.c.outcome != Outcome.OPEN)
    return {
        row.ref: Outcome(row.outcome)
        for piece in chunks(sorted(wanted))
        for row in connection.execute(query.where(fact.c.ref.in_(piece)))
    }


def _anchored(
    connection: sa.Connection, found: Mapping[str, list[Move]], as_of: datetime
) -> dict[str, tuple[Move, ...]]:
    last = (
        sa.select(sa.func.max(move.c.id)).where(move.c.kept <= as_of, move.c.planned.is_not(None)).group_by(move.c.code)
    )
    last_rows = {row.code: whole(row) for row in connection.execute(sa.select(move).where(move.c.id.in_(last)))}
    return {code: tuple(_with(each, last_rows.get(code)) for each in rows) for code, rows in found.items()}


def _with(bare: Move, last: Move | None) -> Move:
    """The whole row in the place of the bare one."""
    return last if last is not None and bare == replace(last, planned=None) else bare


def whole(row: Any) -> Move:
    """The move of a row, with what it was planned from."""
    bare = move_of(row.body)
    return replace(bare, planned=planned_of(row.planned)) if row.planned is not None else bare


def _told(value: Move) -> str:
    """What tells a row from every other of its date: one sync may see a date go, come back and go again."""
    parts = (value.seen, value.changed, value.old, value.new, value.decision)
    return " ".join("" if part is None else str(part) for part in parts)


def move_row(value: Move, run: int, at: datetime) -> dict[str, Any]:
    """A move as a row."""
    return {
        "code": value.code,
        "field": value.field,
        "kept": at,
        "told": _told(value),
        "body": packed(replace(value, planned=None)),
        "planned": packed(value.planned) if value.planned else None,
        "run": run,
    }


def report_row(value: Report, run: int, at: datetime) -> dict[str, Any]:
    """A report as a row."""
    return {"code": value.code, "day": value.day.isoformat(), "kept": at, "body": packed(value), "run": run}
