"""Reach: whether each device can be heard, and the `health` records that say so.

A device is out of reach while any of the things it depends on is down: the connection, the bridge it hangs on, itself. A
record goes out only when that changes. Pure: the caller says what the time is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rules.record import Record
from rules.units import instant

CONNECTION = "connection"


@dataclass
class Reach:
    """The reach of one source's devices in one home. `system` makes the ids of its records its own."""

    home: str
    system: str
    _hangs_on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _down: dict[str, str] = field(default_factory=dict)  # why, by what is down
    _told: dict[str, str] = field(default_factory=dict)  # the status that went out, by device

    def add(self, device: str, *causes: str, now: datetime) -> list[Record]:
        """Take a device that hangs on these, the first the most telling; nothing where it is known."""
        if device in self._hangs_on:
            return []
        self._hangs_on[device] = (*causes, device, flood(device))
        return list(self._changed([device], now))

    def down(self, cause: str, why: str, now: datetime) -> list[Record]:
        """Say that something is down, and why, such as `broker_away`."""
        self._down.setdefault(cause, why)
        return list(self._changed(self._on(cause), now))

    def up(self, cause: str, now: datetime) -> list[Record]:
        """Say that something is up again."""
        self._down.pop(cause, None)
        return list(self._changed(self._on(cause), now))

    def is_down(self, device: str) -> str:
        """Return why a device is out of reach, or an empty text."""
        return next((self._down[cause] for cause in self._hangs_on.get(device, ()) if cause in self._down), "")

    def is_cause_down(self, cause: str) -> bool:
        """Return whether one cause is down."""
        return cause in self._down

    def devices(self) -> list[str]:
        """Return the devices that are known."""
        return list(self._hangs_on)

    def _on(self, cause: str) -> list[str]:
        if cause in self._hangs_on:
            return [cause]
        return [device for device, causes in self._hangs_on.items() if cause in causes]

    def _changed(self, devices: Iterable[str], now: datetime) -> Iterator[Record]:
        for device in devices:
            why = self.is_down(device)
            status = "offline" if why else "online"
            if self._told.get(device) != status:
                self._told[device] = status
                data = {"status": status, **({"reason": why} if why else {})}
                id = f"{self.system}-{device}-{status}-{instant(now)}"
                yield Record(id=id, type="health", time=now, home=self.home, source=device, data=dict(data))


def flood(device: str) -> str:
    """Return the cause that a device is down for while it says more than can be kept."""
    return f"{device}/flood"
