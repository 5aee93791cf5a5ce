"""Which things of a source go on as which others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of rebindings."""
    op.create_table(
        "rebinding",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebinding")),
        sa.UniqueConstraint("old", "new", "since", name=op.f("uq_rebinding_old_new_since")),
    )
    op.create_index(
        "uq_rebinding_in_force",
        "rebinding",
        ["old"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index("ix_rebinding_new", "rebinding", ["new"])
