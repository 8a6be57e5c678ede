"""`proactive usage`: what language models used, and what it cost where prices are known."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import click

from proactive import clock
from proactive.cli.desk import opened, write_json

if TYPE_CHECKING:
    from proactive.usage import Spent

_HEAD = ("model", "role", "calls", "failed", "tokens in", "cached", "out", "s a call", "cost")


@click.command()
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="How many days, today included.")
@click.option("--json", "as_json", is_flag=True, help="JSON, a line for each day, model and role.")
def usage(days: int, as_json: bool) -> None:
    """Show what language models used: calls, tokens, seconds, and US dollars where PROACTIVE_LLM_PRICES has prices."""
    from proactive.usage import day_of

    with opened() as store:
        rows = store.spent(day_of(clock.now(), days - 1))
    if as_json:
        for row in rows:
            write_json(asdict(row))
    elif rows:
        _show(rows)
    else:
        click.echo(f"No language model was asked in the last {days} days.")


def _show(rows: list[Spent]) -> None:
    from proactive.usage import total

    key = attrgetter("model", "role")
    sums = [total(some, model=model, role=role) for (model, role), some in groupby(sorted(rows, key=key), key=key)]
    table = [_HEAD, *map(_cells, sums)]
    if len(sums) > 1:
        table.append(_cells(total(rows, model="together")))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        cells = (
            cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        click.echo("  ".join(cells).rstrip())


def _cells(sums: Spent) -> tuple[str, ...]:
    numbers = (sums.calls, sums.failures, sums.tokens_in, sums.cached, sums.tokens_out)
    seconds = sums.took_ms / 1000 / max(1, sums.calls)
    return (sums.model, sums.role, *(f"{number:,}" for number in numbers), f"{seconds:.1f}", sums.cost_known)
