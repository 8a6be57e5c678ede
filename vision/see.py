"""Seeing: from the frames of one camera to the records of its log.

The camera is `online` from its first frame and `offline` after its last, and for any stretch without a frame that is
longer than `SILENCE`: what nobody could see is never taken for something that did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

from rules.home import Camera, Home
from rules.record import Record
from rules.units import instant
from vision.activity import load_activities, longest
from vision.closeup import CloseUps
from vision.detector import Detector
from vision.frame import Frame
from vision.identity import Identifier, only_pet
from vision.scene import Scene, Snapshot
from vision.scene_state import gauges_of
from vision.source import RATE, FrameSource
from vision.zone import zones_of

SILENCE = timedelta(seconds=10)
FRAME = timedelta(seconds=1 / RATE)


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
    records = _records(frames, CloseUps(detector, zones), scene, home.home, camera.id)
    return _flat(records) if source.length is None else in_order(records, longest(load_activities()))


Batch = tuple[datetime, list[Record]]  # what is known now


def _records(frames: Iterable[Frame], detector: Detector, scene: Scene, home: str, camera: str) -> Iterator[Batch]:
    last: datetime | None = None
    for frame in frames:
        if last is None or frame.time - last > SILENCE:
            yield frame.time, [*_stop(scene, home, camera, last), _health(home, camera, "online", frame.time)]
        last = frame.time
        yield last, scene.receive(frame, detector.detect(frame))
    if last:
        yield last, _stop(scene, home, camera, last)


def _stop(scene: Scene, home: str, camera: str, last: datetime | None) -> list[Record]:
    return [*scene.close(), _health(home, camera, "offline", last + FRAME)] if last else []


def _health(home: str, camera: str, status: str, time: datetime) -> Record:
    # The id sorts before those of episodes: at the same time the camera is online before anything is seen.
    name = f"{camera}-!{status}-{instant(time) // 1000}"
    return Record(id=name, type="health", time=time, source=camera, home=home, data={"status": status})


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
