"""A household for stories: `serve` as it is, with its ticks, its outbox and its pushes, by a clock that the story moves.

Three things stand in for what a test cannot have. The minute's tick of the machine's clock: `Household.pass_by` moves the
clock and wakes the runtime. What looks at the camera: `Watching` reports what the story says that it saw. And the browser's
own push service, which is far away: `KEPT` gives the browser a subscription at a service of this machine, with keys that
the story knows, and what is pushed there is decrypted (RFC 8291) and handed to our worker as a browser would.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import cv2

from proactive.cameras import Glimpses
from proactive.notify.channel import WEBPUSH, Channels
from proactive.notify.notifier import Notifier
from proactive.notify.webpush import WebPush
from proactive.pictures import place_of
from proactive.serving import Serving
from proactive.settings import Settings
from proactive.store import Store
from proactive.web.server import address_of, listen
from rules.record import Kind, Record
from rules.units import instant
from streams.embedded import Embedded
from streams.runtime import Runtime
from streams.source import Command, Deliver, NotMine
from tests.proactive.notify.receivers import Receiver, receiving
from tests.proactive.web.conftest import HandClock
from tests.proactive.web.glimpses import kitchen
from vision.detection import Detection, detections_of
from vision.frame import Frame
from vision.live.glimpse import glimpse_of

CAMERA = "cam.kitchen_camera"  # as the pages call what is listed as "kitchen camera"
PATIENCE = 20.0  # seconds for what the background has to do; it takes one or two
# As `SUBSCRIBES` of the pushes, but it outlives a page, as the browser's own subscription does.
KEPT = """(given) => {
  const made = () => localStorage.subscribed && { ...given, toJSON: () => given,
    unsubscribe: async () => { delete localStorage.subscribed; return true; } };
  PushManager.prototype.subscribe = async () => { localStorage.subscribed = "yes"; return made(); };
  PushManager.prototype.getSubscription = async () => made() || null;
}"""


class Watching:
    """What looks at the camera: it reports what the story says that it saw."""

    def __init__(self) -> None:
        self.deliver: Deliver | None = None

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        self.deliver = deliver
        stop.wait()

    def send(self, command: Command) -> None:
        raise NotMine(f"a camera takes no {command}")


@dataclass
class Household:
    """`serve` as it runs, and what the story moves: the clock, and what the camera sees."""

    serving: Serving
    settings: Settings
    address: str
    clock: HandClock
    service: Receiver
    glimpses: Glimpses
    camera: Watching
    runtime: Embedded
    count: int = field(default=0)

    @property
    def store(self) -> Store:
        return self.serving.store

    @property
    def home(self) -> str:
        return self.store.home_ids()[0]

    def until(self, when: str) -> None:
        """Let time pass until then: `until("2026-03-09T12:00:05-05:00")`."""
        self.clock.now = datetime.fromisoformat(when)
        self.runtime.wake()

    def report(self, type: Kind, subject: str | None = None, **data: object) -> None:
        """Let the camera report something of now."""
        self.count += 1
        record = Record(
            id=f"r{self.count}", type=type, time=self.clock(), source=CAMERA, subject=subject, home=self.home,
            data=data,
        )  # fmt: skip
        assert self.camera.deliver is not None
        self.camera.deliver([record])

    def eat(self) -> None:
        """Let Daisy be seen eating now, with a picture that is kept."""
        name = f"{place_of(self.home, 'cam.kitchen_camera')}/meal-{self.count}.jpg"
        path = self.settings.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cv2.imencode(".jpg", kitchen())[1].tobytes())
        seen = {"label": "dog", "activity": "eating", "zone": "food_bowl", "confidence": 0.9}
        self.report("detection", "pet.daisy", **seen, snapshot=name)

    def look(self, *found: Detection) -> None:
        """Let the camera have a picture of now."""
        frame = Frame(kitchen(), self.clock(), CAMERA)
        self.glimpses.put(glimpse_of(self.home, frame, detections_of(found)))

    def wait(self, what: Callable[[], object]) -> None:
        """Wait until the background has done something."""
        ends, tick = monotonic() + PATIENCE, threading.Event()
        while not what():
            assert monotonic() < ends, "the background did not do it"
            tick.wait(0.05)


@contextmanager
def living(settings: Settings, clock: HandClock) -> Iterator[Household]:
    """Run `serve` on a data folder while the block runs."""
    camera, glimpses, started = Watching(), Glimpses(), threading.Event()
    listening, found = listen("127.0.0.1", 0), list[Embedded]()
    push = WebPush(settings, lambda: instant(clock()))

    def ready(runtime: Runtime) -> None:
        assert isinstance(runtime, Embedded)
        found.append(runtime)
        started.set()

    with receiving() as service, Store(settings.database_url) as store:
        notifier = Notifier(store, settings, Channels(made={WEBPUSH: push}))
        serving = Serving(store, settings, [camera], None, notifier, listening, glimpses, clock=clock)
        thread = threading.Thread(target=serving.serve, args=(ready,), name="serve")
        thread.start()
        try:
            assert started.wait(PATIENCE)
            yield Household(serving, settings, address_of(listening), clock, service, glimpses, camera, found[0])
        finally:
            serving.stop.set()
            thread.join()
