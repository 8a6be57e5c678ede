"""How many frames a CPU second lasts for: each detector alone, and the whole way from a video file to records.

    python -m benchmarks.vision [VIDEO] [--frames 100]

Both figures of a detector are of the same run and the same frames, in CPU time of this process (`process_time`), since
other work on the machine must not count. Without VIDEO the demo's clip is made. A detector that cannot be loaded here
is left out, and why is said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from proactive.demo_clip import BOWL, RATE, make_clip
from proactive.settings import load
from rules.home import Home, parse_home
from rules.problem import InputError
from vision.closeup import CloseUps
from vision.detector import Detector, NotInstalled, load_detector
from vision.frame import Frame
from vision.identity import only_pet
from vision.scene import Scene
from vision.source import VideoFile
from vision.zone import zones_of

START = datetime(2026, 3, 9, 11, tzinfo=UTC)
HOME = parse_home({"home": "demo", "cameras": [{"id": "cam.kitchen", "zones": {"food_bowl": BOWL}}]})


def frames_per_second(work: Callable[[], int]) -> float:
    """Return the frames that one CPU second lasts for, of work that returns how many it did."""
    began = process_time()
    return work() / (process_time() - began)


def detect(detector: Detector, frames: list[Frame]) -> int:
    """Run the bare detector over frames in memory."""
    for frame in frames:
        detector.detect(frame)
    return len(frames)


def watch(detector: Detector, frames: Iterable[Frame], home: Home) -> int:
    """Run the whole way, from decoding to records."""
    zones = zones_of(home.cameras[0].zones)
    looks, scene, count = CloseUps(detector, zones), Scene(home.home, "cam.kitchen", zones, only_pet(home)), 0
    for count, frame in enumerate(frames, 1):  # noqa: B007 - the last count is the answer
        scene.receive(frame, looks.detect(frame))
    return count


def detectors() -> dict[str, Detector]:
    """Return what can be loaded here; say on stderr what cannot."""
    found = {}
    for name, model in (("ssd", None), ("openvino", load().detector_model)):
        try:
            found[name] = load_detector(name, model)
        except (NotInstalled, InputError) as error:
            print(f"{name}: left out. {error}", file=sys.stderr)
    return found


def main() -> None:
    """Print one row for each detector."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", nargs="?", type=Path)
    parser.add_argument("--frames", type=int, default=100)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        video = options.video or Path(folder) / "clip.mp4"
        if not options.video:
            make_clip(video)
        measure(VideoFile(video, "cam.kitchen", START, RATE), options.frames)


def measure(video: VideoFile, count: int) -> None:
    """Print the rows of one video."""
    frames = list(islice(video, count))
    height, width = frames[0].image.shape[:2]
    print(f"{len(frames)} frames of {width} x {height}, frames per CPU second")
    print(f"{'detector':12}{'alone':>8}{'to records':>12}")
    for name, detector in detectors().items():
        detect(detector, frames[:3])  # the first frames pay for memory and kernels
        alone = frames_per_second(lambda d=detector: detect(d, frames))  # type: ignore[misc]
        whole = frames_per_second(lambda d=detector: watch(d, islice(video, count), HOME))  # type: ignore[misc]
        print(f"{name:12}{alone:8.1f}{whole:12.1f}")


if __name__ == "__main__":
    main()
