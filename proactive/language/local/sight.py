"""Sights: who or what a camera sees where, and the sun."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from proactive.language.local.answer import which
from proactive.language.local.catalogue import Ref
from proactive.language.local.detour import cannot
from proactive.language.local.living import pets_of
from proactive.language.local.movement import Motion
from proactive.language.local.predicate import (
    Place,
    Predicate,
    Sight,
    Sky,
    SkyEvent,
    bowl_places,
)
from proactive.language.local.reading import (
    WEAK,
    Reading,
    is_plural,
    name_joins,
    texts,
)
from proactive.language.local.span import Span
from rules.home import Home, Pet


def sky(reading: Reading) -> Predicate | None:
    for span in reading.open("sun"):
        reading.take(span)
        return Sky(span.readings["sun"])
    for span in reading.open("sun_event"):
        reading.take(span)
        return SkyEvent(span.readings["sun_event"])
    return None


def sight(reading: Reading) -> Predicate | None:
    """Read who or what is where: "the dog is on the couch", "a stranger is at the door", "nobody is at my desk"."""
    home = reading.home
    who = seen(reading)
    places = places_of(reading)
    motions = [s for s in reading.open("motion") if s.readings["motion"] in _SEEN]
    strong = [s for s in motions if s.text not in WEAK]
    if who is None or (not places and not strong and not texts(reading) & {"in", "on", "at", "near"}):
        return None
    if not places and not _in_view(strong):
        nobody_looks_there(reading)
        return None
    _which_door(places, who, reading)
    subjects, labels, stranger = who
    if any(s.readings["motion"] == "eat" for s in motions) and not stranger:
        return None
    places = _own_bowls(places, subjects, reading)
    reading.take(*motions)
    motion: Motion = (strong or motions)[0].readings["motion"] if strong or motions else "at"
    if motion == "leave" and any(zone is None for _, zone in places):
        raise cannot(
            "no_zone", "I can only see somebody leave a zone that is drawn on a camera.", "Draw one on the camera."
        )
    where = places or [(camera.id, None) for camera in home.cameras]
    if not where:
        return None
    # "Miso and Nori", "both dogs": one alone is not what was said.
    together = "and" in name_joins(reading) or any(
        s.readings.get("quantifier") == "all" for s in reading.words.having("quantifier")
    )
    return Sight(subjects, labels, tuple(where), motion, stranger, together)


def nobody_looks_there(reading: Reading) -> None:
    """Raise a detour where somebody is said to be at a thing that no camera looks at: "Max is at the back door"."""
    spans = reading.words.spans
    for before, span in pairwise(s for s in spans if not s.is_("filler") or s.text in _AT):
        if before.text in _AT and span.refs and not span.is_("meaning", "event"):
            message = f"No camera here looks at the {span.text}."
            raise cannot("no_zone", message, "Draw a zone for it on the camera that sees it.")


_DOORS = frozenset(("door", "gate", "window"))
_AT = frozenset(("in", "on", "at", "near", "by"))


def _which_door(places: Sequence[Place], who: Who, reading: Reading) -> None:
    """Ask which door a pet is at, where there are several and a camera is named after one; people come to that one."""
    pets = [entry for entry in who.subjects if isinstance(reading.home.by_id[entry], Pet)]
    for span in reading.words.spans if pets or "person" not in who.labels else ():
        doors = [ref.id for ref in span.refs if ref.kind == "device" and span.text in _DOORS]
        if len(doors) > 1 and any(zone is None for _, zone in places) and span.start in reading.used:
            which("place", f"Which {span.text} do you mean:", [camera for camera, _ in places], reading.home)


# What pets of the home eat is `fed`; of anybody else it is only seen.
_SEEN: frozenset[Motion] = frozenset(("at", "enter", "leave", "eat"))


def _in_view(strong: Sequence[Span]) -> bool:
    return any(
        s.text in ("in view", "visible", "seen", "spotted", "detected", "appear", "appears", "show up", "be seen")
        for s in strong
    )


class Who(NamedTuple):
    """Who is seen: entries of the home by id, else labels, which are those of a stranger or of anybody."""

    subjects: tuple[str, ...]
    labels: tuple[str, ...]
    stranger: bool


def seen(reading: Reading) -> Who | None:
    """Return who or what the words, or those of the clause before, say is seen."""
    spans = reading.words.spans
    if strangers := reading.words.having("stranger"):
        reading.take(*strangers)
        return Who((), _strange(strangers), stranger=True)
    subjects: list[str] = []
    labels: list[str] = []
    for span in spans:
        people = [ref.id for ref in span.refs if ref.kind == "person"]
        pets = any(ref.kind == "pet" for ref in span.refs)
        if pets and not (span.is_("label") and _indefinite(reading, span)):
            subjects += pets_of(reading, [span])
        elif people:
            subjects += people
            reading.take(span)
        elif span.is_("label") and span.text not in WEAK:
            labels += span.readings["label"]
            reading.take(span)
        elif span.is_("nobody"):
            labels.append("person")
            reading.take(span)
    if not subjects and not labels and reading.inherited and not any(span.is_("nobody") for span in spans):
        return _inherited(reading)
    if not subjects and not labels:
        return None
    return Who(tuple(dict.fromkeys(subjects)), () if subjects else tuple(dict.fromkeys(labels)), stranger=False)


def _strange(spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for span in spans for label in span.readings["stranger"]))


def _inherited(reading: Reading) -> Who | None:
    """Return who the clause before was about: "someone is in the drive and then on the porch"."""
    before = reading.inherited
    if strangers := [span for span in before if span.is_("stranger")]:
        return Who((), _strange(strangers), stranger=True)
    living = [ref.id for span in before for ref in span.refs if ref.kind in ("person", "pet")]
    labels = [label for span in before if span.is_("label") and not span.refs for label in span.readings["label"]]
    if not living and not labels:
        return None
    return Who(tuple(dict.fromkeys(living)), () if living else tuple(dict.fromkeys(labels)), stranger=False)


def _indefinite(reading: Reading, span: Span) -> bool:
    before = [other for other in reading.words.spans if other.end == span.start]
    return any(other.text in ("a", "an", "any") for other in before)


def places_of(reading: Reading) -> list[Place]:
    """Return the camera places that the words name; a zone before a whole picture, and the door's camera for a door."""
    found: list[Place] = []
    for span in reading.words.spans:
        refs = [ref for ref in span.refs if ref.kind == "place"] or _place_of_device(span, reading.home)
        if not refs or span.start in reading.used:
            continue
        reading.take(span)
        cameras = list(dict.fromkeys(ref.id for ref in refs))
        if len(cameras) > 1 and not is_plural(span):
            cameras = which("place", f"Which {span.text} do you mean:", cameras, reading.home, several=True)
        for camera in cameras:
            zones = [ref.zone for ref in refs if ref.id == camera and ref.zone]
            found += [(camera, zone) for zone in zones] or [(camera, None)]
    return found


def _own_bowls(places: list[Place], subjects: tuple[str, ...], reading: Reading) -> list[Place]:
    """Return the bowls at which pets eat, where only "the bowl" is said: a cat's is none of the dogs'."""
    bowls = any(s.text in ("bowl", "bowls") for s in reading.words.spans)
    pets = tuple(s for s in subjects if s in {pet.id for pet in reading.home.pets})
    if not bowls or not pets or len(places) < 2:
        return places
    own: set[Place] = set()
    for camera, zone in bowl_places(reading.home, pets):
        zones = zone.get("zone")
        own |= {(camera, one) for one in (zones if isinstance(zones, list) else [zones])}
    return [place for place in places if place in own] or places


def _place_of_device(span: Span, home: Home) -> list[Ref]:
    """Return the cameras whose name holds the device's words: "at the door" is where the front door camera looks."""
    words = set(span.text.split())
    return [Ref("place", c.id) for c in home.cameras if span.refs and words <= set(c.name.lower().split())]
