"""What the tests of the web share: the real application on a loopback port, with a real store, log and runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from proactive import app
from proactive.intake import Intake
from proactive.settings import Settings
from proactive.standing import Follower
from proactive.store import Store
from proactive.token import mint
from proactive.web.app import make_app
from proactive.web.server import address_of, listen, served
from proactive.web.site import WORDS_A_SECOND, WORDS_AT_ONCE, Site
from rules.firing import Firing
from rules.home import Home
from rules.units import instant
from streams.bucket import Buckets
from streams.embedded import Embedded
from streams.log import Log
from streams.source import Command, SourceError
from tests.proactive.voice.fakes import Crier, Writer, voice_with
from vision.detection import Detection, Detections, detections_of
from vision.detector import Detector
from vision.frame import Frame

LOCAL = "the token of this machine"
MORNING = datetime.fromisoformat("2026-03-09T08:00:00-05:00")


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass: `pass_by(minutes=5)`."""
        self.now += timedelta(**time)


@dataclass
class Device:
    """What stands for every device: it keeps what it was told, or answers with its trouble."""

    told: list[Command] = field(default_factory=list)
    trouble: SourceError | None = None

    def send(self, command: Command) -> None:
        """Take a command as the source of a device does."""
        if self.trouble is not None:
            raise self.trouble
        self.told.append(command)


@dataclass
class Eyes:
    """What finds things in photos: what it is told is there, or in the story of a real picture a real detector."""

    found: list[Detection] = field(default_factory=lambda: [Detection((0.2, 0.2, 0.8, 0.8), "dog", 0.9)])
    real: Detector | None = None
    labels: frozenset[str] = frozenset({"dog", "cat"})

    def detect(self, frame: Frame) -> Detections:
        """Return what is in the frame."""
        return detections_of(self.found) if self.real is None else self.real.detect(frame)


@dataclass
class Running:
    """An application that answers at `address`, and the parts behind it."""

    address: str
    site: Site
    log: Log
    clock: HandClock
    device: Device
    eyes: Eyes
    writer: Writer
    crier: Crier

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def runtime(self) -> Embedded:
        assert isinstance(self.site.runtime, Embedded)
        return self.site.runtime

    def firings(self) -> list[Firing]:
        return list(self.log.firings())

    def token(self, *scopes: str, home: str | None = None) -> str:
        """Return a new token with some scopes."""
        token, shown = mint(f"token {len(self.store.tokens())}", scopes, now=0, home=home)
        self.store.add_token(token)
        return shown

    def client(self, *scopes: str, home: str | None = None) -> httpx.Client:
        """Return a client that shows a new token with some scopes, or none at all."""
        headers = {"Authorization": f"Bearer {self.token(*scopes, home=home)}"} if scopes else {}
        return httpx.Client(base_url=self.address, headers=headers, trust_env=False, timeout=20)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a data folder of its own."""
    return Settings(data=tmp_path)


@pytest.fixture
def running(settings: Settings, maple: Home) -> Iterator[Running]:
    """Return an application that runs, on the morning of 9 March 2026 in Chicago."""
    clock = HandClock()
    with Store(settings.database_url) as store, app.open_log(settings) as log:
        store.import_home(maple)
        runtime = app.open_runtime(log, [maple], clock=clock)
        runtime.start()
        look = Follower(store, runtime).look
        listening = listen("127.0.0.1", 0)
        device, eyes, writer, crier = Device(), Eyes(), Writer(), Crier()
        site = Site(
            settings,
            store,
            runtime,
            Intake(runtime, log),
            look,
            LOCAL,
            lambda: instant(clock.now),
            words=Buckets(WORDS_A_SECOND, WORDS_AT_ONCE, clock=lambda: clock().timestamp()),
            send=device.send,
            detector=lambda: eyes,
            voice=voice_with(writer, crier),
        )
        with served(make_app(site), listening):
            yield Running(address_of(listening), site, log, clock, device, eyes, writer, crier)


Client = Callable[..., httpx.Client]


@pytest.fixture
def writer(running: Running) -> Iterator[httpx.Client]:
    """Return a client that may hand in records."""
    with running.client("records:write") as client:
        yield client
