"""Sightings: the records of a scene as a person would tell them, one for each meal and each visit to a zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.record import Record
from rules.words.records import as_seen


@dataclass(frozen=True, slots=True)
class Sighting:
    """Who was seen doing what, from when to when, how sure the detector was, and the picture that was kept.

    `told` is the activity as it is told to people: of a meal that is inferred, that somebody was at the bowl.
    """

    activity: str
    told: str
    subject: str | None
    label: str
    zone: str | None
    start: datetime
    end: datetime
    confidence: float
    picture: str | None


def sightings(records: Iterable[Record]) -> list[Sighting]:
    """Return the episodes of some records, in order of their start. A visit to a bowl that was a meal is told as the meal."""
    episodes: dict[str, list[Record]] = {}
    for record in records:
        if record.type == "detection":
            episodes.setdefault(str(record.data["episode"]), []).append(record)
    found = sorted(map(_sighting, episodes.values()), key=lambda one: (one.start, one.zone or ""))
    return [one for one in found if not any(_is_told_by(one, other) for other in found)]


def _sighting(records: Sequence[Record]) -> Sighting:
    last = records[-1]
    picture = last.data.get("snapshot")
    return Sighting(
        activity="eating" if last.data["activity"] == "eating" else "visit",
        told=as_seen(last).get("activity", str(last.data["activity"])),
        subject=last.subject,
        label=str(last.data["label"]),
        zone=last.data.get("zone"),
        start=records[0].time,
        end=last.time,
        confidence=float(last.data["confidence"]),
        picture=None if picture is None else str(picture),
    )


def _is_told_by(one: Sighting, other: Sighting) -> bool:
    """Return whether `other` says more about the same happening: a zone more than the picture, a meal more than a visit."""
    if one is other or one.subject != other.subject or one.label != other.label:
        return False
    overlap = one.start <= other.end and other.start <= one.end
    return overlap and _telling(one) < _telling(other)


def _telling(one: Sighting) -> int:
    return 2 if one.activity == "eating" else 1 if one.zone else 0
