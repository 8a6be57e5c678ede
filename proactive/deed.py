"""Deeds: what a firing does to a device. Written once before anything is sent, sent once, and its result kept.

A message that comes twice is a nuisance; a garage door that is told twice is open again. So where a process ends while a
command is under way, the command is not repeated: its result is `unsure`, and somebody is told to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.firing import digest
from rules.rule import Scalar

DeedState = Literal["asking", "waiting", "sending", "done", "failed", "unsure", "expired", "refused"]
OPEN: tuple[DeedState, ...] = ("asking", "waiting", "sending")
"""The states in which something is still to happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A command that a firing gives to a device. Instants are microseconds since the epoch.

    `asking` waits until `due_at` for the yes that `code` gives; `waiting` is to be sent at `due_at`; `sending` was begun,
    and nobody else takes it before `due_at`. `sensitive` deeds are those that only an owner may say yes to. `by` is who
    answered, and `result` says why it was not done. `set_at` is when `due_at` was set.
    """

    id: str
    home: str
    firing: str
    rule: str
    position: int
    device: str
    command: str
    value: Scalar = None
    sensitive: bool = False
    code: str | None = None
    time: int
    created_at: int
    due_at: int
    set_at: int
    state: DeedState = "waiting"
    attempts: int = 0
    by: str | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    result: str = ""


def deed_id(firing: str, position: int) -> str:
    """Return the hash that names the deed at a position of a rule's `do`, for one firing."""
    return digest(firing, "do", str(position))
