"""Keep what firings do to devices, which browsers may be pushed to, and what a notification is about."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

STATES = "'waiting', 'sent', 'failed', 'snoozed'"
TEXTS = {"occurrence": "", "verdict": "fired", "episode": "", "about": "", "source": ""}
DEEDS = "'asking', 'waiting', 'sending', 'done', 'failed', 'unsure', 'expired', 'refused'"


def upgrade() -> None:
    """Add the tables, and to notifications what they are about and who acknowledged them."""
    _rebuild(f"{STATES}, 'dropped'", *_columns())
    op.execute("update notification set set_at = created_at")
    op.execute("update notification set occurrence = (select occurrence from firing where id = notification.firing)")
    op.execute("update notification set verdict = (select verdict from firing where id = notification.firing)")
    op.create_index(op.f("ix_notification_occurrence"), "notification", ["occurrence"])
    _create_deeds()
    _create_subscriptions()


def downgrade() -> None:
    """Drop what was added; what was dropped as not worth telling counts as snoozed."""
    op.drop_table("subscription")
    op.drop_table("deed")
    op.drop_index(op.f("ix_notification_occurrence"), "notification")
    op.execute("update notification set state = 'snoozed' where state = 'dropped'")
    _rebuild(STATES, drop=[column.name for column in _columns()])


def _rebuild(states: str, *columns: sa.Column[Any], drop: list[str] | None = None) -> None:
    """Change the table of notifications and the states that it takes.

    SQLite makes a new table for that and drops the old one, which would delete every delivery with it.
    """
    op.execute("create table delivery_kept as select * from delivery")
    with op.batch_alter_table("notification") as table:
        if op.get_bind().dialect.name == "postgresql":
            table.drop_constraint(op.f("ck_notification_state"), type_="check")
        for column in columns:
            table.add_column(column)
        for name in drop or ():
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_notification_state"), f"state in ({states})")
    op.execute("delete from delivery")
    op.execute("insert into delivery select * from delivery_kept")
    op.drop_table("delivery_kept")


def _columns() -> tuple[sa.Column[Any], ...]:
    texts = [sa.Column(name, sa.String(), nullable=False, server_default=value) for name, value in TEXTS.items()]
    return (
        *texts,
        sa.Column("set_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
    )


def _create_deeds() -> None:
    op.create_table(
        "deed",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "home", "firing", "rule")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("position", "attempts")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("device", "command", "state", "result")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("time", "created_at", "due_at", "set_at")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("answered_at", "ended_at")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("code", "by")),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"state in ({DEEDS})", name=op.f("ck_deed_state")),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_deed_home"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["firing"], ["firing.id"], name=op.f("fk_deed_firing"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index(op.f("ix_deed_state_due_at"), "deed", ["state", "due_at"])
    op.create_index(op.f("ix_deed_code"), "deed", ["code"])


def _create_subscriptions() -> None:
    op.create_table(
        "subscription",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("endpoint", "home", "person", "p256dh", "auth")),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_subscription_home"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_subscription")),
    )
