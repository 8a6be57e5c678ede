"""Phrases: the message of a notification, its urgency, and the rule's id, rendered from what was understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from proactive.language.local.compose import Made
from proactive.language.local.detour import label_of
from proactive.language.local.lexicon import TYPE_NOUNS
from proactive.language.local.predicate import Fed, Happening, Predicate, Presence, Sight, Sky, SkyEvent, State
from proactive.language.local.statement import Statement
from proactive.language.local.token import stems
from rules.home import Device, Home
from rules.units import microseconds

_URGENT_TYPES = frozenset({"leak", "smoke", "glucose", "alarm", "carbon_monoxide"})
_SLUG_WORDS = 6


def message(made: Made, home: Home) -> str:
    """Return what the person is told, as a plain sentence without its full stop."""
    text = _sentence(made.about, made, home)
    if made.second is not None:
        joint = "or" if made.within is None else "and not" if made.second.negated else "and then"
        text = f"{text} {joint} {_bare(made.second, home, plain=made.within is not None)}"
    if made.within:
        text += f" within {spoken(made.within)}"
    text = text[:1].upper() + text[1:]
    return text.replace("{", "{{").replace("}", "}}")


def _sentence(statement: Statement, made: Made, home: Home) -> str:
    if made.second is not None or made.within:
        times = f" {statement.count} times" if statement.count else ""
        return f"{_bare(statement, home)}{times}"
    text = (
        _absent(statement, home) if made.when["op"] == "absent" else _bare(statement, home, lasting=bool(made.lasting))
    )
    if made.lasting and "after" in made.when:
        return f"{spoken(made.lasting)} ago, {_bare(statement, home)}"
    if made.lasting:
        text += f" for {spoken(made.lasting)}"
    elif made.deadline:
        text += f" {'by' if made.when['op'] == 'absent' else 'at'} {clock(made.deadline)}"
    return text


def _absent(statement: Statement, home: Home) -> str:
    predicate = statement.predicate
    if isinstance(predicate, Fed):
        verb = "has" if len(predicate.pets) == 1 else "have"
        return f"{names(predicate.pets, home)} {verb} not been fed"
    if isinstance(predicate, Sight) and not predicate.subjects:
        return (
            f"nobody was {_where(predicate, home)}"
            if predicate.labels == ("person",)
            else f"no {_who(predicate, home)} was {_where(predicate, home)}"
        )
    if isinstance(predicate, State) and predicate.compare is None:
        return _state(predicate, True, True, home)
    return f"not seen: {_bare(statement, home, plain=True)}"


def _bare(statement: Statement, home: Home, *, lasting: bool = False, plain: bool = False) -> str:
    predicate = statement.predicate
    negated = statement.negated and not plain
    match predicate:
        case State():
            return _state(predicate, negated, lasting, home)
        case Happening():
            return f"the {names(predicate.devices[:1], home)} {_event(predicate.name)}"
        case Fed():
            return f"{names(predicate.pets, home)} {'did not eat' if negated else 'is eating'}"
        case Presence():
            return _presence(predicate, negated, home)
        case Sight():
            return f"{'no ' if negated else ''}{_who(predicate, home)} {_where(predicate, home)}"
        case Sky():
            return "it is dark" if predicate.sun == "down" else "the sun is up"
        case SkyEvent():
            return f"it is {predicate.sun}"
        case None:
            return "it is time"


def _event(name: str) -> str:
    """Return an event's name as a verb: what ends in -ed was done to the device, other names are heard."""
    return f"was {name}" if name.endswith("ed") else f"heard {name}" if name else "rang"


def _state(state: State, negated: bool, lasting: bool, home: Home) -> str:
    several = len(state.parts) > 1
    which = (
        names([p.device for p in state.parts[:2]], home, " or ")
        if len(state.parts) <= 2
        else f"one of {len(state.parts)} devices"
    )
    if several and state.every:
        which = names([p.device for p in state.parts], home)
    verb = _verb(negated, lasting, plural=several and state.every)
    if state.compare is not None:
        beyond = {"above": "above", "below": "below", "reach": "at or above"}[state.compare]
        unit = getattr(home.by_id[state.parts[0].device], "unit", None)
        return f"the {which} {verb} {beyond} {state.threshold:g}{_unit(unit)}"
    value = state.parts[0].values[0] if state.parts[0].values else state.word
    word = state.word if isinstance(value, bool) else str(value).replace("_", " ")
    return f"the {which} {verb} {_AS_STATE.get(word, word)}"


_AS_STATE = {"outage": "out"}


def _verb(negated: bool, lasting: bool, *, plural: bool) -> str:
    if lasting:
        return f"{'have' if plural else 'has'}{' not' if negated else ''} been"
    return f"{'are' if plural else 'is'}{' not' if negated else ''}"


def _unit(unit: str | None) -> str:
    return "" if unit is None else unit if unit == "%" else f" {unit}" if len(unit) > 1 else f" °{unit}"


def _presence(presence: Presence, negated: bool, home: Home) -> str:
    who = names(presence.who, home, " or ") if isinstance(presence.who, tuple) else presence.who
    if who == "anyone" and negated:
        return f"nobody is {presence.state}"
    come = "home" if presence.state == "home" else "away"
    return f"{'someone' if who == 'anyone' else who} is {'not ' if negated else ''}{come}"


def _who(sight: Sight, home: Home) -> str:
    if sight.stranger:
        return "a stranger"
    if sight.subjects:
        return names(sight.subjects, home)
    return sight.labels[0] if len(sight.labels) == 1 else "something"


def _where(sight: Sight, home: Home) -> str:
    if len(sight.places) != 1:
        return "in view"
    camera, zone = sight.places[0]
    place = zone.replace("_", " ") if zone else re.sub(r"\s*camera$", "", label_of(camera, home))
    return {"enter": f"came to the {place}", "leave": f"left the {place}"}.get(sight.motion, f"at the {place}")


def names(ids: Iterable[str], home: Home, joint: str = " and ") -> str:
    """Return the names of some entries as a list in words."""
    labels = [_name(identity, home) for identity in dict.fromkeys(ids)]
    return joint.join(labels) if len(labels) < 3 else f"{', '.join(labels[:-1])}{joint}{labels[-1]}"


def _name(identity: str, home: Home) -> str:
    """Return an entry's name, a device's with the noun of its type unless it says so itself: "front doorbell"."""
    entry = home.by_id[identity]
    nouns = TYPE_NOUNS.get(entry.type, ()) if isinstance(entry, Device) else ()
    said = set(stems(entry.name).split())
    if not nouns or any(stems(noun).split()[-1] in said for noun in nouns):
        return entry.name or identity
    return next((alias for alias in entry.aliases if stems(nouns[0]) in stems(alias)), f"{entry.name} {nouns[0]}")


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
            who = "stranger" if predicate.stranger else _who(predicate, home)
            return [
                who,
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
