"""Pictures of cameras and their status, made here, as `serve` would have them."""

from __future__ import annotations

from datetime import datetime, timedelta

import cv2
import msgspec
import numpy as np

from proactive.cameras import STATUS, CameraStatus
from rules.units import moment
from tests.proactive.web.conftest import Running
from vision.detection import Detection, detections_of
from vision.frame import Frame, Image
from vision.live.glimpse import glimpse_of

DOG = Detection((0.1, 0.35, 0.4, 0.9), "dog", 0.87)


def kitchen() -> Image:
    """Return a drawn kitchen, 640 x 360."""
    image = np.full((360, 640, 3), (196, 206, 214), np.uint8)
    cv2.rectangle(image, (0, 230), (640, 360), (120, 150, 176), cv2.FILLED)
    cv2.rectangle(image, (300, 120), (640, 240), (90, 110, 130), cv2.FILLED)
    cv2.ellipse(image, (150, 250), (80, 50), 0, 0, 360, (60, 90, 150), cv2.FILLED)
    for x in (40, 110):
        cv2.ellipse(image, (x, 330), (28, 12), 0, 0, 360, (70, 70, 200), cv2.FILLED)
    return image


def show(running: Running, *found: Detection, age: float = 0.0, camera: str = "cam.kitchen") -> None:
    """Let a camera have a picture that was taken so many seconds ago."""
    taken = moment(running.site.now()) - timedelta(seconds=age)
    running.site.glimpses.put(glimpse_of("maple", Frame(kitchen(), taken, camera), detections_of(found)))


def report(running: Running, age: float = 0.0, camera: str = "cam.kitchen", **how: object) -> None:
    """Write down how a camera did so many seconds ago, as the process that watches does."""
    now: datetime = moment(running.site.now()) - timedelta(seconds=age)
    values = {"fps": 2.5, "ms_per_look": 43.2, "last_seen": now, **how}
    status = CameraStatus(home="maple", camera=camera, time=now, **values)  # type: ignore[arg-type]  # the tests give the right types
    (running.site.settings.data / STATUS).write_bytes(msgspec.json.encode([status]))
