"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from proactive.access import entry
from proactive.access.entry import Denied
from proactive.web import demo
from proactive.web.page import back_to, page
from proactive.web.site import Here
from proactive.web.visit import (
    Known,
    Visit,
    address_of,
    denied_page,
    device_of,
    forget,
    may,
    open_to_all,
    remember,
)

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=500)]


@router.get("/sign-in", dependencies=[Depends(open_to_all)])
def ask(request: Request, site: Here, visit: Known, next: str = "/") -> Response:
    """Ask for name and password; nobody has one yet on an empty machine."""
    if visit is not None:
        return back_to(own_path(next))
    if not site.store.has_accounts() or demo.is_open(site.store):
        return back_to("/begin", request.query_params.get("said", ""))
    return page(request, None, "sign_in.html", wrong="", name="", next=own_path(next))


@router.post("/sign-in", dependencies=[Depends(open_to_all)])
def sign_in(request: Request, site: Here, name: Text = "", password: Text = "", next: Text = "/") -> Response:
    """Let somebody in; a session that this browser had is over."""
    try:
        came = entry.sign_in(
            site.store, name, password, address=address_of(request), device=device_of(request), now=site.now()
        )
    except Denied as denied:
        return _again(request, denied, name, next)
    answer = back_to(own_path(next))
    remember(request, answer, came)
    return answer


def _again(request: Request, denied: Denied, name: str, next: str) -> Response:
    def show(status: int) -> Response:
        return page(request, None, "sign_in.html", status, wrong=denied.words, name=name, next=own_path(next))

    return denied_page(denied, show, HTTPStatus.UNAUTHORIZED)


@router.post("/sign-out")
def sign_out(request: Request, visit: Annotated[Visit, Depends(may("visit"))]) -> Response:
    """Sign this browser out."""
    visit.site.store.end_session(visit.session.id)
    return _gone(request, "signed-out")


@router.post("/sign-out-everywhere")
def sign_out_everywhere(request: Request, visit: Annotated[Visit, Depends(may("visit"))]) -> Response:
    """Sign every browser of this account out."""
    visit.site.store.end_sessions(visit.session.account)
    visit.note("account.everywhere", visit.person)
    return _gone(request, "everywhere")


def _gone(request: Request, said: str) -> Response:
    answer = RedirectResponse(f"/sign-in?said={said}", 303)
    forget(request, answer)
    # What this browser keeps of the pages is nobody's any more.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def own_path(wanted: str) -> str:
    """Return a path of this site: what was wanted, or the start where that leads elsewhere."""
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return parts.path if own and all(c.isprintable() and c != "\\" for c in wanted) else "/"
