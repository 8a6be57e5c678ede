"""Clauses: one statement about the home with its times, read from spans. Every span must be used, or nothing is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from proactive.language.local.clock import Clock, Date, Days, Length, Part, Sun
from proactive.language.local.span import Span

Preposition = Literal[
    "for",
    "in",
    "within",
    "after",
    "by",
    "before",
    "at",
    "from",
    "until",
    "between",
    "since",
    "every",
    "next",
    "last",
    "",
]
Link = Literal["if", "unless", "while", "and", "or", "then", "but", "until", "after", "except"]

_PREPOSITIONS: dict[str, Preposition] = {
    "for": "for", "in": "in", "within": "within", "after": "after", "by": "by", "before": "before", "at": "at", "from": "from",
    "until": "until", "till": "until", "longer than": "for", "between": "between", "since": "since", "every": "every", "past": "after", "around": "at",
    "each": "every", "to": "until", "-": "until", "longer": "for", "over": "for", "inside": "within", "during": "in", "of": "within", "next": "next", "per": "within",
}  # fmt: skip
_BETWEEN = frozenset(
    "the a an more than at least over about around another last past o same roughly exactly full".split()
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A time with the preposition before it."""

    preposition: Preposition
    value: Clock | Length
    at: int


@dataclass(slots=True)
class Times:
    """The times of a clause or of a whole request."""

    lengths: list[Timed] = field(default_factory=list)
    clocks: list[Timed] = field(default_factory=list)
    days: list[Days] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    dates: list[Date] = field(default_factory=list)
    suns: list[Sun] = field(default_factory=list)
    once: bool = False

    def any(self) -> bool:
        """Say whether there is any time at all."""
        return bool(self.lengths or self.clocks or self.days or self.parts or self.dates or self.suns or self.once)

    def add(self, other: Times) -> None:
        """Take in the times of another clause."""
        self.lengths += other.lengths
        self.clocks += other.clocks
        self.days += other.days
        self.parts += other.parts
        self.dates += other.dates
        self.suns += other.suns
        self.once = self.once or other.once


@dataclass(slots=True)
class Segment:
    """The spans of one clause and how it is linked to what came before."""

    link: Link
    spans: list[Span]
    opener: Span | None = None


@dataclass(slots=True)
class Words:
    """The content words of a clause by their role, in order, after its times were taken out."""

    link: Link
    spans: list[Span]
    times: Times
    negations: int = 0
    unknown: list[Span] = field(default_factory=list)
    dropped: list[Span] = field(default_factory=list)

    def having(self, *labels: str) -> list[Span]:
        """Return the spans that have any of the readings."""
        return [span for span in self.spans if any(label in span.readings for label in labels)]


def words_of(segment: Segment, before: Sequence[Span]) -> Words:
    """Return a clause's content words and times; `before` are all spans of the sentence, for the prepositions."""
    words = Words(segment.link, [], Times())
    words.negations = int(segment.opener is not None and segment.opener.text == "but not")
    for span in segment.spans:
        _sort(span, words, before)
    return words


def _sort(span: Span, words: Words, before: Sequence[Span]) -> None:
    readings = span.readings
    times = words.times
    if "length" in readings:
        times.lengths.append(Timed(_preposition(span, before), readings["length"], span.start))
    elif "clock" in readings:
        times.clocks.append(Timed(_preposition(span, before), readings["clock"], span.start))
    elif "days" in readings:
        times.days.append(readings["days"])
    elif "part" in readings:
        times.parts.append(readings["part"])
    elif "sun_time" in readings:
        times.suns.append(readings["sun_time"])
    elif "date" in readings:
        times.dates.append(readings["date"])
    elif "one_off" in readings:
        times.once = True
        words.dropped.append(span)
    elif "unknown" in readings:
        words.unknown.append(span)
    elif "not" in readings or "nobody" in readings:
        words.negations += 1
        words.spans.append(span)
    else:
        words.spans.append(span)


def _preposition(span: Span, before: Sequence[Span]) -> Preposition:
    """Return the preposition that governs a time: in "for more than ten minutes" it is "for"."""
    position = next(i for i, other in enumerate(before) if other.start == span.start)
    if "length" in span.readings and _measured_from(before, position):
        return "after"
    for other in reversed(before[:position]):
        last = other.text if other.text in _PREPOSITIONS else other.text.split()[-1]
        if "length" in span.readings and last in ("last", "past"):
            return "last"
        if last in _PREPOSITIONS and not (last == "over" and _governed(other, before)):
            return _PREPOSITIONS[last]
        if not all(word in _BETWEEN for word in other.text.split()) and "compare" not in other.readings:
            return "for" if other.text == "long" else ""
    return ""


def _measured_from(before: Sequence[Span], position: int) -> bool:
    """Say whether a length is "ten minutes after", which is a moment, and not "within ten minutes after"."""
    after = before[position + 1].text if position + 1 < len(before) else ""
    previous = before[position - 1].text.split()[-1] if position else ""
    return after in ("after", "later") and previous not in ("within", "in", "inside")


def _governed(span: Span, before: Sequence[Span]) -> bool:
    position = before.index(span)
    return position > 0 and before[position - 1].text in ("for", "in")
