"""How many frames a CPU second lasts for: each detector alone, and the whole way from a video file to records.

    python -m benchmarks.vision [VIDEO ...] [--frames 100] [--rounds 3] [--model FILE ...] [--without DETECTOR ...]

Both figures of a detector are of the same run and the same frames, the best of some interleaved rounds, in CPU time of this
process (`process_time`), since other work on the machine must not count. On the way to records a frame counts when the
detector looked at it, and each look counts once more that was a close-up: what is skipped flatters nobody. "Named" is the same way
with two dogs in the home that are told apart by their coats. "Best" is the share that would be left if nothing but decoding and looking cost
anything. "Film" is how many seconds of the film one CPU second lasts for: of a film
of 25 frames a second five are read for each that is looked at, of which those are decoded that others build on. Without VIDEO the demo's clip is made. Models are those of PROACTIVE_DETECTOR_MODEL, of --model, and of shared/models beside the project; one
that cannot be loaded here is left out, and why is said.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.probe import PETS
from proactive.demo_clip import BOWL, RATE, make_clip
from proactive.settings import load
from rules.home import Home, parse_home
from rules.problem import InputError
from vision.detection import Detections
from vision.detector import Detector, NotInstalled, load_detector
from vision.frame import Frame
from vision.recogniser import Recogniser
from vision.see import see
from vision.source import VideoFile

START = datetime(2026, 3, 9, 11, tzinfo=UTC)
CAMERAS = [{"id": "cam.kitchen", "zones": {"food_bowl": BOWL}}]
HOME = parse_home({"home": "demo", "cameras": CAMERAS})
WITH_DOGS = parse_home({"home": "demo", "cameras": CAMERAS, "pets": PETS})
SHARED = Path(os.environ.get("PROACTIVE_SHARED") or Path(__file__).parents[2] / "shared")
WANTED = 0.75  # of the bare detector's frames, on the whole way


@dataclass
class Counting:
    """A detector that counts how often it looked."""

    detector: Detector
    looks: int = 0

    @property
    def labels(self) -> frozenset[str]:
        return self.detector.labels

    def detect(self, frame: Frame) -> Detections:
        self.looks += 1
        return self.detector.detect(frame)


@dataclass(frozen=True)
class Clip:
    """The first frames of a video, as a source."""

    video: VideoFile
    frames: int

    @property
    def length(self) -> None:
        return None

    def __iter__(self) -> Iterator[Frame]:
        return islice(self.video, self.frames)


def per_second(work: Callable[[], int]) -> float:
    """Return the looks that one CPU second lasts for, of work that returns how many it took."""
    began = process_time()
    return work() / (process_time() - began)


def alone(detector: Detector, frames: list[Frame]) -> int:
    """Run the bare detector over frames in memory."""
    for frame in frames:
        detector.detect(frame)
    return len(frames)


def decoding(clip: Clip) -> int:
    """Only decode, to pictures that could be looked at."""
    return sum(1 for _ in clip)


def whole(detector: Detector, clip: Clip, home: Home = HOME) -> int:
    """Run the whole way, from decoding to records."""
    counting = Counting(detector)
    for _ in see(clip, counting, home, home.cameras[0], identify=Recogniser(home, {})):
        pass
    return counting.looks


def detectors(models: list[Path]) -> Iterator[tuple[str, Detector]]:
    """Yield what can be loaded here, by detector and model; say on stderr what cannot."""
    for name, model in [("ssd", None), *((name, model) for model in models for name in ("openvino", "yolo"))]:
        try:
            label = f"{name} {model.name.removesuffix('_openvino_model')}" if model else name
            yield label, load_detector(name, model)
        except (NotInstalled, InputError) as error:
            print(f"{name}: left out. {error}", file=sys.stderr)


def models(given: list[Path]) -> list[Path]:
    """Return the models to look with: the configured one, those given, and those beside the project."""
    configured = load().detector_model
    return [*([configured] if configured else []), *given, *sorted(SHARED.glob("models/*_openvino_model"))]


def main() -> None:
    """Print one row for each detector and model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", nargs="*", type=Path)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", action="append", type=Path, default=[])
    parser.add_argument("--without", action="append", default=[], help="a detector to leave out")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        made = Path(folder) / "clip.mp4"
        if not options.videos:
            make_clip(made)
        found = [
            (name, one) for name, one in detectors(models(options.model)) if name.split()[0] not in options.without
        ]
        for video in options.videos or [made]:
            measure(Clip(VideoFile(video, "cam.kitchen", START, RATE), options.frames), found, options.rounds)


def measure(clip: Clip, found: list[tuple[str, Detector]], rounds: int) -> None:
    """Print the rows of one video."""
    frames = list(clip)
    height, width = frames[0].image.shape[:2]
    print(f"{clip.video.path.name}: {len(frames)} frames of {width} x {height}, looks per CPU second, best of {rounds}")
    decoded = max(per_second(lambda: decoding(clip)) for _ in range(rounds))
    print(f"decoding alone: {1000 / decoded:.1f} ms a look")
    print(f"{'detector':32}{'alone':>8}{'to records':>12}{'share':>8}{'best':>8}{'named':>8}{'film':>8}")
    for name, detector in found:
        alone(detector, frames[:3])  # the first frames pay for memory and kernels
        columns = zip(*(_round(detector, frames, clip) for _ in range(rounds)), strict=True)
        bare, way, named = (max(column) for column in columns)
        film = way / RATE * len(frames) / whole(detector, clip)
        print(
            f"{name:32}{bare:8.1f}{way:12.1f}{way / bare:8.2f}{decoded / (decoded + bare):8.2f}{named / bare:8.2f}{film:8.1f}"
            f"{'' if way >= WANTED * bare else '  below what is wanted'}",
            flush=True,
        )


def _round(detector: Detector, frames: list[Frame], clip: Clip) -> tuple[float, float, float]:
    return (
        per_second(lambda: alone(detector, frames)),
        per_second(lambda: whole(detector, clip)),
        per_second(lambda: whole(detector, clip, WITH_DOGS)),
    )


if __name__ == "__main__":
    main()
