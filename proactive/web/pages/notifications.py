"""Notifications: what was told to whoever visits, and each on a page of its own with what can be answered to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import FileResponse

from proactive.notification import ASK, PICTURE, Notification
from proactive.notify import replies
from proactive.web.notice import LIST, Notice, notice_of, noticed, picture_for
from proactive.web.page import back_to, page
from proactive.web.pages.picture import GONE
from proactive.web.problem import Refused
from proactive.web.rulings import base_of
from proactive.web.visit import Visit, may
from proactive.web.words import title_of
from rules.calendar import local, naive_local, resolve, zone_of
from rules.problem import InputError
from rules.units import HOUR, MINUTE, SECOND

router = APIRouter(include_in_schema=False)
Self = Annotated[Visit, Depends(may("visit"))]
Word = Annotated[str, Form(max_length=20)]
SHOWN = 60
MORNING = "morning"
LENGTHS = {"30m": "30 minutes", "1h": "1 hour", "4h": "4 hours", MORNING: "Until the morning", "7d": "A week"}


@dataclass(frozen=True, slots=True)
class Line:
    """A notification in the list: its address, what it is called, and how it stands."""

    told: Notification
    title: str
    state: str


@router.get("/notifications")
def listing(request: Request, visit: Self) -> Response:
    """Show what was told to whoever visits lately, the newest first."""
    store, home = visit.site.store, visit.home.home
    told = [each for each in store.notifications(home, limit=10 * SHOWN) if _is_listed(each, visit)][:SHOWN]
    rules = store.last_rules({(home, each.rule) for each in told})
    ended = store.ended({each.occurrence for each in told})
    lines = [
        Line(each, title_of(rule) if (rule := rules.get((home, each.rule))) else each.title, _state(each, ended))
        for each in told
    ]
    return page(request, visit, "notifications.html", lines=lines, LIST=LIST)


def _is_listed(each: Notification, visit: Visit) -> bool:
    return each.person == visit.person and each.state == "sent" and each.kind != PICTURE


def _state(each: Notification, ended: Collection[str]) -> str:
    if each.acknowledged_at is not None:
        return "seen"
    if each.occurrence in ended:
        return "over"
    return "open" if each.kind == ASK or each.verdict in {"fired", "unknown"} else "over"


@router.get("/notifications/{id}")
def one(request: Request, visit: Self, id: str) -> Response:
    """Show one notification: what, when, the picture, the evidence, who was told how, and what can be answered."""
    return _show(request, visit, notice_of(visit, noticed(visit, id)))


def _show(request: Request, visit: Visit, notice: Notice, wrong: str = "") -> Response:
    rule = notice.rule
    yours = rule is not None and visit.access.may_see_rule(rule)
    day = naive_local(zone_of(visit.home), notice.firing.time).date().isoformat()
    return page(
        request, visit, "notification.html", 422 if wrong else 200, notice=notice, told=notice.notification, wrong=wrong,
        base=notice.base, rule_base=base_of(rule) if rule is not None and yours else "", day=day, LENGTHS=LENGTHS, LIST=LIST,
    )  # fmt: skip


@router.get("/notifications/{id}/picture")
def picture(visit: Self, id: str) -> Response:
    """Send the picture of a notification."""
    file = picture_for(visit.site, visit.access, noticed(visit, id))
    if file is None:
        raise Refused(404, GONE)
    return FileResponse(file, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


@router.post("/notifications/{id}/seen")
def seen(visit: Self, id: str) -> Response:
    """Note that whoever visits has seen to it: it goes from every screen, and nobody is reminded."""
    found = noticed(visit, id)
    replies.acknowledge(visit.site.store, found.id, visit.person, now=visit.now)
    return _done(visit, found, "seen")


@router.post("/notifications/{id}/snooze")
def snooze(visit: Self, id: str, length: Word = "1h") -> Response:
    """Keep the rule of a notification quiet for whoever visits."""
    found = noticed(visit, id)
    if length not in LENGTHS:
        raise Refused(422, "Choose one of the times.")
    span = f"{max(_until_morning(visit) // MINUTE, 1)}m" if length == MORNING else length
    replies.snooze(visit.site.store, found.id, visit.person, span, now=visit.now)
    return _done(visit, found, "snoozed")


def _until_morning(visit: Visit) -> int:
    """Return the time until it is seven in the morning next."""
    zone = zone_of(visit.home)
    today, second = local(zone, visit.now)
    seven = 7 * HOUR // SECOND
    return resolve(zone, today + (second >= seven), seven) - visit.now


@router.post("/notifications/{id}/answer")
def answer(request: Request, visit: Self, id: str, said: Word = "") -> Response:
    """Say yes or no to what a notification asks for."""
    found = noticed(visit, id)
    notice = notice_of(visit, found)
    if notice.question is None or said not in ("yes", "no"):
        raise Refused(422, "There is nothing here to say yes or no to.")
    reply = replies.confirm if said == "yes" else replies.refuse
    try:
        reply(visit.site.store, notice.question.deed.code or "", visit.person, now=visit.now)
    except InputError as error:
        first = error.problems[0]
        return _show(request, visit, notice, f"{first.message[:1].upper()}{first.message[1:]} {first.hint}".strip())
    return _done(visit, found, said)


def _done(visit: Visit, found: Notification, said: str) -> Response:
    visit.site.look()
    return back_to(f"{LIST}/{found.id}", said)
