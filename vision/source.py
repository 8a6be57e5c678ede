"""Frame sources: a video file or a folder of stills, each giving frames in the order of time.

A file's frames have the times of its own timestamps, counted from a start. What comes from a camera now is `live`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from rules.problem import InputError, Problem
from vision.frame import Frame

if TYPE_CHECKING:
    from vision.film import Film

RATE = 2.5  # frames a second that are looked at: the rate at which the constants of `activity` were found
WHOLE = "Play it once to see whether it is whole, or convert it to MP4."
STILLS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


class FrameSource(Protocol):
    """Gives frames in the order of time. `length` is how much time they span, or None where there is no end."""

    @property
    def length(self) -> timedelta | None: ...

    def __iter__(self) -> Iterator[Frame]: ...


def open_source(place: str, camera: str, start: datetime | None) -> FrameSource:
    """Return the recording that `place` names: a video file or a folder of stills. Raise InputError."""
    path = Path(place)
    if path.is_dir():
        return Stills(path, camera, start)
    return VideoFile(path, camera, start)


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A video file. Frame 0 is at `start`; by default the file was written until its last frame was taken."""

    path: Path
    camera: str
    start: datetime | None = None
    rate: float = RATE

    def __post_init__(self) -> None:
        with closing(self._open()) as film:
            if next(film.pictures(self.rate), None) is None:
                raise InputError([_not_a_video(self.path, "it holds no frame that can be read")])

    @property
    def length(self) -> timedelta:
        with closing(self._open()) as film:
            return timedelta(seconds=film.length)

    @property
    def begins(self) -> datetime:
        """Return the time of frame 0."""
        if self.start:
            return self.start.astimezone(UTC)
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) - self.length

    def __iter__(self) -> Iterator[Frame]:
        begins = self.begins
        with closing(self._open()) as film:
            for seconds, image in film.pictures(self.rate):
                yield Frame(image, begins + timedelta(seconds=seconds), self.camera)

    def _open(self) -> Film:
        if not self.path.is_file():
            raise InputError([_not_a_video(self.path, "there is no such file", "Check the path.")])
        from vision.film import Film, Unreadable  # imports FFmpeg, which stills and most cameras do without

        try:
            return Film(self.path)
        except Unreadable as error:
            raise InputError([_not_a_video(self.path, "FFmpeg cannot read it")]) from error


def _not_a_video(path: Path, found: str, hint: str = WHOLE) -> Problem:
    message = f"expected a video file, a folder of stills or a URL; {found}."
    return Problem("not_a_video", str(path), message, hint)


@dataclass(frozen=True, slots=True)
class Stills:
    """A folder of pictures in the order of their names: `every` after `start`, by default at their files' times.

    A picture that cannot be read is left out: a camera that writes stills is sometimes cut off in the middle of one.
    """

    folder: Path
    camera: str
    start: datetime | None = None
    every: timedelta = timedelta(seconds=1 / RATE)

    def __post_init__(self) -> None:
        if not self._paths():
            message = f"expected a folder with pictures ({', '.join(sorted(STILLS))}), found none in it."
            raise InputError([Problem("no_pictures", str(self.folder), message)])

    @property
    def length(self) -> timedelta:
        times = [time for time, _ in self._times()]
        return times[-1] - times[0]

    def __iter__(self) -> Iterator[Frame]:
        readable = False
        for time, path in self._times():
            image = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if image is not None:
                readable = True
                yield Frame(image.astype(np.uint8, copy=False), time, self.camera)
        if not readable:
            message = "expected pictures; OpenCV can read none of them."
            raise InputError([Problem("not_a_picture", str(self.folder), message)])

    def _paths(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.suffix.lower() in STILLS)

    def _times(self) -> list[tuple[datetime, Path]]:
        if self.start:
            begins = self.start.astimezone(UTC)
            return [(begins + number * self.every, path) for number, path in enumerate(self._paths())]
        return sorted((datetime.fromtimestamp(path.stat().st_mtime, UTC), path) for path in self._paths())
