"""Scene states: what a zone shows of a thing that reports nothing itself, as the state of a device.

A device of the home file with a `camera`, a `zone` and `photos` for each of its values (a bowl full and empty, a gate open and closed)
is read off the camera's picture. Rules and language use it as any device. A value is told once it has been seen for `STEADY`, as of
when it was first seen; while somebody stands before it nothing is concluded. A device is offline until its first value, when its camera
is, and when for `UNSURE` nobody could tell; it then is online again with the next value.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from rules.home import Camera, Device, Home
from rules.problem import InputError, Problem
from rules.record import Record
from rules.units import instant
from vision.detection import Floats
from vision.frame import Frame
from vision.likeness import TELLING, Judge, Likeness, appearance
from vision.photo import read_photo
from vision.zone import Box, Point, Zone, share_covered

STEADY = timedelta(seconds=3)
UNSURE = timedelta(seconds=30)
EVERY = timedelta(seconds=1)
HIDDEN = 0.1  # of the zone, under the box of somebody who stands before it

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gauge:
    """Reads one device off the frames of its camera, in the order of time."""

    home: str
    camera: str
    device: str
    zone: Zone
    judge: Judge
    online: bool = False
    value: str | None = None
    _looked: datetime | None = None
    _sure: datetime | None = None  # when it was last told for sure
    _candidate: str | None = None
    _since: datetime | None = None

    def receive(self, frame: Frame, boxes: Iterable[Box]) -> list[Record]:
        """Return what is known with this frame, in which somebody is in each of the boxes."""
        if self._looked is None:
            self._looked = self._sure = frame.time
            return [self._health("offline", frame.time, "starting")]
        if frame.time - self._looked < EVERY:
            return []
        self._looked = frame.time
        return self._conclude(self._look(frame, boxes), frame.time)

    def close(self) -> list[Record]:
        """Return that nobody can tell any more, since the camera does not see."""
        stopped = [self._health("offline", self._looked, "camera")] if self.online and self._looked else []
        self.online, self.value, self._candidate, self._looked = False, None, None, None
        return stopped

    def _look(self, frame: Frame, boxes: Iterable[Box]) -> Likeness:
        if any(share_covered(self.zone, box) > HIDDEN for box in boxes):
            return Likeness(None)
        seen = appearance(frame.image, self.zone.polygon)
        return Likeness(None) if seen is None else self.judge.judge(seen)

    def _conclude(self, seen: Likeness, now: datetime) -> list[Record]:
        if seen.value is None:
            return self._doubt(now)
        self._sure = now
        if seen.value != self._candidate:
            self._candidate, self._since = seen.value, now
        if self._since is None or now - self._since < STEADY or (self.online and seen.value == self.value):
            return []
        return self._tell(seen, self._since)

    def _doubt(self, now: datetime) -> list[Record]:
        self._candidate = None
        if not self.online or self._sure is None or now - self._sure < UNSURE:
            return []
        self.online = False
        return [self._health("offline", self._sure + EVERY, "cannot_tell")]

    def _tell(self, seen: Likeness, since: datetime) -> list[Record]:
        back = [] if self.online else [self._health("online", since, "sees")]
        self.online, self.value = True, seen.value
        data = {"value": seen.value, "confidence": seen.confidence, "camera": self.camera, "zone": self.zone.name}
        name = f"{self.device}-{seen.value}-{instant(since) // 1000}"
        return [*back, Record(id=name, type="state", time=since, source=self.device, home=self.home, data=data)]

    def _health(self, status: str, time: datetime, reason: str) -> Record:
        # The id sorts before that of a state: at the same time the device is online before its state is known.
        name = f"{self.device}-!{status}-{reason}-{instant(time) // 1000}"
        data = {"status": status} | ({"reason": reason} if status == "offline" else {})
        return Record(id=name, type="health", time=time, source=self.device, home=self.home, data=data)


@dataclass(slots=True)
class Gauges:
    """Reads every device that is read off one camera."""

    gauges: tuple[Gauge, ...] = field(default=())

    def receive(self, frame: Frame, boxes: Iterable[Box]) -> list[Record]:
        """Return what is known with this frame, in which somebody is in each of the boxes."""
        somebody = tuple(boxes) if self.gauges else ()
        return [record for gauge in self.gauges for record in gauge.receive(frame, somebody)]

    def close(self) -> list[Record]:
        """Return that nobody can tell any more, since the camera does not see."""
        return [record for gauge in self.gauges for record in gauge.close()]


def gauges_of(home: Home, camera: Camera) -> Gauges:
    """Return what is read off a camera. A device that cannot be is left out, and the log says why: the camera still sees."""
    found = []
    for device in home.devices:
        if device.camera == camera.id:
            try:
                judge = learn(device, camera)
            except InputError as error:
                _log.warning("%s is not read off %s: %s", device.id, camera.id, error)
                continue
            zone = Zone(device.zone or "", tuple(camera.zones[device.zone or ""]))
            found.append(Gauge(home.home, camera.id, device.id, zone, judge))
    return Gauges(tuple(found))


class Untaught(InputError):
    """Say that there are photos of one value only, or of none."""


class Alike(InputError):
    """Say that the photos of two values show the same."""


def learn(device: Device, camera: Camera) -> Judge:
    """Return the judge of a device by its photos, which show what the camera shows.

    Raise InputError for a zone or photo that cannot be used, Untaught for too few photos, Alike for photos that tell nothing.
    """
    polygon = camera.zones.get(device.zone or "")
    if polygon is None:
        message = f"expected a zone of {camera.id} ({', '.join(camera.zones) or 'it has none'}), found {device.zone!r}."
        raise InputError([_problem(device, "zone", message)])
    taught = {value: [_taught(device, Path(one), polygon) for one in photos] for value, photos in device.photos.items()}
    if len(taught) < 2:
        raise Untaught([_problem(device, "photos", f"expected photos of two values at least, found {len(taught)}.")])
    judge = Judge(taught)
    if not judge.is_telling:
        message = f"expected photos that differ by {TELLING:.0f} grey levels in the zone, found {judge.apart:.1f}."
        raise Alike([_problem(device, "photos", message)])
    return judge


def _taught(device: Device, photo: Path, polygon: Sequence[Point]) -> Floats:
    seen = appearance(read_photo(photo), polygon)
    if seen is None:
        message = f"expected a picture that shows something, found {photo}, which is dark."
        raise InputError([_problem(device, "photos", message)])
    return seen


def _problem(device: Device, where: str, message: str) -> Problem:
    hint = "Teach it with: proactive home teach-state CAMERA ZONE VALUE PHOTO..."
    return Problem("cannot_read", f"{device.id}.{where}", message, hint)
