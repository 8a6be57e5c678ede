"""The archive: the topic of records, copied into an embedded log, so that what happened can be asked for by home and time.

Workers fold the topic and need none of this. Whoever answers questions, looks for the evidence of a firing or puts a rule
with the past that it rests on reads the log. What comes twice is appended once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Sequence
from typing import Any

from rules.problem import InputError
from rules.record import Record
from rules.units import MINUTE, instant
from streams.kafka.binding import from_message
from streams.log import Log

_log = logging.getLogger(__name__)


class Archive:
    """Appends the records of some homes to a log: `take` is what a reader of the topic hands messages to."""

    def __init__(self, log: Log, homes: Callable[[], Container[str]]) -> None:
        self._log, self._homes = log, homes
        self._ticked = log.last_tick() or 0

    def take(self, messages: Sequence[Any]) -> None:
        """Append what is new of the messages. Raise LogError when it cannot be kept."""
        homes = self._homes()
        records = [record for message in messages if (record := _record(message)) is not None]
        kept = [record for record in records if self._is_kept(record, homes)]
        if kept:
            self._log.append(kept)

    def _is_kept(self, record: Record, homes: Container[str]) -> bool:
        """Tell whether a record is of these homes. Of ticks one a minute is enough: each partition has its own."""
        if record.type != "tick":
            return record.home in homes
        time = instant(record.time)
        if record.home is not None or time < self._ticked + MINUTE:
            return False
        self._ticked = time
        return True


def _record(message: Any) -> Record | None:
    try:
        return from_message(message.key, message.value, message.headers)
    except InputError:
        return None  # workers keep it aside, with the reason
