"""The topics of an installation: what each is for, made once, and what differs of those that are there.

A home is in one partition of every topic, found by hashing its id. So the number of partitions is chosen once: with
another number, homes would be in other partitions than their state and their past, which is why nothing here ever
changes it. All keyed topics have the same number, since whoever has a home's records has its rules and its heartbeats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from streams.kafka.broker import BrokerError, Brokers, answering

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient

PREFIX = "proactive"
PARTITIONS = 12  # more than workers by far, and few enough that a tick a second for each is nothing
REPLICAS = -1  # the broker's default.replication.factor
RETENTION = timedelta(days=30)  # of records and firings: as far back as a replay of the topic can go
MESSAGE_BYTES = 2 << 20  # a record has at most 1 MiB, and the batch that it is in some more
_DEAD = timedelta(days=30)
PATIENCE = 10.0  # seconds a broker has to answer

# The broker's clock tells whether a record is ahead of the time: a producer whose clock is wrong would vouch for itself.
_BROKERS_TIME = {"message.timestamp.type": "LogAppendTime"}

# Only the last heartbeat of each edge matters: Kafka compacts what is in closed segments, and would close one after a week.
_LAST_BEATS = {"cleanup.policy": "compact", "segment.ms": "120000", "min.cleanable.dirty.ratio": "0.1"}

State = Literal["exists", "created", "missing", "differs"]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an installation's topics: several may share a broker under prefixes of their own."""

    prefix: str = PREFIX

    @property
    def records(self) -> str:
        """Return the topic of every home's log; key = home."""
        return f"{self.prefix}.records"

    @property
    def firings(self) -> str:
        """Return the topic of what rules decided; key = home."""
        return f"{self.prefix}.firings"

    @property
    def rules(self) -> str:
        """Return the compacted topic with the last put of each rule; key = home/rule, in the home's partition."""
        return f"{self.prefix}.rules"

    @property
    def heartbeats(self) -> str:
        """Return the compacted topic with the last heartbeat of each edge; key = home/edge, in the home's partition."""
        return f"{self.prefix}.heartbeats"

    @property
    def workers(self) -> str:
        """Return the group that workers are in: the id of their Faust app."""
        return f"{self.prefix}-worker"

    @property
    def state(self) -> str:
        """Return the topic with the rows of state that workers keep: Faust makes it, and names it so."""
        return f"{self.workers}-state-changelog"

    @property
    def dead(self) -> str:
        """Return the topic of what was no record, each with the reason and where it stood."""
        return f"{self.prefix}.dead"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be; `settings` are Kafka's own names and values."""

    name: str
    partitions: int
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a topic stands: `differences` says what is other than it should be, as `name: expected A, found B`."""

    topic: str
    state: State
    partitions: int
    differences: tuple[str, ...] = ()


def topics(names: Names, partitions: int = PARTITIONS, retention: timedelta = RETENTION) -> list[Topic]:
    """Return the topics of an installation as they should be."""
    large = {"max.message.bytes": str(MESSAGE_BYTES)}
    compact = {"cleanup.policy": "compact"}
    return [
        Topic(names.records, partitions, {**_kept(retention), **large, **_BROKERS_TIME}),
        Topic(names.firings, partitions, {**_kept(retention), **large}),
        Topic(names.rules, partitions, {**compact, **large}),
        Topic(names.heartbeats, partitions, _LAST_BEATS),
        Topic(names.dead, partitions, {**_kept(_DEAD), **large}),
    ]


def create(
    brokers: Brokers, wanted: Sequence[Topic], replicas: int = REPLICAS, patience: float = PATIENCE
) -> list[Standing]:
    """Make the topics that are missing; return how all of them stand. Nothing that is there is changed.

    Raise BrokerError when the broker does not do it.
    """
    with _admin(brokers, patience) as admin:
        before = _standing(admin, wanted)
        missing = {found.topic for found in before if found.state == "missing"}
        new = [topic for topic in wanted if topic.name in missing]
        _make(admin, new, replicas)
        after = _standing(admin, wanted)
    return [replace(f, state="created") if f.topic in missing and f.state == "exists" else f for f in after]


def standing(brokers: Brokers, wanted: Sequence[Topic], patience: float = PATIENCE) -> list[Standing]:
    """Return how the topics stand, in their order. Raise BrokerError when the broker does not answer."""
    with _admin(brokers, patience) as admin:
        return _standing(admin, wanted)


def require(brokers: Brokers, names: Iterable[str], patience: float = PATIENCE) -> None:
    """Raise BrokerError where one of these topics is missing, or the broker does not answer. None of them is made by asking."""
    with _admin(brokers, patience) as admin:
        missing = set(names) - set(admin.list_topics())
    if missing:
        raise BrokerError(f"There is no topic {min(missing)}. Make it with: proactive topics create")


@contextmanager
def _admin(brokers: Brokers, patience: float) -> Iterator[KafkaAdminClient]:
    """Yield an admin client; whatever it raises for the broker's sake becomes BrokerError."""
    from kafka.admin import KafkaAdminClient

    with answering(brokers):
        wait = int(patience * 1000)
        admin = KafkaAdminClient(request_timeout_ms=wait, bootstrap_timeout_ms=wait, **brokers.checked())
        try:
            yield admin
        finally:
            admin.close()


def _make(admin: KafkaAdminClient, new: Sequence[Topic], replicas: int) -> None:
    from kafka.admin import NewTopic
    from kafka.errors import TopicAlreadyExistsError

    for topic in new:
        asked = NewTopic(topic.name, topic.partitions, replicas, topic_configs=topic.settings)
        # Another process may make the same topics now: what matters is that they are there.
        with suppress(TopicAlreadyExistsError):
            admin.create_topics([asked], wait_for_metadata=True)


def _standing(admin: KafkaAdminClient, wanted: Sequence[Topic]) -> list[Standing]:
    there = set(admin.list_topics())
    found = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(sorted(there))} if there else {}
    settings = _settings(admin, [topic.name for topic in wanted if topic.name in there])
    return [_compared(topic, found.get(topic.name), settings.get(topic.name, {})) for topic in wanted]


def _settings(admin: KafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the settings of topics that the broker tells; some tell only a few."""
    from kafka.admin import ConfigResource

    asked = [ConfigResource("topic", name) for name in names]
    told = admin.describe_configs(asked, config_filter="all").get("topic", {}) if asked else {}
    return {name: {key: str(entry["value"]) for key, entry in of.items()} for name, of in told.items()}


def _compared(topic: Topic, partitions: int | None, settings: dict[str, str]) -> Standing:
    if partitions is None:
        return Standing(topic.name, "missing", 0)
    pairs = [("partitions", str(topic.partitions), str(partitions))]
    pairs += [(name, value, settings[name]) for name, value in topic.settings.items() if name in settings]
    differences = tuple(f"{name}: expected {a}, found {b}" for name, a, b in pairs if a != b)
    return Standing(topic.name, "differs" if differences else "exists", partitions, differences)


def _kept(time: timedelta) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(time // timedelta(milliseconds=1))}
