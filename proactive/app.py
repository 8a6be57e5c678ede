"""The one place that picks the real parts: which store, log, runtime, detector, channels and language model are used.

Everything else is handed what it needs. What is heavy is imported by the function that picks it, so that a command which
only reads the store loads no camera library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from proactive import clock
from proactive.error import ProactiveError
from proactive.settings import ModelRole, Settings

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path
    from socket import socket

    from proactive.cameras import Glimpses
    from proactive.intake import Intake
    from proactive.language.answerer.answerer import Answerer
    from proactive.language.model import LanguageModel, Usage
    from proactive.language.request import Reader
    from proactive.notify.notifier import Notifier
    from proactive.notify.sender import Publish
    from proactive.store import Store
    from proactive.tls.secured import Secured
    from proactive.working import KnownHomes
    from rules.firing import Firing
    from rules.home import Home
    from streams.embedded import Clock, Embedded
    from streams.kafka.broker import Brokers
    from streams.kafka.edge import Edge
    from streams.kafka.remote import Remote
    from streams.kafka.worker import Worker
    from streams.log import Log
    from streams.runtime import Runtime
    from streams.source import DeviceSource
    from vision.detection import Detection
    from vision.detector import Detector
    from vision.frame import Frame
    from vision.scene import Snapshot


def open_store(settings: Settings) -> Store:
    """Open the personal-context store: SQLite in the data folder, or the database that is configured."""
    from proactive.store import Store

    return Store.open(settings)


def open_log(settings: Settings) -> Log:
    """Open the embedded log of records. One process at a time: hold `DataLock`. Raise LogError."""
    from streams.log import Log

    return Log(settings.log)


def open_runtime(
    log: Log,
    homes: Iterable[Home],
    on_firings: Callable[[Sequence[Firing]], None] | None = None,
    clock: Clock | None = None,
) -> Embedded:
    """Return the embedded runtime on a log, not started: on this machine's clock, or on one that is moved by hand.

    Without `on_firings` firings stay in the log until a runtime that has it hands them on.
    """
    from streams.embedded import LAPSE, Embedded, system_clock

    if clock is not None:
        return Embedded(log, homes, clock=clock, on_firings=on_firings, lapse=None)
    return Embedded(log, homes, clock=system_clock, on_firings=on_firings, lapse=LAPSE)


def kafka_brokers(settings: Settings) -> Brokers:
    """Return the brokers that are configured. Raise InputError where none is, or what is set of them cannot be."""
    from rules.problem import InputError, Problem
    from streams.kafka.broker import SETTING, brokers_of
    from streams.kafka.security import security_of

    if settings.kafka is None:
        hint = f"Set {SETTING}, such as {SETTING}=localhost:9092"
        raise InputError([Problem("not_set", SETTING, "expected Kafka's servers as host:port, found nothing.", hint)])
    return brokers_of(settings.kafka, security_of(settings.kafka_security))


def open_notifier(settings: Settings, store: Store, console: TextIO | None = None) -> Notifier:
    """Return what tells people through the outbox; the channel `console` writes to `console`, else to stdout."""
    from proactive.notify.channel import CONSOLE, WEBPUSH, Channel, Channels
    from proactive.notify.console import Console
    from proactive.notify.notifier import Notifier
    from proactive.notify.webpush import WebPush

    made: dict[str, Channel] = {WEBPUSH: WebPush(settings), **({CONSOLE: Console(console)} if console else {})}
    return Notifier(store, settings, Channels(made=made), _publisher(settings))


def _publisher(settings: Settings) -> Publish | None:
    """Return what puts pictures where they can be seen from outside, or None where nothing is configured."""
    if settings.picture_bucket is None:
        return None
    from proactive.notify.aws import Bucket

    return Bucket(settings.picture_bucket).publish


def open_web(
    settings: Settings,
    store: Store,
    runtime: Runtime,
    intake: Intake,
    look: Callable[[], None],
    listening: socket,
    sources: Sequence[DeviceSource] = (),
    glimpses: Glimpses | None = None,
    secured: Secured | None = None,
    now: Callable[[], int] = clock.now,
) -> AbstractContextManager[None]:
    """Return what answers at a socket while it is open, `secured` by TLS: pages and the API. `look` brings the log in line with the store.

    What people ask for at once goes to devices through `sources`; `glimpses` hold the newest pictures of the cameras; `now` is the clock.
    """
    from proactive.cameras import Glimpses
    from proactive.local import make_local_token
    from proactive.notify.actor import through
    from proactive.sources import standings
    from proactive.voice.voice import voice_of
    from proactive.web.app import make_app
    from proactive.web.server import served
    from proactive.web.site import Site

    token, pictures = make_local_token(settings.data), glimpses or Glimpses()
    # A model is loaded once, by the first who says something.
    reader = cache(lambda: load_reader(settings, store))
    detector = cache(lambda: choose_detector(settings)[1])
    site = Site(
        settings, store, runtime, intake, look, token, now, pictures, reader=reader, send=through(sources),
        detector=detector,
        standings=lambda: standings(sources),
        voice=voice_of(settings),
    )  # fmt: skip
    return served(make_app(site), listening, secured)


def open_remote(
    settings: Settings, log: Log, homes: Iterable[Home], take: Callable[[Sequence[Firing]], None] | None = None
) -> Remote:
    """Return the runtime whose deciding is left to workers on the brokers that are configured. Raise InputError, BrokerError.

    Without `take` it only says what there is to say: firings stay on their topic for whoever takes them.
    """
    from socket import gethostname

    from streams.kafka.remote import Remote
    from streams.kafka.topics import Names

    return Remote(kafka_brokers(settings), Names(settings.kafka_topics), log, homes, take, name=gethostname())


def forget_rules(settings: Settings, home: str) -> None:
    """Drop the rules of an erased home from their topic on the brokers that are configured. Raise InputError, BrokerError."""
    from streams.kafka import rulebook
    from streams.kafka.producer import Producer
    from streams.kafka.topics import Names

    with Producer(kafka_brokers(settings), patience=3.0) as producer:
        rulebook.forget_rules(producer, Names(settings.kafka_topics).rules, home, patience=3.0)


def known_homes(settings: Settings, stack: ExitStack, files: Sequence[str] = ()) -> KnownHomes:
    """Return what finds a home by its id: in files where some are given, else in the store, which the stack closes."""
    from proactive.home_file import load_homes
    from proactive.working import KnownHomes

    if files:
        listed = {home.home: home for home in load_homes(files)}
        return KnownHomes(lambda ids: [listed[id] for id in ids if id in listed])
    store = stack.enter_context(open_store(settings))
    return KnownHomes(store.export_homes, lambda: store.listings)


def open_worker(settings: Settings, homes: KnownHomes, folder: Path, *, session: float = 15.0) -> Worker:
    """Return a worker on the brokers that are configured, not running; `folder` is its own. Raise InputError, BrokerError."""
    from streams.kafka.topics import Names
    from streams.kafka.worker import Options, Worker

    try:
        options = Options(kafka_brokers(settings), Names(settings.kafka_topics), folder, session=session)
        return Worker(options, homes, find_news=homes.news)
    except ImportError as error:
        raise ProactiveError(f"A worker needs {error.name}. Install it with: pip install 'proactive[kafka]'") from error


@contextmanager
def open_edge(settings: Settings, name: str, folder: Path, watched: Iterable[Home] = ()) -> Iterator[Edge]:
    """Yield an edge to the brokers that are configured, not running; it feeds the cameras of `watched` from the start.

    Raise InputError where no broker is configured, ProactiveError where a package is missing.
    """
    if find_spec("kafka") is None:
        raise ProactiveError("An edge needs kafka-python. Install it with: pip install 'proactive[kafka]'")
    from streams.kafka.buffer import Buffer
    from streams.kafka.edge import Edge
    from streams.kafka.producer import Producer
    from streams.kafka.topics import Names

    feeds = [(home.home, camera.id) for home in watched for camera in home.cameras if camera.url]
    with Producer(kafka_brokers(settings), patience=3.0) as producer, Buffer(folder / "buffer.db") as buffer:
        yield Edge(name, buffer, producer, Names(settings.kafka_topics), feeds=feeds)


def load_reader(settings: Settings, store: Store | None = None) -> Reader:
    """Return who reads requests: the language models of the roles that have one, else `local`. Raise InputError for an unknown one.

    What a model uses is added to the sums of the store under its role, where one is given.
    """
    from proactive.language.reader import reader_of

    compiler, router, answerer = (
        load_language_model(settings, "compiler", store),
        load_language_model(settings, "router", store),
        load_language_model(settings, "answerer", store),
    )
    return reader_of(compiler, settings.llm_options, router, answerer)


def load_answerer(settings: Settings, store: Store | None = None) -> Answerer | None:
    """Return who reads questions that `local` cannot, or None where no language model is set. Raise InputError for an unknown one."""
    from proactive.language.reader import answerer_of

    return answerer_of(load_language_model(settings, "answerer", store), settings.llm_options)


def load_language_model(settings: Settings, role: ModelRole, store: Store | None = None) -> LanguageModel | None:
    """Return the language model of a role, or None where none is configured.

    What it uses is added to the sums of the store, where one is given. Raise InputError for an unknown one.
    """
    from proactive.language.backends.meter import Metered, read_prices
    from proactive.language.model import load_model
    from proactive.usage import spent

    setting = settings.model(role)
    if setting is None or setting == "local":
        return None

    def record(usage: Usage, failed: bool) -> None:
        if store is not None:
            store.spend(spent(usage, role, failed=failed, now=clock.now()))

    prices = read_prices(settings.llm_prices)
    return load_model(setting, settings, lambda model: Metered(model, prices, record))


def choose_detector(settings: Settings, name: str | None = None) -> tuple[str, Detector]:
    """Return the detector and its name: the one named, else the configured one, the configured model's, or the wheel's.

    Raise InputError for an unknown name or model, NotInstalled or ProactiveError where a package is missing.
    """
    from proactive.weights import detector_model, keep_inside

    try:
        from vision.detector import choose_detector, load_detector
    except ImportError as error:
        raise ProactiveError(f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'") from error
    model = detector_model(settings)
    chosen = name or settings.detector or choose_detector(model)
    keep_inside(settings)
    return chosen, load_detector(chosen, model)


def open_pictures(settings: Settings, home: Home) -> Snapshot:
    """Return what keeps pictures in the data folder, under names from the data folder: where the notifier looks."""
    from proactive.pictures import place_of
    from vision.snapshot import SnapshotFolder

    def keep(frame: Frame, marked: Detection, episode: str) -> str:
        place = place_of(home.home, frame.camera)
        return f"{place}/{SnapshotFolder(settings.data / place, ZoneInfo(home.time_zone))(frame, marked, episode)}"

    return keep
