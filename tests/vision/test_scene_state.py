from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import pytest

from rules.home import Home, parse_home
from rules.problem import InputError
from rules.record import Record, decode, encode
from tests.vision.kitchens import START, Ticking, after
from tests.vision.pictures import at
from tests.vision.test_likeness import BOWL, HAND, KIBBLE, STEEL, kitchen
from vision.detectors.scripted import Appearance, Scripted
from vision.frame import Frame, Image
from vision.scene_state import gauges_of, learn
from vision.see import see

Told = tuple[float, str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_with(tmp_path)


def home_with(folder: Path, **changes: Any) -> Home:
    """Return a home whose food bowl is read off the kitchen camera, with a photo of it full and one of it empty."""
    for name, colour in (("full", KIBBLE), ("empty", STEEL)):
        cv2.imwrite(str(folder / f"{name}.png"), kitchen(colour, seed=9))
    photos = {name: [str(folder / f"{name}.png")] for name in ("full", "empty")}
    device = {"id": "scene.bowl", "type": "scene", "camera": "cam.kitchen", "zone": "bowl", "photos": photos}
    attributes = {"attributes": {"state": ["full", "empty"]}}
    camera = {"id": "cam.kitchen", "zones": {"bowl": BOWL}}
    return parse_home({"home": "maple", "cameras": [camera], "devices": [device | attributes | changes]})


class Film:
    """Pictures at two a second."""

    length = Ticking(()).length

    def __init__(self, *scenes: tuple[float, Image]) -> None:
        self._scenes = scenes

    def __iter__(self) -> Iterator[Frame]:
        number = 0
        for seconds, picture in self._scenes:
            for _ in range(round(seconds * 2)):
                yield Frame(picture, START.replace(microsecond=0) + (at(picture, number / 2).time - at(picture, 0).time), "cam.kitchen")  # fmt: skip
                number += 1


def read(home: Home, *scenes: tuple[float, Image], there: Sequence[Appearance] = ()) -> list[Record]:
    """Return the records of the bowl."""
    records = see(Film(*scenes), Scripted(*there), home, home.cameras[0])
    return [record for record in records if record.source == "scene.bowl"]


def told(records: list[Record]) -> list[Told]:
    return [(after(record), str(record.data.get("value", record.data.get("status")))) for record in records]


FULL, EMPTY, UNLIKE, DARK = kitchen(KIBBLE), kitchen(STEEL), kitchen(HAND), kitchen(STEEL, light=0.1)


def test_a_bowl_is_offline_until_its_state_is_known_and_a_change_is_told_as_of_when_it_was_seen(home: Home) -> None:
    assert told(read(home, (10, FULL), (10, EMPTY))) == [
        (0, "offline"),
        (1, "online"),
        (1, "full"),
        (10, "empty"),
        (19, "offline"),
    ]


def test_a_moment_is_no_change(home: Home) -> None:
    assert "empty" not in [value for _, value in told(read(home, (10, FULL), (2.5, EMPTY), (10, FULL)))]


def test_while_somebody_stands_before_it_nothing_is_concluded(home: Home) -> None:
    cat = Appearance("cat", (0.3, 0.4, 0.7, 0.95), 10, 30, 0.9)
    assert [value for _, value in told(read(home, (10, FULL), (20, EMPTY), there=[cat]))] == ["offline", "online", "full", "offline"]  # fmt: skip


@pytest.mark.parametrize("picture", [UNLIKE, DARK])
def test_a_bowl_that_nobody_can_tell_for_half_a_minute_is_offline_until_its_state_is_known_again(
    home: Home, picture: Image
) -> None:
    records = read(home, (10, FULL), (40, picture), (10, EMPTY))
    assert told(records)[3:] == [(10, "offline"), (50, "online"), (50, "empty"), (59, "offline")]
    assert records[3].data["reason"] == "cannot_tell"


def test_the_same_state_after_a_doubt_is_not_told_again(home: Home) -> None:
    assert [value for _, value in told(read(home, (10, FULL), (20, UNLIKE), (10, FULL)))].count("full") == 1


def test_a_state_says_how_sure_it_is_and_where_it_was_read(home: Home) -> None:
    (state,) = (record for record in read(home, (10, FULL)) if record.type == "state")
    assert state.data["confidence"] > 0.8
    assert (state.data["camera"], state.data["zone"]) == ("cam.kitchen", "bowl")


def test_the_records_are_whole_and_their_ids_unique(home: Home) -> None:
    records = read(home, (10, FULL), (40, UNLIKE), (10, EMPTY), (10, FULL))
    assert [encode(decode(encode(record))) for record in records] == [encode(record) for record in records]
    assert len({record.id for record in records}) == len(records)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"zone": "attic"}, "expected a zone of cam.kitchen (bowl)"),
        ({"photos": {}}, "photos of two values"),
        ({"photos": {"full": ["nowhere.jpg"], "empty": ["nowhere.jpg"]}}, "expected a picture file"),
    ],
)
def test_a_device_that_cannot_be_read_says_why_and_the_camera_sees_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, changes: dict[str, Any], message: str
) -> None:
    home = home_with(tmp_path, **changes)
    with pytest.raises(InputError, match="expected") as error:
        learn(home.devices[0], home.cameras[0])
    assert message in str(error.value)
    assert gauges_of(home, home.cameras[0]).gauges == ()
    assert message in caplog.text
    assert list(see(Film((2, FULL)), Scripted(), home, home.cameras[0]))


def test_photos_that_are_too_alike_or_dark_teach_nothing(tmp_path: Path) -> None:
    dark, full = tmp_path / "dark.png", tmp_path / "full.png"
    cv2.imwrite(str(dark), DARK)
    for photos in ({"full": [str(full)], "empty": [str(full)]}, {"full": [str(full)], "empty": [str(dark)]}):
        home = home_with(tmp_path, photos=photos)
        with pytest.raises(InputError):
            learn(home.devices[0], home.cameras[0])
