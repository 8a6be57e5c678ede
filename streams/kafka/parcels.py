"""What a worker says to topics: firings, the last put of each rule, and what could not be used."""

from __future__ import annotations

from rules.failure import Failure
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
    return Parcel(names.dead, said.key, said.value, None, (*_dead(where), *said.headers))


def failure_letter(names: Names, failure: Failure) -> Parcel:
    """Return what is kept of a fault of the engine: the record that it was about, if it was about one, and the rule."""
    about = {"reason": failure.code, "problem": str(failure), "home": failure.home, "rule": failure.rule or ""}
    value = None if failure.record is None else encode(failure.record)
    return Parcel(names.dead, failure.home.encode(), value, None, _dead(about))


def _dead(about: dict[str, str]) -> tuple[Header, ...]:
    return tuple((f"dead_{name}", value.encode()) for name, value in about.items())
