"""`proactive rules backtest`: what a rule would have done over the last days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from proactive.cli.desk import write_json
from proactive.cli.past import Given, Past, of_the_past, past

if TYPE_CHECKING:
    from rules.record import Record


@click.command()
@click.argument("rule", required=False)
@click.option("--rule", "rule_file", help="A file with one rule as JSON, which need not be saved.")
@click.option("--days", type=click.IntRange(1, 3660), default=14, show_default=True, help="How many dates to show.")
@of_the_past
@click.option("--json", "as_json", is_flag=True, help="JSON: each day, and what they come to.")
def backtest(
    rule: str | None,
    rule_file: str | None,
    days: int,
    home: str | None,
    rules: str | None,
    log: str | None,
    as_json: bool,
) -> None:
    """Say what RULE, or the rule of a file, would have done on the last days, had it been there from the beginning."""
    from rules.backtest import backtest as tried
    from rules.backtest import backtest_text

    with past(Given(rule, home, rules, log, rule_file)) as found, _records(found) as records:
        told = tried(found.rule, found.home, records, days)
        if as_json:
            write_json(told.as_json())
        else:
            click.echo(backtest_text(told, found.rule, found.home))


@contextmanager
def _records(found: Past) -> Iterator[Iterable[Record]]:
    """Yield the records of files as they are; beside those of the data folder also what was imported."""
    if not found.live:
        yield found.records
        return
    from proactive.history.kept import past_of
    from proactive.settings import load

    with past_of(load(), found.home.home) as records:
        yield records
