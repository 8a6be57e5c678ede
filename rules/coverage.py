"""Coverage: when a source could not be seen.

A source is online until a `health` record says otherwise. What a decision rests on is the stretch of its span in
which each of its sources was offline, and whether one of them is offline at the instant of deciding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules.units import DAY, SECOND, rfc3339

ONLINE = "online"
KEEP_AT_LEAST = 64  # closed stretches kept before any are forgotten


class Coverage:
    """The offline stretches of one source."""

    __slots__ = ("down", "offline_since", "reported", "stretches")

    def __init__(self) -> None:
        self.offline_since: int | None = None
        self.reported: int | None = None
        self.down: tuple[int, str] | None = None
        self.stretches: list[tuple[int, int]] = []

    def report(self, time: int, id: str, status: Any, keep: int) -> bool:
        """Take a `health` report; return False for one older than the last. Forget what ended before `time - keep`."""
        if self.reported is not None and time < self.reported:
            return False
        self.reported = time
        if status != ONLINE:
            self.down = (time, id)
            if self.offline_since is None:
                self.offline_since = time
        elif self.offline_since is not None:
            if time > self.offline_since:
                self.stretches.append((self.offline_since, time))
            self.offline_since = None
            self._forget(time - keep)
        return True

    def _forget(self, before: int) -> None:
        if len(self.stretches) > KEEP_AT_LEAST and self.stretches[0][1] < before:
            self.stretches = [stretch for stretch in self.stretches if stretch[1] >= before]

    def blind(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the offline stretches clipped to `[start, end)`, in order."""
        found: list[tuple[int, int]] = []
        if self.offline_since is not None and self.offline_since < end:
            found.append((max(self.offline_since, start), end))
        for left, right in reversed(self.stretches):
            if right <= start:
                break
            if left < end:
                found.append((max(left, start), min(right, end)))
        return found[::-1]

    def save(self) -> list[Any]:
        """Return the state as JSON values."""
        return [self.offline_since, self.reported, self.down, self.stretches]

    @classmethod
    def load(cls, saved: list[Any]) -> Coverage:
        """Return the coverage that `save` described."""
        found = cls()
        found.offline_since, found.reported, down, stretches = saved
        found.down = tuple(down) if down else None
        found.stretches = [(left, right) for left, right in stretches]
        return found


def default_tolerance(span: int) -> int:
    """Return how long a source may be offline in a span before nothing can be said: ten minutes or a tenth."""
    return min(600 * SECOND, span // 10)


def survey(
    coverages: dict[str, Coverage], sources: Iterable[str], start: int, end: int, tolerance: int
) -> tuple[bool, dict[str, Any]]:
    """Return whether a decision at `end` over `[start, end)` can be made, and the coverage to show with it."""
    clear, shown = True, {}
    for source in sources:
        coverage = coverages.get(source)
        stretches = coverage.blind(start, end) if coverage else []
        offline = sum(right - left for left, right in stretches)
        online = coverage is None or coverage.offline_since is None
        if offline > tolerance or not online:
            clear = False
        shown[source] = {
            "online": online,
            "offline_s": offline // SECOND,
            "intervals": [[rfc3339(left), rfc3339(right)] for left, right in stretches],
        }
    return clear, shown


MIN_KEEP = 2 * DAY
