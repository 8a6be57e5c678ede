"""Killed with SIGKILL, in a process of its own: what was delivered is counted by a sink that outlives it.

Where the kill falls between the sending and its mark, a message comes twice, under one tag; a deed never does.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from proactive.deed import Deed
from proactive.notify.actor import LEASE as DEED_LEASE
from proactive.notify.actor import Actor
from proactive.notify.notifier import LEASE, Notifier
from proactive.settings import Settings
from proactive.store import Store
from streams.source import Command
from tests.proactive.conftest import at, make_firing, make_rule
from tests.proactive.notify.receivers import Receiver, receiving

NOON = at("2026-03-09T12:00:00-05:00")
LIGHT = {"device": "light.hall", "command": "turn_on"}

# Receives at noon, then acts and delivers at the instant given. The process kills itself at the point that is named.
LIFE = """
import os, signal, sys
from pathlib import Path
import httpx
from proactive.notify.actor import Actor
from proactive.notify.notifier import Notifier
from proactive.settings import Settings
from proactive.store import Store
from tests.proactive.conftest import make_firing
from tests.proactive.notify.test_kills import NOON

folder, port, point, now = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
sink = f"http://127.0.0.1:{port}"

def die(at):
    if at == point:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying(Store):
    def record_firings(self, *given, **named):
        die("before written")
        new = super().record_firings(*given, **named)
        die("written")
        return new
    def begin_attempts(self, *given, **named):
        begun = super().begin_attempts(*given, **named)
        die("begun")
        return begun
    def end_attempts(self, *given, **named):
        die("sent")
        super().end_attempts(*given, **named)
        die("marked")
    def end_deed(self, deed, state, **named):
        die("done")
        return super().end_deed(deed, state, **named)

with Dying(f"sqlite:///{folder / 'proactive.db'}") as store:
    hook = f"webhook+http://secret@127.0.0.1:{port}/told"
    notifier = Notifier(store, Settings(folder, channels={"phone_maya": hook}))
    notifier.receive(make_firing(), now=NOON)
    Actor(store, lambda command: httpx.post(f"{sink}/{command.device}", content=b"").raise_for_status()).act(now)
    notifier.deliver(now)
"""


@pytest.fixture
def sink() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def folder(tmp_path: Path, store: Store) -> Path:
    notify = {"to": ["person.maya"], "message": "Not fed", "urgency": "high"}
    store.put_rule(make_rule(do=[LIGHT], notify=notify), at=0)
    return tmp_path


def live(folder: Path, sink: Receiver, point: str, now: int) -> int:
    """Run the process, and return how it ended: -9 where it was killed."""
    command = [sys.executable, "-c", LIFE, str(folder), str(sink.port), point, str(now)]
    return subprocess.run(command, check=False, timeout=120, cwd=Path(__file__).parents[3]).returncode


# How often the message comes, how often the light is told, how the deed ends.
POINTS = [
    ("before written", 1, 1, "done"),
    ("written", 1, 1, "done"),
    ("done", 1, 1, "unsure"),
    ("begun", 1, 1, "done"),
    ("sent", 2, 1, "done"),
    ("marked", 1, 1, "done"),
]


@pytest.mark.parametrize(("point", "told", "done", "state"), POINTS, ids=[point for point, *_ in POINTS])
def test_a_kill_loses_nothing_and_repeats_only_what_nobody_can_know(
    folder: Path, sink: Receiver, store: Store, point: str, told: int, done: int, state: str
) -> None:
    assert live(folder, sink, point, NOON) == -9
    revive(folder, sink, store, NOON + max(LEASE, DEED_LEASE))
    alert = next(each for each in store.notifications("maple") if each.occasion == "told")
    came = Counter(r.headers.get("Idempotency-Key", r.path) for r in sink.got)
    assert (came[alert.id], came["/light.hall"]) == (told, done)
    assert alert.state == "sent"
    assert ended(store).state == state


def revive(folder: Path, sink: Receiver, store: Store, now: int) -> None:
    """Do in this process what the next one would."""
    hook = f"webhook+http://secret@127.0.0.1:{sink.port}/told"
    notifier = Notifier(store, Settings(folder, channels={"phone_maya": hook}))
    notifier.receive(make_firing(), now=NOON)
    Actor(store, lambda command: put(sink, command)).act(now)
    notifier.deliver(now)


def put(sink: Receiver, command: Command) -> None:
    httpx.post(f"{sink.url}/{command.device}", content=b"").raise_for_status()


def ended(store: Store) -> Deed:
    deed = store.deeds("maple", ["asking", "waiting", "sending", "done", "failed", "unsure", "expired", "refused"])
    return deed[0]
