"""Frigate's events become detections that backtests read, page by page, and nothing that is not understood gets in."""

from __future__ import annotations

from typing import Any

import pytest

from proactive.error import ProactiveError
from proactive.history.frigate import PAGE, fetch, imported
from rules.home import Home
from rules.problem import InputError
from rules.record import as_json
from rules.units import DAY, instant
from tests.proactive.history.frigate_double import frigate
from tests.proactive.language.conftest import NOW

SECONDS = NOW.timestamp()
SINCE, UNTIL = instant(NOW) - 14 * DAY, instant(NOW)


def event(**changes: Any) -> dict[str, Any]:
    """Return an event as Frigate 0.16 lists it, with some keys changed."""
    known: dict[str, Any] = {
        "id": "1773000000.1-abc", "camera": "living_room", "label": "dog", "sub_label": None, "zones": ["couch", "elsewhere"], "start_time": SECONDS - 600,
        "end_time": SECONDS - 540.5, "false_positive": None, "has_clip": True, "has_snapshot": True, "top_score": None, "retain_indefinitely": False,
        "data": {"type": "object", "score": 0.71, "top_score": 0.83, "box": [0.1, 0.2, 0.3, 0.4]},
    }  # fmt: skip
    return known | changes


def test_an_event_is_a_detection_with_a_start_and_an_end(birch: Home) -> None:
    found = imported(iter([event()]), birch, {}).records
    shared = {"label": "dog", "zone": "couch", "confidence": 0.83, "episode": "frigate-1773000000.1-abc"}
    assert [as_json(record) for record in found] == [
        {"id": "frigate-1773000000.1-abc-0-start", "type": "detection", "time": "2026-03-09T14:50:00Z", "source": "cam.living_room", "home": "birch",
         "data": {**shared, "phase": "start"}},
        {"id": "frigate-1773000000.1-abc-0-end", "type": "detection", "time": "2026-03-09T14:50:59.500000Z", "source": "cam.living_room", "home": "birch",
         "data": {**shared, "phase": "end", "lasted": 59.5}},
    ]  # fmt: skip


def test_one_that_goes_on_has_no_end_yet(birch: Home) -> None:
    assert [r.data["phase"] for r in imported(iter([event(end_time=None)]), birch, {}).records] == ["start"]


@pytest.mark.parametrize("given", ["Otto", "otto", ["Otto", 0.9]])
def test_whom_frigate_recognised_is_who_it_is(birch: Home, given: object) -> None:
    found = imported(iter([event(sub_label=given)]), birch, {}).records
    assert {record.subject for record in found} == {"pet.otto"}


def test_whom_the_home_does_not_list_is_nobody(birch: Home) -> None:
    assert imported(iter([event(sub_label="ups")]), birch, {}).records[0].subject is None


@pytest.mark.parametrize("name", ["living_room", "Living Room", "living-room-camera", "living room cam"])
def test_a_camera_is_found_by_its_name(birch: Home, name: str) -> None:
    assert {r.source for r in imported(iter([event(camera=name)]), birch, {}).records} == {"cam.living_room"}


def test_a_camera_that_is_called_otherwise_can_be_named(birch: Home) -> None:
    found = imported(iter([event(camera="reolink2")]), birch, {"reolink2": "cam.drive"})
    assert {r.source for r in found.records} == {"cam.drive"}
    with pytest.raises(InputError, match=r"expected one of cam\.kitchen"):
        imported(iter([]), birch, {"reolink2": "cam.dirve"})


def test_what_is_left_out_is_counted_by_why(birch: Home) -> None:
    events = [event(camera="garden"), event(false_positive=True), {"id": "x"}, event(start_time="soon"), event()]
    found = imported(iter(events), birch, {})
    assert (found.events, len(found.records)) == (5, 2)
    assert found.left_out == {
        "of camera 'garden', which the home does not list": 1,
        "a false positive": 1,
        "not an event as Frigate writes it": 2,
    }


def test_every_event_is_read_once_page_by_page(birch: Home) -> None:
    # A whole page of events that start at one instant lies across a border of pages.
    starts = [SECONDS - 60 - number // 20 for number in range(2 * PAGE + 7)]
    events = [event(id=f"e{number}", start_time=start) for number, start in enumerate(starts)]
    with frigate(events) as server:
        found = [each["id"] for each in fetch(server.url, SINCE, UNTIL)]
        assert len(server.asked) == 3
    assert sorted(found) == sorted(each["id"] for each in events)


def test_only_the_days_that_are_wanted_are_read() -> None:
    with frigate([event(), event(id="old", start_time=SECONDS - 15 * 86_400)]) as server:
        assert [each["id"] for each in fetch(server.url, SINCE, UNTIL)] == ["1773000000.1-abc"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"no", "wants a login"),
        (500, b"oops", "answered 500"),
        (200, b"<html>", "does not answer as Frigate does"),
        (200, b'{"detail":"x"}', "does not answer as Frigate does"),
    ],
)
def test_whatever_else_answers_is_named(status: int, body: bytes, expected: str) -> None:
    with frigate([]) as server:
        server.status, server.body = status, body
        with pytest.raises(ProactiveError, match=expected):
            list(fetch(server.url, SINCE, UNTIL))


def test_nobody_there_is_an_error_that_shows_no_password() -> None:
    with frigate([]) as server:
        port = server.server_address[1]
    with pytest.raises(ProactiveError, match="cannot be reached") as raised:
        list(fetch(f"http://me:secret@127.0.0.1:{port}", SINCE, UNTIL))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["frigate.local", "ftp://frigate", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="expected an address"):
        list(fetch(url, SINCE, UNTIL))
