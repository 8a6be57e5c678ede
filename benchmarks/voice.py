"""Measure voice: from recordings to the right outcome, and from the end of speech to a rule that can be shown.

    python -m benchmarks.voice [--recordings FOLDER] [--live]

The recordings are a folder with a `manifest.json` (`names`, and `files`: `file`, `text`, `names`, `voice`, `noise`, `snr_db`),
by default `../shared/voice`. Their names are put into a home whose cameras and devices are what the sentences speak of. An outcome
is right where it is the one that the true text has, typed: the same rule, but for how the words were spelt, or the same reply.
`--live` speaks to a real server over its websocket, at the pace at which it was spoken, and measures what a person waits from the
last word to the page that shows the rule's card.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from proactive import app, clock
from proactive.access import token
from proactive.account import Account, Session
from proactive.intake import Intake
from proactive.language.outcome import Outcome
from proactive.language.reader import load_reader
from proactive.language.request import Request
from proactive.language.understand import converse
from proactive.settings import load
from proactive.standing import Follower
from proactive.store import Store
from proactive.voice.hearing import DOUBTFUL, load_hearing, plain
from proactive.voice.mishearing import as_meant
from proactive.voice.names import names_of
from proactive.voice.sound import RATE, decode
from proactive.voice.voice import voice_of
from proactive.voice.weights import find_weights
from proactive.web.app import make_app
from proactive.web.server import address_of, listen, served
from proactive.web.site import Site
from rules.home import Home, parse_home

if TYPE_CHECKING:
    from websockets.sync.connection import Connection

    from proactive.voice.sound import Samples
    from proactive.voice.tally import Tally

SHARED = Path(os.environ.get("PROACTIVE_SHARED", Path(__file__).parents[2] / "shared"))
PETS = {"Biscuit": "dog", "Daisy": "dog", "Luna": "cat", "Mozart": "cat", "Rex": "dog", "Whiskers": "cat"}
NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
CHUNK = 0.05  # seconds of sound that a browser sends at once
SPEAKER = "person.dad"


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a recording: the text, seconds (CPU of hearing, or of waiting), and whether the person was asked first."""

    text: str
    took: float
    asked: bool = False


class Room:
    """Somebody at a microphone of a real server: recordings in, at the pace at which they were spoken."""

    def __init__(self, address: str, secret: str, site: Site) -> None:
        self._http = httpx.Client(base_url=address, cookies={"proactive": secret}, trust_env=False, timeout=60)
        self._address, self._secret, self._site = address, secret, site
        self._form = re.findall(r'data-form="(\w+)"', self._http.get("/talk", headers={"Accept": "text/html"}).text)[0]

    @property
    def tally(self) -> Tally:
        """Return what the server counted."""
        return self._site.voice.tally

    def say(self, samples: Samples, ended: float) -> Heard:
        """Return what was heard, and seconds from the end of speech to the page that shows what became of it."""
        self._site.store.converse("voices", SPEAKER, (), at=clock.now())
        with connect(
            f"{self._address.replace('http', 'ws')}/talk/voice", subprotocols=[Subprotocol("proactive.voice"), Subprotocol(self._form)],
            origin=Origin(self._address), additional_headers={"Cookie": f"proactive={self._secret}"}, proxy=None,
        ) as socket, ThreadPoolExecutor(1) as pool:  # fmt: skip
            began = time.monotonic()
            sending = pool.submit(self._send, socket, samples, began)
            text, asked = "", False
            for message in socket:
                told = json.loads(message)
                text, asked = told.get("heard") or told.get("doubt") or text, asked or "doubt" in told
                if "wrong" in told:
                    print(f"    wrong: {told['wrong']}")
            page = self._http.get("/talk", headers={"Accept": "text/html"}).text
            took = time.monotonic() - began - ended
            sending.result()
        assert asked or not text or 'class="turn"' in page, "the page shows what was said"
        return Heard(text, took, asked)

    def _send(self, socket: Connection, samples: Samples, began: float) -> None:
        """Send sound as it would be spoken, with two seconds of silence after it, until nobody wants any more."""
        import numpy as np

        pcm = (np.concatenate([samples, np.zeros(2 * RATE, np.float32)]) * 32767).astype("<i2").tobytes()
        step = int(CHUNK * RATE) * 2
        with suppress(ConnectionClosed):
            for number, at in enumerate(range(0, len(pcm), step), 1):
                time.sleep(max(0.0, began + number * CHUNK - time.monotonic()))
                socket.send(pcm[at : at + step])


@contextmanager
def room(home: Home) -> Iterator[Room]:
    """Yield a microphone at a real server, of a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(load(), data=Path(folder), voice_model=_weights())
        with Store(settings.database_url) as store, app.open_log(settings) as log:
            store.import_home(home)
            runtime = app.open_runtime(log, [home])
            runtime.start()
            listening = listen("127.0.0.1", 0)
            look = Follower(store, runtime).look
            site = Site(settings, store, runtime, Intake(runtime, log), look, voice=voice_of(settings))
            site.voice.ear((), "en")  # loaded before somebody speaks: what is measured is every turn but the first
            with served(make_app(site), listening):
                yield Room(address_of(listening), _session(store), site)
            runtime.stop()


def _weights() -> Path | None:
    """Return the folder of the weights that `load_hearing` uses, joined already."""
    own = load()
    return find_weights(own.voice_model, own.data).folder if own.hearing in (None, "whisper") else own.voice_model


def _session(store: Store) -> str:
    now, secret = clock.now(), token.make()
    store.add_account(Account(id="dad", name="dad", home="voices", person=SPEAKER, password="", created_at=now))
    store.add_session(
        Session(
            id=token.digest(secret), account="dad", home="voices", person=SPEAKER, device="benchmark", created_at=now, seen_at=now
        )
    )  # fmt: skip
    return secret


def spoken_until(samples: Samples) -> float:
    """Return when the last word ends, in seconds: what follows is 26 dB under the loudest."""
    import numpy as np

    step = RATE // 50
    loud = np.sqrt(np.square(samples[: len(samples) // step * step].reshape(-1, step)).mean(axis=1))
    return float((np.flatnonzero(loud > loud.max() / 20)[-1] + 1) * step / RATE)


def main() -> None:
    """Print each recording that is not right, and right / total by voice and noise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=Path, default=SHARED / "voice")
    parser.add_argument("--live", action="store_true")
    asked = parser.parse_args()
    names, files = recordings(asked.recordings)
    home, reader = home_of(names), load_reader("local")
    tally: dict[str, list[bool]] = defaultdict(list)
    spent: list[float] = []
    doubted = [0, 0]  # of what was misheard, and of what was right

    def read(text: str) -> Outcome:
        return converse(Request(text, home, SPEAKER, now=NOW), reader).outcome

    for row, heard in _heard(home, files, asked.recordings, live=asked.live):
        outcome, wanted = read(heard.text), read(row["text"])
        right = meant(outcome) == meant(wanted) and all(plain(n) in plain(heard.text) for n in row["names"])
        key = f"{row['voice']}, {row['noise'] or 'clean'}" + (f" {row['snr_db']} dB" if row["noise"] else "")
        tally[key].append(right)
        tally["clean, all voices" if not row["noise"] else "noise, all"].append(right)
        doubted[right] += heard.asked
        if not heard.asked:
            spent.append(heard.took)
        if not right:
            print(
                f"- {row['file']}: heard {heard.text!r}{', and asked' if heard.asked else ''}\n    said  {row['text']!r}"
            )
            print(f"    {outcome.outcome}: {outcome.reply[:110]}\n    {wanted.outcome}: {wanted.reply[:110]}")
    for key, each in sorted(tally.items()):
        print(f"{key:32s} {sum(each):3d} / {len(each)}")
    print(f"asked 'did you say': of what was wrong {doubted[0]}, of what was right {doubted[1]}")
    what = "end of speech to the card on the page" if asked.live else "CPU, hearing"
    print(f"seconds a recording, {what}: median {statistics.median(spent):.2f}, "
          f"p95 {statistics.quantiles(spent, n=20)[-1]:.2f}, worst {max(spent):.2f}; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _heard(
    home: Home, files: list[dict[str, Any]], folder: Path, *, live: bool
) -> Iterator[tuple[dict[str, Any], Heard]]:
    said = ((row, decode((folder / row["file"]).read_bytes(), row["file"])) for row in files)
    if live:
        with room(home) as microphone:
            for row, samples in said:
                yield row, microphone.say(samples, len(samples) / RATE if row["noise"] else spoken_until(samples))
            tally = microphone.tally
            print(
                f"understood ahead: {dict(tally.guesses)}, saved {tally.saved * 1000:.0f} ms; turns: {dict(tally.turns)}"
            )
        return
    engine = load_hearing(load())
    for row, samples in said:
        before = time.process_time()
        found = engine.hear(samples, names_of(home))
        text = as_meant(found.text, home)
        yield row, Heard(text, time.process_time() - before, found.sure < DOUBTFUL)


if __name__ == "__main__":
    main()
