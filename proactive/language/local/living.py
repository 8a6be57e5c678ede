"""The living: pets that are fed, and people who come and go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from proactive.language.local.answer import choose, which
from proactive.language.local.catalogue import Ref
from proactive.language.local.detour import cannot, label_of
from proactive.language.local.predicate import (
    Fed,
    Predicate,
    Presence,
    bowl_places,
)
from proactive.language.local.reading import (
    COPULAS,
    WEAK,
    Reading,
    is_plural,
    name_joins,
    quantifier_of,
    texts,
)
from proactive.language.local.span import Span
from proactive.language.outcome import Choice
from rules.home import Home


def fed(reading: Reading) -> Predicate | None:
    eats = [span for span in reading.open("motion") if span.readings["motion"] == "eat"]
    if not eats or reading.words.having("stranger"):
        return None
    own = any(ref.kind == "pet" for span in reading.words.spans for ref in span.refs)
    pets = pets_of(reading, reading.words.spans if own else reading.inherited)
    if not pets and not reading.home.pets:
        raise cannot("no_pet", "This home lists no pet.", "Add one with its name, species and looks.")
    if not pets:
        pets = tuple(which("subject", "Which pet do you mean:", [pet.id for pet in reading.home.pets], reading.home))
    if not bowl_places(reading.home, pets):
        raise cannot(
            "nobody_looks",
            f"No camera here looks at a bowl of {label_of(pets[0], reading.home)}.",
            "Draw a zone called 'food_bowl' on the camera that sees it.",
        )
    _one_side(reading, eats[0], pets)
    _own_bowl(reading, pets)
    reading.take(*eats, *reading.open("meal"), *reading.words.having("nobody"))
    reading.take(
        *(s for s in reading.words.spans if s.is_("speaker") or s.text in ("someone", "somebody", "anyone", "anybody"))
    )
    reading.take(
        *(s for s in reading.words.spans if any(r.kind == "place" and _is_bowl_ref(r, reading.home) for r in s.refs))
    )
    several = len(pets) > 1
    joins = name_joins(reading)
    plural = several and "or" not in joins and not _any_of(reading, pets)
    later = bool(texts(reading) & {"lunch", "dinner", "supper"})
    return Fed(pets, plural, seen=not any("fed" in span.text.split() for span in eats), later_meal=later)


def _any_of(reading: Reading, pets: tuple[str, ...]) -> bool:
    named = [s for s in (*reading.words.spans, *reading.inherited) if any(ref.id in pets for ref in s.refs)]
    return not any(is_plural(s) for s in named) and quantifier_of(reading, named) == "any"


def _one_side(reading: Reading, eats: Span, pets: tuple[str, ...]) -> None:
    """Raise a detour where one pet eats what is another's: nothing here sees whose food it is."""
    spans = [s for s in reading.words.spans if any(ref.id in pets for ref in s.refs)]
    before, after = [s for s in spans if s.start < eats.start], [s for s in spans if s.start > eats.start]
    owners = [s for s in spans if s.text.endswith(("'s", "s'"))]
    if (before and after) or (owners and len(pets) > 1):
        raise cannot("whose_food", "I can see who is at a bowl, but not whose food it is.", "Name one pet.")


def _own_bowl(reading: Reading, pets: tuple[str, ...]) -> None:
    """Raise a detour where pets eat at a bowl that is another's: a dog at the horse's trough."""
    for span in reading.words.spans:
        bowls = [ref for ref in span.refs if ref.kind == "place" and ref.zone and _is_bowl_ref(ref, reading.home)]
        if bowls and not any(_is_bowl_ref(ref, reading.home, pets) for ref in bowls):
            message = f"{label_of(pets[0], reading.home)} is not known to eat at the {span.text}."
            raise cannot("whose_food", message, "Say 'is at' for where somebody is.")


def _is_bowl_ref(ref: Ref, home: Home, pets: tuple[str, ...] = ()) -> bool:
    return any(
        ref.id == camera and (ref.zone is None or ref.zone == zone.get("zone") or ref.zone in (zone.get("zone") or ()))
        for camera, zone in bowl_places(home, pets)
    )


def pets_of(reading: Reading, spans: Iterable[Span]) -> tuple[str, ...]:
    """Return the pets that spans name: all of a plural, one of a singular; asks where a singular could be several."""
    found: list[str] = []
    for span in spans:
        refs = [ref for ref in span.refs if ref.kind == "pet"]
        if not refs:
            continue
        reading.take(span)
        ids = list(dict.fromkeys(ref.id for ref in refs))
        if len(ids) > 1 and not is_plural(span) and quantifier_of(reading, [span]) is None:
            ids = which("subject", f"Which {span.text} do you mean:", ids, reading.home, several=True)
        found += ids
    return tuple(dict.fromkeys(found))


Who = tuple[str, ...] | Literal["anyone", "everyone"]


def presence(reading: Reading) -> Predicate | None:
    motions = [
        s
        for s in reading.open("motion")
        if s.readings["motion"] in ("home", "away") or s.readings["motion"] == "leave" or s.text.startswith("arriv")
    ]
    strong = [s for s in motions if s.text not in WEAK] or [s for s in motions if s.text in ("home", "out")]
    if not strong or any(_thing(s) for s in reading.words.spans if s is not strong[0]):
        return None
    who = _who(reading)
    if who is None:
        return None
    taken = [s for s in reading.words.spans if s.start in reading.used and s.refs]
    if any(s.text == "we" for s in reading.words.spans):
        who = _all_of_us(strong[0])
    reading.take(*strong)
    motion = strong[0].readings["motion"]
    state = "away" if motion in ("leave", "away") else "home"
    said = texts(reading)
    verbless = strong[0].text in ("gone", "away") and not said & _AUXILIARIES
    static = (bool(said & COPULAS) or verbless) and strong[0].text in (
        "home",
        "at home",
        "is home",
        "away",
        "out",
        "out of the house",
        "not at home",
        "gone",
        "in the house",
        "inside the house",
    )
    joins = name_joins(reading) | {s.text for s in reading.words.having("not")}
    some = bool(joins & {"or", "neither", "neither of", "none of", "no"}) or quantifier_of(reading, taken) == "any"
    several = "and" in joins or bool(reading.words.having("quantifier") and not some)
    return Presence(who, "home" if state == "home" else "away", static, some, several)


_AUXILIARIES = frozenset("has have had gets get got going go goes comes come".split())


def _thing(span: Span) -> bool:
    """Say whether a span names a device or place and nobody."""
    return bool(span.refs) and not any(ref.kind == "person" for ref in span.refs)


def _who(reading: Reading) -> Who | None:
    spans = reading.words.spans
    somebody = [s for s in spans if s.text in ("someone", "somebody")]
    if somebody and any(s.text == "not" for s in reading.words.having("not")):
        reading.take(*somebody)
        return "everyone"  # "someone isn't home" is that not everyone is
    if reading.words.having("nobody") or any(s.text in ("anyone", "anybody", "someone", "somebody") for s in spans):
        reading.take(
            *reading.words.having("nobody"),
            *(s for s in spans if s.text in ("anyone", "anybody", "someone", "somebody")),
        )
        return "anyone"
    if reading.words.having("everyone"):
        reading.take(*reading.words.having("everyone"))
        return "everyone"
    people: list[str] = []
    own = any(ref.kind == "person" for span in spans for ref in span.refs) or any(
        span.is_("speaker") and span.text in ("i", "we") for span in spans
    )
    for span in spans if own else [*spans, *reading.inherited]:
        refs = [ref.id for ref in span.refs if ref.kind == "person"]
        if refs:
            people += refs
            reading.take(span)
        elif span.is_("speaker") and span.text in ("i", "we") and span in spans:
            people += _speaker(reading)
            reading.take(span)
    return tuple(dict.fromkeys(people)) or None


def _all_of_us(motion: Span) -> Who:
    """Return who "we" are: when we are away nobody is home; when we come home it may be one or all."""
    if motion.readings["motion"] in ("away", "leave"):
        return "everyone"
    choices = [Choice("anyone", "anyone of us"), Choice("everyone", "all of us")]
    return (
        "anyone"
        if choose("subject", "Who do you mean by 'we': anyone, or all of you?", choices) == "anyone"
        else "everyone"
    )


def _speaker(reading: Reading) -> list[str]:
    if reading.speaker is None:
        return which("subject", "Who are you:", [p.id for p in reading.home.people], reading.home)
    return [reading.speaker]
