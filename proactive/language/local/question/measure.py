"""Questions for a reading: "what is the freezer temperature", "was it too warm", "how humid is the cellar"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.amount import numeric_refs
from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import cannot
from proactive.language.local.question.asked import HINT, Asked, attribute_test, no_unknown, patterns_of, trimmed
from proactive.language.local.reading import reports
from proactive.language.local.span import Span, spans_of
from proactive.language.query import Period, Query
from rules.home import Device, Home

_WHAT_IS = re.compile(
    r"^(?:what (?:is|was|are|were)|how (?!long\b|often\b|many\b)\w+ (?:did|is|was|are|were))\s*(?P<rest>.+)$"
)
_TOO = re.compile(r"\b(?:too|very|so|unusually) (?P<how>warm|hot|high|humid|cold|cool|low|dry)\b")
_ADJECTIVE = re.compile(r"^how (?P<how>\w+)")
_NOUNS = {
    "warm": "temperature", "hot": "temperature", "cold": "temperature", "cool": "temperature", "humid": "humidity",
    "dry": "humidity", "loud": "volume", "windy": "wind", "full": "level", "empty": "level", "charged": "battery",
}  # fmt: skip
_HIGH = frozenset(("warm", "hot", "high", "humid"))


def what_it_reads(asked: Asked) -> Query | None:
    """Read a question for a value: "what is the freezer temperature", "was the freezer too warm", "how humid is it"."""
    text = asked.text
    too = _TOO.search(text)
    found = _WHAT_IS.match(text)
    if too is None and found is None:
        return None
    rest = _TOO.sub("", text) if too is not None else found["rest"] if found is not None else ""
    rest = re.sub(
        r"^(?:is|was|are|were|did|has|have|what|the current|current)\b ?|\b(?:become|been|get|got|gotten|being|current|right|in|highest|lowest|maximum|minimum)\b",
        "",
        rest,
    ).strip()
    rest = re.sub(
        r"\b(?:state|status|value|reading|level|condition) of\b|\b(?:state|status) in$|\bset to$|\bat$", "", rest
    ).strip()
    kind = too["how"] if too is not None else (_ADJECTIVE.match(text) or {"how": ""})["how"]
    spans = spans_of(asked.only(rest).tokens, catalogue_of(asked.home))
    refs = _of_kind(rest, kind, asked) or _numbers(spans, asked) or _values(spans, asked)
    if not refs:
        return None if too is None and not _named_things(spans, asked.home) else _no_reading(spans, asked)
    of = [
        {"type": "state", "source": device, "where": attribute_test(device, name, asked.home)} for device, name in refs
    ]
    extreme = "" if too is None else "high" if too["how"] in _HIGH else "low"
    period = asked.period if asked.period.given else Period(now=True)
    return Query("state", patterns_of(of), period, stands=True, extreme=extreme, about=trimmed(rest))  # type: ignore[arg-type]  # one of the three


def _of_kind(rest: str, adjective: str, asked: Asked) -> list[tuple[str, str]]:
    """Return what reports the kind of number that an adjective is about: "how humid is the cellar"."""
    noun = _NOUNS.get(adjective)
    if noun is None or noun in rest.split():
        return []
    spans = spans_of(asked.only(f"{rest} {noun}").tokens, catalogue_of(asked.home))
    return (
        []
        if any(span.is_("unknown") for span in spans)
        else _numbers([s for s in spans if noun in s.text.split()], asked)
    )


def _named_things(spans: Sequence[Span], home: Home) -> bool:
    return any(isinstance(home.by_id[ref.id], Device) for span in spans for ref in span.refs)


def _no_reading(spans: Sequence[Span], asked: Asked) -> Query | None:
    no_unknown(spans, asked)
    raise cannot("no_reading", "Nothing here reports that.", reports([s for s in spans if s.refs], asked.home) or HINT)


def _numbers(spans: Sequence[Span], asked: Asked) -> list[tuple[str, str]]:
    """Return the devices and attributes with numbers that are meant; asks where one is meant and several fit."""
    found = [(span, *pair) for span in spans for pair in numeric_refs(span, asked.home)]
    named = [(span, ref, name) for span, ref, name in found if not ref.generic]
    other = {ref.id for span in spans for ref in span.refs if not ref.generic}
    narrowed = named or [(span, ref, name) for span, ref, name in found if ref.id in other] or found
    if narrowed:
        no_unknown(spans, asked)
    return list(dict.fromkeys((ref.id, name) for _, ref, name in narrowed))


def _values(spans: Sequence[Span], asked: Asked) -> list[tuple[str, str]]:
    """Return the devices whose state is meant: "what is the state of the washer"."""
    home, found = asked.home, []
    if any(span.is_("meaning", "motion", "event") and not span.refs for span in spans):
        return []
    for span in spans:
        for ref in span.refs:
            entry = home.by_id[ref.id]
            if isinstance(entry, Device) and entry.attributes:
                found.append((ref.id, next(iter(entry.attributes)), ref.generic))
    named = [(id, name) for id, name, generic in found if not generic] or [(id, name) for id, name, _ in found]
    if named:
        no_unknown(spans, asked)
    return list(dict.fromkeys(named))
