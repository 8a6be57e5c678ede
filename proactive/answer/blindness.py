"""Blindness: the stretches of a period in which what was asked could not have been seen. Where there is one, no answer is no.

A source cannot be seen while a `health` record says that it is offline, before the log begins, after it ends, and, if
nothing ever came from it, at all: whether it works is then not known. A zone cannot be while it or its source is offline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from proactive.answer.archive import Archive
from rules.coverage import ONLINE, Coverage, Spot, Stretch, source_of, spot_told, zone_of
from rules.units import MINUTE, instant, rfc3339

# A tick comes every minute: an archive that ends less than two ago is being written.
GRACE = 2 * MINUTE
Cause = Literal["offline", "before", "ended", "silent"]


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch `since <= time < until` in which a source (empty: all of them), or its zone, could not be seen, and why not.

    `reason` is that of its `health` record, empty where that has none.
    """

    source: str
    since: int
    until: int
    why: Cause
    zone: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the stretch's JSON object."""
        span = {"since": rfc3339(self.since), "until": rfc3339(self.until)}
        known = {key: value for key, value in (("zone", self.zone), ("reason", self.reason)) if value}
        return {"source": self.source, **span, "why": self.why, **known}


def blind(
    archive: Archive, sources: Iterable[str] | None, since: int, until: int, zones: Iterable[Spot] = ()
) -> list[Blind]:
    """Return what could not be seen of sources (None: all known) with `since <= time < until`, in order of time.

    `zones` are those in which alone something is looked for.
    """
    began, ended = archive.began, archive.ended
    if began is None or ended is None or began >= until:
        return [Blind("", since, until, "before")]
    known = set(archive.sources())
    named = sorted(known) if sources is None else list(dict.fromkeys(sources))
    found = list(_ends(began, ended, since, until))
    for source in named:
        if source not in known:
            found.append(Blind(source, since, until, "silent"))
        else:
            spots = [source, *(zone for zone in zones if source_of(zone) == source)]
            span = max(since, began), until if until - ended <= GRACE else min(until, max(ended, since))
            found += [stretch for spot in spots for stretch in _offline(archive, spot, *span)]
    return sorted(found, key=lambda stretch: (stretch.since, stretch.source))


def _ends(began: int, ended: int, since: int, until: int) -> Iterator[Blind]:
    if since < began:
        yield Blind("", since, began, "before")
    if until - ended > GRACE:
        yield Blind("", max(ended, since), until, "ended")


def _offline(archive: Archive, spot: Spot, since: int, until: int) -> Iterator[Blind]:
    coverage, source = Coverage(), source_of(spot)
    last = archive.health_before(spot, since)
    reports = [record for record in archive.reports([source], since, until) if record.type == "health"]
    for record in ([last] if last else []) + [record for record in reports if spot_told(record) == spot]:
        coverage.receive(record, instant(record.time), until)
    for left, right, reason in _joined(coverage.blind(since, until)):
        yield Blind(source, left, right, "offline", zone_of(spot), reason or "")


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches in order, those of one reason that touch as one: nobody saw anything between them."""
    found: list[Stretch] = []
    for stretch in stretches:
        before = found[-1] if found else None
        if before and stretch.since <= before.until and stretch.reason == before.reason:
            found[-1] = before._replace(until=stretch.until)
        else:
            found.append(stretch)
    return found


def is_offline(archive: Archive, source: str, now: int) -> bool:
    """Say whether nothing can be known of a source now: it is offline, or nobody is watching."""
    ended = archive.ended
    if ended is None or now - ended > GRACE:
        return True
    last = archive.health_before(source, now + 1)
    return last is not None and last.data.get("status") != ONLINE
