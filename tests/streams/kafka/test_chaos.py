"""The law of chaos: whatever is killed, cut off or added, what is told is what a replay of the topic tells, each to people once.

A minute of it, with no delivery that a kill could repeat: a worker is killed here, not who notifies. `make soak` is an hour;
`PROACTIVE_CHAOS_SECONDS` says otherwise, and `PROACTIVE_CHAOS_SEED` tells the order of events.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from benchmarks.town import START
from proactive.notify.channel import Channels, Message
from proactive.notify.notifier import Notifier
from proactive.settings import Settings
from proactive.store import Store
from rules.firing import Firing
from streams.kafka.broker import Brokers
from streams.kafka.firings import FiringReader
from tests.brokers import Tansu
from tests.streams.kafka.cable import Cable
from tests.streams.kafka.chaos import PATIENCE, SPEED, Chaos

pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")

SECONDS = float(os.environ.get("PROACTIVE_CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("PROACTIVE_CHAOS_SEED", "5"))
MINUTE = 60.0


class Counting:
    """A channel that counts what it hands over."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    def send(self, message: Message, address: str | None = None) -> None:
        self.sent[message.id] += 1


class People:
    """Who is told of firings as `serve` tells them: a store, an outbox, and a channel that counts."""

    def __init__(self, chaos: Chaos) -> None:
        self.chaos, self.channel = chaos, Counting()
        self.store = Store(f"sqlite:///{chaos.folder / 'proactive.db'}")
        self.store.import_homes(list(chaos.homes.values()))
        for rule in chaos.rules:
            self.store.put_rule(rule, at=START)
        self._notifier = Notifier(self.store, Settings(chaos.folder), Channels(made={"console": self.channel}))

    def take(self, firings: Sequence[Firing]) -> None:
        """Take what a reader hands on."""
        self.chaos.done["handed on"] += len(firings)
        self._notifier.receive_all(firings, now=self.chaos.now)
        self._notifier.deliver(self.chaos.now)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hear of firings meanwhile, from their topic."""
        stop = threading.Event()
        reader = FiringReader(Brokers.at(self.chaos.broker), self.chaos.names, 6.0, {"fetch_max_wait_ms": 50})
        thread = threading.Thread(target=reader.run, args=(self.take, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(20)

    def wait_for(self, firings: set[str]) -> None:
        """Return when all these are in the store, as long as it gets on."""
        known, heard = self._known(), time.monotonic()
        while not firings <= known:
            assert time.monotonic() < heard + PATIENCE, f"{len(firings - known)} firings are not in the store"
            time.sleep(0.2)
            before, known = known, self._known()
            heard = heard if known == before else time.monotonic()

    def _known(self) -> set[str]:
        return {firing.id for home in self.chaos.homes for firing in self.store.firings(home)}

    def states(self) -> Counter[str]:
        """Return how many notifications are in each state, when all that was due was sent."""
        self._notifier.deliver(self.chaos.now)
        found = [self.store.notifications(home, limit=1_000_000) for home in self.chaos.homes]
        return Counter(each.state for some in found for each in some)


@pytest.mark.timeout(SECONDS + 600)
def test_whatever_happens_what_is_told_is_what_a_replay_tells_and_each_is_told_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        cable = stack.enter_context(Cable())
        broker = stack.enter_context(Tansu(cable.port))
        cable.to = broker.port
        chaos = stack.enter_context(Chaos(tmp_path, broker.address, cable, SECONDS, SEED))
        people = People(chaos)
        stack.callback(people.store.close)
        with people.reading():
            with chaos.living():
                _happen(chaos)
            decided = chaos.replayed()  # while workers go on: time passes, so more is decided
            chaos.wait_for(decided)
            chaos.end_all()
            said = Counter(firing.id for firing in chaos.told())
            people.wait_for(set(said))
        made_up = said.keys() - chaos.replayed()
        states = people.states()
        _tell(chaos, said, people.channel)
        assert len(said) > SECONDS
        assert not decided - said.keys()
        assert not made_up
        assert states.keys() <= {"sent", "dropped", "waiting"}
        assert set(people.channel.sent.values()) == {1}


def _happen(chaos: Chaos) -> None:
    """Let things happen to workers, from the first firing on."""
    chaos.start("first")
    _wait_for_the_first(chaos)
    began = noted = time.monotonic()
    while (past := time.monotonic() - began) < SECONDS:
        chaos.listen(min(SECONDS - past, chaos.random.uniform(1.0, 6.0)))
        if not _is_calm(time.monotonic() - began):
            chaos.act()
        if time.monotonic() >= noted + MINUTE:
            noted += MINUTE
            print(f"{past:.0f} s: {chaos.standing()}", file=sys.stderr, flush=True)


def _is_calm(past: float) -> bool:
    """Tell whether nothing is done to workers: at the end, and for every other five minutes, which show what memory they take."""
    return past >= SECONDS or past % 600 >= 300


def _wait_for_the_first(chaos: Chaos) -> None:
    until = time.monotonic() + PATIENCE
    while not chaos.said:
        assert time.monotonic() < until, f"no firing within {PATIENCE:g} s"
        chaos.tend()
        chaos.listen(0.2)


def _tell(chaos: Chaos, said: Counter[str], channel: Counting) -> None:
    chaos.done["firings"], chaos.done["said more than once on the topic"] = len(said), said.total() - len(said)
    chaos.done["delivered"] = len(channel.sent)
    chaos.done["delivered more than once"] = channel.sent.total() - len(channel.sent)
    print(f"seed {SEED}, {SECONDS:g} s of {SPEED:g} times: {dict(chaos.done)}", file=sys.stderr)
