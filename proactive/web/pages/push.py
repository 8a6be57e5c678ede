"""Push: the worker of this site, and what it may do while nobody is signed in: answer with a ticket, and move a subscription."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import FileResponse

from proactive.access import token
from proactive.notify.replies import tap
from proactive.notify.ticket import PICTURE
from proactive.notify.webpush import WebPush
from proactive.subscription import parse_subscription
from proactive.web.asset import asset_url, assets, digest
from proactive.web.notice import picture_for
from proactive.web.page import page
from proactive.web.pages.picture import GONE
from proactive.web.problem import Refused
from proactive.web.pushing import require_endpoint
from proactive.web.site import Here, Site
from proactive.web.visit import access_of, address_of, open_to_all
from rules.problem import InputError

router = APIRouter(include_in_schema=False)
OPEN = [Depends(open_to_all)]
Json = Annotated[dict[str, Any], Body()]
_AT_ONCE = {
    "bad_ticket": HTTPStatus.FORBIDDEN,
    "sign_in": HTTPStatus.FORBIDDEN,
    "expired_ticket": HTTPStatus.GONE,
    "used_ticket": HTTPStatus.CONFLICT,
}


@router.get("/worker.js", dependencies=OPEN)
def worker() -> Response:
    """Send the worker: looked for anew each time, so that a new version is in force at the next page."""
    headers = {"cache-control": "no-cache"}
    return Response(_worker(), media_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _worker() -> str:
    kept = ["/offline", *map(asset_url, ("app.css", "app.js", "icon.svg"))]
    icons = {"icon": asset_url("icon-192.png"), "badge": asset_url("badge.png")}
    told = {"VERSION": digest(), "KEPT": kept, "ICONS": icons}
    before = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    return before + assets()["worker.js"].plain.decode()


@router.get("/offline", dependencies=OPEN)
def offline(request: Request) -> Response:
    """Show what a browser shows where the home cannot be reached. It is the same for everybody."""
    return page(request, None, "offline.html")


@router.post("/push/answer", dependencies=OPEN)
def answer(request: Request, site: Here, given: Json) -> dict[str, str]:
    """Carry out what somebody tapped on a notification, once."""
    _keep_pace(request, site)
    try:
        ticket, words = tap(site.store, WebPush(site.settings).tickets(), str(given.get("ticket", "")), now=site.now())
    except InputError as error:
        raise Refused(_AT_ONCE.get(error.problems[0].code, HTTPStatus.CONFLICT), _sentence(error)) from error
    site.look()
    return {"did": ticket.choice.partition(":")[0], "words": words}


@router.get("/push/picture/{ticket}", dependencies=OPEN)
def picture(request: Request, site: Here, ticket: str) -> Response:
    """Send the picture of a notification to whoever got it, as far as they may see that camera now."""
    _keep_pace(request, site)
    try:
        shown = WebPush(site.settings).tickets().read(ticket, site.now())
    except InputError as error:
        raise Refused(HTTPStatus.NOT_FOUND, GONE) from error
    found = site.store.notification(shown.notification) if shown.choice == PICTURE else None
    if found is None or found.home not in site.store.home_ids():
        raise Refused(HTTPStatus.NOT_FOUND, GONE)
    file = picture_for(site, access_of(site, found.home, shown.person), found)
    if file is None:
        raise Refused(HTTPStatus.NOT_FOUND, GONE)
    return FileResponse(file, media_type="image/jpeg")


@router.post("/push/moved", dependencies=OPEN)
def moved(request: Request, site: Here, given: Json) -> dict[str, str]:
    """Push to another address of a browser from now on: whoever knows the keys of the old one is that browser."""
    _keep_pace(request, site)
    old = parse_subscription(given.get("old"), "")
    found = site.store.subscription(old.endpoint)
    if found is None or not token.same(found[1].auth, old.auth):
        raise Refused(HTTPStatus.FORBIDDEN, "This browser is not known. Open the app in it, and turn notifications on.")
    home, known = found
    fresh = parse_subscription(given.get("fresh"), known.person)
    require_endpoint(request, fresh)
    site.store.subscribe(home, replace(fresh, device=known.device, created_at=site.now(), session=known.session))
    if fresh.endpoint != old.endpoint:
        site.store.unsubscribe(old.endpoint)
    return {"state": "on"}


def _keep_pace(request: Request, site: Site) -> None:
    wait = site.requests.take(("push", address_of(request)))
    if wait:
        raise Refused(
            HTTPStatus.TOO_MANY_REQUESTS, "Too much at once. Try again in a moment.", (), {"Retry-After": f"{wait:.0f}"}
        )


def _sentence(error: InputError) -> str:
    first = error.problems[0]
    words = f"{first.message[:1].upper()}{first.message[1:]}"
    return f"{words} {first.hint}".strip()
