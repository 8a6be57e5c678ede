"""Actions: who is told and what is done, as the second half of a sentence, and the sentences after it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rules.checks.speech import CONFIRMED_TYPES
from rules.home import Camera, Device, Home
from rules.rule import Action, Notify, Occurs, Rule, condition_patterns, leaf_conditions
from rules.units import instant
from rules.words.conditions import rests
from rules.words.names import all_of, called, plain
from rules.words.times import at_moment, duration, joined

_URGENCY = {
    "low": " (low priority)",
    "normal": "",
    "high": " (high priority)",
    "critical": " (critical: even in quiet hours)",
}
_BLIND = {
    "tell": "I'll say so.",
    "ignore": "I'll say nothing.",
    "fire": "I'll say it all the same.",
}


def acting(rule: Rule, home: Home) -> str:
    """Return `I'll tell Greg (high priority) and turn on the porch light`."""
    told = [telling(rule.notify, rule.owner, home)] if rule.notify is not None or not rule.do else []
    return "I'll " + joined([*told, *(_doing(action, home) for action in rule.do)])


def telling(notify: Notify | None, owner: str | None, home: Home) -> str:
    """Return `tell Greg and Maya (high priority), with a picture`; without addressees it is the owner."""
    people = notify.to if notify is not None and notify.to else (owner,) if owner else ()
    if notify is None or not people:
        return "note it and tell nobody"
    picture = ", with a picture" if notify.snapshot else ""
    return f"tell {all_of(people, home)}{_URGENCY[notify.urgency]}{picture}"


def _doing(action: Action, home: Home) -> str:
    device = home.by_id.get(action.device)
    asked = isinstance(device, Device) and device.type in CONFIRMED_TYPES
    return f"{done_to(action, called(action.device, home))}{', once somebody confirms it' if asked else ''}"


def done_to(action: Action, device: str) -> str:
    """Return `turn on the lamp`, `set the volume of the TV to 20`, `turn the volume of the TV up`."""
    verb, _, what = action.command.partition("_")
    by, _, way = action.command.rpartition("_")
    value = "" if action.value is None else f" to {plain(action.value)}"
    if verb == "turn" and what in ("on", "off"):
        return f"turn {what} {device}{value}"
    if verb == "set" and what:
        return f"set the {plain(what)} of {device}{value}"
    if by and way in ("up", "down"):
        return f"turn the {plain(by)} of {device} {way}{value.replace(' to ', ' by ', 1)}"
    return f"{plain(action.command)} {device}{value}"


def afterwards(rule: Rule, home: Home) -> Iterator[str]:
    """Yield a sentence for each field that is set and not yet said."""
    yield from _following(rule.notify, home)
    yield from (
        f"At most once in {duration(leaf.cooldown)}."
        for leaf in leaf_conditions(rule.when)
        if isinstance(leaf, Occurs) and leaf.cooldown
    )
    if rests(rule.when):
        yield _blindness(rule, home)
    if rule.once:
        yield "Only once: then the rule is gone."
    if rule.expires is not None:
        yield f"It ends at {at_moment(instant(rule.expires), ZoneInfo(home.time_zone))}."
    if not rule.enabled:
        yield "This rule is paused."


def _following(notify: Notify | None, home: Home) -> Iterator[str]:
    if notify is None:
        return
    if notify.remind is not None:
        times = "once" if notify.remind.times == 1 else f"up to {notify.remind.times} times"
        yield f"I'll repeat it every {duration(notify.remind.every)}, {times}, until somebody reacts."
    if notify.escalate is not None:
        others = all_of(notify.escalate.to, home) or "nobody else"
        yield f"If nobody reacts within {duration(notify.escalate.after)}, I'll tell {others}."


def _blindness(rule: Rule, home: Home) -> str:
    sources = (source for pattern in condition_patterns(rule.when) for source in pattern.source or ())
    seen = any(isinstance(home.by_id.get(source), Camera) for source in sources)
    if rule.blind_tolerance is not None:
        limit = f"{'see' if seen else 'hear from a device'} for more than {duration(rule.blind_tolerance)}"
    else:
        limit = "see well enough" if seen else "tell because a device was offline"
    return f"If I could not {limit}, {_BLIND[rule.unknown]}"
