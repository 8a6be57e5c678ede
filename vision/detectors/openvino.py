"""YOLO models exported for OpenVINO, without torch: a letterboxed picture in, boxes out.

Two kinds of output are understood: end to end, `[1, N, 6]` of x1 y1 x2 y2 confidence class (YOLO26), and raw,
`[1, 4 + classes, anchors]` of cx cy w h and a score for each class (YOLOv8, YOLO11), which needs the overlapping
boxes of one thing to be thinned out here. Coordinates are pixels of the letterboxed input.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
import yaml

from rules.problem import InputError, Problem
from vision.detection import Detections, Floats
from vision.detectors.coco import COCO_80
from vision.frame import Frame, Image

CONFIDENCE = 0.25
OVERLAP = 0.6  # two boxes of one class that share more of their union are one thing
_GREY = 114  # what YOLO was trained to see around a letterboxed picture


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was put into a square: scaled by `scale`, then moved right and down by `left` and `top` pixels."""

    image: Image
    scale: float
    left: int
    top: int

    def undo(self, xyxy: Floats, width: int, height: int) -> Floats:
        """Return boxes in pixels of the square as boxes in 0..1 of the picture."""
        moved = (xyxy - np.array([self.left, self.top] * 2, np.float32)) / self.scale
        return (moved / np.array([width, height] * 2, np.float32)).clip(0, 1).astype(np.float32)


def letterbox(image: Image, size: tuple[int, int]) -> Letterbox:
    """Return the picture scaled to fit into `size` (height, width), centred on grey."""
    height, width = image.shape[:2]
    scale = min(size[0] / height, size[1] / width)
    inner = max(round(width * scale), 1), max(round(height * scale), 1)
    left, top = (size[1] - inner[0]) // 2, (size[0] - inner[1]) // 2
    square = np.full((*size, 3), _GREY, np.uint8)
    square[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner)
    return Letterbox(square, scale, left, top)


class Compiled(Protocol):
    """A compiled OpenVINO model (the package has no types): a blob in, the outputs by position."""

    def __call__(self, blob: Any, /) -> Mapping[int, Any]: ...


class OpenVino:
    """Finds what a compiled YOLO model was trained on; `names` are its labels in the order of their ids."""

    def __init__(self, model: Compiled, size: tuple[int, int], names: tuple[str, ...]) -> None:
        self._model = model
        self._size = size
        self._names = names

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(self._names)

    def detect(self, frame: Frame) -> Detections:
        height, width = frame.image.shape[:2]
        box = letterbox(frame.image, self._size)
        # RGB, channels first, 0..1
        blob = cv2.dnn.blobFromImage(box.image, 1 / 255, swapRB=True)
        rows = read_output(np.asarray(self._model(blob)[0], np.float32))
        class_id = rows[:, 5].astype(np.int64)
        labels = tuple(self._names[number] for number in class_id.tolist())
        return Detections(box.undo(rows[:, :4], width, height), rows[:, 4].clip(0, 1), class_id, labels)


def read_output(output: Floats) -> Floats:
    """Return rows of x1 y1 x2 y2 confidence class from either kind of output, those at least `CONFIDENCE` sure."""
    if _is_end_to_end(output.shape):
        return cast(Floats, output[0][output[0][:, 4] >= CONFIDENCE])
    return _thin_out(output[0].T)


def _is_end_to_end(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[2] == 6 and shape[1] > 6


def _thin_out(anchors: Floats) -> Floats:
    """Return the best box of each thing from rows of cx cy w h and class scores."""
    confidence, class_id = anchors[:, 4:].max(1), anchors[:, 4:].argmax(1)
    sure = confidence >= CONFIDENCE
    centre, half = anchors[sure, :2], anchors[sure, 2:4] / 2
    rows = np.hstack([centre - half, centre + half, confidence[sure, None], class_id[sure, None]]).astype(np.float32)
    corner_size = np.hstack([rows[:, :2], 2 * half])
    kept = cv2.dnn.NMSBoxesBatched(
        corner_size.tolist(), rows[:, 4].tolist(), class_id[sure].tolist(), CONFIDENCE, OVERLAP
    )
    return rows[np.asarray(kept, np.int64).reshape(-1)]


def load(model: Path | None) -> OpenVino:
    """Return the detector of an OpenVINO folder, an .xml or an .onnx file. Raise InputError for anything else."""
    path = _model_file(model)
    with _no_telemetry():
        openvino = import_module("openvino")
    try:
        compiled = _compile(openvino.Core(), path)
        size, output = _shape(compiled.input(0)), _shape(compiled.output(0))
    except (RuntimeError, IndexError) as error:
        reason = (str(error).strip().splitlines() or ["it says nothing"])[-1]
        raise InputError([_not_a_model(path, f"OpenVINO cannot use it: {reason}")]) from error
    if len(size) != 4 or size[:2] != (1, 3):
        raise InputError([_not_a_model(path, f"its input has the shape {size}, not (1, 3, height, width)")])
    return OpenVino(compiled, (size[2], size[3]), _names(path, output))


def _shape(port: Any) -> tuple[int, ...]:
    """Return the shape of an input or output."""
    return tuple(int(length) for length in port.shape)


def _compile(core: Any, path: Path) -> Any:
    """Return the compiled model, with an input of 640 x 640 where the export left it open."""
    network = core.read_model(path)
    if network.is_dynamic():
        network.reshape([1, 3, 640, 640])
    # Latency and one thread: a camera gives one frame at a time, and several cameras share the cores.
    return core.compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1})


@contextmanager
def _no_telemetry() -> Iterator[None]:
    """Keep OpenVINO from reporting its import over the network: without this module it uses a stub that does nothing."""
    name = "openvino_telemetry"
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # how Python spells "cannot be imported"
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


def _model_file(model: Path | None) -> Path:
    if model is None:
        message = "the detector 'openvino' needs a model: a YOLO export for OpenVINO."
        raise InputError([Problem("missing", "model", message, "Name it in PROACTIVE_DETECTOR_MODEL.")])
    if not model.exists():
        raise InputError([_not_a_model(model, "there is nothing at this path")])
    if model.is_file():
        return model
    found = sorted(model.glob("*.xml"))
    if len(found) != 1:
        raise InputError([_not_a_model(model, f"the folder holds {len(found)} .xml files")])
    return found[0]


def _not_a_model(path: Path, found: str) -> Problem:
    message = f"expected a YOLO model for OpenVINO (its folder, .xml or .onnx); {found.rstrip('.')}."
    return Problem("not_a_model", str(path), message, "Make one with: yolo export model=yolo11n.pt format=openvino")


def _names(path: Path, shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the labels by id: of the export's metadata.yaml, else COCO's where the output has room for them."""
    count = None if _is_end_to_end(shape) else shape[1] - 4 if len(shape) == 3 else 0
    names = _metadata(path.with_name("metadata.yaml"))
    if not names and count in (None, len(COCO_80)):
        names = COCO_80
    if not names or count not in (None, len(names)):
        found = f"its output has the shape {shape} and its metadata.yaml {len(names)} names"
        raise InputError([_not_a_model(path, found)])
    return names


def _metadata(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    try:
        names = yaml.safe_load(path.read_text(encoding="utf-8"))["names"]
        return tuple(str(names[number]) for number in range(len(names)))
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError([Problem("not_a_model", str(path), "expected `names`, the labels by id.")]) from error
