"""Oneself: how one is told, which devices get it, where one is signed in, and the password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.access import entry
from proactive.access.entry import Denied
from proactive.account import Account
from proactive.preference import NONE, QUIET_HOURS, preferred
from proactive.reach import lost_browsers, lost_words, unreached_words
from proactive.web.page import back_to, page
from proactive.web.pages.shown import STANDING_WORDS
from proactive.web.pages.telling import hours_words, telling_of, ways_of
from proactive.web.visit import Visit, address_of, denied_page, device_of, may, remember
from proactive.web.words import name_of
from rules.home import Person

router = APIRouter(include_in_schema=False)
Self = Annotated[Visit, Depends(may("visit"))]
Text = Annotated[str, Form(max_length=500)]


@router.get("/account")
def account(request: Request, visit: Self) -> Response:
    """Show where somebody is signed in."""
    return _show(request, visit)


@router.post("/account/password")
def password(request: Request, visit: Self, old: Text = "", new: Text = "") -> Response:
    """Change the password; every other browser is signed out."""
    try:
        came = entry.change_password(
            visit.site.store, _account(visit), old, new, address=address_of(request), device=device_of(request),
            now=visit.now,
        )  # fmt: skip
    except Denied as denied:
        return _denied(request, visit, denied)
    answer = back_to("/account", "password")
    remember(request, answer, came)
    return answer


@router.post("/account/sessions/end")
def end_session(visit: Self, session: Text = "") -> Response:
    """Sign another browser of this account out."""
    if any(each.id == session for each in visit.site.store.sessions(visit.session.account, visit.now)):
        visit.site.store.end_session(session)
        visit.note("account.ended", visit.person)
    return back_to("/account", "ended")


def _denied(request: Request, visit: Visit, denied: Denied) -> Response:
    return denied_page(denied, lambda status: _show(request, visit, status, denied.words), 422)


def _account(visit: Visit) -> Account:
    accounts = visit.site.store.accounts(visit.home.home)
    return next(account for account in accounts if account.person == visit.person)


def _show(request: Request, visit: Visit, status: int = 200, wrong: str = "") -> Response:
    store, home = visit.site.store, visit.home
    browsers, somebody = store.browsers(home.home, visit.person), home.by_id.get(visit.person)
    listed = somebody if isinstance(somebody, Person) else None
    hours = preferred(store.preferences(home.home), visit.person, QUIET_HOURS) or home.quiet_hours or NONE
    return page(
        request, visit, "account.html", status, name=name_of(home, visit.person, "You"), wrong=wrong,
        sessions=store.sessions(visit.session.account, visit.now), account=_account(visit),
        STANDING_WORDS=STANDING_WORDS, browsers=browsers, ways=[] if listed is None else ways_of(visit, listed),
        lost=[lost_words(each, home, you=True) for each in lost_browsers(browsers, visit.person)],
        unreached="" if listed is None else unreached_words(listed, browsers, you=True),
        telling="" if listed is None else telling_of(listed), hours="" if hours == NONE else hours_words(hours),
    )  # fmt: skip
