"""Progress as it was last counted, and the indexes that find what is open, ended or hidden among a million rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tallies; index the facts by how they stand."""
    op.create_table(
        "tally",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("bound", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tally")),
    )
    op.create_index("ix_fact_outcome", "fact", ["entity", "outcome", "until"])
    _some("ix_fact_until", "fact", "until", "until IS NOT NULL")
    _some("ix_fact_gone", "fact", "ref", "gone IS NOT NULL")
    _some("ix_serves_until", "serves", "until", "until IS NOT NULL")


def _some(name: str, table: str, column: str, rows: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
