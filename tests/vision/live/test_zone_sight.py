"""Whether a zone of a live camera can be seen: what hides it alone, and what only looks as if."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from rules.home import Home, parse_home
from rules.record import Record
from rules.rule import Rule, parse_rule
from streams.replay import Replay
from tests.vision.live.yards import BOWL, START, health, noisy, play, watching, yard, zone_health
from vision.detectors.scripted import Appearance
from vision.frame import Image
from vision.live.view import Views
from vision.live.watch import Watch
from vision.zone_memory import ZoneMemory

GATE = ((0.05, 0.1), (0.3, 0.1), (0.3, 0.5), (0.05, 0.5))


def home(**zones: object) -> Home:
    """Return the yard's home with zones of its camera."""
    return parse_home(
        {
            "home": "maple",
            "time_zone": "America/New_York",
            "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "dog"}],
            "cameras": [{"id": "cam.yard", "zones": zones or {"food_bowl": BOWL, "gate": GATE}}],
        }
    )


def boxed(image: Image) -> Image:
    """Return the picture with a cardboard box in front of the bowl, and of nothing else."""
    hidden = image.copy()
    cv2.rectangle(hidden, (120, 128), (200, 180), (90, 140, 180), cv2.FILLED)
    cv2.line(hidden, (120, 150), (200, 150), (70, 110, 150), 1)
    return hidden


def shaded(image: Image) -> Image:
    """Return the picture with no light where the bowl is."""
    dark = image.copy()
    dark[128:, 120:200] //= 12
    return dark


def shifted(image: Image, right: int) -> Image:
    """Return what the camera shows when it was nudged."""
    return np.ascontiguousarray(np.roll(image, right, axis=1))


HIDING: dict[str, Callable[[Image], Image]] = {"covered": boxed, "too_dark": shaded}


@pytest.mark.parametrize("reason", HIDING)
def test_a_zone_that_is_hidden_is_told_within_five_seconds_and_again_when_it_is_seen(reason: str) -> None:
    watch = watching(home=home())
    records = play(watch, yard(), 0, 10)
    assert zone_health(records) == zone_health(records, "gate") == [(0, "online")]
    hidden = play(watch, HIDING[reason](yard()), 10, 15)
    ((since, why),) = zone_health(hidden)
    assert why == reason and since == pytest.approx(10, abs=1)
    ((back, online),) = zone_health(play(watch, yard(), 15, 20))
    assert online == "online" and back == pytest.approx(17.5, abs=1)
    assert health(hidden) == zone_health(hidden, "gate") == []


def rule(zone: str) -> Rule:
    pattern = {"type": "detection", "source": "cam.yard", "subject": "pet.daisy", "where": {"zone": zone}}
    return parse_rule(
        {
            "id": zone,
            "home": "maple",
            "when": {"op": "absent", "of": [pattern], "window": {"from": "11:00", "until": "12:00"}},
        }
    )


@pytest.mark.parametrize("reason", HIDING)
def test_only_the_rule_about_the_hidden_zone_cannot_tell(reason: str) -> None:
    watch = watching(home=home())
    records = play(watch, yard(), 0, 40) + play(watch, HIDING[reason](yard()), 40, 62)
    began = START - timedelta(minutes=59)
    online = Record(id="o", type="health", time=began, source="cam.yard", home="maple", data={"status": "online"})
    replay = Replay([home()], [rule("food_bowl"), rule("gate")], began, START + timedelta(minutes=2))
    found = {firing.rule: firing for firing in replay.run([[online, *records]])}
    assert {name: firing.verdict for name, firing in found.items()} == {"food_bowl": "unknown", "gate": "fired"}
    assert found["food_bowl"].coverage["cam.yard"]["zones"]["food_bowl"]["reasons"] == [reason]


def test_somebody_who_stands_in_front_of_a_zone_does_not_cover_it() -> None:
    watch = watching(Appearance("person", (0.3, 0.1, 0.7, 1.0), 10, 40), home=home())
    records = play(watch, yard(), 0, 10) + play(watch, boxed(yard()), 10, 40) + play(watch, yard(), 40, 50)
    assert zone_health(records) == [(0, "online")]


def test_something_that_moves_in_front_of_a_zone_does_not_cover_it_though_nobody_knows_what_it_is() -> None:
    watch = watching(home=home())
    records = play(watch, yard(), 0, 10)
    for number in range(16):
        passing = yard()
        cv2.rectangle(
            passing, (100 + 3 * number, 110), (200 + 3 * number, 180), (90 + 9 * (number % 3), 140, 180), cv2.FILLED
        )
        records += play(watch, passing, 10 + number / 2.5, 10 + (number + 1) / 2.5)
    assert zone_health(records + play(watch, yard(), 17, 22)) == [(0, "online")]


def test_a_box_for_two_seconds_covers_nothing_and_a_look_for_one_uncovers_nothing() -> None:
    watch = watching(home=home())
    records = play(watch, yard(), 0, 10) + play(watch, boxed(yard()), 10, 12) + play(watch, yard(), 12, 16)
    assert zone_health(records) == [(0, "online")]
    covered = play(watch, boxed(yard()), 16, 24) + play(watch, yard(), 24, 25) + play(watch, boxed(yard()), 25, 32)
    assert [reason for _, reason in zone_health(covered)] == ["covered"]


def test_a_lamp_that_is_dimmed_covers_nothing() -> None:
    watch = watching(home=home())
    dim = (yard() * 0.55).astype(np.uint8)
    assert zone_health(play(watch, yard(), 0, 10) + play(watch, dim, 10, 20)) == [(0, "online")]


def test_a_small_zone_is_out_of_view_when_the_camera_is_nudged_and_a_large_one_is_not() -> None:
    small = ((0.4, 0.75), (0.5, 0.75), (0.5, 0.95), (0.4, 0.95))
    watch = watching(home=home(food_bowl=small, gate=GATE))
    records = play(watch, yard(), 0, 10) + play(watch, shifted(yard(), 20), 10, 16)
    assert [reason for _, reason in zone_health(records)] == ["online", "moved"]
    assert (health(records), zone_health(records, "gate")) == ([(0, "online")], [(0, "online")])
    assert [reason for _, reason in zone_health(play(watch, yard(), 16, 22))] == ["online"]


def test_a_camera_that_sways_leaves_its_zones_where_they_are() -> None:
    watch = watching(home=home())
    records: list[Record] = []
    for number in range(40):
        records += play(watch, shifted(yard(), round(5 * np.sin(number))), number, number + 1)
    assert zone_health(records) == zone_health(records, "gate") == [(0, "online")]


def far(script: tuple[Appearance, ...] = ()) -> Watch:
    """Return a watch over a bowl that is 13 pixels wide."""
    small = ((0.4, 0.8), (0.44, 0.8), (0.44, 0.85), (0.4, 0.85))
    return watching(*script, home=home(food_bowl=small))


def test_of_a_zone_of_too_few_pixels_it_is_said_at_once_that_it_is_too_small() -> None:
    assert zone_health(play(far(), yard(), 0, 5)) == [(0, "too_small")]


def test_a_small_zone_in_which_somebody_is_seen_is_large_enough() -> None:
    watch = far((Appearance("dog", (0.39, 0.7, 0.45, 0.84), 5, 30),))
    assert [reason for _, reason in zone_health(play(watch, yard(), 0, 20))] == ["too_small", "online"]


def test_what_hides_the_whole_picture_is_said_of_the_camera_alone() -> None:
    watch = watching(home=home())
    black = np.zeros_like(yard())
    records = play(watch, yard(), 0, 10) + play(watch, black, 10, 20) + play(watch, yard(), 20, 30)
    assert [reason for _, reason in health(records)] == ["online", "too_dark", "online"]
    assert zone_health(records) == [(0, "online")]


def fresh(folder: Path) -> Watch:
    """Return a watch that begins with what is in a folder."""
    watch = watching(home=home(), views=Views(folder))
    return Watch(watch.home, watch.camera, watch.detector, watch.scene, Views(folder), memory=ZoneMemory(folder))


def test_a_box_that_was_put_there_while_nothing_ran_is_told(tmp_path: Path) -> None:
    play(fresh(tmp_path), yard(), 0, 10)
    assert [reason for _, reason in zone_health(play(fresh(tmp_path), boxed(yard()), 20, 30))] == ["covered"]


@pytest.mark.parametrize("size", [0, 10, 1000])
def test_what_was_cut_off_while_it_was_written_is_learned_anew(tmp_path: Path, size: int) -> None:
    play(fresh(tmp_path), yard(), 0, 10)
    files = list(tmp_path.iterdir())
    for file in files:
        file.write_bytes(file.read_bytes()[:size])
    assert zone_health(play(fresh(tmp_path), yard(), 20, 30)) == [(20, "online")]
    assert len(files) == 3 and all(file.stat().st_size > size for file in files)


def test_a_disk_that_keeps_nothing_costs_no_camera_its_sight(tmp_path: Path) -> None:
    (tmp_path / "views").write_text("no folder", "utf-8")
    records = play(fresh(tmp_path / "views"), yard(), 0, 10)
    assert health(records) == zone_health(records) == [(0, "online")]


def test_what_covers_a_zone_by_day_is_not_learned_for_how_it_looks_at_night() -> None:
    watch = watching(home=home())
    grey = cv2.cvtColor(cv2.cvtColor(boxed(yard()), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR).astype(np.uint8)
    records = play(watch, yard(), 0, 10) + play(watch, boxed(yard()), 10, 20)
    for number in range(25):
        exposed = cv2.add(grey, np.full_like(grey, number % 3)).astype(np.uint8)
        records += play(watch, exposed, 20 + number, 21 + number, still=True)
    assert [reason for _, reason in zone_health(records)] == ["online", "covered"]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_yard_looks_like_noise_hides_nothing(seed: int) -> None:
    watch = watching(home=home())
    assert zone_health(play(watch, noisy(yard(seed), 3), 0, 60)) == [(0, "online")]
