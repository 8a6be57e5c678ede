"""What is named in passing ("about the delivery", "in the backyard"), as patterns of all that it reports."""

from __future__ import annotations

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import DetourError
from proactive.language.local.predicate import Json
from proactive.language.local.question.asked import Asked, patterns_of
from proactive.language.local.question.clause import clause_query
from proactive.language.local.span import spans_of
from rules.rule import Pattern


def loosely(asked: Asked) -> tuple[Pattern, ...]:
    """Return the patterns of what somebody names in passing ("about the delivery"): none where it names nothing here."""
    try:
        return clause_query(asked, "whether").of
    except DetourError:
        return places_named(asked)


def places_named(asked: Asked) -> tuple[Pattern, ...]:
    """Return patterns of everything that the devices, places and living ones named report."""
    spans = spans_of(asked.tokens, catalogue_of(asked.home))
    refs = [ref for span in spans for ref in span.refs]
    sources = list(dict.fromkeys(ref.id for ref in refs if ref.kind in ("device", "place")))
    subjects = list(dict.fromkeys(ref.id for ref in refs if ref.kind in ("person", "pet")))
    zones = {ref.zone for ref in refs if ref.kind == "place" and ref.zone}
    found: list[Json] = []
    if sources:
        found.append(
            {"source": sources, **({"where": {"zone": sorted(zones)}} if zones and len(refs) == len(zones) else {})}
        )
    if subjects:
        found.append({"subject": subjects})
    return patterns_of(found)
