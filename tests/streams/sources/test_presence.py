"""Laws of presence: who flickers has not left, who left is told so once, with the time at which it began."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from rules.record import Record
from streams.sources.presence import Presence
from streams.sources.reach import Reach
from streams.sources.whereabouts import is_home, used_key
from tests.streams.sources.house import NOON, later, maple, told

GREG = "person.greg"


def presence(stale_after: timedelta | None = None) -> Presence:
    return Presence("maple", "mqtt", Reach("maple", "mqtt"), stale_after=stale_after)


def hear(people: Presence, tracker: str, home: bool, at: float, key: bool = False) -> list[Record]:
    return [r for r in people.seen(GREG, tracker, home, later(at), key=key) if r.type == "state"]


def test_coming_home_is_told_at_once_and_leaving_once_it_has_lasted_with_its_own_time() -> None:
    people = presence()
    assert told(hear(people, "phone", True, 0)) == [(GREG, "state", "state", "home")]
    assert hear(people, "phone", False, 60) == []
    assert people.wake(later(60 + 299)) == []
    left = people.wake(later(60 + 300))
    assert told(left) == [(GREG, "state", "state", "away")]
    assert left[0].time == later(60)
    assert people.wake(later(3600)) == []


def test_a_phone_that_flickers_has_not_left() -> None:
    people = presence()
    hear(people, "phone", True, 0)
    assert [hear(people, "phone", at % 2 == 0, 60 + at * 60) for at in range(1, 20)] == [[]] * 19


def test_who_is_home_for_one_tracker_is_home() -> None:
    people = presence()
    hear(people, "phone", True, 0)
    hear(people, "wifi", True, 1)
    hear(people, "phone", False, 60)
    assert people.wake(later(3600)) == []
    hear(people, "wifi", False, 4000)
    assert [record.time for record in people.wake(later(4300))] == [later(4000)]


def test_the_first_word_is_told_at_once_whatever_it_is() -> None:
    assert told(hear(presence(), "phone", False, 0)) == [(GREG, "state", "state", "away")]


def test_a_key_says_that_somebody_is_there_until_a_tracker_knows_better() -> None:
    people = presence()
    hear(people, "phone", False, 0)
    assert told(hear(people, "door", True, 60, key=True)) == [(GREG, "state", "state", "home")]
    left = people.wake(later(60 + 31 * 60))
    assert left == []  # the leaving is noticed now, and has to last
    assert told(people.wake(later(60 + 37 * 60))) == [(GREG, "state", "state", "away")]


def test_whom_only_a_key_told_of_is_not_known_after_a_while() -> None:
    people = presence()
    hear(people, "door", True, 0, key=True)
    assert told(people.wake(later(31 * 60))) == [(GREG, "health", "offline", "unknown")]


def test_a_tracker_that_has_said_nothing_for_too_long_does_not_count() -> None:
    people = presence(stale_after=timedelta(hours=12))
    hear(people, "phone", True, 0)
    assert told(people.wake(NOON + timedelta(hours=13))) == [(GREG, "health", "offline", "unknown")]


@pytest.mark.parametrize(
    ("payload", "home"),
    [
        ("home", True),
        ("not_home", False),
        ("ONLINE", True),
        ("1", True),
        ("false", False),
        ('{"state": "home"}', True),
        ('{"_type": "location", "lat": 41.8801, "lon": -87.6301, "acc": 12}', True),
        ('{"_type": "location", "lat": 41.95, "lon": -87.63, "acc": 12}', False),
        ('{"_type": "location", "lat": 41.95, "lon": -87.63, "acc": 9000}', None),
        ('{"_type": "location", "lat": 41.95, "lon": -87.63, "inregions": ["Home"]}', True),
        ('{"_type": "transition", "event": "leave", "desc": "Home"}', False),
        ('{"_type": "transition", "event": "enter", "desc": "Work"}', None),
        ('{"_type": "lwt"}', None),
        ("gibberish", None),
    ],
)
def test_a_trackers_words_are_understood(payload: str, home: bool | None) -> None:
    assert is_home(payload.encode(), maple()) is home


def test_a_code_belongs_to_its_user() -> None:
    opened = json.dumps({"action": "unlock", "action_user": 3}).encode()
    assert used_key(opened, "3")
    assert used_key(opened, "")
    assert not used_key(opened, "4")
    assert not used_key(b'{"action": "lock", "action_user": 3}', "3")
