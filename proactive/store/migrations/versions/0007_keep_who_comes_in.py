"""Keep who comes in: accounts, sessions, invitations, failures, what is shown to whom, and who changed what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables; all but failures to sign in go with their home."""
    _accounts()
    _invitations()
    op.create_table(
        "sign_in_failure",
        _text("id"),
        sa.Column("count", sa.Integer(), nullable=False),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "share",
        *map(_text, ("home", "person", "about")),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("home", "person", "about", name=op.f("pk_share")),
        _of_home("share"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("home"),
        _instant("at"),
        sa.Column("who", sa.String(), nullable=True),
        *map(_text, ("did", "about", "words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        _of_home("change"),
    )
    op.create_index(op.f("ix_change_home_at"), "change", ["home", "at"])


def _accounts() -> None:
    op.create_table(
        "account",
        *map(_text, ("id", "name", "home", "person", "password")),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("home", "person", name=op.f("uq_account_home_person")),
        _of_home("account"),
    )
    op.create_table(
        "session",
        *map(_text, ("id", "account", "device")),
        *map(_instant, ("created_at", "seen_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_session_account"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_session_account"), "session", ["account"])


def _invitations() -> None:
    op.create_table(
        "invitation",
        *map(_text, ("id", "home", "person", "name", "role", "by")),
        *map(_instant, ("created_at", "expires_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        _of_home("invitation"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _of_home(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f(f"fk_{table}_home"), ondelete="CASCADE")


def downgrade() -> None:
    """Drop the tables."""
    for table in ("change", "share", "sign_in_failure", "invitation", "session", "account"):
        op.drop_table(table)
