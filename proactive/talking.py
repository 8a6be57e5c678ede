"""Talking: a conversation with one person over the store: what is said is read, kept as a turn, and carried out on a yes.

Whoever lets people talk, the command line or a page, hands in the words and the time, and shows what comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from proactive.keeping import Keeper, Kept
from proactive.language.outcome import Change, Outcome
from proactive.language.request import Reader, Request, Turn
from proactive.language.spoken import language_among
from proactive.language.talk.thread import accepted, thread_of
from proactive.language.understand import converse
from rules.home import Home
from rules.rule import Rule
from rules.units import HOUR, MINUTE, moment

if TYPE_CHECKING:
    from proactive.store import Store

GOES_ON = 10 * MINUTE  # after which a few words refer to nothing that was said before
HEARD_OF = HOUR  # for so long "stop telling me that" is what was told last


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in a home with a person (None: with nobody in particular)."""

    store: Store
    home: str
    who: str | None
    reader: Reader

    def listing(self) -> Home:
        """Return the home as it is listed now."""
        return self.store.export_home(self.home)

    def hear(self, text: str, now: int) -> Turn:
        """Return what becomes of words, and keep it as the next turn. Nothing else changes."""
        before = self.turns(now)
        facts, rules = tuple(self.store.facts(self.home)), tuple(self.store.rules(self.home))
        turn = converse(
            Request(text, self.listing(), self.who, before, moment(now), facts=facts, rules=rules), self.reader
        )
        self._keep_turns((*before, turn), now)
        return turn

    def accept(self, turn: Turn, now: int) -> Kept:
        """Carry out what a turn proposes, as a yes to that turn does, whatever the person said elsewhere meanwhile."""
        yes = Turn("", accepted(turn.outcome))
        before = (*self.turns(now), yes)
        self._keep_turns(before, now)
        return self._done(yes, turn.outcome, before, now)

    def carry_out(self, turn: Turn, now: int) -> Kept:
        """Carry out the change of a turn that is sure, and keep what it was done with as what the conversation is about."""
        before = self.turns(now)
        return self._done(turn, thread_of(before[:-1], tuple(self.store.rules(self.home))).proposed, before, now)

    def _done(self, turn: Turn, proposed: Outcome | None, turns: tuple[Turn, ...], now: int) -> Kept:
        change = turn.outcome.change
        if change is None or not change.sure:
            return Kept()
        keeper = Keeper(self.store, self.home, self.who, now, language_among([each.text for each in (*turns, turn)]))
        if change.deed != "save":
            return keeper.carry_out(change)
        kept = keeper.save(proposed.rules, change.rules) if proposed is not None else Kept()
        done = Outcome("manage", turn.outcome.reply, change=Change("save", tuple(r.id for r in kept.rules), sure=True))
        self._keep_turns((*turns[:-1], replace(turn, outcome=done)), now)
        return kept

    def turns(self, now: int) -> tuple[Turn, ...]:
        """Return the conversation that goes on, or what the person was told of last as its only turn."""
        return self.store.conversation(self.home, self.who or "", since=now - GOES_ON) or self._told_last(now)

    def begin_anew(self, now: int) -> None:
        """Forget what was said before."""
        self._keep_turns((), now)

    def speak_of(self, rule: Rule, now: int) -> None:
        """Begin a new conversation, about a rule that stands."""
        self._keep_turns((_spoken_of(rule.id, rule.said or rule.id),), now)

    def _keep_turns(self, turns: tuple[Turn, ...], now: int) -> None:
        self.store.converse(self.home, self.who or "", turns, at=now)

    def _told_last(self, now: int) -> tuple[Turn, ...]:
        sent = [n for n in self.store.notifications(self.home, "sent", 20) if n.person == self.who]
        last = next((n for n in sent if now - n.created_at <= HEARD_OF), None)
        if last is None:
            return ()
        return (_spoken_of(last.rule, last.title),)


def _spoken_of(rule: str, reply: str) -> Turn:
    """Return the turn after which "it" is a rule."""
    return Turn("", Outcome("manage", reply, change=Change("list", (rule,), sure=True)))
