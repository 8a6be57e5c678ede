"""Notifications: what one person gets about one firing, and each attempt to hand it over. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.firing import Verdict, digest
from rules.rule import Urgency

State = Literal["waiting", "sent", "failed", "snoozed", "dropped"]
TOLD, REMIND, ESCALATED, INSTEAD, PICTURE, ASK, RESULT, CLEAR = (
    "told",
    "remind",
    "escalated",
    "instead",
    "picture",
    "ask",
    "result",
    "clear",
)
"""Occasions on which a person hears of a firing; what comes after a dot says which reminder, person or deed.

`clear` takes away what is shown, on every device but the one behind the dot, where it was answered.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What `person` gets about a firing: written before anything is sent, so that no crash loses it.

    `occasion` is `told` for the first word about a firing; a reminder or an escalation has its own. `time` is when
    the firing decided, `due_at` when to send next, `set_at` when that was set (0: when it was created); all are
    microseconds since the epoch. `reason` says why it waits, failed, or was not sent: `snoozed` is what the person did not
    want to hear, `dropped` what was no longer worth telling. `held` is what waited for quiet hours to end. `picture` is a
    path, not necessarily still there; `camera` took it (empty: nobody knows which did), and `caption` says so, and when. `occurrence` is the firing's, or the deed that a
    question or result is about. `episode`, `about` and `source` say which
    happening it is, so that another camera's view of it is known as the same.
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
    occurrence: str = ""
    verdict: Verdict = "fired"
    set_at: int = 0
    held: bool = False
    episode: str = ""
    about: str = ""
    source: str = ""
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    camera: str = ""

    @property
    def kind(self) -> str:
        """Return the occasion without its number."""
        return self.occasion.partition(".")[0]

    @property
    def of(self) -> str:
        """Return what stands behind the dot of the occasion: a number, a person or a deed."""
        return self.occasion.partition(".")[2]

    @property
    def thread(self) -> str:
        """Return the tag of everything that this person hears of one occurrence, or of one deed: the last word stands."""
        return digest(self.occurrence or self.firing, self.person, "thread")


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
    """How an attempt ended: the notification's next state, when to try again, and what to remember.

    `held` when it waits for quiet hours to end.
    """

    state: State
    due_at: int
    reason: str = ""
    channels: tuple[str, ...] = ()
    error: str = ""
    held: bool = False


def notification_id(firing: str, person: str, occasion: str = "told") -> str:
    """Return the hash that names a notification: a repeat has the same one."""
    return digest(firing, person, occasion)
