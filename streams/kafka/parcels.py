"""What a worker says to topics: firings, the last put of each rule, and what could not be used."""

from __future__ import annotations

from rules.firing import Firing
from rules.problem import Problem
from rules.record import Record, encode
from streams.kafka.binding import CONTENT_TYPE, HEADERS, Header
from streams.kafka.outlet import Parcel
from streams.kafka.stretch import Said
from streams.kafka.topics import Names

JSON: tuple[Header, ...] = ((CONTENT_TYPE, b"application/json; charset=UTF-8"),)


def firing_parcel(names: Names, partition: int, firing: Firing) -> Parcel:
    """Return a firing's message: its JSON, in the partition of its home's records."""
    return Parcel(names.firings, firing.home.encode(), firing.encode(), partition, JSON)


def rule_parcel(names: Names, partition: int, change: Record) -> Parcel:
    """Return what the topic of rules keeps of a put or a drop: the put without its history, or nothing more."""
    dropped = change.type == "rule.drop"
    rule = str(change.data["rule"] if dropped else change.data["rule"]["id"])
    key = f"{change.home}/{rule}".encode()
    if dropped:
        return Parcel(names.rules, key, None, partition)
    short = Record(
        id=change.id, type=change.type, time=change.time, home=change.home, data={"rule": change.data["rule"]}
    )
    return Parcel(names.rules, key, encode(short), partition, HEADERS)


def dead_letter(names: Names, partition: int, said: Said, problem: Problem) -> Parcel:
    """Return what is kept of a message that was not used: the message, why, and where it stood."""
    where = {
        "reason": problem.code,
        "problem": str(problem),
        "topic": names.records,
        "partition": str(partition),
        "offset": str(said.offset),
    }
    headers = tuple((f"dead_{name}", value.encode()) for name, value in where.items())
    return Parcel(names.dead, said.key, said.value, None, (*headers, *said.headers))
