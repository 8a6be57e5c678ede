"""`proactive confirm`: say yes, or no, to what waits for a person."""

from __future__ import annotations

from pathlib import Path

import click

from proactive import clock
from proactive.cli.desk import opened
from proactive.cli.desk import settings as in_force


@click.command()
@click.argument("code", required=False)
@click.option("--as", "who", help="Who answers, such as person.greg (default: the home's speaker).")
@click.option("--no", "refused", is_flag=True, help="Say no.")
def confirm(code: str | None, who: str | None, refused: bool) -> None:
    """Say yes to what CODE stands for; without a CODE, list what waits for one.

    A lock, a door, an alarm or a stove is acted on only after an owner's yes, within 15 minutes of the question.
    """
    from proactive.notify import replies
    from proactive.notify.deeds import words

    own, now = in_force(), clock.now()
    with opened(own) as store:
        if code is None:
            lines = replies.waiting(store, now=now)
            for line in lines:
                click.echo(line)
            if not lines:
                click.echo("Nothing waits for a yes.", err=True)
            return
        by = who or replies.speaker_of(store, code)
        deed = (replies.refuse if refused else replies.confirm)(store, code, by, now=now)
        what = words(deed, store.export_home(deed.home))
    click.echo(f"I will not {what}." if refused else f"I will {what}.")
    if not refused:
        _say_who_does_it(own.data)


def _say_who_does_it(folder: Path) -> None:
    from proactive.local import look_now
    from proactive.lock import holder

    if look_now(folder):
        return
    if holder(folder) is None:
        click.echo("Nothing runs that could: start `proactive serve` within 5 minutes.", err=True)
