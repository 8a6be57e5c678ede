"""The compiler: language models read requests, with `local` as their draft and their check.

`local` answers within milliseconds; what it found is offered as a draft at once. The models have one time limit and one
chance beside it. Nothing is saved by reading, so whichever reading is better evidenced wins and the other is forgotten;
a model that is slow, down or wrong costs nothing but its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from proactive.language.answerer.answerer import Answerer, inquiry_of, question_of
from proactive.language.compiler.call import Allowance, Ledger
from proactive.language.compiler.propose import Proposal, Task, propose
from proactive.language.compiler.roster import roster_of
from proactive.language.compiler.router import Way, is_unsure, way_of
from proactive.language.compiler.setting import Setting
from proactive.language.compiler.weigh import can_matter, weigh
from proactive.language.local.model import LocalModel
from proactive.language.local.question.reading import query_of
from proactive.language.local.route import reply_of
from proactive.language.local.slots import slots
from proactive.language.model import LanguageModel
from proactive.language.outcome import Outcome
from proactive.language.policy.gate import allowed
from proactive.language.request import Reader, Request

Allowed = Callable[[Outcome, Request], Outcome]
OnDraft = Callable[[Outcome], None]

_SETTLED = frozenset(("refuse", "manage", "question", "command"))  # what no model makes a rule of


@dataclass(frozen=True, slots=True)
class Compiler:
    """A reader made of language models and `local`; `allowed` is the policy that every outcome passes last.

    `model` makes rules, `answerer` makes queries of questions, `router` says which of both a request is for where `local` is
    unsure. Each may be None; then nothing is asked of it.
    """

    model: LanguageModel | None
    setting: Setting = field(default_factory=Setting)
    local: Reader = field(default_factory=LocalModel)
    allowed: Allowed = allowed
    router: LanguageModel | None = None
    answerer: Answerer | None = None

    @property
    def name(self) -> str:
        return self.local.name if self.model is None else self.model.name

    def read(self, request: Request, *, on_draft: OnDraft | None = None, cancel: Event | None = None) -> Outcome:
        """Return what became of a request.

        `on_draft` hears `local`'s outcome before a model is asked; where none is asked that outcome is the answer. `cancel` ends
        the wait for the models, which share the time there is.
        """
        drafted = self.allowed(self.local.read(request), request)
        reading = _Reading(self, request, drafted, on_draft, Allowance(self.setting.timeout, cancel))
        outcome = self.allowed(reading.outcome(), request)
        ledger = reading.ledger
        steps = tuple(ledger.steps) if self.setting.debug else ()
        return outcome.with_(usage=(*outcome.usage, *ledger.usage), debug=steps)


@dataclass(slots=True)
class _Reading:
    """One request on its way past the models: its draft, the time that is left, and what was taken so far."""

    compiler: Compiler
    request: Request
    drafted: Outcome
    on_draft: OnDraft | None
    allowance: Allowance
    ledger: Ledger = field(default_factory=Ledger)

    def outcome(self) -> Outcome:
        """Return the outcome of whichever reading is better evidenced."""
        if self.drafted.outcome == "question":
            return self._question()
        task = self._task()
        way = self._way(task)
        if way == "question":
            return self._question()
        routed = way == "rule"
        if self.compiler.model is None or task is None or not (routed or way is None):
            return self.drafted
        return (
            self._rule(self.compiler.model, task, routed=routed) if self._matters(task, routed=routed) else self.drafted
        )

    def _show_draft(self) -> None:
        """Let the draft be heard, once, before the first model is asked."""
        if self.on_draft is not None:
            self.on_draft(self.drafted)
            self.on_draft = None

    # --- the way ------------------------------------------------------------------------------------------------

    def _task(self) -> Task | None:
        """Return what the model could be asked about, or None where there is none, or `local` has settled it."""
        if self.compiler.model is None or self.drafted.outcome in _SETTLED:
            return None
        return task_of(self.request)

    def _way(self, task: Task | None) -> Way | None:
        """Return the router's way, or None where it is not asked: `local` is sure, or no way leads on from here."""
        router, request = self.compiler.router, self.request
        if router is None or not is_unsure(self.drafted):
            return None
        if not (self._matters(task, routed=True) or self._may_be_asked()):
            return None
        self._show_draft()
        way = self.allowance.run(lambda stop: way_of(router, request, self.ledger, stop))
        self.ledger.steps.append(f"router: {way or 'no way'}")
        return way

    def _matters(self, task: Task | None, *, routed: bool) -> bool:
        """Say whether the model's rule could change the outcome, or is to be asked for all the same."""
        if task is None:
            return False
        return self.compiler.setting.asked == "always" or can_matter(self.drafted, task, routed=routed)

    def _may_be_asked(self) -> bool:
        """Say whether a query can be made of the words, if they are a question."""
        if self.request.now is None:
            return False
        answerable = self.compiler.answerer is not None and inquiry_of(self.request) is not None
        return answerable or query_of(self.request).query is not None

    # --- what comes of it ---------------------------------------------------------------------------------------

    def _rule(self, model: LanguageModel, task: Task, *, routed: bool) -> Outcome:
        """Return the better evidenced of the model's rule and the draft."""
        self._show_draft()
        setting = self.compiler.setting
        proposal = self.allowance.run(lambda stop: propose(model, task, setting, stop))
        proposal = proposal or Proposal(steps=(self.allowance.why,))
        weighed = weigh(self.drafted, proposal, task, routed=routed)
        self.ledger.usage += proposal.usage
        self.ledger.steps += (*proposal.steps, f"{weighed.verdict}: {weighed.why}")
        return weighed.outcome

    def _question(self) -> Outcome:
        """Return the question with its query; the draft where nobody can make one."""
        if self.request.now is None:
            return self.drafted
        found = question_of(self.request, self.compiler.answerer, self.allowance, self._show_draft)
        self.ledger.usage += found.usage
        self.ledger.steps += found.debug
        if found.query is None:
            return self.drafted
        asked = self.drafted if self.drafted.outcome == "question" else Outcome("question", reply_of("question"))
        return asked.with_(query=found.query, notes=(*asked.notes, *found.notes))


@dataclass(frozen=True, slots=True)
class Aloud:
    """A compiler that tells somebody what `local` found while the model is still at work."""

    compiler: Compiler
    on_draft: OnDraft
    cancel: Event | None = None

    @property
    def name(self) -> str:
        return self.compiler.name

    def read(self, request: Request) -> Outcome:
        """Return what became of a request, after its draft was heard."""
        return self.compiler.read(request, on_draft=self.on_draft, cancel=self.cancel)


def task_of(request: Request) -> Task:
    """Return a request with what was found in it, and what of the home it can mean."""
    found = slots(request.text, request.home)
    return Task(request, found, roster_of(request, found))
