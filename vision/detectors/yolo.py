"""Ultralytics' own YOLO: its weights (.pt), ONNX files and OpenVINO folders. AGPL-3.0, and some 6 GB with torch.

Ultralytics downloads weights that are missing, probes DNS, reports its use, installs packages and writes into the home
folder unless it is told not to; here it is told (`quiet`), and is given a model only once the file is known to be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np

from rules.problem import InputError, Problem
from vision.detection import FAINT, Detections, Floats
from vision.detectors.catalogue import WEIGHTS
from vision.detectors.quiet import no_telemetry, one_openvino_thread, quiet_ultralytics
from vision.detectors.weights import RELEASE, is_published
from vision.frame import Frame, Image

OVERLAP = 0.6  # as in `openvino`: two boxes of one class that share more of their union are one thing
TASKS = frozenset({"detect", "segment", "pose"})  # those whose answers are boxes


class Boxes(Protocol):
    """Boxes of one picture as Ultralytics gives them: tensors, here of rows x1 y1 x2 y2 confidence class in pixels."""

    data: Any


class Result(Protocol):
    """What Ultralytics found in one picture."""

    boxes: Boxes


class Model(Protocol):
    """The part of `ultralytics.YOLO` that is used (the package's own types are partial)."""

    task: str
    names: Mapping[int, str]

    def predict(self, source: list[Image], **options: object) -> list[Result]: ...


class Yolo:
    """Finds what an Ultralytics model was trained on, at one picture or at several of a size at once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._names = dict(model.names)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(self._names.values())

    def detect(self, frame: Frame) -> Detections:
        return self._look([frame])[0]

    def detect_many(self, frames: Sequence[Frame], /) -> list[Detections]:
        """Return what is in each frame. Those of one size are a batch; others would be padded, and found differently."""
        found: dict[int, Detections] = {}
        for size in dict.fromkeys(frame.image.shape for frame in frames):
            places = [place for place, frame in enumerate(frames) if frame.image.shape == size]
            found |= zip(places, self._look([frames[place] for place in places]), strict=True)
        return [found[place] for place in range(len(frames))]

    def _look(self, frames: Sequence[Frame]) -> list[Detections]:
        results = predict(self._model, [frame.image for frame in frames])
        return [self._read(result, frame) for result, frame in zip(results, frames, strict=True)]

    def _read(self, result: Result, frame: Frame) -> Detections:
        rows = np.asarray(result.boxes.data.cpu().numpy(), np.float32).reshape(-1, 6)
        height, width = frame.image.shape[:2]
        xyxy: Floats = (rows[:, :4] / np.array([width, height] * 2, np.float32)).clip(0, 1).astype(np.float32)
        class_id = rows[:, 5].astype(np.int64)
        labels = tuple(self._names[number] for number in class_id.tolist())
        return Detections(xyxy, rows[:, 4].clip(0, 1), class_id, labels)


def predict(model: Model, images: list[Image]) -> list[Result]:
    """Return Ultralytics' results for images of one size, on the CPU, as sure and as thinned out as everywhere here."""
    return model.predict(images, conf=FAINT, iou=OVERLAP, device="cpu", verbose=False, save=False)


def load(model: Path | None) -> Yolo:
    """Return the detector of a .pt or .onnx file or of an OpenVINO folder. Raise InputError for anything else."""
    path = _present(model)
    quiet_ultralytics()
    with ExitStack() as stack:
        if find_spec("openvino"):
            stack.enter_context(no_telemetry())
            stack.enter_context(one_openvino_thread())
        ultralytics = import_module("ultralytics")
        return Yolo(_open(ultralytics.YOLO, path))


def _open(yolo: Any, path: Path) -> Model:
    """Return the loaded model once it has seen its first picture: exports are only read then."""
    settings = import_module("ultralytics").settings
    if settings["sync"]:
        settings.update({"sync": False})
    import_module("torch").set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        # An export's task is guessed from its name, with a warning, unless it is said; weights know theirs.
        model = cast(Model, yolo(str(path), task=None if path.suffix == WEIGHTS else "detect"))
        predict(model, [np.zeros((64, 64, 3), np.uint8)])
    except ModuleNotFoundError:
        raise
    except Exception as error:  # a broken pickle or graph raises anything
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError([_not_a_model(path, f"Ultralytics cannot use it: {reason}")]) from error
    if model.task not in TASKS:
        raise InputError([_not_a_model(path, f"it is made for the task {model.task!r}, which finds no boxes")])
    return model


def _present(model: Path | None) -> Path:
    """Return the path of the model, which is there. Raise InputError, with where to get it, when it is not."""
    if model is None:
        message = "the detector 'yolo' needs a model: YOLO weights (.pt), an .onnx file or an OpenVINO folder."
        raise InputError([Problem("missing", "model", message, "Name it in PROACTIVE_DETECTOR_MODEL.")])
    if model.exists():
        return model
    message = "expected YOLO weights (.pt), an .onnx file or an OpenVINO folder; there is nothing at this path."
    raise InputError([Problem("not_a_model", str(model), message, where_to_get(model))])


def where_to_get(model: Path) -> str:
    """Return how to come by a model that is not here. Nothing is ever downloaded by asking for it."""
    if is_published(model.name):
        return (
            f"Download it from {RELEASE}/{model.name} and name the file in PROACTIVE_DETECTOR_MODEL, or allow it to be "
            f"downloaded: set PROACTIVE_ALLOW_DOWNLOADS=yes and PROACTIVE_DETECTOR_MODEL={model.name}."
        )
    return "Check the path in PROACTIVE_DETECTOR_MODEL."


def _not_a_model(path: Path, found: str) -> Problem:
    message = f"expected YOLO weights (.pt), an .onnx file or an OpenVINO folder that finds boxes; {found.rstrip('.')}."
    return Problem("not_a_model", str(path), message, "Try it alone with: yolo predict model=THE_MODEL")
