"""The reference against the words of `docs/formats.md`: cases worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count as counting

import pytest

from tests.reference.oracle import firings
from tests.reference.units import Json, instant, rfc3339
from tests.reference.wall import instant_of, moments

CHICAGO: Json = {
    "home": "maple",
    "time_zone": "America/Chicago",
    "people": [{"id": "person.greg"}, {"id": "person.ann"}],
}
UTC_HOME: Json = {"home": "maple", "time_zone": "UTC", "people": [{"id": "person.greg"}, {"id": "person.ann"}]}
EATING: Json = {"source": "cam", "subject": "pet.daisy", "where": {"activity": "eating"}}
BELL: Json = {"type": "event", "source": "bell", "where": {"name": "pressed"}}
OPEN: Json = {"source": "door", "where": {"value": "open"}}

_numbers = counting()


def rec(time: str, kind: str, source: str | None = None, subject: str | None = None, **data: object) -> Json:
    """Return a record on 2026-03-09 UTC, or at a full time; `name` is its id where a case speaks of it."""
    full = time if "T" in time else f"2026-03-09T{time}Z"
    found = {"id": str(data.pop("id", f"r{next(_numbers):04d}")), "type": kind, "time": full, "data": data}
    found |= {"home": "maple"} if kind != "tick" else {}
    return found | {k: v for k, v in (("source", source), ("subject", subject)) if v is not None}


def rule(when: Json, **more: object) -> Json:
    """Return a rule of the home."""
    return {"id": "r", "home": "maple", "when": when, **{k.rstrip("_"): v for k, v in more.items()}}


def told(
    log: list[Json], *rules: Json, since: str | None = "00:00:00", until: str | None = None, home: Json = UTC_HOME
) -> list[str]:
    """Return `verdict time evidence` of every firing; times on 2026-03-09 are shown without their date."""

    def full(text: str | None) -> datetime | None:
        return instant(text if "T" in text else f"2026-03-09T{text}Z") if text else None

    found = firings([home], log, full(since), full(until), rules)
    lines = (f"{f['verdict']} {rfc3339(f['time'])} {' '.join(f['evidence'])}".rstrip() for f in found)
    return [line.replace("2026-03-09T", "").replace("Z", "") for line in lines]


def bell(time: str, name: str) -> Json:
    """Return a doorbell pressed."""
    return rec(time, "event", "bell", id=name, name="pressed")


def door(time: str, name: str, value: object, source: str = "door") -> Json:
    """Return a report of a door."""
    return rec(time, "state", source, id=name, value=value)


def eats(time: str, name: str, **data: object) -> Json:
    """Return Daisy seen eating."""
    return rec(time, "detection", "cam", "pet.daisy", id=name, activity="eating", **data)


# --- the wall clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "hours", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), 2.5, "2026-03-08T07:00:00Z"),  # skipped: the first valid instant after
        ("America/New_York", date(2026, 3, 8), 3, "2026-03-08T07:00:00Z"),
        ("America/New_York", date(2026, 11, 1), 1.5, "2026-11-01T05:30:00Z"),  # repeated: the first occurrence
        ("Australia/Lord_Howe", date(2026, 10, 4), 2.25, "2026-10-03T15:30:00Z"),  # a gap of half an hour
        ("America/Sao_Paulo", date(2017, 10, 15), 0, "2017-10-15T03:00:00Z"),  # midnight itself is skipped
        ("Pacific/Apia", date(2011, 12, 30), 12, "2011-12-30T10:00:00Z"),  # a whole day is skipped
        ("Asia/Kolkata", date(2026, 3, 9), 24, "2026-03-09T18:30:00Z"),
    ],
)
def test_a_local_time_is_the_first_instant_that_reads_it_or_later(
    zone: str, day: date, hours: float, expected: str
) -> None:
    assert instant_of({"time_zone": zone}, day, timedelta(hours=hours)) == instant(expected)


def test_a_recurrence_begins_at_the_date_of_the_put_and_equal_instants_count_once() -> None:
    when = {"op": "at", "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=2", "time": "07:00"}
    put = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert [rfc3339(m) for m in moments(UTC_HOME, when, put, datetime(2026, 4, 30, tzinfo=UTC))] == [
        "2026-03-16T07:00:00Z",
        "2026-03-23T07:00:00Z",
    ]


# --- absences -----------------------------------------------------------------------------------------------------

FED = {"op": "absent", "of": [EATING], "window": {"from": "00:00", "until": "12:00"}}


def test_daisy_at_noon() -> None:
    since = "2026-03-09T05:00:00Z"  # midnight in Chicago
    assert told([eats("16:59:59", "e")], rule(FED), since=since, until="18:00:00", home=CHICAGO) == []
    assert told([eats("17:00:00", "e")], rule(FED), since=since, until="18:00:00", home=CHICAGO) == [
        "fired 17:00:00",
        "resolved 17:00:00 e",
    ]
    assert told([eats("04:59:59", "x")], rule(FED), since=since, until="16:59:59", home=CHICAGO) == []


def test_a_window_that_began_before_the_log_is_not_decided() -> None:
    assert told([bell("01:00:00", "b")], rule(FED), since=None, until="13:00:00") == []


def test_the_window_of_a_day_with_a_gap_is_eleven_hours_and_so_is_its_tenth() -> None:
    home = {"home": "maple", "time_zone": "America/New_York"}
    off = [
        rec("2026-03-08T06:00:00Z", "health", "cam", status="offline"),
        rec("2026-03-08T06:10:00Z", "health", "cam", status="online"),
        rec("2026-03-08T15:59:00Z", "tick"),
    ]
    args = {"since": "2026-03-08T05:00:00Z", "until": "2026-03-08T16:00:00Z", "home": home}
    assert told(off, rule(FED), **args) == ["fired 2026-03-08T16:00:00"]  # type: ignore[arg-type]
    off[1] = rec("2026-03-08T06:10:01Z", "health", "cam", status="online")
    assert told(off, rule(FED), **args) == ["unknown 2026-03-08T16:00:00"]  # type: ignore[arg-type]


def test_an_empty_window_decides_nothing() -> None:
    home = {"home": "maple", "time_zone": "America/New_York"}
    when = {"op": "absent", "of": [EATING], "window": {"from": "02:00", "until": "03:00"}}
    log = [rec("2026-03-08T12:00:00Z", "tick")]
    assert told(log, rule(when), since="2026-03-08T05:00:00Z", home=home) == []


@pytest.mark.parametrize(
    ("unknown", "expected"), [("tell", ["unknown 12:00:00"]), ("ignore", []), ("fire", ["fired 12:00:00"])]
)
def test_a_camera_that_is_off_at_noon_cannot_tell(unknown: str, expected: list[str]) -> None:
    log = [rec("11:59:00", "health", "cam", status="offline"), rec("12:30:00", "tick")]
    assert told(log, rule(FED, unknown=unknown)) == expected


def test_a_late_match_corrects_once_and_nothing_is_resolved_afterwards() -> None:
    log = [rec("12:10:00", "tick"), eats("11:58:00", "late"), eats("11:59:00", "later"), eats("12:20:00", "e")]
    assert told(log, rule(FED)) == ["fired 12:00:00", "corrected 12:00:00 late"]


def test_a_record_within_the_lateness_is_not_late() -> None:
    log = [rec("12:00:01", "tick"), eats("11:59:59", "e"), rec("13:00:00", "tick")]
    assert told(log, rule(FED)) == []


def test_a_rule_put_at_eleven_decides_noon_with_its_history() -> None:
    put = rec("11:00:00", "rule.put", rule=rule(FED))
    assert told([put, rec("13:00:00", "tick")]) == ["fired 12:00:00"]
    put["data"]["history"] = [eats("08:00:00", "e")]
    assert told([put, rec("13:00:00", "tick")]) == []


def test_a_silence_is_told_once_and_the_next_match_re_arms_it() -> None:
    when = {"op": "absent", "of": [EATING], "duration": "1h"}
    log = [eats("00:30:00", "a"), eats("02:00:00", "b"), eats("03:00:00", "c"), rec("06:00:00", "tick")]
    assert told(log, rule(when)) == [
        "fired 01:30:00",
        "resolved 02:00:00 b",
        "fired 03:00:00",  # a match at the deadline itself comes after it
        "resolved 03:00:00 c",
        "fired 04:00:00",
    ]


def test_a_missing_answer_is_told_at_the_end_of_the_wait() -> None:
    when = {"op": "sequence", "first": [BELL], "then": [EATING], "within": "10m", "missing": True}
    log = [
        bell("01:00:00", "f"),
        bell("01:05:00", "ignored"),
        eats("01:10:00", "t"),
        bell("02:00:00", "g"),
        eats("02:09:59", "u"),
    ]
    assert told(log, rule(when), until="03:00:00") == ["fired 01:10:00 f", "resolved 01:10:00 t"]


# --- happenings ---------------------------------------------------------------------------------------------------


def test_an_answer_counts_strictly_inside_and_uses_up_its_first() -> None:
    when = {"op": "sequence", "first": [BELL], "then": [EATING], "within": "10m"}
    log = [
        eats("01:00:00", "a"),
        bell("01:00:00", "f"),
        eats("01:05:00", "b"),
        eats("01:06:00", "c"),
        bell("02:00:00", "g"),
        eats("02:10:00", "d"),
    ]
    assert told(log, rule(when)) == ["fired 01:05:00 f b"]


def test_only_an_edge_after_a_known_report_is_a_happening() -> None:
    when = {"op": "occurs", "of": [OPEN]}
    log = [
        door("01:00:00", "first", "open"),
        door("02:00:00", "same", "open"),
        door("03:00:00", "shut", "closed"),
        door("04:00:00", "edge", "open"),
        door("05:00:00", "shut2", "closed"),
        rec("05:30:00", "health", "door", status="offline"),
        rec("05:40:00", "health", "door", status="online"),
        door("06:00:00", "reconnect", "open"),
        door("07:00:00", "shut3", "closed"),
        door("08:00:00", "edge2", "open"),
    ]
    assert told(log, rule(when)) == ["fired 04:00:00 edge", "fired 08:00:00 edge2"]


def test_an_episode_is_one_match_even_when_a_guard_stopped_it() -> None:
    when = {"op": "occurs", "of": [EATING]}
    log = [
        eats("01:00:00", "a", episode="k"),
        eats("02:30:00", "b", episode="k"),
        eats("02:40:00", "c", episode="k", phase="end"),
        eats("02:50:00", "d", episode="k"),
    ]
    assert told(log, rule(when)) == ["fired 01:00:00 a", "fired 02:50:00 d"]
    assert told(log, rule(when, while_=[{"between": ["02:00", "03:00"]}])) == ["fired 02:50:00 d"]


def test_a_late_record_keeps_its_episode_alive_from_its_arrival_on() -> None:
    when = {"op": "occurs", "of": [EATING]}
    first, late = eats("01:00:00", "a", episode="k"), eats("02:00:00", "late", episode="k")
    again = eats("2026-03-10T20:00:00Z", "b", episode="k")
    tick = rec("22:00:00", "tick")
    assert told([first, tick, late, again], rule(when)) == ["fired 01:00:00 a"]
    assert told([first, late, tick, again], rule(when)) == ["fired 01:00:00 a", "fired 2026-03-10T20:00:00 b"]


def test_the_only_attribute_of_a_source_and_state_are_one_and_the_same() -> None:
    home = UTC_HOME | {"devices": [{"id": "meter", "attributes": {"level": "number"}}]}
    log = [
        rec("01:00:00", "state", "meter", value=1),
        rec("02:00:00", "state", "meter", id="m", value=9, attribute="level"),
    ]
    for named in ({}, {"attribute": "level"}, {"attribute": "state"}, {"attribute": ["state", "other"]}):
        when = {"op": "occurs", "of": [{"source": "meter", "where": {"value": {"gt": 5}, **named}}]}
        assert told(log, rule(when), home=home) == ["fired 02:00:00 m"]
        assert told(log[::-1], rule(when), home=home | {"lateness": "6h"}) == ["fired 02:00:00 m"]


def test_an_end_before_the_deadline_cancels_lasting() -> None:
    when = {"op": "occurs", "of": [EATING], "lasting": "10m"}
    stays = [eats("01:00:00", "a", episode="k"), rec("01:10:00", "detection", "other", episode="k", phase="end")]
    leaves = [eats("01:00:00", "a", episode="k"), rec("01:09:59", "detection", "other", episode="k", phase="end")]
    assert told(stays, rule(when)) == ["fired 01:10:00 a"]
    assert told(leaves, rule(when), until="02:00:00") == []


def test_cooldown_and_after() -> None:
    log = [bell(f"01:0{minute}:00", f"b{minute}") for minute in range(7)]
    assert told(log, rule({"op": "occurs", "of": [BELL], "cooldown": "3m"})) == [
        "fired 01:00:00 b0",
        "fired 01:03:00 b3",
        "fired 01:06:00 b6",
    ]
    assert told(log, rule({"op": "occurs", "of": [BELL], "after": "3m"})) == ["fired 01:03:00 b0", "fired 01:06:00 b3"]


def test_a_count_uses_its_matches_up() -> None:
    when = {"op": "count", "of": [BELL], "at_least": 2, "within": "2m"}
    log = [
        bell("01:00:00", "a"),
        bell("01:02:00", "b"),
        bell("01:03:59", "c"),
        bell("01:04:00", "d"),
        bell("01:05:00", "e"),
    ]
    assert told(log, rule(when)) == ["fired 01:03:59 b c", "fired 01:05:00 d e"]


def test_holds_fires_once_and_ends_with_the_report_that_makes_it_false() -> None:
    when = {"op": "holds", "state": {"state": "door", "is": "open"}, "lasting": "10m"}
    log = [
        door("01:00:00", "a", "open"),
        door("01:05:00", "b", "open"),
        door("03:00:00", "c", "closed"),
        door("04:00:00", "d", "open"),
        door("04:10:00", "e", "closed"),
    ]
    assert told(log, rule(when)) == [
        "fired 01:10:00 a",
        "resolved 03:00:00 c",
        "fired 04:10:00 d",
        "resolved 04:10:00 e",
    ]


def test_per_source_gives_each_door_its_own_state() -> None:
    pattern = {"type": "event", "source": ["d1", "d2"]}
    log = [rec("01:00:00", "event", "d1", id="a", name="x"), rec("02:00:00", "event", "d2", id="b", name="x")]
    when = {"op": "occurs", "of": [pattern], "cooldown": "6h"}
    assert told(log, rule(when)) == ["fired 01:00:00 a"]
    assert told(log, rule(when | {"per": "source"})) == ["fired 01:00:00 a", "fired 02:00:00 b"]


# --- guards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "holds"),
    [
        ({"state": "door", "is": "open"}, True),
        ({"state": "door", "is": ["x", "open"]}, True),
        ({"state": "door", "is_not": "open"}, False),
        ({"state": "door", "above": 3}, False),
        ({"not": {"state": "door", "above": 3}}, False),  # not a number: unknown, and so is its not
        ({"not": {"state": "never", "is": 1}}, False),
        ({"any": [{"state": "never", "is": 1}, {"state": "door", "is": "open"}]}, True),
        ({"not": {"all": [{"state": "never", "is": 1}, {"state": "door", "is": "closed"}]}}, True),
        ({"home": "person.greg"}, True),
        ({"home": "anyone"}, True),
        ({"home": "nobody"}, False),
        ({"home": "person.ann"}, False),
        ({"not": {"home": "person.ann"}}, False),
        ({"between": ["11:00", "12:00"]}, True),
        ({"between": ["10:00", "11:00"]}, False),
        ({"between": ["22:00", "11:30"]}, True),
        ({"days": ["mon"]}, True),
        ({"days": ["tue"]}, False),
        ({"seen": {"of": [EATING], "since": "10:00"}}, True),
        ({"seen": {"of": [EATING], "since": "10:01"}}, False),
        ({"seen": {"of": [EATING], "within": "1h"}}, False),  # at t - within itself no longer
        ({"seen": {"of": [EATING], "within": "61m"}}, True),
        ({"seen": {"of": [BELL], "within": "61m"}}, False),  # the event being judged does not count
    ],
)
def test_a_guard_holds_only_when_it_is_true(guard: Json, holds: bool) -> None:
    log = [
        door("09:00:00", "d", "open"),
        eats("10:00:00", "e"),
        rec("10:30:00", "state", "person.greg", value="home"),
        bell("11:00:00", "b"),
    ]
    assert told(log, rule({"op": "occurs", "of": [BELL]}, while_=[guard])) == (["fired 11:00:00 b"] if holds else [])


def test_at_a_deadline_the_records_before_it_count() -> None:
    when, guard = {"op": "at", "time": "10:00"}, {"state": "door", "is": "open"}
    assert told([door("10:00:00", "d", "open")], rule(when, while_=[guard]), until="11:00:00") == []
    assert told([door("09:59:59", "d", "open")], rule(when, while_=[guard]), until="11:00:00") == ["fired 10:00:00"]


# --- rules --------------------------------------------------------------------------------------------------------


def test_an_unchanged_when_keeps_what_is_pending_and_a_pause_clears_it() -> None:
    when = {"op": "occurs", "of": [BELL], "after": "1h"}
    keep = [bell("01:00:00", "b"), rec("01:30:00", "rule.put", rule=rule(when, version=2))]
    pause = [
        bell("01:00:00", "b"),
        rec("01:30:00", "rule.put", rule=rule(when, enabled=False)),
        rec("01:40:00", "rule.put", rule=rule(when)),
    ]
    assert told(keep, rule(when), until="03:00:00") == ["fired 02:00:00 b"]
    assert told(pause, rule(when), until="03:00:00") == []


def test_a_pause_keeps_the_cooldown() -> None:
    when = {"op": "occurs", "of": [BELL], "cooldown": "1h"}
    pause = [rec("01:30:00", "rule.put", rule=rule(when, enabled=False)), rec("01:40:00", "rule.put", rule=rule(when))]
    log = [bell("01:00:00", "b"), *pause, bell("01:50:00", "c"), bell("02:00:00", "d")]
    assert told(log, rule(when)) == ["fired 01:00:00 b", "fired 02:00:00 d"]


def test_once_is_gone_after_its_first_fired_and_nothing_fires_at_or_after_expires() -> None:
    when, log = {"op": "occurs", "of": [BELL]}, [bell(f"0{hour}:00:00", f"b{hour}") for hour in range(1, 4)]
    assert told(log, rule(when, once=True)) == ["fired 01:00:00 b1"]
    assert told(log, rule(when, expires="2026-03-09T02:00:00Z")) == ["fired 01:00:00 b1"]


def test_what_two_conditions_say_about_one_record_is_said_once() -> None:
    when = {
        "op": "any",
        "conditions": [{"op": "occurs", "of": [BELL]}, {"op": "count", "of": [BELL], "at_least": 1, "within": "1m"}],
    }
    assert told([bell("01:00:00", "b")], rule(when)) == ["fired 01:00:00 b"]


def test_doubles_change_nothing() -> None:
    log = [bell("01:00:00", "b"), bell("01:00:00", "b")]
    assert told(log, rule({"op": "count", "of": [BELL], "at_least": 2, "within": "1h"})) == []


def test_late_reports_set_nothing_when_a_newer_one_is_known() -> None:
    log = [
        door("01:00:00", "a", "closed"),
        door("02:00:00", "b", "closed"),
        rec("02:01:00", "tick"),
        door("01:30:00", "late", "open"),
        door("03:00:00", "c", "open"),
    ]
    assert told(log, rule({"op": "occurs", "of": [OPEN]})) == ["fired 03:00:00 c"]
