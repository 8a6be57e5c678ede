"""Firings from their topic, handed on until somebody has taken them.

Several readers of one group share the partitions. What was handed on is committed afterwards, so a firing comes at least
once, and again after a crash in between: whoever takes it knows it by its id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from rules.firing import Firing, Verdict
from rules.problem import InputError, Problem
from rules.record import BROKEN
from rules.units import instant
from streams.kafka.topics import Names

if TYPE_CHECKING:
    from kafka import KafkaConsumer

GROUP = "notify"
AT_ONCE = 500
AGAIN = 1.0  # seconds before what failed is tried again
_LOOK = 500  # milliseconds between two looks at whether to stop
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


class FiringReader:
    """Reads the topic of firings as a member of the group `GROUP` of this installation."""

    def __init__(self, servers: Sequence[str], names: Names, session: float = 15.0, **options: Any) -> None:
        self._servers, self._names, self._session, self._options = list(servers), names, session, options

    def run(self, take: Take, stop: threading.Event) -> None:
        """Hand firings to `take` until `stop` is set; what it raises for comes again, and so does all after it."""
        from kafka.errors import KafkaError

        while not stop.is_set():
            try:
                self._read(take, stop)
            except (KafkaError, OSError, RuntimeError) as error:
                _log.warning("Firings cannot be read (%s: %s); trying again.", type(error).__name__, error)
                stop.wait(AGAIN)

    def _read(self, take: Take, stop: threading.Event) -> None:
        consumer = self._open()
        try:
            while not stop.is_set():
                batch = consumer.poll(timeout_ms=_LOOK, max_records=AT_ONCE)
                if batch and not _taken([each for part in batch.values() for each in part], take):
                    return  # uncommitted, so they come again with the next connection
                if batch:
                    consumer.commit()
        finally:
            consumer.close(autocommit=False)
            if not stop.is_set():
                stop.wait(AGAIN)

    def _open(self) -> KafkaConsumer:
        from kafka import KafkaConsumer

        milliseconds = int(self._session * 1000)
        return KafkaConsumer(
            self._names.firings,
            bootstrap_servers=self._servers,
            group_id=f"{self._names.prefix}-{GROUP}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=milliseconds,
            heartbeat_interval_ms=milliseconds // 5,
            **self._options,
        )


def _taken(messages: Sequence[Any], take: Take) -> bool:
    try:
        take(_sound(messages))
    except Exception:  # noqa: BLE001  whatever the receiver does, no firing is lost
        _log.exception("%d firings could not be handed on; they come again.", len(messages))
        return False
    return True


def _sound(messages: Sequence[Any]) -> list[Firing]:
    firings = []
    for message in messages:
        try:
            firings.append(read_firing(message.value))
        except InputError as error:
            _log.error("%s/%d at %d is not used: %s", message.topic, message.partition, message.offset, error)
    return firings
