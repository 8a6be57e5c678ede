"""A home whose days pass in seconds, run as a process that can be killed: `python -m tests.streams.fast_home FOLDER`.

The clock runs `SPEED` times as fast as the machine's from the moment in the file `born`, so it goes on while nothing
runs. A dog eats now and then, whether anybody looks or not; the camera tells what happens while it looks.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rules.home import Home
from rules.record import Record
from rules.rule import Rule, parse_rule
from rules.units import MINUTE, instant, moment
from streams.alarm import Alarm
from streams.embedded import Embedded
from streams.log import Log
from tests.streams.logs import at, home, record, ring

SPEED = 3600.0
LATENESS = "15m"  # a quarter of a second of the machine's time
WINDOW = 20  # minutes
EATING = {"type": "detection", "source": "cam.kitchen", "where": {"activity": "eating"}}


def fast_home() -> Home:
    """Return the home."""
    return home(lateness=LATENESS)


def clock_of(folder: Path) -> Callable[[], datetime]:
    """Return the clock that runs since the folder's `born`."""
    born = float((folder / "born").read_text())
    return lambda: moment(instant(at("00:00")) + int((time.time() - born) * SPEED * 1_000_000))


def meals(seed: int, days: int = 3) -> list[int]:
    """Return when the dog eats, in microseconds, about every half hour."""
    generator, now, found = random.Random(seed), instant(at("00:00")), []
    for _ in range(days * 48):
        now += generator.randrange(5 * MINUTE, 55 * MINUTE)
        found.append(now)
    return found


def rules() -> list[Rule]:
    """Return the rules: an absence for each twenty minutes of the day, and one of each kind that waits."""
    missed = {"op": "sequence", "first": [{"type": "event"}], "then": [EATING], "within": "9m", "missing": True}
    others = {"quiet": {"op": "absent", "of": [EATING], "duration": "33m"}, "missed": missed}
    made = [parse_rule({"id": name, "home": "maple", "when": when}) for name, when in others.items()]
    return [*(_window(start) for start in range(0, 24 * 60, WINDOW)), *made, ring()]


def _window(start: int) -> Rule:
    end = start + WINDOW
    window = {"from": f"{start // 60:02d}:{start % 60:02d}", "until": f"{end // 60:02d}:{end % 60:02d}"}
    when = {"op": "absent", "of": [EATING], "window": window}
    # No stretch is short enough to be ignored: what happened in any of them must never be told as "not fed".
    return parse_rule({"id": f"fed-{start:04d}", "home": "maple", "when": when, "blind_tolerance": "0s"})


def main(folder: Path, seed: int) -> None:
    """Run until killed."""
    clock = clock_of(folder)
    looked = instant(clock())
    with (folder / "looked").open("a") as file:
        file.write(f"{looked}\n")
    runtime = Embedded(Log(folder / "log.db"), [fast_home()], clock=clock, on_firings=lambda _: None, lapse=None)
    runtime.start()
    with Alarm(runtime, clock, SPEED):
        if not runtime.rules():
            for rule in rules():
                runtime.put_rule(rule)
        while True:
            looked = _look(runtime, seed, looked, instant(clock()))
            threading.Event().wait(0.005)


def _look(runtime: Embedded, seed: int, since: int, now: int) -> int:
    """Tell what happened in `[since, now)`; return `now`."""
    seen = [record(f"meal-{time}", moment(time)) for time in meals(seed) if since <= time < now]
    bells = [_bell(time) for time in range(since // MINUTE + 1, now // MINUTE + 1) if time % 7 == 0]
    if seen or bells:
        runtime.ingest([*seen, *bells])
    return now


def _bell(minute: int) -> Record:
    return record(f"bell-{minute}", moment(minute * MINUTE), "event", source="doorbell.front")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
