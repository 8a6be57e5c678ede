"""Cameras added, changed and taken away. An address holds a password: it is asked for, tried, sealed, and shown to nobody again."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.first_picture import check_address, first_picture
from proactive.listing import entry_id, rules_about, with_entry, without_entry
from proactive.web.page import back_to, page
from proactive.web.pages.cameras import base_of, camera_of
from proactive.web.problem import Refused
from proactive.web.visit import Visit, access_of, may
from proactive.web.words import problem_words, title_of
from rules.home import Camera, Home
from rules.problem import InputError
from rules.words.times import joined

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
Sharer = Annotated[Visit, Depends(may("manage_people"))]
Text = Annotated[str, Form(max_length=200)]
Address = Annotated[str, Form(max_length=2000)]
NOT_HERE = (
    "Cameras cannot be watched here: seeing is not installed. Whoever runs this can: pip install 'proactive[vision]'"
)
_trying = threading.Lock()  # one camera at a time: whoever tries many looks for something else


@router.get("/cameras/new")
def new(request: Request, visit: Manager) -> Response:
    """Show what is asked of a new camera."""
    return _form(request, visit, Camera(id="new"), adds=True)


@router.post("/cameras")
def add(request: Request, visit: Manager, name: Text = "", sees: Text = "", address: Address = "") -> Response:
    """List a camera; it is watched from then on."""
    given = Camera(id="new", name=name.strip(), sees=sees.strip(), url=address.strip() or None)
    if wrong := _wrong(visit.home, given):
        return _form(request, visit, given, wrong, adds=True)
    listed: list[Camera] = []

    def listing(home: Home) -> Home:
        listed.append(given.model_copy(update={"id": entry_id("cam", given.name, lambda taken: taken in home.by_id)}))
        return with_entry(home, listed[-1])

    visit.site.store.revise_home(visit.home.home, listing)
    visit.note("camera.add", listed[-1].id)
    visit.site.look()
    return back_to(base_of(listed[-1]), "added")


@router.post("/cameras/try")
def try_out(visit: Manager, address: Address = "", camera: Text = "") -> Response:
    """Send the first picture that comes from an address, or from that of a camera; a problem in words where none does."""
    url = address.strip() or (camera_of(visit, camera).url if camera else None)
    if not url:
        raise Refused(422, "Give the address of the camera first.")
    if not _trying.acquire(blocking=False):
        raise Refused(429, "Another camera is being tried. Wait a moment.", headers={"Retry-After": "5"})
    try:
        found = first_picture(url)
    except InputError as error:
        raise Refused(422, problem_words(error.problems)) from None
    except ImportError:
        raise Refused(503, NOT_HERE) from None
    except RuntimeError as error:  # SourceLost: its words hold no password
        raise Refused(422, str(error)) from None
    finally:
        _trying.release()
    return Response(found.jpeg, media_type="image/jpeg")


@router.get("/cameras/{id}/edit")
def edit(request: Request, visit: Manager, id: str) -> Response:
    """Show what is known of a camera, but for its address."""
    return _form(request, visit, camera_of(visit, id))


@router.post("/cameras/{id}/edit")
def change(
    request: Request, visit: Manager, id: str, name: Text = "", sees: Text = "", address: Address = "", off: Text = ""
) -> Response:
    """Change what is known of a camera; without an address the one that it has stays."""
    before = camera_of(visit, id)
    url = None if off else address.strip() or before.url
    about = {"name": name.strip(), "sees": sees.strip(), "url": url}
    if wrong := _wrong(visit.home, before.model_copy(update=about), known=before.url):
        return _form(request, visit, before.model_copy(update=about | {"url": before.url}), wrong)

    def listing(home: Home) -> Home:
        found = home.by_id.get(id)
        return with_entry(home, found.model_copy(update=about)) if isinstance(found, Camera) else home

    visit.site.store.revise_home(visit.home.home, listing)
    visit.note("camera.change", id)
    visit.site.look()
    return back_to(base_of(before), "saved")


@router.post("/cameras/{id}/remove")
def remove(request: Request, visit: Manager, id: str) -> Response:
    """Take a camera off the list, unless a rule or a device goes by it."""
    found, home = camera_of(visit, id), visit.home
    using = [f"“{title_of(rule)}”" for rule in rules_about(visit.site.store.rules(home.home), id)]
    using += [f"the state of {device.name or device.id}" for device in home.devices if device.camera == id]
    if using:
        words = f"{found.name or id} stays while it is used by {joined(using)}. Change or delete that first."
        return _form(request, visit, found, words, status=409)
    visit.site.store.revise_home(home.home, lambda listed: without_entry(listed, id))
    visit.note("camera.remove", id, found.name or id)
    visit.site.look()
    return back_to("/cameras", "removed")


@router.post("/cameras/{id}/shown")
def share(visit: Sharer, id: str, shown: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006  FastAPI copies it
    """Show a camera to the people who were ticked, and hide it from the others."""
    found = camera_of(visit, id)
    for person, _, sees in _viewers(visit, found):
        if sees != (person in shown):
            visit.site.store.show(visit.home.home, person, id, shown=person in shown)
            visit.note("person.shown", person)
    return back_to(base_of(found), "saved")


def _viewers(visit: Visit, camera: Camera) -> list[tuple[str, str, bool]]:
    """Return who does not see everything anyway: id, name, and whether this camera is shown to them."""
    home, site = visit.home, visit.site
    others = [person for person in home.people if person.standing != "owner"]
    return [(each.id, each.name or each.id, access_of(site, home.home, each.id).may_see(camera.id)) for each in others]


def _wrong(home: Home, camera: Camera, known: str | None = None) -> str:
    """Return why a camera cannot be kept so, empty where it can. An address that it has already is not looked at again."""
    if not camera.name:
        return "Give a name."
    others = (each for each in home.entries() if each.id != camera.id)
    if any((each.name or each.id).lower() == camera.name.lower() for each in others):
        return f"{camera.name} is the name of another here: which would a rule mean?"
    if not camera.url or camera.url == known:
        return ""
    try:
        check_address(camera.url)
    except InputError as error:
        return problem_words(error.problems)
    except ImportError:
        return NOT_HERE
    return ""


def _form(
    request: Request, visit: Visit, camera: Camera, wrong: str = "", *, adds: bool = False, status: int = 422
) -> Response:
    viewers = [] if adds or not visit.access.may("manage_people") else _viewers(visit, camera)
    return page(
        request, visit, "camera_edit.html", status if wrong else 200, camera=camera, wrong=wrong, adds=adds,
        base=base_of(camera), has_address=bool(camera.url) and not adds, viewers=viewers,
    )  # fmt: skip
