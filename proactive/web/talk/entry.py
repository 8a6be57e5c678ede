"""Entries: each turn of a conversation as it is shown: what was said, what is answered, cards, and what can be tapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from proactive.language.local.detour import EXAMPLES
from proactive.language.local.tongue import tongue_of
from proactive.language.outcome import Ask, Change, Outcome
from proactive.language.request import Turn
from proactive.language.talk.facts import fact_text
from proactive.web.talk.card import Card, cards_of
from proactive.web.talk.saying import act_words
from proactive.web.talk.standing import Standing, settled_by, stands
from proactive.web.talk.watched import Picture, pictures_of
from proactive.web.visit import Visit
from proactive.web.words import title_of
from rules.units import moment
from rules.words.times import joined

_OFFERS = (f" I understand for example: {EXAMPLES}.", f" For example: {EXAMPLES}.")
_NO_ANSWER = "I cannot answer that. I know what the cameras and devices here reported, and what I told you."


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that answers a question: what it shows, and what it says."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn as it is shown. `at` names it; `standing` says how what it proposes stands.

    `confirm` is what is done on a yes to something that is no rule; `result` what became of it; `links` are rules, each with
    its name and id. `stuck` where it was not understood: then examples help.
    """

    at: int
    said: str
    reply: str
    standing: Standing
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    taps: tuple[Tap, ...] = ()
    confirm: str = ""
    result: str = ""
    links: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    stuck: bool = False


def entries_of(turns: Sequence[Turn], visit: Visit) -> list[Entry]:
    """Return a conversation as it is shown; taps on cards are part of the card."""
    return [entry_of(turn, turns, visit) for turn in turns if turn.text]


def entry_of(turn: Turn, turns: Sequence[Turn], visit: Visit) -> Entry:
    """Return one turn of a conversation as it is shown."""
    standing, outcome = stands(turn, turns), turn.outcome
    after = settled_by(turn, turns)
    tapped = after if after is not None and not after.text else None
    open_ask = outcome.asks[0] if outcome.asks and turn.at == turns[-1].at else None
    open_cards = standing == "open" and outcome.rules
    return Entry(
        at=turn.at,
        said=turn.text,
        reply=_reply(turn, visit),
        standing=standing,
        notes=outcome.notes if standing in ("open", "said") else (),
        cards=tuple(cards_of(turn, visit)) if open_cards else (),
        taps=taps_of(open_ask) if open_ask is not None else (),
        confirm=_confirm(turn, visit) if standing == "open" and not outcome.rules else "",
        result="" if tapped is None else _result(tapped, visit),
        links=_links(tapped or turn, visit),
        pictures=tuple(pictures_of(turn.evidence, visit)),
        stuck=(outcome.outcome in ("cannot", "chat") and not outcome.asks) or _unanswered(turn),
    )


# A deadline is answered freely: what its question gives as examples is a tap away, and any other answer counts as well.
_DEADLINES = {
    "en": ("By noon", "By 8 pm", "For 12 hours"),
    "es": ("Antes del mediodía", "Antes de las 8 de la tarde", "Durante 12 horas"),
}


def taps_of(ask: Ask) -> tuple[Tap, ...]:
    """Return the choices of a question as buttons; one whose words would not tell it from another says its number.

    A question for a deadline, which has no choices, has examples as buttons.
    """
    if ask.slot == "deadline" and not ask.choices:
        return tuple(Tap(each, each) for each in _DEADLINES["es" if tongue_of(ask.question) == "es" else "en"])
    labels = [choice.label for choice in ask.choices]
    says = [label if labels.count(label) == 1 and len(label) < 60 else str(n) for n, label in enumerate(labels, 1)]
    return tuple(Tap(label[:1].upper() + label[1:], word) for label, word in zip(labels, says, strict=True))


# --- in words ---------------------------------------------------------------------------------------------------


def _reply(turn: Turn, visit: Visit) -> str:
    """Return what is answered to a turn; nothing where a card says it."""
    outcome, change = turn.outcome, turn.outcome.change
    if turn.told:
        return turn.told
    if outcome.rules or outcome.acts:
        return ""
    if outcome.asks:
        return outcome.asks[0].question if len(outcome.asks) > 1 else outcome.reply
    if change is not None and change.sure and change.deed != "list":
        return _done(outcome, change, visit)
    if change is not None and not change.sure:
        return ""
    if _unanswered(turn):
        return _NO_ANSWER
    return plain_reply(outcome)


def plain_reply(outcome: Outcome) -> str:
    """Return a reply without examples of other homes: those of this one are shown beside it."""
    reply = outcome.reply
    for offer in _OFFERS:
        reply = reply.removesuffix(offer)
    return reply


def _unanswered(turn: Turn) -> bool:
    return turn.outcome.outcome == "question" and not turn.told and not turn.outcome.asks


def _confirm(turn: Turn, visit: Visit) -> str:
    """Return what waits for a yes, as a question."""
    change = turn.outcome.change
    if turn.outcome.acts:
        return f"Shall I {joined([act_words(act, visit) for act in turn.outcome.acts])} now?"
    if change is not None and change.rules and change.until is None and change.deed in _VERBS:
        return f"{_VERBS[change.deed]} {_titles(change, visit)}?"
    return turn.outcome.reply


_VERBS = {"pause": "Pause", "resume": "Watch again:", "drop": "Delete"}
_DONE = {"pause": "Paused {}.", "resume": "Watching again: {}.", "drop": "Deleted {}.", "save": "Saved {}."}


def _result(yes: Turn, visit: Visit) -> str:
    """Return what became of what was tapped."""
    change = yes.outcome.change
    if yes.told:
        return yes.told
    if change is None:
        return "I cannot tell whether that was done. Please look."
    return "" if change.deed == "discard" else _done(yes.outcome, change, visit)


def _done(outcome: Outcome, change: Change, visit: Visit) -> str:
    """Return what a change that was carried out did."""
    if change.deed in ("tell", "forget"):
        word = "I will remember" if change.deed == "tell" else "Forgotten"
        now = moment(visit.now)
        return f"{word}: {joined([fact_text(fact, visit.home, now) for fact in change.facts])}."
    if change.rules and change.deed in _DONE and change.until is None:
        return _DONE[change.deed].format(_titles(change, visit))
    if change.rules and change.until is not None:
        return f"Quiet for you: {_titles(change, visit)}."
    return outcome.reply


def _titles(change: Change, visit: Visit) -> str:
    rules = (visit.site.store.last_rule(visit.home.home, id) for id in change.rules)
    return joined([f"“{title_of(rule)}”" for rule in rules if rule is not None and visit.access.may_see_rule(rule)])


def _links(turn: Turn, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the rules that were saved or changed and still stand, by name and id."""
    change = turn.outcome.change
    if turn.told or change is None or not change.sure or change.deed not in ("save", "pause", "resume"):
        return ()
    standing = {rule.id: rule for rule in visit.access.rules(visit.site.store.rules(visit.home.home))}
    return tuple((title_of(standing[id]), id) for id in change.rules if id in standing)
