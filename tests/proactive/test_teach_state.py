from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import cv2
import pytest

from proactive.cli import main as cli
from proactive.home_file import dump_home, load_homes
from proactive.scene_device import device_at, with_device, with_photos
from proactive.store import Store
from rules.check import check
from rules.home import Home, parse_home
from rules.rule import parse_rule
from tests.vision.test_likeness import BOWL, KIBBLE, STEEL, kitchen

OAK = {
    "home": "oak",
    "people": [{"id": "person.greg", "role": "owner", "channels": ["console"]}],
    "cameras": [{"id": "cam.kitchen", "name": "kitchen camera", "zones": {"food_bowls": BOWL}}],
}
Teach = Callable[..., tuple[int, str, str]]


@pytest.fixture
def teach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Teach:
    """Return a function that teaches the store's home, in a folder with a photo of a full bowl and one of an empty one."""
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name, colour in (("full", KIBBLE), ("empty", STEEL)):
        cv2.imwrite(f"{name}.png", kitchen(colour))
    Path("home.yaml").write_text(dump_home(parse_home(OAK)))
    assert cli.main(["home", "import", "home.yaml"]) == 0

    def teach(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.main(["home", "teach-state", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return teach


def kept(folder: Path) -> Home:
    with Store(f"sqlite:///{folder / 'data' / 'proactive.db'}") as store:
        return store.export_home("oak")


def test_a_bowl_is_taught_value_by_value_until_it_can_be_told(teach: Teach, tmp_path: Path) -> None:
    status, out, _ = teach("cam.kitchen", "food_bowls", "full", "full.png")
    assert (status, out) == (0, "scene.food_bowls: full (1 photo). It also needs photos of another value before it can be told.\n")  # fmt: skip
    status, out, _ = teach("cam.kitchen", "food_bowls", "empty", "empty.png")
    assert status == 0
    assert out.startswith("scene.food_bowls: full (1 photo), empty (1 photo). They can be told apart:")
    (device,) = kept(tmp_path).devices
    assert (device.type, device.camera, device.zone) == ("scene", "cam.kitchen", "food_bowls")
    assert device.attributes == {"state": ("full", "empty")}
    assert device.photos == {"full": (str(tmp_path / "full.png"),), "empty": (str(tmp_path / "empty.png"),)}


def test_photos_that_show_the_same_are_said_to(teach: Teach) -> None:
    teach("cam.kitchen", "food_bowls", "full", "full.png")
    status, out, _ = teach("cam.kitchen", "food_bowls", "empty", "full.png")
    assert status == 0
    assert "cannot be told apart yet: expected photos that differ" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cam.kitchn", "food_bowls", "full", "full.png"), "Did you mean 'cam.kitchen'?"),
        (("cam.kitchen", "bowls", "full", "full.png"), "Did you mean 'food_bowls'?"),
        (("cam.kitchen", "food_bowls", "full", "nowhere.png"), "expected a picture file"),
    ],
)
def test_what_cannot_be_taught_is_said_and_changes_nothing(
    teach: Teach, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    status, _, err = teach(*arguments)
    assert status == 2
    assert message in err
    assert kept(tmp_path).devices == ()


@pytest.fixture
def taught() -> Home:
    """Return the home with a bowl that was taught."""
    home = parse_home(OAK)
    device = device_at(home, "cam.kitchen", "food_bowls")
    for value in ("full", "empty"):
        device = with_photos(device, value, [Path(f"{value}.png")])
    return with_device(home, device)


def test_a_taught_bowl_goes_into_a_home_file_and_comes_out_equal(taught: Home, tmp_path: Path) -> None:
    (tmp_path / "back.yaml").write_text(dump_home(taught))
    assert load_homes([tmp_path / "back.yaml"]) == [taught]
    assert taught.unknown_keys() == []


@pytest.mark.parametrize(("value", "codes"), [("empty", []), ("half", ["unknown_value"])])
def test_a_rule_may_ask_for_the_values_that_were_taught(taught: Home, value: str, codes: list[str]) -> None:
    when = {"op": "at", "time": "20:00"}
    rule = {"id": "r", "home": "oak", "owner": "person.greg", "when": when, "while": [{"state": "scene.food_bowls", "is": value}]}  # fmt: skip
    told = parse_rule(rule | {"notify": {"to": ["person.greg"], "message": "The bowl is empty"}})
    assert [problem.code for problem in check(told, taught)] == codes


def test_teaching_twice_keeps_one_device_and_each_photo_once(taught: Home) -> None:
    again = with_device(taught, with_photos(device_at(taught, "cam.kitchen", "food_bowls"), "full", [Path("full.png")]))
    assert again == taught


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("tell me if the food bowl is empty at 8 pm", {"op": "at", "time": "20:00"}),
        ("let me know when the food bowl becomes empty", {"op": "occurs", "of": [{"type": "state", "source": "scene.food_bowls", "where": {"value": "empty"}}]}),
        ("tell me if the food bowl has been empty for an hour", {"op": "holds", "state": {"state": "scene.food_bowls", "is": "empty"}, "lasting": "1h"}),
    ],
)  # fmt: skip
def test_what_was_taught_can_be_asked_for_in_words(
    taught: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str, rule: dict[str, Any]
) -> None:  # fmt: skip
    (tmp_path / "home.yaml").write_text(dump_home(taught))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(json.dumps({"id": "1", "text": said, "speaker": "person.greg"}).encode())))  # fmt: skip
    assert cli.main(["compile", "--home", str(tmp_path / "home.yaml")]) == 0
    assert json.loads(capsys.readouterr().out)["rule"]["when"] == rule
