"""The outlook: what can be relied on of a camera's pictures, as `health` of the camera and of each of its zones.

Live cameras and recordings are judged alike, the cheap questions first: does a picture show anything (`picture`), is it the view that was
taught (`view`), and then of each zone whether it can be seen (`zone_sight`). Of a recording equal pictures mean nothing, since
what wrote it may have spared them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.record import Record
from rules.units import instant
from vision.detection import Floats
from vision.frame import Frame
from vision.live.picture import Cover, Freeze, is_dark
from vision.live.sight import Change, Reason, Sight
from vision.live.view import Views
from vision.zone import Box
from vision.zone_sight import ZoneChange, ZoneSights

VIEW_EVERY = timedelta(seconds=0.7)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why a picture shows nothing of now, None where it does; and since when, where one picture tells."""

    reason: Reason | None
    since: datetime | None = None


@dataclass(slots=True)
class Outlook:
    """Folds the pictures of one camera, in the order of time. Keeps no picture."""

    views: Views
    zones: ZoneSights
    sight: Sight
    freeze: Freeze | None = None
    view_every: timedelta = VIEW_EVERY
    _cover: Cover = field(default_factory=Cover)
    _viewed: datetime | None = None
    _turned: bool = False

    def hidden(self, frame: Frame, thumb: Floats) -> Hidden:
        """Return whether this picture shows anything at all."""
        frozen = self.freeze.receive(frame.time, frame.image) if self.freeze else None
        if is_dark(thumb):
            return Hidden("too_dark")
        if self._cover.receive(thumb):
            return Hidden("covered")
        return Hidden("frozen", frozen) if frozen else Hidden(None)

    def receive(
        self, frame: Frame, thumb: Floats, hidden: Hidden, boxes: Iterable[Box]
    ) -> tuple[list[Change], list[ZoneChange]]:
        """Return what changes for the camera and for its zones with a picture in which somebody is in each of the boxes."""
        boxes = tuple(boxes)
        reason = hidden.reason or self._turned_away(frame, thumb, boxes)
        changes = self.sight.receive(frame.time, reason, hidden.since)
        if self.sight.sees:
            return changes, self.zones.receive(frame.time, frame.image, boxes, self.views.shift)
        self.zones.pause()
        return changes, []

    def _turned_away(self, frame: Frame, thumb: Floats, boxes: tuple[Box, ...]) -> Reason | None:
        if self._viewed is None or frame.time - self._viewed >= self.view_every:
            self._viewed = frame.time
            same = self.views.receive(frame.time, frame.image, thumb, boxes)
            self._turned = self._turned if same is None else not same
        return "moved" if self._turned else None


def health(home: str, camera: str, change: Change) -> Record:
    """Return the record of a change of sight."""
    # The id sorts before those of episodes: at the same time the camera is online before anything is seen.
    return _record(home, camera, f"{camera}-!", change.time, change.reason, {})


def zone_health(home: str, camera: str, change: ZoneChange) -> Record:
    """Return the record of a zone that is seen again, or is not any more."""
    return _record(home, camera, f"{camera}-!zone-{change.zone}-", change.time, change.reason, {"zone": change.zone})


def _record(home: str, camera: str, name: str, time: datetime, reason: str | None, about: dict[str, str]) -> Record:
    status = "online" if reason is None else "offline"
    data = {"status": status} | ({"reason": reason} if reason else {}) | about
    id = f"{name}{status}-{reason or 'sees'}-{instant(time) // 1000}"
    return Record(id=id, type="health", time=time, source=camera, home=home, data=data)
