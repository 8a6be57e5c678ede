"""`proactive topics`: what an installation needs on its Kafka brokers, made once, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from proactive.cli.desk import write_json

if TYPE_CHECKING:
    from streams.kafka.broker import Brokers
    from streams.kafka.topics import Standing, Topic

PARTITIONS, RETENTION, REPLICAS = 12, "30d", -1
DIFFERS = (
    "What differs was left as it is. Settings are changed with Kafka's own kafka-configs. Other partitions would take homes "
    "away from their state: go on with those that are there, or choose a new PROACTIVE_KAFKA_TOPICS and begin anew."
)

_partitions = click.option(
    "--partitions", default=PARTITIONS, type=click.IntRange(1, 10_000), show_default=True, help="Chosen once, for good."
)
_retention = click.option(
    "--retention", default=RETENTION, show_default=True, help="How long records and firings are kept."
)
_json = click.option("--json", "as_json", is_flag=True, help="JSON, one topic a line.")


@click.group()
def topics() -> None:
    """Make the topics on the brokers of PROACTIVE_KAFKA, or list how they stand.

    Records, firings, rules and heartbeats have the same number of partitions, and a home is in one of them. More
    partitions later would move homes away from their state, so nothing here changes a topic that is there.
    """


@topics.command("create")
@_partitions
@_retention
@click.option("--replicas", default=REPLICAS, show_default="the broker's default", help="Copies of each partition.")
@_json
def create_(*, partitions: int, retention: str, replicas: int, as_json: bool) -> None:
    """Make the topics that are missing; say what exists, and what differs from what was asked for."""
    from streams.kafka.topics import create

    _show(create(_brokers(), _wanted(partitions, retention), replicas), as_json)


@topics.command("list")
@_partitions
@_retention
@_json
def list_(*, partitions: int, retention: str, as_json: bool) -> None:
    """Say which topics exist, which are missing, and what differs."""
    from streams.kafka.topics import standing

    _show(standing(_brokers(), _wanted(partitions, retention)), as_json)


def _brokers() -> Brokers:
    from proactive.app import kafka_brokers
    from proactive.settings import load

    return kafka_brokers(load())


def _wanted(partitions: int, retention: str) -> list[Topic]:
    from proactive.settings import load
    from rules.units import microseconds
    from streams.kafka.topics import Names, topics

    try:
        kept = timedelta(microseconds=microseconds(retention))
    except ValueError as error:
        raise click.BadParameter(f"expected a duration such as 30d, found {retention!r}.") from error
    return topics(Names(load().kafka_topics), partitions, kept)


def _show(found: Sequence[Standing], as_json: bool) -> None:
    for each in found:
        if as_json:
            write_json(asdict(each))
        else:
            differs = f": {'; '.join(each.differences)}" if each.differences else ""
            click.echo(f"{each.topic:<24} {each.state:<8} {each.partitions:>3} partitions{differs}")
    if any(each.state == "missing" for each in found) and not as_json:
        click.echo("Make what is missing with: proactive topics create", err=True)
    if any(each.state == "differs" for each in found) and not as_json:
        click.echo(DIFFERS, err=True)
