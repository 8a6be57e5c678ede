"""Count how often what homes list was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table of counts, which are of the installation."""
    op.create_table(
        "tally",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tally")),
    )


def downgrade() -> None:
    """Drop the table of counts."""
    op.drop_table("tally")
