"""What comes in from a stream: parts, freshness, addresses, and connections to real servers on the loopback."""

from __future__ import annotations

import base64
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from random import Random
from time import monotonic

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.loop import read_stamp
from benchmarks.studio import Camera, drawn_film, studio
from rules.problem import InputError
from vision.live.address import kind_of, login, without_password
from vision.live.connection import connect
from vision.live.freshness import OLD, Freshness
from vision.live.multipart import NotMultipart, Parts, boundary_of
from vision.live.reader import Backoff, Reader
from vision.live.shot import Pace, Shot, SourceLost

NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)
SECRET = "hunter2"


# --- parts ------------------------------------------------------------------------------------------------------


def stream(bodies: list[bytes], lengths: bool) -> bytes:
    head = b"--b\r\nContent-Type: image/jpeg\r\n"
    parts = [head + (b"Content-Length: %d\r\n" % len(body) if lengths else b"") + b"\r\n" + body for body in bodies]
    return b"\r\n".join([*parts, b"--b\r\n"])


@given(st.lists(st.binary(min_size=1).filter(lambda b: b"--b" not in b), max_size=5), st.booleans(), st.data())
def test_parts_are_the_same_however_a_stream_is_cut_into_chunks(
    bodies: list[bytes], lengths: bool, data: st.DataObject
) -> None:
    whole = stream(bodies, lengths)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    parts = Parts(b"--b")
    found = [part for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True) for part in parts.receive(whole[a:b])]
    # Without a length the line break before the boundary cannot be told from the picture; a JPEG does not mind it.
    assert found == (bodies if lengths else [body + b"\r\n" for body in bodies])


def test_with_a_length_a_picture_is_whole_with_its_last_byte() -> None:
    assert Parts(b"--b").receive(stream([b"one"], lengths=True).removesuffix(b"\r\n--b\r\n")) == [b"one"]


def test_a_stream_without_an_end_of_its_part_is_given_up() -> None:
    parts = Parts(b"--b")
    with pytest.raises(NotMultipart, match="at most 16 MB"):
        for _ in range(18):
            parts.receive(bytes(1 << 20))


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=frame", b"--frame"),
        ('multipart/x-mixed-replace;boundary="--frame"', b"--frame"),
        ("Multipart/X-Mixed-Replace; Boundary=myboundary; charset=x", b"--myboundary"),
        ("image/jpeg", None),
        ("video/mp4", None),
    ],
)
def test_boundaries_are_read_as_cameras_write_them(content_type: str, boundary: bytes | None) -> None:
    assert boundary_of(content_type) == boundary


# --- freshness --------------------------------------------------------------------------------------------------


def judged(arrivals: list[float], stamps: Sequence[float | None] | None = None) -> list[bool]:
    freshness = Freshness()
    return [freshness.receive(at, stamps[n] if stamps else None) <= OLD for n, at in enumerate(arrivals)]


def test_pictures_that_come_at_their_rate_are_of_now() -> None:
    assert all(judged([n * 0.2 for n in range(20)]))


def test_what_piled_up_while_nobody_read_is_old_until_pictures_come_at_their_rate_again() -> None:
    steady, pile = [n * 0.2 for n in range(10)], [6.8 + n * 0.005 for n in range(25)]
    after = [7.1, 7.3, 7.5, 7.7]
    assert judged([*steady, *pile, *after]) == [True] * 10 + [False] * 27 + [True, True]


def test_a_pile_that_comes_in_two_heaps_is_old_to_its_end() -> None:
    steady, heaps = (
        [n * 0.2 for n in range(10)],
        [6.0 + n * 0.01 for n in range(8)] + [6.3 + n * 0.01 for n in range(8)],
    )
    assert not any(judged([*steady, *heaps])[10:])


def test_after_a_silence_of_the_camera_its_pictures_are_of_now_once_they_have_kept_their_pace_for_half_a_second() -> (
    None
):
    assert judged([0, 0.2, 0.4, 0.6, 0.8, 8.8, 9.0, 9.2, 9.4]) == [True] * 5 + [False] * 3 + [True]
    assert judged([0, 1, 2, 3, 4, 12, 13]) == [True] * 5 + [False, True]


def test_a_stamp_that_is_missing_or_begins_anew_makes_no_picture_of_a_pile_one_of_now() -> None:
    steady, pile = [n * 0.2 for n in range(10)], [6.0 + n * 0.1 for n in range(10)]
    sent: list[float | None] = [n * 0.2 for n in range(20)]
    missing = [*sent[:11], None, *sent[12:]]
    assert not any(judged([*steady, *pile], missing)[10:])
    anew = [*sent[:11], *(n * 0.2 for n in range(9))]
    assert not any(judged([*steady, *pile], anew)[10:])


def test_a_stream_that_should_have_stamps_is_of_now_without_them_after_two_seconds_in_which_none_came() -> None:
    freshness = Freshness(stamped=True)
    assert [freshness.receive(n * 0.5) <= OLD for n in range(7)] == [False] * 4 + [True] * 3


def test_a_stream_whose_stamps_begin_anew_is_of_now_once_it_has_kept_pace() -> None:
    arrivals = [n * 0.2 for n in range(20)]
    assert judged(arrivals, [*arrivals[:10], *arrivals[:10]])[10:] == [False] * 3 + [True] * 7


def test_by_its_timestamps_a_stream_that_falls_behind_is_old_from_a_second_on() -> None:
    arrivals, stamps = [0, 1, 2, 3, 4.8, 6.2, 7.0], [10.0, 11, 12, 13, 14, 15, 17]
    assert judged(arrivals, stamps) == [False, True, True, True, True, False, True]


def test_what_was_buffered_before_a_stream_with_timestamps_was_read_is_old() -> None:
    burst = [2.0 + n * 0.01 for n in range(10)]
    found = judged([*burst, 2.3, 2.5, 2.7, 2.9], [1 + n * 0.2 for n in range(14)])
    assert found == [False] * 12 + [True] * 2


@given(
    st.sampled_from([0.04, 0.2, 0.5, 1.0]),
    st.tuples(st.floats(0, 6), st.floats(0, 8)),
    st.tuples(st.floats(4, 6), st.floats(0, 8)),
    st.floats(0.001, 0.3),
)
@example(0.2, (0.1, 4.0), (4.0, 0.0), 0.05)
@example(1.0, (1.5, 4.0), (4.0, 4.0), 0.01)
def test_however_a_reader_is_held_up_no_stamped_picture_is_taken_for_now_that_is_older_than_a_second(
    period: float, first: tuple[float, float], second: tuple[float, float], cost: float
) -> None:
    """Of a camera that films at its pace, read by who stands still twice, and what waited then in `cost` of the time it took to film."""
    freshness, clock, held = Freshness(stamped=True), 0.0, list[tuple[float, float]]()
    for wait, length in (first, second):
        clock += wait
        held.append((clock, clock + length))
        clock += length
    clock, ages = 0.0, list[float]()
    for taken in (n * period for n in range(round(25 / period))):
        clock = max(taken, clock + cost * period)
        clock = next((end for begin, end in held if begin <= clock < end), clock)
        if freshness.receive(clock, taken) <= OLD:
            ages.append(clock - taken)
    assert max(ages) <= OLD + 0.02  # the camera's clock may have run away by so much meanwhile
    assert ages[-1] < 0.1


def test_what_was_buffered_is_old_on_a_busy_machine_too_which_reads_it_slowly() -> None:
    slowly = [2.0 + n * 0.11 for n in range(10)]
    assert not any(judged(slowly, [1 + n * 0.2 for n in range(10)]))


def test_a_stream_that_comes_unevenly_is_of_now_soon() -> None:
    uneven = [2.0 + n * 0.2 + (0.07 if n % 2 else 0.0) for n in range(8)]
    assert judged(uneven, [1 + n * 0.2 for n in range(8)])[4:] == [True] * 4


def test_a_first_timestamp_of_nothing_is_one() -> None:
    burst = [2.0 + n * 0.01 for n in range(5)]
    assert judged([*burst, 2.2, 2.4, 2.6], [n * 0.2 for n in range(8)]) == [False] * 7 + [True]


def test_timestamps_that_never_move_are_none() -> None:
    assert judged([n * 0.5 for n in range(8)], [0.0] * 8) == [False] * 5 + [True] * 3


def test_a_camera_whose_clock_runs_away_slowly_is_of_now() -> None:
    arrivals = [n * 1.0 for n in range(4000)]
    assert all(judged(arrivals, [at * 0.999 + 5 for at in arrivals])[1:])


# --- pace -------------------------------------------------------------------------------------------------------


def test_of_a_stream_of_just_the_rate_no_picture_is_lost_to_jitter() -> None:
    due = Pace(5)
    assert all(due(10 + n * 0.2 + (0.015 if n % 2 else 0)) for n in range(50))


def test_of_a_faster_stream_as_many_pictures_are_taken_as_somebody_looks_at() -> None:
    due = Pace(5)
    assert sum(due(n * 0.04) for n in range(250)) == pytest.approx(50, abs=1)


# --- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("rtsp://10.0.0.2/a", "rtsp"),
        ("https://cam/still.jpg", "http"),
        ("0", "webcam"),
        ("webcam:1", "webcam"),
        ("webcam:/dev/video2", "webcam"),
        ("webcam:/dev/v4l/by-id/usb-046d_HD_Pro-index0", "webcam"),
        ("webcam:/dev/../etc/shadow", None),
        ("webcam:/dev/v4l/by-id/../../../home/film.mp4", None),
        ("webcam:/dev/shm/film.mp4", None),
        ("breakfast.mp4", None),
        ("2026", None),
    ],
)
def test_an_address_says_what_kind_of_camera_it_is(address: str, kind: str | None) -> None:
    assert kind_of(address) == kind


def test_an_address_of_another_kind_is_told_without_its_password() -> None:
    with pytest.raises(InputError, match=r"^ftp://10\.0\.0\.2/a: expected a URL") as caught:
        kind_of(f"ftp://admin:{SECRET}@10.0.0.2/a?pwd={SECRET}")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"rtsp://admin:{SECRET}@10.0.0.2:554/a", "rtsp://10.0.0.2:554/a"),
        (f"http://cam/snap.cgi?user=admin&pwd={SECRET}#x", "http://cam/snap.cgi"),
        (f"rtsp://a:b@{SECRET}@10.0.0.2/a", "rtsp://10.0.0.2/a"),
        (f"rtsp://admin:#{SECRET}@10.0.0.2/a", "rtsp://****"),
        (f"rtsp://admin:/{SECRET}@10.0.0.2/a", "rtsp://****"),
        (f"http://{SECRET}:x@[::1/a", "http://[::1/a"),
    ],
)
def test_what_is_shown_of_an_address_holds_no_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_login_is_taken_out_of_the_address_and_unquoted() -> None:
    bare, auth = login("http://admin:p%40ss@cam:81/a?b=c")
    assert (bare, auth is not None) == ("http://cam:81/a?b=c", True)
    assert login("http://cam/a") == ("http://cam/a", None)


# --- connections ------------------------------------------------------------------------------------------------

JPEG = cv2.imencode(".jpg", np.full((36, 64, 3), 100, np.uint8))[1].tobytes()


class Door(BaseHTTPRequestHandler):
    """A camera behind a login, which answers what its path says."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(f"admin:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self._answer(401, "text/plain", b"who?", [("WWW-Authenticate", 'Basic realm="camera"')])
        elif "still" in self.path:
            self._answer(200, "image/jpeg", JPEG)
        elif "page" in self.path:
            self._answer(200, "text/html", b"<p>not a camera</p>")
        else:
            self._answer(503, "text/plain", b"")

    def _answer(self, status: int, kind: str, body: bytes, headers: list[tuple[str, str]] | None = None) -> None:
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), *(headers or [])]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def door() -> Iterator[str]:
    """Serve a camera behind a login; give its host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_snapshot_is_asked_for_again_and_again_with_its_login() -> None:
    with door() as host:
        shots = list(islice(connect(f"http://admin:{SECRET}@{host}/still.jpg", lambda: NOW, 50), 3))
    assert [shot.fresh for shot in shots] == [True] * 3
    image = shots[0].decode()
    assert image is not None and image.shape == (36, 64, 3)


@pytest.mark.parametrize(
    "url",
    [
        "http://admin:{secret}@{host}/gone?pwd={secret}",
        "http://admin:{secret}@{host}/page?pwd={secret}",
        "http://eve:{secret}x@{host}/still.jpg",
        "http://admin:{secret}@127.0.0.1:1/a",
        "rtsp://admin:{secret}@127.0.0.1:1/a?pwd={secret}",
        "http://admin:{secret}@[::1/a",
        "http://admin:{secret}@host with spaces/a",
    ],
)
def test_a_camera_that_gives_no_pictures_is_told_without_its_password(
    url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with door() as host, pytest.raises((SourceLost, InputError)) as caught:
        next(connect(url.format(secret=SECRET, host=host), lambda: NOW, 5, timedelta(seconds=2)))
    trace = repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
    printed = "".join(capfd.readouterr())
    assert SECRET not in trace + printed + caplog.text


def test_a_reader_has_the_newest_picture_and_counts_what_it_drops() -> None:
    heard = threading.Event()
    shots = [Shot(NOW + timedelta(seconds=n / 5), n != 1, lambda: None) for n in range(4)]

    def once() -> Iterator[Shot]:
        yield from shots
        heard.set()
        threading.Event().wait(30)

    reader = Reader("cam.a", once, lambda: None)
    reader.start()
    assert heard.wait(10)
    assert reader.take(NOW + timedelta(seconds=1)) is shots[3]
    assert reader.take(NOW + timedelta(seconds=1)) is None
    assert (reader.counts.received, reader.counts.dropped, reader.counts.old) == (4, 2, 1)
    reader.stop()


def test_a_picture_that_has_waited_for_more_than_a_second_is_never_used() -> None:
    heard = threading.Event()
    shot = Shot(NOW, True, lambda: None)

    def once() -> Iterator[Shot]:
        yield shot
        heard.set()
        threading.Event().wait(30)

    reader = Reader("cam.a", once, lambda: None)
    reader.start()
    assert heard.wait(10)
    assert reader.take(NOW + timedelta(seconds=1.01)) is None
    assert reader.counts.old == 1
    reader.stop()


def test_waits_double_up_to_three_seconds_and_begin_anew_after_a_picture() -> None:
    backoff = Backoff(Random(1))
    waits = [backoff() for _ in range(8)]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, [0.5, 1, 2, 3, 3, 3, 3, 3], strict=True))
    backoff.reset()
    assert backoff() <= 0.5


def test_a_stream_gives_pictures_of_now_and_is_found_again_after_it_died() -> None:
    camera = Camera(drawn_film(), fps=20)
    heard = threading.Event()
    with studio([camera]) as urls:
        reader = Reader("cam.a", lambda: connect(urls[0], lambda: datetime.now(UTC), 20), heard.set)
        reader.start()
        ages = []
        for state in ("play", "dead", "play"):
            camera.state = state
            while (reader.trouble == "") == (state == "dead"):
                heard.wait(0.05)
            if state == "play":
                while (shot := reader.take(datetime.now(UTC))) is None:
                    heard.wait(0.05)
                image = shot.decode()
                assert image is not None
                ages.append(shot.time.timestamp() - read_stamp(image, shot.time.timestamp()))
        reader.stop()
    assert all(age < 0.5 for age in ages)
    assert "503" not in reader.trouble
    assert os.environ["OPENCV_FFMPEG_LOGLEVEL"] == "-8"


def test_cameras_that_hang_hold_up_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        urls = [f"rtsp://admin:{SECRET}@127.0.0.1:{deaf.getsockname()[1]}/{n}" for n in range(4)]
        began, lost = monotonic(), list[str]()

        def ask(url: str) -> None:
            with pytest.raises(SourceLost) as caught:
                next(connect(url, lambda: NOW, 5, timedelta(seconds=1)))
            lost.append(str(caught.value))

        asking = [threading.Thread(target=ask, args=(url,)) for url in urls]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert len(lost) == 4 and not any(SECRET in text for text in lost)
    assert monotonic() - began < 3
