"""Slots: what is found in a request's words before anybody understands them: names, times, numbers, what has no reading.

The finders are those of `local`; nothing here decides what a sentence means. A language model is told what was found, and
what it answers is held against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proactive.language.local.catalogue import Ref, catalogue_of
from proactive.language.local.clause import Segment, Times, words_of
from proactive.language.local.clock import Clock, Length
from proactive.language.local.frame import Frame, frame_of
from proactive.language.local.omission import shortened
from proactive.language.local.paraphrase import plain
from proactive.language.local.span import Span, spans_of
from proactive.language.local.spanish.transfer import in_english
from proactive.language.local.token import Token, tokens_of
from proactive.language.local.tongue import tongue_of
from proactive.language.local.wording import worded
from rules.home import Home

_SPOKEN = 150  # pieces of the longest request that somebody says; in longer texts nothing is looked for to leave out
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Slots:
    """What was found in a text: its tokens, its spans cut into a frame, and whether it is in English, or in Spanish that was carried over."""

    tokens: tuple[Token, ...]
    frame: Frame
    english: bool
    left_out: tuple[str, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """Return the pieces of the whole text, in order."""
        return self.frame.spans

    @property
    def inside(self) -> list[Span]:
        """Return the pieces of what is to be watched for: those of the clauses, or all where there is no clause."""
        found = [span for segment in self.frame.segments for span in segment.spans]
        return found or self.spans

    @property
    def marked(self) -> bool:
        """Say whether the words set a condition: "if", "when", "unless"."""
        return self.frame.marked

    @property
    def refs(self) -> list[Ref]:
        """Return whatever the words may name, in order."""
        return [ref for span in self.spans for ref in span.refs]

    @property
    def numbers(self) -> list[float]:
        """Return the numbers that are neither times nor counts."""
        return [span.readings["number"][0] for span in self.spans if span.is_("number")]

    @property
    def counts(self) -> list[int]:
        """Return how many times are said: "twice" is two."""
        return [span.readings["times"] for span in self.spans if span.is_("times")]

    @property
    def unknown(self) -> list[Span]:
        """Return the pieces that have no reading at all."""
        return [span for span in self.spans if span.is_("unknown")]

    @property
    def has_digits(self) -> bool:
        """Say whether any figure is written, which may be a time or a number in any language."""
        return any(_DIGITS.search(token.text) for token in self.tokens)

    @property
    def tells_speaker(self) -> bool:
        """Say whether "me" or "us" is among those to be told."""
        return any(span.text in ("me", "us") for span in self.spans)

    @property
    def vague(self) -> bool:
        """Say whether a length is said but not how long: "too long", "a while"."""
        return any(isinstance(one.value, Length) and one.value.duration is None for one in self.times().lengths)

    def times(self) -> Times:
        """Return a new value of all times of the text, each with the preposition before it."""
        return words_of(Segment("if", self.spans), self.spans).times

    def durations(self) -> list[str]:
        """Return the lengths that were said, as durations."""
        found = [one.value.duration for one in self.times().lengths if isinstance(one.value, Length)]
        return [duration for duration in found if duration]

    def clocks(self) -> list[tuple[str, ...]]:
        """Return the times of day that were said; two of each that may be morning or evening."""
        return [one.value.times for one in self.times().clocks if isinstance(one.value, Clock)]


def slots(text: str, home: Home) -> Slots:
    """Return what is found in a text; never raises, whatever the text holds. Spanish is carried over into English first."""
    tongue = tongue_of(text)
    tokens = tokens_of(in_english(text, home).text if tongue == "es" else plain(worded(text)).text)
    spans = spans_of(tokens, catalogue_of(home))
    less = shortened(spans) if len(spans) <= _SPOKEN else None
    frame = frame_of(less.spans if less is not None else spans)
    return Slots(tuple(tokens), frame, tongue in ("en", "es"), less.left_out if less is not None else ())
