"""Doing: what cameras see somebody do beyond being somewhere: lie, run, drink, loiter, be alone or together; and what is left behind.

Each is an activity that cameras tell of (`data.activity`), so a rule says no more than they do. Who is alone or together is told of a
whole picture; who loiters is a person, who drinks an animal at a water bowl; what is left behind is a bag, a case, or what is taken
for one, as some parcels are.
"""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local.answer import length_for
from proactive.language.local.clause import Timed
from proactive.language.local.clock import Length
from proactive.language.local.detour import DetourError, cannot, label_of
from proactive.language.local.lexicon import BAGS
from proactive.language.local.living import pets_of
from proactive.language.local.movement import Motion
from proactive.language.local.predicate import Place, Predicate, Presence, Sight
from proactive.language.local.reading import Reading, texts
from proactive.language.local.sight import nobody_looks_there, places_of, seen
from proactive.language.local.span import Span
from rules.bowl import holds_water
from rules.home import Device, Home, Person

DOING: frozenset[Motion] = frozenset(("lie", "run", "drink", "loiter", "alone", "together"))
PARCEL = "package"  # what no detector here tells from any other thing that is left
_LEAVING = frozenset("left leave leaves leaving forgotten".split())

_ANIMALS = frozenset(("dog", "cat", "horse", "sheep", "cow", "bear"))


def left_behind(reading: Reading) -> Predicate | None:
    """Read what lies where somebody left it: "a parcel is left on the porch", "someone leaves a bag in the hall"."""
    things = [s for s in reading.open("label") if not BAGS.isdisjoint(s.readings["label"]) or _is_parcel(s)]
    behind = [s for s in reading.open("motion") if s.readings["motion"] == "left_behind"]
    leaves = [s for s in reading.words.spans if _LEAVING.intersection(s.text.split())]
    if not (behind or (things and (leaves or any(map(_is_parcel, things))))):
        return None
    if not things and not texts(reading) & {"something", "anything", "thing"}:
        return None
    places = _where(reading)
    labels = tuple(dict.fromkeys(label for s in things if not _is_parcel(s) for label in s.readings["label"]))
    reading.take(*behind, *things, *leaves, *(s for s in reading.open("label", "motion") if _only_leads(s)))
    return Sight((), labels, places, "left_behind")


def doing(reading: Reading) -> Predicate | None:
    """Read what somebody does: "Rex is lying on the sofa", "someone is loitering", "the cat has not drunk for a day"."""
    said = [span for span in reading.open("motion") if span.readings["motion"] in DOING]
    if not said or _is_of_a_machine(said, reading):
        return None
    if said[0].readings["motion"] == "together":
        return _together(said, reading)
    if (who := seen(reading)) is None:
        return None
    reading.take(*said)
    motion: Motion = said[0].readings["motion"]
    sight = Sight(who.subjects, who.labels, (), motion, who.stranger)
    match motion:
        case "alone":
            return _alone(sight, reading)
        case "drink":
            return _drinking(sight, reading)
        case "loiter":
            return _loitering(sight, reading)
        case _:
            return sight.at(_where(reading))


def _alone(sight: Sight, reading: Reading) -> Predicate:
    """Return a pet alone in a picture, or at home: which is that nobody is."""
    _only_animals(sight, reading.home, "alone")
    at_home = [span for span in reading.open("motion") if span.readings["motion"] == "home"]
    places = places_of(reading)
    if places:
        return sight.at(_whole(places, reading.home, "alone"))
    reading.take(*at_home)
    return Presence("everyone", "away")


def _together(said: Sequence[Span], reading: Reading) -> Predicate | None:
    """Return two who are near each other, of whom one is a pet."""
    strangers, labels = reading.open("stranger"), [s for s in reading.open("label") if not s.refs]
    pets = pets_of(reading, reading.words.spans)
    others = [*("unknown" for _ in strangers), *(s.readings["label"][0] for s in labels)]
    if not pets and not others and not any(ref.kind == "person" for s in reading.words.spans for ref in s.refs):
        return None
    reading.take(*said, *strangers, *labels)
    whole = tuple(_whole(_where(reading), reading.home, "together"))
    pair = (*pets, *others)
    if not pets or len(pair) != 2:
        message = "I can see two pets together, or a pet with a person, but not who the person is."
        raise cannot("nobody_looks", message, "Name two pets, or say 'with a person'.")
    return Sight((pair[0],), (), whole, "together", company=pair[1])


def _drinking(sight: Sight, reading: Reading) -> Predicate:
    _only_animals(sight, reading.home, "drink")
    said = places_of(reading)
    bowls = water_places(reading.home)
    own = [place for place in bowls if not said or place in said or (place[0], None) in said]
    if not own:
        who = label_of(sight.subjects[0], reading.home) if sight.subjects else "anybody"
        message = f"No camera here looks at a bowl from which {who} drinks."
        raise cannot("nobody_looks", message, "Draw a zone called 'water_bowl' on the camera that sees it.")
    return sight.at(own)


def _loitering(sight: Sight, reading: Reading) -> Predicate:
    """Return a person who loiters. Anybody else only stays, and for how long is asked."""
    places = _where(reading)
    if sight.labels == ("person",) and not sight.subjects:
        return sight.at(places)
    if not reading.words.times.lengths:
        question = "How long do they have to stay? Say for example '5 minutes'."
        reading.words.times.lengths.append(Timed("for", Length(length_for("duration", question)), -1))
    return Sight(sight.subjects, sight.labels, places, "at", sight.stranger)


def water_places(home: Home) -> list[Place]:
    """Return the zones at which cameras see animals drink."""
    return [(camera.id, zone) for camera in home.cameras for zone in camera.zones if holds_water(zone)]


def _only_animals(sight: Sight, home: Home, does: str) -> None:
    people = any(isinstance(home.by_id[who], Person) for who in sight.subjects)
    if people or not (sight.subjects or _ANIMALS.issuperset(sight.labels) or "dog" in sight.labels):
        told = {"alone": "are alone", "drink": "drink"}[does]
        raise cannot("nobody_looks", f"I can only see that animals {told}.", "Name a pet.")


def _whole(places: Sequence[Place], home: Home, does: str) -> list[Place]:
    """Return the cameras of places. Raise a detour at a zone that is only a part of what its camera shows."""
    for camera, zone in places:
        if zone and not set(zone.split("_")) & set(home.by_id[camera].name.lower().split()):
            message = f"I can see who is {does} in a whole picture, but not at the {zone.replace('_', ' ')}."
            raise _ask_for_room(message, camera, home)
    return list(dict.fromkeys((camera, None) for camera, _ in places))


def _ask_for_room(message: str, camera: str, home: Home) -> DetourError:
    return cannot("no_zone", message, f"Name the camera: {label_of(camera, home)}.")


def _is_of_a_machine(said: Sequence[Span], reading: Reading) -> bool:
    """Say whether what runs is a machine: "someone runs the dishwasher", and not "runs to the door"."""
    entries = [reading.home.by_id[ref.id] for span in reading.words.spans for ref in span.refs]
    machines = [one for one in entries if isinstance(one, Device) and "running" in str(one.attributes.get("state"))]
    return bool(machines) and all(span.readings["motion"] == "run" for span in said)


def _is_parcel(span: Span) -> bool:
    return span.readings.get("label") == (PARCEL,)


def _where(reading: Reading) -> tuple[Place, ...]:
    """Return the places that are named, else every picture. Raise a detour at a place that no camera looks at."""
    if places := places_of(reading):
        return tuple(places)
    nobody_looks_there(reading)
    return _pictures(reading.home)


def _pictures(home: Home) -> tuple[Place, ...]:
    return tuple((camera.id, None) for camera in home.cameras)


def _only_leads(span: Span) -> bool:
    """Say whether a word only leads to what is left: "someone", "arrives", "is"."""
    if span.is_("motion"):
        return span.readings["motion"] in ("leave", "enter", "at")
    return span.readings.get("label") == ("person",)
