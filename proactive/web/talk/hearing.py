"""Hearing: one turn at a microphone of a browser, over a websocket; what was said is then said as if it was typed.

The browser sends 16-bit PCM, one channel, 16,000 a second, in binary messages, and may end the turn with the text `end`; else
it ends by itself when the talker has finished. It is told, a JSON object a message:

    {"ready": true}        somebody listens: the engines are loaded
    {"so_far": "..."}      what was said so far, again and again
    {"over": true}         the turn is over: no more sound is wanted
    {"heard": "..."}       what was said; then the lines of `telling`: `draft`, `wait`, and at last `done` or `wrong`
    {"doubt": "...", "why": "noise" | "cut"}      what may have been said: the person is asked, and nothing was done
    {"nobody": true}       nobody was heard to speak
    {"wrong": "..."}       why it did not work, and what to do

The text is understood ahead, in pauses: where it is the final one, its answer is there at once.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from fastapi import WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from proactive.talking import Reading
from proactive.voice.ear import Ear
from proactive.voice.engine import SpeechError
from proactive.voice.guess import Guess
from proactive.voice.hearing import DOUBTFUL, Heard
from proactive.voice.mishearing import as_meant
from proactive.voice.names import names_of
from proactive.voice.sound import LONGEST
from proactive.voice.tally import Result
from proactive.voice.voice import Busy
from proactive.web.problem import Refused
from proactive.web.talk.saying import keep_pace, read_ahead
from proactive.web.talk.telling import told
from proactive.web.visit import Visit, find
from rules.problem import InputError

IDLE = 5.0  # seconds without sound after which the browser is gone, whatever its connection says
LATEST = LONGEST + 20.0  # seconds after which a turn is over whatever comes: its sound, and as long for a slow network
WAITING = 64  # messages that wait while the engines load; then the browser must
_BUSY = "Others are talking to me just now. Wait a moment, then tap again."
_BROKE_OFF = "The sound from your browser broke off. Nothing was done. Tap and say it again."
_SIGNED_OUT = "You were signed out meanwhile, so nothing was done. Sign in again."
_FAULT = "Something went wrong here. It is my fault, not yours; try again, or type."
_log = logging.getLogger(__name__)


async def hear_turn(socket: WebSocket, visit: Visit) -> None:
    """Hear one turn and carry out what is said, until it is told or the browser is gone."""
    voice = visit.site.voice
    try:
        with voice.seat(f"{visit.home.home} {visit.person}"):
            result = await _until_gone(_Hearing(socket, visit))
    except Busy:
        result = "busy"
        await _send(socket, wrong=_BUSY)
    voice.tally.turn(result)


async def _until_gone(hearing: _Hearing) -> Result:
    """Return what became of a turn; one whose browser goes away is left where it is."""
    turn, receiving = asyncio.create_task(hearing.turn()), asyncio.create_task(hearing.receive())
    try:
        await asyncio.wait((turn, receiving), return_when=asyncio.FIRST_COMPLETED)
        return turn.result() if turn.done() else "left"
    except WebSocketDisconnect:
        return "left"
    finally:
        for task in (turn, receiving):
            task.cancel()
        await asyncio.gather(turn, receiving, return_exceptions=True)


@dataclass(slots=True)
class _Hearing:
    """One turn: what comes in is taken by `receive` and waits for `turn`."""

    socket: WebSocket
    visit: Visit
    came: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    text: str = ""
    writing: asyncio.Task[None] | None = None

    async def receive(self) -> None:
        """Take in messages until the browser is gone."""
        while (message := await self.socket.receive())["type"] == "websocket.receive":
            await self.came.put(message.get("bytes") or None)

    async def turn(self) -> Result:
        """Hear, and say what was heard."""
        try:
            await run_in_threadpool(keep_pace, self.visit)
            names = names_of(self.visit.home)
            ear = await run_in_threadpool(self.visit.site.voice.ear, names, self.visit.home.language)
            await self._tell(ready=True)
            return await self._with_guesses(ear)
        except Refused as refused:
            await self._tell(wrong=refused.detail)
        except TimeoutError:
            await self._tell(wrong=_BROKE_OFF)
        except (SpeechError, InputError) as error:
            await self._tell(wrong=str(error))
        except WebSocketDisconnect:
            return "left"
        except Exception:  # noqa: BLE001  the connection is open: nobody else can say that it went wrong
            _log.exception("What somebody said could not be heard.")
            await self._tell(wrong=_FAULT)
        return "failed"

    async def _with_guesses(self, ear: Ear) -> Result:
        voice = self.visit.site.voice
        guess: Guess[Reading] = Guess(self._read, voice.pool)
        try:
            async with asyncio.timeout(LATEST):
                heard = await self._listen(ear, guess)
            began = monotonic()
            result = await self._said(heard, guess, cut=ear.cut)
            if result == "said":
                voice.tally.answer(monotonic() - began)
            return result
        finally:
            if self.writing is not None:
                self.writing.cancel()  # else what broke off is understood all the same, for nobody
            guess.drop()
            voice.tally.guess(guess.tried, guess.right, guess.saved)

    # --- while somebody speaks ---

    async def _listen(self, ear: Ear, guess: Guess[Reading]) -> Heard:
        """Return all that was said, telling meanwhile what it is so far."""
        async for pcm in self._sound():
            if ear.receive(pcm):
                break
            if ear.due and (self.writing is None or self.writing.done()):
                if self.writing is not None:
                    self.writing.result()
                self.writing = asyncio.create_task(self._write(ear, guess))
        await self._tell(over=True)
        if self.writing is not None:
            await self.writing
        return await run_in_threadpool(ear.heard)

    async def _sound(self) -> AsyncIterator[bytes]:
        """Yield sound until the browser ends it. Raise TimeoutError where it just stops coming."""
        while (pcm := await asyncio.wait_for(self.came.get(), IDLE)) is not None:
            yield pcm

    async def _write(self, ear: Ear, guess: Guess[Reading]) -> None:
        """Tell what was said so far; understand it where it may be all: in a pause, or when it stays as it was."""
        while ear.due:
            stretch = ear.stretch()
            text = self._meant(await run_in_threadpool(ear.write, stretch))
            if text and text != self.text:
                await self._tell(so_far=text)
            if stretch.whole or text == self.text:
                guess.try_(text)
            self.text = text

    def _meant(self, heard: Heard) -> str:
        return as_meant(heard.text, self.visit.home)

    def _read(self, text: str, cancel: Event) -> Reading:
        return read_ahead(self.visit, text, cancel)

    # --- when it is over ---

    async def _said(self, heard: Heard, guess: Guess[Reading], *, cut: bool) -> Result:
        """Say what was heard, or ask where that is not sure: what was misheard is never acted on."""
        text = self._meant(heard)
        if not text:
            await self._tell(nobody=True)
            return "nobody"
        if cut or heard.sure < DOUBTFUL:
            await self._tell(doubt=text, why="cut" if cut else "noise")
            return "doubtful"
        await self._tell(heard=text)
        visit = await run_in_threadpool(find, self.socket, self.visit.site)
        if visit is None or not visit.access.may("talk"):
            await self._tell(wrong=_SIGNED_OUT)
            return "failed"
        async with aclosing(told(visit, text, lambda: guess.settle(text))) as lines:
            async for line in lines:
                await self.socket.send_text(line)
        return "said"

    async def _tell(self, **what: object) -> None:
        await _send(self.socket, **what)


async def _send(socket: WebSocket, **what: object) -> None:
    await socket.send_text(json.dumps(what))
