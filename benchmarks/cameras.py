"""How many cameras one core carries: made streams of five frames a second, watched as by one worker of `proactive serve`.

    python -m benchmarks.cameras [--motion 0.1 0.5] [--seconds 20] [--rate 5] [--detector NAME --model PATH] [CLIP ...]

For each share of motion, a few streams are watched and the CPU time of this process is taken (the streams come from another process).
What that leaves room for is then watched, with that many real streams, in one process: the row says how many frames of each
camera were used a second, and how long after a picture had come in what it showed was told. `rate` is how many frames a second of
each camera are judged, and looked at while something moves.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time

import cv2
import numpy as np

from benchmarks.probe import probed_rota, street
from vision.detector import Detector, load_detector

FPS = 5.0
FILL = 0.9  # of a core: what is left is for what comes irregularly
SETTLE = 6.0  # seconds until streams are connected and views learned


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


def run(cameras: int, motion: float, detector: Detector, options: argparse.Namespace) -> Run:
    """Watch so many cameras for so many seconds."""
    with street(cameras, FPS, motion, options.clips, stamped=False) as (urls, _):
        rota, posts = probed_rota(urls, detector, options.rate, stamped=False)
        settled, before = False, [(0, 0.0)]
        began, cpu = monotonic() + SETTLE, process_time()
        spent = took = 0.0
        for _ in rota.run():
            now = monotonic()
            if not settled and now >= began:
                settled, began, cpu = True, now, process_time()
                for post in posts:
                    post.ages.told.clear()
                before = [(post.watch.effort.looks, post.watch.effort.seconds) for post in posts]
            if settled and now - began >= options.seconds and not rota.stopped:
                spent, took = process_time() - cpu, now - began
                rota.stop()
    told = [age for post in posts for age in post.ages.told]
    looks = sum(post.watch.effort.looks for post in posts) - sum(looks for looks, _ in before)
    seconds = sum(post.watch.effort.seconds for post in posts) - sum(seconds for _, seconds in before)
    p50, p95 = np.percentile(told, [50, 95]).tolist() if told else (0.0, 0.0)
    each = took * cameras
    return Run(cameras, spent / took, len(told) / each, looks / each, 1000 * seconds / max(1, looks), p50, p95)


def show(motion: float, kind: str, found: Run) -> None:
    """Print one row."""
    print(
        f"{motion:7.0%}{kind:>10}{found.cameras:8}{found.cpu:7.0%}{100 * found.cpu / found.cameras:9.1f}"
        f"{found.fps:8.2f}{found.looks:8.2f}{found.ms_per_look:9.1f}{1000 * found.p50:8.0f}{1000 * found.p95:8.0f}",
        flush=True,
    )


def main() -> None:
    """Print two rows for each share of motion: a few cameras, and as many as one core carries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--motion", type=float, nargs="+", default=[0.1, 0.5])
    parser.add_argument("--seconds", type=float, default=20.0, help="of a run; films repeat after 20")
    parser.add_argument("--rate", type=float, default=FPS)
    parser.add_argument("--few", type=int, default=3)
    parser.add_argument("--budget", action="store_true", help="only say for how many a core has the time")
    parser.add_argument("--detector", default="ssd")
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    logging.disable()  # streams end with each run
    detector = load_detector(options.detector, options.model)
    print(f"{options.detector} {options.model or ''}: {FPS:g} fps streams, {options.rate:g} judged; CPU of one process")
    print(
        f"{'motion':>7}{'':>10}{'cameras':>8}{'cpu':>7}{'% each':>9}{'fps':>8}{'looks/s':>8}{'ms/look':>9}{'p50 ms':>8}{'p95 ms':>8}"
    )
    for motion in options.motion:
        few = run(options.few, motion, detector, options)
        show(motion, "a few", few)
        # Where other work took its share of the machine, frames were dropped: what they would have cost is counted.
        count = max(1, int(FILL * few.cameras / few.cpu * min(1.0, few.fps / min(FPS, options.rate))))
        print(f"{motion:7.0%}  a core has the time for {count}", flush=True)
        if not options.budget:
            show(motion, "a core", run(count, motion, detector, options))


if __name__ == "__main__":
    main()
