"""Predicates: what a clause says about the home, as values, and the patterns and guards that express them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

from proactive.language.local.catalogue import is_bowl
from proactive.language.local.lexicon import FOOD_DEVICE_WORDS
from proactive.language.local.movement import Motion
from proactive.language.local.number import plain
from proactive.language.local.token import stems
from rules.home import Device, Home

Place = tuple[str, str | None]  # a camera, and a zone of it or None for all that it shows
Json = dict[str, Any]  # a piece of a rule before validation: `parse_rule` is the judge of it


@dataclass(frozen=True, slots=True)
class Part:
    """One device of a state: the attribute meant and the values that count, or None for a threshold."""

    device: str
    attribute: str
    values: tuple[str | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Devices report one of some values, or a number beyond a threshold. `every` where all of them must."""

    parts: tuple[Part, ...]
    word: str
    every: bool = False
    static: bool = True
    compare: Literal["above", "below", "reach", "most", "between"] | None = None
    threshold: float = 0.0
    upper: float = 0.0


@dataclass(frozen=True, slots=True)
class Happening:
    """Devices report an event by name; an empty name is any event of theirs."""

    devices: tuple[str, ...]
    name: str
    word: str


@dataclass(frozen=True, slots=True)
class Fed:
    """Pets were fed, for which a home may have its own evidence, or are `seen` eating at their bowl.

    `together` where all of them are meant; `later_meal` where an earlier one of the day does not count.
    """

    pets: tuple[str, ...]
    together: bool = False
    seen: bool = False
    later_meal: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """People come home or go: by id, or anyone, everyone. `some` where one of several is enough ("Tom or Ivy")."""

    who: tuple[str, ...] | Literal["anyone", "everyone"]
    state: Literal["home", "away"]
    static: bool = True
    some: bool = False
    together: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """Cameras see somebody or something at a place: subjects by id, or labels; `stranger` for nobody known.

    Without either it is anything that does so. `together` where one of several is not enough; `company` is with whom.
    """

    subjects: tuple[str, ...]
    labels: tuple[str, ...]
    places: tuple[Place, ...]
    motion: Motion
    stranger: bool = False
    together: bool = False
    company: str = ""

    def at(self, places: Iterable[Place]) -> Sight:
        """Return the same at other places."""
        return replace(self, places=tuple(places))


@dataclass(frozen=True, slots=True)
class Sky:
    """The sun is up or down."""

    sun: Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class SkyEvent:
    """The sun rises or sets."""

    sun: Literal["sunrise", "sunset"]


Predicate = State | Happening | Fed | Presence | Sight | Sky | SkyEvent

# --- patterns ---------------------------------------------------------------------------------------------------


def patterns(predicate: Predicate, home: Home) -> list[Json]:
    """Return the patterns that match when the predicate becomes true, strongest evidence first."""
    match predicate:
        case State():
            return _state_patterns(predicate, home)
        case Happening():
            where = {"where": {"name": predicate.name}} if predicate.name else {}
            return [{"type": "event", "source": list(predicate.devices), **where}]
        case Fed():
            return _fed_patterns(predicate, home)
        case Presence():
            return [{"type": "state", "source": people_of(predicate.who, home), "where": {"value": predicate.state}}]
        case Sight():
            return _sight_patterns(predicate)
        case Sky() | SkyEvent():
            return []
        case _:
            assert_never(predicate)


def people_of(who: tuple[str, ...] | str, home: Home) -> list[str]:
    """Return the ids of the people meant."""
    return list(who) if isinstance(who, tuple) else [person.id for person in home.people]


def _state_patterns(state: State, home: Home) -> list[Json]:
    groups: dict[tuple[str, str], list[str]] = {}
    tests: dict[tuple[str, str], Any] = {}
    for part in state.parts:
        test = _test(state, part)
        key = (part.attribute, repr(test))
        tests[key] = test
        groups.setdefault(key, []).append(part.device)
    return [
        {"type": "state", "source": devices, "where": {**_attribute(home, devices, key[0]), "value": tests[key]}}
        for key, devices in groups.items()
    ]


def _attribute(home: Home, devices: list[str], attribute: str) -> Json:
    """Return the attribute test; the default attribute, or the only one of a device, goes without saying."""
    alone = all(len(_device(home, device).attributes) == 1 for device in devices)
    return {} if attribute == "state" or alone else {"attribute": attribute}


def _device(home: Home, identity: str) -> Device:
    entry = home.by_id[identity]
    assert isinstance(entry, Device), f"{identity} is not a device"
    return entry


def _test(state: State, part: Part) -> Any:
    if state.compare is not None:
        if state.compare == "between":
            return {"ge": plain(state.threshold), "le": plain(state.upper)}
        operator = {"above": "gt", "below": "lt", "reach": "ge", "most": "le"}[state.compare]
        return {operator: plain(state.threshold)}
    assert part.values
    return part.values[0] if len(part.values) == 1 else list(part.values)


def _fed_patterns(fed: Fed, home: Home) -> list[Json]:
    """Return the evidence that a pet was fed: seen eating at a bowl, or a food device that names no other pet."""
    feeders: list[Json] = []
    bins: list[Json] = []
    for device in home.devices:
        if _serves_only(device, fed.pets, home):
            feeders += _dispensed(device)
            bins += _opened(device)
    seen: list[Json] = [
        {"type": "detection", "source": camera, "subject": list(fed.pets), "where": {"activity": "eating", **zone}}
        for camera, zone in bowl_places(home, fed.pets)
    ]
    # What says nothing about who ate cannot tell several pets apart.
    return [*feeders, *seen, *bins] if len(fed.pets) == 1 and not fed.seen else seen


def _serves_only(device: Device, pets: tuple[str, ...], home: Home) -> bool:
    """Say whether a food device can only mean these pets: a bin for two dogs does not say which of them was fed."""
    words = set(stems(" ".join((device.name, *device.aliases))).split())
    named = {pet.id for pet in home.pets if stems(pet.name) in words}
    species = {pet.species for pet in home.pets} & words
    served = named or {pet.id for pet in home.pets if not species or pet.species in species}
    return served <= set(pets)


def _dispensed(device: Device) -> list[Json]:
    if device.type != "feeder":
        return []
    for event in device.events:
        if event.startswith("dispens"):
            return [{"type": "event", "source": device.id, "where": {"name": event}}]
    states = [value for value in _listed(device) if value.startswith("dispens")]
    return [{"type": "state", "source": device.id, "where": {"value": value}} for value in states[:1]]


def _opened(device: Device) -> list[Json]:
    words = set(stems(device.name).split())
    if device.type != "container" or not words & FOOD_DEVICE_WORDS or "open" not in _listed(device):
        return []
    return [{"type": "state", "source": device.id, "where": {"value": "open"}}]


def _listed(device: Device) -> list[str]:
    values = device.attributes.get("state", ())
    return [str(value) for value in values] if isinstance(values, tuple) else []


def bowl_places(home: Home, pets: tuple[str, ...] = ()) -> list[tuple[str, Json]]:
    """Return the cameras that look at a bowl, each with the test of its zone where one is drawn.

    A bowl that is said to be one pet's ("Luna's bowl") is left out when none of `pets` is that one.
    """
    others = {stems(pet.name) for pet in home.pets if pets and pet.id not in pets}
    own = {stems(pet.name) for pet in home.pets if pet.id in pets}
    found: list[tuple[str, Json]] = []
    for camera in home.cameras:
        words = set(stems(f"{camera.sees} {' '.join(camera.zones).replace('_', ' ')}").split())
        if words & others and not words & own:
            continue
        zones = [zone for zone in camera.zones if is_bowl(zone) and _eats_there(zone, pets, home)]
        if zones:
            found.append((camera.id, {"zone": zones[0] if len(zones) == 1 else zones}))
        elif is_bowl(camera.sees) and not any(is_bowl(zone) for zone in camera.zones):
            found.append((camera.id, {}))
    return found


def _eats_there(zone: str, pets: tuple[str, ...], home: Home) -> bool:
    """Say whether pets eat at a bowl: at "dog bowls" only dogs do, and dogs nowhere else where there are such."""
    species = {pet.species for pet in home.pets if not pets or pet.id in pets}
    said = set(stems(zone.replace("_", " ")).split()) & {pet.species for pet in home.pets}
    if said or not pets:
        return not pets or bool(said & species)
    own = {
        word
        for camera in home.cameras
        for z in camera.zones
        if is_bowl(z)
        for word in stems(z.replace("_", " ")).split()
    }
    return not species <= own


ACTIVITY: dict[Motion, str] = {
    "at": "at",
    "enter": "entered",
    "leave": "left",
    "eat": "eating",
    "drink": "drinking",
    "lie": "lying",
    "run": "running",
    "loiter": "loitering",
    "alone": "alone",
    "together": "together",
    "left_behind": "left_behind",
}
MOVES: frozenset[Motion] = frozenset(("at", "enter", "leave"))  # of a visit, which a whole picture has no ends of


def _sight_patterns(sight: Sight) -> list[Json]:
    """Return the patterns of a sight. Of two who are together, either may be the one that is told of."""
    if not sight.company:
        return _patterns_of(sight, {})
    found = _patterns_of(sight, {"with": sight.company})
    if sight.company.startswith("pet."):
        other = replace(sight, subjects=(sight.company,), company=sight.subjects[0])
        found += _patterns_of(other, {"with": other.company})
    return found


def _patterns_of(sight: Sight, company: Json) -> list[Json]:
    base: Json = {"type": "detection"}
    subject: Json = (
        {"subject": "unknown"} if sight.stranger else {"subject": list(sight.subjects)} if sight.subjects else {}
    )
    label = {"label": sight.labels[0] if len(sight.labels) == 1 else list(sight.labels)} if sight.labels else {}
    zones: dict[str | None, list[str]] = {}
    for camera, zone in sight.places:
        zones.setdefault(zone, []).append(camera)
    return [
        {
            **base,
            "source": cameras,
            **subject,
            "where": {**label, **_activity(sight, zone), **company, **({"zone": zone} if zone else {})},
        }
        for zone, cameras in zones.items()
    ]


def _activity(sight: Sight, zone: str | None) -> Json:
    """Return the activity test. Only a zone can be entered or left; to be in the picture is any detection."""
    if sight.motion not in MOVES or (zone is not None and sight.motion in ("enter", "leave")):
        return {"activity": ACTIVITY[sight.motion]}
    return {}


# --- guards -----------------------------------------------------------------------------------------------------


def guard(predicate: Predicate, negated: bool, home: Home, *, exact: bool = False) -> Json | None:
    """Return the guard that holds while the predicate is true (or not), or None where no guard can say it.

    Of several things, "the doors are not closed" is said when one of them is not. `exact` is for "unless" and for
    "no door": none of them is.
    """
    match predicate:
        case State():
            return _state_guard(predicate, negated, home, exact)
        case Presence():
            return _presence_guard(predicate, negated, home, exact)
        case Sky():
            return {"not": {"sun": predicate.sun}} if negated else {"sun": predicate.sun}
        case Happening() | Fed() | Sight() | SkyEvent():
            return None
        case _:
            assert_never(predicate)


def _state_guard(state: State, negated: bool, home: Home, exact: bool) -> Json:
    leaves = [_leaf(state, part, negated, home) for part in state.parts]
    none = negated and exact and not state.every
    every = none or (state.every and not negated)
    return leaves[0] if len(leaves) == 1 else {"all": leaves} if every else {"any": leaves}


def _leaf(state: State, part: Part, negated: bool, home: Home) -> Json:
    leaf: Json = {"state": part.device, **_attribute(home, [part.device], part.attribute)}
    if state.compare is not None:
        return _compared(state, leaf, negated)
    assert part.values
    values = part.values[0] if len(part.values) == 1 else list(part.values)
    return {**leaf, "is_not" if negated else "is": values}


def _compared(state: State, leaf: Json, negated: bool) -> Json:
    """Return the guard of a number; what it may at least or at most be, and between which two, counts itself."""
    low = {**leaf, "below": plain(state.threshold)}
    match state.compare:
        case "between":
            outside: Json = {"any": [low, {**leaf, "above": plain(state.upper)}]}
            return outside if negated else {"not": outside}
        case "reach":
            return low if negated else {"not": low}
        case "most":
            over = {**leaf, "above": plain(state.threshold)}
            return over if negated else {"not": over}
        case "above" | "below" as side:
            compared = {**leaf, side: plain(state.threshold)}
            return {"not": compared} if negated else compared
        case _:
            raise AssertionError(state.compare)


def _presence_guard(presence: Presence, negated: bool, home: Home, exact: bool) -> Json:
    at_home = (presence.state == "home") != negated
    if presence.who == "anyone" and (presence.state == "home" or at_home is False):
        return {"home": "anyone" if presence.state == "home" and at_home else "nobody"}
    if presence.who == "everyone" and presence.state == "away" and not negated:
        return {"home": "nobody"}
    who = people_of(presence.who, home)
    leaves: list[Json] = [{"home": one} if at_home else {"not": {"home": one}} for one in who]
    # "If the kids aren't home" means that one of them is missing; "unless Tom or I am home" that both are.
    one_is_enough = not exact if negated else presence.some
    if negated and exact:
        one_is_enough = not presence.some
    return leaves[0] if len(leaves) == 1 else {"any" if one_is_enough else "all": leaves}


def sources(found: Iterable[Json]) -> list[str]:
    """Return the sources that some patterns name."""
    names: list[str] = []
    for pattern in found:
        source = pattern.get("source", [])
        names += [source] if isinstance(source, str) else source
    return names
