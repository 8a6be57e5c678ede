"""A question while it is read: its words, its period, and what readers of questions share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.predicate import Json
from proactive.language.local.span import Span
from proactive.language.local.token import Token, tokens_of
from proactive.language.query import Period
from proactive.language.request import Request
from rules.calendar import local, resolve, zone_of
from rules.home import Device, Home
from rules.rule import Pattern

HINT = "Ask for example 'when did the front door last open?' or 'was Daisy fed today?'."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question while it is read: its words without frame and period, and the request it came in."""

    tokens: Sequence[Token]
    period: Period
    request: Request
    now: int
    said: str

    @property
    def home(self) -> Home:
        """Return the home that is asked about."""
        return self.request.home

    @property
    def text(self) -> str:
        """Return the words."""
        return " ".join(token.text for token in self.tokens)

    def only(self, text: str) -> Asked:
        """Return the same question with other words."""
        return replace(self, tokens=as_written(tokens_of(text), self.request.text))


AUX = r"(?:did|do|does|has|have|had|is|are|am|was|were|be|been|would|will)"


def as_written(tokens: Sequence[Token], text: str) -> list[Token]:
    """Return the tokens as they were written, so that a name keeps its capital."""
    names = {word.lower(): word for word in re.findall(r"\b[A-Z][^\W\d_]+", text)}
    return [replace(token, raw=names.get(token.text, token.raw)) for token in tokens]


def trimmed(about: str) -> str:
    """Return words without the article that they begin with."""
    return re.sub(r"^(?:the|a|an|my|our) ", "", about.strip())


def attribute_test(device: str, name: str, home: Home) -> Json:
    """Return the test of a device's attribute; its default one, or its only one, goes without saying."""
    entry = home.by_id[device]
    alone = isinstance(entry, Device) and len(entry.attributes) == 1
    return {} if name == "state" or alone else {"attribute": name}


def default_day(asked: Asked) -> Period:
    """Return the period that was said, else today so far."""
    if asked.period.given and not asked.period.now:
        return asked.period
    zone = zone_of(asked.home)
    return Period(resolve(zone, local(zone, asked.now)[0], 0), asked.now, "today")


def all_time(asked: Asked) -> Period:
    """Return the period that was said, else all of the past."""
    return asked.period if asked.period.given and not asked.period.now else Period(None, asked.now)


def patterns_of(given: Sequence[Json]) -> tuple[Pattern, ...]:
    """Return plain JSON objects as patterns."""
    return tuple(Pattern.model_validate(pattern) for pattern in given)


def no_unknown(spans: Sequence[Span], asked: Asked) -> None:
    """Raise a detour at a word that means nothing here."""
    from proactive.language.local.unknown import detour_for

    unknown = [span.readings["unknown"] for span in spans if span.is_("unknown")]
    if unknown:
        raise detour_for(unknown, asked.home, animate=False)
