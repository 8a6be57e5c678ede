"""Who is out: an animal that was let out, somebody outside. What a camera that looks at the open air sees."""

from __future__ import annotations

import re

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import cannot, label_of
from proactive.language.local.predicate import Sight, patterns
from proactive.language.local.question.asked import Asked, no_unknown, patterns_of, trimmed
from proactive.language.local.span import spans_of
from proactive.language.query import Query
from rules.home import Home

_LET_OUT = re.compile(r"\blet (?P<who>(?:the |my |our )?[\w']+(?: and [\w']+)?) (?:out|outside)\b(?: of the house)?")
_OUTSIDE = re.compile(r"\b(?:outside|outdoors|out)\b")
_OPEN_AIR = re.compile(
    r"\b(?:garden|back ?yard|front ?yard|yard|drive ?way|porch|patio|terrace|street|road|field|paddock|lawn|deck|outdoors?|"
    r"outside|gate|fence|pool|courtyard|balcony|carport|meadow|pasture|dock|pier|beach)\b"
)


def outdoors(asked: Asked) -> Query | None:
    """Read an animal or somebody who is out, or was let out: what a camera that looks at the open air sees."""
    text = asked.text
    let_out = _LET_OUT.search(text)
    if let_out is None and not _OUTSIDE.search(text):
        return None
    spans = spans_of(asked.only(_OUTSIDE.sub("", let_out["who"] if let_out else text)).tokens, catalogue_of(asked.home))
    pets = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind == "pet"))
    labels = [
        label for span in spans if span.is_("label", "nobody") for label in span.readings.get("label", ("person",))
    ]
    people = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind == "person"))
    plain_out = let_out is None and not re.search(r"\boutside|outdoors\b", text)
    if not pets and (plain_out or not (labels or people)):
        return None
    if any(
        span.is_("compare", "number", "event") or (span.is_("meaning") and span.text not in ("out", "outside"))
        for span in spans
    ):
        return None
    no_unknown(spans, asked)
    cameras = _open_air(asked.home)
    if not cameras:
        raise cannot(
            "no_outdoor_camera", "No camera here looks outside, so I cannot see who is out.", _doors(asked.home)
        )
    sight = Sight((*pets, *people), () if pets or people else tuple(dict.fromkeys(labels)), tuple(cameras), "at")
    return Query("whether", patterns_of(patterns(sight, asked.home)), about=trimmed(text))


def _open_air(home: Home) -> list[tuple[str, str | None]]:
    """Return the places that cameras see of the open air: whole pictures, or the zones of it."""
    found: list[tuple[str, str | None]] = []
    for camera in home.cameras:
        if _OPEN_AIR.search(" ".join((camera.name, *camera.aliases)).lower()):
            found.append((camera.id, None))
            continue
        zones = [zone for zone in camera.zones if _OPEN_AIR.search(zone.replace("_", " ").lower())]
        found += [(camera.id, zone) for zone in zones] or (
            [(camera.id, None)] if _OPEN_AIR.search(camera.sees.lower()) else []
        )
    return found


def _doors(home: Home) -> str:
    doors = [label_of(device.id, home) for device in home.devices if device.type in ("door", "gate")]
    return f"Ask for example when the {doors[0]} opened." if doors else ""
