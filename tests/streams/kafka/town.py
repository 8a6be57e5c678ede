"""A made town as the records of one partition: its rules are put first, ticks for every home come in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.town import make_town
from rules.firing import Firing
from rules.home import Home, parse_home
from rules.record import Record, decode
from rules.rule import parse_rule
from streams.changes import put_record
from streams.kafka.shard import Entry, Shard


@dataclass(frozen=True)
class Partition:
    """The homes and the log of a partition; a record's place in `records` is its offset."""

    homes: dict[str, Home]
    records: list[Record]

    @property
    def entries(self) -> list[Entry]:
        return list(enumerate(self.records))

    def firings(self) -> list[Firing]:
        """Return what a fold in one go decides."""
        return Shard(0, self.homes.get).receive(self.entries).firings


def partition(homes: int = 4, records: int = 6_000) -> Partition:
    """Return the town's log: rules of every kind, all homes interleaved."""
    with TemporaryDirectory() as folder:
        town = make_town(Path(folder), homes, records)
        known = [parse_home(msgspec.json.decode(line)) for line in town.homes.read_bytes().splitlines()]
        log = [decode(line) for line in town.log.read_bytes().splitlines()]
        rules = [parse_rule(msgspec.json.decode(line)) for line in town.rules.read_bytes().splitlines()]
    start = min(record.time for record in log)
    return Partition({home.home: home for home in known}, [*(put_record(rule, start) for rule in rules), *log])
