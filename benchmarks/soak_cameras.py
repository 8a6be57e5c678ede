"""A soak: four made streams for so many minutes, with faults, and with the process itself held up; nothing may grow or be old.

    python -m benchmarks.soak_cameras --minutes 60 [--streams http|rtsp] [--detector openvino --model DIR] [CLIP[@SECONDS] ...]

Each minute a row: pictures used, the oldest of them by its stamp, resident memory, threads, open files. Cameras freeze, go black, are covered,
turned, die and come back, or, of a real RTSP server, hang for eight seconds together, once a minute. Every two minutes (`--hold-up`) the
process is stopped (SIGSTOP) for four seconds, so that seconds of pictures pile up in its sockets. Exit status 1 when a picture was used that was older
than a second, or when memory, over the last two thirds of the time, grew by more than a tenth of a megabyte a minute. `--streams rtsp` needs
what `benchmarks/rtsp_server.py` says.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from random import Random
from time import monotonic

import numpy as np

from benchmarks.probe import Probed, probed_rota, rtsp_street, street
from vision.detector import load_detector
from vision.live.address import hush

CAMERAS = 4
OLD = 1.0  # seconds
CREEP = 0.1  # megabytes a minute
FAULTS = ("freeze", "play", "black", "play", "cover", "play", "turn", "play", "dead", "play")


def resident() -> float:
    """Return the megabytes of memory that this process has in use."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def trouble(studio: subprocess.Popen[str], stop: threading.Event) -> None:
    """Let something happen to one camera every five seconds."""
    random = Random(1)
    for fault in cycle(FAULTS):
        if stop.wait(5) or studio.stdin is None:
            return
        studio.stdin.write(f"{random.randrange(CAMERAS) if fault != 'play' else 'all'} {fault}\n")
        studio.stdin.flush()


def hang(server: subprocess.Popen[str], stop: threading.Event) -> None:
    """Let all cameras of a server hang for eight seconds of each minute."""
    while not stop.wait(52):
        server.send_signal(signal.SIGSTOP)
        stop.wait(8)
        server.send_signal(signal.SIGCONT)


def hold_up(every: float, stop: threading.Event) -> None:
    """Stop this process for four seconds every so many."""
    own = os.getpid()
    while not stop.wait(every):
        subprocess.Popen(["/bin/sh", "-c", f"kill -STOP {own}; sleep 4; kill -CONT {own}"])


def creep(memory: Sequence[float]) -> float:
    """Return by how many megabytes a minute the memory grew over the last two thirds of the minutes."""
    late = memory[len(memory) // 3 :]
    return float(np.polyfit(range(len(late)), late, 1)[0]) if len(late) > 1 else 0.0


def row(minute: float, posts: list[Probed]) -> tuple[float, float]:
    """Print what this minute was like; return the age of its oldest picture and the memory in use."""
    ages = [age for post in posts for age in post.ages.used]
    for post in posts:
        for age, believed in zip(post.ages.used, post.ages.believed, strict=True):
            if age > OLD:
                print(f"{post.reader.name}: used a picture {age:.3f} s old, taken to be {believed:.3f} s old")
    for post in posts:
        post.ages.clear()
    oldest, memory = max(ages, default=0.0), resident()
    files, counts = sum(1 for _ in Path("/proc/self/fd").iterdir()), [post.reader.counts for post in posts]
    print(
        f"{minute:7.1f}{len(ages):8}{oldest:9.3f}{memory:10.1f}{threading.active_count():9}{files:7}"
        f"{sum(c.dropped for c in counts):9}{sum(c.old for c in counts):7}{sum(c.connections for c in counts):9}",
        flush=True,
    )
    return oldest, memory


def soak(options: argparse.Namespace) -> bool:
    """Run for the minutes that are asked for; return whether nothing was old and nothing grew."""
    detector = load_detector(options.detector, options.model)
    stop, rows = threading.Event(), list[tuple[float, float]]()
    print(
        f"{'minute':>7}{'used':>8}{'oldest s':>9}{'MB':>10}{'threads':>9}{'files':>7}{'dropped':>9}{'old':>7}{'connects':>9}"
    )
    rtsp = options.streams == "rtsp"
    with (rtsp_street if rtsp else street)(CAMERAS, 5, 0.5, options.clips) as (urls, studio):
        rota, posts = probed_rota(urls, detector, 2.5, looped=rtsp)
        threading.Thread(target=hang if rtsp else trouble, args=(studio, stop), daemon=True).start()
        threading.Thread(target=hold_up, args=(options.hold_up, stop), daemon=True).start()
        began = due = monotonic()
        for _ in rota.run():
            if (now := monotonic()) >= due + 60:
                due += 60
                rows.append(row((now - began) / 60, posts))
                if now - began >= 60 * options.minutes:
                    rota.stop()
        stop.set()
    oldest, slope = max(age for age, _ in rows), creep([memory for _, memory in rows])
    print(f"oldest picture used {oldest:.3f} s; memory {slope:+.3f} MB a minute once it was warm")
    return oldest <= OLD and slope <= CREEP


def main() -> None:
    """Soak, and say with the exit status whether it went well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", metavar="CLIP[@SECONDS]")
    parser.add_argument("--streams", choices=["http", "rtsp"], default="http")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument(
        "--hold-up", type=float, default=120, metavar="SECONDS", help="how often this process is stopped"
    )
    parser.add_argument("--detector", default="ssd")
    parser.add_argument("--model", type=Path)
    hush()
    sys.exit(0 if soak(parser.parse_args()) else 1)


if __name__ == "__main__":
    main()
