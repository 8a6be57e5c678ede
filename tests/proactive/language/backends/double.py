"""A model server on loopback that does as it is told: it speaks the real wire shapes, and fails in every way a server can."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-hunter2hunter2"


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.raw)
        return value


@dataclass
class Double:
    """A server: `acts` are done one a request, the last again and again; `asked` is what came."""

    port: int = 0
    acts: list[Act] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)  # a client has hung up while we were busy

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def next_act(self) -> Act:
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


class Handler(BaseHTTPRequestHandler):
    """One connection; `double` is the server it belongs to."""

    protocol_version = "HTTP/1.1"
    double: Double
    raw: bytes = b""

    def do_POST(self) -> None:
        self.raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.double.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, self.raw))
        try:
            self.double.next_act()(self)
        except OSError:
            self.close_connection = True
            self.double.gone.set()

    def do_GET(self) -> None:
        self.do_POST()

    def reply(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, type: str = "application/json"
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self, type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def finish_pieces(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def wait_for_the_client_to_leave(self) -> None:
        """Say nothing until the client hangs up, or the test ends."""
        self.connection.settimeout(0.02)
        while not self.double.ending.is_set():
            try:
                if self.connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
        self.double.gone.set()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Act = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # several clients may call before a busy machine comes to accept
    daemon_threads = True


@contextmanager
def running(*acts: Act) -> Iterator[Double]:
    """Run a double that does these acts."""
    double = Double(acts=list(acts))
    handler = type("Bound", (Handler,), {"double": double})
    server = _Server(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that hang up are part of it
    double.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield double
    finally:
        double.ending.set()
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """Return a port where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- acts of any server -----------------------------------------------------------------------------------------


def refuse(status: int, message: str = "no", **headers: str) -> Act:
    """Answer with an error as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
    return lambda handler: handler.reply(status, body, {k.replace("_", "-"): v for k, v in headers.items()})


def send(body: bytes, status: int = 200, type: str = "application/json") -> Act:
    """Answer with these bytes."""
    return lambda handler: handler.reply(status, body, type=type)


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def fall_silent(handler: Handler) -> None:
    """Take the request and never answer."""
    handler.wait_for_the_client_to_leave()


def cut_short(handler: Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    hang_up(handler)


def trickle(handler: Handler) -> None:
    """Send a byte of an answer now and then, for ever."""
    handler.begin("application/json")
    while not handler.double.ending.wait(0.02):
        handler.piece(b" ")


def ping(handler: Handler) -> None:
    """Keep a stream alive without ever saying anything."""
    handler.begin("text/event-stream")
    while not handler.double.ending.wait(0.02):
        handler.piece(b": ping\n\n")


def cancelling(cancel: threading.Event, act: Act) -> Act:
    """Have the request cancelled as soon as it is here, and do an act."""

    def cancelled(handler: Handler) -> None:
        cancel.set()
        act(handler)

    return cancelled


# --- OpenAI's words ---------------------------------------------------------------------------------------------

USAGE = {
    "prompt_tokens": 120,
    "completion_tokens": 7,
    "prompt_tokens_details": {"cached_tokens": 100},
    "completion_tokens_details": {"reasoning_tokens": 3},
}


def say(content: Any, finish: str = "stop", **message: Any) -> Act:
    """Answer with a message; a value becomes its JSON."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
    return send(json.dumps({"object": "chat.completion", "choices": [choice], "usage": USAGE}).encode())


def chunks(text: str, size: int = 5) -> list[bytes]:
    """Return a whole stream of a text: role, pieces, end, usage."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None}]
    deltas += [{"content": text[start : start + size]} for start in range(0, len(text), size)]
    rows: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
    rows += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": USAGE}]
    return [b"data: " + json.dumps(row, ensure_ascii=False).encode() + b"\n\n" for row in rows] + [b"data: [DONE]\n\n"]


def stream(*pieces: bytes, then: Act | None = None) -> Act:
    """Send pieces of a stream, and end it, or do something else."""

    def act(handler: Handler) -> None:
        handler.begin("text/event-stream")
        for piece in pieces:
            handler.piece(piece)
        if then is not None:
            then(handler)
        else:
            handler.finish_pieces()

    return act


def taking(allowed: Callable[[dict[str, Any]], str | None], act: Act) -> Act:
    """Do an act for requests that are taken; refuse the others with what `allowed` says of their body."""

    def checked(handler: Handler) -> None:
        complaint = allowed(handler.double.asked[-1].body)
        (refuse(400, complaint) if complaint else act)(handler)

    return checked
