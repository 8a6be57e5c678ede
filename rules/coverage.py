"""Coverage: when a source, or a zone of it, could not be seen.

A source is online until a `health` record says otherwise, and so is each of its zones by itself. A zone cannot be seen while it or
its source is offline. What a decision rests on are spots: sources, and zones of sources. It can be made when none of them was offline
for longer than is tolerated in its span, nor is at the instant of deciding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from rules.record import Record
from rules.units import DAY, SECOND, rfc3339

ONLINE = "online"
KEEP_AT_LEAST = 64  # closed stretches kept before any are forgotten
MIN_KEEP = 2 * DAY

Spot = str  # a source, or a zone of it: the two with `_OF` between them
_OF = "\x00"

ZoneReason = Literal["too_dark", "covered", "moved", "too_small"]
CameraReason = Literal[
    "starting", "no_picture", "frozen", "too_dark", "covered", "moved", "detector_failed", "too_slow", "stopped"
]


class Stretch(NamedTuple):
    """A stretch `since <= time < until` in which a spot was offline, and why, where that was told."""

    since: int
    until: int
    reason: str | None = None


def spot_of(source: str, zone: str) -> Spot:
    """Return the spot that is a zone of a source."""
    return f"{source}{_OF}{zone}"


def source_of(spot: Spot) -> str:
    """Return the source of a spot."""
    return spot.partition(_OF)[0]


def zone_of(spot: Spot) -> str:
    """Return the zone of a spot, empty where it is a whole source."""
    return spot.partition(_OF)[2]


def spot_told(record: Record) -> Spot:
    """Return what a `health` record is about: a zone where `data.zone` is a text, else the source."""
    assert record.source is not None, "reports have a source"
    zone = record.data.get("zone")
    return spot_of(record.source, zone) if isinstance(zone, str) else record.source


def online_told(record: Record) -> bool | None:
    """Return whether a record says that its source as a whole is online; None where it says nothing of that."""
    if record.type != "health" or spot_told(record) != record.source:
        return None
    return bool(record.data.get("status") == ONLINE)


def is_lost(record: Record) -> bool:
    """Return whether a record says that its source as a whole is offline."""
    return online_told(record) is False


class Coverage:
    """The offline stretches of one spot by its own reports."""

    __slots__ = ("down", "offline_since", "reason", "reported", "stretches")

    def __init__(self) -> None:
        self.offline_since: int | None = None
        self.reason: str | None = None  # of the stretch that goes on
        self.reported: int | None = None
        self.down: tuple[int, str] | None = None
        self.stretches: list[Stretch] = []

    def receive(self, record: Record, time: int, keep: int) -> bool:
        """Take a `health` report; return False for one older than the last. Forget what ended before `time - keep`."""
        if self.reported is not None and time < self.reported:
            return False
        self.reported = time
        if record.data.get("status") != ONLINE:
            self.down = (time, record.id)
            self._go_down(time, record.data.get("reason"))
        elif self.offline_since is not None:
            self._end(time)
            self._forget(time - keep)
        return True

    def _go_down(self, time: int, reason: Any) -> None:
        reason = reason if isinstance(reason, str) else None
        if self.offline_since is not None and reason != self.reason:
            self._end(time)
        if self.offline_since is None:
            self.offline_since, self.reason = time, reason

    def _end(self, time: int) -> None:
        assert self.offline_since is not None
        if time > self.offline_since:
            self.stretches.append(Stretch(self.offline_since, time, self.reason))
        self.offline_since = self.reason = None

    def _forget(self, before: int) -> None:
        if len(self.stretches) > KEEP_AT_LEAST and self.stretches[0].until < before:
            self.stretches = [stretch for stretch in self.stretches if stretch.until >= before]

    def blind(self, start: int, end: int) -> list[Stretch]:
        """Return the offline stretches clipped to `[start, end)`, in order; those that touch differ in their reason."""
        found: list[Stretch] = []
        if self.offline_since is not None and self.offline_since < end:
            found.append(Stretch(max(self.offline_since, start), end, self.reason))
        for left, right, reason in reversed(self.stretches):
            if right <= start:
                break
            if left < end:
                found.append(Stretch(max(left, start), min(right, end), reason))
        return found[::-1]

    def save(self) -> list[Any]:
        """Return the state as JSON values."""
        return [self.offline_since, self.reported, self.down, self.stretches, self.reason]

    @classmethod
    def load(cls, saved: list[Any]) -> Coverage:
        """Return the coverage that `save` described, also one that was saved without reasons."""
        found = cls()
        found.offline_since, found.reported, down, stretches, *reason = saved
        found.down = tuple(down) if down else None
        found.stretches = [Stretch(*stretch) for stretch in stretches]
        found.reason = reason[0] if reason else None
        return found


_SEEN = Coverage()  # of what never reported its health


def default_tolerance(span: int) -> int:
    """Return how long a spot may be offline in a span before nothing can be said: ten minutes or a tenth."""
    return min(600 * SECOND, span // 10)


def survey(
    coverages: Mapping[Spot, Coverage], spots: Iterable[Spot], start: int, end: int, tolerance: int
) -> tuple[bool, dict[str, Any]]:
    """Return whether a decision at `end` over `[start, end)` can be made, and the coverage to show with it.

    What is shown has an entry for each source, and in it one for each of its zones that the decision rests on.
    """
    clear = True
    shown: dict[str, Any] = {}
    for spot in spots:
        source, _, zone = spot.partition(_OF)
        whole = coverages.get(source, _SEEN)
        down = whole.blind(start, end)
        entry = shown.setdefault(source, _shown(whole, down))
        online = whole.offline_since is None
        if spot != source:
            own = coverages.get(spot, _SEEN)
            hidden = own.blind(start, end)
            entry.setdefault("zones", {})[zone] = _shown(own, hidden)
            down, online = [*down, *hidden], online and own.offline_since is None
        if not online or _total(down) > tolerance:
            clear = False
    return clear, shown


def _total(stretches: Iterable[Stretch]) -> int:
    """Return how long any of the stretches lasted: what two of them share counts once."""
    total, reached = 0, 0
    for since, until, _ in sorted(stretches, key=lambda stretch: stretch.since):
        total += max(0, until - max(since, reached))
        reached = max(reached, until)
    return total


def _shown(coverage: Coverage, stretches: list[Stretch]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "online": coverage.offline_since is None,
        "offline_s": _total(stretches) // SECOND,
        "intervals": [[rfc3339(since), rfc3339(until)] for since, until, _ in stretches],
    }
    if any(stretch.reason for stretch in stretches):
        found["reasons"] = [stretch.reason for stretch in stretches]
    return found
