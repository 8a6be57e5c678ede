"""This device: notifications turned on, tried and turned off in the browser of who visits, and their other browsers."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.notify.channel import ChannelError, Gone
from proactive.notify.webpush import WebPush
from proactive.settings import PUSH_SUBJECT
from proactive.subscription import Subscription, parse_subscription
from proactive.web.page import back_to, page
from proactive.web.problem import Refused
from proactive.web.pushing import require_endpoint, trial
from proactive.web.visit import Visit, device_of, may

router = APIRouter(include_in_schema=False)
Self = Annotated[Visit, Depends(may("visit"))]
Given = Annotated[str, Form(max_length=5000)]
MOST = 20  # browsers of one person: each gets every push


@router.get("/device")
def device(request: Request, visit: Self) -> Response:
    """Show how notifications stand here, and in the other browsers of who visits."""
    return page(
        request, visit, "device.html", browsers=browsers(visit), key=_key(visit), SUBJECT=PUSH_SUBJECT,
        manages=visit.access.may("manage_home"),
    )  # fmt: skip


@router.post("/device/subscribe")
def subscribe(request: Request, visit: Self, subscription: Given = "") -> dict[str, str]:
    """Push to this browser from now on, in the name of who visits. Say how it stands: `on`, or `lost` where it must be made anew."""
    given = _read(subscription)
    fresh = parse_subscription(
        given, visit.person, device=device_of(request), at=visit.now, session=visit.session.id
    )  # fmt: skip
    require_endpoint(request, fresh)
    known = visit.site.store.subscription(fresh.endpoint)
    if known is not None and known[1].lost_at is not None:
        return {"state": "lost"}
    if known is None and len(browsers(visit)) >= MOST:
        raise Refused(HTTPStatus.CONFLICT, f"You have {MOST} devices already. Take one away first.")
    if known is not None and known[1].person == visit.person:
        fresh = replace(known[1], session=visit.session.id)
    visit.site.store.subscribe(visit.home.home, fresh)
    return {"state": "on", "id": fresh.id}


@router.post("/device/lost")
def lost(visit: Self, endpoint: Given = "") -> dict[str, str]:
    """Note that this browser lost its subscription, which only the browser knows."""
    if _own(visit, endpoint) is not None:
        visit.site.store.lose(endpoint, at=visit.now)
    return {"state": "lost"}


@router.post("/device/unsubscribe")
def unsubscribe(visit: Self, endpoint: Given = "") -> dict[str, str]:
    """Push to this browser no more."""
    if _own(visit, endpoint) is not None:
        visit.site.store.unsubscribe(endpoint)
    return {"state": "off"}


@router.post("/device/test")
def attempt(visit: Self, endpoint: Given = "") -> dict[str, str]:
    """Push a message to this browser at once, and say how that went."""
    found = _own(visit, endpoint)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "This device does not get notifications. Turn them on first.")
    try:
        WebPush(visit.site.settings, visit.site.now).send(trial(visit), found.address)
    except Gone:
        visit.site.store.lose(endpoint, at=visit.now)
        return {"state": "lost"}
    except ChannelError as error:
        raise Refused(HTTPStatus.BAD_GATEWAY, str(error)) from error
    return {"state": "on"}


@router.post("/device/{id}/forget")
def forget(visit: Self, id: str, back: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Push to one of the browsers of who visits no more, from whichever they are at."""
    for each in browsers(visit):
        if each.id == id:
            visit.site.store.unsubscribe(each.endpoint)
    return back_to("/account" if back == "account" else "/device", "saved")


def browsers(visit: Visit) -> list[Subscription]:
    """Return the browsers of who visits, those that were lost among them."""
    return visit.site.store.browsers(visit.home.home, visit.person)


def _own(visit: Visit, endpoint: str) -> Subscription | None:
    return next((each for each in browsers(visit) if each.endpoint == endpoint), None)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _key(visit: Visit) -> str:
    """Return the key that browsers subscribe with; empty where this installation cannot push yet."""
    if visit.site.settings.push_subject is None:
        return ""
    try:
        return WebPush(visit.site.settings).public_key()
    except ChannelError:
        return ""
