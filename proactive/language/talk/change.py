"""Changes of the rule that was spoken of last: a follow-up is read, made of the rule, and read back before it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from proactive.language.local.detour import DetourError, ask
from proactive.language.outcome import Change, Choice, Outcome
from proactive.language.request import Request
from proactive.language.talk.edit import Edits, Rename
from proactive.language.talk.followup import escalated, followup
from proactive.language.talk.guarding import is_spared
from proactive.language.talk.revise import revise
from proactive.language.talk.slots import Context
from proactive.language.talk.thread import EDIT, Thread
from proactive.language.talk.words import bare, plain
from rules.explain import explain
from rules.rule import Rule

SO_ALREADY = "It is so already"
# What names no rule, and is a change all the same: with nothing spoken of, it is of one of those that stand.
_IT = re.compile(r"(?:make|change|set|move) (?:it|that)\b", re.IGNORECASE)
_MORE = re.compile(
    r"(?:make it |do it |tell me )?(?:a bit |a little |much |some |way )?(?P<how>longer|shorter|later|earlier|sooner|higher|lower|less often|more often)"
)
_WRONG = re.compile(
    r"(?:no )?(?:(?:that|this|it)(?: is|'s) )?(?:wrong|not right|not quite right|not what i (?:meant|said|want|wanted)|not it|incorrect)|change it|change that"
)
_HOW_MUCH = {
    **dict.fromkeys(("longer", "shorter"), "How long should it be? Say for example '20 minutes'."),
    **dict.fromkeys(("later", "earlier", "sooner"), "At what time should it be?"),
    **dict.fromkeys(("higher", "lower"), "What should the limit be?"),
    **dict.fromkeys(("less often", "more often"), "How often, at most? Say for example 'at most once an hour'."),
}


def changed(request: Request, thread: Thread) -> Outcome | None:
    """Return the outcome of a follow-up to the rule of the thread, or None where the text is none. Raise DetourError."""
    topic = thread.topic or (request.rules if _of_some_rule(request) else ())
    if topic and (unit := _MORE.fullmatch(plain(bare(request.text)))):
        raise ask(EDIT, _HOW_MUCH[unit["how"]])
    if topic and _WRONG.fullmatch(plain(request.text)):
        raise ask(
            EDIT, "What should be different? Say for example 'make it ten', 'the other one' or 'only on weekdays'."
        )
    found = [(rule, edits) for rule in topic if (edits := _edits(request.text, rule, request)) is not None]
    if not found:
        return None
    rule, edits = found[0] if len(found) == 1 else _chosen(found, request)
    return edited(Wanted(rule, edits, saved=thread.saved or not thread.topic, beside=topic), request)


def _of_some_rule(request: Request) -> bool:
    """Say whether a text changes a rule though none was spoken of: "make it ten", "stop telling me on weekends"."""
    contexts = (Context(rule, request.home, request.speaker, request.now) for rule in request.rules)
    said = bare(request.text)
    return bool(_IT.match(said)) or any(
        is_spared(request.text, context) or escalated(plain(said), context) is not None for context in contexts
    )


def _edits(text: str, rule: Rule, request: Request) -> Edits | None:
    return followup(text, Context(rule, request.home, request.speaker, request.now))


def _chosen(found: list[tuple[Rule, Edits]], request: Request) -> tuple[Rule, Edits]:
    """Return the rule that was answered. Raise DetourError to ask which of several is meant."""
    by_id = {rule.id: (rule, edits) for rule, edits in found}
    if request.answers.get("rule") in by_id:
        return by_id[request.answers["rule"]]
    raise which_rule([rule for rule, _ in found], request)


def which_rule(rules: list[Rule], request: Request, *, several: bool = False) -> DetourError:
    """Return the detour that asks which of several rules is meant; `several` where it may be all of them."""
    choices = [Choice(rule.id, explain(rule, request.home)) for rule in rules]
    return ask("rule", "Which rule do you mean?", [*choices, *((Choice("all", "all of them"),) if several else ())])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that is wanted: of a rule, by edits; `saved` where the rule stands, else `beside` it are other proposals."""

    rule: Rule
    edits: Edits
    saved: bool
    beside: tuple[Rule, ...] = ()


def edited(wanted: Wanted, request: Request) -> Outcome:
    """Return the outcome of a change: the rule as it would be, which takes the place of one that stands. Raise DetourError.

    A second rule leaves the first one as it is; what else is proposed stays proposed.
    """
    rule, edits = wanted.rule, wanted.edits
    new = revise(rule, edits, request.home, request.text, request.answers, saved=wanted.saved)
    if wanted.saved and _same(new, rule) and not edits.copy:
        return Outcome("chat", f"{SO_ALREADY}: {explain(rule, request.home)}")
    if edits.copy:
        new = _own(new, rule, request)
        return Outcome("rule", new.id, rules=(new,) if wanted.saved else (*wanted.beside, new))
    if wanted.saved:
        return Outcome("rule", new.id, rules=(new,), notes=_named(new, rule, edits), change=Change("edit", (rule.id,)))
    notes = ("It is so already.",) if _same(new, rule) else _named(new, rule, edits)
    return Outcome("rule", new.id, rules=tuple(new if each == rule else each for each in wanted.beside), notes=notes)


def _named(new: Rule, rule: Rule, edits: Edits) -> tuple[str, ...]:
    """Return that a rule is called otherwise now, where that was said: the read-back does not name it."""
    renamed = any(isinstance(edit, Rename) for edit in edits.edits)
    return (f"It is called {new.id} now, and not {rule.id}.",) if renamed and new.id != rule.id else ()


def _same(new: Rule, rule: Rule) -> bool:
    return new.model_copy(update={"said": rule.said}) == rule


def _own(new: Rule, rule: Rule, request: Request) -> Rule:
    """Return a second rule as a new one: of who speaks, in its first version."""
    return new.model_copy(update={"owner": request.speaker or rule.owner, "version": 1, "enabled": True})
