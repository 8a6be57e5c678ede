"""Snapshots: a picture of an episode with its time, the box of its subject and a label drawn in, kept as a file."""

from __future__ import annotations

import re
from datetime import tzinfo
from pathlib import Path

import cv2

from vision.detection import Detection
from vision.frame import Frame, Image

_YELLOW = (0, 220, 255)
_BLACK = (0, 0, 0)
_WHITE = (255, 255, 255)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LINE = 23  # pixels of a line of writing in a picture whose shorter side is `_USUAL` or less; in a larger one more, to be read as well
_USUAL = 360


class SnapshotFolder:
    """Keeps one JPEG for each episode in `folder`; callable as a scene's `snapshot`. Times are shown in `zone`."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._zone = zone

    def __call__(self, frame: Frame, marked: Detection, episode: str) -> str:
        """Write the picture and return its file name, which is all that a record carries. Raise OSError."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", episode) + ".jpg"
        text = frame.time.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S %Z")
        done, jpeg = cv2.imencode(".jpg", draw(frame.image, marked, text))
        assert done, "OpenCV encodes any 8-bit picture as JPEG"
        (self._folder / name).write_bytes(jpeg.tobytes())
        return name


def draw(image: Image, marked: Detection, text: str) -> Image:
    """Return a copy of the picture with the box, its label above it, and the text at the top left."""
    picture, box = image.copy(), marked.xyxy
    height, width = picture.shape[:2]
    size = max(min(width, height) / _USUAL, 1.0)
    corner = (round(box[0] * width), round(box[1] * height))
    opposite = (round(box[2] * width), round(box[3] * height))
    cv2.rectangle(picture, corner, opposite, _YELLOW, round(2 * size))
    if marked.label:
        # Above the box, and below the line with the time.
        line = round(_LINE * size)
        _write(picture, marked.label, (corner[0], max(corner[1] - line, line)), size, _YELLOW)
    _write(picture, text, (0, 0), size, _WHITE)
    return picture


def _write(picture: Image, text: str, at: tuple[int, int], size: float, colour: tuple[int, int, int]) -> None:
    """Write a line into the picture, its upper left corner there or as near as the picture allows."""
    thick, line, margin = round(size), round(_LINE * size), round(6 * size)
    (wide, _), _ = cv2.getTextSize(text, _FONT, size / 2, thick)
    left = max(min(at[0], picture.shape[1] - wide - 2 * margin), 0)
    top = max(min(at[1], picture.shape[0] - line), 0)
    # On a plate of its own, it can be read on any picture.
    cv2.rectangle(picture, (left, top), (left + wide + 2 * margin, top + line), _BLACK, cv2.FILLED)
    cv2.putText(
        picture, text, (left + margin, top + line - round(7 * size)), _FONT, size / 2, colour, thick, cv2.LINE_AA
    )
