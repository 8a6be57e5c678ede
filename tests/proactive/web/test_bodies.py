"""Bodies that no browser sends: broken, cut off, too large, of another kind. Each is answered in words and changes nothing."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from rules.home import Home
from tests.proactive.conftest import make_rule
from tests.proactive.web.conftest import Running
from tests.proactive.web.people import browser_of
from tests.proactive.web.test_attacks import raw
from tests.proactive.web.test_routes import filled, routes

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MALFORMED: tuple[tuple[str, bytes], ...] = (
    (FORM, b"\xff\xfe=%zz&&==&form"),
    (FORM, b"&".join(b"n%d=1" % number for number in range(1_100))),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--"),
    (
        "multipart/form-data; boundary=x; charset=nonsense",
        b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\x00\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="\x00../a"\r\n\r\nPK\x03\x04\r\n--x--',
    ),
    ("multipart/form-data; boundary=" + "x" * 300, b"--" + b"x" * 300 + b"\r\n"),
    (JSON, b'{"text": '),
    (JSON, b"[" * 50_000),
    (JSON, b'{"said": "\\ud800", "text": "\\u0000", "ticket": 1e999, "old": ' + b"9" * 5_000 + b"}"),
    (JSON, "{}".encode("utf-16")),
    ("text/plain; charset=nonsense", b"\x00"),
)
KINDS = 4  # of them that each route is sent; the next route is sent the next ones


def posts(running: Running) -> list[str]:
    return [filled(path) for method, path, _ in routes(running) if method == "POST" and "sign-out" not in path]


def test_a_body_that_is_broken_is_answered_in_words_and_changes_nothing(running: Running) -> None:
    running.store.put_rule(make_rule(), at=0)
    owner = browser_of(running, "person.greg")
    form = owner.form()
    for number, path in enumerate(posts(running)):
        for turn in range(KINDS):
            kind, body = MALFORMED[(number * KINDS + turn) % len(MALFORMED)]
            answer = owner.client.post(path, content=body, headers={"Content-Type": kind, "X-Form": form})
            assert answer.status_code < 500, (path, kind, body[:60], answer.text[:300])
        running.clock.pass_by(seconds=KINDS)
    assert running.store.rule("maple", "daisy-fed").when == make_rule().when


def test_more_than_a_route_takes_is_refused_unread_where_its_length_is_said(running: Running) -> None:
    for path in [*posts(running), "/api/look"]:
        said = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {10**12}\r\n\r\n"
        got = raw(running, said.encode())
        assert got.startswith(b"HTTP/1.1 413 ") and b"expected at most" in got, path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sign-in", FORM), ("/sign-in", "multipart/form-data; boundary=x"), ("/home/details", FORM), ("/push/answer", JSON),
        ("/api/talk", JSON), ("/home/pets/pet.daisy", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_more_than_a_route_takes_is_refused_as_it_comes_where_no_length_is_said(
    running: Running, path: str, kind: str
) -> None:
    owner = browser_of(running, "person.greg")
    begins = (
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="f"\r\n\r\n' if "boundary" in kind else b"name="
    )

    def drops() -> Iterator[bytes]:
        yield begins
        yield from (b"x" * (1 << 20) for _ in range(6))

    assert owner.client.post(path, content=drops(), headers={"Content-Type": kind}).status_code == 413


def test_what_is_cut_off_in_the_middle_leaves_nothing_and_is_no_fault(
    running: Running, maple: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    cookie = browser_of(running, "person.greg").client.cookies["proactive"]
    host, port = running.address.removeprefix("http://").split(":")
    for path in (
        "/home/pets/pet.daisy/photos",
        "/cameras/cam.kitchen/test",
        "/sign-in",
        "/push/answer",
        "/home/details",
    ):
        with socket.create_connection((host, int(port)), timeout=20) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {running.address}\r\nCookie: proactive={cookie}\r\n"
            line.sendall(
                f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\n".encode()
            )
    assert browser_of(running, "person.maya").get("/home").status_code == 200
    assert [each.getMessage() for each in caplog.records] == []
    assert running.store.export_home("maple") == maple
