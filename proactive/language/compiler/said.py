"""Said: what the words of a request bear out, as the values, movements and people that a rule may test.

The same sets cut a small model's schema before it answers, and judge the rule of any model afterwards. They are those of
English; in another language only names and figures can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proactive.language.compiler.foreign import labels_in
from proactive.language.local.slots import Slots
from proactive.language.local.span import Span

_OPPOSITES = (
    ("open", "closed"),
    ("locked", "unlocked"),
    ("on", "off"),
    ("home", "away"),
    ("wet", "dry"),
    ("armed", "disarmed"),
)
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
OF_WORD = {
    "unopened": "open",
    "unclosed": "closed",
    "motion": "on",
    "movement": "on",
    "leak": "wet",
    "smoke": "on",
    "fire": "on",
    "outage": "outage",
}
_DENIALS = frozenset("unless except without missing misses forgotten".split())
_UNDONE = re.compile(r"un(?:opened|closed|fed|used|touched|answered|visited|moved|changed)$")
_ANYBODY = frozenset("someone somebody anyone anybody we us family household people everyone everybody".split())


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: `values` that devices report, `events`, `motions`, `labels`, directions of a limit, and who in general.

    `denied` where there is a "not"; then the opposite of a value is borne out too.
    """

    values: frozenset[str | bool]
    events: frozenset[str]
    motions: frozenset[str]
    labels: frozenset[str]
    limits: frozenset[str]
    sun: bool
    stranger: bool
    nobody: bool
    anybody: bool
    denied: bool


def said_in(found: Slots) -> Said:
    """Return what the clauses of a request say, or all of it where it has none; what is to be done is no part of them."""
    spans = found.inside
    words = {word for span in spans for word in span.text.split()}
    denied = any(span.is_("not", "nobody") or span.text in _DENIALS for span in spans) or any(map(_UNDONE.match, words))
    values = {value for span in spans for meaning in span.readings.get("meaning", ()) for value in meaning.values}
    values |= {OF_WORD[word] for word in words & OF_WORD.keys()}
    if denied:
        values |= {_OPPOSITE.get(value, value) if isinstance(value, str) else not value for value in values}
    labels = [label for span in spans for label in span.readings.get("label", ())]
    return Said(
        values=frozenset(values),
        events=frozenset(event for span in spans for event in span.readings.get("event", ())),
        motions=frozenset(span.readings["motion"] for span in spans if span.is_("motion")),
        labels=frozenset((*labels, *labels_in(words))),
        limits=frozenset(span.readings["compare"] for span in limits(spans)),
        sun=any(span.is_("sun", "sun_event", "sun_time", "part") for span in spans),
        stranger=any(span.is_("stranger") for span in spans),
        nobody=any(span.is_("nobody") for span in spans),
        anybody=bool(words & _ANYBODY) or any(span.is_("everyone") for span in spans),
        denied=denied,
    )


def limits(spans: list[Span]) -> Iterator[Span]:
    """Yield the pieces that compare a number: "above", and not the "more than" of "for more than ten minutes"."""
    for position, span in enumerate(spans):
        following = next((other for other in spans[position + 1 :] if not other.is_("filler")), None)
        if span.is_("compare") and not (following is not None and following.is_("length", "times")):
            yield span
