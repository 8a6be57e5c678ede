"""A reading: one clause while it is understood, which of its words are used up, and what grammar tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from proactive.language.local.clause import Words
from proactive.language.local.detour import DetourError, cannot, label_of
from proactive.language.local.span import Span
from proactive.language.local.unknown import detour_for
from rules.home import Device, Home


def _is_empty(span: Span) -> bool:
    """Say whether a span carries no content: an article, an auxiliary, "not", "left" before a state."""
    return (
        "filler" in span.readings or span.is_("left", "not", "pronoun", "join") or set(span.readings) <= {"quantifier"}
    )


@dataclass(slots=True)
class Reading:
    """A clause while it is read: its words, the subjects before it, which words are used, and where it is read."""

    words: Words
    home: Home
    speaker: str | None
    inherited: tuple[Span, ...] = ()
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


COPULAS = frozenset(
    "is are am be been was were stay stays stayed remained remain remains left still leave leaves leaving kept sit".split()
)


WEAK = frozenset(("in", "on", "at", "home", "out", "is", "been", "off", "a", "an"))


def texts(reading: Reading) -> set[str]:
    return {word for span in reading.words.spans for word in span.text.split()}


def is_plural(span: Span) -> bool:
    last = span.text.split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "'s", "us")) and len(last) > 3


def quantifier_of(reading: Reading, spans: Sequence[Span]) -> str | None:
    """Return "any" or "all" where a word before one of the spans, or a plural, says so."""
    said = None
    for span in spans:
        for other in reading.words.spans:
            near = 0 <= span.start - other.end <= 2
            if near and "quantifier" in other.readings:
                said = "all" if "all" in (said, other.readings["quantifier"]) else "any"
    for other in reading.words.spans:
        if "quantifier" in other.readings and other.readings["quantifier"] == "all":
            said = "all"
    return said or ("any" if any(is_plural(span) for span in spans) else None)


def name_joins(reading: Reading) -> set[str]:
    """Return the joins between names: "and" of "Miso and Nori", and not of "between ten and six"."""
    spans = [s for s in reading.words.spans if s.is_("join") or not s.is_("filler")]
    return {
        join.text
        for before, join, after in zip(spans, spans[1:], spans[2:], strict=False)
        if join.is_("join") and _names(before) and (_names(after) or after.is_("quantifier"))
    }


def _names(span: Span) -> bool:
    return bool(span.refs) or span.is_("label", "speaker", "stranger")


def reports(spans: Sequence[Span], home: Home) -> str:
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


def unknown_words(words: Words, home: Home) -> DetourError:
    """Return the detour of words that mean nothing here."""
    unknown = [span.readings["unknown"] for span in words.unknown]
    return detour_for(unknown, home, bool(words.having("motion")), words.spans)


def not_understood(spans: Sequence[Span]) -> DetourError:
    """Return the detour of words that mean something, but not here."""
    said = ", ".join(repr(span.text) for span in spans[:3])
    return cannot(
        "not_understood", f"I did not understand {said} in this, so I made no rule.", "Say it in other words."
    )
