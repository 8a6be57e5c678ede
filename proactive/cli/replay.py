"""`proactive replay`: run rules over a log of records, and write what they fire."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.units import FIRST_YEAR, LAST_YEAR, has_known_year

if TYPE_CHECKING:
    from rules.firing import Firing
    from rules.home import Home
    from rules.record import Record
    from streams.kafka.topic_replay import Beginning, Start
    from streams.replay import Progress, Replay

QUIET = 2.0  # seconds before progress is shown
BETWEEN = 0.5  # seconds between two looks at it
CHECKED = 500  # rules in a file, up to which each is checked against its home: up to a millisecond each
WARNINGS = 20  # of those that are shown
_RECORDS = ".records"  # what the name of a topic of records ends with


# A function, not a ParamType: that one takes a type argument from click 8.4 on, and none before.
def instant_given(text: str) -> datetime:
    """Return the RFC 3339 time with an offset that is given, or end with status 2."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        expected = "expected RFC 3339 such as '2026-03-09T00:00:00-05:00'"
        raise click.BadParameter(f"{expected}, found {text!r}.") from None
    if not has_known_year(time):
        raise click.BadParameter(f"expected a time in the years {FIRST_YEAR} to {LAST_YEAR}, found {text!r}.")
    if time.tzinfo is None:
        raise click.BadParameter(f"expected an offset at the end, found {text!r}. Add 'Z' or one such as '-05:00'.")
    return time


@click.command()
@click.option("--home", "homes", multiple=True, required=True, help="home.yaml, or .jsonl with many; may be repeated.")
@click.option("--rules", help="The rules, one JSON object a line.")
@click.option("--log", help="The records, one JSON object a line; gzip too; - is the standard input.")
@click.option(
    "--topic", is_flag=False, flag_value="", help="Instead of both: a topic on PROACTIVE_KAFKA; default: its own."
)
@click.option("--from", "start", type=click.Choice(["oldest", "state"]), help="With --topic: where to begin.")
@click.option(
    "--since", type=instant_given, metavar="TIME", help="When the rules are put; default: the first record's time."
)
@click.option("--until", type=instant_given, metavar="TIME", help="When it ends; default: the last record's time.")
@click.option("--dead-letters", type=click.Path(path_type=Path), help="Where to keep lines that could not be used.")
@click.option("--progress/--no-progress", default=None, help="Show how far it is; default: when stderr is a terminal.")
def replay(
    homes: Sequence[str],
    rules: str | None,
    log: str | None,
    topic: str | None,
    start: Start | None,
    since: datetime | None,
    until: datetime | None,
    dead_letters: Path | None,
    progress: bool | None,
) -> None:
    """Run rules over a log of records, and write what they fire, in order of time, home and rule.

    Nothing before --since is known, so only windows that start at or after it are decided. Lines of the log that are
    no records are named on stderr and skipped. A file of up to 500 rules is checked against the homes: what their
    rules name and no home lists is warned of, and they run all the same.

    With --topic the rules are those that the topic's records put, and the firings those that workers made of it. It begins with
    the oldest record; where some were deleted already, with the state that workers keep, from which on firings are given.
    """
    if topic is not None:
        _only(topic, rules, log, since, until)
        _replay_topic(topic, homes, start)
        return
    if rules is None or log is None:
        raise click.UsageError("expected --rules and --log, or --topic.")
    _replay_log(homes, rules, log, since, until, dead_letters, progress)


def _replay_log(
    homes: Sequence[str],
    rules: str,
    log: str,
    since: datetime | None,
    until: datetime | None,
    dead_letters: Path | None,
    progress: bool | None,
) -> None:
    from proactive.home_file import load_homes
    from rules.problem import InputError, Problem
    from streams.dead_letters import DeadLetters
    from streams.lines import read_lines
    from streams.replay import Replay
    from streams.rule_lines import load_rules
    from streams.troubles import Troubles

    if since is not None and until is not None and since > until:
        found = f"expected --since before --until, found {since.isoformat()} and {until.isoformat()}."
        raise InputError([Problem("empty_span", "--since", found, "Swap them.")])
    # Homes, rules and their state live as long as the process. While they are made, the collector would look at all
    # of them again and again and find nothing, which costs as much as making them; `_settled` turns it on again.
    gc.disable()
    known = load_homes(homes, warn=lambda problem: _say(f"Warning: {problem}"))
    names = {home.home for home in known}
    given = load_rules(rules, names)
    if len(given) <= CHECKED:
        _warn_of_unsound(given, known)
    troubles = Troubles(_say)
    run = Replay(known, given, since, until, report=troubles)
    with DeadLetters(dead_letters, _say) as letters, closing(troubles):
        _write(_firings(run, read_lines(log, letters, names), sys.stderr.isatty() if progress is None else progress))


def _only(topic: str, *others: object) -> None:
    """Raise UsageError where something is given that does not go with a topic."""
    if any(other is not None for other in others):
        raise click.UsageError(
            "--topic has its own rules, records and times: leave --rules, --log, --since and --until out."
        )
    if topic and not topic.endswith(_RECORDS):
        raise click.UsageError(f"expected a topic of records, such as proactive{_RECORDS}; found {topic!r}.")


def _replay_topic(topic: str, homes: Sequence[str], start: Start | None) -> None:
    from proactive.app import kafka_brokers
    from proactive.home_file import load_homes
    from proactive.settings import load
    from streams.kafka.topic_replay import TopicReplay
    from streams.kafka.topics import Names
    from streams.troubles import Troubles

    settings = load()
    known = {home.home: home for home in load_homes(homes, warn=lambda problem: _say(f"Warning: {problem}"))}
    names = Names(topic.removesuffix(_RECORDS) or settings.kafka_topics)
    with closing(Troubles(_say)) as troubles:
        _write(TopicReplay(kafka_brokers(settings), names, known.get, start, _begun, troubles).run())


def _begun(at: Beginning) -> None:
    """Say where a partition begins."""
    if at.start == "state":
        where = f"the workers' state after offset {at.offset}"
    else:
        where = f"the oldest record, at offset {at.offset}"
    lost = f"; {at.missing:,} records before are deleted, and what they told is missing" if at.missing else ""
    _say(f"Partition {at.partition} begins with {where}{lost}.")


def _warn_of_unsound(rules: Sequence[bytes], homes: Sequence[Home]) -> None:
    """Warn of what is wrong with rules in their homes, such as a camera that is not there."""
    import msgspec

    from rules.check import blocking, check
    from rules.rule import parse_rule

    by_id, warnings = {home.home: home for home in homes}, []
    for rule in map(parse_rule, map(msgspec.json.decode, rules)):
        warnings += [f"rule {rule.id} of {rule.home}: {p}" for p in blocking(check(rule, by_id[rule.home]))]
    for text in warnings[:WARNINGS]:
        _say(f"Warning: {text}")
    if len(warnings) > WARNINGS:
        _say(f"Warning: and {len(warnings) - WARNINGS:,} more.")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _write(firings: Iterable[Firing]) -> None:
    write = sys.stdout.buffer.write
    for firing in firings:
        write(firing.encode() + b"\n")
    sys.stdout.buffer.flush()


def _firings(run: Replay, log: Iterable[list[Record]], show: bool) -> Iterator[Firing]:
    from streams.ordering import in_order

    steps = _settled(run.steps(log))
    yield from in_order(firings for _, firings in (_shown(steps) if show else steps))


def _settled(steps: Iterable[tuple[Progress, list[Firing]]]) -> Iterator[tuple[Progress, list[Firing]]]:
    """Pass steps on; once the rules are in force, let the collector look at what is made from then on."""
    for progress, firings in steps:
        # The rules wait for the watermark as all records do: the first batch puts them in force.
        if progress.records and not gc.isenabled():
            gc.freeze()
            gc.enable()
        yield progress, firings


def _shown(steps: Iterable[tuple[Progress, list[Firing]]]) -> Iterator[tuple[Progress, list[Firing]]]:
    """Pass steps on, and show how far they are when they take long."""
    start, shown = time.monotonic(), 0.0
    for progress, firings in steps:
        yield progress, firings
        took = time.monotonic() - start
        if took > QUIET and took - shown > BETWEEN:
            shown = took
            speed = progress.records / took
            text = f"{progress.records:,} records ({speed:,.0f}/s), {progress.firings:,} firings, at {progress.time:%Y-%m-%d %H:%M}"
            click.echo(f"\r{text}\x1b[K", err=True, nl=False)
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)
