"""Revise: the rule that edits make of a rule, checked against the home, or a question, or an honest no.

The rule's JSON is changed in place of its copy, each edit by a function of its own; what a person is told when the rule
fires names the new values as it named the old ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from proactive.language.local import phrase
from proactive.language.local.detour import cannot
from proactive.language.local.token import MAX_TEXT
from proactive.language.talk.draft import Draft
from proactive.language.talk.edit import (
    Edit,
    Edits,
    Escalated,
    Guarded,
    NewAmount,
    NewClock,
    NewCount,
    NewDays,
    NewLength,
    NewNumber,
    NewPart,
    NewWindow,
    Once,
    Picture,
    Rename,
    Repeat,
    Rest,
    Restated,
    Shift,
    Swap,
    Tell,
    Weigh,
)
from proactive.language.talk.notice import escalate, guard, once, picture, rename, repeat, rest, restate, tell, weigh
from proactive.language.talk.swap import swap
from proactive.language.talk.times import (
    set_amount,
    set_clock,
    set_count,
    set_days,
    set_length,
    set_number,
    set_part,
    set_window,
    shift,
)
from proactive.retelling import reworded
from rules.check import blocking, check
from rules.home import Home
from rules.problem import InputError
from rules.rule import Rule, parse_rule


def revise(rule: Rule, edits: Edits, home: Home, text: str, answers: Mapping[str, str], *, saved: bool) -> Rule:
    """Return what edits make of a rule. Raise DetourError to ask, or where they cannot be.

    One that stands (`saved`) keeps its id; a proposal's id follows what it says.
    """
    draft = Draft(rule.as_json(), rule, home, answers, edits.meal)
    if edits.copy:
        _begin_after(draft, edits)
    for edit in edits.edits:
        _apply(edit, draft)
    _reword(draft, keep_id=saved and not edits.copy and not any(isinstance(edit, Rename) for edit in edits.edits))
    if rule.said and not edits.copy:
        draft.value["said"] = f"{rule.said}; {text}"[:MAX_TEXT]
    elif rule.said:
        draft.value["said"] = f"{text} ({rule.said})"[:MAX_TEXT]
    return _checked(draft)


def _apply(edit: Edit, draft: Draft) -> None:  # noqa: C901  one case an edit
    match edit:
        case NewClock():
            set_clock(edit, draft)
        case NewWindow():
            set_window(edit, draft)
        case NewPart():
            set_part(edit.part, draft)
        case Shift():
            shift(edit, draft)
        case NewLength():
            set_length(edit.duration, draft)
        case NewAmount():
            set_amount(edit, draft)
        case NewCount():
            set_count(edit.times, draft)
        case NewNumber():
            set_number(edit.value, draft)
        case NewDays():
            set_days(edit, draft)
        case Swap():
            swap(edit, draft)
        case Tell():
            tell(edit, draft)
        case Escalated():
            escalate(edit, draft)
        case Weigh():
            weigh(edit, draft)
        case Rename():
            rename(edit, draft)
        case Guarded():
            guard(edit, draft)
        case Restated():
            restate(edit, draft)
        case Rest():
            rest(edit, draft)
        case Once():
            once(edit, draft)
        case Repeat():
            repeat(edit, draft)
        case Picture():
            picture(edit, draft)
        case _:
            assert_never(edit)


def _begin_after(draft: Draft, edits: Edits) -> None:
    """Begin the window of a second meal where the first one ends: breakfast is no dinner."""
    window = draft.value["when"].get("window")
    later = [edit for edit in edits.edits if isinstance(edit, NewClock) and not edit.side]
    if window is None or not later or not edits.meal:
        return
    before = window["until"]
    set_clock(later[0], replace(draft, renamed=[]))
    if window["until"] > before and window["from"] == "00:00":
        window["from"] = before
    draft.say(phrase.clock(before), phrase.clock(window["until"]))


def _reword(draft: Draft, *, keep_id: bool) -> None:
    """Put the new words into the message, and into the id unless the rule is known by it."""
    notify = draft.value.get("notify")
    for before, after in draft.renamed:
        if notify and notify.get("message"):
            notify["message"] = reworded(notify["message"], {before: after})
        if not keep_id:
            draft.value["id"] = reworded(draft.value["id"], {phrase.slug([before]): phrase.slug([after])})


def _checked(draft: Draft) -> Rule:
    try:
        rule = parse_rule(draft.value)
    except InputError as error:
        raise cannot("edit", f"I cannot change the rule so: {error.problems[0].message}") from error
    stopping = blocking(check(rule, draft.home))
    if stopping:
        raise cannot("edit", f"I cannot change the rule so: it {stopping[0].message} {stopping[0].hint}".rstrip())
    return rule
