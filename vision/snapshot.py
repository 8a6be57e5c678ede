"""Snapshots: a picture of an episode with its box and its time drawn in, kept as a file."""

from __future__ import annotations

import re
from datetime import tzinfo
from pathlib import Path

import cv2

from vision.frame import Frame, Image
from vision.zone import Box

_YELLOW = (0, 220, 255)
_BLACK = (0, 0, 0)
_WHITE = (255, 255, 255)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


class SnapshotFolder:
    """Keeps one JPEG for each episode in `folder`; callable as a scene's `snapshot`. Times are shown in `zone`."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._zone = zone

    def __call__(self, frame: Frame, box: Box, episode: str) -> str:
        """Write the picture and return its file name, which is all that a record carries. Raise OSError."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", episode) + ".jpg"
        text = frame.time.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S %Z")
        done, jpeg = cv2.imencode(".jpg", draw(frame.image, box, text))
        assert done, "OpenCV encodes any 8-bit picture as JPEG"
        (self._folder / name).write_bytes(jpeg.tobytes())
        return name


def draw(image: Image, box: Box, text: str) -> Image:
    """Return a copy of the picture with the box and, at the top left, the text."""
    picture = image.copy()
    height, width = picture.shape[:2]
    corner = (round(box[0] * width), round(box[1] * height))
    opposite = (round(box[2] * width), round(box[3] * height))
    cv2.rectangle(picture, corner, opposite, _YELLOW, 2)
    # On a plate of its own, the time can be read on any picture.
    (wide, high), below = cv2.getTextSize(text, _FONT, 0.5, 1)
    cv2.rectangle(picture, (0, 0), (wide + 12, high + below + 10), _BLACK, cv2.FILLED)
    cv2.putText(picture, text, (6, high + 5), _FONT, 0.5, _WHITE, 1, cv2.LINE_AA)
    return picture
