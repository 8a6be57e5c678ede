"""Order: clauses put in the order in which things happen, whatever the order they are said in.

"The door opens within two minutes after the bell rings" is the bell, and then the door within two minutes. A length that
stands with what came first ("after the bell rings within two minutes") belongs to what follows.
"""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local.clause import Segment
from proactive.language.local.lexicon import SOON_AFTER
from proactive.language.local.span import Label, Span
from rules.home import Device, Home

_WITHIN = ("within", "in", "inside")


def in_order(segments: Sequence[Segment]) -> list[Segment]:
    """Return the clauses with what is said to come "after" another behind it: "then" is soon after, "after" is at any time."""
    found: list[Segment] = []
    for segment in segments:
        if segment.link == "after" and found:
            later = found.pop()
            earlier, moved = _parted(segment.spans)
            earlier = [*_doer(later.spans), *earlier] if _lacks_doer(earlier) else earlier
            found.append(Segment(later.link, earlier, later.opener))
            soon = segment.opener is not None and segment.opener.text in SOON_AFTER
            found.append(Segment("then" if soon else "after", [*later.spans, *moved], segment.opener))
        else:
            found.append(segment)
    return found


def _lacks_doer(spans: Sequence[Span]) -> bool:
    """Say whether a clause begins with what is done and leaves out who does it: "after going to the shed"."""
    said = next((span for span in spans if not span.is_("filler")), None)
    return said is not None and said.is_("motion") and said.text.split()[0].endswith("ing") and not said.refs


def _doer(spans: Sequence[Span]) -> list[Span]:
    """Return who a clause is about: whoever is named before its verb."""
    named = [span for span in spans if any(ref.kind in ("person", "pet") for ref in span.refs) or span.is_("label")]
    return named[:1]


_VERBS: tuple[Label, ...] = ("meaning", "motion", "event", "compare", "sun_event", "number")
_IMPLYING = ("doorbell", "motion", "leak", "smoke")  # a bare "doorbell" or "motion" says what happens


def completed(segments: Sequence[Segment], home: Home) -> list[Segment]:
    """Return the clauses with the verb of another where one has none: "the gate opens followed by the back door"."""
    if len(segments) < 2 or not any(segment.link in ("then", "after") for segment in segments):
        return list(segments)
    verbs = [[span for span in segment.spans if span.is_("meaning", "motion", "event")] for segment in segments]
    found = []
    for at, segment in enumerate(segments):
        says = any(_says_something(span) for span in segment.spans) or _is_on(segment.spans)
        lacks = not says and _names_a_thing(segment, home)
        lent = next((verbs[i] for i in (at - 1, at + 1) if 0 <= i < len(verbs) and verbs[i]), [])
        found.append(Segment(segment.link, [*segment.spans, *lent], segment.opener) if lacks else segment)
    return found


def _is_on(spans: Sequence[Span]) -> bool:
    """Say whether a clause ends with a thing and "on": "heater on"."""
    return len(spans) > 1 and spans[-1].text == "on" and bool(spans[-2].refs)


def _says_something(span: Span) -> bool:
    return span.is_(*_VERBS) and span.text not in ("in", "on", "at")


def _names_a_thing(segment: Segment, home: Home) -> bool:
    refs = [ref for span in segment.spans for ref in span.refs]
    types = {entry.type for ref in refs if isinstance(entry := home.by_id[ref.id], Device)}
    return bool(refs) and not types & set(_IMPLYING) and not any(ref.kind == "place" for ref in refs)


def _parted(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Return the spans without "within two minutes", and these."""
    for at, span in enumerate(spans):
        if at and span.is_("length") and spans[at - 1].text in _WITHIN:
            return [*spans[: at - 1], *spans[at + 1 :]], list(spans[at - 1 : at + 1])
    return list(spans), []
