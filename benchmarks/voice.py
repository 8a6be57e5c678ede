"""Measure voice: from recordings to the right outcome, and from the end of speech to a rule that can be shown.

    python -m benchmarks.voice [--recordings FOLDER] [--live]

The recordings are a folder with a `manifest.json` (`names`, and `files`: `file`, `text`, `names`, `voice`, `noise`, `snr_db`),
by default `../shared/voice`. Their names are put into a home whose cameras and devices are what the sentences speak of. An outcome
is right where it is the one that the true text has, typed: the same rule, but for how the words were spelt, or the same reply.
`--live` feeds the sound in real time, as a browser does, and measures what a person waits after the last word.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from proactive.language.outcome import Outcome
from proactive.language.reader import load_reader
from proactive.language.request import Request
from proactive.language.understand import converse
from proactive.settings import load
from proactive.voice.ear import Ear, Guess
from proactive.voice.hearing import SpeechToText, load_hearing, plain
from proactive.voice.names import as_spelt, names_of
from proactive.voice.sound import RATE, decode
from proactive.voice.turn import load_activity
from rules.home import Home, parse_home

SHARED = Path(os.environ.get("PROACTIVE_SHARED", Path(__file__).parents[2] / "shared"))
PETS = {"Biscuit": "dog", "Daisy": "dog", "Luna": "cat", "Mozart": "cat", "Rex": "dog", "Whiskers": "cat"}
NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
CHUNK = 0.1  # seconds of sound that a browser sends at once


def home_of(names: list[str]) -> Home:
    """Return a home with the names that are spoken, and with what the sentences are about."""
    people = [{"id": f"person.{n.lower()}", "name": n} for n in names if n not in PETS]
    pets = [{"id": f"pet.{n.lower()}", "name": n, "species": PETS[n]} for n in names if n in PETS]
    area = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
    zones = {"nursery": ["crib"], "kitchen": ["counter", "food_bowls"], "bedroom": ["bedroom"], "driveway": ["driveway"],
             "living_room": ["living_room"], "gate": ["gate"], "porch": ["porch"]}  # fmt: skip
    cameras = [
        {"id": f"cam.{room}", "name": f"{room.replace('_', ' ')} camera", "zones": dict.fromkeys(parts, area)}
        for room, parts in zones.items()
    ]
    devices = [
        {"id": "cover.garage", "type": "cover", "name": "garage door", "attributes": {"state": ["open", "closed"]}},
        {"id": "lock.back", "type": "lock", "name": "back door", "attributes": {"state": ["locked", "unlocked"]}},
        {"id": "light.living_room", "type": "light", "name": "living room lights", "attributes": {"state": ["on", "off"]}},
        {"id": "climate.thermostat", "type": "climate", "name": "thermostat", "attributes": {"temperature": "number"}},
    ]  # fmt: skip
    return parse_home(
        {"home": "voices", "time_zone": "America/New_York", "people": people, "pets": pets, "cameras": cameras,
         "devices": devices, "default_speaker": "person.dad"}
    )  # fmt: skip


def meant(outcome: Outcome) -> tuple[object, ...]:
    """Return what an outcome comes to, whatever the spelling of what was said."""
    rules = [msgspec.to_builtins(rule.model_dump(exclude={"said", "id"})) for rule in outcome.rules]
    asked = [ask.slot for ask in outcome.asks]
    return outcome.outcome, json.dumps(rules, sort_keys=True, default=str), asked, "" if rules else plain(outcome.reply)


def recordings(folder: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names and the recordings of a folder."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return manifest["names"], manifest["files"]


def live(engine: SpeechToText, samples: Any, home: Home, guess: Guess[Outcome], activity: Any) -> tuple[str, float]:
    """Feed sound in real time with a second of silence after it; return the text, and seconds from the last word to the outcome."""
    import numpy as np

    pcm = (np.concatenate([samples, np.zeros(2 * RATE, np.float32)]) * 32767).astype("<i2").tobytes()
    ear, began = Ear(engine, activity, names_of(home)), time.monotonic()
    step = int(CHUNK * RATE) * 2
    for number, at in enumerate(range(0, len(pcm), step), 1):
        time.sleep(max(0.0, began + number * CHUNK - time.monotonic()))
        if ear.receive(pcm[at : at + step]):
            break
        if ear.due:
            guess.try_(as_spelt(ear.so_far().text, home))
    text = as_spelt(ear.heard().text, home)
    guess.settle(text)
    return text, time.monotonic() - began - len(samples) / RATE


def main() -> None:
    """Print each recording that is not right, and right / total by voice and noise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=Path, default=SHARED / "voice")
    parser.add_argument("--live", action="store_true")
    asked = parser.parse_args()
    names, files = recordings(asked.recordings)
    home, engine, reader = home_of(names), load_hearing(load()), load_reader("local")
    tally: dict[str, list[bool]] = defaultdict(list)
    spent: list[float] = []

    def read(text: str) -> Outcome:
        return converse(Request(text, home, "person.dad", now=NOW), reader).outcome

    for row, said, took in _heard(engine, home, files, asked.recordings, read, live_=asked.live):
        outcome, wanted = read(said), read(row["text"])
        right = meant(outcome) == meant(wanted) and all(plain(n) in plain(said) for n in row["names"])
        key = f"{row['voice']}, {row['noise'] or 'clean'}" + (f" {row['snr_db']} dB" if row["noise"] else "")
        tally[key].append(right)
        tally["clean, all voices" if not row["noise"] else "noise, all"].append(right)
        spent.append(took)
        if not right:
            print(
                f"- {row['file']}: heard {said!r}\n    said  {row['text']!r}\n    {outcome.outcome}: {outcome.reply[:110]}"
            )
            print(f"    {wanted.outcome}: {wanted.reply[:110]}")
    for key, each in sorted(tally.items()):
        print(f"{key:32s} {sum(each):3d} / {len(each)}")
    print(f"{engine.name}: seconds a recording, {'end of speech to outcome' if asked.live else 'CPU, hearing'}: "
          f"median {statistics.median(spent):.2f}, worst {max(spent):.2f}; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _heard(
    engine: SpeechToText, home: Home, files: list[dict[str, Any]], folder: Path, read: Any, *, live_: bool
) -> Iterator[tuple[dict[str, Any], str, float]]:
    activity = load_activity() if live_ else None
    with ThreadPoolExecutor(1) as pool:
        guess: Guess[Outcome] = Guess(read, pool)
        for row in files:
            samples = decode((folder / row["file"]).read_bytes(), row["file"])
            if live_:
                yield row, *live(engine, samples, home, guess, activity)
                continue
            before = time.process_time()
            text = as_spelt(engine.hear(samples, names_of(home)).text, home)
            yield row, text, time.process_time() - before
        if live_:
            print(
                f"understood ahead: right {guess.right} of {len(files)}, tried {guess.tried}, saved {guess.saved * 1000:.0f} ms"
            )


if __name__ == "__main__":
    main()
