"""Talk: what one says, what is answered, and cards to say yes to. It works without scripts; with them it answers in place."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from threading import Event
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from proactive.error import ProactiveError
from proactive.language.outcome import Outcome
from proactive.web.page import Tab, back_to, page
from proactive.web.problem import Refused
from proactive.web.talk.entry import entries_of, plain_reply
from proactive.web.talk.example import examples
from proactive.web.talk.saying import LONGEST, accept, decline, find, say, talk_of
from proactive.web.tried import SIGNS
from proactive.web.visit import Visit, may
from rules.problem import InputError
from streams.log import LogError

TAB = Tab("Talk", "/talk", "talk", "talk", 1)
LINES = "application/x-ndjson"
BEAT = 1.0  # seconds between two signs of life while a model reads
_log = logging.getLogger(__name__)
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
        return StreamingResponse(_told(visit, text.strip()), media_type=LINES)
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
        bare=not (home.cameras or home.devices), manages=visit.access.may("manage_home"), SIGNS=SIGNS,
    )  # fmt: skip


async def _told(visit: Visit, text: str) -> AsyncGenerator[str]:
    """Yield lines while words are read; whoever goes away stops the wait for a model."""
    loop, drafts, cancel = asyncio.get_running_loop(), asyncio.Queue[str](), Event()

    def on_draft(outcome: Outcome) -> None:
        loop.call_soon_threadsafe(drafts.put_nowait, _line(draft=plain_reply(outcome)))

    reading = asyncio.create_task(run_in_threadpool(say, visit, text, on_draft, cancel))
    try:
        while not reading.done():
            try:
                yield await asyncio.wait_for(_first(drafts, reading), BEAT)
            except TimeoutError:
                yield _line(wait=True)
        yield _line(done=(await reading).at)
    except Refused as refused:
        yield _line(wrong=refused.detail)
    except (InputError, ProactiveError, LogError) as error:
        yield _line(wrong=str(error))
    except Exception:  # noqa: BLE001  the answer has begun: nobody else can say any more that it went wrong
        _log.exception("What somebody said could not be read.")
        yield _line(wrong="Something went wrong here. It is my fault, not yours; try again in a moment.")
    finally:
        cancel.set()


async def _first(drafts: asyncio.Queue[str], reading: asyncio.Task[object]) -> str:
    """Return the next draft, or a sign of life once the reading is over."""
    draft = asyncio.create_task(drafts.get())
    try:
        await asyncio.wait((draft, reading), return_when=asyncio.FIRST_COMPLETED)
        return draft.result() if draft.done() else _line(wait=True)
    finally:
        draft.cancel()


def _line(**value: object) -> str:
    return json.dumps(value) + "\n"
