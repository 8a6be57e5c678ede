"""Questions: "when did the front door last open?" becomes a query, by the same readers that make rules.

A question is a frame ("when did", "how often", "is", "who"), a period ("today", "while I was away") and a clause, which
says what a rule's clause says. What is left when frame and period are taken out is read as a statement; its predicate
gives the patterns. A question that names something that the home lacks is no query: it gets a detour, as rules do.
"""

from __future__ import annotations

import re
from dataclasses import replace

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import DetourError
from proactive.language.local.question.asked import Asked, as_written
from proactive.language.local.question.frame import (
    how_long,
    how_often,
    what_happened,
    when_it_was,
    where_seen,
    whether_so,
    which_are,
    who_did,
)
from proactive.language.local.question.measure import what_it_reads
from proactive.language.local.question.period import take_period
from proactive.language.local.question.spanish import question_in_english
from proactive.language.local.question.telling import what_was_told, why_told
from proactive.language.local.spelling import spelled
from proactive.language.local.token import MAX_TEXT, tokens_of
from proactive.language.local.tongue import tongue_of
from proactive.language.outcome import Outcome
from proactive.language.query import Query
from proactive.language.request import Request
from rules.units import instant


def query_of(request: Request) -> Outcome:
    """Return the outcome `question` with its query, or the detour of a question that cannot be answered here.

    `request.now` has to be given, since a period is counted from it.
    """
    english, notes = in_english(request)
    try:
        return Outcome("question", query=_read(english), notes=notes)
    except DetourError as detour:
        return _about_a_question(detour.outcome)


def in_english(request: Request) -> tuple[Request, tuple[str, ...]]:
    """Return the request in English without slips of the keyboard, and what was put right."""
    text = request.text[:MAX_TEXT]
    if tongue_of(text) == "es":
        return replace(request, text=question_in_english(text, request.home)), ()
    text, slips = spelled(text, catalogue_of(request.home))
    return replace(request, text=text), slips


def _about_a_question(outcome: Outcome) -> Outcome:
    """Return a detour in the words of a question: there was no rule to make."""
    reply = outcome.reply.replace(", so I made no rule", "").replace("Should I tell you", "Do you mean")
    return replace(outcome, reply=reply)


_POLITE = re.compile(
    r"^(?:(?:hey|ok|okay|so|and|please|well|then|hi)[ ,]+)*(?:(?:can|could|would|will) you )?(?:please )?"
    r"(?:(?:tell|show|let) (?:me|us) (?:know )?|(?:do you know|check|find out|see|say|look|i want to know|i would like to know) )?"
    r"(?:if |whether |for )?"
)
_OTHER_WORDS = (
    (
        re.compile(r"^what (?:is|was) the last (?:thing|message) (?:that )?you (?:told|said to|sent) (\w+)"),
        r"when did you last tell \1",
    ),
    (re.compile(r"\bfeed\b"), "fed"),
    (re.compile(r"^(how long did .+?) run\b"), r"\1 running"),
    (re.compile(r"\barrived (\w+) home\b"), r"\1 arrived home"),
    # How a thing was left is how it stood: "was the garage left open".
    (
        re.compile(
            r"\b(?:left|stay|stayed|kept|remain|remained) (?=(?:open|on|off|unlocked|locked|closed|shut|running)\b)"
        ),
        "is ",
    ),
)


def asked_of(request: Request) -> Asked:
    """Return a question in English without politeness, its period taken out. Raise DetourError for one that cannot be."""
    assert request.now is not None, "a question is asked at a time"
    now = instant(request.now)
    text = request.text[:MAX_TEXT].replace("\u2019", "'").strip()
    plain = " ".join(token.text for token in tokens_of(text) if token.text not in ("?", "!", ".", ",", ";"))
    plain = _POLITE.sub("", plain, count=1)
    for said, meant in _OTHER_WORDS:
        plain = said.sub(meant, plain)
    period, rest = take_period(tokens_of(plain), request.home, now, request.speaker)
    return Asked(as_written(rest, text), period, request, now, plain)


def _read(request: Request) -> Query:
    asked = asked_of(request)
    for frame in (
        why_told,
        what_was_told,
        what_happened,
        when_it_was,
        how_long,
        how_often,
        where_seen,
        what_it_reads,
        who_did,
        which_are,
    ):
        if (query := frame(asked)) is not None:
            return query
    return whether_so(asked)
