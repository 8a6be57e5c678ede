"""Firings from their topic, handed on until somebody has taken them.

A firing comes at least once, and again after a crash: whoever takes it knows it by its id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from rules.firing import Firing, Verdict
from rules.problem import InputError, Problem
from rules.record import BROKEN
from rules.units import instant
from streams.kafka.broker import Brokers
from streams.kafka.reader import GroupReader
from streams.kafka.topics import Names

READERS = "notify"
_log = logging.getLogger(__name__)

Take = Callable[[Sequence[Firing]], None]


class _Json(msgspec.Struct, frozen=True, kw_only=True):
    """A firing's JSON object, as `Firing.encode` writes it."""

    id: str
    occurrence: str
    rule: str
    home: str
    time: datetime
    verdict: Verdict
    evidence: tuple[str, ...] = ()
    pattern: int | None = None
    coverage: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(_Json)


def read_firing(value: bytes | None) -> Firing:
    """Return the firing of its JSON. Raise InputError for what is none."""
    try:
        read = _decoder.decode(value or b"")
    except BROKEN as error:
        raise InputError([Problem("not_a_firing", "value", f"expected a firing: {error}.")]) from error
    fields = {name: getattr(read, name) for name in _Json.__struct_fields__}
    return Firing(**(fields | {"time": instant(read.time)}))


@dataclass(frozen=True, slots=True)
class FiringReader:
    """Reads the topic of firings; several of one installation share its partitions. `options` are kafka-python's own."""

    brokers: Brokers
    names: Names
    session: float = 15.0
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, take: Take, stop: threading.Event) -> None:
        """Hand firings to `take` until `stop` is set; what it raises for comes again, and so does all after it."""
        group = f"{self.names.prefix}-{READERS}"
        reader = GroupReader(self.brokers, self.names.firings, group, self.session, self.options)
        reader.run(lambda messages: take(_sound(messages)), stop)


def _sound(messages: Sequence[Any]) -> list[Firing]:
    firings = []
    for message in messages:
        try:
            firings.append(read_firing(message.value))
        except InputError as error:
            _log.error("%s/%d at %d is not used: %s", message.topic, message.partition, message.offset, error)
    return firings
