"""Phrases: the message of a notification, its urgency, and the rule's id, rendered from what was understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.condition import Made
from proactive.language.local.detour import label_of
from proactive.language.local.predicate import (
    ACTIVITY,
    MOVES,
    Fed,
    Happening,
    Predicate,
    Presence,
    Sight,
    Sky,
    SkyEvent,
    State,
)
from proactive.language.local.statement import Statement
from proactive.language.local.verb import happened, holding, missed, names
from rules.home import Home
from rules.units import microseconds

_URGENT_TYPES = frozenset({"leak", "smoke", "glucose", "alarm", "carbon_monoxide"})
_SLUG_WORDS = 6


def message(made: Made, home: Home) -> str:
    """Return what the person is told, as a plain sentence without its full stop."""
    text = _sentence(made, home)
    text = text[:1].upper() + text[1:]
    return text.replace("{", "{{").replace("}", "}}")


def _sentence(made: Made, home: Home) -> str:
    main, predicate = made.about, made.about.predicate
    if made.when["op"] == "sequence" and made.second is not None:
        joint = ", and" if made.second.negated else " and then"
        then = happened(made.second.predicate, made.second.negated, home)
        text = f"{happened(predicate, False, home)}{joint} {then} within {spoken(made.within or '0s')}"
    elif made.second is not None:
        text = f"{_bare(main, home)} or {_bare(made.second, home)}"
    elif made.when["op"] == "count":
        times = {1: "once", 2: "twice"}.get(main.count or 0, f"{main.count} times")
        text = f"{happened(predicate, False, home)} {times} within {spoken(made.within or '0s')}"
    elif made.when["op"] == "absent" and predicate is not None:
        text = f"{missed(predicate, home, none='per' not in made.when)}{_how_long(made)}"
    elif "after" in made.when:
        text = f"{happened(predicate, False, home)} {spoken(made.lasting or '0s')} ago"
    elif made.lasting:
        text = f"{holding(predicate, main.negated, home, lasting=True, none=main.none_of)}{_how_long(made)}"
    else:
        text = f"{_bare(main, home)}{_moment(made)}"
    return "".join((text, *(f" and {_guard(one, home)}" for one in made.also if one.predicate is not None)))


def _how_long(made: Made) -> str:
    return f" for {spoken(made.lasting)}" if made.lasting else f" by {clock(made.deadline)}" if made.deadline else ""


def _moment(made: Made) -> str:
    """Return the moment of a check: ` at 10 pm`, ` 30 minutes before sunset`."""
    if made.when["op"] != "at":
        return ""
    if "time" in made.when:
        return f" at {clock(made.when['time'])}"
    if "sun" not in made.when or isinstance(made.about.predicate, Sky | SkyEvent):
        return ""
    offset = made.when.get("offset", "")
    if not offset:
        return f" at {made.when['sun']}"
    return f" {spoken(offset.lstrip('-'))} {'before' if offset.startswith('-') else 'after'} {made.when['sun']}"


def _bare(statement: Statement, home: Home) -> str:
    """Return a statement as it is, or as it happened where it is a change."""
    predicate = statement.predicate
    changed = isinstance(predicate, State | Presence) and not predicate.static and not statement.negated
    moved = isinstance(predicate, Sight) and predicate.motion in ("enter", "leave")
    if changed or moved:
        return happened(predicate, statement.negated, home)
    return holding(predicate, statement.negated, home, none=statement.none_of)


def _guard(statement: Statement, home: Home) -> str:
    """Return a statement that is a guard: how things are, or what was seen or not since then."""
    negated = statement.negated != (statement.link == "unless")
    predicate = statement.predicate
    if statement.seen is None or predicate is None:
        return holding(predicate, negated, home, none=statement.none_of or statement.link == "unless")
    since, within = statement.seen.get("since"), statement.seen.get("within")
    back = f"since {clock(since)}" if since else f"in the last {spoken(within or '0s').removeprefix('1 ')}"
    if negated:
        return f"{missed(predicate, home, none=True)} {back}"
    if isinstance(predicate, Fed):
        return f"{names(predicate.pets, home)} {'has' if len(predicate.pets) == 1 else 'have'} eaten {back}"
    return f"{happened(predicate, False, home)} {back}"


def clock(time: str) -> str:
    """Return a time of day in words: noon, midnight, 7:30 pm."""
    if time in ("12:00", "00:00", "24:00"):
        return "noon" if time == "12:00" else "midnight"
    hour = int(time[:2])
    return f"{hour % 12 or 12}{'' if time[3:5] == '00' else time[2:5]} {'am' if hour < 12 else 'pm'}"


def spoken(duration: str) -> str:
    """Return a duration in words: 10 minutes, 1 hour 30 minutes."""
    seconds = microseconds(duration) // 1_000_000
    parts = []
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts)


def urgency(predicate: Predicate | None, op: str, home: Home) -> str:
    """Return how urgent it is: water, smoke, alarms and missed meals are high, all else is normal."""
    devices = [part.device for part in predicate.parts] if isinstance(predicate, State) else []
    dangerous = any(getattr(home.by_id[device], "type", "") in _URGENT_TYPES for device in devices)
    return "high" if dangerous or (op == "absent" and isinstance(predicate, Fed)) else "normal"


def rule_id(made: Made, home: Home) -> str:
    """Return a short readable id that is the same for the same rule: `daisy-fed`, `garage-left-open-10m`."""
    predicate = made.about.predicate
    parts = [
        *_slug_of(predicate, home),
        *([] if made.lasting is None or isinstance(predicate, Fed) else [made.lasting]),
    ]
    return slug(parts)


def slug(parts: Sequence[str]) -> str:
    """Return words as an id: lower case, joined by dashes."""
    words = re.findall(r"[^\W_]+", " ".join(parts).lower())
    return "-".join(words[:_SLUG_WORDS]) or "rule"


def _slug_of(predicate: Predicate | None, home: Home) -> list[str]:
    match predicate:
        case State():
            value = (
                predicate.parts[0].values[0]
                if predicate.parts[0].values
                else f"{predicate.compare} {predicate.threshold:g}"
            )
            word = predicate.word if isinstance(value, bool) else str(value)
            kinds = {getattr(home.by_id[p.device], "type", "") for p in predicate.parts}
            several = len(predicate.parts) > 2 and len(kinds) == 1
            return [f"{kinds.pop()}s" if several else names([p.device for p in predicate.parts[:2]], home, " "), word]
        case Happening():
            return [names(predicate.devices[:1], home), predicate.name or predicate.word]
        case Fed():
            return [names(predicate.pets, home, " "), "fed"]
        case Presence():
            return [
                names(predicate.who, home, " ") if isinstance(predicate.who, tuple) else predicate.who,
                predicate.state,
            ]
        case Sight():
            labels = predicate.labels or ("something",)
            strange = "stranger" if labels == ("person",) else f"strange {labels[0]}"
            who = strange if predicate.stranger else names(predicate.subjects, home, " ") or labels[0]
            return [
                who,
                *([ACTIVITY[predicate.motion]] if predicate.motion not in MOVES else []),
                *(
                    [predicate.places[0][1] or label_of(predicate.places[0][0], home)]
                    if len(predicate.places) == 1
                    else ["seen"]
                ),
            ]
        case Sky() | SkyEvent():
            return [predicate.sun]
        case None:
            return ["reminder"]
