"""`POST /api/talk`: the conversation of the page as JSON, for whoever is signed in; the same rights, limits and answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from proactive.language.request import Turn
from proactive.web.problem import problems_documented
from proactive.web.talk.entry import Entry, entry_of
from proactive.web.talk.saying import LONGEST, accept, decline, find, say, talk_of
from proactive.web.talk.standing import Standing
from proactive.web.visit import Visit, may
from rules.units import rfc3339

Speaker = Annotated[Visit, Depends(may("talk"))]
FORM: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Form",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": "The word that the forms of this person's pages carry (`data-form` of their body).",
        }
    ]
}
ERRORS = problems_documented(401, 403, 404, 409, 422, 429)
router = APIRouter(prefix="/api/talk", tags=["talk"])


class Said(BaseModel):
    """What somebody says."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"\S")]


class Only(BaseModel):
    """Which of several proposed rules are meant, by their ids; all without `only`."""

    model_config = ConfigDict(extra="forbid")

    only: list[str] | None = None


class Choice(BaseModel):
    """An answer to a question: what it shows, and the text to say."""

    label: str
    says: str


class Proposed(BaseModel):
    """A proposed rule: what it is called, read back, as it would be kept, and why this person cannot have it."""

    id: str
    title: str
    reads: str
    rule: dict[str, Any]
    tried: str
    refused: str = ""


class Picture(BaseModel):
    """A picture that an answer rests on: its address, the camera and when it was taken."""

    href: str
    camera: str
    time: str


class Answered(BaseModel):
    """What became of what was said: `standing` is `open` while what it proposes waits for a yes to `turn`."""

    turn: int
    standing: Standing
    outcome: Literal["rule", "clarify", "cannot", "question", "command", "manage", "refuse", "chat"]
    reply: str
    proposed: list[Proposed]
    confirm: str
    choices: list[Choice]
    notes: list[str]
    pictures: list[Picture]


@router.post("", summary="Say something", responses=ERRORS, openapi_extra=FORM)
def talk(visit: Speaker, said: Said) -> Answered:
    """Hear words. Rules, changes and commands wait for a yes; questions are answered as far as the person may know."""
    return _answered(visit, say(visit, said.text.strip()))


@router.post("/{turn}/yes", summary="Say yes to what a turn proposes", responses=ERRORS, openapi_extra=FORM)
def yes(visit: Speaker, turn: int, wanted: Only | None = None) -> Answered:
    """Save the proposed rules, or do what is proposed, once."""
    proposed = find(visit, turn)
    accept(visit, proposed, None if wanted is None else wanted.only)
    return _answered(visit, proposed)


@router.post("/{turn}/no", summary="Let go of what a turn proposes", responses=ERRORS, openapi_extra=FORM)
def no(visit: Speaker, turn: int) -> Answered:
    """Let go of what is proposed; nothing is changed."""
    proposed = find(visit, turn)
    decline(visit, proposed)
    return _answered(visit, proposed)


def _answered(visit: Visit, turn: Turn) -> Answered:
    entry = entry_of(turn, talk_of(visit).said(visit.now), visit)
    return Answered(
        turn=turn.at,
        standing=entry.standing,
        outcome=turn.outcome.outcome,
        reply=entry.result or entry.reply,
        proposed=_proposed(entry, turn),
        confirm=entry.confirm,
        choices=[Choice(label=tap.label, says=tap.says) for tap in entry.taps],
        notes=list(entry.notes),
        pictures=[Picture(href=each.href, camera=each.camera, time=rfc3339(each.time)) for each in entry.pictures],
    )


def _proposed(entry: Entry, turn: Turn) -> list[Proposed]:
    return [
        Proposed(
            id=card.id,
            title=card.title,
            reads=card.reads,
            rule={} if card.refused else rule.as_json(),
            tried="" if card.calendar is None else card.calendar.words,
            refused=card.refused,
        )
        for card, rule in zip(entry.cards, turn.outcome.rules, strict=False)
    ]
