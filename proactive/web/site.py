"""The site: what every route is handed. One value, made by whoever serves, held by the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from proactive import clock
from proactive.cameras import Glimpses
from proactive.clip_trial import Trials
from proactive.error import ProactiveError
from proactive.intake import Intake
from proactive.language.request import Reader
from proactive.settings import Settings
from proactive.store import Store
from proactive.voice.voice import Voice, no_voice
from streams.bucket import Buckets
from streams.runtime import Runtime
from streams.source import Command, SourceError, Standing

if TYPE_CHECKING:
    from vision.detector import Detector

REQUESTS_A_SECOND, REQUESTS_AT_ONCE = 50.0, 200.0  # of one caller
RECORDS_A_SECOND, RECORDS_AT_ONCE = 2_000.0, 50_000.0  # that one caller hands in
WORDS_A_SECOND, WORDS_AT_ONCE = 1.0, 30.0  # things that one person says, each of which may keep a language model busy


def _request_buckets() -> Buckets:
    return Buckets(REQUESTS_A_SECOND, REQUESTS_AT_ONCE)


def _record_buckets() -> Buckets:
    return Buckets(RECORDS_A_SECOND, RECORDS_AT_ONCE)


def _local() -> Reader:
    from proactive.language.reader import load_reader

    return load_reader()


def _nothing_runs(command: Command) -> None:
    raise SourceError(f"no source that runs here knows {command.device}")


def _no_detector() -> Detector:
    raise ProactiveError("Nothing looks at pictures here.")


def _word_buckets() -> Buckets:
    return Buckets(WORDS_A_SECOND, WORDS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that routes use.

    `intake` takes records. `look` brings the log in line with the store at once: call it after a change. `local_token` is known to whoever may read
    the data folder. `glimpses` are the newest pictures of the cameras. `now` is the clock, in microseconds. `requests` says how often one caller may ask, and `records` how
    many records it may hand in; `words` how often one person may say something. `reader` returns who reads what people say; `send` hands a command to its device, or raises SourceError.
    `detector` returns what finds animals in photos, or raises InputError, NotInstalled or ProactiveError; `trials` look at clips.
    `standings` says how the sources are doing.
    `voice` hears and reads aloud.
    """

    settings: Settings
    store: Store
    runtime: Runtime
    intake: Intake
    look: Callable[[], None]
    local_token: str | None = None
    now: Callable[[], int] = clock.now
    glimpses: Glimpses = field(default_factory=Glimpses)
    requests: Buckets = field(default_factory=_request_buckets)
    records: Buckets = field(default_factory=_record_buckets)
    words: Buckets = field(default_factory=_word_buckets)
    reader: Callable[[], Reader] = _local
    send: Callable[[Command], None] = _nothing_runs
    detector: Callable[[], Detector] = _no_detector
    trials: Trials = field(default_factory=Trials)
    standings: Callable[[], Sequence[Standing]] = tuple
    voice: Voice = field(default_factory=no_voice)


def _site(connection: HTTPConnection) -> Site:
    site: Site = connection.app.state.site
    return site


Here = Annotated[Site, Depends(_site)]
