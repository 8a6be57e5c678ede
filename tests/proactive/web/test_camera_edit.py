"""Laws of adding a camera: it is tried before it is saved, and its address is sealed and shown to nobody again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from sqlite3 import connect

import cv2
import numpy as np
import pytest

from proactive.first_picture import first_picture
from rules.home import Camera, Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import Browser, browser_of, family
from vision.live.shot import SourceLost

SECRET = "hunter2-of-the-camera"
JPEG = cv2.imencode(".jpg", np.full((36, 64, 3), 100, np.uint8))[1].tobytes()


class Door(BaseHTTPRequestHandler):
    """A camera that answers what its path says; one that hangs does so until the test ends."""

    hanging = threading.Event()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if "hang" in self.path:
            self.hanging.wait(20)
            return
        kind, body = ("image/jpeg", JPEG) if "still" in self.path else ("text/html", b"<p>not a camera</p>")
        self.send_response(200 if "still" in self.path or "page" in self.path else 401)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def door() -> Iterator[str]:
    Door.hanging.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        Door.hanging.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def greg(running: Running) -> Browser:
    return browser_of(running, "person.greg")


def camera(running: Running, id: str) -> Camera:
    found = running.store.export_home("maple").by_id[id]
    assert isinstance(found, Camera)
    return found


def test_a_camera_is_tried_and_its_picture_shown_before_anything_is_saved(running: Running, greg: Browser) -> None:
    with door() as host:
        answer = greg.post("/cameras/try", address=f"http://admin:{SECRET}@{host}/still.jpg")
        assert answer.headers["content-type"] == "image/jpeg" and answer.content[:2] == b"\xff\xd8"
        wrong = greg.client.post(
            "/cameras/try",
            data={"form": greg.form(), "address": f"http://admin:{SECRET}@{host}/locked"},
            headers={"Accept": "*/*"},
        )
    assert wrong.status_code == 422 and "the camera answered 401" in wrong.json()["detail"]
    assert SECRET not in wrong.text and len(running.store.export_home("maple").cameras) == 1


@pytest.mark.parametrize("address", ["/etc/passwd", "film.mp4", "ftp://x/y", "file:///etc/passwd", ""])
def test_a_file_of_this_machine_is_no_camera(running: Running, greg: Browser, address: str) -> None:
    assert greg.post("/cameras/try", address=address).status_code == 422
    if address:
        assert greg.post("/cameras", name="porch", address=address).status_code == 422
    assert len(running.store.export_home("maple").cameras) == 1


def test_a_camera_that_hangs_is_given_up() -> None:
    with door() as host, pytest.raises(SourceLost, match=r"127.0.0.1:\d+/hang: no picture came") as lost:
        first_picture(f"http://admin:{SECRET}@{host}/hang", seconds=0.2)
    assert SECRET not in str(lost.value)


def test_an_address_is_sealed_and_shown_to_nobody_again(running: Running, greg: Browser) -> None:
    address = f"rtsp://admin:{SECRET}@192.0.2.7/stream1?token={SECRET}"
    location = greg.post("/cameras", name="Front Door", sees="the steps", address=address).headers["location"]
    assert location == "/cameras/cam.front_door?said=added" and camera(running, "cam.front_door").url == address
    shown = [
        greg.get(path).text
        for path in ("/cameras", "/cameras/cam.front_door", "/cameras/cam.front_door/edit", "/home/changes")
    ]
    assert not any(SECRET in text for text in shown) and "shown to nobody" in shown[2]
    (path,) = running.site.settings.data.glob("proactive.db")
    with closing(connect(path)) as database:
        assert not any(SECRET in str(row) for row in database.execute("SELECT * FROM camera"))


def test_a_camera_is_changed_and_keeps_its_address_and_zones(running: Running, greg: Browser) -> None:
    greg.post("/cameras/cam.kitchen/edit", name="kitchen", sees="bowls", address="http://192.0.2.7/still.jpg")
    greg.post("/cameras/cam.kitchen/edit", name="Kitchen eye", sees="bowls", address="")
    found = camera(running, "cam.kitchen")
    assert (found.name, found.url, len(found.zones)) == ("Kitchen eye", "http://192.0.2.7/still.jpg", 2)
    greg.post("/cameras/cam.kitchen/edit", name="Kitchen eye", sees="bowls", off="yes")
    assert camera(running, "cam.kitchen").url is None
    assert running.runtime.homes["maple"].by_id["cam.kitchen"].name == "Kitchen eye"


@pytest.mark.parametrize("name", ["", "KITCHEN camera", "Daisy"])
def test_a_name_that_is_empty_or_anothers_is_refused(running: Running, greg: Browser, name: str) -> None:
    assert greg.post("/cameras", name=name).status_code == 422
    assert len(running.store.export_home("maple").cameras) == 1


def test_a_camera_stays_while_a_rule_goes_by_it(running: Running, greg: Browser) -> None:
    running.store.put_rule(make_rule(), at=0)
    answer = greg.post("/cameras/cam.kitchen/remove")
    assert answer.status_code == 409 and "Daisy has not been fed by noon" in answer.text
    running.store.drop_rule("maple", "daisy-fed", at=0)
    assert greg.post("/cameras/cam.kitchen/remove").headers["location"] == "/cameras?said=removed"
    assert running.store.export_home("maple").cameras == ()


def test_an_owner_says_who_may_see_a_camera(running: Running, greg: Browser, maple: Home) -> None:
    running.store.import_home(family(maple))
    greg.post("/cameras/cam.kitchen/shown", shown=["person.zoe"])
    assert running.store.shown("maple", "person.zoe") == {"cam.kitchen": True}
    assert running.store.shown("maple", "person.max") == {"cam.kitchen": False}
    assert running.store.shown("maple", "person.gus") == {}, "what is so anyway is left to what they count as"
