"""Statements: a clause's content words become one predicate about the home, or a detour says why not.

Each reader below knows one kind of predicate. It uses up the spans that it understands; what is left over afterwards
must be empty of content, so that no word of the sentence is ever ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from proactive.language.local import lexicon
from proactive.language.local.catalogue import Ref, catalogue_of
from proactive.language.local.clause import Link, Times, Words
from proactive.language.local.detour import ask, ask_which, cannot, label_of
from proactive.language.local.lexicon import Meaning, Motion
from proactive.language.local.predicate import (
    Fed,
    Happening,
    Part,
    Predicate,
    Presence,
    Sight,
    Sky,
    SkyEvent,
    State,
    bowl_places,
)
from proactive.language.local.span import Span
from proactive.language.local.token import stems
from rules.home import Device, Home

_COPULAS = frozenset("is are am be been was were stay remain left still leave leaving kept sit".split())
_WEAK = frozenset(("in", "on", "at", "home", "out", "is", "been", "off", "a", "an"))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a clause says: a predicate, or only times; `negated` where it says that it is not so."""

    link: Link
    predicate: Predicate | None
    negated: bool
    times: Times
    left: bool = False
    count: int | None = None
    more_than: bool = False
    subjects: tuple[Span, ...] = ()


@dataclass(slots=True)
class Reading:
    """A clause while it is read: its words, which of them are used, and where it is read."""

    words: Words
    home: Home
    speaker: str | None
    used: set[int] = field(default_factory=set)

    def take(self, *spans: Span) -> None:
        """Mark spans as understood."""
        self.used.update(span.start for span in spans)

    def open(self, *labels: str) -> list[Span]:
        """Return the spans with any of the readings that are not used yet."""
        return [span for span in self.words.having(*labels) if span.start not in self.used]

    def leftovers(self) -> list[Span]:
        """Return the spans that carry content and were not used."""
        return [span for span in self.words.spans if span.start not in self.used and not _is_empty(span)]


def _is_empty(span: Span) -> bool:
    """Say whether a span carries no content: an article, an auxiliary, "not", "left" before a state."""
    return "filler" in span.readings or span.is_("left", "not", "pronoun", "join") or set(span.readings) <= {"quantifier"}


def read_statement(words: Words, home: Home, speaker: str | None, inherited: Sequence[Span] = ()) -> Statement:
    """Return what a clause says. `inherited` are the subjects of the clause before. Raise DetourError."""
    _no_possessors(words)
    reading = Reading(words, home, speaker)
    _with_temperatures(reading)
    count, more = _count(reading)
    predicate = _predicate(reading, inherited)
    if words.unknown:
        raise _unknown(words, home)
    if predicate is not None:
        _take_around(reading, predicate)
    left = reading.leftovers()
    if left:
        raise _not_understood(left)
    negated = words.negations % 2 == 1
    left_word = bool(words.having("left")) and any(s.text in ("left", "leave", "leaving", "kept", "forgotten", "leaves") for s in words.having("left"))
    subjects = tuple(span for span in words.spans if span.refs or span.is_("label", "stranger", "speaker"))
    return Statement(words.link, predicate, negated, words.times, left_word, count, more, subjects)


def _no_possessors(words: Words) -> None:
    """Raise a detour at "Greg's daughter": the home lists names, and not who is whose."""
    for one, other in pairwise(words.spans):
        owner = one.text.endswith(("'s", "s'")) and any(ref.kind == "person" for ref in one.refs)
        if owner and any(ref.kind in ("person", "pet") for ref in other.refs):
            raise cannot("whose", f"I do not know who {one.text} {other.text} is.", "Say the name.")


def _predicate(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    readers = (_extreme, _comparison, _fed, _happening, _sky, _presence, _state, _sight, _implied)
    for reader in readers:
        found = reader(reading, inherited)
        if found is not None:
            return found
    if reading.words.having("meaning", "motion", "event", "mention") and not reading.words.times.any():
        return None
    return None


def _take_around(reading: Reading, predicate: Predicate) -> None:
    """Use up what only qualifies: a measure of a duration ("more than"), a place before a name of its own."""
    spans = reading.words.spans
    for timed in reading.words.times.lengths:
        reading.take(*(s for s in spans if s.is_("compare") and 0 <= timed.at - s.end <= 1))
    if isinstance(predicate, State):
        used = [s for s in spans if s.start in reading.used and any(not r.generic for r in s.refs)]
        places = [s for s in spans if s.refs and all(ref.kind in ("device", "place") for ref in s.refs)]
        reading.take(*(s for s in places if any(other.start == s.end for other in used)))


def _count(reading: Reading) -> tuple[int | None, bool]:
    spans = reading.open("times")
    if not spans:
        return None, False
    span = spans[0]
    reading.take(*spans)
    before = [other for other in reading.words.spans if other.end == span.start and other.is_("compare")]
    reading.take(*before)
    times: int = span.readings["times"]
    above = any(other.readings["compare"] == "above" for other in before)
    return times + above, above


# --- numbers ----------------------------------------------------------------------------------------------------


def _extreme(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    spans = reading.open("extreme")
    mentions = [span for span in reading.words.spans if _numeric_refs(span, reading.home)]
    if not spans or reading.open("number") or not mentions:
        return None
    if reading.words.unknown:
        raise _unknown(reading.words, reading.home)
    raise ask("value", f"What number counts as {spans[0].text} for {mentions[0].text}?")


def _comparison(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    compares, numbers = reading.open("compare"), reading.open("number")
    if not numbers:
        return None
    mentions = [s for s in (*reading.words.spans, *inherited) if _numeric_refs(s, reading.home)]
    if not mentions and inherited:
        mentions = [s for s in inherited if _numeric_refs(s, reading.home)]
    if not mentions:
        return None
    if reading.words.unknown:
        raise _unknown(reading.words, reading.home)
    if not compares:
        raise ask("compare", f"Should I tell you above or below {numbers[0].text}?")
    reading.take(*compares, numbers[0])
    parts, every = _numeric_parts(reading, mentions)
    value, unit = numbers[0].readings["number"]
    compare = compares[0].readings["compare"]
    if len(compares) > 1:
        compare = _agreed(compares)
    threshold = _in_unit(value, unit, parts, reading.home)
    return State(tuple(parts), compares[0].text, every, static=True, compare=compare, threshold=threshold)


def _agreed(compares: Sequence[Span]) -> str:
    said = {span.readings["compare"] for span in compares}
    if len(said) > 1:
        raise _not_understood(compares)
    compared: str = said.pop()
    return compared


def _numeric_refs(span: Span, home: Home) -> list[tuple[Ref, str]]:
    """Return the devices that a span may name, each with the number that is meant."""
    found = []
    for ref in span.refs:
        entry = home.by_id[ref.id]
        if isinstance(entry, Device):
            numbers = [name for name, kind in entry.attributes.items() if kind == "number"]
            attribute = ref.attribute or (numbers[0] if len(numbers) == 1 or numbers[:1] == ["current_temperature"] else None)
            if attribute:
                found.append((ref, attribute))
    return found


def _with_temperatures(reading: Reading) -> None:
    """Let "the freezer is above ten degrees" mean the freezer's temperature, where the home has such a device."""
    warm = any(s.text.split()[-1] in _WARMTH for s in reading.words.having("compare", "extreme"))
    degrees = any(s.readings["number"][1] in _DEGREES for s in reading.words.having("number"))
    if not warm and not degrees:
        return
    phrases = catalogue_of(reading.home).phrases
    spans = reading.words.spans
    for position, span in enumerate(spans):
        refs = phrases.get(f"{stems(span.text)} temperature", []) if span.refs and not _numeric_refs(span, reading.home) else []
        if refs:
            spans[position] = Span(span.start, span.end, span.text, {**span.readings, "mention": tuple(refs)})


_DEGREES = ("", "F", "C")
_WARMTH = frozenset("warm hot cold cooler colder warmer hotter".split())


def _numeric_parts(reading: Reading, mentions: Sequence[Span]) -> tuple[list[Part], bool]:
    home = reading.home
    named = [s for s in mentions if any(not ref.generic for ref, _ in _numeric_refs(s, home))]
    kinds = [s for s in mentions if s not in named]
    reading.take(*mentions)
    if named and kinds:  # "the battery of Greg's phone": a thing, and which of its numbers
        wanted = {attribute for s in kinds for _, attribute in _numeric_refs(s, home)}
        refs = [(r, a) for s in named for r, a in _numeric_refs(s, home) if a in wanted] or [
            (r, a) for s in named for r, a in _attributes(r_of(s), home) if a in wanted
        ]
    else:
        refs = [pair for s in named or kinds for pair in _numeric_refs(s, home)]
    if not refs:
        raise cannot("no_number", f"Nothing here reports a number for {mentions[0].text}.", _reports(mentions, home))
    quantifier = _quantifier(reading, mentions)
    ids = list(dict.fromkeys(ref.id for ref, _ in refs))
    listed = len({id(s) for s in named}) > 1
    if len(ids) > 1 and quantifier is None and not listed:
        raise ask_which("device", f"Which {mentions[0].text} do you mean:", ids, home)
    return [Part(ref.id, attribute) for ref, attribute in dict(((r.id, a), (r, a)) for r, a in refs).values()], quantifier == "all"


def r_of(span: Span) -> tuple[Ref, ...]:
    """Return the named references of a span."""
    return tuple(ref for ref in span.refs if not ref.generic)


def _attributes(refs: Iterable[Ref], home: Home) -> Iterable[tuple[Ref, str]]:
    for ref in refs:
        entry = home.by_id[ref.id]
        if isinstance(entry, Device):
            yield from ((ref, name) for name, kind in entry.attributes.items() if kind == "number")


def _in_unit(value: float, unit: str | None, parts: Sequence[Part], home: Home) -> float:
    """Return a number in the unit that the devices report; only temperatures are converted."""
    reported = {getattr(home.by_id[part.device], "unit", None) for part in parts}
    if not unit or reported == {unit} or len(reported) != 1:
        return value
    own = reported.pop()
    if (unit, own) == ("C", "F"):
        return round(value * 9 / 5 + 32, 1)
    if (unit, own) == ("F", "C"):
        return round((value - 32) * 5 / 9, 1)
    if own is None:
        return value
    raise cannot("wrong_unit", f"That device reports {own}, not {unit}.", f"Say the number in {own}.")


# --- animals and food -------------------------------------------------------------------------------------------


def _fed(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    eats = [span for span in reading.open("motion") if span.readings["motion"] == "eat"]
    if not eats:
        return None
    pets = _pets(reading, [*reading.words.spans, *inherited])
    if reading.words.unknown:
        raise _unknown(reading.words, reading.home)
    if not pets:
        raise ask_which("subject", "Which pet do you mean:", [pet.id for pet in reading.home.pets], reading.home) if reading.home.pets else cannot(
            "no_pet", "This home lists no pet.", "Add one with its name, species and looks."
        )
    if not bowl_places(reading.home):
        raise cannot("nobody_looks", "No camera here looks at a bowl.", "Draw a zone called 'food_bowl' on the camera that sees it.")
    reading.take(*eats, *reading.open("meal"), *reading.words.having("nobody"))
    reading.take(*(s for s in reading.words.spans if s.is_("speaker") or s.text in ("someone", "somebody", "anyone", "anybody")))
    reading.take(*(s for s in reading.words.spans if any(r.kind == "place" and _is_bowl_ref(r, reading.home) for r in s.refs)))
    return Fed(pets)


def _is_bowl_ref(ref: Ref, home: Home) -> bool:
    return any(ref.id == camera and (ref.zone is None or ref.zone == zone.get("zone")) for camera, zone in bowl_places(home))


def _pets(reading: Reading, spans: Iterable[Span]) -> tuple[str, ...]:
    """Return the pets that spans name: all of a plural, one of a singular; asks where a singular could be several."""
    found: list[str] = []
    for span in spans:
        refs = [ref for ref in span.refs if ref.kind == "pet"]
        if not refs:
            continue
        reading.take(span)
        ids = list(dict.fromkeys(ref.id for ref in refs))
        if len(ids) > 1 and not _plural(span) and _quantifier(reading, [span]) is None:
            raise ask_which("subject", f"Which {span.text} do you mean:", ids, reading.home, several=True)
        found += ids
    return tuple(dict.fromkeys(found))


# --- people at home ---------------------------------------------------------------------------------------------


Who = tuple[str, ...] | Literal["anyone", "everyone"]


def _presence(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    motions = [s for s in reading.open("motion") if s.readings["motion"] in ("home", "away") or s.readings["motion"] == "leave"]
    strong = [s for s in motions if s.text not in _WEAK] or [s for s in motions if s.text in ("home", "out")]
    if not strong or any(_thing(s) for s in reading.words.spans if s is not strong[0]):
        return None
    who = _who(reading, inherited)
    if who is None:
        return None
    reading.take(*strong)
    motion = strong[0].readings["motion"]
    state: str = "away" if motion == "leave" else motion
    static = bool(_texts(reading) & _COPULAS) and strong[0].text in ("home", "at home", "is home", "away", "out", "out of the house", "not at home", "gone", "in the house", "inside the house")
    return Presence(who, "home" if state == "home" else "away", static)


def _thing(span: Span) -> bool:
    """Say whether a span names a device or place and nobody."""
    return bool(span.refs) and not any(ref.kind == "person" for ref in span.refs)


def _texts(reading: Reading) -> set[str]:
    return {word for span in reading.words.spans for word in span.text.split()}


def _who(reading: Reading, inherited: Sequence[Span]) -> Who | None:
    spans = reading.words.spans
    if reading.words.having("nobody") or any(s.text in ("anyone", "anybody", "someone", "somebody") for s in spans):
        reading.take(*reading.words.having("nobody"), *(s for s in spans if s.text in ("anyone", "anybody", "someone", "somebody")))
        return "anyone"
    if reading.words.having("everyone"):
        reading.take(*reading.words.having("everyone"))
        return "everyone"
    people: list[str] = []
    for span in [*spans, *inherited]:
        refs = [ref.id for ref in span.refs if ref.kind == "person"]
        if refs:
            people += refs
            reading.take(span)
        elif span.is_("speaker") and span.text in ("i", "we") and span in spans:
            people += _speaker(reading)
            reading.take(span)
    return tuple(dict.fromkeys(people)) or None


def _speaker(reading: Reading) -> list[str]:
    if reading.speaker is None:
        raise ask_which("subject", "Who are you:", [p.id for p in reading.home.people], reading.home)
    return [reading.speaker]


# --- devices ----------------------------------------------------------------------------------------------------


def _happening(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    """Read an event that a device lists: "the doorbell rings", "the kettle starts whistling"."""
    home = reading.home
    for span in reading.open("event"):
        wanted: list[str] = span.readings["event"]
        named = [s for s in (*reading.words.spans, *inherited) if any(_lists(home, r, wanted) for r in s.refs)]
        if named:
            ids = list(dict.fromkeys(ref.id for ref in named[0].refs if _lists(home, ref, wanted)))
            if len(ids) > 1 and not _plural(named[0]) and _quantifier(reading, named) is None:
                raise ask_which("device", f"Which {named[0].text} do you mean:", ids, home, several=True)
            reading.take(span, *named, *reading.words.having("nobody"))
            reading.take(*(s for s in reading.words.spans if s.text in ("someone", "somebody", "anyone", "anybody")))
            return Happening(tuple(ids), _event_of(home, ids[0], wanted), span.text)
        hearers = [d.id for d in home.devices if d.type in lexicon.HEARD_BY and set(d.events) & set(wanted)]
        if hearers:
            reading.take(span, *(s for s in reading.words.spans if s.refs or s.is_("label")))
            return Happening(tuple(hearers), next(e for e in wanted if e in home_events(home, hearers)), span.text)
    return None


def home_events(home: Home, ids: Iterable[str]) -> set[str]:
    """Return the events that some devices list."""
    return {event for i in ids if isinstance(device := home.by_id[i], Device) for event in device.events}


def _lists(home: Home, ref: Ref, wanted: Sequence[str]) -> bool:
    entry = home.by_id[ref.id]
    if not isinstance(entry, Device):
        return False
    # A doorbell that lists no events still rings: its one event needs no name.
    return bool(set(entry.events) & set(wanted)) or (entry.type == "doorbell" and not entry.events and "pressed" in wanted)


def _event_of(home: Home, identity: str, wanted: Sequence[str]) -> str:
    listed = home_events(home, [identity])
    return next((event for event in wanted if event in listed), "")


def _state(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    home = reading.home
    meanings = [s for s in reading.open("meaning") if s.text not in ("on", "in")] or reading.open("meaning")
    mentions = [s for s in reading.words.spans if any(r.kind == "device" for r in s.refs)]
    if not mentions and any(s.text in ("it", "they", "them", "its") for s in reading.words.spans):
        mentions = [s for s in inherited if any(r.kind == "device" for r in s.refs)][-1:]
    mentions = mentions or [s for s in inherited if any(r.kind == "device" for r in s.refs) and meanings]
    if not meanings or not mentions:
        return None
    if reading.words.unknown:
        raise _unknown(reading.words, home)
    meaning_span = meanings[-1] if meanings[-1].text not in ("on", "off") else meanings[0]
    meaning_span = meanings[0] if len(meanings) == 1 else meaning_span
    mentions = [s for s in mentions if s is not meaning_span]
    fitting = [(s, _fitting(s, meaning_span.readings["meaning"], home)) for s in mentions]
    useful = [(s, parts) for s, parts in fitting if parts]
    if not useful:
        if all(_only_place(s) for s in mentions):
            return None
        raise cannot("no_such_report", f"Nothing called {mentions[0].text!r} here reports {meaning_span.text!r}.", _reports(mentions, home))
    parts: list[Part] = []
    for span, found in useful:
        parts += _chosen(reading, span, found)
    reading.take(meaning_span, *mentions, *reading.words.having("nobody"))
    reading.take(*(s for s in reading.words.spans if s.is_("speaker") or s.text in ("someone", "somebody", "anyone", "anybody", "person")))
    aspects = {m.aspect for m in meaning_span.readings["meaning"]}
    static = "is" in aspects or ("either" in aspects and bool(_texts(reading) & _COPULAS or _verbless(reading, meaning_span)))
    if static and meaning_span.text.endswith("s"):
        static = False
    every = _quantifier(reading, [s for s, _ in useful]) == "all"
    return State(tuple(dict.fromkeys(parts)), meaning_span.text, every, static)


def _verbless(reading: Reading, meaning: Span) -> bool:
    """Say whether a state word stands without a verb and without someone who does it: "if Tesla not plugged in"."""
    return meaning.text.endswith(("ed", "plugged in", "off", "on")) and not reading.words.having("speaker", "nobody") and not any(
        s.text in ("someone", "somebody", "get", "gets", "got", "getting") or any(r.kind == "person" for r in s.refs) for s in reading.words.spans
    )


def _only_place(span: Span) -> bool:
    return any(ref.kind == "place" for ref in span.refs)


def _fitting(span: Span, meanings: Sequence[Meaning], home: Home) -> list[tuple[Ref, Part]]:
    """Return the devices that a span may name and that report one of the values; names before kinds."""
    found = []
    for ref in span.refs:
        entry = home.by_id[ref.id]
        if isinstance(entry, Device):
            found += [(ref, part) for meaning in meanings if (part := _part(entry, meaning)) is not None]
    named = [pair for pair in found if not pair[0].generic]
    return named or found


def _part(device: Device, meaning: Meaning) -> Part | None:
    for name, listed in device.attributes.items():
        if meaning.attribute in (None, name) and isinstance(listed, tuple):
            values = tuple(value for value in meaning.values if value in listed and not isinstance(value, bool))
            if values:
                return Part(device.id, name, values)
        if meaning.attribute == name and listed == "boolean":
            return Part(device.id, name, meaning.values)
    if meaning.attribute in ("motion", "power") and device.type == meaning.attribute:
        return _part(device, Meaning(meaning.values, meaning.aspect))
    return None


def _chosen(reading: Reading, span: Span, found: Sequence[tuple[Ref, Part]]) -> list[Part]:
    """Return the devices meant by one mention: asks where one is meant and several fit."""
    parts = list(dict.fromkeys(part for _, part in found))
    ids = list(dict.fromkeys(part.device for part in parts))
    if len(ids) > 1 and (narrower := _narrowed(reading, span, ids)):
        return [part for part in parts if part.device in narrower]
    if len(ids) == 1 or _plural(span) or _quantifier(reading, [span]) is not None:
        return parts
    raise ask_which("device", f"Which {span.text} do you mean:", ids, reading.home, several=True)


def _narrowed(reading: Reading, span: Span, ids: Sequence[str]) -> list[str]:
    """Return those of some devices that another part of the clause names: "motion is detected in the hallway"."""
    for other in reading.words.spans:
        named = [ref.id for ref in other.refs if ref.id in ids and not ref.generic]
        if other is not span and named:
            reading.take(other)
            return named
    return []


def _plural(span: Span) -> bool:
    last = span.text.split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "'s", "us")) and len(last) > 3


def _quantifier(reading: Reading, spans: Sequence[Span]) -> str | None:
    """Return "any" or "all" where a word before one of the spans, or a plural, says so."""
    said = None
    for span in spans:
        for other in reading.words.spans:
            near = 0 <= span.start - other.end <= 2
            if near and "quantifier" in other.readings:
                said = "all" if "all" in (said, other.readings["quantifier"]) else "any"
    for other in reading.words.spans:
        if "quantifier" in other.readings and other.readings["quantifier"] == "all" and len(other.text) > 3:
            said = "all"
    return said or ("any" if any(_plural(span) for span in spans) else None)


def _reports(spans: Sequence[Span], home: Home) -> str:
    """Return a sentence that says what the things named do report."""
    for span in spans:
        for ref in span.refs:
            entry = home.by_id[ref.id]
            if isinstance(entry, Device) and entry.attributes:
                told = ", ".join(_attribute_text(name, kind) for name, kind in entry.attributes.items())
                return f"The {label_of(ref.id, home)} reports {told}."
    return ""


def _attribute_text(name: str, kind: object) -> str:
    values = " or ".join(map(str, kind)) if isinstance(kind, tuple) else "a number" if kind == "number" else name
    return values if name in ("state", "value") else f"{name.replace('_', ' ')} ({values})" if values != name else name


# --- sights -----------------------------------------------------------------------------------------------------


def _sky(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    for span in reading.open("sun"):
        reading.take(span)
        return Sky(span.readings["sun"])
    for span in reading.open("sun_event"):
        reading.take(span)
        return SkyEvent(span.readings["sun_event"])
    return None


def _sight(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    """Read who or what is where: "the dog is on the couch", "a stranger is at the door", "nobody is at my desk"."""
    home = reading.home
    who = _seen(reading, inherited)
    places = _places(reading)
    motions = [s for s in reading.open("motion") if s.readings["motion"] in ("at", "enter", "leave")]
    strong = [s for s in motions if s.text not in _WEAK]
    if who is None or reading.words.unknown or (not places and not strong and not _texts(reading) & {"in", "on", "at", "near"}):
        return None
    if not places and not _in_view(strong):
        return None
    subjects, labels, stranger = who
    reading.take(*motions)
    motion: Motion = (strong or motions)[0].readings["motion"] if strong or motions else "at"
    where = places or [(camera.id, None) for camera in home.cameras]
    return Sight(subjects, labels, tuple(where), motion, stranger) if where else None


def _in_view(strong: Sequence[Span]) -> bool:
    return any(s.text in ("in view", "visible", "seen", "spotted", "detected", "appear", "appears", "show up", "be seen") for s in strong)


def _seen(reading: Reading, inherited: Sequence[Span]) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    spans = reading.words.spans
    if strangers := reading.words.having("stranger"):
        reading.take(*strangers)
        return (), ("person",), True
    subjects: list[str] = []
    labels: list[str] = []
    for span in spans:
        people = [ref.id for ref in span.refs if ref.kind == "person"]
        pets = any(ref.kind == "pet" for ref in span.refs)
        if pets and not (span.is_("label") and _indefinite(reading, span)):
            subjects += _pets(reading, [span])
        elif people:
            subjects += people
            reading.take(span)
        elif span.is_("label") and span.text not in _WEAK:
            labels += span.readings["label"]
            reading.take(span)
        elif span.is_("nobody"):
            labels.append("person")
            reading.take(span)
    if not subjects and not labels:
        return None
    return tuple(dict.fromkeys(subjects)), () if subjects else tuple(dict.fromkeys(labels)), False


def _indefinite(reading: Reading, span: Span) -> bool:
    before = [other for other in reading.words.spans if other.end == span.start]
    return any(other.text in ("a", "an", "any") for other in before)


def _places(reading: Reading) -> list[tuple[str, str | None]]:
    """Return the camera places that the words name; a zone before a whole picture, and the door's camera for a door."""
    found: list[tuple[str, str | None]] = []
    for span in reading.words.spans:
        refs = [ref for ref in span.refs if ref.kind == "place"] or _place_of_device(span, reading.home)
        if not refs or span.start in reading.used:
            continue
        reading.take(span)
        cameras = list(dict.fromkeys(ref.id for ref in refs))
        if len(cameras) > 1 and not _plural(span):
            raise ask_which("place", f"Which {span.text} do you mean:", cameras, reading.home, several=True)
        for camera in cameras:
            zones = [ref.zone for ref in refs if ref.id == camera and ref.zone]
            found += [(camera, zone) for zone in zones] or [(camera, None)]
    return found


def _place_of_device(span: Span, home: Home) -> list[Ref]:
    """Return the cameras whose name holds the device's words: "at the door" is where the front door camera looks."""
    words = set(span.text.split())
    return [Ref("place", c.id) for c in home.cameras if span.refs and words <= set(c.name.lower().split())]


def _implied(reading: Reading, inherited: Sequence[Span]) -> Predicate | None:
    """Read a bare "motion in the backyard", "a leak in the basement", "a power outage": the sensor says it."""
    home = reading.home
    for span in reading.words.spans:
        ids = [
            (ref, device)
            for ref in span.refs
            if isinstance(device := home.by_id[ref.id], Device) and device.type in ("motion", "leak", "smoke")
        ]
        if not ids or not {"motion", "movement", "leak", "smoke"} & set(stems(span.text).split()):
            continue
        alarming = {"motion": "on", "leak": "wet", "smoke": "on"}
        parts = [(r, Part(d.id, "state", (alarming[d.type],))) for r, d in ids if alarming[d.type] in (d.attributes.get("state") or ())]
        if parts:
            detects = [s for s in reading.words.spans if s.text in ("detected", "seen", "detect", "is detected")]
            reading.take(span, *detects)
            return State(tuple(_chosen(reading, span, parts)), span.text, static=False)
    return None


# --- what was not understood ------------------------------------------------------------------------------------


def _unknown(words: Words, home: Home) -> Exception:
    from proactive.language.local.unknown import detour_for

    return detour_for([span.readings["unknown"] for span in words.unknown], home, bool(words.having("motion")))


def _not_understood(spans: Sequence[Span]) -> Exception:
    said = ", ".join(repr(span.text) for span in spans[:3])
    return cannot("not_understood", f"I did not understand {said} in this, so I made no rule.", "Say it in other words.")
