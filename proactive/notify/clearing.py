"""Clearing: what one person has answered is taken away from the screens of everybody, silently and by its tag.

Each is a row like any other, written with the answer that it comes from, so that a kill loses none. Only channels that can
take a message away (`clears`) are used, and only those through which the person heard of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from proactive.notification import CLEAR, Notification, notification_id


def clearings(
    thread: Iterable[Notification], words: str, who: str | None, now: int, *, answered_on: str = ""
) -> list[Notification]:
    """Return what takes away what people were shown of one occurrence: one for each person who got something.

    `words` are for devices that let nothing be taken away in silence; `who` has seen to it. `answered_on` is the browser
    that shows it no more already.
    """
    shown = {each.person: each for each in thread if each.state == "sent"}
    return [_clearing(each, words, who, now, answered_on) for each in shown.values()]


def answered_on(clearing: Notification) -> str:
    """Return the browser that needs no clearing, or an empty text."""
    return clearing.of.partition(".")[0]


def _clearing(shown: Notification, words: str, who: str | None, now: int, browser: str) -> Notification:
    # The instant is a part of the name: what was snoozed is answered again later.
    occasion = f"{CLEAR}.{browser}.{now}"
    named = replace(shown, id=notification_id(shown.firing, shown.person, occasion), occasion=occasion, body=words)
    return replace(
        named, picture=None, caption="", camera="", urgency="low", state="waiting", attempts=0, reason="", sent_at=None,
        held=False, created_at=now, due_at=now, set_at=now, acknowledged_at=now, acknowledged_by=who,
    )  # fmt: skip
