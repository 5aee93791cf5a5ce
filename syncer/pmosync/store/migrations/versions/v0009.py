"""Holds that are over, and since when one is told as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0009"
down_revision = "v0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of past holds, and the column."""
    op.add_column("hold", sa.Column("told", sa.BigInteger(), nullable=True))
    op.create_table(
        "hold_past",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_past")),
    )
