"""The tables of the personal-context store: who and what a home has, its rules, and what came of them.

Everything belongs to a home and goes with it: each table names its home and is deleted with it; only what language models
used, API tokens for every home, and counts are of the installation. Instants are whole
microseconds since 1970-01-01T00:00Z (`rules.units`), exact and ordered in every database. Lists without a life of
their own (aliases, photos, a zone's polygon) are JSON. `position` keeps the order of the home file, since the
first match of a name wins there too; `extra` keeps the keys that mean nothing here, so that an export loses nothing.

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from proactive.store.sealed import Sealed

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = dict[str, Any]


def _home(*, primary_key: bool = True) -> Any:
    return Field(foreign_key="home.id", ondelete="CASCADE", primary_key=primary_key)


def _json(empty: type[list[Any] | dict[str, Any]] = list) -> Any:
    return Field(default_factory=empty, sa_type=JSON)


def _instant(default: Any = ...) -> Any:
    return Field(default=default, sa_type=BigInteger)


def _secret(default: Any = ...) -> Any:
    return Field(default=default, sa_type=Sealed)


# --- the home ---------------------------------------------------------------------------------------------------


class HomeRow(SQLModel, table=True):
    """A household."""

    __tablename__ = "home"

    id: str = Field(primary_key=True)
    name: str
    time_zone: str
    latitude: float | None = None
    longitude: float | None = None
    language: str
    quiet_hours: str | None = None
    lateness: str
    default_speaker: str | None = None
    allow: list[str] = _json()
    extra: Json = _json(dict)


class EntryRow(SQLModel):
    """What every entry of a home has."""

    home: str = _home()
    id: str = Field(primary_key=True)
    position: int
    name: str
    aliases: list[str] = _json()
    extra: Json = _json(dict)


class PersonRow(EntryRow, table=True):
    """Somebody who lives or works in the home."""

    __tablename__ = "person"

    role: str
    channels: list[str] = _json()
    photos: list[str] = _json()


class PetRow(EntryRow, table=True):
    """An animal of the home."""

    __tablename__ = "pet"

    species: str
    looks: str
    photos: list[str] = _json()


class CameraRow(EntryRow, table=True):
    """A camera; its zones are rows of their own."""

    __tablename__ = "camera"

    url: str | None = _secret(None)
    sees: str


class ZoneRow(SQLModel, table=True):
    """A named part of a camera's picture."""

    __tablename__ = "zone"
    __table_args__ = (ForeignKeyConstraint(["home", "camera"], ["camera.home", "camera.id"], ondelete="CASCADE"),)

    home: str = Field(primary_key=True)
    camera: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    position: int
    polygon: list[list[float]] = _json()


class DeviceRow(EntryRow, table=True):
    """A device, the values of its attributes and the names of its events."""

    __tablename__ = "device"

    type: str
    attributes: Json = _json(dict)
    unit: str | None = None
    events: list[str] = _json()


class CalendarRow(EntryRow, table=True):
    """A calendar whose entries become states."""

    __tablename__ = "calendar"

    url: str | None = _secret(None)


class GroupRow(SQLModel, table=True):
    """A name for several entries of the home."""

    __tablename__ = "entry_group"

    home: str = _home()
    name: str = Field(primary_key=True)
    position: int
    members: list[str] = _json()


# --- what people told -------------------------------------------------------------------------------------------


class FactRow(SQLModel, table=True):
    """Something a person told: `about` an entry, under a `name` such as `bedtime`; the latest telling stands."""

    __tablename__ = "fact"

    home: str = _home()
    about: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    kind: str
    value: str
    said: str
    who: str | None = None
    at: int = _instant()
    until: int | None = _instant(None)


class ConversationRow(SQLModel, table=True):
    """The last turns with a person (empty: nobody in particular), and when the last of them was."""

    __tablename__ = "conversation"

    home: str = _home()
    person: str = Field(default="", primary_key=True)
    at: int = _instant()
    turns: list[Any] = _json()


class PreferenceRow(SQLModel, table=True):
    """What a person (or, with an empty `person`, the home) prefers: quiet hours, the address of a channel."""

    __tablename__ = "preference"

    home: str = _home()
    person: str = Field(default="", primary_key=True)
    name: str = Field(primary_key=True)
    value: str = _secret()


class SnoozeRow(SQLModel, table=True):
    """A rule that is not to be heard of until an instant, by one person or, with an empty `person`, by all."""

    __tablename__ = "snooze"

    home: str = _home()
    rule: str = Field(primary_key=True)
    person: str = Field(default="", primary_key=True)
    until: int = _instant()


class LookRow(SQLModel, table=True):
    """What a photo taught of how `about` looks: numbers; `photo` is a digest of the file, which is not kept."""

    __tablename__ = "look"

    home: str = _home()
    about: str = Field(primary_key=True)
    photo: str = Field(primary_key=True)
    name: str
    at: int = _instant()
    body: Json = _json(dict)


# --- rules and what came of them --------------------------------------------------------------------------------


class RuleRow(SQLModel, table=True):
    """A rule of a home: which version stands, and whether it was dropped."""

    __tablename__ = "rule"

    home: str = _home()
    id: str = Field(primary_key=True)
    version: int
    dropped_at: int | None = _instant(None)
    dropped_by: str | None = None


class RuleVersionRow(SQLModel, table=True):
    """One version of a rule: its JSON, who made it, when, and in which words."""

    __tablename__ = "rule_version"
    __table_args__ = (ForeignKeyConstraint(["home", "rule"], ["rule.home", "rule.id"], ondelete="CASCADE"),)

    home: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    who: str | None = None
    at: int = _instant()
    said: str | None = None
    body: Json = _json(dict)


class FiringRow(SQLModel, table=True):
    """A firing, with the version of the rule that stood when it was recorded."""

    __tablename__ = "firing"
    __table_args__ = (
        Index(None, "home", "rule", "time"),
        Index("ix_firing_home_time", "home", "time", "id"),
        Index(None, "occurrence"),
    )

    id: str = Field(primary_key=True)
    home: str = _home(primary_key=False)
    rule: str
    version: int | None = None
    occurrence: str
    verdict: str
    time: int = _instant()
    recorded_at: int = _instant()
    body: Json = _json(dict)


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
    home: str = _home(primary_key=False)
    firing: str = Field(foreign_key="firing.id", ondelete="CASCADE")
    rule: str
    person: str
    occasion: str
    urgency: str
    title: str
    body: str
    picture: str | None = None
    caption: str = ""
    time: int = _instant()
    created_at: int = _instant()
    due_at: int = _instant()
    state: str = "waiting"
    attempts: int = 0
    reason: str = ""
    sent_at: int | None = _instant(None)
    occurrence: str = ""
    verdict: str = "fired"
    set_at: int = _instant(0)
    held: bool = False
    episode: str = ""
    about: str = ""
    source: str = ""
    acknowledged_at: int | None = _instant(None)
    acknowledged_by: str | None = None
    camera: str = ""


class DeliveryRow(SQLModel, table=True):
    """One attempt at a notification, written before it is made; `ended_at` is null when nobody knows how it ended."""

    __tablename__ = "delivery"

    notification: str = Field(foreign_key="notification.id", ondelete="CASCADE", primary_key=True)
    attempt: int = Field(primary_key=True)
    started_at: int = _instant()
    ended_at: int | None = _instant(None)
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
    home: str = _home(primary_key=False)
    firing: str = Field(foreign_key="firing.id", ondelete="CASCADE")
    rule: str
    position: int
    device: str
    command: str
    value: Any = Field(default=None, sa_type=JSON, nullable=True)
    sensitive: bool = False
    code: str | None = None
    time: int = _instant()
    created_at: int = _instant()
    due_at: int = _instant()
    set_at: int = _instant()
    state: str = "waiting"
    attempts: int = 0
    by: str | None = None
    answered_at: int | None = _instant(None)
    ended_at: int | None = _instant(None)
    result: str = ""


class SubscriptionRow(SQLModel, table=True):
    """A browser that a person lets push to (RFC 8030): where, with which keys (RFC 8291), and what it is called."""

    __tablename__ = "subscription"

    endpoint: str = Field(primary_key=True)
    home: str = _home(primary_key=False)
    person: str
    p256dh: str
    auth: str = _secret()
    device: str = ""
    created_at: int = _instant()
    session: str = ""
    lost_at: int | None = _instant(None)


class UsedTicketRow(SQLModel, table=True):
    """A ticket of a push that was used, by its digest: it counts once. Kept until it would not be good any more anyway."""

    __tablename__ = "used_ticket"

    id: str = Field(primary_key=True)
    home: str = _home(primary_key=False)
    expires_at: int = _instant()


class FalseAlarmRow(SQLModel, table=True):
    """What a person said was wrong about an occurrence; `reason` is empty while they have not said it."""

    __tablename__ = "false_alarm"

    home: str = _home()
    occurrence: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    reason: str = ""
    at: int = _instant()


# --- who comes in -----------------------------------------------------------------------------------------------


class AccountRow(SQLModel, table=True):
    """Somebody who signs in, as `proactive.account.Account` says."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("home", "person"))

    id: str = Field(primary_key=True)
    name: str
    home: str = _home(primary_key=False)
    person: str
    password: str
    created_at: int = _instant()


class SessionRow(SQLModel, table=True):
    """A browser in which an account is signed in; `id` is a digest of its token."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    device: str = ""
    created_at: int = _instant()
    seen_at: int = _instant()


class InvitationRow(SQLModel, table=True):
    """A link by which one person comes in, once; `id` is a digest of its token."""

    __tablename__ = "invitation"

    id: str = Field(primary_key=True)
    home: str = _home(primary_key=False)
    person: str
    name: str
    role: str
    by: str
    created_at: int = _instant()
    expires_at: int = _instant()


class FailureRow(SQLModel, table=True):
    """How often somebody failed to sign in lately, by a digest of the name, the address, or both."""

    __tablename__ = "sign_in_failure"

    id: str = Field(primary_key=True)
    count: int
    at: int = _instant()


class ShareRow(SQLModel, table=True):
    """A camera or rule (`about`) that an owner showed to a person, or hid from them."""

    __tablename__ = "share"

    home: str = _home()
    person: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    shown: bool


class ChangeRow(SQLModel, table=True):
    """Who changed what, as `proactive.account.Change` says; rows are added and never altered."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "home", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    home: str = _home(primary_key=False)
    at: int = _instant()
    who: str | None = None
    did: str
    about: str = ""
    words: str = ""


# --- the installation -------------------------------------------------------------------------------------------


class UsageRow(SQLModel, table=True):
    """What a language model used on a day (UTC) in a role: sums, as `proactive.usage.Spent` says."""

    __tablename__ = "usage"

    day: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    calls: int = _instant()
    failures: int = _instant()
    tokens_in: int = _instant()
    cached: int = _instant()
    tokens_out: int = _instant()
    unpriced: int = _instant()
    took_ms: float
    cost: float


class TallyRow(SQLModel, table=True):
    """How often something was changed since the store was made, by whichever process."""

    __tablename__ = "tally"

    name: str = Field(primary_key=True)
    count: int = _instant()


class TokenRow(SQLModel, table=True):
    """An API token, for one home or (null) for every one; `digest` is a hash of its secret, which is not kept."""

    __tablename__ = "token"
    __table_args__ = (UniqueConstraint("name"),)

    id: str = Field(primary_key=True)
    name: str
    digest: str
    scopes: list[str] = _json()
    created_at: int = _instant()
    home: str | None = Field(default=None, foreign_key="home.id", ondelete="CASCADE")
