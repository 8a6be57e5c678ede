"""Borders: where a piece of a sentence ends, and what stands before and after it."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local.span import Label, Span

BORDERS = frozenset((".", ";", "!", "?", ":", ")"))
ARTICLES = frozenset("the a an my our your their his her its this that some any".split())
TIMES: tuple[Label, ...] = (
    "length",
    "clock",
    "days",
    "part",
    "date",
    "sun_time",
    "sun",
    "sun_event",
    "times",
    "number",
)
LIVING: tuple[Label, ...] = ("label", "stranger", "everyone")
NEVER: tuple[Label, ...] = (*TIMES, "not", "nobody", "compare", "extreme")


def opens(span: Span) -> bool:
    return (span.is_("mark") and span.text not in ("that", "about")) or span.is_("while")


def to_the_border(spans: Sequence[Span], start: int) -> range:
    """Return from `start` to the end of the sentence, to "if" or "when", or to a comma before what is asked for."""
    for index in range(start + 1, len(spans)):
        span = spans[index]
        after = spans[index + 1] if index + 1 < len(spans) else None
        asked = span.text == "," and after is not None and (opens(after) or after.is_("notice", "command"))
        if span.text in BORDERS or opens(span) or asked:
            return range(start, index)
    return range(start, len(spans))


def noticed_before(spans: Sequence[Span], index: int) -> bool:
    """Say whether a word stands with what is asked for, and not in a clause."""
    for span in reversed(spans[:index]):
        if span.is_("notice"):
            return True
        if opens(span) or span.text in BORDERS:
            return False
    return False


def content_after(spans: Sequence[Span], start: int) -> Span | None:
    return next((span for span in spans[start:] if span.text not in ARTICLES), None)


def is_unknown(span: Span | None) -> bool:
    """Say whether a word means nothing here and is no name: names are written with a capital."""
    return span is not None and "unknown" in span.readings and not str(span.readings["unknown"])[:1].isupper()
