"""How soon a blind camera is known, and what is said of it: real streams over HTTP that die, freeze, go black, are covered or turned.

    python -m benchmarks.blindness [--detector NAME --model PATH] [--seconds 8]

One drawn kitchen for each case, all watched at once by one worker in this process, five frames a second. After ten seconds
each camera meets its fault, at a moment within it the rule "Daisy is not fed by then" is due, and then the camera is well again. A row says
what was told, how many seconds after the fault and after its end, what the rule said, and the sentence that Greg gets.
"""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from benchmarks.studio import Camera, clip_film, studio
from proactive.demo_clip import BOWL, make_clip
from proactive.notify.text import render
from rules.home import Home, parse_home
from rules.record import Record
from rules.rule import Rule, parse_rule
from streams.replay import Replay
from vision.detector import load_detector
from vision.live.post import Orders, posts_of
from vision.live.rota import Rota

CASES = {  # what happens to the camera, and what is to be told of it
    "dead": "no_picture",
    "freeze": "frozen",
    "black": "too_dark",
    "cover": "covered",
    "turn": "moved",
    "box": "covered",
}
FPS = 5.0
SETTLE = timedelta(seconds=10)
EMPTY = 25  # frames of the clip before the cat comes


@dataclass(slots=True)
class Case:
    """One camera and what was told of it: records, and when they were."""

    state: str
    home: Home
    records: list[Record] = field(default_factory=list)
    told: list[tuple[datetime, Record]] = field(default_factory=list)

    def first(self, status: str, since: datetime) -> tuple[float, str] | None:
        """Return the seconds from an instant to the first health of that status told after it, and its reason."""
        for at, record in self.told:
            if at >= since and record.data["status"] == status:
                return (at - since).total_seconds(), str(record.data.get("reason", "sees"))
        return None


def home_of(state: str, url: str) -> Home:
    """Return Greg's home, with one camera over the bowls."""
    return parse_home(
        {
            "home": state,
            "people": [{"id": "person.greg", "name": "Greg"}],
            "pets": [{"id": "pet.daisy", "name": "Daisy", "species": "cat"}],
            "cameras": [{"id": "cam.kitchen", "name": "kitchen camera", "url": url, "zones": {"food_bowls": BOWL}}],
        }
    )


def rule_of(home: Home, began: datetime, due: datetime) -> Rule:
    """Return the Daisy rule, due at an instant instead of noon."""
    where = {"activity": "eating", "zone": "food_bowls"}
    pattern = {"type": "detection", "source": "cam.kitchen", "subject": "pet.daisy", "where": where}
    window = {"from": f"{began:%H:%M:%S}", "until": f"{due:%H:%M:%S}"}
    notify = {"to": ["person.greg"], "message": "Daisy has not been fed"}
    when = {"op": "absent", "of": [pattern], "window": window}
    return parse_rule({"id": "daisy-fed", "home": home.home, "when": when, "notify": notify})


def decided(case: Case, began: datetime, due: datetime, until: datetime) -> tuple[str, str]:
    """Return the rule's verdict at the instant that it was due, and what Greg is told."""
    rule = rule_of(case.home, began, due)
    records = sorted(case.records, key=lambda record: (record.time, record.id))
    for firing in Replay([case.home], [rule], began, until).run([records]):
        return firing.verdict, render(firing, rule, case.home).body
    return "-", ""


def watch(cases: Sequence[Case], cameras: Sequence[Camera], options: argparse.Namespace) -> tuple[datetime, datetime]:
    """Watch all cameras through their faults; return when these began and ended."""
    bell, detector = threading.Event(), load_detector(options.detector, options.model)
    orders = Orders(tuple((case.home, case.home.cameras[0]) for case in cases), options.detector, rate=FPS)
    rota = Rota(posts_of(orders, detector, _now, bell), _now, FPS, bell)
    by_home = {case.home.home: case for case in cases}
    fault = _now() + SETTLE
    back = fault + timedelta(seconds=options.seconds)
    state = "play"
    for told in rota.run():
        for record in told.records if told else ():
            case = by_home[record.home or ""]
            case.records.append(record)
            if record.type == "health" and ("zone" in record.data) == (case.state == "box"):
                case.told.append((_now(), record))
        now = _now()
        if state == "play" and fault <= now < back:
            state = "fault"
            for case, camera in zip(cases, cameras, strict=True):
                camera.state = case.state
        elif state == "fault" and now >= back:
            state = "back"
            for camera in cameras:
                camera.state = "play"
        elif state == "back" and now >= back + timedelta(seconds=options.seconds) and not rota.stopped:
            rota.stop()
    return fault, back


def show(cases: Iterable[Case], began: datetime, fault: datetime, back: datetime) -> None:
    """Print a row for each case."""
    due = back.replace(microsecond=0)
    print(f"{'case':8}{'told':>12}{'s to offline':>14}{'s to online':>13}  {'verdict':9}what Greg is told")
    for case in cases:
        blind, seen = case.first("offline", fault), case.first("online", back)
        verdict, sentence = decided(case, began, due, back + timedelta(seconds=5))
        lost = f"{blind[1]:>12}{blind[0]:14.1f}" if blind else f"{'nothing':>12}{'-':>14}"
        right = "" if blind and blind[1] == CASES[case.state] else f"  (expected {CASES[case.state]})"
        print(
            f"{case.state:8}{lost}{seen[0] if seen else float('nan'):13.1f}  {verdict:9}{sentence}{right}", flush=True
        )


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detector", default="ssd")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--seconds", type=float, default=8.0, help="that a fault lasts")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    logging.disable()  # a stream that dies is what this is about
    with TemporaryDirectory(prefix="proactive-benchmark-") as folder:
        make_clip(Path(folder) / "kitchen.mp4")
        film = clip_film(Path(folder) / "kitchen.mp4", EMPTY)
    cameras = [Camera(film, FPS, motion=1.0, stamped=False, box=BOWL) for _ in CASES]
    began = _now().replace(microsecond=0)
    with studio(cameras) as urls:
        cases = [Case(state, home_of(state, url)) for state, url in zip(CASES, urls, strict=True)]
        fault, back = watch(cases, cameras, options)
    show(cases, began, fault, back)


if __name__ == "__main__":
    main()
