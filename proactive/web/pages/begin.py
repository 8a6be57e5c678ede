"""The first run: on a machine that nobody has set up, the first person makes a home, or takes over one that it knows.

Whoever sits at the machine may; from elsewhere only the link may be used that `serve` shows when it starts.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.access import entry
from proactive.access.entry import Came, Denied, person_id
from proactive.access.token import same
from proactive.account import sign_in_name
from proactive.web import demo
from proactive.web.access import is_this_machine
from proactive.web.demo import zone_named
from proactive.web.page import back_to, page
from proactive.web.problem import Refused
from proactive.web.site import Here, Site
from proactive.web.visit import device_of, open_to_all, remember
from rules.home import Home, Person, parse_home

CODE = "first-run-code"  # in the data folder
router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=500)]


@router.get("/begin", dependencies=[Depends(open_to_all)])
def ask(request: Request, site: Here, code: str = "") -> Response:
    """Show how to begin, or, where somebody has, how to sign in."""
    if site.store.has_accounts() and not demo.is_open(site.store):
        return back_to("/sign-in")
    return _form(request, site, code=code)


@router.post("/begin", dependencies=[Depends(open_to_all)])
def begin(
    request: Request,
    site: Here,
    name: Text = "",
    password: Text = "",
    code: Text = "",
    who: Text = "",
    kind: Text = "own",
    home_name: Text = "",
    time_zone: Text = "",
) -> Response:
    """Let the first person in, as an owner."""
    if not _is_allowed(request, site, code):
        raise Refused(403, "Only somebody at the machine, or with the link that `serve` shows, may set it up.")
    try:
        if kind == "demo" and not who:
            return _in(request, demo.enter(site, time_zone, device=device_of(request)))
        if site.store.has_accounts():
            raise Denied("Somebody set this up already. Sign in, or ask for an invitation.")
        home, person = _chosen(site, who) if site.store.home_ids() else _made(home_name, name, time_zone)
        came = entry.begin(site.store, home, person, name, password, device=device_of(request), now=site.now())
    except Denied as denied:
        given = {"name": name, "home_name": home_name, "time_zone": time_zone}
        return _form(request, site, 422, code=code, wrong=denied.words, **given)
    site.look()
    (site.settings.data / CODE).unlink(missing_ok=True)
    return _in(request, came)


def _in(request: Request, came: Came) -> Response:
    """Return the way into the home, for a browser that is signed in from now on."""
    answer = back_to("/")
    remember(request, answer, came)
    return answer


def _form(request: Request, site: Site, status: int = 200, **given: str) -> Response:
    homes = list(site.store.export_homes())
    values = {"code": "", "wrong": "", "name": "", "home_name": "", "time_zone": "UTC"} | given
    allowed = _is_allowed(request, site, values["code"])
    # Who lives here is told to nobody who may not set it up.
    known = homes if allowed else []
    return page(
        request, None, "begin.html", status, allowed=allowed, homes=known, owners=list(_owners(known)),
        back=demo.is_open(site.store), **values,
    )  # fmt: skip


def _is_allowed(request: Request, site: Site, code: str) -> bool:
    # A code that is being written, or never was, is empty: it lets nobody in.
    return is_this_machine(request) or (code != "" and same(code, first_run_code(site.settings.data)))


def _owners(homes: list[Home]) -> Iterator[tuple[Home, Person]]:
    yield from ((home, person) for home in homes for person in home.people if person.standing == "owner")


def _chosen(site: Site, who: str) -> tuple[Home, str]:
    """Return the owner who was chosen of the homes that are known. Raise Denied."""
    for home, person in _owners(list(site.store.export_homes())):
        if who == f"{home.home} {person.id}":
            return home, person.id
    raise Denied("Choose who you are.")


def _made(home_name: str, name: str, time_zone: str) -> tuple[Home, str]:
    """Return a new home with one owner. Raise Denied."""
    if not sign_in_name(name):
        raise Denied("Give your name.")
    person = person_id(name, lambda _: False)
    if not home_name.strip():
        raise Denied("Give your home a name.")
    value = {
        "home": re.sub(r"[^\w]+", "-", sign_in_name(home_name)).strip("-") or "home",
        "name": home_name.strip(),
        "time_zone": zone_named(time_zone),
        "people": [{"id": person, "name": name.strip(), "role": "owner"}],
        "default_speaker": person,
    }
    return parse_home(value), person


def first_run_code(folder: Path) -> str:
    """Return the code of the first-run link, made when it is first asked for; only this user may read it."""
    path = folder / CODE
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8")
    code = secrets.token_urlsafe(16)
    with os.fdopen(file, "w", encoding="utf-8") as writing:
        writing.write(code)
    return code
