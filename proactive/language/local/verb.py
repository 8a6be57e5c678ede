"""Verbs: a predicate as a clause in one of three forms: as it is, as it happened, and as it has not been.

Rendered from the predicate alone, so that a message says what the rule watches: `the back door is open`, `the back
door opened`, `the back door has not been open`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from proactive.language.local.detour import label_of
from proactive.language.local.lexicon import BAGS, NUMBER_NOUNS, TYPE_NOUNS
from proactive.language.local.movement import Motion
from proactive.language.local.predicate import Fed, Happening, Part, Predicate, Presence, Sight, Sky, SkyEvent, State
from proactive.language.local.token import stems
from rules.home import Device, Home

_PAST = {
    "open": ("opened", "open"), "closed": ("closed", "close"), "on": ("turned on", "turn on"), "off": ("turned off", "turn off"),
    "finished": ("finished", "finish"), "running": ("started running", "start running"), "stuck": ("got stuck", "get stuck"),
    "wet": ("got wet", "get wet"), "dry": ("got dry", "get dry"), "docked": ("docked", "dock"), "outage": ("went out", "go out"),
    "cleaning": ("started cleaning", "start cleaning"),
}  # fmt: skip
_BEYOND = {"above": "above", "below": "below", "reach": "at or above", "most": "at or below", "between": "between"}
_CROSSED = {
    "above": ("rose above", "rise above"),
    "below": ("fell below", "fall below"),
    "reach": ("reached", "reach"),
    "most": ("fell to", "fall to"),
    "between": ("came between", "come between"),
}
_AS_STATE = {"outage": "out", "armed home": "armed", "armed away": "armed"}
_DETECTS = {"motion": "motion", "smoke": "smoke"}  # what a sensor that is on has seen
_ACTIVE_EVENTS = frozenset({"dispensed"})  # what a device does by itself; other events in -ed are done to it
_NAMED_ALONE = frozenset({"switch", "weather", "car"})


def holding(
    predicate: Predicate | None, negated: bool, home: Home, *, lasting: bool = False, none: bool = False
) -> str:
    """Return how things are: `the garage door is open`; with `lasting`, `has been open`; `none` of several is so."""
    match predicate:
        case State():
            return _state(predicate, negated, lasting, home, none=none)
        case Presence():
            return _presence(predicate, negated, lasting, home, none=none)
        case Sight():
            who, verb = _who(predicate, negated), "has been" if lasting else "is"
            plural = len(predicate.subjects) > 1 and not predicate.labels
            verb = {"is": "are", "has been": "have been"}[verb] if plural and predicate.together else verb
            subject = (
                names(predicate.subjects, home, " and " if predicate.together else " or ")
                if predicate.subjects
                else who
            )
            denied = " not" if negated and predicate.subjects else ""
            return f"{subject} {verb}{denied} {_deed(predicate, home)}{_place(predicate, home)}"
        case Fed():
            verb = "are" if len(predicate.pets) > 1 and predicate.together else "is"
            return f"{_pets(predicate, home)} {verb}{' not' if negated else ''} eating"
        case Sky():
            return "it is dark" if (predicate.sun == "down") != negated else "the sun is up"
        case SkyEvent():
            return f"it is {predicate.sun}"
        case Happening():
            return happened(predicate, negated, home)
        case None:
            return "it is time"


def happened(predicate: Predicate | None, negated: bool, home: Home) -> str:
    """Return what happened or did not: `the back door opened`, `Biscuit did not come to the food bowls`."""
    match predicate:
        case State():
            return _changed(predicate, negated, home)
        case Happening():
            return f"{_devices(predicate.devices, home)} {_event(predicate.name, negated)}"
        case Presence():
            did, do = {"home": ("came home", "come home"), "away": ("left home", "leave home")}[predicate.state]
            return f"{_people(predicate, negated, home)} {f'did not {do}' if negated and predicate.who != 'anyone' else did}"
        case Sight():
            return _moved(predicate, negated, home)
        case Fed():
            return f"{_pets(predicate, home)} {'did not eat' if negated else 'ate'}"
        case _:
            return holding(predicate, negated, home)


def missed(predicate: Predicate, home: Home, *, none: bool = False) -> str:
    """Return what has not been: `Biscuit has not eaten`, `nobody has been seen at the porch`; `none` of several."""
    joint = " and " if none else " or "
    match predicate:
        case Fed():
            have = "have" if none and len(predicate.pets) > 1 else "has"
            return f"{names(predicate.pets, home, joint)} {have} not {'eaten' if predicate.seen else 'been fed'}"
        case Sight():
            have = "have" if none and len(predicate.subjects) > 1 else "has"
            who = names(predicate.subjects, home, joint)
            seen = f"{who} {have} not been seen" if who else f"{_who(predicate, True)} has been seen"
            deed = {"enter": "coming to", "leave": "leaving"}.get(predicate.motion)
            place = f"{_deed(predicate, home)}{_place(predicate, home)}"
            return seen if place == "in view" else f"{seen} {place.replace('at', deed, 1) if deed else place}"
        case State():
            every = replace(predicate, every=none and len(predicate.parts) > 1)
            if detected := _detected(predicate, home):
                return f"{_which(every, home)} {'have' if every.every else 'has'} not detected {detected}"
            return _state(every, True, True, home)
        case Happening():
            verb = predicate.name.replace("_", " ") or "rung"
            done = verb.endswith("ed") and verb not in _ACTIVE_EVENTS
            heard = not verb.endswith("ed") and verb != "rung"
            return f"{_devices(predicate.devices, home)} has not {'been ' if done else 'heard ' if heard else ''}{verb}"
        case _:
            return happened(predicate, True, home)


# --- devices ----------------------------------------------------------------------------------------------------


def _state(state: State, negated: bool, lasting: bool, home: Home, *, none: bool = False) -> str:
    ids = list(dict.fromkeys(part.device for part in state.parts))
    if all(part.attribute == "rain_forecast" for part in state.parts):
        return f"rain {'has' if lasting else 'is'}{' not' if negated else ''}{' been' if lasting else ''} forecast"
    if negated and none and len(ids) > 1:
        verb = "has been" if lasting else "is"
        return f"{_none_of([_the(_name(i, home)) for i in ids], _kind(state, home))} {verb} {_value(state, home)}"
    if negated and state.compare in ("reach", "most"):
        state, negated = replace(state, compare="below" if state.compare == "reach" else "above"), False
    state = replace(state, every=False) if negated and not lasting else state
    detected = _detected(state, home)
    several = len(ids) > 1 and state.every
    have, be = ("have" if several else "has"), ("are" if several else "is")
    if detected and not lasting:
        return f"{_which(state, home)} {'does not detect' if negated else 'detects'} {detected}"
    verb = f"{have}{' not' if negated else ''} been" if lasting else f"{be}{' not' if negated else ''}"
    return f"{_which(state, home)} {verb} {_value(state, home)}"


def _changed(state: State, negated: bool, home: Home) -> str:
    if detected := _detected(state, home):
        return f"{_which(state, home)} {'did not detect' if negated else 'detected'} {detected}"
    if state.compare is not None:
        did, do = _CROSSED[state.compare]
        amount = f" {_amount(state, home)}"
        return f"{_which(state, home)} {f'did not {do}' if negated else did}{amount}"
    value = _value(state, home)
    key = str(state.parts[0].values[0]) if state.parts[0].values else ""
    if key == "on" and all(_type(part, home) == "power" for part in state.parts):
        did, do = "came back", "come back"
    elif key in _PAST:
        did, do = _PAST[key]
    elif value.endswith(("ed", "plugged in")):
        return f"{_which(state, home)} {'was not' if negated else 'was'} {value}"
    else:
        did, do = f"became {value}", f"become {value}"
    return f"{_which(state, home)} {f'did not {do}' if negated else did}"


def _value(state: State, home: Home) -> str:
    if state.compare is not None:
        return f"{_BEYOND[state.compare]} {_amount(state, home)}"
    value = state.parts[0].values[0] if state.parts[0].values else state.word
    word = state.word if isinstance(value, bool) else str(value).replace("_", " ")
    return _AS_STATE.get(word, word)


def _amount(state: State, home: Home) -> str:
    unit = _unit(getattr(home.by_id[state.parts[0].device], "unit", None))
    range_ = f"{state.threshold:g} and {state.upper:g}" if state.compare == "between" else f"{state.threshold:g}"
    return f"{range_}{unit}"


def _unit(unit: str | None) -> str:
    return "" if unit is None else unit if unit == "%" else f" {unit}" if len(unit) > 1 else f" °{unit}"


def _detected(state: State, home: Home) -> str:
    kinds = {_type(part, home) for part in state.parts}
    on = all(part.values == ("on",) for part in state.parts)
    return _DETECTS.get(kinds.pop(), "") if on and len(kinds) == 1 else ""


def _type(part: Part, home: Home) -> str:
    return str(getattr(home.by_id[part.device], "type", ""))


def _which(state: State, home: Home) -> str:
    """Return the devices of a state as a subject: one, two by name, or `one of 3 doors`."""
    ids = list(dict.fromkeys(part.device for part in state.parts))
    if len(ids) == 1:
        return _part(state.parts[0], home)
    if state.every:
        return names(ids, home, " and ", article=True)
    if len(ids) <= 2:
        return names(ids, home, " or ", article=True)
    return f"one of {len(ids)} {_kind(state, home)}"


def _kind(state: State, home: Home) -> str:
    """Return what several devices are called together: `doors`."""
    kinds = {_type(part, home) for part in state.parts}
    noun = (TYPE_NOUNS.get(next(iter(kinds))) or ("device",))[0] if len(kinds) == 1 else "device"
    return f"{noun}s"


def _none_of(labels: list[str], kind: str) -> str:
    return f"neither {labels[0]} nor {labels[1]}" if len(labels) == 2 else f"none of {len(labels)} {kind}"


def _part(part: Part, home: Home) -> str:
    """Return one device as a subject, with the number meant where it has several: `the leaf's battery`, `the wind`."""
    entry = home.by_id[part.device]
    assert isinstance(entry, Device)
    numbers = [name for name, kind in entry.attributes.items() if kind == "number"]
    if part.attribute not in numbers or part.attribute in ("value", "state"):
        return _the(_name(part.device, home))
    noun = NUMBER_NOUNS.get(part.attribute, (part.attribute.replace("_", " "),))[0]
    return f"the {noun}" if entry.type == "weather" else f"the {noun} of {_the(_name(part.device, home))}"


def _devices(ids: Iterable[str], home: Home) -> str:
    return names(ids, home, " or ", article=True)


def _event(name: str, negated: bool) -> str:
    words = name.replace("_", " ")
    if not words:
        return "did not ring" if negated else "rang"
    if words in _ACTIVE_EVENTS:
        return "did not dispense" if negated else words
    if words.endswith("ed"):
        return f"was {'not ' if negated else ''}{words}"
    return f"did not hear {words}" if negated else f"heard {words}"


# --- the living -------------------------------------------------------------------------------------------------


def _pets(fed: Fed, home: Home) -> str:
    return names(fed.pets, home, " and " if fed.together else " or ")


def _people(presence: Presence, negated: bool, home: Home) -> str:
    if presence.who == "anyone":
        return "nobody" if negated else "someone"
    if presence.who == "everyone":
        return "everyone"
    return names(presence.who, home, " or " if presence.some else " and ")


def _presence(presence: Presence, negated: bool, lasting: bool, home: Home, *, none: bool = False) -> str:
    if presence.who == "everyone":
        at_home = (presence.state == "home") != negated
        verb = "has been" if lasting else "is"
        who = "everyone" if at_home and not negated else "someone" if at_home else "nobody"
        return f"someone {verb} not home" if presence.state == "home" and negated else f"{who} {verb} home"
    if negated and none and isinstance(presence.who, tuple) and len(presence.who) > 1:
        labels = [_name(one, home) for one in presence.who]
        return f"{_none_of(labels, 'people')} {'has been' if lasting else 'is'} {presence.state}"
    who = _people(presence, negated, home)
    plural = isinstance(presence.who, tuple) and len(presence.who) > 1 and not presence.some
    verb = {(False, False): "is", (True, False): "are", (False, True): "has been", (True, True): "have been"}[
        plural, lasting
    ]
    denied = negated and presence.who != "anyone"
    if lasting:
        verb = verb.replace(" been", " not been") if denied else verb
        return f"{who} {verb} {presence.state}"
    return f"{who} {verb}{' not' if denied else ''} {presence.state}"


def _moved(sight: Sight, negated: bool, home: Home) -> str:
    who = names(sight.subjects, home, " or ") if sight.subjects else _who(sight, negated)
    did, do = {"enter": ("came", "come"), "leave": ("left", "leave"), "eat": ("ate", "eat")}.get(
        sight.motion, ("was", "was not")
    )
    place = _place(sight, home)
    if sight.motion == "enter":
        place = place.replace("at", "to", 1)
    elif sight.motion == "leave":
        place = place.replace("at ", "", 1)
    denied = negated and bool(sight.subjects)
    verb = did if not denied else do if do == "was not" else f"did not {do}"
    deed = "" if sight.motion == "eat" else _deed(sight, home)
    return f"{who} {verb} {deed}{place}"


_DEEDS: dict[Motion, str] = {
    "lie": "lying",
    "run": "running",
    "drink": "drinking",
    "loiter": "loitering",
    "alone": "alone",
    "left_behind": "left behind",
    "eat": "eating",
}


def _deed(sight: Sight, home: Home) -> str:
    """Return what is done besides being there, with a space after it, or nothing."""
    if sight.motion == "together":
        other = sight.company
        who = names([other], home) if other in home.by_id else "a stranger" if other == "unknown" else f"a {other}"
        return f"together with {who} "
    return f"{_DEEDS[sight.motion]} " if sight.motion in _DEEDS else ""


def _who(sight: Sight, negated: bool) -> str:
    if sight.stranger:
        kind = (
            "stranger"
            if sight.labels == ("person",)
            else f"strange {'animal' if len(sight.labels) > 1 else sight.labels[0]}"
        )
        return f"no {kind}" if negated else f"a {kind}"
    if not sight.labels:
        return "nothing" if negated else "something"
    if BAGS.issuperset(sight.labels) and len(sight.labels) > 1:
        return "no bag" if negated else "a bag"
    if sight.labels == ("person",):
        return "nobody" if negated else "someone"
    if len(sight.labels) > 3:
        return "no animal" if negated else "an animal"
    if negated:
        return f"no {' or '.join(sight.labels)}"
    return " or ".join(f"{'an' if label[0] in 'aeiou' else 'a'} {label}" for label in sight.labels)


def _place(sight: Sight, home: Home) -> str:
    """Return where: `at the couch`, `at the couch or the window seat`, `in view`."""
    places = [
        zone.replace("_", " ") if zone else re.sub(r"\s*camera$", "", label_of(camera, home))
        for camera, zone in sight.places
    ]
    found = list(dict.fromkeys(places))
    whole = len(found) > 2 or not found
    return "in view" if whole else f"at {' or '.join(f'the {place}' for place in found)}"


# --- names ------------------------------------------------------------------------------------------------------


def names(ids: Iterable[str], home: Home, joint: str = " and ", *, article: bool = False) -> str:
    """Return the names of some entries as a list in words; devices take an article."""
    labels = [_the(_name(i, home)) if article else _name(i, home) for i in dict.fromkeys(ids)]
    return joint.join(labels) if len(labels) < 3 else f"{', '.join(labels[:-1])}{joint}{labels[-1]}"


def _the(name: str) -> str:
    """Return a name with its article; what belongs to somebody takes none: `Olive's feeder`."""
    return name if re.match(r"\w+'s ", name) else f"the {name}"


def _name(identity: str, home: Home) -> str:
    """Return an entry's name, a device's with the noun of its type unless it says so itself: "front doorbell"."""
    entry = home.by_id[identity]
    nouns = TYPE_NOUNS.get(entry.type, ()) if isinstance(entry, Device) else ()
    said = set(stems(entry.name).split())
    alone = isinstance(entry, Device) and entry.type in _NAMED_ALONE
    if not nouns or alone or any(stems(noun).split()[-1] in said for noun in nouns):
        return entry.name or identity
    return next((alias for alias in entry.aliases if stems(nouns[0]) in stems(alias)), f"{entry.name} {nouns[0]}")
