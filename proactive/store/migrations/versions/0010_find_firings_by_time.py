"""Find the firings of a home by their time."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the index that the timeline reads."""
    op.create_index("ix_firing_home_time", "firing", ["home", "time", "id"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_firing_home_time", "firing")
