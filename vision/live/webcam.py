"""Webcams of this machine, by OpenCV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.frame import Image
from vision.live.address import device_of
from vision.live.freshness import OLD, Freshness
from vision.live.shot import CHECK, Clock, Pace, Shot, SourceLost


def webcam(address: str, now: Clock, rate: float) -> Iterator[Shot]:
    """Yield the pictures of a webcam as they come; of those of now, `rate` a second. Raise SourceLost."""
    device, freshness, due = _open(address), Freshness(), Pace(rate)
    try:
        while device.grab():
            arrived = monotonic()
            stamp = float(device.get(cv2.CAP_PROP_POS_MSEC)) / 1000
            # What was grabbed is overwritten by the next grab, so it is taken now, if anybody will look.
            if (behind := freshness.receive(arrived, stamp or None)) > OLD:
                yield Shot(now(), False, lambda: None)
            elif due(arrived):
                done, image = device.retrieve()
                if done:
                    age = timedelta(seconds=behind)
                    yield Shot(now() - age, True, _given(image), age)
    finally:
        device.release()
    raise SourceLost(f"{address}: the webcam gives no more pictures. Check that it is plugged in.")


def _open(address: str) -> cv2.VideoCapture:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    device = cv2.VideoCapture(device_of(address))
    if not device.isOpened():
        raise SourceLost(f"{address}: expected a webcam, got none. {CHECK}")
    return device


def _given(image: NDArray[Any]) -> Callable[[], Image]:
    decoded = image.astype(np.uint8, copy=False)
    return lambda: decoded
