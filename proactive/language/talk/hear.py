"""Hear: one turn of a conversation. What refers to what was said before is read here; all else goes to the reader.

In this order, so that a follow-up never takes what is a request of its own: a yes or a no, an answer to what was asked, something
told to be remembered, something about the rules that stand, a change of the rule that was spoken of, and then a new request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from proactive.language.local.detour import DetourError
from proactive.language.outcome import Change, Outcome
from proactive.language.request import Reader, Request, Turn
from proactive.language.talk.answer import answers_to, choice_of
from proactive.language.talk.change import changed
from proactive.language.talk.edit import Edits
from proactive.language.talk.manage import managed
from proactive.language.talk.newcomer import NEWCOMER, introduced, kind_of, welcomed
from proactive.language.talk.revise import revise
from proactive.language.talk.slots import days_in
from proactive.language.talk.thread import EDIT, Thread, accepted, before_asking, thread_of
from proactive.language.talk.told import told
from proactive.language.talk.words import is_no, is_yes, plain


def hear(request: Request, reader: Reader) -> Turn:
    """Return the turn that a request makes, without any side effect."""
    thread = thread_of(request.conversation, request.rules)
    if thread.asked is not None:
        answered = _answered(request, thread.asked, reader)
        if answered is not None:
            return answered
    return Turn(request.text, _read(request, thread, reader), answers=request.answers)


def _read(request: Request, thread: Thread, reader: Reader) -> Outcome:
    """Return the outcome of a request that answers no question."""
    try:
        outcome = _settled(request, thread) or told(request) or _of_rules(request, thread)
    except DetourError as detour:
        return detour.outcome
    return outcome or introduced(reader.read(request), request.text)


def _of_rules(request: Request, thread: Thread) -> Outcome | None:
    """Return what is said about rules: first about one that is proposed, where one waits for a yes, then about those that stand."""
    if thread.proposed is not None and thread.proposed.rules:
        return changed(request, thread) or managed(request, thread)
    return managed(request, thread) or changed(request, thread)


# --- yes and no -------------------------------------------------------------------------------------------------


def _settled(request: Request, thread: Thread) -> Outcome | None:
    """Return what a yes or a no is about: what was proposed, else nothing."""
    if is_yes(request.text):
        if thread.proposed is not None:
            return accepted(thread.proposed)
        return Outcome("chat", "There is nothing that waits for a yes.")
    if is_no(request.text) and thread.proposed is not None:
        return _discarded()
    if is_no(request.text) and not (thread.saved and _of_a_rule(request.text)):
        return Outcome("chat", "All right.")
    return None


def _discarded() -> Outcome:
    return Outcome("manage", "All right, nothing is changed.", change=Change("discard", sure=True))


def _of_a_rule(text: str) -> bool:
    """Say whether a no may be about a rule that stands: "drop it", with nothing proposed, drops the rule."""
    return plain(text) in ("drop it", "cancel it", "cancel that", "stop")


# --- answers ----------------------------------------------------------------------------------------------------


def _answered(request: Request, asked: Turn, reader: Reader) -> Turn | None:
    """Return the turn of an answer: the request that it was asked of, read again with it. None where it is no answer."""
    if is_no(request.text) and not _offers_no(asked):
        return Turn(request.text, _discarded())
    given = None if asked.outcome.asks[0].slot == EDIT else _given(request, asked)
    if given is None:
        return None
    answers = {**asked.answers, **given}
    again = replace(
        request, text=asked.read or asked.text, answers=answers, conversation=before_asking(request.conversation)
    )
    thread = thread_of(again.conversation, again.rules)
    outcome = welcomed(again, asked.outcome) or _read(again, thread, reader)
    return Turn(request.text, _on_days(outcome, request), again.text, answers)


def _on_days(outcome: Outcome, request: Request) -> Outcome:
    """Keep proposed rules to the days that an answer says beside what it answers: "at eight every Monday"."""
    edit = days_in(request.text, request.home)
    if edit is None or not outcome.rules or outcome.change is not None:
        return outcome
    try:
        rules = [revise(rule, Edits((edit,)), request.home, request.text, {}, saved=False) for rule in outcome.rules]
    except DetourError as detour:
        return detour.outcome
    return outcome.with_(rules=tuple(rules))


def _offers_no(asked: Turn) -> bool:
    return any(choice.id == "no" for ask in asked.outcome.asks for choice in ask.choices)


def _given(request: Request, asked: Turn) -> Mapping[str, str] | None:
    asks = asked.outcome.asks
    if is_yes(request.text):
        only = [ask for ask in asks if len([choice for choice in ask.choices if choice.id != "no"]) == 1]
        return {ask.slot: ask.choices[0].id for ask in only} or None
    if asks[0].slot == NEWCOMER:
        chosen = choice_of(asks[0].choices, request.text, request.home)
        kind = chosen.id if chosen is not None else kind_of(request.text)
        return None if kind is None else {NEWCOMER: kind}
    return answers_to(asks, request.text, request.home)
