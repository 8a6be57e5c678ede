"""Laws of being killed: nothing told is lost or told twice, and nothing unseen is told as not having happened.

`PROACTIVE_KILLS=50` kills more often than the few times of an ordinary run.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rules.calendar import resolve, zone_of
from rules.firing import Firing
from rules.record import decode
from rules.units import instant, microseconds, moment
from streams.embedded import Embedded
from streams.log import Log
from streams.replay import Replay
from tests.streams import fast_home
from tests.streams.logs import at

KILLS = int(os.environ.get("PROACTIVE_KILLS", "10"))
ROOT = Path(__file__).parents[2]
START = 60.0  # seconds


def test_killed_at_random_moments_it_tells_what_a_replay_tells_and_never_not_fed_for_a_meal_nobody_saw(
    tmp_path: Path,
) -> None:
    seed = 11
    (tmp_path / "born").write_text(str(time.time()))
    blind = list(_kill_again_and_again(tmp_path, seed, random.Random(seed)))
    told, replayed, handed = _last_start(tmp_path)
    assert sorted(f.id for f in told) == sorted(f.id for f in replayed)
    assert len({f.id for f in told}) == len(told)
    assert handed
    unseen = [meal for meal in fast_home.meals(seed) for start, end in blind if start <= meal < end]
    assert unseen
    denied = [f for f in told if f.verdict == "fired" and any(_is_in_window(meal, f) for meal in unseen)]
    assert denied == []
    assert {"fired", "unknown", "resolved"} <= {f.verdict for f in told}


def _kill_again_and_again(folder: Path, seed: int, generator: random.Random) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which nobody looked, in microseconds of the home's time."""
    clock = fast_home.clock_of(folder)
    looked, killed = folder / "looked", instant(clock())
    looked.touch()
    for number in range(KILLS):
        times = len(looked.read_text().splitlines())
        child = subprocess.Popen([sys.executable, "-m", "tests.streams.fast_home", str(folder), str(seed)], cwd=ROOT)
        try:
            if number % 3:  # the others are killed while they start, some before they look at all
                _wait_until_it_looks(child, looked, times)
            child.wait(generator.uniform(0.5, 2.0))
            raise AssertionError(f"the home ended by itself with status {child.returncode}")
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        starts = looked.read_text().splitlines()
        if len(starts) > times:
            yield killed, int(starts[-1])
            killed = instant(clock())


def _wait_until_it_looks(child: subprocess.Popen[bytes], looked: Path, times: int) -> None:
    """Wait until the home has begun to look once more: how long a start takes is up to the machine."""
    until = time.monotonic() + START
    while len(looked.read_text().splitlines()) <= times:
        assert time.monotonic() < until, f"the home did not begin to look within {START:g} s"
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.05)
            raise AssertionError(f"the home ended by itself with status {child.returncode}")


def _last_start(folder: Path) -> tuple[list[Firing], list[Firing], bool]:
    """Start once more; return what was told, what a replay of the log tells, and whether all was handed on."""
    now = fast_home.clock_of(folder)()
    homes = [fast_home.fast_home()]
    with Log(folder / "log.db") as log:
        runtime = Embedded(log, homes, clock=lambda: now, on_firings=lambda _: None, lapse=None)
        runtime.start()
        records = [decode(line) for line in log.lines()]
        until = moment(instant(now) - microseconds(fast_home.LATENESS))
        replayed = list(Replay(homes, [], until=until).run([records]))
        return list(log.firings()), replayed, log.to_hand(1) == []


def _is_in_window(meal: int, firing: Firing) -> bool:
    if not firing.rule.startswith("fed-"):
        return False
    zone, start = zone_of(fast_home.fast_home()), int(firing.rule[4:]) * 60
    days = range(at("00:00").toordinal() - 1, at("00:00").toordinal() + 4)
    due = firing.time
    return any(
        resolve(zone, day, start) <= meal < due == resolve(zone, day, start + fast_home.WINDOW * 60) for day in days
    )
