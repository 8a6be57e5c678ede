"""One happening, one alert: what two cameras see of the same person is told once.

An episode's id is enough where the sources share it. Cameras do not: each has tracks of its own. So an alert of the same
rule, about the same person, pet or kind of thing, seen by another camera within five minutes of the first, is taken for
the same happening. The same camera seeing it again is not: the engine ended that episode and began another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from proactive.notification import Notification
from rules.record import Record
from rules.units import MINUTE

SPAN = 5 * MINUTE
LONGEST = 24 * 60 * MINUTE  # for which the engine remembers an episode


def about(notification: Notification, proof: Sequence[Record]) -> Notification:
    """Return the notification with the happening that its last piece of evidence belongs to."""
    if not proof or notification.verdict != "fired":
        return notification
    last = proof[-1]
    episode, label = last.data.get("episode"), last.data.get("label")
    return replace(
        notification,
        episode=str(episode or ""),
        about=str(last.subject or label or "") if last.type == "detection" else "",
        source=last.source or "",
    )


def folded(notification: Notification, alerts: Iterable[Notification]) -> Notification:
    """Return the notification, dropped where one of the person's alerts of the rule is about the same happening."""
    first = next((each for each in alerts if _same(each, notification)), None)
    if first is None:
        return notification
    return replace(notification, state="dropped", reason=f"the same happening as {first.id}, which was told")


def _same(alert: Notification, notification: Notification) -> bool:
    if alert.occurrence == notification.occurrence or alert.state == "dropped":
        return False
    apart = abs(notification.time - alert.time)
    if notification.episode and alert.episode == notification.episode:
        return apart <= LONGEST
    elsewhere = bool(notification.about) and alert.about == notification.about and alert.source != notification.source
    return elsewhere and apart <= SPAN
