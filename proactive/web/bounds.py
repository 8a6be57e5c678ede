"""Bounds: how much a browser may send at once. What is more is not read, before anybody asks whose it is.

A form is read as a whole before a route is asked for it, so what it may hold at most is said here, by path.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proactive.web.problem import Refused, problem_response

MEGABYTE = 1 << 20
FORM = 4 * MEGABYTE  # of what people fill in
LARGER = (
    (re.compile(r"/home/pets/[^/]+/photos"), 60 * MEGABYTE),
    (re.compile(r"/cameras/[^/]+/test"), 200 * MEGABYTE),
)
LARGE_AT_ONCE = 2
_OWN = ("/api/records",)  # what programs send is counted where it is read


class Bounds:
    """Refuses a body that is too large: at once where its length is said, else when too much of it has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._large = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_OWN):
            await self._app(scope, receive, send)
            return
        most = most_at(scope["path"])
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > most:
            await problem_response(413, _words(most), headers={"connection": "close"})(scope, receive, send)
        elif most > FORM and scope["method"] == "POST":
            await self._take_large(scope, _counted(receive, most), send)
        else:
            await self._app(scope, _counted(receive, most), send)

    async def _take_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one of few large bodies at once: they wait on the disk until they are looked at."""
        if self._large >= LARGE_AT_ONCE:
            headers = {"connection": "close", "retry-after": "10"}
            await problem_response(429, "Other files are on their way. Wait a moment.", headers=headers)(
                scope, receive, send
            )
            return
        self._large += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._large -= 1


def most_at(path: str) -> int:
    """Return how many bytes may be sent to a path."""
    return next((most for pattern, most in LARGER if pattern.fullmatch(path)), FORM)


def _counted(receive: Receive, most: int) -> Receive:
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise Refused(413, _words(most), headers={"connection": "close"})
        return message

    return counted


def _words(most: int) -> str:
    return f"That is too much at once: expected at most {most // MEGABYTE} MB. Send less, or smaller files."
