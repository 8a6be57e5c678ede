from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.vision.live.yards import START, noisy, watching, yard
from vision.live.post import Orders, posts_of
from vision.live.reader import Reader
from vision.live.report import report_of
from vision.live.rota import Post, Rota
from vision.live.shot import Shot

VIEW = yard()


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def nothing() -> Iterator[Shot]:
    """Give no pictures."""
    return iter(())


def post(name: str) -> Post:
    """Return a post whose reader is given its pictures by the test."""
    return Post(Reader(name, nothing, lambda: None), watching())


def offer(post: Post, at: datetime) -> None:
    """Give a post's reader a picture taken at a time."""
    number = round((at - START).total_seconds() * 10)
    post.reader._receive(Shot(at, True, lambda: noisy(VIEW, number)))


def looks(costs: dict[str, float], seconds: float, rate: float = 2.5) -> dict[str, int]:
    """Return how many frames each camera had looked at, when a look costs so many seconds and all send 5 frames a second."""
    clock, posts = Hand(), {name: post(name) for name in costs}
    rota = Rota(list(posts.values()), clock, rate, threading.Event())
    sent = START
    while clock.now < START + timedelta(seconds=seconds):
        while sent <= clock.now:
            for one in posts.values():
                offer(one, sent)
            sent += timedelta(seconds=0.2)
        before = {name: one.watch.effort.frames for name, one in posts.items()}
        turned = rota.turn()
        used = [name for name, one in posts.items() if one.watch.effort.frames > before[name]]
        clock.now += timedelta(seconds=costs[used[0]] if turned and used else 0.02)
    return {name: one.watch.effort.frames for name, one in posts.items()}


def test_cameras_that_can_all_be_watched_are_looked_at_at_their_rate() -> None:
    assert looks({"a": 0.05, "b": 0.05, "c": 0.05}, 20) == pytest.approx({"a": 50, "b": 50, "c": 50}, abs=2)


def test_a_process_that_cannot_keep_up_looks_less_often_at_each_camera_alike() -> None:
    found = looks({"a": 0.1, "b": 0.3, "c": 0.1, "d": 0.3}, 30)
    assert max(found.values()) - min(found.values()) <= 2
    assert sum(found.values()) == pytest.approx(4 * 30 / 0.8, rel=0.1)


def test_no_picture_that_is_used_is_older_than_a_second() -> None:
    clock, one = Hand(), post("a")
    rota = Rota([one], clock, 2.5, threading.Event())
    offer(one, START)
    clock.now = START + timedelta(seconds=1.5)
    assert rota.turn() is not None
    assert (one.watch.effort.frames, one.reader.counts.old) == (0, 1)
    offer(one, clock.now)
    clock.now += timedelta(seconds=0.7)
    rota.turn()
    assert one.watch.effort.frames == 1
    assert one.oldest == timedelta(seconds=0.7)


def test_a_report_says_how_a_camera_is_doing_and_holds_no_address() -> None:
    clock, one = Hand(), post("a")
    rota = Rota([one], clock, 2.5, threading.Event())
    for number in range(20):
        clock.now = START + timedelta(seconds=number * 0.4)
        offer(one, clock.now)
        rota.turn()
    report = report_of(one, clock.now)
    assert (report.camera, report.reason, report.fps, report.frames, report.received) == ("cam.yard", None, 2.5, 20, 20)


def test_orders_show_no_address_and_leave_out_cameras_without_one() -> None:
    one = watching()
    named = one.camera.model_copy(update={"url": "rtsp://admin:hunter2@10.0.0.2/a"})
    orders = Orders(((one.home, named), (one.home, one.camera)), "scripted")
    assert "hunter2" not in repr(orders)
    assert len(posts_of(orders, one.detector, Hand(), threading.Event())) == 1
