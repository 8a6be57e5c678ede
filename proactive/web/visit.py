"""Visits: a person in a browser, what they may do, and how a page says who may open it.

    @router.get("/rules")
    def rules(request: Request, visit: Annotated[Visit, Depends(may("see_rules"))]) -> Response: ...

A session is a row; its token is in a cookie that scripts cannot read. A request that changes something must carry the word
that the page's forms carry (`form`, or the header `X-Form`), which no other site can know. A route without `may(...)`,
`open_to_all` or a token's scope fails the tests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.requests import HTTPConnection

from proactive.access import token
from proactive.access.access import Access
from proactive.access.entry import Came, Denied
from proactive.access.right import Right
from proactive.account import IDLE, Change, Session
from proactive.web.live import Live, marks
from proactive.web.problem import Refused
from proactive.web.site import Here, Site
from rules.home import Home
from rules.units import MINUTE, SECOND

COOKIE = "proactive"
FORM, HEADER = "form", "x-form"
SAFE = ("GET", "HEAD", "OPTIONS")
_TOUCH = 5 * MINUTE  # between two writings that a session is in use


class SignInFirst(Exception):
    """Say that nobody is signed in; the page that was wanted comes after."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who is signed in: their session, what they may do, and the word that forms carry.

    `stamp` is of what there was before the page that is asked for is made, as `proactive.web.live` says.
    """

    site: Site
    session: Session
    access: Access
    form: str
    now: int
    stamp: str = ""

    @property
    def home(self) -> Home:
        """Return the home that they are in."""
        return self.access.home

    @property
    def person(self) -> str:
        """Return the id of the person."""
        return self.session.person

    def note(self, did: str, about: str = "", words: str = "") -> None:
        """Note in the home's list of changes that this person did something."""
        self.site.store.note(
            Change(at=self.now, home=self.home.home, who=self.person, did=did, about=about, words=words)
        )


def find(connection: HTTPConnection, site: Here) -> Visit | None:
    """Return who visits, or None where nobody is signed in."""
    secret = connection.cookies.get(cookie_name(connection))
    now = site.now()
    session = None if secret is None else site.store.session(token.digest(secret), now)
    if session is None or secret is None or session.home not in site.store.home_ids():
        return None
    if now - session.seen_at >= _TOUCH:
        site.store.touch_session(session.id, now)
    # What there is is looked at before what may be known of it, so that no change falls between the two.
    found = marks(site, session.home) if is_for_a_page(connection) else None
    access = access_of(site, session.home, session.person)
    hub: Live = connection.app.state.live
    stamp = "" if found is None else hub.stamp(found, access)
    return Visit(site, session, access, token.form_token(secret), now, stamp)


def is_for_a_page(connection: HTTPConnection) -> bool:
    """Tell whether a browser asks for a page, rather than a program or a script for something else."""
    wants_html = "text/html" in connection.headers.get("accept", "")
    return wants_html and not connection.url.path.startswith(("/api/", "/metrics"))


def access_of(site: Site, home: str, person: str) -> Access:
    """Return what a person may do in a home."""
    return Access(site.store.export_home(home), person, site.store.shown(home, person))


Known = Annotated[Visit | None, Depends(find)]


def may(right: Right) -> Callable[[HTTPConnection, Visit | None], Awaitable[Visit]]:
    """Return the dependency that lets in whoever has a right, and sees that a form comes from one of our pages.

    Raise SignInFirst for nobody, Refused for somebody who may not.
    """

    async def let_in(connection: HTTPConnection, visit: Known) -> Visit:
        if visit is None:
            raise SignInFirst
        if not visit.access.may(right):
            raise Refused(HTTPStatus.FORBIDDEN, "That is not yours to see or change. Ask an owner of the home.")
        if _may_change(connection) and not token.same(await _form_of(connection), visit.form):
            raise Refused(HTTPStatus.FORBIDDEN, "This page was open for too long. Load it again, then try once more.")
        return visit

    let_in.right = right  # type: ignore[attr-defined]  # read by the table of routes and roles
    return let_in


def open_to_all() -> None:
    """Declare that a route is for everybody, signed in or not."""


def _may_change(connection: HTTPConnection) -> bool:
    """Tell whether something may be changed over a connection: a websocket's messages are not looked at here."""
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE


async def _form_of(connection: HTTPConnection) -> str:
    """Return the word that a request carries, or an empty text. A websocket's is the last of the protocols that it asks for."""
    if HEADER in connection.headers:
        return connection.headers[HEADER]
    if not isinstance(connection, Request):
        return connection.headers.get("sec-websocket-protocol", "").rpartition(",")[2].strip()
    kind = connection.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    return str((await connection.form()).get(FORM, ""))


# --- the cookie -------------------------------------------------------------------------------------------------


def cookie_name(connection: HTTPConnection) -> str:
    """Return the name of the cookie: under TLS one that only this host can have set."""
    return f"__Host-{COOKIE}" if connection.url.scheme in ("https", "wss") else COOKIE


def remember(request: Request, response: Response, came: Came) -> None:
    """Give the browser the token of a session, in a cookie that scripts and other sites never see.

    The session that it had before ends: nobody knows of it any more, so nobody could end it.
    """
    site: Site = request.app.state.site
    if (before := request.cookies.get(cookie_name(request))) is not None:
        site.store.end_session(token.digest(before))
    response.set_cookie(
        cookie_name(request), came.token, max_age=IDLE // SECOND, httponly=True, samesite="lax",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip


def denied_page(denied: Denied, show: Callable[[int], Response], status: int) -> Response:
    """Return the page that tells somebody why not: with a status, or, after too many tries, with when to come again."""
    if not denied.wait:
        return show(status)
    answer = show(HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["retry-after"] = str(denied.wait // SECOND + 1)
    return answer


def forget(request: Request, response: Response) -> None:
    """Take the token out of the browser."""
    secure = request.url.scheme == "https"
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=secure)


def device_of(request: Request) -> str:
    """Return what a browser says it is, as a person would: `Firefox on Android`."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def address_of(request: Request) -> str:
    """Return where a request comes from, for counting failures."""
    return request.client.host if request.client is not None else ""


# The first that is found: every browser claims to be some others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
