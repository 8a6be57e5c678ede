"""Amounts: "above ten degrees", "lower than 40% according to all sensors", and limits that no number was said for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from proactive.language.local.answer import choose, number_for, which
from proactive.language.local.catalogue import Ref
from proactive.language.local.detour import cannot
from proactive.language.local.predicate import (
    Part,
    Predicate,
    State,
)
from proactive.language.local.reading import (
    Reading,
    name_joins,
    not_understood,
    quantifier_of,
    reports,
)
from proactive.language.local.span import Span
from proactive.language.outcome import Choice
from rules.home import Device, Home

_DEGREES = ("", "F", "C")


_LOW = frozenset(("low", "cold"))
_SIDES = (Choice("above", "above"), Choice("below", "below"))


def extreme(reading: Reading) -> Predicate | None:
    spans = reading.open("extreme")
    mentions = [span for span in reading.words.spans if numeric_refs(span, reading.home)]
    if not spans or reading.open("number") or not mentions:
        return None
    value = number_for("value", f"What number counts as {spans[0].text} for {mentions[0].text}?")
    side: Literal["above", "below"] = "below" if set(spans[0].text.split()) & _LOW else "above"
    reading.take(*spans)
    parts, every = _numeric_parts(reading, mentions)
    return State(tuple(parts), spans[0].text, every, compare=side, threshold=value)


def comparison(reading: Reading) -> Predicate | None:
    compares = [span for span in reading.open("compare") if not _measures_a_length(span, reading)]
    numbers = reading.open("number")
    if not numbers:
        return None
    mentions = [s for s in reading.words.spans if numeric_refs(s, reading.home)]
    if not mentions and reading.inherited:
        mentions = [s for s in reading.inherited if numeric_refs(s, reading.home)]
    if not mentions:
        return None
    if (found := _between(reading, mentions, numbers)) is not None:
        return found
    side: Literal["above", "below", "reach", "most"] = "above"
    if not compares:
        chosen = choose("compare", f"Should I tell you above or below {numbers[0].text}?", _SIDES)
        side = "below" if chosen == "below" else "above"
    elif numbers[0].start < compares[0].start:
        raise not_understood([compares[0]])  # "two degrees colder than the bedroom" compares two things
    reading.take(*compares, numbers[0])
    parts, every = _numeric_parts(reading, mentions)
    value, unit = numbers[0].readings["number"]
    compare = _agreed(compares) if compares else side
    threshold = _in_unit(value, unit, parts, reading.home)
    word = compares[0].text if compares else compare
    return State(tuple(parts), word, every, static=True, compare=compare, threshold=threshold)


def _measures_a_length(span: Span, reading: Reading) -> bool:
    """Say whether a comparison is of a length: "for over two hours"."""
    return any(0 <= timed.at - span.end <= 1 for timed in reading.words.times.lengths)


def _between(reading: Reading, mentions: Sequence[Span], numbers: Sequence[Span]) -> State | None:
    """Read "is between 60 and 70 degrees", both of which count; the unit of one is that of the other."""
    spans = reading.words.spans
    ranged = len(numbers) == 2 and any(s.text == "between" and 0 <= numbers[0].start - s.end <= 1 for s in spans)
    if not ranged or reading.open("compare"):
        return None
    reading.take(*numbers, *(s for s in spans if numbers[0].end <= s.start < numbers[1].start))
    parts, every = _numeric_parts(reading, mentions)
    units = [span.readings["number"][1] for span in numbers]
    low, high = (_in_unit(span.readings["number"][0], units[0] or units[1], parts, reading.home) for span in numbers)
    return State(tuple(parts), "between", every, compare="between", threshold=low, upper=high)


def _agreed(compares: Sequence[Span]) -> Literal["above", "below", "reach", "most"]:
    said = {span.readings["compare"] for span in compares}
    if len(said) > 1:
        raise not_understood(compares)
    compared: Literal["above", "below", "reach", "most"] = said.pop()
    return compared


def numeric_refs(span: Span, home: Home) -> list[tuple[Ref, str]]:
    """Return the devices that a span may name, each with the number that is meant."""
    found = []
    for ref in span.refs:
        entry = home.by_id[ref.id]
        if isinstance(entry, Device):
            numbers = [name for name, kind in entry.attributes.items() if kind == "number"]
            attribute = ref.attribute or (
                numbers[0] if len(numbers) == 1 or numbers[:1] == ["current_temperature"] else None
            )
            if attribute:
                found.append((ref, attribute))
    return found


def _numeric_parts(reading: Reading, mentions: Sequence[Span]) -> tuple[list[Part], bool]:
    home = reading.home
    named = [s for s in mentions if any(not ref.generic for ref, _ in numeric_refs(s, home))]
    kinds = [s for s in mentions if s not in named]
    reading.take(*mentions)
    if named and kinds:  # "the battery of Greg's phone": a thing, and which of its numbers
        wanted = {attribute for s in kinds for _, attribute in numeric_refs(s, home)}
        refs = [(r, a) for s in named for r, a in numeric_refs(s, home) if a in wanted] or [
            (r, a) for s in named for r, a in _attributes(_named(s), home) if a in wanted
        ]
    else:
        refs = [pair for s in named or kinds for pair in numeric_refs(s, home)]
    if not refs:
        raise cannot("no_number", f"Nothing here reports a number for {mentions[0].text}.", reports(mentions, home))
    quantifier = quantifier_of(reading, mentions)
    ids = list(dict.fromkeys(ref.id for ref, _ in refs))
    each = all(len({ref.id for ref, _ in numeric_refs(s, home)}) == 1 for s in kinds)
    listed = len(named) > 1 or (not named and len(kinds) > 1 and each and bool(name_joins(reading)))
    if len(ids) > 1 and quantifier is None and not listed:
        meant = which("device", f"Which {mentions[0].text} do you mean:", ids, home)
        refs = [(ref, attribute) for ref, attribute in refs if ref.id in meant]
    parts = dict.fromkeys(Part(ref.id, attribute) for ref, attribute in refs)
    return list(parts), quantifier == "all" or "and" in name_joins(reading)


def _named(span: Span) -> tuple[Ref, ...]:
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
