"""Measure what becomes of sentences: `python -m benchmarks.language [--model SETTING] [--open] [--unseen] [--dev] ...`.

Prints for each set the figures of `nl/figures.py`: rules exact by replay and by the shared score, outcomes, false and unsafe
rules, what was asked, and what it took. `--save` keeps the results; `--compare` prints what has turned right since, and
what broke. Of sets that are kept unseen nothing but figures is shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.nl.figures import compared, figures
from benchmarks.nl.gold import HERE, Item, homes, load
from benchmarks.nl.result import Result, judge
from benchmarks.nl.shared import load_dev
from proactive.language.reader import load_reader
from proactive.language.request import Request

SETS = ("open", "unseen", "fresh", "mixed", "mixed_unseen", "not_rules", "unsafe", "activities", "dev")
Read = dict[str, list[tuple[Item, Result]]]


@click.command()
@click.option("--model", default="local", show_default=True, help="Who reads: local, or PROVIDER:MODEL.")
@click.option("--set", "chosen", multiple=True, type=click.Choice(SETS), help="Only this set; may be repeated.")
@click.option("--open", "named", flag_value="open", multiple=True, help="Only `open`.")
@click.option("--unseen", "named", flag_value="unseen", multiple=True, help="Only `unseen`.")
@click.option(
    "--dev", "named", flag_value="dev", multiple=True, help="Only the shared development set, where it is here."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep every result in a file.")
@click.option("--compare", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file that was saved.")
@click.option("--show", is_flag=True, help="Show what is wrong, of the sets that are not unseen.")
def main(
    model: str,
    chosen: tuple[str, ...],
    named: tuple[str, ...],
    as_json: bool,
    save: Path | None,
    compare: Path | None,
    show: bool,
) -> None:
    """Print how well sentences are read."""
    read = _read(model, tuple(name for name in SETS if name in (*chosen, *named)) or SETS)
    if save:
        save.write_text(json.dumps(_saved(model, read), ensure_ascii=False), encoding="utf-8")
    found = {name: figures([result for _, result in results]) for name, results in read.items()}
    print(json.dumps(found) if as_json else _table(model, found))
    if show:
        _show(read)
    if compare:
        _compare(json.loads(compare.read_text(encoding="utf-8")), read)


def _read(model: str, names: Sequence[str]) -> Read:
    reader = load_reader(model)
    reader.read(Request("tell me when the door opens", next(iter(homes().values()))))  # tables are built once
    found: Read = {}
    for name in names:
        items = _items(name)
        if items:
            with click.progressbar(items, label=f"{name:>12}", file=sys.stderr) as bar:
                found[name] = [(item, judge(item, reader)) for item in bar]
    return found


def _items(name: str) -> list[Item]:
    """Return the items of a set; none, with the reason, where it is not here."""
    if name != "dev":
        return load(name) if (HERE / f"{name}.jsonl").exists() else []
    items = load_dev()
    if items is None:
        print("dev: skipped, ../shared/nl/dev.jsonl is not here; set PROACTIVE_SHARED to its folder.", file=sys.stderr)
    return items or []


def _table(model: str, found: dict[str, dict[str, Any]]) -> str:
    """Return the figures as a table, a set a column."""
    names = list(dict.fromkeys(name for column in found.values() for name in column))
    rows = [[f"model: {model}", *found], *([name, *(_text(found[s].get(name)) for s in found)] for name in names)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(f"{row[0]:{widths[0]}}" + _cells(row[1:], widths[1:]) for row in rows if any(row[1:]))


def _cells(cells: list[str], widths: list[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _saved(model: str, read: Read) -> dict[str, Any]:
    results = [result for rows in read.values() for _, result in rows]
    return {"model": model, "results": {result.id: result.as_json() | {"right": result.right} for result in results}}


def _show(read: Read) -> None:
    for name, rows in read.items():
        if "unseen" not in name:
            for item, result in rows:
                if not result.right:
                    print(f"\n{item.id} {item.kind} {item.text!r}\n  want {item.wanted} {json.dumps(item.rules[:1])}")
                    print(f"  got  {result.outcome} {json.dumps(result.made)}")


def _compare(before: dict[str, Any], read: Read) -> None:
    texts = {item.id: "(unseen)" if "unseen" in name else item.text for name, rows in read.items() for item, _ in rows}
    turned, broke = compared(before["results"], [result for rows in read.values() for _, result in rows])
    for title, names in (("turned right", turned), ("broke", broke)):
        print(f"\n{title} since {before['model']}: {len(names)}")
        print("".join(f"  {name}  {texts[name]}\n" for name in names), end="")


if __name__ == "__main__":
    main()
