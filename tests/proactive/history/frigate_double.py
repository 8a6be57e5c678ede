"""A double of Frigate's `/api/events` on loopback: the newest first, `after` and `before` exclusive, `limit` at most."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Frigate(ThreadingHTTPServer):
    """Answers with the events that it has; `asked` are the queries so far, `status` and `body` what it answers instead."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events = events
        self.asked: list[dict[str, str]] = []
        self.status, self.body = 200, b""

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Frigate

    def do_GET(self) -> None:
        """Answer one query."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append(query)
        body = self.server.body or json.dumps(self._page(query)).encode()
        self.send_response(self.server.status if parts.path == "/api/events" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        after, before, limit = float(query["after"]), float(query["before"]), int(query["limit"])
        found = [event for event in self.server.events if after < event["start_time"] < before]
        return sorted(found, key=lambda event: -event["start_time"])[:limit]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def frigate(events: list[dict[str, Any]]) -> Iterator[Frigate]:
    """Serve events while the block runs."""
    with Frigate(events) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
