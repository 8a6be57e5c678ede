"""The digest: what quiet hours held back for a person is one message when they end, not a volley."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.notification import Notification
from rules.calendar import zone_of
from rules.firing import digest
from rules.home import Home
from rules.rule import Urgency
from rules.units import moment
from rules.words.times import clock_of

SHOWN = 20
_RANK: tuple[Urgency, ...] = ("low", "normal", "high", "critical")


def bundled(due: Sequence[Notification]) -> list[list[Notification]]:
    """Return what is to be sent together, in the order in which it came: what was held for a person, else one by one."""
    bundles: dict[tuple[str, ...], list[Notification]] = {}
    for each in due:
        key = (each.home, each.person) if each.held else (each.home, each.person, each.id)
        bundles.setdefault(key, []).append(each)
    return list(bundles.values())


def digest_tag(bundle: Sequence[Notification]) -> str:
    """Return the tag of a digest: of its first notification, so that a repeat has the same one."""
    return digest(bundle[0].id, "digest")


def digest_body(bundle: Sequence[Notification], home: Home) -> str:
    """Return what was held back, a line each with the time at which it was decided, the oldest first."""
    ordered = sorted(bundle, key=lambda each: (each.time, each.id))
    zone = zone_of(home)
    lines = [f"{clock_of(moment(each.time).astimezone(zone))}: {each.body}" for each in ordered[:SHOWN]]
    more = [f"And {len(ordered) - SHOWN} more."] if len(ordered) > SHOWN else []
    return "\n".join([f"While it was quiet, {len(ordered)} things came up.", *lines, *more])


def most_urgent(bundle: Sequence[Notification]) -> Urgency:
    """Return the highest urgency of a bundle."""
    return max((each.urgency for each in bundle), key=_RANK.index)
