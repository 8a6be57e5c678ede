"""`proactive home facts` and `forget`: what people told, to be seen and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from proactive import clock
from proactive.cli.desk import chosen_home, opened, write_json
from rules.problem import InputError, Problem, nearest
from rules.units import moment

if TYPE_CHECKING:
    from proactive.language.fact import Fact


@click.command()
@click.argument("home", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")
def facts(home: str | None, as_json: bool) -> None:
    """List what people told of HOME; each can be deleted with `forget`."""
    from proactive.language.talk.facts import fact_text

    with opened() as store:
        own = store.export_home(chosen_home(store, home))
        found = store.facts(own.home)
    now = moment(clock.now())
    for fact in found:
        if as_json:
            write_json(_json(fact))
        else:
            click.echo(f"{fact.id}: {fact_text(fact, own, now)}")
    if not found and not as_json:
        click.echo('Nobody told anything yet. For example: proactive say "my bedtime is eleven"', err=True)


@click.command()
@click.argument("fact")
@click.option("--home", help="The home's id; not needed where there is one home only.")
def forget(fact: str, home: str | None) -> None:
    """Delete FACT, an id that `facts` shows."""
    from proactive.language.talk.facts import fact_text

    with opened() as store:
        own = store.export_home(chosen_home(store, home))
        known = {each.id: each for each in store.facts(own.home)}
        if fact not in known:
            hint = nearest(fact, known) or (f"There is {', '.join(known)}." if known else "Nobody told anything.")
            raise InputError([Problem("unknown_fact", fact, "there is no such fact.", hint)])
        store.forget(own.home, known[fact].about, known[fact].name)
    click.echo(f"Forgot: {fact_text(known[fact], own)}.")


def _json(fact: Fact) -> dict[str, Any]:
    until = fact.until.isoformat() if fact.until is not None else None
    given = {"id": fact.id, "kind": fact.kind, "about": fact.about, "name": fact.name, "value": fact.value}
    return {**given, "said": fact.said, "by": fact.by, "until": until}
