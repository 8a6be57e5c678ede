"""`proactive see`: the records of a video or of a camera's stream, as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from proactive.error import ProactiveError
from proactive.home_file import load_homes
from rules.home import Camera, Home
from rules.problem import InputError, Problem
from rules.record import Record, encode
from vision.camera import find_camera

if TYPE_CHECKING:
    from vision.detector import Detector
    from vision.identity import Taught
    from vision.live.report import CameraReport
    from vision.scene import Snapshot
    from vision.see import Progress
    from vision.source import FrameSource

_EACH = timedelta(minutes=1)  # how often a live camera's progress is shown


@dataclass(frozen=True, slots=True)
class _Recording:
    """What is to be seen, by which camera of which home, and when it began, where that was said."""

    video: str
    home: Home
    camera: Camera
    start: datetime | None


@click.command()
@click.argument("videos", metavar="VIDEO...", nargs=-1, required=True)
@click.option("--camera", "cameras", required=True, multiple=True, help="Each VIDEO's camera, such as cam.kitchen.")
@click.option("--home", "homes", required=True, multiple=True, type=Path, help="home.yaml, or a .jsonl of many.")
@click.option("--start", "starts", multiple=True, help="Time of a file's first frame: RFC 3339, or local to the home.")
@click.option("--detector", "name", help="Which detector looks.")
@click.option("--snapshots", type=Path, help="Keep a picture of each episode in this folder.")
def see(
    videos: tuple[str, ...],
    *,
    cameras: tuple[str, ...],
    homes: tuple[Path, ...],
    starts: tuple[str, ...],
    name: str | None,
    snapshots: Path | None,
) -> None:
    """Turn VIDEO (a file, a folder of stills, a URL or a webcam) into the records of what is seen, as JSON lines.

    Recordings of several cameras are seen side by side, each with its --camera (and --start, where it has one of its own), in that order: what two cameras
    that overlap saw of one pet at one time is one episode.

    Without --start a video file is taken to have been written until its last frame was taken, so that frame 0 is at the
    file's time less its length, and a still is taken at its file's time. A camera (rtsp://, http://, webcam:0) is watched as it is now, until Ctrl-C: its URL
    may be that of a stream or of a single picture, and where it is lost it is waited for. The detector is that of
    PROACTIVE_DETECTOR_MODEL (a YOLO model for OpenVINO) where it is set, else the one of proactive[offline].
    """
    recordings = list(_recordings(videos, cameras, starts, load_homes(homes)))
    try:
        from vision.live.address import kind_of

        live = [one for one in recordings if kind_of(one.video)]
        if not live:
            _look(recordings, name, snapshots)
        elif len(recordings) == 1:
            _watch(live[0].video, live[0].home, live[0].camera, name, snapshots)
        else:
            message = f"expected recordings, or one camera only; found {len(recordings)}, some of them cameras."
            raise InputError([Problem("many_cameras", "VIDEO", message, "proactive serve watches several cameras.")])
    except ImportError as error:
        raise ProactiveError(f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'") from error


def _recordings(
    videos: Sequence[str], cameras: Sequence[str], starts: Sequence[str], homes: Sequence[Home]
) -> Iterator[_Recording]:
    """Yield each video with its camera, home and start; one start is that of all. Raise InputError where they do not fit."""
    for option, given, fits in (("--camera", cameras, {len(videos)}), ("--start", starts, {0, 1, len(videos)})):
        if len(given) not in fits:
            message = f"expected one for each of {len(videos)} recordings, found {len(given)}."
            raise InputError([Problem("not_one_each", option, message, "Give them in the order of the recordings.")])
    for video, named, start in zip(videos, cameras, _each(starts, len(videos)), strict=True):
        home, camera = find_camera(homes, named)
        yield _Recording(video, home, camera, _time(start, home))


def _each(starts: Sequence[str], count: int) -> Sequence[str | None]:
    return starts if len(starts) == count else [*starts, None][:1] * count


def _look(recordings: Sequence[_Recording], name: str | None, snapshots: Path | None) -> None:
    """Write the records of recordings, side by side."""
    from vision.joining import side_by_side
    from vision.recogniser import Recogniser
    from vision.see import see as look

    sources = [_open(one) for one in recordings]
    _, detector = _load(name)
    seen = [
        look(
            source,
            detector,
            one.home,
            one.camera,
            identify=Recogniser(one.home, _taught(one.home)),
            snapshot=_pictures(snapshots, one.home),
            progress=_Shown(one.home, one.camera.id if len(recordings) > 1 else ""),
        )
        for one, source in zip(recordings, sources, strict=True)
    ]
    _write(side_by_side(seen, [one.home for one in recordings]))


def _watch(address: str, home: Home, camera: Camera, name: str | None, snapshots: Path | None) -> None:
    """Write the records of a live camera, as they are known, until this is told to stop."""
    from proactive.cli.desk import until_told
    from vision.live.alone import Alone
    from vision.live.post import Orders

    chosen, detector = _load(name)
    named = camera.model_copy(update={"url": address})
    orders = Orders(((home, named),), chosen, pictures=snapshots, taught={home.home: _taught(home)})
    alone = Alone(orders, detector, _Watched())
    with until_told(alone.stop):
        _write(alone.records())


def _taught(home: Home) -> Taught:
    """Return what photos taught of the home's pets, where the store knows the home."""
    from proactive.settings import load
    from proactive.teaching import known_looks

    return known_looks(load(), [home.home]).get(home.home, {})


def _open(one: _Recording) -> FrameSource:
    from vision.source import VideoFile, open_source

    source = open_source(one.video, one.camera.id, one.start)
    if isinstance(source, VideoFile):
        begins = source.begins.astimezone(ZoneInfo(one.home.time_zone))
        told = "" if one.start else " (from the file's time; give --start if it was taken at another)"
        click.echo(f"First frame: {begins:%Y-%m-%d %H:%M:%S %Z}{told}", err=True)
    return source


def _time(text: str | None, home: Home) -> datetime | None:
    """Return the aware time of a text; without an offset it is local to the home. Raise InputError."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"expected a time such as '2026-03-09T06:55:00-04:00' or '2026-03-09 06:55', found {text!r}."
        raise InputError([Problem("bad_time", "--start", message)]) from error
    return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(home.time_zone))


def _load(name: str | None) -> tuple[str, Detector]:
    from proactive import app
    from proactive.settings import load

    settings = load()
    chosen, detector = app.choose_detector(settings, name)
    model = settings.detector_model
    click.echo(f"Detector: {chosen}{f' ({model})' if model and chosen != 'ssd' else ''}", err=True)
    return chosen, detector


def _pictures(folder: Path | None, home: Home) -> Snapshot | None:
    if folder is None:
        return None
    from vision.snapshot import SnapshotFolder

    return SnapshotFolder(folder, ZoneInfo(home.time_zone))


def _write(records: Iterable[Record]) -> None:
    """Write each record as soon as it is known."""
    output = sys.stdout.buffer
    for record in records:
        output.write(encode(record) + b"\n")
        output.flush()


class _Watched:
    """Shows on stderr how a camera is doing: when that changes, and each minute."""

    def __init__(self) -> None:
        self._reason: str | None = ""
        self._next: datetime | None = None

    def __call__(self, report: CameraReport) -> None:
        """Write a line when one is due."""
        if report.reason == self._reason and self._next is not None and report.time < self._next:
            return
        self._reason, self._next = report.reason, report.time + _EACH
        found = f"blind ({report.reason})" if report.reason else f"{report.fps:g} fps"
        click.echo(f"{report.camera}: {found}, {report.looks} looks at {report.ms_per_look:g} ms", err=True)


class _Shown:
    """Shows progress on stderr, each tenth of a recording."""

    def __init__(self, home: Home, camera: str = "") -> None:
        self._zone, self._camera = ZoneInfo(home.time_zone), camera
        self._next_tenth = 1

    def __call__(self, progress: Progress) -> None:
        """Write a line when one is due."""
        if progress.done is not None and progress.done * 10 >= self._next_tenth:
            self._next_tenth = int(progress.done * 10) + 1
            time = progress.time.astimezone(self._zone)
            of = f" of {self._camera}" if self._camera else ""
            told = f"Seen {progress.done:.0%}{of}: {progress.frames} frames, up to {time:%Y-%m-%d %H:%M:%S}"
            click.echo(told, err=True)
