"""Nobody is told that nothing happened where nobody looked: what a silent edge means for the time of a home."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.engine import Engine
from rules.firing import Firing
from rules.record import Record
from rules.units import SECOND, instant
from streams.changes import put_record
from streams.kafka.heartbeat import LATENESS, Heartbeat
from streams.kafka.vigil import FORGOTTEN, SLACK, View, Vigil
from tests.streams.logs import at, fed_by_noon, home, tick

NOON = instant(at("12:00"))
PATIENCE = 10.0


class Watch:
    """A vigil over one partition, with a clock in seconds before and after noon that the broker always answers on."""

    def __init__(self) -> None:
        self.vigil = Vigil(PATIENCE)
        self.vigil.own([0])

    def beat(
        self, seconds: float, edge: str = "kitchen", since: float = -3600, sources: tuple[str, ...] = ("cam.kitchen",)
    ) -> None:
        """Let an edge be heard, which vouches for what happened two seconds before."""
        now = NOON + int(seconds * SECOND)
        told = dict.fromkeys(sources, NOON - 3600 * SECOND)
        until, began = now - int(LATENESS * SECOND), NOON + int(since * SECOND)
        beat = Heartbeat(home="maple", edge=edge, until=until, since=began, sources=told)
        self.vigil.hear(0, beat, now, int(seconds * SECOND))

    def look(self, seconds: float, contact: float | None = None) -> View:
        """Look at some time; the broker was away for what `contact` is less."""
        running = int((seconds if contact is None else contact) * SECOND)
        return self.vigil.look(0, NOON + int(seconds * SECOND), running)


def told(view: View) -> list[tuple[str | None, str, float]]:
    return [(r.source, str(r.data["status"]), (instant(r.time) - NOON) / SECOND) for r in view.records]


def held(view: View) -> dict[str, float]:
    return {home: (limit - NOON) / SECOND for home, limit in view.held.items()}


def test_time_goes_on_while_an_edge_is_heard() -> None:
    watch = Watch()
    for second in range(20):
        watch.beat(second)
        assert watch.look(second + 0.9) == View()


def test_a_home_whose_edge_is_silent_waits_and_then_its_sources_are_offline_since_it_was_heard() -> None:
    watch = Watch()
    watch.beat(-1)
    assert held(watch.look(2)) == {"maple": (SLACK / SECOND) - 3}
    assert held(watch.look(8.9)) == {"maple": 0.5}
    gone = watch.look(9)
    assert (told(gone), gone.held) == ([("cam.kitchen", "offline", -3.0)], {})
    assert watch.look(10) == View()


def test_an_edge_whose_line_was_cut_saw_it_all_the_same() -> None:
    watch = Watch()
    watch.beat(-1)
    watch.look(30)
    watch.beat(60)
    assert told(watch.look(60)) == [("cam.kitchen", "online", -2.999999)]
    assert watch.look(61) == View()


def test_an_edge_that_was_started_anew_was_blind_until_then() -> None:
    watch = Watch()
    watch.beat(-1)
    watch.look(30)
    watch.beat(60, since=55)
    assert told(watch.look(60)) == [("cam.kitchen", "online", 55.0)]


def test_an_edge_that_still_sends_what_waited_is_waited_for_as_long_as_it_gets_on() -> None:
    watch = Watch()
    watch.beat(-60)
    for second in range(0, 30, 5):
        watch.vigil.hear(0, beat_until(NOON + (second - 60) * SECOND), NOON + second * SECOND, second * SECOND)
        assert watch.look(second + 1).held
    assert told(watch.look(40)) == [("cam.kitchen", "offline", -35.0)]


def beat_until(until: int) -> Heartbeat:
    return Heartbeat(home="maple", edge="kitchen", until=until, since=0, sources={"cam.kitchen": 0})


def test_a_broker_that_is_away_makes_nobody_dead() -> None:
    watch = Watch()
    watch.beat(-1)
    assert held(watch.look(300, contact=3))
    watch.beat(301)
    assert watch.look(301, contact=4) == View()


def test_a_source_that_another_edge_feeds_stays_online() -> None:
    watch = Watch()
    watch.beat(-1, sources=("cam.kitchen", "cam.yard"))
    watch.beat(9, "yard", sources=("cam.yard",))
    assert told(watch.look(9.5)) == [("cam.kitchen", "offline", -3.0)]


def test_an_edge_that_left_or_never_came_back_is_not_waited_for() -> None:
    watch = Watch()
    watch.beat(-1)
    watch.vigil.leave(0, ("maple", "kitchen"))
    assert watch.look(5) == View()
    watch.beat(-1)
    assert watch.look((FORGOTTEN + SLACK) / SECOND) == View()


def test_an_edge_with_a_clock_that_is_ahead_is_missed_all_the_same() -> None:
    watch = Watch()
    watch.vigil.hear(0, beat_until(NOON + 3600 * SECOND), NOON, 0)
    assert told(watch.look(60)) == [("cam.kitchen", "offline", 0.0)]


def test_a_source_that_told_of_a_time_yet_to_come_is_offline_at_a_time_that_was() -> None:
    watch, ahead = Watch(), NOON + 3600 * SECOND
    beat = Heartbeat(home="maple", edge="kitchen", until=ahead, since=0, sources={"cam.kitchen": ahead})
    watch.vigil.hear(0, beat, NOON, 0)
    assert told(watch.look(60)) == [("cam.kitchen", "offline", 0.0)]


def test_a_partition_that_went_to_another_worker_is_forgotten() -> None:
    watch = Watch()
    watch.beat(-1)
    watch.vigil.own([1])
    watch.beat(-1)
    assert watch.look(60) == View()


def noon(died: float) -> list[Firing]:
    """Return what is decided about a noon when the camera's edge dies so many seconds before it: the worker's rounds."""
    watch, engine = Watch(), Engine([home()], since=instant(at("00:00")))
    firings = engine.receive([put_record(fed_by_noon(), at("00:00"))])
    for second in range(-30, 60):
        if second < -died:
            watch.beat(second)
        view = watch.look(second + 0.5)
        firings += engine.receive(
            [*view.records, *tick_unless_held(view, at("12:00") + timedelta(seconds=second + 0.5))]
        )
    return firings


def tick_unless_held(view: View, now: datetime) -> list[Record]:
    limit = view.held.get("maple")
    return [tick(now if limit is None else min(now, at("12:00") + timedelta(microseconds=limit - NOON)))]


def test_a_camera_that_died_before_the_deadline_leaves_it_unknown_and_one_that_lives_does_not() -> None:
    for died in (20, 5, 1):
        assert [(firing.verdict, firing.time) for firing in noon(died)] == [("unknown", NOON)], died
    assert [(firing.verdict, firing.time) for firing in noon(-100)] == [("fired", NOON)]
