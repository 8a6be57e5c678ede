"""How somebody is told: their channels in the order in which they are tried, each with a test; and their quiet hours.

Owners set it for everybody, and everybody for themselves; what each may is in `Access`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, get_args
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.notify.channel import WEBPUSH, Route
from proactive.preference import NONE, ORDER, QUIET_HOURS, Preferences, preferred
from proactive.reach import A_BROWSER, unreached_words
from proactive.telling import (
    add_channel,
    carried,
    channels_of,
    remove_channel,
    require_outside,
    send_test,
    set_quiet,
    try_earlier,
    ways_to,
)
from proactive.web.page import back_to, page
from proactive.web.pages.shown import person_of
from proactive.web.problem import Refused
from proactive.web.talk.saying import keep_pace
from proactive.web.visit import Visit, may
from proactive.web.words import problem_words
from rules.home import Person
from rules.problem import InputError
from rules.rule import Urgency
from rules.words.times import clock, joined

router = APIRouter(include_in_schema=False)
Self = Annotated[Visit, Depends(may("visit"))]
Text = Annotated[str, Form(max_length=200)]
OWN, AS_THE_HOME = "own", "home"


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which somebody is told: the id of the channel, its name, how it reaches them; `kept` where it can be taken away."""

    id: str
    name: str
    words: str
    kept: bool = False


@router.get("/home/people/{id}/told")
def told(request: Request, visit: Self, id: str) -> Response:
    """Show how somebody is told."""
    return _show(request, visit, _told(visit, id))


@router.post("/home/people/{id}/channels")
def add(
    request: Request, visit: Self, id: str, name: Text = "", address: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Give somebody a channel."""
    somebody = _reached(visit, id)
    try:
        if not visit.access.may("manage_home"):
            require_outside(address.strip())
        add_channel(visit.site.store, visit.home.home, id, name, address.strip())
    except InputError as error:
        return _show(request, visit, somebody, problem_words(error.problems), name=name)
    return _done(visit, somebody, "added")


@router.post("/home/people/{id}/channels/remove")
def remove(visit: Self, id: str, channel: Text = "") -> Response:
    """Take a channel from somebody."""
    somebody = _reached(visit, id)
    remove_channel(visit.site.store, visit.home.home, id, channel)
    return _done(visit, somebody, "removed")


@router.post("/home/people/{id}/channels/earlier")
def earlier(visit: Self, id: str, channel: Text = "") -> Response:
    """Try one of somebody's channels before the one before it."""
    somebody = _told(visit, id)
    try_earlier(visit.site.store, visit.home, somebody, channel)
    return _done(visit, somebody, "saved")


@router.post("/home/people/{id}/channels/test")
def try_out(request: Request, visit: Self, id: str, channel: Text = "") -> Response:
    """Send somebody a test through one of their channels."""
    somebody, site = _told(visit, id), visit.site
    keep_pace(visit)
    ways = [way for way in _routes(visit, somebody) if way.id == channel]
    trouble = send_test(
        ways, channels_of(site.settings), visit.home, somebody, visit.now,
        forget=lambda endpoint: site.store.lose(endpoint, at=visit.now),
    )  # fmt: skip
    if trouble:
        return _show(request, visit, somebody, f"It did not arrive. {trouble}")
    return back_to(telling_of(somebody), "tested")


@router.post("/home/people/{id}/quiet")
def quiet(
    request: Request, visit: Self, id: str, hours: Text = AS_THE_HOME, begins: Text = "", ends: Text = ""
) -> Response:
    """Set somebody's quiet hours."""
    somebody = _told(visit, id)
    if hours == OWN and not (begins and ends):
        return _show(request, visit, somebody, "Give both times: from when, and until when.")
    chosen = {AS_THE_HOME: None, NONE: NONE}.get(hours, f"{begins}-{ends}")
    try:
        set_quiet(visit.site.store, visit.home.home, id, chosen)
    except InputError as error:
        return _show(request, visit, somebody, problem_words(error.problems))
    return _done(visit, somebody, "saved")


def _told(visit: Visit, id: str) -> Person:
    """Return somebody whose telling is for whoever visits to set. Raise Refused, alike where nobody is called so."""
    if not visit.access.may_set_telling(id):
        raise Refused(404, "There is nobody of that name, or how they are told is not yours to set.")
    return person_of(visit, id)


def _reached(visit: Visit, id: str) -> Person:
    """Return somebody whose channels are for whoever visits to add and take away. Raise Refused."""
    somebody = _told(visit, id)
    if not visit.access.may_set_channels(id):
        raise Refused(403, "An owner of the home adds and takes away where you are told.")
    return somebody


def _done(visit: Visit, somebody: Person, said: str) -> Response:
    visit.note("person.told", somebody.id)
    visit.site.look()
    return back_to(telling_of(somebody), said)


def _routes(visit: Visit, somebody: Person) -> list[Route]:
    site = visit.site
    return ways_to(site.store, site.settings, visit.home, somebody, channels_of(site.settings))


def _base(somebody: Person) -> str:
    return f"/home/people/{quote(somebody.id, safe='')}"


def telling_of(somebody: Person) -> str:
    """Return the address of the page about how somebody is told."""
    return f"{_base(somebody)}/told"


def _show(request: Request, visit: Visit, somebody: Person, wrong: str = "", name: str = "") -> Response:
    known = visit.site.store.preferences(visit.home.home)
    hours = known.get((somebody.id, QUIET_HOURS), AS_THE_HOME)
    begins, _, ends = hours.partition("-") if hours not in (AS_THE_HOME, NONE) else ("", "", "")
    own, browsers = somebody.id == visit.person, visit.site.store.browsers(visit.home.home)
    return page(
        request, visit, "told.html", 422 if wrong else 200, person=somebody, base=_base(somebody), own=own, wrong=wrong, name=name,
        adds=visit.access.may_set_channels(somebody.id), anywhere=visit.access.may("manage_home"),
        ways=ways_of(visit, somebody), apart=dict(_apart(known, somebody)), hours=OWN if begins else hours, begins=begins, ends=ends,
        ofhome=hours_words(visit.home.quiet_hours or ""), unreached=unreached_words(somebody, browsers, you=own),
    )  # fmt: skip


def ways_of(visit: Visit, somebody: Person) -> list[Way]:
    """Return the ways in which somebody is told, the first first; their browsers are one."""
    browsers = visit.site.store.subscriptions(visit.home.home)
    devices = [each.device or A_BROWSER for each in browsers if each.person == somebody.id]
    found = {way.id: way for way in _routes(visit, somebody)}
    return [
        Way(id, "Notifications", f"on {joined(devices)}") if id == WEBPUSH
        else Way(id, _name(id), carried(way), kept=id in somebody.channels)
        for id, way in found.items()
    ]  # fmt: skip


def hours_words(hours: str) -> str:
    """Return quiet hours as one reads them: `10 pm to 7 am`; an empty text where there are none."""
    return " to ".join(clock(time) for time in hours.split("-")) if hours else ""


def _apart(preferences: Preferences, somebody: Person) -> Iterator[tuple[str, str]]:
    """Yield the orders that hold for one urgency only."""
    for urgency in get_args(Urgency):
        if order := preferred(preferences, somebody.id, f"{ORDER}.{urgency}"):
            yield urgency, ", ".join(_name(each.strip()) for each in order.split(","))


def _name(id: str) -> str:
    """Return what a channel is called: `phone.greg` is the phone."""
    return id.partition(".")[0].replace("_", " ").capitalize()
