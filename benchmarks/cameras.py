"""How many cameras one core carries: real streams of five frames a second, watched as by one worker of `proactive serve`.

    python -m benchmarks.cameras [--streams http|rtsp] [--core 1] [--motion 0.1 0.5] [--seconds 60] [--detector NAME --model PATH]
                                 [CLIP[@SECONDS] ...]

For each share of motion, a few streams are watched and the CPU time of this process is taken (the streams come from another process).
That says for how many a core has the time. Then so many real streams are watched in one process, and more or fewer, until the
largest number is found that a core carries: every camera has its five frames a second judged (but for one in twenty),
none of them older than a second when it was used, and for 95 in 100 what they showed was told within 400 ms. Ages are true ones, from
when the camera sent the picture, read off the stamp in it: with RTSP 200 ms of them are FFmpeg's, whose parser holds a picture
until the next one begins. `--core` binds this process to a core and the streams to the others; to have that core alone on a busy
machine, run it by `chrt -f 10` or `nice -n -15`. The load of the machine stands at the end of each row.

`--rate` is how many frames a second of each camera are judged, and looked at while something moves. CLIP@SECONDS is a film whose first
picture is the first of the clip, and which goes on from that second: there something should come into it. Without clips yards
are drawn, in which something moves that is nothing; in a clip somebody is tracked, identified, told and kept as a picture.
`--streams rtsp` needs what `benchmarks/rtsp_server.py` says.
"""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

import cv2
import numpy as np

from benchmarks.probe import Probed, probed_rota, rtsp_street, street
from vision.detector import Detector, load_detector
from vision.live.address import hush
from vision.live.rota import Rota

FPS = 5.0
FILL = 0.9  # of a core: what is left is for what comes irregularly
SETTLE = 10.0  # seconds until streams are connected and views learned
JUDGED, OLD, LATE = 0.95, 1.0, 0.4  # the share of frames at least, and seconds at most


@dataclass(frozen=True, slots=True)
class Run:
    """What watching so many cameras took: CPU seconds a second, frames a second and camera, looks alike, ages in seconds."""

    cameras: int
    cpu: float
    fps: float
    looks: float
    ms_per_look: float
    p50: float
    p95: float
    oldest: float

    def is_carried(self, rate: float) -> bool:
        """Return whether the core kept up."""
        return self.fps >= JUDGED * min(FPS, rate) and self.oldest <= OLD and self.p95 < LATE


@dataclass(slots=True)
class Count:
    """The work that a rota's posts have done since it was begun."""

    posts: list[Probed]
    began: float = 0.0
    cpu: float = 0.0
    looks: int = 0
    seconds: float = 0.0

    def begin(self) -> None:
        """Count from now on."""
        self.began, self.cpu = monotonic(), process_time()
        self.looks, self.seconds = self._efforts()
        for post in self.posts:
            post.ages.clear()

    def result(self) -> Run:
        """Return what was counted."""
        took, cameras = monotonic() - self.began, len(self.posts)
        told = [age for post in self.posts for age in post.ages.told]
        used = [age for post in self.posts for age in post.ages.used]
        looks, seconds = (
            after - before for after, before in zip(self._efforts(), (self.looks, self.seconds), strict=True)
        )
        p50, p95 = np.percentile(told, [50, 95]).tolist() if told else (np.inf, np.inf)
        cpu, each = (process_time() - self.cpu) / took, took * cameras
        oldest = max(used, default=np.inf)
        return Run(cameras, cpu, len(told) / each, looks / each, 1000 * seconds / max(1, looks), p50, p95, oldest)

    def _efforts(self) -> tuple[int, float]:
        efforts = [post.watch.effort for post in self.posts]
        return sum(effort.looks for effort in efforts), sum(effort.seconds for effort in efforts)


def run(urls: Sequence[str], detector: Detector, options: argparse.Namespace) -> Run:
    """Watch the cameras at these addresses for so many seconds."""
    with TemporaryDirectory() as pictures:
        return _counted(
            *probed_rota(urls, detector, options.rate, looped=True, pictures=Path(pictures)), options.seconds
        )


def _street(motion: float, options: argparse.Namespace) -> AbstractContextManager[tuple[list[str], object]]:
    if options.streams == "rtsp":
        return rtsp_street(options.most, FPS, motion, options.clips)
    return street(options.most, FPS, motion, options.clips, looped=True)


def _counted(rota: Rota, posts: list[Probed], seconds: float) -> Run:
    """Run a rota until it has settled, and then for so many seconds."""
    count, started, found = Count(posts), monotonic(), Run(len(posts), *[np.inf] * 7)
    for _ in rota.run():
        if rota.stopped:
            continue
        if not count.began:
            if monotonic() - started >= SETTLE:
                count.begin()
        elif monotonic() - count.began >= seconds:
            found = count.result()
            rota.stop()
    return found


def largest(carries: Callable[[int], bool], guess: int, most: int) -> int:
    """Return the largest number that is carried, or nearly: looked for from a guess on, in steps of a tenth, then between them."""
    good, bad = 0, most + 1
    while bad - good > max(1, good // 25):
        if carries(guess):
            good = guess
        else:
            bad = guess
        if good == 0:
            guess = max(1, min(bad - 1, round(guess * 0.85)))
        elif bad > most:
            guess = min(most, round(guess * 1.12 + 0.5))
        else:
            guess = (good + bad) // 2
    return good


def show(motion: float, kind: str, found: Run) -> None:
    """Print one row."""
    print(
        f"{motion:7.0%}{kind:>10}{found.cameras:8}{found.cpu:7.0%}{100 * found.cpu / found.cameras:9.1f}"
        f"{found.fps:8.2f}{found.looks:8.2f}{found.ms_per_look:9.1f}{1000 * found.p50:8.0f}{1000 * found.p95:8.0f}"
        f"{found.oldest:9.2f}{os.getloadavg()[0]:7.1f}",
        flush=True,
    )


def search(motion: float, detector: Detector, options: argparse.Namespace) -> None:
    """Print what a few cameras take, and how many a core carries."""
    with _street(motion, options) as (urls, _):
        few = run(urls[: options.few], detector, options)
        show(motion, "a few", few)
        # Where other work took its share of the machine, frames were dropped: what they would have cost is counted.
        guess = max(1, int(FILL * few.cameras / few.cpu * min(1.0, few.fps / min(FPS, options.rate))))
        print(f"{motion:7.0%}  a core has the time for {guess}", flush=True)
        if options.budget:
            return

        def carries(count: int) -> bool:
            found = run(urls[:count], detector, options)
            carried = found.is_carried(options.rate)
            show(motion, "carried" if carried else "too many", found)
            return carried

        print(f"{motion:7.0%}  a core carries {largest(carries, min(guess, options.most), options.most)}", flush=True)


def main() -> None:
    """Look for the largest number of cameras at each share of motion."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", metavar="CLIP[@SECONDS]")
    parser.add_argument("--streams", choices=["http", "rtsp"], default="http")
    parser.add_argument("--core", type=int, help="the core to watch on")
    parser.add_argument("--motion", type=float, nargs="+", default=[0.1, 0.5])
    parser.add_argument("--seconds", type=float, default=60.0, help="of a run; films repeat after 20")
    parser.add_argument("--rate", type=float, default=FPS)
    parser.add_argument("--few", type=int, default=3)
    parser.add_argument("--most", type=int, default=64, help="cameras that are there to be watched")
    parser.add_argument("--budget", action="store_true", help="only say for how many a core has the time")
    parser.add_argument("--detector", default="ssd")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    hush()
    cv2.setNumThreads(1)
    logging.disable()  # streams end with each run
    detector = load_detector(options.detector, options.model)
    print(
        f"{options.detector} {options.model.name if options.model else ''}: {FPS:g} fps by {options.streams}, {options.rate:g} judged"
    )
    print(
        f"{'motion':>7}{'':>10}{'cameras':>8}{'cpu':>7}{'% each':>9}{'fps':>8}{'looks/s':>8}{'ms/look':>9}{'p50 ms':>8}{'p95 ms':>8}"
        f"{'oldest s':>9}{'load':>7}"
    )
    for motion in options.motion:
        search(motion, detector, options)


if __name__ == "__main__":
    main()
