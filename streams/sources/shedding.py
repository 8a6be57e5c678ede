"""Shedding: a device that floods is cut off until it is quiet, so that the others are heard.

Each device may say so much at once and so much a second. One that says more is shed: counted, not kept, and out of reach
meanwhile, since what it said is not known. It is heard again once it has kept to its share for a while.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

RATE = 50.0  # reports a second
BURST = 500.0  # at once: a hub that tells everything it knows after a restart
QUIET = 10.0  # seconds within its share before a device is heard again


@dataclass(slots=True)
class _Share:
    left: float
    at: float
    shed_at: float | None = None


@dataclass
class Shedding:
    """The shares of devices; times are seconds of any clock that does not go back."""

    rate: float = RATE
    burst: float = BURST
    quiet: float = QUIET
    shed: Counter[str] = field(default_factory=Counter)
    _shares: dict[str, _Share] = field(default_factory=dict)

    def takes(self, device: str, now: float) -> bool:
        """Say whether a report of a device is taken at this time; one that is not is counted."""
        share = self._shares.setdefault(device, _Share(self.burst, now))
        share.left, share.at = min(self.burst, share.left + (now - share.at) * self.rate), now
        if share.left >= 1:
            share.left -= 1
            if share.shed_at is None:
                return True
        else:
            share.shed_at = now
        self.shed[device] += 1
        return False

    def recovered(self, now: float) -> list[str]:
        """Return the devices that have kept quiet long enough, and hear them again."""
        found = [device for device, share in self._shares.items() if share.shed_at is not None and now - share.shed_at >= self.quiet]  # fmt: skip
        for device in found:
            self._shares[device].shed_at = None
        return found
