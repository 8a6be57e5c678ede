"""The port `DeviceSource`: where records come from, and how commands get back to devices.

A source's obligations are in `README.md`, and `check_source` tests them on a source of your own. Sources are found by
the entry-point group `proactive.sources`: a name, and a function that makes a source of the text after `name:`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

from rules.home import Camera, Device, Home
from rules.problem import InputError, Problem, nearest
from rules.record import Record
from rules.rule import Scalar

GROUP = "proactive.sources"
BUILT_IN = (
    EntryPoint("jsonlines", "streams.jsonlines:JsonLines", GROUP),
    EntryPoint("mqtt", "streams.sources.mqtt:plain", GROUP),
    EntryPoint("mqtts", "streams.sources.mqtt:secure", GROUP),
    EntryPoint("ha", "streams.sources.homeassistant:HomeAssistant", GROUP),
    EntryPoint("calendar", "streams.sources.calendar:CalendarSource", GROUP),
)
Deliver = Callable[[Sequence[Record]], object]


@dataclass(frozen=True, slots=True)
class Command:
    """What a device is asked to do."""

    home: str
    device: str
    command: str
    value: Scalar = None


@dataclass(frozen=True, slots=True)
class Tap:
    """What somebody answered with one tap on a notification that another system showed.

    `choice` is what the notification offered; `person` is who tapped, as far as that system tells.
    """

    choice: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source runs: the homes it may tell of, and who is told of taps."""

    homes: tuple[Home, ...] = ()
    on_tap: Callable[[Tap], object] = lambda _: None


class SourceError(Exception):
    """Say that a source cannot go on, or that a device did not take a command, and what to do."""


class NotMine(SourceError):
    """Say that a command is for a device of which a source knows nothing; another one may."""


class Unsure(SourceError):
    """Say that a command was sent and nobody can tell whether the device took it: it must not be sent again."""


@runtime_checkable
class DeviceSource(Protocol):
    """Something that reports records and may take commands."""

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Deliver records as they come, until there are no more or `stop` is set; then return within a second.

        What `deliver` returned for is kept; what it raised for is not, and must be delivered again. Raise SourceError
        when it cannot go on.
        """

    def send(self, command: Command) -> None:
        """Send a command to a device. Raise SourceError when it was not taken, Unsure when nobody can tell."""


@runtime_checkable
class Settles(Protocol):
    """A source that needs to know where it runs: it is told once, before it runs."""

    def settle(self, place: Place) -> None:
        """Take the homes to tell of. Raise InputError when it cannot tell which is meant."""


@runtime_checkable
class Discovers(Protocol):
    """A source that can say what it found that a home might list."""

    def discover(self, seconds: float) -> Sequence[Camera | Device]:
        """Listen for at most some seconds and return what is there. Raise SourceError when it cannot be reached."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source is doing: its address as people may see it, whether it is connected and else why not, when it told last.

    `unreadable` are messages that were not as they should be, `unlisted` names that it told of and the home does not list.
    """

    source: str
    connected: bool
    why: str = ""
    told: datetime | None = None
    unreadable: int = 0
    unlisted: int = 0


@runtime_checkable
class Stands(Protocol):
    """A source that can say how it is doing, for `doctor` and Prometheus. Any thread may ask."""

    def standing(self) -> Standing | None:
        """Return how it is doing, or None where it has nothing to do."""


Make = Callable[[str], DeviceSource]


def open_source(address: str, place: Place | None = None) -> DeviceSource:
    """Return the source of an address such as `jsonlines:/run/events`, at its place. Raise InputError for an unknown name."""
    name, _, rest = address.partition(":")
    name = name.lower()  # as of a URL's scheme, the case means nothing
    found = {entry.name: entry for entry in (*BUILT_IN, *entry_points(group=GROUP))}
    if name not in found:
        # The rest of an address may be a secret.
        message = f"expected one of {', '.join(sorted(found))}; found {name!r}."
        raise InputError([Problem("unknown_source", name, message, nearest(name, found))])
    make: Make = found[name].load()
    source = make(rest)
    if isinstance(source, Settles):
        source.settle(place or Place())
    return source


def check_source(make: Callable[[], DeviceSource], records: int = 1, seconds: float = 10.0) -> None:
    """Raise AssertionError unless a source keeps its obligations; `make` gives one with `records` waiting to be told.

    Checked: it is a DeviceSource; records name their home and source; what was refused is delivered again; the same
    record has the same id when a source is made anew; it returns soon after it is told to stop.
    """
    first = _Listener(refuse=1)
    first.run(make(), records, seconds)
    second = _Listener(refuse=0)
    second.run(make(), records, seconds)
    for record in first.heard:
        assert record.home and record.source, f"expected a home and a source in every record, found {record}"
    told = [{(r.id, r.time) for r in listener.heard} for listener in (first, second)]
    assert len(told[0]) >= records, f"expected {records} records after a delivery was refused, found {len(told[0])}"
    assert told[0] == told[1], "expected the same record to have the same id and time each time it is told"


class _Listener:
    """Takes deliveries for a while, the first `refuse` of them badly."""

    def __init__(self, refuse: int) -> None:
        self.heard: list[Record] = []
        self._refuse = refuse
        self._changed = threading.Event()

    def deliver(self, records: Sequence[Record]) -> None:
        if self._refuse:
            self._refuse -= 1
            raise OSError("the disk is full")
        self.heard += records
        self._changed.set()

    def run(self, source: DeviceSource, records: int, seconds: float) -> None:
        assert isinstance(source, DeviceSource), "expected the methods 'run' and 'send'"
        stop = threading.Event()
        thread = threading.Thread(target=source.run, args=(self.deliver, stop), daemon=True)
        thread.start()
        while len(self.heard) < records and thread.is_alive() and self._changed.wait(seconds):
            self._changed.clear()
        stop.set()
        thread.join(1.0)
        assert not thread.is_alive(), "expected 'run' to return within a second of being told to stop"
