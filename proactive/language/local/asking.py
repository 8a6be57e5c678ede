"""Asking: everything that a request leaves open in one outcome, instead of one question after another.

Where a reading ends with a question, it goes on with an answer that is only supposed, to see what else would be asked. What
is supposed is thrown away: nobody gets a rule from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from proactive.language.outcome import Ask, Outcome

_MOST = 4  # questions in one outcome; who leaves more open than that says it anew
_SUPPOSED = {
    "duration": "10 minutes",
    "within": "10 minutes",
    "deadline": "noon",
    "since": "6 am",
    "time": "noon",
    "value": "10",
}


def all_asked(read: Callable[[Mapping[str, str]], Outcome], answers: Mapping[str, str]) -> Outcome:
    """Return what `read` makes of a request with these answers, with every question that it leaves open."""
    outcome = first = read(answers)
    asks: list[Ask] = []
    known = dict(answers)
    while outcome.outcome == "clarify" and len(asks) < _MOST:
        new = [ask for ask in outcome.asks if ask.slot not in known]
        supposed = {ask.slot: _supposed(ask) for ask in new}
        asks += new
        if not new or not all(supposed.values()):
            break
        known |= supposed
        outcome = read(known)
    if len(asks) < 2:
        return first
    return first.with_(asks=tuple(asks), reply=" ".join(ask.question for ask in asks))


def _supposed(ask: Ask) -> str:
    """Return an answer that might be given, or an empty text where nobody can suppose one."""
    kind = ask.slot.partition("-")[0].partition(".")[0]
    return ask.choices[0].id if ask.choices else _SUPPOSED.get(kind, "")
