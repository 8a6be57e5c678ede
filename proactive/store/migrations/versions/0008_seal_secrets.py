"""Seal secrets: the addresses of cameras, calendars and channels, and the keys of browsers."""

from __future__ import annotations

from alembic import op

from proactive.store.sealed import change_all

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Seal what was plain."""
    change_all(op.get_bind(), sealed=True)


def downgrade() -> None:
    """Open what was sealed."""
    change_all(op.get_bind(), sealed=False)
