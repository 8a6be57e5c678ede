"""Laws of a connection, on real sockets: headers end soon, and whoever asks properly is not hurried."""

from __future__ import annotations

import socket

import pytest

from proactive.web.line import Line
from tests.proactive.web.conftest import Running

ASKED = b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(running: Running) -> socket.socket:
    host, port = running.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def ends(line: socket.socket) -> bool:
    """Wait until the other side ends a connection."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-More: "])
def test_headers_that_do_not_end_end_the_connection(
    running: Running, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(Line, "patience", 0.2)
    with connect(running) as line:
        line.sendall(said)
        assert ends(line)


def test_headers_of_the_next_request_on_a_connection_end_soon_too(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "patience", 0.5)
    with connect(running) as line:
        line.sendall(ASKED)
        answer = b""
        while not answer.endswith(b'{"status":"ok"}'):
            answer += line.recv(65536)
        line.sendall(b"GET / HTTP/1.1\r\nX-More: ")
        assert ends(line)


def test_a_request_that_is_there_has_all_the_time_that_its_body_needs(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "patience", 0.2)
    token = running.token("records:write")
    head = (
        f"POST /api/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    )
    with connect(running) as line, connect(running) as idle:
        line.sendall(head.encode() + b"[")
        assert ends(idle), "longer than anybody waits for headers"
        line.sendall(b"]")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
