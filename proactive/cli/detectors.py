"""`proactive detectors`: which detectors are known here, and which of them can look."""

from __future__ import annotations

import click

from proactive.capability import detectors as known
from proactive.cli.desk import write_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")
def detectors(as_json: bool) -> None:
    """List the detectors that are known here, and what each still needs."""
    for each in known():
        if as_json:
            write_json(
                {"name": each.name, "from": each.source, "ready": not each.missing, "missing": list(each.missing)}
            )
        else:
            state = f"needs {', '.join(each.missing)}: {each.advice}" if each.missing else "ready"
            click.echo(f"{each.name:<12} {state}")
