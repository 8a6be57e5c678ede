"""An invitation: whoever has the link comes in, once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.access import entry, token
from proactive.access.entry import GONE, Denied
from proactive.account import Invitation
from proactive.web.page import back_to, error_page, page
from proactive.web.site import Here, Site
from proactive.web.visit import device_of, open_to_all, remember
from rules.home import Home

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=500)]
ROLE_WORDS = {"owner": ", as an owner.", "member": ".", "child": ".", "guest": ", as a guest."}


@router.get("/invitation/{secret}", dependencies=[Depends(open_to_all)])
def ask(request: Request, site: Here, secret: str) -> Response:
    """Show who invites whom, and ask for a name and a password."""
    invitation = site.store.invitation(token.digest(secret), site.now())
    if invitation is None:
        return error_page(request, 410, "This link is used up", GONE)
    return _form(request, site, invitation)


@router.post("/invitation/{secret}", dependencies=[Depends(open_to_all)])
def accept(request: Request, site: Here, secret: str, name: Text = "", password: Text = "") -> Response:
    """Let the invited person in."""
    invitation = site.store.invitation(token.digest(secret), site.now())
    if invitation is None:
        return error_page(request, 410, "This link is used up", GONE)
    try:
        came = entry.accept(site.store, secret, name, password, device=device_of(request), now=site.now())
    except Denied as denied:
        return _form(request, site, invitation, 422, name=name, wrong=denied.words)
    site.look()
    answer = back_to("/")
    remember(request, answer, came)
    return answer


def _form(
    request: Request, site: Site, invitation: Invitation, status: int = 200, name: str = "", wrong: str = ""
) -> Response:
    home = site.store.export_home(invitation.home)
    return page(
        request, None, "invitation.html", status, invitation=invitation, home=home, by=_name(home, invitation.by),
        name=name or invitation.name, wrong=wrong, ROLE_WORDS=ROLE_WORDS,
    )  # fmt: skip


def _name(home: Home, person: str) -> str:
    entry = home.by_id.get(person)
    return (entry.name if entry is not None else "") or person
