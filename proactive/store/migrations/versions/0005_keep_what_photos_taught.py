"""Keep what photos taught of how animals look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table of looks, which go with their home."""
    op.create_table(
        "look",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("home", "about", "photo", "name")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("home", "about", "photo", name=op.f("pk_look")),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_look_home"), ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop the table of looks."""
    op.drop_table("look")
