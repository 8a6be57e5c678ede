"""Keep how people answer pushes: used tickets, false alarms, which camera took a picture, browsers that were lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables and columns; nobody knows which camera took the pictures that are kept already."""
    op.create_table(
        "used_ticket",
        *map(_text, ("id", "home")),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_ticket")),
        _of_home("used_ticket"),
    )
    op.create_table(
        "false_alarm",
        *map(_text, ("home", "occurrence", "person", "reason")),
        _instant("at"),
        sa.PrimaryKeyConstraint("home", "occurrence", "person", name=op.f("pk_false_alarm")),
        _of_home("false_alarm"),
    )
    op.add_column("notification", sa.Column("camera", sa.String(), nullable=False, server_default=""))
    op.add_column("subscription", sa.Column("session", sa.String(), nullable=False, server_default=""))
    op.add_column("subscription", sa.Column("lost_at", sa.BigInteger(), nullable=True))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _of_home(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f(f"fk_{table}_home"), ondelete="CASCADE")


def downgrade() -> None:
    """Drop them."""
    op.drop_column("subscription", "lost_at")
    op.drop_column("subscription", "session")
    op.drop_column("notification", "camera")
    op.drop_table("false_alarm")
    op.drop_table("used_ticket")
