"""What is posted over HTTP, as records: one, a list, lines, and CloudEvents in its three modes.

CloudEvents are read as the HTTP protocol binding of version 1.0 says: structured (the event is the body), batched (a list
of events is), and binary (attributes are `ce-` headers, the body is `data`). A record is an event with the extension `home`.
Each entry is read by itself: what is wrong with one is said of that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from rules.problem import InputError, Problem
from rules.record import BROKEN, MAX_LINE, Record, decode
from streams.changes import read_put

JSON = "application/json"
LINES = ("application/x-ndjson", "application/jsonl", "application/jsonlines")
EVENT, EVENTS = "application/cloudevents+json", "application/cloudevents-batch+json"
KINDS = (JSON, *LINES, EVENT, EVENTS)
PREFIX = "ce-"
MOST = 10_000  # records of one body

Entry = Record | Problem
_BOM = b"\xef\xbb\xbf"


class UnknownKind(Exception):
    """Say that a body is of a media type that holds no records."""


def read_posted(headers: Mapping[str, str], body: bytes) -> list[Entry]:
    """Return each entry of a body as its record, or what is wrong with it.

    `headers` are those of the request, by lower-case names. Raise UnknownKind for another media type, InputError for a
    body that cannot be read at all or has too many entries.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == EVENTS:
        return [_event(text) for text in _list(body)]
    if kind == EVENT:
        return [_event(body)]
    if any(name.startswith(PREFIX) for name in headers):
        return [_binary(headers, kind, body)]
    if kind in LINES:
        return [_entry(line) for line in _few(_lines(body))]
    if kind == JSON:
        return [_entry(text) for text in (_list(body) if _starts_list(body) else [body])]
    raise UnknownKind(kind)


def _starts_list(body: bytes) -> bool:
    return body.lstrip(b" \t\r\n")[:1] == b"["


def _list(body: bytes) -> list[bytes]:
    """Return the JSON text of each entry of a list. Raise InputError where the body is none."""
    try:
        return _few([bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])])
    except BROKEN as error:
        message = f"expected a JSON list of records, found what cannot be read: {error}."
        raise InputError([Problem("not_json", "", message)]) from error


def _lines(body: bytes) -> list[bytes]:
    lines = (line.strip() for line in body.removeprefix(_BOM).split(b"\n"))
    return [line for line in lines if line]


def _few(entries: list[bytes]) -> list[bytes]:
    if len(entries) > MOST:
        message = f"expected at most {MOST:,} records at once, found {len(entries):,}."
        raise InputError([Problem("too_many", "", message, "Send them in several requests.")])
    return entries


def _entry(text: bytes) -> Entry:
    """Return the record of a JSON text, or what is wrong with it."""
    if len(text) > MAX_LINE:
        return Problem("too_long", "", f"expected a record of at most {MAX_LINE:,} bytes, found {len(text):,}.")
    try:
        record = decode(text)
        if record.type == "rule.put":
            read_put(record)
    except InputError as error:
        return error.problems[0]
    return record


def _event(text: bytes) -> Entry:
    """Return the record of a CloudEvent in JSON, or what is wrong with it."""
    try:
        event = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except BROKEN as error:
        return Problem("not_json", "", f"expected a CloudEvent as a JSON object: {error}.")
    if "data_base64" in event:
        return Problem("not_json_data", "data_base64", "expected data as JSON, found base64.", "Send it as 'data'.")
    version = event.get("specversion")
    if version is None or bytes(version) != b'"1.0"':
        found = "none" if version is None else bytes(version).decode("utf-8", "replace")
        return Problem("bad_specversion", "specversion", f"expected '1.0', found {found}.")
    return _entry(text)


def _binary(headers: Mapping[str, str], kind: str, body: bytes) -> Entry:
    """Return the record of a CloudEvent whose attributes are headers, or what is wrong with it."""
    if kind not in ("", JSON) and not kind.endswith("+json"):
        raise UnknownKind(kind)
    names = (name for name in headers if name.startswith(PREFIX))
    event: dict[str, Any] = {name.removeprefix(PREFIX): unquote(headers[name]) for name in names}
    try:
        event["data"] = msgspec.json.decode(body) if body.strip() else {}
    except BROKEN as error:
        return Problem("not_json", "data", f"expected data as JSON: {error}.")
    return _event(msgspec.json.encode(event))
