"""YOLO models by OpenVINO, without torch: an export for OpenVINO or an .onnx file, a picture in, boxes out.

The picture goes in as it is, letterboxed; that a model wants RGB, channels first, in 0..1, is compiled into it, which costs
a third of preparing that outside. One picture at a time: on one thread a batch gains nothing (12 ms a picture of 320 in
batches of 1, 2, 4 and 8 alike, YOLO11n), so there is no `detect_many`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import yaml

from rules.problem import InputError, Problem
from vision.detection import Detections
from vision.detectors.coco import COCO_80
from vision.detectors.letterbox import letterbox
from vision.detectors.output import class_count, read_output
from vision.detectors.quiet import no_telemetry
from vision.frame import Frame

Size = tuple[int, int]  # height, width
_USUAL = 640  # the side of the input where an export leaves it open and does not say


class Compiled(Protocol):
    """A compiled OpenVINO model (the package has no types): pictures in, the outputs by position."""

    def __call__(self, pictures: Any, *, share_inputs: bool, share_outputs: bool) -> Mapping[int, Any]: ...


class OpenVino:
    """Finds what a compiled YOLO model was trained on; `names` are its labels in the order of their ids."""

    def __init__(self, model: Compiled, size: Size, names: tuple[str, ...]) -> None:
        self._model = model
        self._size = size
        self._names = names

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(self._names)

    def detect(self, frame: Frame) -> Detections:
        height, width = frame.image.shape[:2]
        box = letterbox(frame.image, self._size)
        # Shared: neither the picture nor the output is copied; both are done with before the next picture comes.
        output = self._model(box.image[None], share_inputs=True, share_outputs=True)[0]
        rows = read_output(np.asarray(output, np.float32))
        class_id = rows[:, 5].astype(np.int64)
        labels = tuple(self._names[number] for number in class_id.tolist())
        return Detections(box.undo(rows[:, :4], width, height), rows[:, 4].clip(0, 1), class_id, labels)


def load(model: Path | None) -> OpenVino:
    """Return the detector of an OpenVINO folder, an .xml or an .onnx file. Raise InputError for anything else."""
    path = _model_file(model)
    with no_telemetry():
        openvino = import_module("openvino")
    cv2.setNumThreads(1)  # one thread a process: several cameras share the cores
    told = _metadata(path.with_name("metadata.yaml"))
    try:
        core = openvino.Core()
        network = core.read_model(path)
        told = told or _told_by_onnx(network)
        size = _fix_size(network, told)
        output = tuple(int(length) for length in network.output(0).shape)
        names = _names(path, told, output)
        return OpenVino(_compile(openvino, core, network), size, names)
    except (RuntimeError, IndexError) as error:
        reason = (str(error).strip().splitlines() or ["it says nothing"])[-1]
        raise InputError([_not_a_model(path, f"OpenVINO cannot use it: {reason}")]) from error


def _fix_size(network: Any, told: Mapping[str, Any]) -> Size:
    """Give the network's input one size, where the export left it open, and return it. Raise RuntimeError."""
    shape = network.input(0).partial_shape
    if shape.rank.is_dynamic or len(shape) != 4 or (shape[1].is_static and shape[1].get_length() != 3):
        raise RuntimeError(f"its input has the shape {shape}, not (1, 3, height, width)")
    own = _own_size(told)
    size = tuple(side.get_length() if side.is_static else usual for side, usual in zip(shape[2:], own, strict=True))
    if shape.is_dynamic:
        network.reshape([1, 3, *size])
    return size[0], size[1]


def _own_size(told: Mapping[str, Any]) -> Size:
    """Return the size of pictures that the export says it was made for."""
    size = told.get("imgsz")
    return (int(size[0]), int(size[1])) if isinstance(size, list) and len(size) == 2 else (_USUAL, _USUAL)


def _compile(openvino: Any, core: Any, network: Any) -> Compiled:
    """Return the network compiled for letterboxed pictures as they are: (1, height, width, 3), BGR, uint8."""
    steps = openvino.preprocess.PrePostProcessor(network)
    given, colour = steps.input(0), openvino.preprocess.ColorFormat
    given.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC")).set_color_format(colour.BGR)
    given.model().set_layout(openvino.Layout("NCHW"))
    kind = network.input(0).element_type
    given.preprocess().convert_color(colour.RGB).convert_element_type(kind).scale(255.0)
    # Latency and one thread: a camera gives one frame at a time, and several cameras share the cores.
    compiled: Compiled = core.compile_model(
        steps.build(), "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1}
    )
    return compiled


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


def _names(path: Path, told: Mapping[str, Any], output: tuple[int, ...]) -> tuple[str, ...]:
    """Return the labels by id: those the export tells, else COCO's where the output has room for them."""
    count, names = class_count(output), _labels(told)
    if not names and count in (None, len(COCO_80)):
        names = COCO_80
    if not names or count not in (None, len(names)):
        found = f"its output has the shape {output} and it tells {len(names)} names"
        raise InputError([_not_a_model(path, found)])
    return names


def _labels(told: Mapping[str, Any]) -> tuple[str, ...]:
    names = told.get("names", {})
    return tuple(str(names[number]) for number in range(len(names)))


def _metadata(path: Path) -> Mapping[str, Any]:
    """Return what the export tells about itself in metadata.yaml; nothing where there is none."""
    if not path.is_file():
        return {}
    try:
        told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        _labels(told)
        return told
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        raise InputError([Problem("not_a_model", str(path), "expected `names`, the labels by id.")]) from error


def _told_by_onnx(network: Any) -> Mapping[str, Any]:
    """Return what an .onnx file tells in itself: its names and size, as Python literals."""
    told: dict[str, Any] = {}
    for key in ("names", "imgsz"):
        if network.has_rt_info(["framework", key]):
            text = network.get_rt_info(["framework", key]).astype(str)
            told[key] = ast.literal_eval(text)
    return told
