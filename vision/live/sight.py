"""Sight: whether a camera can be relied on, folded from what each frame shows into `health` that does not flicker.

A blindness counts from the first frame that showed it, once it has lasted a moment; until then nothing is concluded from such
frames, neither that somebody is there nor that nobody is. Seeing counts from when it has lasted a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.coverage import CameraReason

Reason = CameraReason

SILENCE = timedelta(seconds=3)  # without a new picture
RETURN = timedelta(seconds=1)
CONFIRM: dict[Reason, timedelta] = {
    "moved": timedelta(seconds=2.5),
    "frozen": timedelta(seconds=3),
    "detector_failed": timedelta(0),
}
_MOMENT = timedelta(seconds=1.5)  # a flash, a hand that wipes the lens


@dataclass(frozen=True, slots=True)
class Change:
    """From `time` on the camera sees (`reason` None) or is blind."""

    time: datetime
    reason: Reason | None


@dataclass(slots=True)
class Sight:
    """Folds the frames of one camera, in the order of time. Blind until it has seen.

    After `silence` without a frame it is blind since `lasts` after the last one, and sees again once frames have come for `back`.
    """

    reason: Reason | None = "starting"
    since: datetime | None = None
    last: datetime | None = None
    silence: timedelta = SILENCE
    lasts: timedelta = timedelta(milliseconds=1)
    back: timedelta = RETURN
    _suspected: datetime | None = None
    _suspicion: Reason | None = None
    _clear: datetime | None = None

    @property
    def sees(self) -> bool:
        """Return whether the latest frame may be concluded from: it shows nothing that hides, and the camera is relied on."""
        return self.reason is None and self._suspicion is None

    def receive(self, time: datetime, reason: Reason | None, began: datetime | None = None) -> list[Change]:
        """Return what changes with the frame of `time`, in which `reason` hides what there is, since `began` where that is known."""
        gone = self.on_time(time)
        self.last = time
        return gone + (self._see(time) if reason is None else self._doubt(time, reason, began or time))

    def on_time(self, now: datetime) -> list[Change]:
        """Return what changes since no frame has come."""
        if self.last is None or now - self.last <= self.silence or self.reason == "no_picture":
            return []
        return self._become("no_picture", self._suspected or self.last + self.lasts)

    def stop(self, time: datetime, reason: Reason = "stopped") -> list[Change]:
        """Return what changes since nobody looks any more."""
        return [] if self.reason is not None else self._become(reason, time)

    def _see(self, time: datetime) -> list[Change]:
        self._suspicion = self._suspected = None
        if self.reason is None:
            return []
        self._clear = self._clear or time
        waits = {"starting": timedelta(0), "no_picture": self.back}.get(self.reason, RETURN)
        return self._become(None, time) if time - self._clear >= waits else []

    def _doubt(self, time: datetime, reason: Reason, began: datetime) -> list[Change]:
        self._clear = None
        self._suspected = self._suspected or began
        if reason != self._suspicion and self.reason is not None:
            self._suspected = began  # blind already: only why may change
        self._suspicion = reason
        if reason == self.reason or time - self._suspected < CONFIRM.get(reason, _MOMENT):
            return []
        return self._become(reason, self._suspected)

    def _become(self, reason: Reason | None, time: datetime) -> list[Change]:
        time = max(time, self.since or time)
        self.reason, self.since = reason, time
        self._clear = self._suspected = None
        self._suspicion = reason
        return [Change(time, reason)]
