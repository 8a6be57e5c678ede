"""Telling: what becomes of words, told line by line while they are read: to a page that posted them, or over a websocket.

Each line is a JSON object: `draft`, what is made of them so far; `wait`, a sign of life; at the end `done`, with the number of the
turn, or `wrong`, with why not.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from threading import Event

from fastapi.concurrency import run_in_threadpool

from proactive.error import ProactiveError
from proactive.language.outcome import Outcome
from proactive.talking import Reading
from proactive.web.problem import Refused, words_for_anybody
from proactive.web.talk.entry import plain_reply
from proactive.web.talk.saying import say
from proactive.web.visit import Visit
from rules.problem import InputError
from streams.log import LogError

BEAT = 1.0  # seconds between two signs of life while a model reads
_log = logging.getLogger(__name__)


async def told(visit: Visit, text: str, ahead: Callable[[], Reading | None] = lambda: None) -> AsyncGenerator[str]:
    """Yield lines while words are read; whoever goes away stops the wait for a model. `ahead` returns what `say` takes as it."""
    loop, drafts, cancel = asyncio.get_running_loop(), asyncio.Queue[str](), Event()

    def on_draft(outcome: Outcome) -> None:
        loop.call_soon_threadsafe(drafts.put_nowait, line(draft=plain_reply(outcome)))

    reading = asyncio.create_task(run_in_threadpool(lambda: say(visit, text, on_draft, cancel, ahead())))
    try:
        while not reading.done():
            try:
                yield await asyncio.wait_for(_first(drafts, reading), BEAT)
            except TimeoutError:
                yield line(wait=True)
        yield line(done=(await reading).at)
    except Refused as refused:
        yield line(wrong=refused.detail)
    except (InputError, ProactiveError, LogError) as error:
        yield line(wrong=words_for_anybody(error))
    except Exception:  # noqa: BLE001  the answer has begun: nobody else can say any more that it went wrong
        _log.exception("What somebody said could not be read.")
        yield line(wrong="Something went wrong here. It is my fault, not yours; try again in a moment.")
    finally:
        cancel.set()


async def _first(drafts: asyncio.Queue[str], reading: asyncio.Task[object]) -> str:
    """Return the next draft, or a sign of life once the reading is over."""
    draft = asyncio.create_task(drafts.get())
    try:
        await asyncio.wait((draft, reading), return_when=asyncio.FIRST_COMPLETED)
        return draft.result() if draft.done() else line(wait=True)
    finally:
        draft.cancel()


def line(**value: object) -> str:
    """Return one line of JSON."""
    return json.dumps(value) + "\n"
