"""Records as Kafka messages and back."""

from __future__ import annotations

import pytest

from rules.problem import InputError
from rules.record import Record, as_json
from rules.units import moment
from streams.changes import put_record
from streams.kafka.binding import Header, from_message, to_message
from tests.streams.logs import MORNING, fed_by_noon, record, tick

RECORDS = [
    record("k-1", subject="pet.daisy"),
    record("k-2", moment(1), "state", source="cover.garage", data={"value": None, "attribute": "état"}),
    put_record(fed_by_noon(), MORNING, [record("k-0")]),
    tick(MORNING),
]

BINARY: list[Header] = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"k-1"),
    ("ce_type", b"state"),
    ("ce_source", b"cover.garage"),
    ("ce_time", b"2026-03-09T11:02:03.5Z"),
    ("ce_home", b"maple"),
    ("content-type", b"application/json"),
]


@pytest.mark.parametrize("given", RECORDS, ids=lambda given: given.type)
def test_a_record_comes_back_from_its_message(given: Record) -> None:
    key, value, headers = to_message(given)
    assert as_json(from_message(key, value, headers)) == as_json(given)


def test_the_key_of_a_message_is_the_home_and_a_tick_for_all_has_none() -> None:
    assert to_message(record("k-1")).key == b"maple"
    assert to_message(tick(MORNING)).key is None


def test_a_message_without_headers_is_read_as_a_line_of_a_log() -> None:
    assert from_message(b"maple", to_message(record("k-1")).value).id == "k-1"


def test_a_structured_message_of_another_producer_is_read() -> None:
    key, value, _ = to_message(record("k-1"))
    headers = [("ce_id", b"not looked at"), ("Content-Type", b"application/cloudevents+json")]
    assert from_message(key, value, headers).id == "k-1"


def test_a_binary_message_is_read() -> None:
    read = from_message(b"maple", b'{"value":"open"}', BINARY)
    assert (read.id, read.type, read.source, read.home) == ("k-1", "state", "cover.garage", "maple")
    assert (read.time.microsecond, read.data) == (500_000, {"value": "open"})


@pytest.mark.parametrize(
    "key, value, headers, code",
    [
        (b"maple", None, [], "no_value"),
        (b"maple", b"", [], "not_json"),
        (b"maple", b"[1", BINARY, "not_json"),
        (b"maple", b'{"value":"\xff"}', BINARY, "not_json"),
        (b"maple", b'{"value":1}', [*BINARY[:1], ("ce_id", b"\xff"), *BINARY[2:]], "not_json"),
        (b"maple", b'{"value":1}', BINARY[:2], "missing"),
        (b"oak", to_message(record("k-1")).value, [], "other_key"),
        (b"maple", to_message(tick(MORNING)).value, [], "other_key"),
        (b"maple", b"[]", [("content-type", b"application/cloudevents-batch+json")], "unknown_format"),
    ],
)
def test_what_is_no_record_is_refused_with_what_was_expected(
    key: bytes, value: bytes | None, headers: list[Header], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        from_message(key, value, headers)
    assert caught.value.problems[0].code == code
