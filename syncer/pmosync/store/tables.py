"""The tables. Histories are append-only: a version is ended by its ``until``, never rewritten; whatever is dated by
``seen``, ``since``, ``frozen`` or ``kept`` can be asked for as of any past moment.

Instants are microseconds since 1970 (UTC), days ISO text, so that comparing and sorting mean the same on every database.
The migrations make them, on PostgreSQL too; its own words are left out here, since they alone would load its dialect at
every start (0.1 s).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970 UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds of an aware instant."""
        return None if value is None else (value - ORIGIN) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The instant, in UTC."""
        return None if value is None else ORIGIN + timedelta(microseconds=value)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Body = sa.LargeBinary


def _serial() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **options)


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant, nullable=nullable)


def _run() -> sa.Column[int]:
    """The run that wrote a row; 0 = restored from a journal."""
    return sa.Column("run", sa.Integer, nullable=False)


def _index_of(name: str, columns: tuple[str, ...], rows: str) -> sa.Index:
    """An index of some rows only: most of a large table never end, or are never hidden."""
    return sa.Index(name, *columns, sqlite_where=sa.text(rows))


def _ended(table: str) -> sa.Index:
    return _index_of(f"ix_{table}_until", ("until",), "until IS NOT NULL")


record = sa.Table(
    "record",
    metadata,
    _text("ref", primary_key=True),
    _text("connection"),
    _text("kind"),
    sa.Column("digest", Body, nullable=False),
    _instant("updated", nullable=True),
    sa.Column("restricted", sa.Boolean, nullable=False),
    _text("mapping"),
    sa.Column("body", Body, nullable=False),
    sa.Index("ix_record_connection", "connection", "kind"),
)

fact = sa.Table(
    "fact",
    metadata,
    _serial(),
    _text("ref"),
    _text("record"),
    _text("connection"),
    _text("entity"),
    _instant("seen"),
    _instant("until", nullable=True),
    _instant("gone", nullable=True),
    sa.Column("digest", Body, nullable=False),
    _instant("updated", nullable=True),
    sa.Column("body", Body, nullable=False),
    _text("key"),
    sa.Column("level", sa.Integer),
    sa.Column("outcome", sa.Text),
    sa.Column("category", sa.Text),
    sa.Column("due", sa.Text),
    _instant("resolved", nullable=True),
    _instant("moved", nullable=True),
    _text("container"),
    sa.Column("restricted", sa.Boolean, nullable=False),
    sa.Index(
        "uq_fact_in_force",
        "ref",
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
    ),
    sa.Index("ix_fact_ref", "ref"),
    sa.Index("ix_fact_record", "record"),
    sa.Index("ix_fact_entity", "entity", "until"),
    sa.Index("ix_fact_connection", "connection", "until"),
    sa.Index("ix_fact_outcome", "entity", "outcome", "until"),
    _ended("fact"),
    _index_of("ix_fact_gone", ("ref",), "gone IS NOT NULL"),
    _index_of("ix_fact_resolved", ("resolved",), "resolved IS NOT NULL"),
)

serves = sa.Table(
    "serves",
    metadata,
    _serial(),
    _text("item"),
    _text("milestone"),
    _instant("since"),
    _instant("until", nullable=True),
    _instant("joined"),
    sa.Index("ix_serves_item", "item"),
    sa.Index("ix_serves_milestone", "milestone"),
    _ended("serves"),
)

member = sa.Table(
    "member",
    metadata,
    _text("connection", primary_key=True),
    _text("unit", primary_key=True),
    _text("record", primary_key=True),
    _text("kind"),
    _run(),
)

missing = sa.Table(
    "missing",
    metadata,
    _text("record", primary_key=True),
    _text("connection"),
    _instant("first"),
    _instant("last"),
    sa.Column("times", sa.Integer, nullable=False),
)

change = sa.Table(
    "change",
    metadata,
    _serial(),
    _text("ref", unique=True),
    _text("of"),
    _text("field"),
    _instant("at"),
    _instant("seen"),
    sa.Column("body", Body, nullable=False),
    sa.Index("ix_change_of", "of"),
)

observation = sa.Table(
    "observation",
    metadata,
    _serial(),
    _text("of"),
    _text("field"),
    _text("old"),
    _text("new"),
    _instant("seen"),
    _instant("changed", nullable=True),
    _text("by"),
    sa.Column("first", sa.Boolean, nullable=False),
    _run(),
    sa.UniqueConstraint("of", "field", "seen", "old", "new"),
    sa.Index("ix_observation_run", "run"),
)

problem = sa.Table(
    "problem",
    metadata,
    _serial(),
    _text("ref"),
    _instant("since"),
    _instant("until", nullable=True),
    sa.Column("body", Body, nullable=False),
    sa.Index("ix_problem_ref", "ref"),
)

finding = sa.Table(
    "finding",
    metadata,
    _serial(),
    _text("finding"),
    _instant("since"),
    _instant("until", nullable=True),
    _run(),
    sa.UniqueConstraint("finding", "since"),
    sa.Index(
        "uq_finding_in_force",
        "finding",
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
    ),
)

milestone = sa.Table(
    "milestone",
    metadata,
    _serial(),
    _text("code"),
    _text("folded"),
    _text("project"),
    _text("name"),
    _instant("appeared"),
    sa.Column("minted", sa.Boolean, nullable=False),
    _instant("since"),
    _instant("until", nullable=True),
    _run(),
    sa.Index(
        "uq_milestone_in_force",
        "folded",
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
    ),
)

binding = sa.Table(
    "binding",
    metadata,
    _serial(),
    _text("code"),
    _text("ref"),
    _text("role"),
    sa.Column("leading", sa.Boolean, nullable=False),
    sa.Column("found", sa.Boolean, nullable=False),
    _instant("since"),
    _instant("until", nullable=True),
    _run(),
    sa.UniqueConstraint("code", "ref", "since", "role", "leading", "found"),
    sa.Index("ix_binding_ref", "ref"),
)

rebinding = sa.Table(
    "rebinding",
    metadata,
    _serial(),
    _text("old"),
    _text("new"),
    _instant("since"),
    _instant("until", nullable=True),
    _run(),
    sa.UniqueConstraint("old", "new", "since"),
    sa.Index(
        "uq_rebinding_in_force",
        "old",
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
    ),
    sa.Index("ix_rebinding_new", "new"),
)

counter = sa.Table(
    "counter", metadata, _text("project", primary_key=True), sa.Column("last", sa.Integer, nullable=False)
)

baseline = sa.Table(
    "baseline",
    metadata,
    _serial(),
    _text("code"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("day"),
    _instant("frozen"),
    _text("decision"),
    _text("reason"),
    sa.Column("correction", sa.Boolean, nullable=False),
    _run(),
    sa.UniqueConstraint("code", "version", "day", "correction", "decision"),
)

colour = sa.Table(
    "colour",
    metadata,
    _serial(),
    _text("code"),
    _text("day"),
    _instant("kept"),
    sa.Column("turned", sa.Boolean, nullable=False),
    sa.Column("body", Body, nullable=False),
    _run(),
    sa.Index("ix_colour_code", "code", "day"),
    sa.Index("ix_colour_day", "day"),
)

report = sa.Table(
    "report",
    metadata,
    _serial(),
    _text("code"),
    _text("day"),
    _instant("kept"),
    sa.Column("body", Body, nullable=False),
    _run(),
    sa.UniqueConstraint("code", "day"),
    sa.Index("ix_report_day", "day"),
)

move = sa.Table(
    "move",
    metadata,
    _serial(),
    _text("code"),
    _text("field"),
    _instant("kept"),
    _text("told"),
    sa.Column("body", Body, nullable=False),
    sa.Column("planned", Body),
    _run(),
    sa.UniqueConstraint("code", "field", "told"),
)

cut = sa.Table(
    "cut",
    metadata,
    _serial(),
    _instant("due"),
    _instant("kept"),
    sa.Column("body", Body, nullable=False),
    _run(),
    sa.UniqueConstraint("due"),
)

tally = sa.Table(
    "tally",
    metadata,
    _text("code", primary_key=True),
    _text("bound"),
    sa.Column("body", Body, nullable=False),
)

cursor = sa.Table(
    "cursor",
    metadata,
    _text("connection", primary_key=True),
    _text("unit", primary_key=True),
    _text("value"),
    _run(),
    sa.Column("part", Body),
)

run = sa.Table(
    "run",
    metadata,
    _serial(),
    sa.Column("epoch", sa.Integer, nullable=False, unique=True),
    _instant("started"),
    _instant("ended", nullable=True),
    _text("kind"),
    _text("outcome"),
    sa.Column("cells", sa.Integer, nullable=False),
    _text("words"),
)

unit_run = sa.Table(
    "unit_run",
    metadata,
    _serial(),
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), nullable=False, index=True),
    sa.Column("body", Body, nullable=False),
)

hold = sa.Table(
    "hold",
    metadata,
    _text("id", primary_key=True),
    _text("connection"),
    _text("unit"),
    _instant("since"),
    _instant("accepted", nullable=True),
    sa.Column("body", Body, nullable=False),
    _instant("told", nullable=True),
)

hold_past = sa.Table(
    "hold_past",
    metadata,
    _serial(),
    _instant("told"),
    _instant("until"),
    sa.Column("body", Body, nullable=False),
)

freshness = sa.Table(
    "freshness",
    metadata,
    _serial(),
    _text("connection"),
    _instant("at"),
    sa.Column("body", Body, nullable=False),
    sa.Index("ix_freshness_connection", "connection"),
)

version = sa.Table(
    "version",
    metadata,
    _serial(),
    _text("kind"),
    _text("digest"),
    _text("body"),
    _instant("since"),
    sa.Index("ix_version_kind", "kind"),
)

meta = sa.Table("meta", metadata, _text("key", primary_key=True), _text("value"))
