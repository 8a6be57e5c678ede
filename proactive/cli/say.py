"""`proactive say`: words become a rule, which is read back and saved on a yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from proactive import app, clock
from proactive.cli.desk import chosen_home, enforced, opened, settings
from rules.problem import InputError, Problem, nearest
from rules.units import moment

if TYPE_CHECKING:
    from proactive.language.outcome import Outcome
    from proactive.language.request import Reader
    from proactive.store import Store
    from rules.home import Home
    from rules.rule import Rule


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--as", "who", help="Who says it, as person.greg; default: the home's default speaker.")
@click.option("--yes", is_flag=True, help="Save the rule without asking.")
@click.option("--home", "wanted", help="A home.yaml, which is imported first, or a home's id; not needed for one home.")
def say(text: tuple[str, ...], who: str | None, yes: bool, wanted: str | None) -> None:
    """Make a rule from TEXT: it is read back, and saved when you say yes."""
    own = settings()
    with opened(own) as store:
        home = _home(store, wanted)
        _check_speaker(who, home)
        said = Saying(" ".join(text), who or home.speaker, home, app.load_reader(own))
        outcome = said.understood(moment(clock.now()))
        click.echo(outcome.reply)
        _warn_of_blindness(outcome, home)
        for ask in outcome.asks:
            for choice in ask.choices:
                click.echo(f"  {choice.label}")
        if outcome.rules and (yes or click.confirm("Save it?", default=False)):
            _save(outcome, store, said.speaker)
            enforced(own, store)


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said, by whom, in which home, and who reads it."""

    text: str
    speaker: str | None
    home: Home
    reader: Reader

    def understood(self, now: datetime) -> Outcome:
        """Return what became of it."""
        from proactive.language.understand import understand

        return understand(self.text, self.speaker, self.home, now=now, reader=self.reader)


def _warn_of_blindness(outcome: Outcome, home: Home) -> None:
    """Say what a rule waits for that no camera here can tell; other sources may report it all the same."""
    from proactive.capability import sight
    from rules.check import check

    for rule in outcome.rules:
        for problem in check(rule, home, sight(home)):
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
        return homes[0]
    return store.export_home(chosen_home(store, wanted))


def _check_speaker(who: str | None, home: Home) -> None:
    people = [person.id for person in home.people]
    if who is not None and who not in people:
        message = f"expected one of {', '.join(people) or 'nobody'}; found {who!r}."
        raise InputError([Problem("unknown_person", "--as", message, nearest(who, people))])


def _save(outcome: Outcome, store: Store, who: str | None) -> None:
    for rule in outcome.rules:
        kept = store.put_rule(with_free_id(rule, store.last_rule), who=who, at=clock.now())
        click.echo(f"Saved {kept.id}.")


def with_free_id(rule: Rule, last: Callable[[str, str], Rule | None]) -> Rule:
    """Return the rule under an id that no other rule has: `daisy-fed`, else `daisy-fed-2`, and so on.

    A rule that decides the same as one before keeps its id and becomes its next version.
    """
    number, name = 1, rule.id
    while (other := last(rule.home, name)) is not None and not _decides_the_same(other, rule):
        number += 1
        name = f"{rule.id}-{number}"
    return rule.model_copy(update={"id": name})


def _decides_the_same(one: Rule, other: Rule) -> bool:
    return (one.when, one.guards, one.do, one.owner) == (other.when, other.guards, other.do, other.owner)
