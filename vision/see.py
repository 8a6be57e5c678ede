"""Seeing: from the frames of one camera to the records of its log.

The camera is `online` from its first frame and `offline` after its last, for any stretch without a frame that is longer than
`SILENCE`, and where its pictures show nothing; so are its zones (`live.outlook`): what nobody could see is never taken for something
that did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

from rules.home import Camera, Home
from rules.record import Record
from vision.activity import load_activities, longest
from vision.closeup import CloseUps
from vision.detector import Detector
from vision.frame import Frame
from vision.identity import Identifier, only_pet
from vision.live.motion import thumbnail
from vision.live.outlook import Outlook, health, zone_health
from vision.live.sight import Change, Sight
from vision.live.view import Views
from vision.scene import Scene, Snapshot
from vision.scene_state import gauges_of
from vision.source import RATE, FrameSource
from vision.track import group_of
from vision.zone import Zone, zones_of
from vision.zone_sight import zone_sights

SILENCE = timedelta(seconds=10)
FRAME = timedelta(seconds=1 / RATE)
_VIEW_EVERY = timedelta(seconds=2)  # nobody waits for it


@dataclass(frozen=True, slots=True)
class Progress:
    """How far seeing has come: the frames looked at, the last one's time, and the share done where that is known."""

    frames: int
    time: datetime
    done: float | None


Report = Callable[[Progress], None]


def see(
    source: FrameSource,
    detector: Detector,
    home: Home,
    camera: Camera,
    *,
    identify: Identifier | None = None,
    snapshot: Snapshot | None = None,
    progress: Report | None = None,
) -> Iterator[Record]:
    """Yield the records of what the detector sees at the camera: as soon as known, so up to 5 s after their time.

    For a source with an end (`source.length`) they come in the order of time. Raise what the source and `snapshot` do.
    """
    zones = zones_of(camera.zones)
    gauges = gauges_of(home, camera)
    scene = Scene(home.home, camera.id, zones, identify or only_pet(home), snapshot, gauges=gauges)
    frames = _reporting(source, progress) if progress else source
    records = _records(frames, CloseUps(detector, zones), scene, outlook_of(zones))
    return _flat(records) if source.length is None else in_order(records, longest(load_activities()))


Batch = tuple[datetime, list[Record]]  # what is known now


def outlook_of(zones: Sequence[Zone]) -> Outlook:
    """Return the outlook of a recording, of which only a long stretch without a frame is silence."""
    sight = Sight(silence=SILENCE, lasts=FRAME, back=timedelta(0))
    return Outlook(Views(), zone_sights(zones, every=_VIEW_EVERY), sight, view_every=_VIEW_EVERY)


def _records(frames: Iterable[Frame], detector: Detector, scene: Scene, outlook: Outlook) -> Iterator[Batch]:
    """Yield what is known with each frame. What is found is told in any light: a recording is never of another time."""
    last: datetime | None = None
    for frame in frames:
        last = frame.time
        found, thumb = detector.detect(frame), thumbnail(frame.image)
        boxes = [one.xyxy for one in found.clear() if group_of(one.label)]
        changes, of_zones = outlook.receive(frame, thumb, outlook.hidden(frame, thumb), boxes)
        told = [record for change in changes for record in _told(change, scene)]
        told += [zone_health(scene.home, scene.camera, change) for change in of_zones]
        yield last, [*told, *scene.receive(frame, found)]
    if last:
        yield last, [record for change in outlook.sight.stop(last + FRAME) for record in _told(change, scene)]
        yield last, scene.close()


def _told(change: Change, scene: Scene) -> list[Record]:
    """Return the record of a change of sight; what went on ends where frames do."""
    ends = scene.close() if change.reason in ("no_picture", "stopped") else []
    return [*ends, health(scene.home, scene.camera, change)]


def _flat(batches: Iterable[Batch]) -> Iterator[Record]:
    return (record for _, records in batches for record in records)


def in_order(batches: Iterable[Batch], wait: timedelta) -> Iterator[Record]:
    """Yield the records in the order of (time, id), holding each back until nothing earlier can come."""
    held: list[tuple[datetime, str, Record]] = []
    for now, records in batches:
        for record in records:
            heappush(held, (record.time, record.id, record))
        while held and held[0][0] < now - wait:
            yield heappop(held)[2]
    while held:
        yield heappop(held)[2]


def _reporting(source: FrameSource, report: Report) -> Iterator[Frame]:
    """Yield the frames of the source and report each."""
    length, begin = source.length, None
    for count, frame in enumerate(source, 1):
        begin = begin or frame.time
        done = min((frame.time - begin) / length, 1.0) if length else None
        report(Progress(count, frame.time, done))
        yield frame
