"""Proposing: one call, its answer built and held against home and words, and at most two more with what was wrong.

Whatever comes back, the result is a value: a rule that passed everything, a question that only a person can answer,
or nothing, with the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from proactive.language.compiler.build import build
from proactive.language.compiler.call import Ledger, answer_of
from proactive.language.compiler.evidence import Evidence, evidence_of
from proactive.language.compiler.form import Form, parse_form
from proactive.language.compiler.lint import lint
from proactive.language.compiler.omitted import UNKNOWN_THING
from proactive.language.compiler.prompt import prompt_of, repaired
from proactive.language.compiler.roster import Roster
from proactive.language.compiler.setting import Setting
from proactive.language.local.detour import DetourError
from proactive.language.local.slots import Slots
from proactive.language.model import LanguageModel, Usage
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.problem import InputError, Problem


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model made of a request: an `outcome` (a rule or a question back) or None, what it took, and why.

    `steps` tell in order what it answered and what was wrong with it, for debugging.
    """

    outcome: Outcome | None = None
    evidence: Evidence | None = None
    usage: tuple[Usage, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One request with what was found in it and what it can mean."""

    request: Request
    found: Slots
    roster: Roster


def propose(model: LanguageModel, task: Task, setting: Setting, cancel: Event) -> Proposal:
    """Return what a model makes of a task; never raises for what it answers, nor for a call that fails."""
    ledger = Ledger()
    prompt = prompt_of(task.request, task.roster, task.found, setting)
    answers: list[Any] = []
    for _ in range(setting.rounds + 1):
        answer = answer_of(model, prompt, ledger, cancel)
        if answer is None or answer in answers:
            break
        answers.append(answer)
        try:
            outcome, evidence = _judged(answer, task)
        except DetourError as detour:  # only a person can say what is missing
            return _proposal(ledger, detour.outcome)
        except InputError as error:
            ledger.steps += [f"problem: {problem}" for problem in error.problems]
            if any(problem.code == UNKNOWN_THING for problem in error.problems):
                break
            prompt = repaired(prompt, answer, error.problems)
            continue
        return _proposal(ledger, outcome, evidence)
    return _proposal(ledger)


def _proposal(ledger: Ledger, outcome: Outcome | None = None, evidence: Evidence | None = None) -> Proposal:
    return Proposal(outcome, evidence, tuple(ledger.usage), tuple(ledger.steps))


def _judged(answer: Any, task: Task) -> tuple[Outcome | None, Evidence | None]:
    """Return the outcome of an answer and its evidence; None where it says that there is no rule. Raise InputError."""
    form = parse_form(answer)
    if form.kind == "none":
        return None, None
    outcome = _built(form, task)
    rule = outcome.rules[0]
    evidence = evidence_of(rule, task.found, task.roster, task.request)
    problems: Sequence[Problem] = (*lint(rule, task.request.home), *evidence.invented, *evidence.dropped)
    if problems:
        raise InputError(problems)
    return outcome, evidence


def _built(form: Form, task: Task) -> Outcome:
    """Return the rule of a form. Raise InputError for what the model can put right, DetourError for a question back."""
    try:
        return build(form, task.roster, task.found, task.request)
    except DetourError as detour:
        if detour.outcome.outcome == "clarify":
            raise
        problems = detour.outcome.problems or (Problem("misread", "answer", detour.outcome.reply),)
        raise InputError(problems) from detour
