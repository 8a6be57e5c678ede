"""`proactive home history`: what another system saw before, so that rules can be tried on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from proactive import clock
from proactive.cli.desk import chosen_home, counted, opened, settings
from rules.problem import InputError, Problem
from rules.units import DAY, moment

if TYPE_CHECKING:
    from proactive.settings import Settings
    from rules.home import Home


@click.command()
@click.argument("home", required=False)
@click.option("--frigate", metavar="URL", help="Import from Frigate, such as http://frigate.local:5000.")
@click.option("--days", type=click.IntRange(1, 3660), default=14, show_default=True, help="How far back to import.")
@click.option(
    "--camera",
    "cameras",
    multiple=True,
    metavar="NAME=ID",
    help="A camera that Frigate calls otherwise; may be repeated.",
)
@click.option("--forget", "forgotten", is_flag=True, help="Delete what was imported.")
def history(home: str | None, frigate: str | None, days: int, cameras: tuple[str, ...], forgotten: bool) -> None:
    """Import what another system saw in HOME, or say what is there.

    Rules are tried on it before they are saved (`say`, `rules backtest`). It never fires a rule.
    """
    own = settings()
    with opened(own) as store:
        found = store.export_home(chosen_home(store, home))
    if forgotten:
        _forget(own, found)
    elif frigate is not None:
        _import(own, found, frigate, days, dict(_pair(camera) for camera in cameras))
    _show(own, found)


def _pair(text: str) -> tuple[str, str]:
    name, equals, id = text.partition("=")
    if not (name and equals and id):
        raise InputError(
            [Problem("bad_pair", "--camera", f"expected NAME=ID such as front=cam.front, found {text!r}.")]
        )
    return name, id


def _import(own: Settings, home: Home, url: str, days: int, cameras: dict[str, str]) -> None:
    from proactive.history.frigate import fetch, imported
    from proactive.history.kept import keep

    now = clock.now()
    found = imported(fetch(url, now - days * DAY, now), home, cameras)
    new = keep(own, home.home, found.records, now)
    click.echo(f"Read {counted(found.events, 'event')}, kept {counted(new, 'new record')}.")
    for why, count in sorted(found.left_out.items()):
        click.echo(f"Left out {counted(count, 'event')}: {why}.", err=True)


def _forget(own: Settings, home: Home) -> None:
    from proactive.history.kept import forget

    click.echo("Deleted." if forget(own, home.home) else "There was nothing to delete.")


def _show(own: Settings, home: Home) -> None:
    from proactive.history.kept import known

    kept = known(own, home.home)
    if kept is None:
        click.echo(f"{home.home} has no imported history.")
        return
    zone = ZoneInfo(home.time_zone)
    began, until = (moment(time).astimezone(zone).strftime("%Y-%m-%d %H:%M") for time in (kept.began, kept.until))
    click.echo(f"{home.home}: {counted(kept.records, 'record')} of {', '.join(kept.sources)}, {began} to {until}.")
