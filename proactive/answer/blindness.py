"""Blindness: the stretches of a period in which what was asked could not have been seen. Where there is one, no answer is no.

A source cannot be seen while a `health` record says that it is offline, before the log begins, after it ends, and, if
nothing ever came from it, at all: whether it works is then not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from proactive.answer.archive import Archive
from rules.coverage import ONLINE, Coverage
from rules.units import MINUTE, instant, rfc3339

# A tick comes every minute: an archive that ends less than two ago is being written.
GRACE = 2 * MINUTE
Cause = Literal["offline", "before", "ended", "silent"]


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch `since <= time < until` in which a source (empty: all of them) could not be seen, and why not."""

    source: str
    since: int
    until: int
    why: Cause

    def as_json(self) -> dict[str, Any]:
        """Return the stretch's JSON object."""
        return {"source": self.source, "since": rfc3339(self.since), "until": rfc3339(self.until), "why": self.why}


def blind(archive: Archive, sources: Iterable[str] | None, since: int, until: int) -> list[Blind]:
    """Return what could not be seen of sources (None: all known) with `since <= time < until`, in order of time."""
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
            found += _offline(archive, source, max(since, began), min(until, max(ended, since)))
    return sorted(found, key=lambda stretch: (stretch.since, stretch.source))


def _ends(began: int, ended: int, since: int, until: int) -> Iterator[Blind]:
    if since < began:
        yield Blind("", since, began, "before")
    if until - ended > GRACE:
        yield Blind("", max(ended, since), until, "ended")


def _offline(archive: Archive, source: str, since: int, until: int) -> Iterator[Blind]:
    coverage = Coverage()
    last = archive.health_before(source, since)
    reports = [record for record in archive.reports([source], since, until) if record.type == "health"]
    for record in ([last] if last else []) + reports:
        coverage.report(instant(record.time), record.id, record.data.get("status"), until)
    for left, right in _joined(coverage.blind(since, until)):
        yield Blind(source, left, right, "offline")


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in order, those that touch as one: nobody saw anything between them."""
    found: list[tuple[int, int]] = []
    for left, right in stretches:
        if found and left <= found[-1][1]:
            left = found.pop()[0]
        found.append((left, right))
    return found


def is_offline(archive: Archive, source: str, now: int) -> bool:
    """Say whether nothing can be known of a source now: it is offline, or nobody is watching."""
    ended = archive.ended
    if ended is None or now - ended > GRACE:
        return True
    last = archive.health_before(source, now + 1)
    return last is not None and last.data.get("status") != ONLINE
