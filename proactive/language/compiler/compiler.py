"""The compiler: a language model reads requests, with `local` as its draft and its check.

`local` answers within milliseconds; what it found is offered as a draft at once. The model has a time limit and one
chance beside it. Nothing is saved by reading, so whichever reading is better evidenced wins and the other is forgotten;
a model that is slow, down or wrong costs nothing but its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic

from proactive.language.compiler.propose import Proposal, Task, propose
from proactive.language.compiler.roster import roster_of
from proactive.language.compiler.setting import Setting
from proactive.language.compiler.weigh import can_matter, weigh
from proactive.language.local.model import LocalModel
from proactive.language.local.slots import slots
from proactive.language.model import LanguageModel
from proactive.language.outcome import Outcome
from proactive.language.policy.gate import allowed
from proactive.language.request import Reader, Request

Allowed = Callable[[Outcome, Request], Outcome]
OnDraft = Callable[[Outcome], None]

_SETTLED = frozenset(("refuse", "manage", "question", "command"))  # what no model is asked about
_UNSETTLED = frozenset(("cannot", "clarify"))  # what a model may know better
_TICK = 0.02  # seconds between looks at whether somebody cancelled


@dataclass(frozen=True, slots=True)
class Compiler:
    """A reader made of a language model and `local`; `allowed` is the policy that every outcome passes last."""

    model: LanguageModel
    setting: Setting = field(default_factory=Setting)
    local: Reader = field(default_factory=LocalModel)
    allowed: Allowed = allowed

    @property
    def name(self) -> str:
        return self.model.name

    def read(self, request: Request, *, on_draft: OnDraft | None = None, cancel: Event | None = None) -> Outcome:
        """Return what became of a request.

        `on_draft` hears `local`'s outcome before a model is asked; where none is asked that outcome is the answer. `cancel` ends
        the wait for the model.
        """
        drafted = self.allowed(self.local.read(request), request)
        task = self._task(drafted, request)
        if task is None:
            return drafted
        if on_draft is not None:
            on_draft(drafted)
        proposal = self._proposal(task, cancel or Event())
        weighed = weigh(drafted, proposal, task)
        outcome = self.allowed(weighed.outcome, request)
        steps = (*proposal.steps, f"{weighed.verdict}: {weighed.why}") if self.setting.debug else ()
        return outcome.with_(usage=(*outcome.usage, *proposal.usage), debug=steps)

    def _task(self, drafted: Outcome, request: Request) -> Task | None:
        """Return what the model is asked about, or None where `local` has settled it."""
        always = self.setting.asked == "always"
        if drafted.outcome in _SETTLED or not (always or drafted.outcome in _UNSETTLED):
            return None
        task = task_of(request)
        return task if always or can_matter(drafted, task) else None

    def _proposal(self, task: Task, cancel: Event) -> Proposal:
        """Return what the model proposes within its time; nothing where it takes longer or somebody cancels."""
        found: list[Proposal] = []
        stop = Event()
        call = Thread(target=lambda: found.append(propose(self.model, task, self.setting, stop)), daemon=True)
        call.start()
        until = monotonic() + self.setting.timeout
        while call.is_alive() and not cancel.is_set() and monotonic() < until:
            call.join(_TICK)
        stop.set()
        why = "cancelled" if cancel.is_set() else f"no answer in {self.setting.timeout:g} s"
        return found[0] if found else Proposal(steps=(why,))


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
