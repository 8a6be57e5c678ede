"""Watching one camera: from its frames to records, for as long as it lasts.

Each frame goes through the same gates, the cheap ones first: does it show anything, is it worth a look (`motion`), is it the view that was
taught? Only what passes them all reaches the scene; what hides the picture, or a zone of it, becomes `health` (`outlook`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

import numpy as np

from rules.home import Camera, Home
from rules.record import Record
from vision.activity import BRIDGE
from vision.closeup import CloseUps
from vision.detection import Detection, Detections, Floats, nothing
from vision.detector import Detector
from vision.frame import Frame
from vision.live.motion import MotionGate, is_lively, thumbnail
from vision.live.outlook import Hidden, Outlook, health, zone_health
from vision.live.picture import Freeze
from vision.live.sight import SILENCE, Change, Reason, Sight
from vision.live.view import Views
from vision.scene import Scene, Snapshot
from vision.scene_state import gauges_of
from vision.track import group_of
from vision.zone import Box, zones_of
from vision.zone_memory import ZoneMemory
from vision.zone_sight import zone_sights

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Effort:
    """What watching has taken so far: frames judged, looks taken, and the seconds of the looks."""

    frames: int = 0
    looks: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Watch:
    """Folds the frames of one camera, in the order of time, into records. Keeps no frame."""

    home: Home
    camera: Camera
    detector: Detector
    scene: Scene
    views: Views = field(default_factory=Views)
    sight: Sight = field(default_factory=Sight)
    effort: Effort = field(default_factory=Effort)
    memory: ZoneMemory = field(default_factory=ZoneMemory)
    outlook: Outlook = field(init=False)
    seen: Detections = field(default_factory=nothing)  # what was found when the camera was last looked at
    _plain: Detector = field(init=False)  # without its close-ups
    _drawn: tuple[Home, Camera] | None = None
    _gate: MotionGate = field(default_factory=MotionGate)
    _boxes: tuple[Box, ...] = ()
    _lying: Detections = field(default_factory=nothing)
    _rare: bool = False

    def __post_init__(self) -> None:
        zones = zones_of(self.camera.zones)
        self._plain = self.detector
        self.detector = CloseUps(self._plain, zones)
        self.outlook = Outlook(self.views, zone_sights(zones, self.memory), self.sight, Freeze())

    def receive(self, frame: Frame) -> list[Record]:
        """Return the records known with this frame: up to 5 s older than it, as they happened."""
        self.effort.frames += 1
        ends = self._redraw()
        found: Detections | None = None
        hidden = self.outlook.hidden(frame, thumb := thumbnail(frame.image))
        if hidden.reason is None:
            found = self._look(frame, thumb)
            hidden = Hidden("detector_failed") if found is None else Hidden("too_slow") if self._rare else hidden
        self.seen = self.seen if hidden.reason is None else nothing()
        changes, of_zones = self.outlook.receive(frame, thumb, hidden, self._boxes)
        records = ends + self._told(changes)
        records += [zone_health(self.home.home, self.camera.id, change) for change in of_zones]
        if self.sight.sees and found is not None:
            records += self.scene.receive(frame, found)
        return records

    def every(self, period: timedelta) -> None:
        """Know how often there is a frame from now on: where that is too seldom to see what happens, the camera counts as blind."""
        self._rare = period > BRIDGE
        self.sight.silence = max(SILENCE, 2 * period)

    def draw(self, home: Home, camera: Camera) -> None:
        """Watch other zones of the camera from its next frame on. Any thread may call this."""
        self._drawn = home, camera

    def on_time(self, now: datetime) -> list[Record]:
        """Return what is known by now although no frame has come."""
        return self._told(self.sight.on_time(now))

    def stop(self, now: datetime, reason: Reason = "stopped") -> list[Record]:
        """Return the ends of what goes on, since nobody watches from now on."""
        return self._told(self.sight.stop(now, reason))

    def _look(self, frame: Frame, thumb: Floats) -> Detections | None:
        """Return what is in the frame; what lay there at the last look where it is not worth one; None when the detector failed."""
        if not self._gate.receive(frame.time, thumb):
            return self._lying
        began = perf_counter()
        try:
            found = self.detector.detect(frame)
        except Exception:  # noqa: BLE001  whatever a detector does on one camera's picture, the others go on
            _log.exception("%s: the detector failed.", self.camera.id)
            return None
        self.effort.looks += 1
        self.effort.seconds += perf_counter() - began
        clear = found.clear()
        self.seen = clear
        self._gate.looked(frame.time, thumb, clear)
        self._boxes = tuple(one.xyxy for one in clear if group_of(one.label))
        # Cars and bags stay where nothing has moved; for who is alive each sighting is a detector's own.
        self._lying = clear.select(np.array([not is_lively(label) for label in clear.label], np.bool_))
        return found

    def _redraw(self) -> list[Record]:
        """Take the zones that were drawn since the last frame; return the ends of what goes on at those before."""
        if self._drawn is None:
            return []
        before, (self.home, self.camera) = self.camera, self._drawn
        if self.camera.zones == before.zones:
            return []
        zones = zones_of(self.camera.zones)
        self.detector = CloseUps(self._plain, zones)
        self.outlook.zones = zone_sights(zones, self.memory)
        return self.scene.redraw(zones, gauges_of(self.home, self.camera))

    def _told(self, changes: list[Change]) -> list[Record]:
        records = []
        for change in changes:
            if change.reason is not None:
                records += self.scene.close()
                self._gate.reset()
                self._lying = nothing()
            records.append(health(self.home.home, self.camera.id, change))
        return records


def forgiving(keep: Snapshot) -> Snapshot:
    """Return a keeper of pictures that goes without one where the disk refuses it: the record matters more."""

    def kept(frame: Frame, marked: Detection, episode: str) -> str:
        try:
            return keep(frame, marked, episode)
        except OSError as error:
            _log.warning("%s: a picture could not be kept: %s.", frame.camera, error)
            return ""

    return kept
