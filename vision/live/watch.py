"""Watching one camera: from its frames to records, for as long as it lasts.

Each frame goes through the same gates, the cheap ones first: does it show anything (`picture`), is it worth a look (`motion`), is
it the view that was taught (`view`)? Only what passes them all reaches the scene; what hides becomes `health` (`sight`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

import numpy as np

from rules.home import Camera, Home
from rules.record import Record
from rules.units import instant
from vision.closeup import CloseUps
from vision.detection import Detection, Detections, Floats, nothing
from vision.detector import Detector
from vision.frame import Frame
from vision.live.motion import MotionGate, is_lively, thumbnail
from vision.live.picture import Cover, Freeze, is_dark
from vision.live.sight import Change, Reason, Sight
from vision.live.view import Views
from vision.scene import Scene, Snapshot
from vision.track import group_of
from vision.zone import Box, zones_of

_log = logging.getLogger(__name__)
_VIEW_EVERY = timedelta(seconds=0.7)


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
    _gate: MotionGate = field(default_factory=MotionGate)
    _cover: Cover = field(default_factory=Cover)
    _freeze: Freeze = field(default_factory=Freeze)
    _boxes: tuple[Box, ...] = ()
    _lying: Detections = field(default_factory=nothing)
    _viewed: datetime | None = None
    _turned: bool = False

    def __post_init__(self) -> None:
        self.detector = CloseUps(self.detector, zones_of(self.camera.zones))

    def receive(self, frame: Frame) -> list[Record]:
        """Return the records known with this frame: up to 5 s older than it, as they happened."""
        self.effort.frames += 1
        found: Detections | None = None
        reason, began = self._hidden(frame, thumb := thumbnail(frame.image))
        if reason is None:
            found = self._look(frame, thumb)
            reason = "detector_failed" if found is None else self._turned_away(frame, thumb)
        records = self._told(self.sight.receive(frame.time, reason, began))
        if self.sight.sees and found is not None:
            records += self.scene.receive(frame, found)
        return records

    def on_time(self, now: datetime) -> list[Record]:
        """Return what is known by now although no frame has come."""
        return self._told(self.sight.on_time(now))

    def stop(self, now: datetime, reason: Reason = "stopped") -> list[Record]:
        """Return the ends of what goes on, since nobody watches from now on."""
        return self._told(self.sight.stop(now, reason))

    def _hidden(self, frame: Frame, thumb: Floats) -> tuple[Reason | None, datetime | None]:
        """Return why this picture shows nothing of now, and since when, where one picture tells."""
        frozen = self._freeze.receive(frame.time, frame.image)
        if is_dark(thumb):
            return "too_dark", None
        if self._cover.receive(thumb):
            return "covered", None
        return ("frozen", frozen) if frozen else (None, None)

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
        self._gate.looked(frame.time, thumb, found)
        self._boxes = tuple(one.xyxy for one in found if group_of(one.label))
        # Cars and bags stay where nothing has moved; for who is alive each sighting is a detector's own.
        self._lying = found.select(np.array([not is_lively(label) for label in found.label], np.bool_))
        return found

    def _turned_away(self, frame: Frame, thumb: Floats) -> Reason | None:
        if self._viewed is None or frame.time - self._viewed >= _VIEW_EVERY:
            self._viewed = frame.time
            same = self.views.receive(frame.time, frame.image, thumb, self._boxes)
            self._turned = self._turned if same is None else not same
        return "moved" if self._turned else None

    def _told(self, changes: list[Change]) -> list[Record]:
        records = []
        for change in changes:
            if change.reason is not None:
                records += self.scene.close()
                self._gate.reset()
                self._lying = nothing()
            records.append(health(self.home.home, self.camera.id, change))
        return records


def health(home: str, camera: str, change: Change) -> Record:
    """Return the record of a change of sight."""
    status = "online" if change.reason is None else "offline"
    # The id sorts before those of episodes: at the same time the camera is online before anything is seen.
    name = f"{camera}-!{status}-{change.reason or 'sees'}-{instant(change.time) // 1000}"
    data = {"status": status} | ({"reason": change.reason} if change.reason else {})
    return Record(id=name, type="health", time=change.time, source=camera, home=home, data=data)


def forgiving(keep: Snapshot) -> Snapshot:
    """Return a keeper of pictures that goes without one where the disk refuses it: the record matters more."""

    def kept(frame: Frame, marked: Detection, episode: str) -> str:
        try:
            return keep(frame, marked, episode)
        except OSError as error:
            _log.warning("%s: a picture could not be kept: %s.", frame.camera, error)
            return ""

    return kept
