"""Talk: what one says, what is answered, and cards to say yes to. It works without scripts; with them it answers in place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from proactive.voice.ready import engines
from proactive.web.page import Tab, back_to, page
from proactive.web.steps import Steps, steps_of
from proactive.web.talk.entry import entries_of
from proactive.web.talk.example import examples
from proactive.web.talk.saying import LONGEST, accept, decline, find, say, talk_of
from proactive.web.talk.telling import told
from proactive.web.tried import SIGNS
from proactive.web.visit import Visit, may

TAB = Tab("Talk", "/talk", "talk", "talk", 1)
LINES = "application/x-ndjson"
router = APIRouter(include_in_schema=False)
Speaker = Annotated[Visit, Depends(may("talk"))]
Text = Annotated[str, Form(max_length=LONGEST)]


@router.get("/talk")
def talk(request: Request, visit: Speaker) -> Response:
    """Show the conversation, and what could be said where it is empty."""
    return _show(request, visit)


@router.post("/talk")
async def hear(request: Request, visit: Speaker, text: Text = "") -> Response:
    """Hear words. A script gets lines of JSON: `draft` what is made of them so far, `wait` a sign of life, `done` or `wrong` the end."""
    if not text.strip():
        return back_to("/talk")
    if LINES in request.headers.get("accept", ""):
        return StreamingResponse(told(visit, text.strip()), media_type=LINES)
    await run_in_threadpool(say, visit, text.strip())
    return back_to("/talk")


@router.post("/talk/{at}/yes")
def yes(visit: Speaker, at: int, only: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006  FastAPI copies it
    """Carry out what a card proposes; of several rules those that were ticked."""
    turn = find(visit, at)
    accept(visit, turn, only if len(turn.outcome.rules) > 1 and only else None)
    return back_to("/talk")


@router.post("/talk/{at}/no")
def no(visit: Speaker, at: int) -> Response:
    """Let go of what a card proposes."""
    decline(visit, find(visit, at))
    return back_to("/talk")


@router.post("/talk/forget")
def forget(visit: Speaker) -> Response:
    """Begin a new conversation; what was said is deleted, what was saved stays."""
    talk_of(visit).begin_anew(visit.now)
    return back_to("/talk")


def _show(request: Request, visit: Visit) -> Response:
    turns = talk_of(visit).said(visit.now)
    entries = entries_of(turns, visit)
    home = visit.home
    return page(
        request, visit, "talk.html", entries=entries, examples=examples(visit), longest=LONGEST,
        bare=not (home.cameras or home.devices), steps=steps_of(visit) if not entries else Steps(), SIGNS=SIGNS,
        deaf=_deaf(visit),
    )  # fmt: skip


def _deaf(visit: Visit) -> str:
    """Return why nobody is heard here, and what to do, for somebody who taps to talk; empty where an engine is there."""
    hearing = next(iter(engines(visit.site.settings)))
    if not hearing.needs:
        return ""
    what_to_do = hearing.advice if visit.access.may("manage_home") else "Ask an owner of the home to set it up."
    return f"I cannot hear yet: {hearing.name}: {hearing.needs}. {what_to_do}"
