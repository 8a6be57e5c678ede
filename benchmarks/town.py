"""A made town: homes, their rules and a log of some days, the same for the same seed, in files as users have them.

A home reports about a thousand records a day: detections in episodes (a start, updates, an end), states that change,
a freezer's temperature every quarter of an hour, rings, outages. All homes are interleaved by time, and records come
up to a second out of order, as they do.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from benchmarks.rulebook import rules_of
from rules.units import instant, rfc3339

START = instant(datetime(2026, 3, 2, 16, 45, tzinfo=UTC))  # before noon in America
SECOND = 1_000_000
DAY = 86_400 * SECOND
PER_DAY = 1000  # records of a home
MINUTE = 60 * SECOND

ZONES = ("America/Chicago", "America/Chicago", "America/New_York", "Europe/Madrid", "Asia/Tokyo", "Australia/Sydney")
SQUARE = [[0.0, 0.4], [0.5, 0.4], [0.5, 1.0], [0.0, 1.0]]
CAMERAS = {"kitchen": ("food_bowls", "counter"), "yard": ("lawn", "side_gate"), "porch": ("steps", "gate")}
OPEN = ["open", "closed"]
STATES: dict[str, tuple[str, Any]] = {
    "contact.front": ("door", OPEN),
    "contact.back": ("door", OPEN),
    "cover.garage": ("garage_door", OPEN),
    "lock.front": ("lock", ["locked", "unlocked"]),
    "appliance.washer": ("washing_machine", ["idle", "running", "finished"]),
    "leak.basement": ("leak", ["dry", "wet"]),
    "sensor.freezer": ("temperature", "number"),
}
EVENTS = {"doorbell.front": ["pressed"], "feeder.kitchen": ["dispensed"]}
PEOPLE = ("ann", "ben")

# What begins in a home, and how often a day.
HAPPENINGS: dict[str, float] = {
    "animal": 70.0,
    "person": 45.0,
    "contact.front": 14.0,
    "contact.back": 10.0,
    "cover.garage": 4.0,
    "lock.front": 6.0,
    "appliance.washer": 1.5,
    "leak.basement": 0.05,
    "doorbell.front": 5.0,
    "feeder.kitchen": 2.5,
    "away": 2.0,
    "outage": 1.5,
}

Line = tuple[int, bytes]
_encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Town:
    """The files of a made town."""

    homes: Path
    rules: Path
    log: Path
    records: int
    days: float


def home_of(name: str, random: Random) -> dict[str, Any]:
    """Return the home file of a made home."""
    return {
        "home": name,
        "time_zone": random.choice(ZONES),
        "location": {"latitude": 41.9, "longitude": -87.6},
        "people": [{"id": f"person.{p}", "name": p.title(), "role": "owner", "channels": ["console"]} for p in PEOPLE],
        "pets": [{"id": f"pet.{pet}", "name": pet.title(), "species": "dog"} for pet in ("daisy", "max")],
        "cameras": [
            {"id": f"cam.{camera}", "name": f"{camera} camera", "zones": dict.fromkeys(zones, SQUARE)}
            for camera, zones in CAMERAS.items()
        ],
        "devices": [
            *({"id": i, "type": kind, "attributes": {"state": values}} for i, (kind, values) in STATES.items()),
            *({"id": i, "type": i.partition(".")[0], "events": names} for i, names in EVENTS.items()),
        ],
    }


class Life:
    """What goes on in one home: yields its records as `(time, line)`, in order of time."""

    def __init__(self, home: str, start: int, end: int, random: Random) -> None:
        self.home, self.start, self.end, self.random = home, start, end, random
        self.count = 0
        self.planned: list[tuple[int, int, bytes]] = []

    def records(self) -> Iterator[Line]:
        """Yield every record of the home from start to end."""
        self._first_reports()
        self._temperatures()
        for name, rate in HAPPENINGS.items():
            time = self.start
            while (time := time + int(self.random.expovariate(rate / DAY))) < self.end:
                self._happen(name, time)
        for time, _, line in sorted(self.planned):
            if time < self.end:
                yield time, line

    def _plan(self, time: int, type: str, source: str, data: dict[str, Any], subject: str | None = None) -> None:
        self.count += 1
        record: dict[str, Any] = {"specversion": "1.0", "id": f"{self.home}-{self.count:06d}", "type": type}
        record["source"] = source
        if subject is not None:
            record["subject"] = subject
        record |= {"time": rfc3339(time // 1000 * 1000), "home": self.home, "data": data}
        self.planned.append((time, self.count, _encode(record)))

    def _first_reports(self) -> None:
        for source, (_, values) in STATES.items():
            if values != "number":
                self._state(self.start, source, {"open": "closed"}.get(values[0], values[0]))
        for person in PEOPLE:
            self._state(self.start, f"person.{person}", "home")

    def _temperatures(self) -> None:
        level, silent = -18.0, 0
        for time in range(self.start, self.end, 15 * MINUTE):
            if self.random.random() < 0.002:
                silent = time + self.random.randint(1, 4) * 60 * MINUTE  # its battery, or the radio
            if time < silent:
                continue
            level += self.random.gauss(0.0, 0.5) + (-18.0 - level) * 0.03
            self._plan(time, "state", "sensor.freezer", {"value": round(level, 1), "unit": "C"})

    def _state(self, time: int, source: str, value: str) -> None:
        self._plan(time, "state", source, {"value": value})

    def _happen(self, name: str, time: int) -> None:
        match name:
            case "animal" | "person":
                self._episode(name, time)
            case "appliance.washer":
                self._state(time, name, "running")
                self._state(time + 55 * MINUTE, name, "finished")
                self._state(time + self.random.randint(60, 180) * MINUTE, name, "idle")
            case "doorbell.front":
                for ring in range(self.random.choice((1, 1, 2, 3))):
                    self._plan(time + ring * 20 * SECOND, "event", name, {"name": "pressed"})
            case "feeder.kitchen":
                self._plan(time, "event", name, {"name": "dispensed"})
            case "away":
                self._away(time)
            case "outage":
                self._outage(time)
            case _:
                self._there_and_back(time, name)

    def _there_and_back(self, time: int, source: str) -> None:
        values = STATES[source][1]
        there, back = values if values == OPEN else reversed(values)
        long = self.random.random() < (0.4 if source.startswith("lock.") else 0.1)
        self._state(time, source, there)
        self._state(time + self.random.randint(*((600, 3000) if long else (5, 120))) * SECOND, source, back)

    def _away(self, time: int) -> None:
        for person in PEOPLE if self.random.random() < 0.6 else self.random.sample(PEOPLE, 1):
            self._state(time, f"person.{person}", "away")
            self._state(time + self.random.randint(30, 400) * MINUTE, f"person.{person}", "home")

    def _outage(self, time: int) -> None:
        source = f"cam.{self.random.choice(list(CAMERAS))}"
        self._plan(time, "health", source, {"status": "offline"})
        self._plan(time + self.random.randint(30, 5400) * SECOND, "health", source, {"status": "online"})

    def _episode(self, kind: str, time: int) -> None:
        camera = self.random.choice(("kitchen", "yard") if kind == "animal" else tuple(CAMERAS))
        zone = self.random.choice(CAMERAS[camera])
        label = "person" if kind == "person" else "dog"
        strangers = ("unknown", "person.ann", "person.ben") if camera == "porch" else ("person.ann", "person.ben")
        subject = self.random.choice(strangers if kind == "person" else ("pet.daisy", "pet.max"))
        activity = "eating" if zone == "food_bowls" and label == "dog" and self.random.random() < 0.6 else "at"
        episode, last, updates = f"{camera}-{self.count}", time, self.random.randint(1, 9)
        for number in range(updates + 2):
            phase = "start" if number == 0 else "end" if number == updates + 1 else "update"
            data = {
                "label": label,
                "activity": activity,
                "zone": zone,
                "confidence": round(self.random.uniform(0.4, 0.97), 2),
                "episode": episode,
                "phase": phase,
            }
            if number:
                data["lasted"] = round((last - time) / SECOND, 1)
            self._plan(last, "detection", f"cam.{camera}", data, subject)
            last += int(self.random.uniform(1.0, 6.0) * SECOND)


def ticks(start: int, end: int) -> Iterator[Line]:
    """Yield a tick for every home each minute."""
    for time in range(start, end, MINUTE):
        text = rfc3339(time)
        yield time, _encode({"specversion": "1.0", "id": f"tick-{text}", "type": "tick", "time": text})


def make_town(folder: Path, homes: int, records: int, seed: int = 7) -> Town:
    """Write homes.jsonl, rules.jsonl and records.jsonl; the log is as long as `records` at a home's usual rate."""
    random = Random(seed)
    names = [f"home{number:05d}" for number in range(homes)]
    town = Town(
        folder / "homes.jsonl", folder / "rules.jsonl", folder / "records.jsonl", records, records / homes / PER_DAY
    )
    folder.mkdir(parents=True, exist_ok=True)
    with town.homes.open("wb") as file:
        file.writelines(_encode(home_of(name, Random(f"{seed} {name}"))) + b"\n" for name in names)
    with town.rules.open("wb") as file:
        file.writelines(_encode(rule) + b"\n" for name in names for rule in rules_of(name, random))
    with town.log.open("wb") as file:
        file.writelines(line + b"\n" for line in _log(names, records, START + int(town.days * 1.3 * DAY), seed))
    return town


def _log(names: list[str], records: int, end: int, seed: int) -> Iterator[bytes]:
    """Yield the first `records` lines of all homes together, up to a second out of order."""
    jitter = Random(seed)
    lives = [Life(name, START, end, Random(f"{seed} life {name}")).records() for name in names]
    late = ((time + jitter.randrange(SECOND), line) for time, line in heapq.merge(*lives, ticks(START, end)))
    waiting: list[Line] = []
    written = 0
    for arrival in late:
        heapq.heappush(waiting, arrival)
        while waiting and waiting[0][0] < arrival[0] - SECOND and written < records:
            yield heapq.heappop(waiting)[1]
            written += 1
        if written >= records:
            return
    yield from (heapq.heappop(waiting)[1] for _ in range(min(len(waiting), records - written)))
