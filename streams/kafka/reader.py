"""Reading a topic as a group: what was handed on is committed afterwards, so everything comes at least once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streams.kafka.broker import BrokerError, Brokers

if TYPE_CHECKING:
    from kafka import KafkaConsumer

AT_ONCE = 500
AGAIN = 1.0  # seconds before what failed is tried again
_LOOK = 300  # milliseconds between two looks at whether to stop
_log = logging.getLogger(__name__)

Take = Callable[[Sequence[Any]], None]  # kafka-python's messages have no type


@dataclass(frozen=True, slots=True)
class GroupReader:
    """Reads a topic from its oldest message, sharing its partitions with the others of `group`.

    `options` are kafka-python's own.
    """

    brokers: Brokers
    topic: str
    group: str
    session: float = 15.0  # seconds after which a reader that died is missed
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, take: Take, stop: threading.Event) -> None:
        """Hand messages to `take` until `stop` is set; what it raises for comes again, with all after it."""
        from kafka.errors import KafkaError

        while not stop.is_set():
            try:
                self._read(take, stop)
            except (BrokerError, KafkaError, OSError, RuntimeError) as error:
                _log.warning("%s cannot be read (%s: %s); trying again.", self.topic, type(error).__name__, error)
            stop.wait(AGAIN)

    def _read(self, take: Take, stop: threading.Event) -> None:
        """Read until `stop`, or until something could not be taken: it was not committed, so it comes again."""
        consumer = self._open()
        try:
            while not stop.is_set():
                batch = consumer.poll(timeout_ms=_LOOK, max_records=AT_ONCE)
                if not batch:
                    continue
                if not self._taken([message for part in batch.values() for message in part], take):
                    return
                consumer.commit()
        finally:
            consumer.close(autocommit=False)

    def _taken(self, messages: Sequence[Any], take: Take) -> bool:
        try:
            take(messages)
        except Exception:  # noqa: BLE001  whatever the receiver does, nothing is lost
            _log.exception("%d messages of %s were not taken; they come again.", len(messages), self.topic)
            return False
        return True

    def _open(self) -> KafkaConsumer:
        from kafka import KafkaConsumer

        milliseconds = int(self.session * 1000)
        return KafkaConsumer(
            self.topic,
            **self.brokers.checked(),
            group_id=self.group,
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            auto_offset_reset="earliest",
            session_timeout_ms=milliseconds,
            heartbeat_interval_ms=milliseconds // 5,
            **self.options,
        )
