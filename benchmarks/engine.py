"""Measure the engine by itself: `python -m benchmarks.engine`.

- memory of a loaded rule with its state: two processes with the same homes and the same day's log, one without rules;
- a noon at which 9,000 rules decide: the longest single call;
- a cold start: the whole command `proactive replay` with twenty rules and one record.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import perf_counter, sleep

import click
import msgspec

from benchmarks.cost import ROOT, cpu_of, proactive, resident
from benchmarks.town import START, Town, make_town
from rules.engine import Engine
from rules.home import Home, parse_home
from rules.record import Record, decode
from rules.rule import parse_rule
from rules.units import moment
from streams.alarm import Alarm
from streams.embedded import Embedded
from streams.log import Log

NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)  # in Chicago


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Print memory a rule, the longest stall at noon, and the cold start."""
    if context.invoked_subcommand is None:
        with TemporaryDirectory(prefix="proactive-benchmark-") as folder:
            _print_memory(make_town(Path(folder) / "memory", 1000, 200_000))
            _print_noon()
            _print_embedded_noon(Path(folder))
            _print_start(make_town(Path(folder) / "start", 1, 1))


# --- memory -----------------------------------------------------------------------------------------------------


def _print_memory(town: Town) -> None:
    number = len(town.rules.read_bytes().splitlines())
    plain, loaded = (_memory(town, *flags) for flags in ((), ("--rules",)))
    print(f"memory: {loaded / 1e6:.1f} MB with {number:,} rules, {plain / 1e6:.1f} MB without (resident)")
    traced, with_rules = (_memory(town, "--traced", *flags) for flags in ((), ("--rules",)))
    print(f"        {(with_rules - traced) / number:,.0f} bytes a rule with its state (allocated), ", end="")
    print(f"{(loaded - plain) / number:,.0f} (resident), after {town.records:,} records")


def _memory(town: Town, *flags: str) -> int:
    command = [sys.executable, "-m", "benchmarks.engine", "memory", str(town.homes.parent), *flags]
    return int(subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--rules", is_flag=True)
@click.option("--traced", is_flag=True, help="Count what is allocated, not what the process has.")
def memory(folder: Path, rules: bool, traced: bool) -> None:
    """Print by how many bytes this process grows when it loads a town and folds its log."""
    homes = _homes(folder / "homes.jsonl")
    _load_and_fold(homes[:10], folder, rules, limit=5000)  # what any work at all imports and caches
    gc.collect()
    if traced:
        tracemalloc.start(1)
    before = _used(traced)
    engine = _load_and_fold(homes, folder, rules)
    gc.collect()
    print(_used(traced) - before)
    del engine


def _used(traced: bool) -> int:
    return tracemalloc.get_traced_memory()[0] if traced else resident()


def _load_and_fold(homes: list[Home], folder: Path, rules: bool, limit: int | None = None) -> Engine:
    engine = Engine(homes, since=START)
    if rules:
        known = {home.home for home in homes}
        with (folder / "rules.jsonl").open("rb") as lines:
            for rule in map(msgspec.json.decode, lines):
                if rule["home"] in known:
                    engine.put(rule, START)
    _fold(engine, folder / "records.jsonl", limit)
    return engine


def _homes(path: Path) -> list[Home]:
    return [parse_home(msgspec.json.decode(line)) for line in path.read_bytes().splitlines()]


def _fold(engine: Engine, log: Path, limit: int | None = None) -> None:
    batch: list[Record] = []
    with log.open("rb") as lines:
        for number, line in enumerate(lines):
            if number == limit:
                break
            batch.append(decode(line))
            if len(batch) == 1000:
                engine.receive(batch)
                batch = []
    engine.receive(batch)


# --- noon -------------------------------------------------------------------------------------------------------


def _print_noon(rules: int = 9000) -> None:
    engine = Engine([_plain_home(number) for number in range(rules // 20)], since=START)
    for number in range(rules):
        engine.put(_fed(number), START)
    ticks = [Record(id=f"t{n}", type="tick", time=moment(START + n * 60_000_000)) for n in range(120)]
    longest, firings = 0.0, 0
    for tick in ticks:
        start = perf_counter()
        firings += len(engine.receive([tick]))
        longest = max(longest, perf_counter() - start)
    print(f"noon:   {firings:,} firings in one call, the longest of which took {longest * 1000:.0f} ms")


def _print_embedded_noon(folder: Path, rules: int = 9000) -> None:
    """Let records come in, one every few milliseconds, while a noon is decided, stored and handed on."""
    hand, heard = [moment(START)], [0]
    with Log(folder / "log.db") as log:
        homes = [_plain_home(number) for number in range(rules // 20)]
        runtime = Embedded(log, homes, clock=lambda: hand[0], on_firings=lambda f: _count(heard, len(f)), lapse=None)
        runtime.start()
        for number in range(rules):
            runtime.put_rule(parse_rule(_fed(number)))
        longest, number = 0.0, 0
        with Alarm(runtime, lambda: hand[0]):
            hand[0] = NOON + timedelta(seconds=3)
            noon = Thread(target=runtime.wake)
            noon.start()
            while heard[0] < rules:
                number += 1
                bell = Record(id=f"b{number}", type="event", time=hand[0], home="home0", source="bell")
                start = perf_counter()
                runtime.ingest([bell])
                longest = max(longest, perf_counter() - start)
                sleep(0.005)
            noon.join()
    print(
        f"        embedded, {number} records came in meanwhile; none took longer than {longest * 1000:.0f} ms to keep"
    )


def _count(heard: list[int], more: int) -> None:
    heard[0] += more


def _plain_home(number: int) -> Home:
    return parse_home({"home": f"home{number}", "time_zone": "America/Chicago", "cameras": [{"id": "cam.kitchen"}]})


def _fed(number: int) -> dict[str, object]:
    pattern = {"type": "detection", "source": "cam.kitchen", "subject": f"pet.{number % 20}"}
    when = {"op": "absent", "of": [pattern], "window": {"from": "11:00", "until": "12:00"}}
    return {"id": f"fed{number}", "home": f"home{number // 20}", "when": when}


# --- cold start -------------------------------------------------------------------------------------------------


def _print_start(town: Town) -> None:
    command = proactive("replay", "--home", str(town.homes), "--rules", str(town.rules), "--log", str(town.log))
    runs = [cpu_of(command, town.log.with_name("out.jsonl")) for _ in range(5)]
    cpu, wall = min(cpu for cpu, _ in runs), min(wall for _, wall in runs)
    print(f"start:  20 rules and one record, cold: {cpu:.2f} s CPU, {wall:.2f} s")
    helps = [cpu_of(proactive("--help"), town.log.with_name("help.txt")) for _ in range(5)]
    print(f"        proactive --help: {min(c for c, _ in helps):.2f} s CPU, {min(w for _, w in helps):.2f} s")


if __name__ == "__main__":
    main()
