"""Heartbeats: an edge says that it lives, what it feeds, and up to when everything it was told is with the broker."""

from __future__ import annotations

import msgspec

from rules.problem import InputError, Problem
from rules.record import BROKEN
from streams.kafka.producer import Sent
from streams.kafka.topics import Names

EVERY = 1.0  # seconds
LATENESS = 2.0  # seconds that a record may take from its happening to the edge
PATIENCE = 10.0  # seconds without a heartbeat after which an edge is taken for dead


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge says of one home; times are microseconds since the epoch, by the edge's clock.

    What happened before `until` and was told to the edge is in the log. `since` is from when it has watched without a
    break. `sources` are those that it feeds and that are online, each with the time of its last record.

    The rest says how the edge is doing, for all its homes: the records that wait for the broker and their bytes, and how many it
    ever set aside, of which it does not keep `shed` any more.
    """

    home: str
    edge: str
    until: int
    since: int
    sources: dict[str, int] = {}
    waiting: int = 0
    bytes: int = 0
    aside: int = 0
    shed: int = 0


def watched(until: int, told: int, now: int) -> int:
    """Return up to when a source was watched whose edge vouches until then: what it told last, it told while somebody watched.

    A time yet to come was told by a clock that is wrong.
    """
    return max(until, told + 1 if told < now else 0)


_decoder = msgspec.json.Decoder(Heartbeat)


def to_message(names: Names, beat: Heartbeat, partition: int) -> Sent:
    """Return the message of a heartbeat, for the partition of its home. Only the last of each edge is kept."""
    return Sent(names.heartbeats, msgspec.json.encode(beat), key_of(beat.home, beat.edge), partition, ())


def from_message(value: bytes) -> Heartbeat:
    """Return the heartbeat of a message. Raise InputError for what is none."""
    try:
        return _decoder.decode(value)
    except BROKEN as error:
        raise InputError([Problem("not_a_heartbeat", "value", f"expected a heartbeat: {error}.")]) from error


def key_of(home: str, edge: str) -> bytes:
    """Return the key of an edge's heartbeats about a home."""
    return f"{home}/{edge}".encode()


def edge_of(key: bytes) -> tuple[str, str]:
    """Return the home and the edge of a key."""
    home, _, edge = key.decode().rpartition("/")
    return home, edge
