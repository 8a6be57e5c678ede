"""Pushing to the browsers of who visits: where may be pushed to, and the message that shows that it works."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request

from proactive.notify.channel import Message
from proactive.outside import is_outside
from proactive.subscription import Subscription
from proactive.web.access import LOOPBACK, is_this_machine
from proactive.web.problem import Refused
from proactive.web.visit import Visit


def require_endpoint(request: Request, subscription: Subscription) -> None:
    """Raise Refused where somebody lets this machine post to another one of their own network in the name of a push service.

    A browser on this very machine could do that by itself.
    """
    host = urlsplit(subscription.endpoint).hostname or ""
    if host.rstrip(".") in LOOPBACK and is_this_machine(request):
        return
    if not is_outside(host):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "That is no push service. Subscribe again in the browser.")


def trial(visit: Visit) -> Message:
    """Return the message that shows that pushes arrive."""
    return Message(
        tag="test",
        to=visit.person,
        title=visit.home.name or visit.home.home,
        body="This is a test. Notifications reach this device.",
        home=visit.home.home,
        person=visit.person,
        time=visit.now,
        page="/device",
    )
