"""`proactive see`: the records of a video or of a camera's stream, as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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


@click.command()
@click.argument("video")
@click.option("--camera", "camera_id", required=True, help="The camera's id in the home file, such as cam.kitchen.")
@click.option("--home", "homes", required=True, multiple=True, type=Path, help="home.yaml, or a .jsonl of many.")
@click.option("--start", help="Time of a file's first frame: RFC 3339, or local to the home.")
@click.option("--detector", "name", help="Which detector looks.")
@click.option("--snapshots", type=Path, help="Keep a picture of each episode in this folder.")
def see(
    video: str, *, camera_id: str, homes: tuple[Path, ...], start: str | None, name: str | None, snapshots: Path | None
) -> None:
    """Turn VIDEO (a file, a folder of stills, a URL or a webcam) into the records of what is seen, as JSON lines.

    Without --start a video file is taken to have been written until its last frame was taken, so that frame 0 is at the
    file's time less its length, and a still is taken at its file's time. A camera (rtsp://, http://, webcam:0) is watched as it is now, until Ctrl-C: its URL
    may be that of a stream or of a single picture, and where it is lost it is waited for. The detector is that of
    PROACTIVE_DETECTOR_MODEL (a YOLO model for OpenVINO) where it is set, else the one of proactive[offline].
    """
    home, camera = find_camera(load_homes(homes), camera_id)
    at = _time(start, home)
    try:
        from vision.live.address import kind_of

        if kind_of(video):
            _watch(video, home, camera, name, snapshots)
        else:
            _look(video, home, camera, name, snapshots, at)
    except ImportError as error:
        raise ProactiveError(f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'") from error


def _look(
    video: str, home: Home, camera: Camera, name: str | None, snapshots: Path | None, start: datetime | None
) -> None:
    """Write the records of a recording."""
    from vision.recogniser import Recogniser
    from vision.see import see as look

    source = _open(video, camera, home, start)
    _, detector = _load(name)
    who = Recogniser(home, _taught(home))
    pictures = _pictures(snapshots, home)
    _write(look(source, detector, home, camera, identify=who, snapshot=pictures, progress=_Shown(home)))


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


def _open(video: str, camera: Camera, home: Home, start: datetime | None) -> FrameSource:
    from vision.source import VideoFile, open_source

    source = open_source(video, camera.id, start)
    if isinstance(source, VideoFile):
        begins = source.begins.astimezone(ZoneInfo(home.time_zone))
        told = "" if start else " (from the file's time; give --start if it was taken at another)"
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

    def __init__(self, home: Home) -> None:
        self._zone = ZoneInfo(home.time_zone)
        self._next_tenth = 1

    def __call__(self, progress: Progress) -> None:
        """Write a line when one is due."""
        if progress.done is not None and progress.done * 10 >= self._next_tenth:
            self._next_tenth = int(progress.done * 10) + 1
            time = progress.time.astimezone(self._zone)
            click.echo(f"Seen {progress.done:.0%}: {progress.frames} frames, up to {time:%Y-%m-%d %H:%M:%S}", err=True)
