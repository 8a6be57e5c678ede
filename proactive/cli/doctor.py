"""`proactive doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict

import click

from proactive.checkup import Finding, checkup
from proactive.cli.desk import write_json
from proactive.settings import load

_MARKS = {"ok": "ok    ", "advice": "advice", "broken": "BROKEN"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON, one finding a line.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Say what works here, what does not, and what to do about it. Changes nothing; status 1 when something is broken."""
    findings = checkup(load())
    for finding in findings:
        if as_json:
            write_json(asdict(finding))
        else:
            click.echo(_line(finding))
    context.exit(1 if any(finding.state == "broken" for finding in findings) else 0)


def _line(finding: Finding) -> str:
    advice = f"\n{' ' * 36}{finding.advice}" if finding.advice else ""
    return f"{_MARKS[finding.state]}  {finding.about:<26}  {finding.found}{advice}"
