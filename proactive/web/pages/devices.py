"""Devices: those of the home, and those that its brokers and hubs know and it does not list yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.error import ProactiveError
from proactive.finding import find_unlisted, with_found
from proactive.web.page import back_to, page
from proactive.web.problem import words_for_anybody
from proactive.web.visit import Visit, may
from rules.home import Camera, Device
from rules.problem import InputError
from rules.words.times import joined

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
SECONDS = 4.0  # for a broker to say what there is: what it keeps comes at once
NOBODY = "There is no broker and no hub to ask. Whoever runs this sets one, such as PROACTIVE_SOURCE_BROKER=mqtt://broker:1883."


@router.get("/home/devices")
def devices(request: Request, visit: Manager) -> Response:
    """Show the devices of the home."""
    return _show(request, visit)


@router.post("/home/devices/find")
def find(request: Request, visit: Manager) -> Response:
    """Ask brokers and hubs what else there is, and show it."""
    try:
        return _show(request, visit, _unlisted(visit))
    except InputError:
        return _show(request, visit, wrong=NOBODY)
    except ProactiveError as error:
        return _show(request, visit, wrong=words_for_anybody(error))


@router.post("/home/devices/add")
def add(request: Request, visit: Manager, chosen: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006  FastAPI copies it
    """List what was ticked, as it is found now: nothing of a page is believed."""
    try:
        found = [each for each in _unlisted(visit) if each.id in chosen]
    except InputError:
        return _show(request, visit, wrong=NOBODY)
    except ProactiveError as error:
        return _show(request, visit, wrong=words_for_anybody(error))
    if not found:
        return _show(request, visit, wrong="None of that is there any more. Look again.")
    visit.site.store.revise_home(visit.home.home, lambda home: with_found(home, found))
    visit.note("home.devices", words=joined([each.name or each.id for each in found]))
    visit.site.look()
    return back_to("/home/devices", "added")


def _unlisted(visit: Visit) -> list[Camera | Device]:
    return find_unlisted(visit.site.settings, visit.site.store, visit.home, (), SECONDS)


def _show(
    request: Request, visit: Visit, found: Sequence[Camera | Device] | None = None, *, wrong: str = ""
) -> Response:
    rows = None if found is None else [(each.id, each.name or each.id, _tells(each)) for each in found]
    listed = [(each.name or each.id, _tells(each)) for each in visit.home.devices]
    return page(request, visit, "devices.html", 422 if wrong else 200, found=rows, listed=listed, wrong=wrong)


def _tells(entry: Camera | Device) -> str:
    """Return what an entry reports, in words."""
    if isinstance(entry, Camera):
        return "camera"
    told = joined([*entry.attributes, *entry.events])
    return ", ".join(filter(None, (entry.type.replace("_", " "), told and f"tells {told}")))
