"""An index that finds what was delivered lately among a million items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the facts by the day on which they were resolved."""
    rows = sa.text("resolved IS NOT NULL")
    op.create_index("ix_fact_resolved", "fact", ["resolved"], sqlite_where=rows, postgresql_where=rows)
