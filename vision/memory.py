"""Memory: what is kept from frame to frame about one camera, handed out as moments."""

from __future__ import annotations

from datetime import datetime

from vision.detection import Detections
from vision.frame import Frame
from vision.moment import Moment
from vision.things import Things
from vision.track import Tracker
from vision.trail import Trails
from vision.zone import Zone


class Memory:
    """Makes moments of frames, in the order of time: tracks, trails and things, and when each class group was last seen."""

    def __init__(self, zones: tuple[Zone, ...]) -> None:
        self._zones = zones
        self._tracker = Tracker()
        self._trails = Trails()
        self._things = Things()
        self._last_seen: dict[str, datetime] = {}
        self._began: datetime | None = None

    def receive(self, frame: Frame, found: Detections) -> Moment:
        """Return what the frame shows, with what is remembered."""
        began = self._began = self._began or frame.time
        height, width = frame.image.shape[:2]
        subjects = self._trails.receive(frame.time, self._tracker.receive(frame.time, found))
        self._last_seen |= dict.fromkeys((subject.group for subject in subjects), frame.time)
        clear = found.clear()
        things = self._things.receive(frame.time, began, clear, subjects, width / height)
        return Moment(frame.time, began, width / height, self._zones, clear, subjects, things, self._last_seen)
