"""Records as Kafka messages and back, by the CloudEvents Kafka binding; the key is the home.

Written in structured mode: the value is the record's JSON line, as in a file of records, with one header that says so.
In binary mode each attribute would be a header of its own, which costs four times as much to write and to read, and
whoever looks at the topic sees half a record. Both are read. (https://github.com/cloudevents/spec, kafka-protocol-binding)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from rules.problem import InputError, Problem
from rules.record import BROKEN, Record, decode, encode, from_json

Header = tuple[str, bytes]
CONTENT_TYPE = "content-type"
STRUCTURED = b"application/cloudevents+json; charset=UTF-8"
HEADERS: tuple[Header, ...] = ((CONTENT_TYPE, STRUCTURED),)
_ATTRIBUTE = "ce_"


class Message(NamedTuple):
    """What a producer is given for a record. A tick for every home has no key: it goes to each partition by number."""

    key: bytes | None
    value: bytes
    headers: tuple[Header, ...] = HEADERS


def to_message(record: Record) -> Message:
    """Return the message of a record, in structured mode."""
    return Message(None if record.home is None else record.home.encode(), encode(record))


def from_message(key: bytes | None, value: bytes | None, headers: Sequence[Header] = ()) -> Record:
    """Return the record of a message in either mode; without headers the value is read as a record's JSON line.

    Raise InputError for what is no record, and for one under another key than its home: it would be in a partition
    whose worker does not know the home.
    """
    if value is None:
        raise InputError([Problem("no_value", "value", "expected a record, found a message without a value.")])
    record = decode(value) if not headers or headers[0][1] == STRUCTURED else _of_either_mode(value, headers)
    if key is not None and key != (record.home or "").encode():
        message = f"expected the home {record.home!r}, found {key.decode(errors='replace')!r}."
        raise InputError([Problem("other_key", "key", message, "The key of a record is its home.")])
    return record


def _of_either_mode(value: bytes, headers: Sequence[Header]) -> Record:
    names = {name.lower(): content for name, content in headers}
    content = names.get(CONTENT_TYPE, b"").lower()
    if content.startswith(b"application/cloudevents") and not content.startswith(b"application/cloudevents+json"):
        found = content.decode(errors="replace")
        message = f"expected 'application/cloudevents+json', found {found!r}."
        raise InputError([Problem("unknown_format", CONTENT_TYPE, message)])
    structured = content.startswith(b"application/cloudevents") or f"{_ATTRIBUTE}id" not in names
    return decode(value) if structured else _of_binary(value, names)


def _of_binary(value: bytes, names: dict[str, bytes]) -> Record:
    """Return the record whose attributes are headers and whose data is the value."""
    try:
        attributes: dict[str, Any] = {
            name.removeprefix(_ATTRIBUTE): content.decode()
            for name, content in names.items()
            if name.startswith(_ATTRIBUTE)
        }
        attributes["data"] = msgspec.json.decode(value) if value else {}
    except BROKEN as error:
        raise InputError([Problem("not_json", "value", f"expected the data as a JSON object: {error}.")]) from error
    return from_json(attributes)
