from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from rules.record import Record
from rules.rule import parse_rule
from streams.replay import Replay
from tests.vision.live.yards import HOME, START, covered, frame, health, noisy, play, watching, yard
from vision.detection import Detection, Detections
from vision.detectors.scripted import Appearance
from vision.frame import Frame, Image
from vision.live.watch import Watch, forgiving

AT_BOWL = (0.1, 0.2, 0.6, 0.95)
DAISY = parse_rule(
    {
        "id": "daisy-fed",
        "home": "maple",
        "when": {
            "op": "absent",
            "of": [
                {"type": "detection", "source": "cam.yard", "subject": "pet.daisy", "where": {"activity": "eating"}}
            ],
            "window": {"from": "11:00", "until": "12:00"},
        },
        "notify": {"to": ["person.greg"], "message": "Daisy has not been fed"},
    }
)


def black() -> Image:
    return np.zeros((180, 320, 3), np.uint8)


def fault(watch: Watch, kind: str, since: float, until: float) -> list[Record]:
    """Return the records of a fault that lasts."""
    match kind:
        case "too_dark":
            return play(watch, black(), since, until)
        case "covered":
            return play(watch, covered(yard()), since, until)
        case "moved":
            return play(watch, yard(seed=7), since, until)
        case "frozen":
            return play(watch, noisy(yard(), 1), since, until, still=True)
        case _:
            seconds = np.arange(since, until, 0.4)
            return [r for at in seconds for r in watch.on_time(START + timedelta(seconds=float(at)))]


FAULTS = ["too_dark", "covered", "moved", "frozen", "no_picture"]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_blind_camera_is_offline_from_when_it_went_blind_and_online_within_two_seconds_of_seeing(kind: str) -> None:
    watch = watching()
    told = health(play(watch, yard(), 0, 10) + fault(watch, kind, 10, 20) + play(watch, yard(), 20, 30))
    assert [reason for _, reason in told] == ["online", kind, "online"]
    assert told[1][0] == pytest.approx(10, abs=0.5)
    assert 20 <= told[2][0] <= 22


@pytest.mark.parametrize("kind", FAULTS)
def test_that_a_camera_is_blind_is_known_within_five_seconds(kind: str) -> None:
    watch = watching()
    play(watch, yard(), 0, 10)
    assert [reason for _, reason in health(fault(watch, kind, 10, 15))] == [kind]


def decided(records: list[Record]) -> list[str]:
    """Return the verdicts of the Daisy rule at noon, a minute after `START`."""
    began = START - timedelta(minutes=59)
    online = Record(id="o", type="health", time=began, source="cam.yard", home="maple", data={"status": "online"})
    firings = Replay([HOME], [DAISY], began, START + timedelta(minutes=2)).run([[online, *records]])
    return [firing.verdict for firing in firings]


@pytest.mark.parametrize("kind", FAULTS)
def test_that_daisy_was_not_fed_is_not_said_by_a_camera_that_is_blind_at_noon(kind: str) -> None:
    watch = watching()
    assert decided(play(watch, yard(), 0, 50) + fault(watch, kind, 50, 62)) == ["unknown"]


@pytest.mark.parametrize("kind", FAULTS)
def test_that_daisy_was_not_fed_is_said_by_a_camera_that_sees_again(kind: str) -> None:
    watch = watching()
    seen = play(watch, yard(), 0, 20) + fault(watch, kind, 20, 30) + play(watch, yard(), 30, 62)
    assert decided(seen) == ["fired"]


def test_that_daisy_was_fed_is_seen() -> None:
    watch = watching(Appearance("dog", AT_BOWL, 10, 30))
    assert decided(play(watch, yard(), 0, 62)) == []


@pytest.mark.parametrize("kind", FAULTS)
def test_a_meal_that_begins_on_a_picture_which_shows_nothing_is_none(kind: str) -> None:
    watch = watching(Appearance("dog", AT_BOWL, 11.5, 60))
    records = play(watch, yard(), 0, 12) + fault(watch, kind, 12, 40)
    assert [r for r in records if r.data.get("activity") == "eating"] == []


@pytest.mark.parametrize("kind", FAULTS)
def test_nobody_has_left_because_the_camera_went_blind(kind: str) -> None:
    watch = watching(Appearance("dog", AT_BOWL, 0, 60))
    records = play(watch, yard(), 0, 20) + fault(watch, kind, 20, 30)
    ends = [(r.data["activity"], r.time) for r in records if r.data.get("phase") == "end"]
    assert {activity for activity, _ in ends} == {"at", "eating"}
    assert all(time <= START + timedelta(seconds=21) for _, time in ends)


def test_a_camera_that_starts_blind_has_never_been_online() -> None:
    watch = watching()
    assert health(play(watch, black(), 0, 10)) == [(0, "too_dark")]


def test_a_hand_before_the_lens_for_a_moment_is_no_blindness() -> None:
    watch = watching()
    told = health(play(watch, yard(), 0, 10) + play(watch, black(), 10, 11) + play(watch, yard(), 11, 20))
    assert told == [(0, "online")]


def test_a_blindness_that_turns_into_another_says_so() -> None:
    watch = watching()
    records = play(watch, yard(), 0, 10) + play(watch, black(), 10, 20) + play(watch, covered(yard()), 20, 30)
    assert [reason for _, reason in health(records)] == ["online", "too_dark", "covered"]


def test_an_animal_that_fills_half_of_the_picture_has_not_turned_the_camera() -> None:
    close = yard()
    close[40:, 60:260] = noisy(np.full((140, 200, 3), 90, np.uint8), 3)
    watch = watching(Appearance("dog", (60 / 320, 40 / 180, 260 / 320, 1.0), 10, 30))
    assert health(play(watch, yard(), 0, 10) + play(watch, close, 10, 30)) == [(0, "online")]


class Broken:
    """A detector that fails from its third picture on, until it is mended."""

    labels = frozenset({"dog"})

    def __init__(self) -> None:
        self.broken = False

    def detect(self, frame: Frame) -> Detections:
        """Find nothing, or fail."""
        if self.broken:
            raise RuntimeError("out of memory")
        return Detections(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), ())


def test_a_detector_that_fails_makes_its_camera_blind_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    detector, watch = Broken(), watching()
    watch.detector = detector
    records = play(watch, yard(), 0, 5)
    detector.broken = True
    records += play(watch, yard(), 5, 10)
    detector.broken = False
    records += play(watch, yard(), 10, 15)
    assert [reason for _, reason in health(records)] == ["online", "detector_failed", "online"]


def test_a_still_view_is_looked_at_at_least_every_two_seconds_and_seldom_more() -> None:
    watch = watching()
    play(watch, yard(), 0, 20)
    assert 10 <= watch.effort.looks <= 14
    assert watch.effort.frames == 50


def test_while_an_animal_is_there_every_frame_is_looked_at() -> None:
    watch = watching(Appearance("dog", AT_BOWL, 0, 60))
    play(watch, yard(), 0, 20)
    assert watch.effort.looks == 50


def test_a_picture_that_the_disk_refuses_costs_no_record() -> None:
    def full(frame: Frame, box: object, episode: str) -> str:
        raise OSError(28, "No space left on device")

    assert forgiving(full)(frame(yard(), 0), Detection(AT_BOWL, "dog", 0.9), "e") == ""


def test_stopping_ends_what_goes_on_and_says_that_nobody_looks() -> None:
    watch = watching(Appearance("dog", AT_BOWL, 0, 60))
    play(watch, yard(), 0, 20)
    records = watch.stop(START + timedelta(seconds=20))
    assert health(records) == [(20, "stopped")]
    assert {r.data["phase"] for r in records if r.type == "detection"} == {"end"}
    assert watch.stop(START + timedelta(seconds=21)) == []
