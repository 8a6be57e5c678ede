"""Zones that are drawn, and pictures that are looked at, while a camera is watched."""

from __future__ import annotations

from datetime import timedelta

import cv2
import numpy as np

from rules.home import Camera, Home
from rules.record import Record
from tests.vision.live.test_rota import offer, post
from tests.vision.live.yards import BOWL, HOME, START, frame, noisy, play, watching, yard, zone_health
from vision.detection import Detection, detections_of
from vision.detectors.scripted import Appearance
from vision.live.glimpse import WIDEST, glimpse_of
from vision.live.post import Drawing, draw

DOG_AT_BOWL = Appearance("dog", (0.1, 0.2, 0.6, 0.95), 0, 60)
FAR = ((0.8, 0.0), (1.0, 0.0), (1.0, 0.3))


def drawn(**zones: tuple[tuple[float, float], ...]) -> Home:
    """Return the home with other zones before its camera."""
    camera = HOME.cameras[0].model_copy(update={"zones": zones})
    return HOME.model_copy(update={"cameras": (camera,)})


def camera_of(home: Home) -> Camera:
    return home.cameras[0]


def zones_told(records: list[Record]) -> set[object]:
    return {record.data["zone"] for record in records if record.type == "detection" and "zone" in record.data}


def test_a_zone_that_is_drawn_counts_from_the_next_frame_on_and_the_one_before_ends() -> None:
    watch = watching(DOG_AT_BOWL)
    assert zones_told(play(watch, yard(), 0, 20)) == {"food_bowl"}
    home = drawn(cat_bowl=BOWL)
    watch.draw(home, camera_of(home))
    after = play(watch, yard(), 20, 40)
    ends = [record.data["phase"] for record in after if record.data.get("zone") == "food_bowl"]
    assert ends and set(ends) == {"end"}
    begun = [record.data.get("phase") for record in after if record.data.get("zone") == "cat_bowl"]
    assert "start" in begun and "end" not in begun
    assert [told for _, told in zone_health(after, "cat_bowl")] == ["online"]


def test_what_is_drawn_as_it_was_ends_nothing() -> None:
    watch = watching(DOG_AT_BOWL)
    play(watch, yard(), 0, 20)
    watch.draw(drawn(rug=FAR), camera_of(drawn(rug=FAR)))
    watch.draw(HOME, camera_of(HOME))
    assert not [record for record in play(watch, yard(), 20, 25) if record.data.get("phase") == "end"]


def test_a_drawing_of_another_home_or_without_the_camera_changes_nothing() -> None:
    one = post("cam.yard")
    gone = HOME.model_copy(update={"cameras": ()})
    for homes in ({"oak": drawn(rug=FAR)}, {"maple": gone}):
        draw([one], Drawing(homes))
        one.watch.receive(frame(noisy(yard(), 1), 0))
        assert set(one.watch.camera.zones) == {"food_bowl"}


def test_a_glimpse_is_no_wider_than_a_phone_shows_and_says_what_was_found_when() -> None:
    image = cv2.resize(yard(), (1920, 1080)).astype(np.uint8)
    dog = Detection((0.25, 0.25, 0.5, 0.75), "dog", 0.5)
    glimpse = glimpse_of("maple", frame(image, 3), detections_of([dog]))
    shown = cv2.imdecode(np.frombuffer(glimpse.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape[:2] == (glimpse.height, glimpse.width) == (540, WIDEST)
    assert (glimpse.home, glimpse.camera, glimpse.time) == ("maple", "cam.yard", START + timedelta(seconds=3))
    assert glimpse.found == (dog,)


def test_each_picture_is_given_once_and_none_where_none_came() -> None:
    one = post("cam.yard")
    assert one.glimpse() is None
    offer(one, START)
    shot = one.reader.take(START)
    assert shot is not None
    one.use(shot, START)
    glimpse = one.glimpse()
    assert glimpse is not None and glimpse.time == START and (glimpse.width, glimpse.height) == (320, 180)
    assert one.glimpse() is None


def test_of_a_picture_that_shows_nothing_nothing_is_said_to_be_in_it() -> None:
    watch = watching(DOG_AT_BOWL)
    play(watch, yard(), 0, 4)
    assert [each.label for each in watch.seen] == ["dog"]
    play(watch, np.zeros((180, 320, 3), np.uint8), 4, 5)
    assert len(watch.seen) == 0
