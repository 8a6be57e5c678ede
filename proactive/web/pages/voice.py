"""Voice: a microphone of a browser is listened to, and what was answered is read aloud."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Response, WebSocket, WebSocketDisconnect

from proactive.voice.engine import SpeechError
from proactive.web.problem import Refused
from proactive.web.talk.aloud import words_of
from proactive.web.talk.hearing import hear_turn
from proactive.web.talk.saying import keep_pace, talk_of
from proactive.web.visit import Visit, may
from rules.problem import InputError

PROTOCOL = "proactive.voice"  # what a browser asks for; the word of forms is the second one that it names
router = APIRouter(include_in_schema=False)
Speaker = Annotated[Visit, Depends(may("talk"))]


@router.websocket("/talk/voice")
async def voice(socket: WebSocket, visit: Speaker) -> None:
    """Hear one turn, as `proactive.web.talk.hearing` says."""
    await socket.accept(subprotocol=PROTOCOL)
    with suppress(WebSocketDisconnect, RuntimeError):  # it went away while it was told: there is nobody to tell
        await hear_turn(socket, visit)
        await socket.close()


@router.get("/talk/{at}/aloud")
def aloud(visit: Speaker, at: int) -> Response:
    """Send what was answered to a turn of this person's own conversation, read aloud, as MP3."""
    keep_pace(visit)
    turns = talk_of(visit).said(visit.now)
    turn = next((each for each in turns if each.at == at), None)
    if turn is None:
        raise Refused(404, "That is not part of your conversation any more.")
    said = words_of(turn, turns, visit)
    try:
        return Response(visit.site.voice.read_aloud(said.text, said.language), media_type="audio/mpeg")
    except (SpeechError, InputError) as error:
        raise Refused(503, str(error)) from error
