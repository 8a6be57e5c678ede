"""A source that runs in a thread, what it told, and a bridge on the broker that answers like a device."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from rules.record import Record
from streams.source import DeviceSource
from tests.streams.sources.house import told

PATIENCE = 20.0
_numbers = count()


class Told:
    """What a source told. `until` waits for what a test needs to go on."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.refuse = False
        self._more = threading.Condition()

    def deliver(self, records: Sequence[Record]) -> None:
        if self.refuse:
            raise OSError("the disk is full")
        with self._more:
            self.records += records
            self._more.notify_all()

    def until(self, holds: Callable[[list[tuple[Any, ...]]], bool]) -> list[tuple[Any, ...]]:
        """Wait until what was told fulfils this, and return it as rows."""
        with self._more:
            done = self._more.wait_for(lambda: holds(told(self.records)), PATIENCE)
            assert done, f"in {PATIENCE} s it was only told {told(self.records)[-30:]}"
            return told(self.records)

    def has(self, *row: Any) -> list[tuple[Any, ...]]:
        """Wait until a row was told."""
        return self.until(lambda rows: row in rows)

    def forget(self) -> None:
        with self._more:
            self.records.clear()


@contextmanager
def running(source: DeviceSource) -> Iterator[Told]:
    """Run a source while the block runs."""
    heard, stop = Told(), threading.Event()
    thread = threading.Thread(target=source.run, args=(heard.deliver, stop), daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        began = time.monotonic()
        thread.join(10)
        assert not thread.is_alive()
        assert time.monotonic() - began < 1.5


class Bridge:
    """Publishes to a broker, and answers what is published to it."""

    def __init__(self, port: int) -> None:
        self.got: list[tuple[str, Any]] = []
        self._answers: dict[str, tuple[str, Any]] = {}
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"bridge-{next(_numbers)}")
        self._client.on_message = self._hear
        self._ready = threading.Event()
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def publish(self, topic: str, payload: Any, *, retain: bool = False) -> None:
        text = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        self._client.publish(topic, text, qos=1, retain=retain).wait_for_publish(10)

    def flood(self, topic: str, payload: bytes, count: int) -> None:
        for _ in range(count):
            self._client.publish(topic, payload, qos=0)

    def answer(self, topic: str, with_: str, payload: Any) -> None:
        """Publish something whenever something comes on a topic."""
        known = topic in self._answers
        self._answers[topic] = (with_, payload)
        if known:
            return
        self._ready.clear()
        self._client.subscribe(topic, 1)
        assert self._ready.wait(10)

    def _hear(self, _client: Any, _data: Any, message: Any) -> None:
        self.got.append((message.topic, json.loads(message.payload)))
        topic, payload = self._answers[message.topic]
        if topic:
            self._client.publish(topic, json.dumps(payload), qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
