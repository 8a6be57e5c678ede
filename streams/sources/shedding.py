"""Shedding: a device that floods is cut off until it is quiet, so that the others are heard.

Each device may say so much at once and so much a second. One that says more is shed: counted, not kept, and out of reach
meanwhile, since what it said is not known. It is heard again once it has kept to its share for a while.
"""

from __future__ import annotations

from collections import Counter

from streams.bucket import Buckets

RATE = 50.0  # reports a second
BURST = 500.0  # at once: a hub that tells everything it knows after a restart
QUIET = 10.0  # seconds within its share before a device is heard again


class Shedding:
    """The shares of devices; times are seconds of any clock that does not go back. `shed` counts what was not taken."""

    def __init__(self, rate: float = RATE, burst: float = BURST, quiet: float = QUIET) -> None:
        self.quiet = quiet
        self.shed: Counter[str] = Counter()
        self._shares = Buckets(rate, burst)
        self._flooded: dict[str, float] = {}  # when a device that is cut off last said more than its share

    def takes(self, device: str, now: float) -> bool:
        """Say whether a report of a device is taken at this time; one that is not is counted."""
        if self._shares.take(device, now=now):
            self._flooded[device] = now
        if device not in self._flooded:
            return True
        self.shed[device] += 1
        return False

    def recovered(self, now: float) -> list[str]:
        """Return the devices that have kept quiet long enough, and hear them again."""
        found = [device for device, since in self._flooded.items() if now - since >= self.quiet]
        for device in found:
            del self._flooded[device]
        return found
