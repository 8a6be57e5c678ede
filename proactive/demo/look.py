"""A look: one film before the demo's camera, and the last picture of it, for what has no picture of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from proactive.notify.text import Picture
from rules.home import Camera, Home
from rules.record import Record
from rules.units import EPOCH, instant
from vision.detection import Detection
from vision.detector import Detector
from vision.frame import Frame
from vision.scene import Snapshot
from vision.see import Progress, Report, see
from vision.source import FrameSource, open_source
from vision.zone import Box


def require_film(path: Path) -> None:
    """Raise InputError where there is no film to look at: a video file or a folder of stills."""
    open_source(str(path), "", EPOCH)


class Look:
    """Looks at a film as if the camera had begun to see it at `begins`. Raise InputError for what is not a film."""

    def __init__(self, film: Path, camera: Camera, begins: datetime, report: Report) -> None:
        self._camera, self._report = camera, report
        self._source = _Remembering(open_source(str(film), camera.id, begins))
        self.frames = 0
        self.ends = begins + (self._source.length or timedelta())

    def records(self, detector: Detector, home: Home, pictures: Snapshot) -> Iterator[Record]:
        """Yield the records of what the detector sees, in the order of time."""
        return see(self._source, detector, home, self._camera, snapshot=pictures, progress=self._count)

    def view(self, pictures: Snapshot) -> Picture | None:
        """Keep and return the last picture, with the first zone drawn in; None where nothing was seen."""
        last = self._source.last
        if last is None:
            return None
        box = _around(next(iter(self._camera.zones.values())))
        name = pictures(last, Detection(box, "", 1.0), f"{self._camera.id}-view-{instant(last.time) // 1000}")
        return Picture(name, self._camera.id, instant(last.time))

    def _count(self, progress: Progress) -> None:
        self.frames = progress.frames
        self._report(progress)


class _Remembering:
    """The frames of a source, the last of which is remembered."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self.last: Frame | None = None

    @property
    def length(self) -> timedelta | None:
        return self._source.length

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            self.last = frame
            yield frame


def _around(polygon: tuple[tuple[float, float], ...]) -> Box:
    xs, ys = zip(*polygon, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
