"""The answerer: where `local` takes words for a question and can make no query of them, a language model proposes one.

One call, one small form. Code makes the query, reads its period and holds it against the words; what they do not bear out
is not asked of the log, and the honest "I did not understand" stays. The answer is computed from the log, by nobody's words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event

from proactive.language.answerer.build import Inquiry, query_in
from proactive.language.answerer.form import parse_question, question_prompt
from proactive.language.answerer.wanted import has_a_time, wanted_in, without_frame
from proactive.language.compiler.call import Allowance, Ledger, answer_of
from proactive.language.compiler.roster import roster_of
from proactive.language.compiler.setting import Setting
from proactive.language.compiler.weigh import is_beyond
from proactive.language.local.detour import DetourError
from proactive.language.local.question.reading import asked_of, in_english, query_of
from proactive.language.local.slots import slots
from proactive.language.local.tongue import tongue_of
from proactive.language.model import LanguageModel
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.problem import InputError

OnAsk = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answerer:
    """Reads questions that `local` cannot."""

    model: LanguageModel
    setting: Setting = field(default_factory=Setting)

    def read(
        self, request: Request, unread: Outcome, allowance: Allowance | None = None, on_ask: OnAsk | None = None
    ) -> Outcome:
        """Return a question with its query, or what `local` said of it: `unread`. Never raises for what a person can say.

        `on_ask` is called before the model is asked, where it is.
        """
        inquiry = inquiry_of(request) if is_beyond(unread) else None
        if inquiry is None:
            return unread
        if on_ask is not None:
            on_ask()
        time, ledger = allowance or Allowance(self.setting.timeout), Ledger()
        asked = time.run(lambda stop: self._asked(inquiry, ledger, stop))
        steps = ledger.steps or [time.why]
        return (asked or unread).with_(usage=tuple(ledger.usage), debug=tuple(steps) if self.setting.debug else ())

    def _asked(self, inquiry: Inquiry, ledger: Ledger, stop: Event) -> Outcome | None:
        """Return the question with the query of what the model answers, or None; the ledger says why."""
        prompt = question_prompt(inquiry.asked.text, inquiry.roster, inquiry.found, inquiry.wanted, self.setting)
        answer = answer_of(self.model, prompt, ledger, stop)
        if answer is None:
            return None
        try:
            query, evidence = query_in(parse_question(answer), inquiry)
        except InputError as error:
            ledger.steps += [f"problem: {problem}" for problem in error.problems]
            return None
        except DetourError as detour:
            ledger.steps.append(f"problem: {detour}")
            return None
        left = dict.fromkeys((*inquiry.found.left_out, *evidence.left_out))
        return Outcome("question", query=query, notes=tuple(f"I left out {text!r}." for text in left))


def question_of(
    request: Request,
    answerer: Answerer | None = None,
    allowance: Allowance | None = None,
    on_ask: OnAsk | None = None,
) -> Outcome:
    """Return the question with its query, by `local` where it can, else by the answerer, else why there is none."""
    outcome = query_of(request)
    if outcome.query is not None or answerer is None:
        return outcome
    return answerer.read(request, outcome, allowance, on_ask)


def inquiry_of(request: Request) -> Inquiry | None:
    """Return what a model can be asked about a question, or None where no answer of its could be borne out.

    That is so in a language whose times nobody here reads, where a time is left that was not understood, where more than one
    thing is wanted, and where nothing is named.
    """
    if tongue_of(request.text) not in ("en", "es"):
        return None
    english, _ = in_english(request)
    try:
        asked = asked_of(english)
    except DetourError:
        return None
    wanted = wanted_in(asked.said)
    text = without_frame(" ".join(token.raw for token in asked.tokens))
    found = slots(text, request.home)
    if not wanted or not found.english or has_a_time(found):
        return None
    own = replace(english, text=text, conversation=())
    roster = roster_of(own, found)
    return Inquiry(asked, own, found, roster, wanted) if roster.entries else None
