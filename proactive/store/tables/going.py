"""The tables of what goes out of a home: notifications and deeds, the browsers that get them, and what people answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from proactive.store.tables.column import instant, of_home, secret


class NotificationRow(SQLModel, table=True):
    """What one person gets about one firing: the outbox. `id` is a hash of firing, person and occasion."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("firing", "person", "occasion"),
        CheckConstraint("state in ('waiting', 'sent', 'failed', 'snoozed', 'dropped')", name="state"),
        Index(None, "state", "due_at"),
        Index(None, "home", "time"),
        Index(None, "occurrence"),
    )

    id: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    firing: str = Field(foreign_key="firing.id", ondelete="CASCADE")
    rule: str
    person: str
    occasion: str
    urgency: str
    title: str
    body: str
    picture: str | None = None
    caption: str = ""
    time: int = instant()
    created_at: int = instant()
    due_at: int = instant()
    state: str = "waiting"
    attempts: int = 0
    reason: str = ""
    sent_at: int | None = instant(None)
    occurrence: str = ""
    verdict: str = "fired"
    set_at: int = instant(0)
    held: bool = False
    episode: str = ""
    about: str = ""
    source: str = ""
    acknowledged_at: int | None = instant(None)
    acknowledged_by: str | None = None
    camera: str = ""


class DeliveryRow(SQLModel, table=True):
    """One attempt at a notification, written before it is made; `ended_at` is null when nobody knows how it ended."""

    __tablename__ = "delivery"

    notification: str = Field(foreign_key="notification.id", ondelete="CASCADE", primary_key=True)
    attempt: int = Field(primary_key=True)
    started_at: int = instant()
    ended_at: int | None = instant(None)
    channels: str = ""
    error: str = ""


class DeedRow(SQLModel, table=True):
    """A command that a firing gives to a device, as `proactive.deed.Deed` says. `id` is a hash of firing and position."""

    __tablename__ = "deed"
    __table_args__ = (
        CheckConstraint(
            "state in ('asking', 'waiting', 'sending', 'done', 'failed', 'unsure', 'expired', 'refused')", name="state"
        ),
        Index(None, "state", "due_at"),
        Index(None, "code"),
    )

    id: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    firing: str = Field(foreign_key="firing.id", ondelete="CASCADE")
    rule: str
    position: int
    device: str
    command: str
    value: Any = Field(default=None, sa_type=JSON, nullable=True)
    sensitive: bool = False
    code: str | None = None
    time: int = instant()
    created_at: int = instant()
    due_at: int = instant()
    set_at: int = instant()
    state: str = "waiting"
    attempts: int = 0
    by: str | None = None
    answered_at: int | None = instant(None)
    ended_at: int | None = instant(None)
    result: str = ""


class SubscriptionRow(SQLModel, table=True):
    """A browser that a person lets push to (RFC 8030): where, with which keys (RFC 8291), and what it is called."""

    __tablename__ = "subscription"

    endpoint: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    person: str
    p256dh: str
    auth: str = secret()
    device: str = ""
    created_at: int = instant()
    session: str = ""
    lost_at: int | None = instant(None)


class UsedTicketRow(SQLModel, table=True):
    """A ticket of a push that was used, by its digest: it counts once. Kept until it would not be good any more anyway."""

    __tablename__ = "used_ticket"

    id: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    expires_at: int = instant()


class FalseAlarmRow(SQLModel, table=True):
    """What a person said was wrong about an occurrence; `reason` is empty while they have not said it."""

    __tablename__ = "false_alarm"

    home: str = of_home()
    occurrence: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    reason: str = ""
    at: int = instant()
