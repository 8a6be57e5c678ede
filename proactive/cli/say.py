"""`proactive say`: words become a rule, which is read back and saved on a yes; what is said next may change it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from proactive import app, clock
from proactive.cli.desk import chosen_home, enforced, opened, settings
from rules.problem import InputError, Problem, nearest

if TYPE_CHECKING:
    from proactive.keeping import Kept
    from proactive.language.outcome import Outcome
    from proactive.language.request import Turn
    from proactive.settings import Settings
    from proactive.store import Store
    from proactive.talking import Talk
    from rules.home import Home


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--as", "who", help="Who says it, as person.greg; default: the home's default speaker.")
@click.option("--yes", is_flag=True, help="Save the rule, or do what was understood, without asking.")
@click.option("--home", "wanted", help="A home.yaml, which is imported first, or a home's id; not needed for one home.")
@click.option("--new", "anew", is_flag=True, help="Begin a new conversation: TEXT refers to nothing said before.")
@click.option("--ask/--no-ask", "asking", default=None, help="Ask until it is settled; default: on a terminal.")
@click.option("--debug", is_flag=True, help="Show how a language model read it, and what that took.")
def say(
    text: tuple[str, ...], who: str | None, yes: bool, wanted: str | None, anew: bool, asking: bool | None, debug: bool
) -> None:
    """Make a rule from TEXT, or change one: it is read back, and saved when you say yes.

    What is said within ten minutes goes on with the conversation: "make it ten instead", "the black one", "yes".
    """
    own = _debugged(settings()) if debug else settings()
    with opened(own) as store:
        home = _home(store, wanted)
        _check_speaker(who, home)
        desk = _Desk(
            own, _talk(own, store, home, who), yes=yes, asking=sys.stdin.isatty() if asking is None else asking
        )
        if anew:
            desk.talk.begin_anew(clock.now())
        desk.settle(" ".join(text))
        if desk.changed:
            enforced(own, store)


def _talk(own: Settings, store: Store, home: Home, who: str | None) -> Talk:
    from proactive.language.reader import aloud
    from proactive.talking import Talk

    return Talk(store, home.home, who or home.speaker, aloud(app.load_reader(own, store), _draft))


def _debugged(own: Settings) -> Settings:
    return replace(own, llm_options={**own.llm_options, "PROACTIVE_LLM_DEBUG": "1"})


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


class _Desk:
    """Shows what becomes of words, and asks: once for a yes, and where somebody sits there until all is settled."""

    def __init__(self, own: Settings, talk: Talk, *, yes: bool, asking: bool) -> None:
        self.own, self.talk, self.yes, self.asking = own, talk, yes, asking
        self.changed = False
        self._shown = ""

    def settle(self, text: str) -> None:
        """Hear words, and what is answered to them, until nothing is open or nobody answers."""
        said: str | None = text
        while said is not None:
            turn = self.talk.hear(said, clock.now())
            _explain(turn.outcome)
            if turn.outcome.query is not None:
                self._answer(turn.outcome)
            else:
                _show(turn.outcome, self.talk.listing())
            said = self._next(turn)

    def _next(self, turn: Turn) -> str | None:
        """Return what is to be heard next: a request that became possible, an answer, or None."""
        change = turn.outcome.change
        if change is not None and change.sure:
            self._done(self.talk.carry_out(turn, clock.now()))
            return change.then or None
        if turn.outcome.rules or change is not None:
            return self._confirmed(turn.outcome)
        return _line("> ") if turn.outcome.asks and self.asking else None

    def _confirmed(self, outcome: Outcome) -> str | None:
        """Carry out what is proposed on a yes; return what was said instead, where somebody goes on talking."""
        if self.yes:
            self._done(self.talk.accept(clock.now()))
            return None
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
            tell(answered(outcome, self.talk.who, known))

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
        self.changed = self.changed or kept.in_force


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


def _home(store: Store, wanted: str | None) -> Home:
    """Return the home that is meant; a home file is imported first, so that its rules have a home to live in."""
    from pathlib import Path

    if wanted is not None and Path(wanted).is_file():
        from proactive.home_file import load_homes

        homes = load_homes([wanted])
        if len(homes) != 1:
            raise InputError([Problem("which_home", wanted, f"expected one home, found {len(homes)}.")])
        store.import_homes(homes)
        return store.export_home(homes[0].home)
    return store.export_home(chosen_home(store, wanted))


def _check_speaker(who: str | None, home: Home) -> None:
    people = [person.id for person in home.people]
    if who is not None and who not in people:
        message = f"expected one of {', '.join(people) or 'nobody'}; found {who!r}."
        raise InputError([Problem("unknown_person", "--as", message, nearest(who, people))])
