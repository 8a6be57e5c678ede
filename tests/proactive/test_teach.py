from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from proactive.cli.main import main
from proactive.store import Store
from tests.vision.coats import BLACK, BROWN, CREAM, room, without_colour
from vision.frame import Image
from vision.zone import Box

HERE: Box = (0.3, 0.3, 0.7, 0.9)
HOME = """
home: maple
people: [{id: person.greg, name: Greg, role: owner}]
pets:
- {id: pet.daisy, name: Daisy, species: dog}
- {id: pet.max, name: Max, species: dog}
- {id: pet.bubbles, name: Bubbles, species: goldfish}
cameras: [{id: cam.kitchen}]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory of a person with a home in the store and a detector that finds a dog in the middle."""
    (tmp_path / "home.yaml").write_text(HOME, "utf-8")
    script = [{"label": "dog", "box": HERE, "from": -1e9, "to": 1e9}]
    (tmp_path / "script.json").write_text(json.dumps(script), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", str(tmp_path / "script.json"))
    assert main(["home", "import", "home.yaml"]) == 0
    return tmp_path


def write(name: str, image: Image) -> str:
    cv2.imwrite(name, image)
    return name


def photos(name: str, colour: tuple[int, int, int], count: int = 4) -> list[str]:
    return [write(f"{name}{n}.png", room((HERE, colour), light=0.8 + 0.1 * n, seed=n)) for n in range(count)]


def teach(*arguments: str) -> int:
    return main(["home", "teach", *arguments, "--detector", "scripted"])


def table(capfd: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capfd.readouterr()
    assert main(["home", "teach", "--json"]) == 0
    return {row["who"]: row for row in map(json.loads, capfd.readouterr().out.splitlines())}


def test_pets_of_two_colours_are_told_apart_once_both_are_taught(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert teach("pet.daisy", *photos("daisy", CREAM)) == 0
    assert "Nobody is told from Max yet" in capfd.readouterr().err
    assert table(capfd)["pet.daisy"]["right"] == 0
    assert teach("pet.max", *photos("max", BLACK)) == 0
    assert [(who, row["right"], row["photos"]) for who, row in table(capfd).items()] == [
        ("pet.daisy", 4, 4),
        ("pet.max", 4, 4),
    ]


def test_pets_that_look_alike_are_said_to_be_alike(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    teach("pet.daisy", *photos("daisy", BROWN))
    teach("pet.max", *photos("max", BROWN))
    assert "In 4 of 4 photos the coat of Daisy could be another's" in capfd.readouterr().err


def test_photos_that_teach_nothing_are_named_with_the_reason(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    day = write("day.png", room((HERE, CREAM)))
    night = write("night.png", without_colour(room((HERE, CREAM))))
    assert teach("pet.daisy", day, night, day) == 0
    err = capfd.readouterr().err
    assert "Daisy: 1 photo of 3 learnt." in err
    assert "night.png teaches nothing: it has no colour" in err
    assert "day.png teaches nothing: it was given twice" in err
    teach("pet.max", *photos("max", BLACK))
    assert "Daisy has few photos (1)" in capfd.readouterr().err


def test_a_photo_that_is_taught_again_counts_once(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = photos("daisy", CREAM, 3)
    teach("pet.daisy", *given)
    teach("pet.daisy", *given)
    assert table(capfd)["pet.daisy"]["photos"] == 3


def test_all_that_are_no_photos_are_named_at_once_and_then_none_is_learnt(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("cut.jpg", "text.jpg"):
        Path(name).write_bytes(b"no picture")
    assert teach("pet.daisy", *photos("daisy", CREAM, 2), "cut.jpg", "text.jpg") == 2
    err = capfd.readouterr().err
    assert "cut.jpg: expected a picture" in err and "text.jpg: expected a picture" in err
    assert table(capfd) == {}


def test_who_would_be_taken_for_another_is_named_with_the_other(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    teach("pet.daisy", *photos("daisy", CREAM, 6))
    teach("pet.max", *photos("max", BLACK, 6), *photos("daisy", CREAM, 1))
    assert "In 1 of 7 photos Max would be taken for Daisy: is each photo of the right animal?" in capfd.readouterr().err


def test_what_photos_taught_can_be_forgotten_and_goes_with_the_home(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    teach("pet.daisy", *photos("daisy", CREAM))
    teach("pet.max", *photos("max", BLACK))
    assert main(["home", "teach", "pet.daisy", "--forget"]) == 0
    assert set(table(capfd)) == {"pet.max"}
    assert main(["home", "erase", "maple", "--yes"]) == 0
    assert main(["home", "import", "home.yaml"]) == 0
    assert table(capfd) == {}


def test_the_photos_of_the_home_file_are_taken_where_none_are_given(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    listed = ", ".join(photos("daisy", CREAM, 3))
    (home / "home.yaml").write_text(HOME.replace("name: Daisy,", f"name: Daisy, photos: [{listed}],"), "utf-8")
    main(["home", "import", "home.yaml"])
    assert teach("pet.daisy") == 0
    assert table(capfd)["pet.daisy"]["photos"] == 3


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("person.greg", "people are not recognised yet"),
        ("pet.bubbles", "cameras know goldfish by nothing yet"),
        ("pet.dasiy", "Did you mean 'pet.daisy'?"),
        ("Daisy", "Did you mean 'pet.daisy'?"),
        ("cam.kitchen", "expected a pet of the home"),
        ("pet.daisy", "expected photos, found none"),
    ],
)
def test_who_cannot_be_taught_is_said_with_the_reason(
    home: Path, capfd: pytest.CaptureFixture[str], who: str, said: str
) -> None:
    given = [] if who == "pet.daisy" else photos("x", CREAM, 1)
    assert teach(who, *given) == 2
    assert said in capfd.readouterr().err


def test_seeing_names_the_pets_that_photos_taught(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    teach("pet.daisy", *photos("daisy", CREAM))
    teach("pet.max", *photos("max", BLACK))
    stills = home / "stills"
    stills.mkdir()
    for second in range(5):
        write(f"stills/{second}.png", room((HERE, BLACK), seed=second))
    capfd.readouterr()
    seen = ["see", "stills", "--camera", "cam.kitchen", "--home", "home.yaml", "--detector", "scripted"]
    assert main([*seen, "--start", "2026-03-09T08:00:00+00:00"]) == 0
    records = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {record.get("subject") for record in records if record["type"] == "detection"} == {"pet.max"}


def test_of_a_photo_numbers_are_kept_and_no_picture(home: Path) -> None:
    teach("pet.daisy", *photos("daisy", CREAM, 1))
    with Store(f"sqlite:///{home / 'data' / 'proactive.db'}") as store:
        (kept,) = store.taught("maple")
    assert len(kept.body["lab"]) == 3
    assert len(json.dumps(dict(kept.body))) < 4000
