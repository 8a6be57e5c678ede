"""Notifications: what one person gets about one firing, and each attempt to hand it over. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.firing import digest
from rules.rule import Urgency

State = Literal["waiting", "sent", "failed", "snoozed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What `person` gets about a firing: written before anything is sent, so that no crash loses it.

    `occasion` is `told` for the first word about a firing; a reminder or an escalation has its own. `time` is when
    the firing decided, `due_at` when to send next; both are microseconds since the epoch. `reason` says why it waits,
    failed, or was not sent. `picture` is a path, not necessarily still there; `caption` says who took it, and when.
    """

    id: str
    home: str
    firing: str
    rule: str
    person: str
    occasion: str = "told"
    urgency: Urgency
    title: str
    body: str
    picture: str | None = None
    caption: str = ""
    time: int
    created_at: int
    due_at: int
    state: State = "waiting"
    attempts: int = 0
    reason: str = ""
    sent_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt at a notification; `ended_at` is None when the process ended before the attempt did."""

    notification: str
    attempt: int
    started_at: int
    ended_at: int | None = None
    channels: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that was begun; `repeat` when an earlier one has no end, so that the person may have had it."""

    notification: str
    number: int
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended: the notification's next state, when to try again, and what to remember."""

    state: State
    due_at: int
    reason: str = ""
    channels: tuple[str, ...] = ()
    error: str = ""


def notification_id(firing: str, person: str, occasion: str = "told") -> str:
    """Return the hash that names a notification, and that every copy of it carries as its tag."""
    return digest(firing, person, occasion)
