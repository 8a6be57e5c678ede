"""How an installation on Kafka is doing, in sentences for `proactive doctor`: brokers, workers and edges, by what they say themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from proactive import app
from proactive.error import ProactiveError
from proactive.worker_figures import OVERDUE
from rules.problem import InputError
from rules.units import MINUTE, SECOND
from rules.words.times import length

if TYPE_CHECKING:
    from proactive.settings import Settings
    from streams.kafka.heartbeat import Heartbeat
    from streams.kafka.lag import Lag

ANSWER = 5.0  # seconds that brokers have
LATE = MINUTE  # for which nobody minds that records wait to be folded
FULL = 100 << 20  # bytes that wait in an edge's buffer from which on it should be said


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing: whether it works, in words, and what to do where it does not."""

    about: str
    works: bool
    found: str
    advice: str = ""


def said_of(settings: Settings, now: int) -> Iterator[Said]:
    """Yield what is to be said of the brokers that are configured, and of those that work with them; nothing where none are."""
    if settings.kafka is None:
        return
    try:
        yield from _said(settings, now)
    except ImportError as error:
        yield Said("kafka", False, f"{error.name} is not installed", "Install it: pip install 'proactive[kafka]'")
    except (InputError, ProactiveError) as error:
        yield Said("kafka", False, str(error))


def _said(settings: Settings, now: int) -> Iterator[Said]:
    from streams.kafka.broker import BrokerError
    from streams.kafka.handover import last_heartbeats
    from streams.kafka.lag import lag
    from streams.kafka.topics import Names, standing, topics

    brokers, names = app.kafka_brokers(settings), Names(settings.kafka_topics)
    try:
        found = standing(brokers, topics(names), ANSWER)
        missing = [each.topic for each in found if each.state == "missing"]
        if missing:
            yield Said("kafka", False, f"{brokers} has no {', '.join(missing)}", "Make them: proactive topics create")
            return
        yield Said("kafka", True, f"{brokers}, {_some(found[0].partitions, 'partition')}")
        yield of_workers(lag(brokers, names, ANSWER), found[0].partitions, now)
        for beat in last_heartbeats(brokers, names, range(found[0].partitions)):
            yield of_edge(beat, now)
    except BrokerError as error:
        yield Said("kafka", False, str(error), "Until it answers nothing is decided; edges keep what they are told.")


def workers_here(settings: Settings) -> Iterator[Said]:
    """Yield what the workers of this data folder say of themselves, by the figures that they show."""
    from proactive.lock import holder

    for folder in sorted((settings.data / "workers").glob("*")):
        held = holder(folder)
        if held is not None:
            yield _worker_here(folder.name, held)


def _worker_here(name: str, held: Mapping[str, object]) -> Said:
    about, where = f"worker {name}", held.get("metrics")
    if not isinstance(where, str):
        advice = "To see more, start it with --metrics PORT."
        return Said(about, True, f"process {held.get('pid')}, which shows no figures", advice)
    figures = _figures(where)
    if figures is None:
        return Said(
            about, False, f"process {held.get('pid')} does not answer at {where}", "See what it said; start it again."
        )
    return of_worker(about, figures)


def of_worker(about: str, figures: Mapping[str, float]) -> Said:
    """Return what a worker's figures say of it."""
    unsent, partitions = (int(figures.get(f"proactive_worker_{name}", 0)) for name in ("unsent", "partitions"))
    found = f"{_some(partitions, 'partition')}, {_some(unsent, 'message')} waiting for the broker"
    overdue = figures.get(OVERDUE, 0.0)
    if overdue * SECOND > LATE:
        late = f"{found}; a deadline that was due {_long(int(overdue * SECOND))} ago is not decided"
        return Said(about, False, late, "An edge of that home may be silent; else see what the worker said.")
    return Said(about, True, f"{found}; no deadline is overdue")


def _figures(url: str) -> dict[str, float] | None:
    """Return the figures without labels that are shown at a URL of this machine, or None where nobody answers."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        shown = httpx.get(url, timeout=ANSWER, trust_env=False).text
    except httpx.HTTPError:
        return None
    samples = (sample for family in text_string_to_metric_families(shown) for sample in family.samples)
    return {sample.name: sample.value for sample in samples if not sample.labels}


def of_workers(found: Lag, partitions: int, now: int) -> Said:
    """Return what is to be said of the workers."""
    behind = f"{_some(found.waiting, 'record')} not folded yet"
    if found.workers == 0:
        return Said("workers", False, f"none runs; {behind}", "Nothing is decided. Start one: proactive worker")
    counted = f"{found.workers or 'some'} share {_some(partitions, 'partition')}; {behind}"
    late = 0 if found.oldest is None else now - found.oldest
    if late < LATE:
        return Said("workers", True, counted)
    advice = "More of them share the work, up to one a partition; see what those said that run."
    return Said("workers", False, f"{counted}, the oldest came {_long(late)} ago", advice)


def of_edge(beat: Heartbeat, now: int) -> Said:
    """Return what is to be said of an edge, by its last heartbeat about a home."""
    from streams.kafka.vigil import SLACK

    about = f"edge {beat.edge} of {beat.home}"
    waits = f"{_some(beat.waiting, 'record')} waiting there ({beat.bytes / 1e6:,.1f} MB)"
    feeds = _some(len(beat.sources), "source")
    if now > beat.until + SLACK + 10 * SECOND:
        found = f"silent for {_long(now - beat.until)}; it fed {feeds}; {waits}"
        return Said(about, False, found, "Its sources count as offline. Start it, or look at its line: proactive edge")
    found = f"heard {max(0, now - beat.until) // SECOND} s ago, feeds {feeds}; {waits}"
    if beat.aside:
        kept = f", of which {beat.shed:,} are not kept any more" if beat.shed else ""
        advice = "Most often a source's clock is wrong: see what the edge said."
        return Said(about, False, f"{found}; {beat.aside:,} could not be used{kept}", advice)
    if beat.bytes > FULL:
        return Said(about, False, found, "Its line to the brokers is too slow, or they do not answer it.")
    return Said(about, True, found)


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _long(microseconds: int) -> str:
    return length(max(microseconds // MINUTE, 1) * MINUTE)
