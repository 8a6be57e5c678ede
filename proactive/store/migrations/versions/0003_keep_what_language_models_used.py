"""Keep what language models used: sums by day, model and role."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COUNTS = ("calls", "failures", "tokens_in", "cached", "tokens_out", "unpriced")


def upgrade() -> None:
    """Add the table of sums."""
    op.create_table(
        "usage",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("day", "model", "role")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("took_ms", "cost")),
        sa.PrimaryKeyConstraint("day", "model", "role", name=op.f("pk_usage")),
    )


def downgrade() -> None:
    """Drop the table of sums."""
    op.drop_table("usage")
