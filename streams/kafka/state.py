"""The rows that a worker's table keeps: one a home with its engine, one a partition that says where to go on."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import msgspec

T = TypeVar("T")


class Place(NamedTuple):
    """A place in a partition: an offset, and the fingerprint of what stands there; empty where nobody knows it."""

    offset: int
    fingerprint: str = ""


class HomeRow(msgspec.Struct, frozen=True, array_like=True):
    """A home's state after the record at `offset`, when the greatest tick was `ticked`; `engine` is the engine's snapshot.

    `listed` are the cameras and devices that the home listed then; None in rows that do not tell.
    """

    offset: int
    ticked: int | None
    engine: bytes
    listed: tuple[str, ...] | None = None


class ShardRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where the fold of a partition goes on: after `offset`, where what has the `fingerprint` stands.

    `ticked` is the greatest tick for every home until there. `homes` has the offset that each home's row was made at,
    `failed` the homes that are folded no more, and where.
    """

    offset: int
    fingerprint: str = ""
    ticked: int | None = None
    homes: dict[str, int] = {}
    failed: dict[str, int] = {}


def home_key(home: str) -> str:
    """Return the key of a home's row."""
    return f"home/{home}"


def shard_key(partition: int) -> str:
    """Return the key of a partition's row."""
    return f"partition/{partition}"


def read_home(body: bytes | None) -> HomeRow | None:
    """Return a home's row, or None where there is none that can be read."""
    return _read(body, HomeRow)


def read_shard(body: bytes | None) -> ShardRow | None:
    """Return a partition's row, or None where there is none that can be read."""
    return _read(body, ShardRow)


def _read(body: bytes | None, kind: type[T]) -> T | None:
    if body is None:
        return None
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except msgspec.MsgspecError:
        return None
