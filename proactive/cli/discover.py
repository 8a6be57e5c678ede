"""`proactive home discover`: what brokers and hubs have that a home does not list, into the home on a yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from proactive.cli.desk import chosen_home, counted, opened, settings, write_json
from proactive.local import look_now

if TYPE_CHECKING:
    from rules.home import Camera, Device


@click.command()
@click.argument("home", required=False)
@click.option("--source", "addresses", multiple=True, help="Where to look, beside PROACTIVE_SOURCE_...; may be repeated.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, help="How long to listen.")
@click.option("--yes", is_flag=True, help="Add what is found without asking.")
@click.option("--json", "as_json", is_flag=True, help="One entry a line as JSON; nothing is added.")
def discover(home: str | None, addresses: Sequence[str], seconds: float, yes: bool, as_json: bool) -> None:
    """Show the devices and cameras that are there and that HOME does not list, and add them on a yes.

    Names, types and events are proposals: `proactive home export` writes them out to be put right.
    """
    from proactive.finding import find_unlisted, with_found

    own = settings()
    with opened(own) as store:
        known = store.export_home(chosen_home(store, home))
        found = find_unlisted(own, store, known, addresses, seconds)
        if as_json:
            for entry in found:
                write_json(entry.model_dump(mode="json", exclude_defaults=True))
            return
        for entry in found:
            click.echo(_line(entry))
        if not found:
            click.echo(f"Nothing that {known.home} does not list.")
        elif yes or click.confirm(f"Add {counted(len(found), 'entry', 'entries')} to {known.home}?", err=True):
            store.revise_home(known.home, lambda home: with_found(home, found))
            look_now(own.data)
            click.echo(f"Added {counted(len(found), 'entry', 'entries')} to {known.home}.")


def _line(entry: Camera | Device) -> str:
    from rules.home import Device

    names = ", ".join(f"{system} {' '.join(given)}" for system, given in entry.known_as.items())
    tells = [*entry.attributes, *entry.events] if isinstance(entry, Device) else ["detections"]
    return f"{entry.id}  {entry.name!r}  tells {', '.join(tells) or 'nothing'}  ({names})"
