from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from rules.record import Record
from tests.vision.live.yards import START, noisy, watching, yard
from vision.live.budget import FULL, GRACE, Cost
from vision.live.post import Orders, posts_of
from vision.live.reader import Reader
from vision.live.report import reports_of
from vision.live.rota import Post, Rota
from vision.live.shot import Shot
from vision.live.watch import Watch

VIEW = yard()


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


def nothing() -> Iterator[Shot]:
    """Give no pictures."""
    return iter(())


def post(name: str) -> Post:
    """Return a post whose reader is given its pictures by the test."""
    return Post(Reader(name, nothing, lambda: None), watching())


def offer(post: Post, at: datetime, age: float = 0.0) -> None:
    """Give a post's reader a picture taken at a time, which comes so many seconds later."""
    number = round((at - START).total_seconds() * 10) + 10
    post.reader._receive(Shot(at, True, lambda: noisy(VIEW, number), timedelta(seconds=age)))


@dataclass(slots=True)
class Costly(Post):
    """A post on which each picture takes time, and which notes how old each was when it had been told of. It looks where it `sees`."""

    clock: Hand = field(default_factory=Hand)
    takes: float = 0.0
    told: list[float] = field(default_factory=list)
    sees: bool = False

    def use(self, shot: Shot, now: datetime) -> list[Record]:
        """Use the picture, which takes so many seconds."""
        records = Post.use(self, shot, now) if self.sees else []
        self.watch.effort.looks += 1
        self.clock.now += timedelta(seconds=self.takes)
        self.told.append((self.clock.now - shot.time).total_seconds())
        return records


@dataclass(frozen=True)
class Stream:
    """A camera of five pictures a second: what one takes, when the first comes, and how old each is when it comes, in seconds."""

    takes: float
    phase: float = 0.0
    age: float = 0.0


def run(streams: dict[str, Stream], seconds: float, rate: float = 2.5, *, sees: bool = False) -> dict[str, Costly]:
    """Return the posts after so many seconds of a rota over these cameras."""
    clock = Hand()
    posts = {
        name: Costly(*_made(name), clock=clock, takes=one.takes, sees=sees, cost=Cost(one.takes, one.takes))
        for name, one in streams.items()
    }
    sent = sorted(
        (one.phase + number / 5, name) for name, one in streams.items() for number in range(round(5 * seconds))
    )
    rota = Rota(list(posts.values()), clock, rate, threading.Event(), clock.seconds)
    while sent:
        while sent and START + timedelta(seconds=sent[0][0]) <= clock.now:
            second, name = sent.pop(0)
            offer(posts[name], START + timedelta(seconds=second - streams[name].age), streams[name].age)
        if rota.turn() is None:
            clock.now += timedelta(seconds=0.005)
    return posts


def _made(name: str) -> tuple[Reader, Watch]:
    return Reader(name, nothing, lambda: None), watching()


def looks(costs: dict[str, float], seconds: float, rate: float = 2.5) -> dict[str, int]:
    """Return how many frames each camera had looked at, when a look costs so many seconds and all send 5 frames a second."""
    posts = run({name: Stream(cost) for name, cost in costs.items()}, seconds, rate)
    return {name: len(one.told) for name, one in posts.items()}


def test_cameras_that_can_all_be_watched_are_looked_at_at_their_rate() -> None:
    assert looks({"a": 0.05, "b": 0.05, "c": 0.05}, 20) == pytest.approx({"a": 50, "b": 50, "c": 50}, abs=2)


def test_a_process_that_cannot_keep_up_looks_less_often_at_each_camera_alike() -> None:
    found = looks({"a": 0.1, "b": 0.3, "c": 0.1, "d": 0.3}, 60)
    assert max(found.values()) - min(found.values()) <= 5
    assert sum(found.values()) == pytest.approx(4 * 60 / 0.8, rel=0.3)


@pytest.mark.parametrize("takes", [0.03, 0.11, 0.16])
@pytest.mark.parametrize("phases", [(0, 0), (0, 0.01), (0, 0.1), (0, 0.05, 0.11, 0.17), (0, 0, 0, 0, 0.1, 0.1)])
def test_whatever_is_told_is_told_in_time_and_no_camera_starves(phases: tuple[float, ...], takes: float) -> None:
    """The pictures are 0.2 s old when they come, as those of RTSP are that come five times a second."""
    posts = run({str(n): Stream(takes, phase, 0.2) for n, phase in enumerate(phases)}, 40, rate=5)
    told = [len(one.told) for one in posts.values()]
    assert max(age for one in posts.values() for age in one.told) <= 0.4 + 0.05
    fair = min(5 * 40, FULL * 40 / takes / len(phases))
    assert min(told) >= 0.6 * fair
    assert max(told) <= 1.4 * min(told)


def test_a_look_that_takes_longer_than_there_is_time_is_of_a_picture_that_has_just_come() -> None:
    (one,) = run({"a": Stream(0.5)}, 40, rate=5).values()
    assert max(one.told) <= 0.5 + GRACE.total_seconds()
    assert len(one.told) >= 50


def test_a_camera_that_is_looked_at_too_seldom_is_blind_and_says_why() -> None:
    one, *_ = run({str(n): Stream(0.3) for n in range(12)}, 40, sees=True).values()
    assert one.watch.sight.reason == "too_slow"
    few = run({str(n): Stream(0.3) for n in range(3)}, 20, sees=True).values()
    assert all(each.watch.sight.reason is None for each in few)


def test_a_picture_of_more_than_a_second_ago_is_not_used() -> None:
    clock, one = Hand(), post("a")
    rota = Rota([one], clock, 2.5, threading.Event())
    offer(one, START)
    clock.now = START + timedelta(seconds=1.5)
    assert rota.turn() is None
    assert (one.watch.effort.frames, one.reader.counts.late) == (0, 1)
    offer(one, clock.now)
    clock.now += timedelta(seconds=0.3)
    rota.turn()
    assert one.watch.effort.frames == 1
    assert one.oldest == timedelta(seconds=0.3)


def test_a_report_says_how_a_camera_is_doing_and_holds_no_address() -> None:
    clock, one = Hand(), post("a")
    rota = Rota([one], clock, 2.5, threading.Event())
    for number in range(20):
        clock.now = START + timedelta(seconds=number * 0.4)
        offer(one, clock.now)
        rota.turn()
    (report,) = reports_of(rota, clock.now)
    assert (report.camera, report.reason, report.fps, report.frames, report.received) == ("cam.yard", None, 2.5, 20, 20)
    assert (report.rate, report.most_fps) == (2.5, 2.5)


def test_orders_show_no_address_and_leave_out_cameras_without_one() -> None:
    one = watching()
    named = one.camera.model_copy(update={"url": "rtsp://admin:hunter2@10.0.0.2/a"})
    orders = Orders(((one.home, named), (one.home, one.camera)), "scripted")
    assert "hunter2" not in repr(orders)
    assert len(posts_of(orders, one.detector, Hand(), threading.Event())) == 1
