"""Safety: what holds for every answer and every request, whatever the route: headers, and where a change may come from."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing is loaded from elsewhere, no script or style stands in a page, nobody frames it, no form goes elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
}
_SAFE = ("GET", "HEAD", "OPTIONS")


class Safety:
    """Adds the headers to every answer, and refuses a change that a page of another site asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif is_foreign(scope):
            refused = PlainTextResponse("Another site asked for this, so it was not done.", 403, HEADERS)
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, _adding(send))


def is_foreign(scope: Scope) -> bool:
    """Tell whether a page of another site asks for a change, or for a live connection.

    Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`); programs, which carry a token and no cookie, say nothing.
    """
    if scope["type"] == "http" and scope["method"] in _SAFE:
        return False
    headers = Headers(scope=scope)
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host")
    if site is not None:
        return site not in ("same-origin", "none")
    return "cookie" in headers


def _adding(send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            # What a person sees is kept by no cache on the way; what never changes says so itself.
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return adding
