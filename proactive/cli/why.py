"""`proactive rules why`: why a rule did or did not fire on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import click

from proactive import clock
from proactive.cli.desk import write_json
from proactive.cli.past import Given, Past, of_the_past, past
from rules.record import Record


# A function, not a ParamType: that one takes a type argument from click 8.4 on, and none before.
def day_given(text: str) -> str:
    """Return the local date that is given (`2026-03-09`, `today` or `yesterday`), or end with status 2."""
    if text not in ("today", "yesterday"):
        try:
            date.fromisoformat(text)
        except ValueError:
            expected = "expected a date such as '2026-03-09', 'today' or 'yesterday'"
            raise click.BadParameter(f"{expected}, found {text!r}.") from None
    return text


@click.command()
@click.argument("rule")
@click.option(
    "--date",
    "day",
    type=day_given,
    metavar="DATE",
    help="The local date; default: today, with --log that of the last record.",
)
@of_the_past
@click.option("--json", "as_json", is_flag=True, help="JSON: the outcome, and every step.")
def why(rule: str, day: str | None, home: str | None, rules: str | None, log: str | None, as_json: bool) -> None:
    """Say why RULE did or did not fire on a day."""
    from rules.why import explain_why
    from rules.why import why as asked

    with past(Given(rule, home, rules, log)) as found:
        wanted, records = _day(day, found)
        told = asked(found.rule, found.home, wanted, records)
        if as_json:
            write_json(told.as_json())
        else:
            click.echo(explain_why(told, found.rule, found.home))


def _day(text: str | None, found: Past) -> tuple[date, Iterable[Record]]:
    """Return the local date that is meant, and the records, which may have been read to find it."""
    from rules.calendar import local, zone_of
    from rules.units import instant

    if text not in (None, "today", "yesterday"):
        return date.fromisoformat(str(text)), found.records
    now, records = clock.now(), found.records
    if text is None and not found.live:
        records = list(records)
        now = max((instant(record.time) for record in records), default=now)
    today = date.fromordinal(local(zone_of(found.home), now)[0])
    return today - timedelta(days=text == "yesterday"), records
