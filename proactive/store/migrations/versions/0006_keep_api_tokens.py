"""Keep API tokens: what programs show to be let in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table of tokens; one that is for a home goes with it."""
    op.create_table(
        "token",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "name", "digest")),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("home", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("name", name=op.f("uq_token_name")),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_token_home"), ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop the table of tokens."""
    op.drop_table("token")
