"""A conversation at the command line: what becomes of words is shown, asked about, and carried out on a yes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from proactive import app, clock
from proactive.cli.desk import enforced
from rules.problem import InputError, Problem, nearest

if TYPE_CHECKING:
    from proactive.keeping import Kept
    from proactive.language.outcome import Outcome
    from proactive.language.request import Turn
    from proactive.settings import Settings
    from proactive.store import Store
    from proactive.talking import Talk
    from rules.home import Home


def talk_of(own: Settings, store: Store, home: Home, who: str | None) -> Talk:
    """Return the conversation of a person (None: the home's default speaker) in a home. Raise InputError for a stranger."""
    from proactive.language.reader import aloud
    from proactive.talking import Talk

    _check_speaker(who, home)
    return Talk(store, home.home, who or home.speaker, aloud(app.load_reader(own, store), _draft))


def _draft(outcome: Outcome) -> None:
    """Show what is made of the words while a language model is asked about them."""
    click.echo(f"So far: {outcome.reply}\nAsking the language model ...", err=True)


def _explain(outcome: Outcome) -> None:
    """Show how a model read the words, where that was asked for, and what it took."""
    for step in outcome.debug:
        click.echo(f"  {step}", err=True)
    for used in outcome.usage if outcome.debug else ():
        tokens = f"{used.tokens_in} tokens in ({used.cached} cached), {used.tokens_out} out"
        click.echo(f"  {used.model}: {tokens}, {used.took_ms:.0f} ms", err=True)


_EDITS = "Say for example: make it one o'clock; only on weekdays; tell Maya too; call it breakfast."


class Desk:
    """Shows what becomes of words, and asks: once for a yes, and where somebody sits there until all is settled."""

    def __init__(
        self, own: Settings, talk: Talk, *, yes: bool, asking: bool | None = None, only: str | None = None
    ) -> None:
        """Take a conversation; `asking` None: where there is a terminal; `only`: the rule that words may change, and no other."""
        self.own, self.talk, self.yes, self.only = own, talk, yes, only
        self.asking = sys.stdin.isatty() if asking is None else asking
        self._changed = False
        self._shown = ""

    def settle(self, text: str) -> None:
        """Hear words, and what is answered to them, until nothing is open or nobody answers."""
        said: str | None = text
        while said is not None:
            turn = self.talk.hear(said, clock.now())
            _explain(turn.outcome)
            self._check(turn.outcome)
            if turn.outcome.query is not None:
                self._answer(turn.outcome)
            else:
                _show(turn.outcome, self.talk.listing())
            said = self._next(turn)
        if self._changed:
            enforced(self.own, self.talk.store)

    def _check(self, outcome: Outcome) -> None:
        """Raise InputError where words make something else of the one rule that they may change."""
        change = outcome.change
        deed, rules = (change.deed, change.rules) if change is not None else ("", ())
        own = deed in ("save", "discard") or (deed == "edit" and rules == (self.only,))
        if self.only is not None and not own and not outcome.asks:
            raise InputError([Problem("no_edit", self.only, f"expected a change of it. {outcome.reply}", _EDITS)])

    def _next(self, turn: Turn) -> str | None:
        """Return what is to be heard next: a request that became possible, an answer, or None."""
        change = turn.outcome.change
        if change is not None and change.sure:
            self._done(self.talk.carry_out(turn, clock.now()))
            return change.then or None
        if turn.outcome.rules or change is not None:
            return self._confirmed(turn)
        return _line("> ") if turn.outcome.asks and self.asking else None

    def _confirmed(self, turn: Turn) -> str | None:
        """Carry out what is proposed on a yes; return what was said instead, where somebody goes on talking."""
        from proactive.language.talk.words import is_yes

        said = "yes" if self.yes else self._asked(turn.outcome)
        if said is None or not is_yes(said):
            return said
        self._done(self.talk.accept(turn, clock.now()))
        return None

    def _asked(self, outcome: Outcome) -> str | None:
        """Show what proposed rules would have done, and return what is said to them."""
        self._preview(outcome)
        if self.asking:
            return _line("Save it? [y/N] " if outcome.rules else "Do it? [y/N] ")
        piped = _line()
        if piped is None:
            click.echo("Nothing is changed yet. To go on: proactive say yes", err=True)
        return piped

    def _answer(self, outcome: Outcome) -> None:
        """Answer a question, as `proactive ask` does."""
        from proactive.cli.ask import answered, kept, tell

        with kept(self.own, self.talk.store, self.talk.home) as known:
            tell(answered(outcome, self.talk.who, known), outcome)

    def _preview(self, outcome: Outcome) -> None:
        """Show what proposed rules would have done lately."""
        from proactive.history.kept import past_of
        from proactive.preview import preview

        home = self.talk.listing()
        for rule in outcome.rules:
            with past_of(self.own, home.home) as records:
                text = preview(rule, home, records)
            if text != self._shown:
                click.echo(text)
            self._shown = text

    def _done(self, kept: Kept) -> None:
        for line in kept.lines:
            click.echo(line)
        self._changed = self._changed or kept.in_force


def _line(prompt: str = "") -> str | None:
    """Return a line that is typed after a prompt, or piped in without one; None for an empty one, and at the end."""
    try:
        return input(prompt).strip() or None
    except EOFError:
        if prompt:
            click.echo()
        return None


def _show(outcome: Outcome, home: Home) -> None:
    click.echo(outcome.reply)
    for note in outcome.notes:
        click.echo(f"Note: {note}")
    _warn_of_blindness(outcome, home)
    for ask in outcome.asks:
        if len(outcome.asks) > 1:
            click.echo(ask.question)
        for number, choice in enumerate(ask.choices, 1):
            click.echo(f"  {number}. {choice.label}")


def _warn_of_blindness(outcome: Outcome, home: Home) -> None:
    """Say what a rule waits for that no camera here can tell; other sources may report it all the same."""
    from proactive.capability import sight
    from proactive.settings import load
    from proactive.teaching import known_looks
    from rules.check import check

    taught = known_looks(load(), [home.home]) if outcome.rules else {}
    for rule in outcome.rules:
        for problem in check(rule, home, sight(home, taught.get(home.home))):
            if problem.code == "nobody_looks":
                click.echo(f"Note: this rule {problem.message} {problem.hint}".rstrip(), err=True)


def _check_speaker(who: str | None, home: Home) -> None:
    people = [person.id for person in home.people]
    if who is not None and who not in people:
        message = f"expected one of {', '.join(people) or 'nobody'}; found {who!r}."
        raise InputError([Problem("unknown_person", "--as", message, nearest(who, people))])
