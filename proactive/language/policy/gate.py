"""The gate: a request passes it on the way in, an outcome on the way out."""

from __future__ import annotations

from typing import Literal

from proactive.language.outcome import Change, Outcome
from proactive.language.policy.acting import check_acting, confirmations
from proactive.language.policy.watching import check_watching
from proactive.language.policy.words import refused
from proactive.language.request import Request
from rules.check import blocking, check
from rules.home import Home, Person
from rules.problem import Problem
from rules.rule import Rule

MOST_RULES = 8
"""More rules than this in one request are a mistake or an attack."""


def refusal(request: Request) -> Outcome | None:
    """Return the outcome of a request that is refused for its words, or None where it may be read."""
    found = refused(request.text)
    if found is None:
        return None
    return Outcome("refuse", found.reply, problems=(Problem(found.code, "text", found.reply),))


def allowed(outcome: Outcome, request: Request) -> Outcome:
    """Return the outcome as far as this home and its people allow it, whoever proposed it.

    A rule that the home cannot have is no rule (`cannot`); one that this person may not have is refused, with the reason; acts that
    wait for a yes are said in `notes`.
    """
    if impossible := [p for rule in outcome.rules for p in blocking(check(rule, request.home))]:
        return _answer("cannot", impossible)
    if objections := _objections(outcome, request):
        return _answer("refuse", objections)
    acts = [*outcome.acts, *(act for rule in outcome.rules for act in rule.do)]
    notes = [note for note in confirmations(acts, request.home) if note not in outcome.notes]
    return outcome.with_(notes=(*outcome.notes, *notes)) if notes else outcome


def _objections(outcome: Outcome, request: Request) -> list[Problem]:
    home, speaker = request.home, request.speaker
    found: list[Problem] = []
    if len(outcome.rules) > MOST_RULES:
        found.append(
            Problem("too_many", "text", f"would be {len(outcome.rules)} rules at once.", "Say a few at a time.")
        )
    for rule in outcome.rules:
        found += [*check_watching(rule, home, speaker), *check_acting(rule.do, home, speaker)]
    found += check_acting(outcome.acts, home, speaker)
    if outcome.change is not None:
        found += _of_others(outcome.change, request)
    return found


def _of_others(change: Change, request: Request) -> list[Problem]:
    """Return why a change touches rules that are not this person's: owners may change all, others their own.

    To be left alone until a time is everybody's own affair: others are told as before.
    """
    if (
        change.until is not None
        or change.deed not in ("edit", "pause", "resume", "drop")
        or _is_owner(request.home, request.speaker)
    ):
        return []
    owners = {rule.id: rule.owner for rule in request.rules}
    others = [rule for rule in change.rules if owners.get(rule) not in (None, request.speaker)]
    return [
        Problem("not_yours", "rule", f"{rule!r} is somebody else's rule.", "Ask them or an owner.") for rule in others
    ]


def may_change(rule: Rule, home: Home, speaker: str | None) -> bool:
    """Say whether a person may change a rule: their own, one of nobody, or any for an owner."""
    return rule.owner in (None, speaker) or _is_owner(home, speaker)


def _is_owner(home: Home, speaker: str | None) -> bool:
    who = home.by_id.get(speaker or "")
    return isinstance(who, Person) and who.standing == "owner"


def _answer(kind: Literal["cannot", "refuse"], problems: list[Problem]) -> Outcome:
    unique = tuple(dict.fromkeys(problems))
    reply = " ".join(f"It {p.message} {p.hint}".rstrip() for p in unique[:2])
    opening = "I will not do that" if kind == "refuse" else "That is no rule for this home"
    return Outcome(kind, f"{opening}. {reply}", problems=unique)
