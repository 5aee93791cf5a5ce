"""The committee cuts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0008"
down_revision = "v0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of cuts."""
    op.create_table(
        "cut",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cut")),
        sa.UniqueConstraint("due", name=op.f("uq_cut_due")),
    )
