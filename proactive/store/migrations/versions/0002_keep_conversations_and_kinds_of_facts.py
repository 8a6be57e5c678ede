"""Keep the last turns of conversations, and of what was told its kind and when it ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the conversations, and to facts their kind and end; what was told before is a time of day."""
    op.add_column("fact", sa.Column("kind", sa.String(), nullable=False, server_default="time"))
    op.add_column("fact", sa.Column("until", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("fact") as facts:
        facts.alter_column("kind", server_default=None)
    op.create_table(
        "conversation",
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_conversation_home"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("home", "person", name=op.f("pk_conversation")),
    )


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("conversation")
    with op.batch_alter_table("fact") as facts:
        facts.drop_column("until")
        facts.drop_column("kind")
