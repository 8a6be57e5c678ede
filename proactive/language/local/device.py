"""Devices: the values they report ("is left open", "finishes"), the events they list, and what a bare noun implies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proactive.language.local import lexicon
from proactive.language.local.answer import which
from proactive.language.local.catalogue import Ref
from proactive.language.local.detour import cannot
from proactive.language.local.lexicon import Meaning
from proactive.language.local.predicate import (
    Happening,
    Part,
    Predicate,
    State,
)
from proactive.language.local.reading import (
    COPULAS,
    Reading,
    is_plural,
    quantifier_of,
    reports,
    texts,
)
from proactive.language.local.span import Span
from proactive.language.local.token import stems
from rules.home import Device, Home


def happening(reading: Reading) -> Predicate | None:
    """Read an event that a device lists: "the doorbell rings", "the kettle starts whistling"."""
    home = reading.home
    for span in reading.open("event"):
        if span.is_("meaning") and texts(reading) & COPULAS:
            continue  # "is not armed" is how it stands, not what happened
        wanted: list[str] = span.readings["event"]
        named = [s for s in (*reading.words.spans, *reading.inherited) if any(_lists(home, r, wanted) for r in s.refs)]
        if named:
            ids = list(dict.fromkeys(ref.id for ref in named[0].refs if _lists(home, ref, wanted)))
            if len(ids) > 1 and not is_plural(named[0]) and quantifier_of(reading, named) is None:
                ids = which("device", f"Which {named[0].text} do you mean:", ids, home, several=True)
            reading.take(span, *named, *reading.words.having("nobody"))
            reading.take(*(s for s in reading.words.spans if s.text in ("someone", "somebody", "anyone", "anybody")))
            return Happening(tuple(ids), _event_of(home, ids[0], wanted), span.text)
        if rung := _rung(reading, span):
            return rung
        # Before the sound stands who makes it, after it where: that has to be where something listens.
        where = [s for s in reading.words.spans if s.refs and s.start > span.start]
        who = [s for s in reading.words.spans if (s.refs or s.is_("label")) and s.start < span.start]
        listening = (d for d in home.devices if d.type in lexicon.HEARD_BY and set(d.events) & set(wanted))
        hearers = [d.id for d in listening if all(any(ref.id == d.id for ref in s.refs) for s in where)]
        if hearers:
            reading.take(span, *where, *who)
            return Happening(tuple(hearers), next(e for e in wanted if e in home_events(home, hearers)), span.text)
    return None


def _rung(reading: Reading, span: Span) -> Happening | None:
    """Read "someone rings" as the doorbell, where nothing else is said to ring."""
    home = reading.home
    bells = [d.id for d in home.devices if d.type == "doorbell"]
    others = [s for s in reading.words.spans if s.refs and s is not span]
    if not bells or others or "pressed" not in span.readings["event"]:
        return None
    if len(bells) > 1:
        bells = which("device", "Which doorbell do you mean:", bells, home, several=True)
    reading.take(span, *(s for s in reading.words.spans if s.is_("label", "nobody")))
    return Happening(tuple(bells), _event_of(home, bells[0], ["pressed"]), span.text)


def home_events(home: Home, ids: Iterable[str]) -> set[str]:
    """Return the events that some devices list."""
    return {event for i in ids if isinstance(device := home.by_id[i], Device) for event in device.events}


def _lists(home: Home, ref: Ref, wanted: Sequence[str]) -> bool:
    entry = home.by_id[ref.id]
    if not isinstance(entry, Device):
        return False
    # A doorbell that lists no events still rings: its one event needs no name.
    return bool(set(entry.events) & set(wanted)) or (
        entry.type == "doorbell" and not entry.events and "pressed" in wanted
    )


def _event_of(home: Home, identity: str, wanted: Sequence[str]) -> str:
    listed = home_events(home, [identity])
    return next((event for event in wanted if event in listed), "")


def state(reading: Reading) -> Predicate | None:
    home = reading.home
    meanings = [s for s in reading.open("meaning") if s.text not in ("on", "in")] or reading.open("meaning")
    mentions = [s for s in reading.words.spans if any(r.kind == "device" for r in s.refs)]
    if not mentions and any(s.text in ("it", "they", "them", "its") for s in reading.words.spans):
        mentions = [s for s in reading.inherited if any(r.kind == "device" for r in s.refs)][-1:]
    mentions = mentions or [s for s in reading.inherited if any(r.kind == "device" for r in s.refs) and meanings]
    if meanings and meanings[0].text.startswith("answer"):
        return _answered(reading, meanings[0])
    mentions = mentions or [only for span in meanings if (only := _only_reporter(span, home)) is not None]
    if not meanings or not mentions:
        return None
    meaning_span = meanings[-1] if meanings[-1].text not in ("on", "off") else meanings[0]
    meaning_span = meanings[0] if len(meanings) == 1 else meaning_span
    mentions = [s for s in mentions if s is not meaning_span]
    fitting = [(s, _fitting(s, meaning_span.readings["meaning"], home)) for s in mentions]
    useful = [(s, parts) for s, parts in fitting if parts]
    if not useful:
        if all(_only_place(s) for s in mentions):
            return None
        raise cannot(
            "no_such_report",
            f"Nothing called {mentions[0].text!r} here reports {meaning_span.text!r}.",
            reports(mentions, home),
        )
    parts: list[Part] = []
    for span, found in useful:
        parts += _chosen(reading, span, found)
    reading.take(meaning_span, *(span for span, _ in useful), *reading.words.having("nobody"))
    reading.take(
        *(
            s
            for s in reading.words.spans
            if s.text in ("i", "we", "you") or s.text in ("someone", "somebody", "anyone", "anybody", "person")
        )
    )
    aspects = {m.aspect for m in meaning_span.readings["meaning"]}
    static = "is" in aspects or (
        "either" in aspects and bool(texts(reading) & COPULAS or _verbless(reading, meaning_span))
    )
    if static and meaning_span.text.endswith("s"):
        static = False
    if reading.words.negations and all(value in lexicon.RESTING for part in parts for value in part.values or ()):
        static = True
    every = quantifier_of(reading, [s for s, _ in useful]) == "all" or (static and _listed_with_and(reading, useful))
    # "The doors are locked" is all of them; "the windows are open" is any: what alarms is one that is not at rest.
    at_rest = all(value in lexicon.RESTING for part in parts for value in part.values or ())
    plural = any(is_plural(s) for s, _ in useful) and not _some_of(reading, [s for s, _ in useful])
    every = every or (static and at_rest and plural and not reading.words.negations)
    return State(tuple(dict.fromkeys(parts)), meaning_span.text, every, static)


def _answered(reading: Reading, span: Span) -> State | None:
    """Read "nobody answers (the door)" as that a door opens: the one that the doorbell is named after, or the only one."""
    doors = [d for d in reading.home.devices if d.type == "door" and "open" in (d.attributes.get("state") or ())]
    bells = {word for d in reading.home.devices if d.type == "doorbell" for word in stems(d.name).split()}
    meant = [d for d in doors if bells & set(stems(d.name).split()) - {"door"}] or doors
    if not meant:
        return None
    reading.take(span, *(s for s in reading.words.spans if s.refs or s.is_("nobody", "label")))
    ids = [door.id for door in meant]
    if len(ids) > 1:
        ids = which("device", "Which door is it that is answered:", ids, reading.home)
    return State((Part(ids[0], "state", ("open",)),), "opens", static=False)


def _only_reporter(span: Span, home: Home) -> Span | None:
    """Return what goes without saying: "rain is forecast" is said of the one thing that reports it."""
    named = [meaning for meaning in span.readings["meaning"] if meaning.attribute not in (None, "motion", "power")]
    found = [device for device in home.devices if any(_part(device, meaning) for meaning in named)]
    if len(found) != 1:
        return None
    return Span(span.start, span.end, span.text, {"mention": (Ref("device", found[0].id, generic=True),)})


def _some_of(reading: Reading, spans: Sequence[Span]) -> bool:
    """Say whether a word before a plural says that any of them is enough: "any doors", "one of the doors"."""
    return any(
        0 <= span.start - other.end <= 2 and other.readings.get("quantifier") == "any"
        for span in spans
        for other in reading.words.spans
    )


def _listed_with_and(reading: Reading, useful: Sequence[tuple[Span, object]]) -> bool:
    """Say whether "the left and the right door are open" means both."""
    joins = [span.text for span in reading.words.spans if span.is_("join")]
    return len(useful) > 1 and "and" in joins and "or" not in joins


def _verbless(reading: Reading, meaning: Span) -> bool:
    """Say whether a state word stands without a verb and without someone who does it: "if Tesla not plugged in"."""
    return (
        meaning.text.endswith(("ed", "plugged in", "off", "on"))
        and not reading.words.having("speaker", "nobody")
        and not any(
            s.text in ("someone", "somebody", "get", "gets", "got", "getting")
            or any(r.kind == "person" for r in s.refs)
            for s in reading.words.spans
        )
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
    if meaning.values == lexicon.GOING_OFF.values and device.type not in lexicon.ALARMING:
        meaning = Meaning(("off",), "becomes")  # an alarm that goes off sounds, and a light that goes off is off
    for name, listed in device.attributes.items():
        if meaning.attribute in (None, name) and isinstance(listed, tuple):
            values = tuple(value for value in meaning.values if value in listed and not isinstance(value, bool))
            if values:
                return Part(device.id, name, values)
        if meaning.attribute == name and listed == "boolean":
            return Part(device.id, name, meaning.values)
    if meaning.attribute == "appliance" and device.type in _USED:
        return _part(device, Meaning(meaning.values, meaning.aspect))
    if meaning.attribute in ("motion", "power") and device.type == meaning.attribute:
        return _part(device, Meaning(meaning.values, meaning.aspect))
    return None


# What is on while it is used; a light is on for whoever is there.
_USED = frozenset("washing_machine dryer dishwasher oven stove switch tv vacuum speaker".split())


def _chosen(reading: Reading, span: Span, found: Sequence[tuple[Ref, Part]]) -> list[Part]:
    """Return the devices meant by one mention: asks where one is meant and several fit."""
    parts = list(dict.fromkeys(part for _, part in found))
    ids = list(dict.fromkeys(part.device for part in parts))
    if len(ids) > 1 and (narrower := _narrowed(reading, span, ids)):
        return [part for part in parts if part.device in narrower]
    if len(ids) == 1 or is_plural(span) or quantifier_of(reading, [span]) is not None:
        return parts
    chosen = which("device", f"Which {span.text} do you mean:", ids, reading.home, several=True)
    return [part for part in parts if part.device in chosen]


def _narrowed(reading: Reading, span: Span, ids: Sequence[str]) -> list[str]:
    """Return those of some devices that another part of the clause names: "motion is detected in the hallway"."""
    for other in reading.words.spans:
        named = [ref.id for ref in other.refs if ref.id in ids and not ref.generic]
        if other is not span and named:
            reading.take(other)
            return named
    return []


def _told_by_a_noun(reading: Reading) -> Predicate | None:
    """Read a bare "outages" of the power, and "the doorbell" as its ringing."""
    home = reading.home
    power = [d.id for d in home.devices if d.type == "power" and "outage" in (d.attributes.get("state") or ())]
    for span in reading.words.spans:
        if stems(span.text) in ("outage", "power cut", "blackout") and len(power) == 1:
            reading.take(span, *(s for s in reading.words.spans if any(ref.id == power[0] for ref in s.refs)))
            return State((Part(power[0], "state", ("outage",)),), "goes out", static=False)
        bells = [ref.id for ref in span.refs if getattr(home.by_id[ref.id], "type", "") == "doorbell"]
        if len(set(bells)) == 1 and "bell" in span.text:
            reading.take(span)
            return Happening((bells[0],), _event_of(home, bells[0], ["pressed"]), span.text)
    return None


def implied(reading: Reading) -> Predicate | None:
    """Read a bare "motion in the backyard", "a leak in the basement", "3 outages", "the doorbell": the device says it."""
    home = reading.home
    if (told := _told_by_a_noun(reading)) is not None:
        return told
    for span in reading.words.spans:
        ids = [
            (ref, device)
            for ref in span.refs
            if isinstance(device := home.by_id[ref.id], Device) and device.type in ("motion", "leak", "smoke")
        ]
        if not ids or not {"motion", "movement", "activity", "leak", "smoke"} & set(stems(span.text).split()):
            continue
        alarming = {"motion": "on", "leak": "wet", "smoke": "on"}
        parts = [
            (r, Part(d.id, "state", (alarming[d.type],)))
            for r, d in ids
            if alarming[d.type] in (d.attributes.get("state") or ())
        ]
        if parts:
            detects = [s for s in reading.words.spans if s.text in ("detected", "seen", "detect", "is detected")]
            reading.take(span, *detects)
            return State(tuple(_chosen(reading, span, parts)), span.text, static=False)
    return None
