"""Services on this machine: a push service whose browsers decrypt what they get, and a receiver that keeps what is posted."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


@dataclass
class Request:
    """What was posted."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Keeps what is posted to it, and answers with `status`."""

    port: int = 0
    status: int = 201
    got: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of the loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(Request(self.path, dict(self.headers), body))
            self.send_response(404 if "refuse" in self.path else receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    receiver.port = server.server_port
    yield receiver
    server.shutdown()
    server.server_close()


class Browser:
    """A browser that has subscribed: it has the keys to what is pushed to it (RFC 8291)."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    @property
    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "keys": {"p256dh": _text(point), "auth": _text(self.secret)}}

    @property
    def address(self) -> str:
        return json.dumps(self.subscription)

    def read(self, request: Request) -> dict[str, Any]:
        """Return what was pushed, decrypted, after checking who signed it (RFC 8292)."""
        assert request.headers["content-encoding"] == "aes128gcm"
        assert Vapid02.verify(request.headers["authorization"])
        plain = http_ece.decrypt(request.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        value: dict[str, Any] = json.loads(plain)
        return value


def claims(request: Request) -> dict[str, Any]:
    """Return what the signature of a push claims."""
    token = request.headers["authorization"].partition("t=")[2].partition(",")[0]
    part = token.split(".")[1]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
