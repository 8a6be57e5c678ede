from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vision.activities.bowl import MEAL
from vision.activity import Timing
from vision.episode import Episode, Phase

VISIT = Timing()
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
Told = tuple[str, float, float]


def told(timing: Timing, sightings: Iterable[tuple[float, bool]]) -> list[Told]:
    """Return the phases of sightings at seconds after noon, as (name, seconds, lasted)."""
    episode = Episode(timing)
    phases = [p for second, seen in sightings for p in episode.receive(NOON + timedelta(seconds=second), seen)]
    return [_plain(phase) for phase in phases + episode.close()]


def _plain(phase: Phase) -> Told:
    return phase.name, (phase.time - NOON).total_seconds(), phase.lasted.total_seconds()


def steady(start: float, end: float) -> list[tuple[float, bool]]:
    """Return sightings twice a second for a minute, seen from `start` to `end`."""
    return [(number / 2, start <= number / 2 <= end) for number in range(120)]


def test_a_meal_is_told_from_when_it_began_once_it_has_lasted_five_seconds() -> None:
    assert told(MEAL, steady(6, 26)) == [("start", 6, 0), ("update", 11, 5), ("end", 26, 20)]


def test_what_is_known_late_to_have_gone_on_is_told_from_when_it_began() -> None:
    episode = Episode(VISIT)
    assert episode.receive(NOON, seen=True, since=NOON - timedelta(seconds=2)) == []
    start, _ = episode.receive(NOON + timedelta(seconds=1), seen=True, since=NOON - timedelta(seconds=5))
    assert start.time == NOON - timedelta(seconds=2)


def test_what_is_shorter_than_the_dwell_is_never_told() -> None:
    assert told(MEAL, steady(32, 36.5)) == []


def test_a_single_sighting_is_a_slip_of_the_detector() -> None:
    assert told(VISIT, steady(10, 10)) == []


def test_a_gap_of_two_seconds_is_bridged_and_a_longer_one_is_not() -> None:
    bridged = [(s, seen and not 12 < s < 14) for s, seen in steady(6, 20)]
    parted = [(s, seen and not 12 < s < 14.5) for s, seen in steady(6, 20)]
    assert [name for name, _, _ in told(MEAL, bridged)].count("start") == 1
    assert [name for name, _, _ in told(MEAL, parted)].count("start") == 2


def test_a_long_episode_is_reported_every_half_minute() -> None:
    assert [at for name, at, _ in told(VISIT, steady(0, 59.5)) if name == "update"] == [0.5, 30.5]


def test_frames_that_stop_and_come_back_later_end_the_episode_where_it_was_last_seen() -> None:
    sightings = [(0, True), (0.5, True), (100, True), (100.5, True)]
    assert [(name, at) for name, at, _ in told(VISIT, sightings) if name != "update"] == [
        ("start", 0),
        ("end", 0.5),
        ("start", 100),
        ("end", 100.5),
    ]


@given(st.lists(st.booleans(), max_size=120), st.sampled_from([VISIT, MEAL]))
def test_phases_always_come_as_start_then_updates_then_one_end(seen: list[bool], timing: Timing) -> None:
    phases = told(timing, [(number * 0.4, one) for number, one in enumerate(seen)])
    state = "end"
    for name, _, lasted in phases:
        assert (state == "end") == (name == "start")
        assert name != "end" or lasted >= timing.dwell.total_seconds()
        state = name
    assert not phases or state == "end"
