"""How somebody is told: their channels, each with a test; and their quiet hours."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.notify.channel import WEBPUSH, Route
from proactive.preference import NONE, QUIET_HOURS
from proactive.telling import add_channel, carried, channels_of, remove_channel, send_test, set_quiet, ways_to
from proactive.web.page import back_to, page
from proactive.web.pages.shown import person_of
from proactive.web.visit import Visit, may
from proactive.web.words import problem_words
from rules.home import Person
from rules.problem import InputError

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
Text = Annotated[str, Form(max_length=200)]
OWN, AS_THE_HOME = "own", "home"


@router.get("/home/people/{id}/told")
def told(request: Request, visit: Manager, id: str) -> Response:
    """Show how somebody is told."""
    return _show(request, visit, person_of(visit, id))


@router.post("/home/people/{id}/channels")
def add(
    request: Request, visit: Manager, id: str, name: Text = "", address: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Give somebody a channel."""
    somebody = person_of(visit, id)
    try:
        add_channel(visit.site.store, visit.home.home, id, name, address.strip())
    except InputError as error:
        return _show(request, visit, somebody, problem_words(error.problems), name=name)
    return _done(visit, somebody, "added")


@router.post("/home/people/{id}/channels/remove")
def remove(visit: Manager, id: str, channel: Text = "") -> Response:
    """Take a channel from somebody."""
    somebody = person_of(visit, id)
    remove_channel(visit.site.store, visit.home.home, id, channel)
    return _done(visit, somebody, "removed")


@router.post("/home/people/{id}/channels/test")
def try_out(request: Request, visit: Manager, id: str, channel: Text = "") -> Response:
    """Send somebody a test through one of their channels."""
    somebody, channels = person_of(visit, id), channels_of(visit.site.settings)
    ways = [way for way in _ways(visit, somebody) if way.id == channel]
    if trouble := send_test(ways, channels, visit.home, somebody, visit.now):
        return _show(request, visit, somebody, f"It did not arrive. {trouble}")
    return back_to(_base(somebody), "tested")


@router.post("/home/people/{id}/quiet")
def quiet(
    request: Request, visit: Manager, id: str, hours: Text = AS_THE_HOME, begins: Text = "", ends: Text = ""
) -> Response:
    """Set somebody's quiet hours."""
    somebody = person_of(visit, id)
    chosen = {AS_THE_HOME: None, NONE: NONE}.get(hours, f"{begins}-{ends}")
    try:
        set_quiet(visit.site.store, visit.home.home, id, chosen)
    except InputError as error:
        return _show(request, visit, somebody, problem_words(error.problems))
    return _done(visit, somebody, "saved")


def _done(visit: Visit, somebody: Person, said: str) -> Response:
    visit.note("person.told", somebody.id)
    visit.site.look()
    return back_to(_base(somebody), said)


def _ways(visit: Visit, somebody: Person) -> list[Route]:
    site = visit.site
    return ways_to(site.store, site.settings, visit.home, somebody, channels_of(site.settings))


def _base(somebody: Person) -> str:
    return f"/home/people/{quote(somebody.id, safe='')}/told"


def _show(request: Request, visit: Visit, somebody: Person, wrong: str = "", name: str = "") -> Response:
    found = visit.site.store.preferences(visit.home.home).get((somebody.id, QUIET_HOURS), "")
    begins, _, ends = found.partition("-") if found not in ("", NONE) else ("", "", "")
    ways = {way.id: carried(way) for way in _ways(visit, somebody)}
    return page(
        request, visit, "told.html", 422 if wrong else 200, person=somebody, base=f"/home/people/{quote(somebody.id, safe='')}",
        ways=ways, wrong=wrong, name=name, begins=begins, ends=ends, WEBPUSH=WEBPUSH,
        hours=OWN if begins else found or AS_THE_HOME, ofhome=visit.home.quiet_hours or "",
    )  # fmt: skip
