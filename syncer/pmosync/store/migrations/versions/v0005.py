"""How far units have come that take several runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the cursors a place for it."""
    op.add_column("cursor", sa.Column("part", sa.LargeBinary(), nullable=True))
