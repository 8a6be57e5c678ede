"""Time `proactive replay` against `orjson.loads` of the same lines: `python -m benchmarks.replay [--homes 10000]`.

Both are timed in the same run, in CPU seconds, interleaved, and the best round of each counts, so that a busy machine
changes little. The cost of loading homes and rules is part of the whole and shown apart: a replay of an empty log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import orjson

from benchmarks.cost import cpu_here, cpu_of, proactive
from benchmarks.town import Town, make_town

VERDICTS = ("fired", "unknown", "corrected", "resolved")
RULES_OF_A_HOME = 20


@click.command()
@click.option("--homes", default=100, show_default=True, help="Homes, each with twenty rules.")
@click.option("--records", default=400_000, show_default=True, help="Records of the log.")
@click.option("--rounds", default=3, show_default=True, help="Rounds; the best of each counts.")
@click.option("--keep", type=click.Path(path_type=Path), help="Where to keep the files; default: a temporary folder.")
def main(homes: int, records: int, rounds: int, keep: Path | None) -> None:
    """Print what a replay costs, as a multiple of decoding, and how often each kind of rule fired."""
    with TemporaryDirectory(prefix="proactive-benchmark-") as folder:
        town = make_town(keep or Path(folder), homes, records)
        size = town.log.stat().st_size / 1e6
        print(
            f"{records:,} records ({size:.0f} MB, {town.days:.2f} days), {homes:,} homes, {homes * RULES_OF_A_HOME:,} rules"
        )
        firings = town.log.with_name("firings.jsonl")
        _print_costs(town, firings, rounds)
        print()
        _print_firings(firings, homes, town.days)


def _print_costs(town: Town, firings: Path, rounds: int) -> None:
    decoding, whole, loading = [], [], []
    empty = town.log.with_name("one.jsonl")
    with town.log.open("rb") as log:
        empty.write_bytes(log.readline())
    for _ in range(rounds):
        decoding.append(cpu_here(lambda: _decode(town.log)))
        whole.append(cpu_of(_replay(town, town.log), firings)[0])
        loading.append(cpu_of(_replay(town, empty), town.log.with_name("none.jsonl"))[0])
    base, total, load = min(decoding), min(whole), min(loading)
    print(f"{'':24}{'CPU s':>8}{'us/record':>12}{'x orjson':>10}")
    for name, cost in (("orjson.loads", base), ("replay", total), ("  loading", load), ("  records", total - load)):
        print(f"{name:24}{cost:8.2f}{cost / town.records * 1e6:12.2f}{cost / base:10.1f}")
    print(f"rounds: orjson {_shown(decoding)}; replay {_shown(whole)}; loading {_shown(loading)}")


def _shown(costs: list[float]) -> str:
    return " ".join(f"{cost:.2f}" for cost in costs)


def _replay(town: Town, log: Path) -> list[str]:
    return proactive(
        "replay", "--home", str(town.homes), "--rules", str(town.rules), "--log", str(log), "--no-progress"
    )


def _decode(log: Path) -> None:
    with log.open("rb") as lines:
        for line in lines:
            orjson.loads(line)


# --- how often each kind fired ----------------------------------------------------------------------------------


def _print_firings(firings: Path, homes: int, days: float) -> None:
    counts = Counter((rule.partition(".")[0], verdict) for rule, verdict in _read(firings))
    rules = sorted({rule for rule, _ in counts})
    print(f"{'rule':28}{''.join(f'{verdict:>11}' for verdict in VERDICTS)}{'a home and day':>16}")
    for rule in rules:
        row = [counts[rule, verdict] for verdict in VERDICTS]
        print(f"{rule:28}{''.join(f'{count:11,}' for count in row)}{sum(row) / homes / days:16.2f}")
    print(f"{'all':28}{sum(counts.values()):11,} firings, of {len(rules)} of {RULES_OF_A_HOME} kinds of rules")


def _read(firings: Path) -> Iterator[tuple[str, str]]:
    with firings.open("rb") as lines:
        for line in lines:
            firing = msgspec.json.decode(line)
            yield firing["rule"], firing["verdict"]


if __name__ == "__main__":
    main()
