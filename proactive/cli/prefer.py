"""`proactive home prefer`: how a person, or everybody, is told: channels and their order, quiet hours, cooldowns."""

from __future__ import annotations

import click

from proactive.cli.desk import chosen_home, opened, write_json
from proactive.preference import CHANNEL
from proactive.settings import HIDDEN
from rules.home import Home
from rules.problem import InputError, Problem, nearest


@click.command()
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--as", "who", help="The person it is for, as person.greg; without it, everybody of the home.")
@click.option("--clear", is_flag=True, help="Delete NAME: what the home or the home file says counts again.")
@click.option("--home", help="The home's id; not needed where there is one home only.")
@click.option("--json", "as_json", is_flag=True, help="JSON, one preference a line.")
def prefer(name: str | None, value: str | None, who: str | None, clear: bool, home: str | None, as_json: bool) -> None:
    """Set how people are told, or list what is set.

    \b
    quiet_hours 22:00-07:00     held until then and told as one digest, but for what is critical; none
    channels phone.greg,console the order in which channels are tried; channels.critical for one urgency
    cooldown 10m                at most one alert of a rule in this time; cooldown.RULE for one rule; none
    channel.phone.greg URL      where a channel leads
    """  # noqa: D301  click's mark for a paragraph that is not wrapped is a real backspace
    with opened() as store:
        own = store.export_home(chosen_home(store, home))
        _require_person(own, who)
        if name is None:
            _list(store.preferences(own.home), who, as_json)
            return
        if clear == (value is not None):
            raise InputError([Problem("no_value", name, "expected a value, or --clear; found neither or both.")])
        store.prefer(own.home, name, value, person=who or "")
    done = f"{name} is {_shown(name, value)}" if value is not None else f"{name} is not set any more"
    click.echo(f"For {who or 'everybody'}: {done}.")


def _list(found: dict[tuple[str, str], str], who: str | None, as_json: bool) -> None:
    rows = [(person, name, value) for (person, name), value in sorted(found.items()) if who in (None, person)]
    for person, name, value in rows:
        if as_json:
            write_json({"person": person or None, "name": name, "value": _shown(name, value)})
        else:
            click.echo(f"{person or 'everybody'}: {name} is {_shown(name, value)}")
    if not rows and not as_json:
        click.echo("Nothing is set yet. For example: proactive home prefer quiet_hours 22:00-07:00", err=True)


def _shown(name: str, value: str) -> str:
    """Return a value as it may be shown: the address of a channel is a secret."""
    return HIDDEN if name.startswith(CHANNEL) else value


def _require_person(home: Home, who: str | None) -> None:
    people = [person.id for person in home.people]
    if who is not None and who not in people:
        hint = nearest(who, people) or f"There is {', '.join(people) or 'nobody'}."
        raise InputError([Problem("unknown_person", who, "there is no such person in the home.", hint)])
