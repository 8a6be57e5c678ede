"""Ultralytics' own YOLO, the real package, on real exports. Skipped, with the reason, where either is not here."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from rules.problem import InputError
from tests.vision.pictures import at, noisy
from vision.conformance import check_detector
from vision.detection import FAINT, Detection, Detections
from vision.detector import Detector, detect_many, load_detector

SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[3] / "shared")
MODELS = sorted(SHARED.glob("models/*_openvino_model"))
PICTURES = sorted(SHARED.glob("images/*/*.jpg"))
AGREE = 0.01  # of the picture's width or height, and of confidence

needs_yolo = pytest.mark.skipif(not find_spec("ultralytics"), reason="needs proactive[yolo]")
needs_exports = pytest.mark.skipif(not MODELS, reason="needs YOLO exports beside the project, in shared/models")
each_export = pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yolo")


@pytest.fixture(autouse=True, scope="module")
def keep_to_own_folder(own_folder: Path) -> None:
    """Have Ultralytics keep its settings there: it reads where from the environment, once in a process."""
    os.environ["YOLO_CONFIG_DIR"] = str(own_folder)


@pytest.fixture(scope="module")
def weights(own_folder: Path) -> Path:
    """Return .pt weights of a YOLO that was never trained: nothing but their numbers differs from published ones."""
    from vision.detectors.quiet import quiet_ultralytics

    quiet_ultralytics()
    from ultralytics import YOLO

    path = own_folder / "untrained.pt"
    YOLO("yolo11n.yaml").save(str(path))
    return path


@needs_yolo
@needs_exports
@each_export
def test_an_export_keeps_the_ports_promises_in_ultralytics_own_hands(model: Path) -> None:
    detector = load_detector("yolo", model)
    assert {"dog", "cat", "person"} <= detector.labels
    check_detector(detector)


@needs_yolo
@needs_exports
@each_export
def test_ultralytics_and_openvino_find_the_same_with_the_same_export(model: Path) -> None:
    ours, theirs = load_detector("openvino", model), load_detector("yolo", model)
    assert PICTURES, "expected pictures beside the exports, in shared/images"
    for picture in PICTURES:
        image = cv2.imread(str(picture))
        assert image is not None
        assert_agree(seen(ours, image), seen(theirs, image), picture.name)


def seen(detector: Detector, image: Any) -> list[Detection]:
    """Return what is found, but for what is as unsure as can be: one of two would leave that out by a rounding."""
    found = [one for one in detector.detect(at(image)) if one.confidence >= FAINT + AGREE]
    return sorted(found, key=lambda one: (one.label, one.xyxy))


def assert_agree(ours: list[Detection], theirs: list[Detection], name: str) -> None:
    assert [one.label for one in ours] == [one.label for one in theirs], name
    for one, other in zip(ours, theirs, strict=True):
        assert one.xyxy == pytest.approx(other.xyxy, abs=AGREE), name
        assert one.confidence == pytest.approx(other.confidence, abs=AGREE), name


@needs_yolo
def test_weights_keep_the_ports_promises_and_frames_of_several_sizes_are_looked_at_together(weights: Path) -> None:
    detector = load_detector("yolo", weights)
    check_detector(detector)
    frames = [at(noisy(size)) for size in ((360, 640), (90, 160), (360, 640), (640, 360))]
    together = detect_many(detector, frames)
    assert [found.label for found in together] == [detector.detect(frame).label for frame in frames]
    assert all(isinstance(found, Detections) for found in together)


_QUIETLY = """
import sys
from pathlib import Path

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise SystemExit(f"asked the network: {event} {arguments}")
    if event == "subprocess.Popen" and "pip" in str(arguments):
        raise SystemExit(f"installed something: {arguments}")

sys.addaudithook(refuse)
import numpy as np
from datetime import UTC, datetime
from vision.detector import load_detector
from vision.frame import Frame

detector = load_detector("yolo", Path(sys.argv[1]))
detector.detect(Frame(np.zeros((90, 160, 3), np.uint8), datetime.now(UTC), "cam.hall"))
import torch
assert torch.get_num_threads() == 1
assert not [name for name in sys.modules if name.startswith("openvino_telemetry")]
"""


@needs_yolo
def test_ultralytics_asks_no_network_installs_nothing_and_writes_into_its_folder_only(
    weights: Path, tmp_path: Path
) -> None:
    home, folder, work = (tmp_path / name for name in ("home", "data", "work"))
    for path in (home, folder, work):
        path.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("YOLO_", "PYTEST_"))},
        "HOME": str(home),
        "YOLO_CONFIG_DIR": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", _QUIETLY, str(weights)],
        cwd=work, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert list(home.rglob("*")) == list(work.rglob("*")) == []
    assert [path.name for path in folder.rglob("*.json")] == ["settings.json"]


def test_weights_that_are_not_here_are_never_downloaded_unasked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing at this path.*https://.*yolo26n\.pt.*PROACTIVE_ALLOW_DOWNLOADS=yes"):
        load_detector("yolo", tmp_path / "yolo26n.pt")
    with pytest.raises(InputError, match=r"nothing at this path\. Check the path"):
        load_detector("yolo", tmp_path / "mine.pt")
    with pytest.raises(InputError, match="PROACTIVE_DETECTOR_MODEL"):
        load_detector("yolo")


@needs_yolo
@pytest.mark.parametrize("name", ["broken.pt", "broken.onnx", "empty_openvino_model"])
def test_a_file_that_is_no_model_is_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix:
        path.write_bytes(b"not a model")
    else:
        path.mkdir()
    with pytest.raises(InputError, match=rf"{name}: expected YOLO weights.*Ultralytics cannot use it"):
        load_detector("yolo", path)


@needs_yolo
def test_weights_are_data_and_never_run_as_a_program(tmp_path: Path) -> None:
    import torch

    path, trace = tmp_path / "evil.pt", tmp_path / "was_run"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (trace,))

    torch.save({"model": Evil()}, path)
    with pytest.raises(InputError, match=r"evil\.pt: expected YOLO weights"):
        load_detector("yolo", path)
    assert not trace.exists()


@needs_yolo
def test_weights_that_find_no_boxes_are_told(own_folder: Path) -> None:
    from ultralytics import YOLO

    path = own_folder / "classes.pt"
    YOLO("yolo11n-cls.yaml").save(str(path))
    with pytest.raises(InputError, match=r"classes\.pt.*made for the task 'classify'"):
        load_detector("yolo", path)


@needs_yolo
@pytest.mark.skipif(not find_spec("onnx"), reason="needs onnx, to make an .onnx file")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Converting a tensor")
def test_an_onnx_file_is_read_with_its_own_labels_and_size_with_and_without_torch(weights: Path) -> None:
    from ultralytics import YOLO

    exported = Path(YOLO(str(weights)).export(format="onnx", imgsz=160, simplify=False))
    for name in ("openvino", "yolo"):
        detector = load_detector(name, exported)
        assert detector.labels == load_detector("yolo", weights).labels
        check_detector(detector, np.full((90, 160, 3), 200, np.uint8))
