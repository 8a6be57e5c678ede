"""What stands on the topic of records, taken for a record or refused: the same whoever reads it, and whenever."""

from __future__ import annotations

from rules.problem import InputError, Problem
from rules.record import Record
from rules.units import MINUTE, SECOND, instant
from streams.changes import read_put
from streams.kafka.binding import from_message
from streams.kafka.stretch import Said

AHEAD = MINUTE  # how far ahead of Kafka's clock a record may be


def take(said: Said) -> Record:
    """Return the record of a message. Raise InputError for what is none, for a time yet to come, and a rule that is none.

    The clock is the one that stamped the message, so that a replay refuses what was refused.
    """
    record = from_message(said.key, said.value, said.headers)
    if instant(record.time) > said.timestamp + AHEAD:
        message = f"expected a time up to {AHEAD // SECOND} s ahead of Kafka's clock, found {record.time.isoformat()}."
        raise InputError([Problem("ahead_of_clock", "time", message, "Check the clock of the source.")])
    if record.type == "rule.put":
        read_put(record)
    return record
