"""Blindness in English: what could not be seen, and why: `the kitchen camera was off`, `the food bowls were covered`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.coverage import CameraReason, ZoneReason
from rules.home import Camera, Home
from rules.words.names import called, plain

Span = tuple[datetime, datetime]
Say = Callable[[str, str, str | None, Home], str]  # of source, zone ("" is all of it) and reason

_CAMERA: dict[CameraReason, str] = {
    "frozen": "{camera} showed one and the same picture",
    "too_dark": "it was too dark for {camera}",
    "covered": "{camera} was covered",
    "moved": "{camera} looked elsewhere",
    "detector_failed": "nobody could look at the pictures of {camera}",
    "too_slow": "there was not the time to look at {camera} often enough",
}
_ZONE: dict[ZoneReason, str] = {
    "too_dark": "it was too dark at {zone}",
    "covered": "{zone} {were} covered",
    "moved": "{camera} looked past {zone}",
    "too_small": "{zone} {were} too small in the picture of {camera}",
}


@dataclass(frozen=True, slots=True)
class Blindness:
    """What could not be seen in words, and when: empty where it is so only just now."""

    said: str
    spans: tuple[Span, ...]
    source: str
    zone: str = ""


def blind(source: str, zone: str, reason: str | None, home: Home) -> str:
    """Return what could not be seen, and why where that is known: `the food bowls were covered`."""
    camera = called(source, home)
    if zone:
        where = f"the {plain(zone)}{_of_which(source, zone, home)}"
        said = _ZONE.get(reason, "{zone} could not be seen")  # type: ignore[call-overload]  # any text, or none
        return str(said).format(zone=where, camera=camera, were="were" if _is_plural(zone) else "was")
    return str(_CAMERA.get(reason, "{camera} was off")).format(camera=camera)  # type: ignore[call-overload]


def _of_which(source: str, zone: str, home: Home) -> str:
    """Return whose zone it is, where several cameras have one of that name."""
    several = sum(zone in camera.zones for camera in home.cameras) > 1
    return f" of {called(source, home)}" if several else ""


def _is_plural(zone: str) -> bool:
    return zone.endswith("s") and not zone.endswith("ss")


def is_plainly_off(source: str, zone: str, reason: str | None, home: Home) -> bool:
    """Return whether nothing more is known of a stretch than that the source was off."""
    return not zone and (reason not in _CAMERA or not isinstance(home.by_id.get(source), Camera))


def blindnesses(coverage: dict[str, Any], home: Home, say: Say = blind) -> Iterator[Blindness]:
    """Yield what a firing's coverage tells of, sources before their zones, the stretches of one reason together."""
    for source, seen in coverage.items():
        yield from _of(source, "", seen, home, say)
        for zone, part in seen.get("zones", {}).items():
            yield from _of(source, zone, part, home, say)


def _of(source: str, zone: str, seen: dict[str, Any], home: Home, say: Say) -> Iterator[Blindness]:
    intervals = seen.get("intervals", [])
    reasons = seen.get("reasons", [None] * len(intervals))
    found: dict[str, list[Span]] = {}
    for (since, until), reason in zip(intervals, reasons, strict=True):
        span = datetime.fromisoformat(since), datetime.fromisoformat(until)
        _add(found.setdefault(say(source, zone, reason, home), []), span)
    for said, spans in found.items():
        yield Blindness(said, tuple(spans), source, zone)
    if not intervals and not seen.get("online", True):
        yield Blindness(say(source, zone, None, home), (), source, zone)


def _add(spans: list[Span], span: Span) -> None:
    """Add a span, to the last one where the two touch."""
    if spans and spans[-1][1] == span[0]:
        span = spans.pop()[0], span[1]
    spans.append(span)
