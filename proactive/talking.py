"""Talking: a conversation with one person over the store: what is said is read, kept as a turn, and carried out on a yes.

Whoever lets people talk, the command line or a page, hands in the words and the time, and shows what comes back. What was
said is kept for a day, so that it can be shown; words refer only to what was said within the last ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from proactive.access.access import Access
from proactive.keeping import Keeper, Kept
from proactive.language.outcome import Change, Outcome
from proactive.language.request import Reader, Request, Turn
from proactive.language.spoken import language_among
from proactive.language.talk.thread import accepted, thread_of
from proactive.language.understand import converse
from rules.home import Home
from rules.problem import InputError, Problem
from rules.rule import Rule
from rules.units import DAY, HOUR, MINUTE, moment

if TYPE_CHECKING:
    from proactive.store import Store

GOES_ON = 10 * MINUTE  # after which a few words refer to nothing that was said before
HEARD_OF = HOUR  # for so long "stop telling me that" is what was told last
REFERRED = 12  # turns that words may refer to
SHOWN = DAY  # for so long what was said can be shown


@dataclass(frozen=True, slots=True)
class Reading:
    """What words would become, and the request that it rests on; nothing of it is kept yet."""

    request: Request
    turn: Turn


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
        return self.keep(self.read(text, now), now)

    def read(self, text: str, now: int) -> Reading:
        """Return what would become of words; nothing changes, so that it may be read before they are all there."""
        request = self._request(text, now)
        return Reading(request, converse(request, self.reader))

    def holds(self, reading: Reading, now: int) -> bool:
        """Tell whether all that a reading rests on is still as it was, but for the time."""
        request = self._request(reading.request.text, now)
        return replace(request, now=reading.request.now) == reading.request

    def keep(self, reading: Reading, now: int) -> Turn:
        """Keep what was read as the next turn, and return it."""
        before = reading.request.conversation
        heard_of = before if before and not before[-1].at else ()
        turn = reading.turn
        return self._add(replace(turn, of=goes_on_with(turn, before, self._rules())), now, heard_of)

    def _request(self, text: str, now: int) -> Request:
        """Return words with all that they may refer to, as it is now."""
        home = self.listing()
        theirs = tuple(Access(home, self.who, self.store.shown(self.home, self.who or "")).rules(self._rules()))
        facts = tuple(self.store.facts(self.home))
        return Request(text, home, self.who, self.turns(now), moment(now), facts=facts, rules=theirs)

    def _rules(self) -> tuple[Rule, ...]:
        return tuple(self.store.rules(self.home))

    def accept(self, turn: Turn, now: int, only: Collection[str] | None = None) -> Kept:
        """Carry out what a turn proposes, as a yes to that turn does, whatever the person said elsewhere meanwhile.

        `only` are the ids of the rules to save where not all are wanted. Raise InputError where it was answered before, and
        for what this person may not do.
        """
        proposed = turn.outcome
        if only is not None and proposed.rules:
            proposed = proposed.with_(rules=tuple(rule for rule in proposed.rules if rule.id in only))
        yes = self._settle(turn, accepted(proposed), now)
        return self._done(yes, proposed, (*self.turns(now)[:-1], turn), now)

    def decline(self, turn: Turn, now: int) -> None:
        """Let go of what a turn proposes. Raise InputError where it was answered before."""
        self._settle(turn, Outcome("manage", "", change=Change("discard", sure=True)), now)

    def settle(self, turn: Turn, now: int) -> Turn:
        """Note a yes to a turn that whoever asks carries out; return that yes. Raise InputError where it was answered before."""
        return self._settle(turn, Outcome("command", "All right."), now)

    def carry_out(self, turn: Turn, now: int) -> Kept:
        """Carry out the change of a turn that is sure, and keep what it was done with as what the conversation is about."""
        before = tuple(each for each in self.turns(now) if not turn.at or each.at < turn.at)
        return self._done(turn, thread_of(before, tuple(self.store.rules(self.home))).proposed, before, now)

    def tell(self, turn: Turn, words: str, now: int, evidence: Collection[str] = ()) -> Turn:
        """Keep what was answered to a turn in the end, with the records that it rests on; return the turn."""
        told = replace(turn, told=words, evidence=tuple(evidence))
        self._replace(told, now)
        return told

    def _done(self, turn: Turn, proposed: Outcome | None, before: tuple[Turn, ...], now: int) -> Kept:
        change = turn.outcome.change
        if change is None or not change.sure:
            return Kept()
        keeper = Keeper(self.store, self.home, self.who, now, language_among([each.text for each in (*before, turn)]))
        if change.deed != "save":
            return keeper.carry_out(change)
        kept = keeper.save(proposed.rules, change.rules) if proposed is not None else Kept()
        done = Outcome("manage", turn.outcome.reply, change=Change("save", tuple(r.id for r in kept.rules), sure=True))
        self._replace(replace(turn, outcome=done), now)
        return kept

    # --- what was said ---

    def turns(self, now: int) -> tuple[Turn, ...]:
        """Return the conversation that goes on, or what the person was told of last as its only turn."""
        return going_on(self.said(now), now) or self._told_last(now)

    def said(self, now: int) -> tuple[Turn, ...]:
        """Return everything that was said within a day, the first first, as far as it is kept."""
        return self.store.conversation(self.home, self.who or "", since=now - SHOWN)

    def begin_anew(self, now: int) -> None:
        """Forget what was said before."""
        self.store.converse(self.home, self.who or "", (), at=now)

    def speak_of(self, rule: Rule, now: int) -> None:
        """Begin a new conversation, about a rule that stands."""
        turn = replace(_spoken_of(rule.id, rule.said or rule.id), at=now)
        self.store.converse(self.home, self.who or "", (turn,), at=now)

    def _add(self, turn: Turn, now: int, before: tuple[Turn, ...] = ()) -> Turn:
        """Keep a turn as the last one, at an instant that no other has; return it."""

        def added(kept: tuple[Turn, ...]) -> tuple[Turn, ...]:
            heard_of = () if kept and now - kept[-1].at <= GOES_ON else before
            last = max(now, kept[-1].at + 1 if kept else now)
            more = (*heard_of, turn)
            return (*kept, *(replace(each, at=last + place) for place, each in enumerate(more)))

        return self._revise(added, now)[-1]

    def _replace(self, turn: Turn, now: int) -> None:
        self._revise(lambda kept: tuple(turn if each.at == turn.at else each for each in kept), now)

    def _settle(self, turn: Turn, outcome: Outcome, now: int) -> Turn:
        """Add a turn that settles another's proposal, unless one did."""

        def settled(kept: tuple[Turn, ...]) -> tuple[Turn, ...]:
            if turn.at and any(each.of == turn.at for each in kept):
                raise InputError(
                    [Problem("answered", "turn", "was answered or changed meanwhile.", "Look at it again.")]
                )
            return (*kept, Turn("", outcome, at=max(now, kept[-1].at + 1 if kept else now), of=turn.at))

        return self._revise(settled, now)[-1]

    def _revise(self, to: Callable[[tuple[Turn, ...]], tuple[Turn, ...]], now: int) -> tuple[Turn, ...]:
        return self.store.revise_conversation(self.home, self.who or "", to, at=now)

    def _told_last(self, now: int) -> tuple[Turn, ...]:
        sent = [n for n in self.store.notifications(self.home, "sent", 20) if n.person == self.who]
        last = next((n for n in sent if now - n.created_at <= HEARD_OF), None)
        if last is None:
            return ()
        return (_spoken_of(last.rule, last.title),)


def going_on(turns: tuple[Turn, ...], now: int) -> tuple[Turn, ...]:
    """Return the last turns between which, and since which, no more than `GOES_ON` passed."""
    found: list[Turn] = []
    after = now
    for turn in reversed(turns[-REFERRED:]):
        if after - turn.at > GOES_ON:
            break
        found.append(turn)
        after = turn.at
    return tuple(reversed(found))


def goes_on_with(turn: Turn, before: tuple[Turn, ...], rules: tuple[Rule, ...]) -> int:
    """Return which of the turns before it a turn changes or settles, by its `at`: what waits for a yes; else 0."""
    proposed = thread_of(before, rules).proposed
    last = next((each for each in reversed(before) if each.outcome is proposed), None)
    if proposed is None or last is None:
        return 0
    change = turn.outcome.change
    settles = change is not None and change.sure and turn.outcome.outcome == "manage"
    return last.at if settles or _revises(turn.outcome, proposed) else 0


def _revises(outcome: Outcome, proposed: Outcome) -> bool:
    """Say whether rules are proposed ones, changed: those that stay as they were, or whose words go on with theirs."""
    said = [rule.said for rule in proposed.rules if rule.said]
    kept = any(rule in proposed.rules for rule in outcome.rules)
    return kept or any(
        (rule.said or "").startswith(f"{old}; ") or (rule.said or "").endswith(f" ({old})")
        for rule in outcome.rules
        for old in said
    )


def _spoken_of(rule: str, reply: str) -> Turn:
    """Return the turn after which "it" is a rule."""
    return Turn("", Outcome("manage", reply, change=Change("list", (rule,), sure=True)))
