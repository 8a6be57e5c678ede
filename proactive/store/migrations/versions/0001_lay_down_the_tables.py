"""Lay down the tables of homes, of what people told, of rules and of what came of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Column = sa.Column[Any]


def _text(name: str, *, null: bool = False) -> Column:
    return sa.Column(name, sa.String(), nullable=null)


def _json(name: str) -> Column:
    return sa.Column(name, sa.JSON(), nullable=False)


def _instant(name: str, *, null: bool = False) -> Column:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _number(name: str, *, null: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def _create(table: str, *columns: Column | sa.Constraint, key: tuple[str, ...]) -> None:
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")))


def _belongs(table: str, columns: tuple[str, ...] = ("home",), to: tuple[str, ...] = ("home.id",)) -> sa.Constraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}")
    return sa.ForeignKeyConstraint(columns, to, name=name, ondelete="CASCADE")


def _create_entry(table: str, *columns: Column) -> None:
    own = (_text("home"), _text("id"), _number("position"), _text("name"), _json("aliases"), _json("extra"))
    _create(table, *own, *columns, _belongs(table), key=("home", "id"))


def upgrade() -> None:
    """Create every table of the first schema."""
    _create(
        "home",
        *(_text("id"), _text("name"), _text("time_zone")),
        *(sa.Column("latitude", sa.Float()), sa.Column("longitude", sa.Float())),
        *(_text("language"), _text("quiet_hours", null=True), _text("lateness")),
        *(_text("default_speaker", null=True), _json("allow"), _json("extra")),
        key=("id",),
    )
    _create_listing()
    _create_told()
    _create_rules()
    _create_outbox()


def _create_listing() -> None:
    _create_entry("person", _text("role"), _json("channels"), _json("photos"))
    _create_entry("pet", _text("species"), _text("looks"), _json("photos"))
    _create_entry("camera", _text("url", null=True), _text("sees"))
    _create(
        "zone",
        *(_text("home"), _text("camera"), _text("name"), _number("position"), _json("polygon")),
        _belongs("zone", ("home", "camera"), ("camera.home", "camera.id")),
        key=("home", "camera", "name"),
    )
    _create_entry("device", _text("type"), _json("attributes"), _text("unit", null=True), _json("events"))
    _create_entry("calendar", _text("url", null=True))
    _create(
        "entry_group",
        *(_text("home"), _text("name"), _number("position"), _json("members")),
        _belongs("entry_group"),
        key=("home", "name"),
    )


def _create_told() -> None:
    _create(
        "fact",
        *(_text("home"), _text("about"), _text("name"), _text("value"), _text("said")),
        *(_text("who", null=True), _instant("at"), _belongs("fact")),
        key=("home", "about", "name"),
    )
    _create(
        "preference",
        *(_text("home"), _text("person"), _text("name"), _text("value"), _belongs("preference")),
        key=("home", "person", "name"),
    )
    _create(
        "snooze",
        *(_text("home"), _text("rule"), _text("person"), _instant("until"), _belongs("snooze")),
        key=("home", "rule", "person"),
    )


def _create_rules() -> None:
    _create(
        "rule",
        *(_text("home"), _text("id"), _number("version")),
        *(_instant("dropped_at", null=True), _text("dropped_by", null=True), _belongs("rule")),
        key=("home", "id"),
    )
    _create(
        "rule_version",
        *(_text("home"), _text("rule"), _number("version"), _text("who", null=True), _instant("at")),
        *(_text("said", null=True), _json("body")),
        _belongs("rule_version", ("home", "rule"), ("rule.home", "rule.id")),
        key=("home", "rule", "version"),
    )


def _create_outbox() -> None:
    _create(
        "firing",
        *(_text("id"), _text("home"), _text("rule"), _number("version", null=True), _text("occurrence")),
        *(_text("verdict"), _instant("time"), _instant("recorded_at"), _json("body"), _belongs("firing")),
        key=("id",),
    )
    op.create_index(op.f("ix_firing_home_rule_time"), "firing", ["home", "rule", "time"])
    op.create_index(op.f("ix_firing_occurrence"), "firing", ["occurrence"])
    _create(
        "notification",
        *(_text("id"), _text("home"), _text("firing"), _text("rule"), _text("person"), _text("occasion")),
        *(_text("urgency"), _text("title"), _text("body"), _text("picture", null=True), _text("caption")),
        *(_instant("time"), _instant("created_at"), _instant("due_at")),
        *(_text("state"), _number("attempts"), _text("reason"), _instant("sent_at", null=True)),
        *(_belongs("notification"), _belongs("notification", ("firing",), ("firing.id",))),
        sa.UniqueConstraint("firing", "person", "occasion", name=op.f("uq_notification_firing_person_occasion")),
        sa.CheckConstraint("state in ('waiting', 'sent', 'failed', 'snoozed')", name=op.f("ck_notification_state")),
        key=("id",),
    )
    op.create_index(op.f("ix_notification_state_due_at"), "notification", ["state", "due_at"])
    op.create_index(op.f("ix_notification_home_time"), "notification", ["home", "time"])
    _create(
        "delivery",
        *(_text("notification"), _number("attempt"), _instant("started_at"), _instant("ended_at", null=True)),
        *(_text("channels"), _text("error"), _belongs("delivery", ("notification",), ("notification.id",))),
        key=("notification", "attempt"),
    )


def downgrade() -> None:
    """Drop every table."""
    listing = ("person", "pet", "zone", "camera", "device", "calendar", "entry_group")
    for table in (
        "delivery",
        "notification",
        "firing",
        "rule_version",
        "rule",
        "snooze",
        "preference",
        "fact",
        *listing,
    ):
        op.drop_table(table)
    op.drop_table("home")
