"""The engine: homes, their rules and their logs in, firings out. Deterministic, with no clock of its own.

    engine = Engine([home])
    firings = engine.receive(records)   # in the order of their arrival; ticks tell it the time
    engine.next_deadline()              # when a tick would make it decide something
    saved = engine.snapshot()           # and Engine.restore(saved, [home]) goes on where it was

The same log gives the same firings, whatever the ticks between, however it is cut into batches, wherever it was
stopped and restored, in order or out of order up to each home's lateness. Homes know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rules import change
from rules.firing import Firing
from rules.home import Home
from rules.house import House
from rules.plan import read_rule
from rules.problem import InputError, Problem
from rules.record import Record
from rules.saved import load_house, save_house
from rules.trace import Tracer
from rules.units import instant

FORMAT = 1


class Engine:
    """Folds the logs of some homes into firings.

    `since` is the beginning of every home's log in microseconds; without it a home's log begins with its first record.
    `trace` is told what was decided that was not a firing.
    """

    def __init__(self, homes: Iterable[Home], since: int | None = None, trace: Tracer | None = None) -> None:
        self.firings: list[Firing] = []
        self.problems: list[Problem] = []
        self.ticked: int | None = None
        self.houses = {home.home: House(home, self.firings, since, trace) for home in homes}

    def receive(self, records: Iterable[Record]) -> list[Firing]:
        """Take records of any homes in the order of their arrival; return what they made fire."""
        ticked = self.ticked
        for home, group in self._by_home(records).items():
            house = self.houses.get(home)
            if house is None:
                self.problems.append(
                    Problem("unknown_home", home, f"{len(group)} records name a home that is not here.")
                )
            else:
                house.receive(group)
        if self.ticked is not None and self.ticked != ticked:
            for house in self.houses.values():
                house.tick(self.ticked)
        return self._take()

    def _by_home(self, records: Iterable[Record]) -> dict[str, list[Record]]:
        """Group records by home. A tick without home is for every home: it goes before the next record of each."""
        groups: dict[str, list[Record]] = {}
        told: dict[str, Record] = {}
        tick: Record | None = None
        for record in records:
            home = record.home
            if home is None:
                time = instant(record.time)
                if self.ticked is None or time > self.ticked:
                    self.ticked, tick = time, record
                continue
            group = groups.get(home)
            if group is None:
                group = groups[home] = []
            if tick is not None and told.get(home) is not tick:
                told[home] = tick
                group.append(tick)
            group.append(record)
        return groups

    def put(self, rule: dict[str, Any], time: int) -> None:
        """Put a rule, given as its JSON object, before everything that happens at `time` or later.

        For the beginning of a replay; in the middle of a log it is a `rule.put` record. Raise InputError.
        """
        terms, plan = read_rule(rule)
        house = self.houses.get(terms.home)
        if house is None:
            raise InputError([Problem("unknown_home", terms.id, f"names home {terms.home!r}, which is not here.")])
        change.put(house, terms, plan, time)

    def finish(self, until: int) -> list[Firing]:
        """Fold every record and decide every deadline up to and including `until`: the end of a replay."""
        for house in self.houses.values():
            house.finish(until)
        return self._take()

    def _take(self) -> list[Firing]:
        firings = self.firings[:]
        self.firings.clear()
        for house in self.houses.values():
            if house.problems:
                self.problems += house.problems
                house.problems.clear()
        return firings

    def take_problems(self) -> list[Problem]:
        """Return what was wrong with records since the last call: unknown homes, rules that are none."""
        problems = self.problems[:]
        self.problems.clear()
        return problems

    def next_deadline(self) -> int | None:
        """Return the earliest instant at which a tick would make it fold or decide something, or None."""
        found = [due for due in (house.next_deadline() for house in self.houses.values()) if due is not None]
        return min(found, default=None)

    def deadlines(self) -> Iterator[tuple[str, str, int]]:
        """Yield the home, the rule and the instant of every pending deadline."""
        for house in self.houses.values():
            for rule, due in house.deadlines():
                yield house.id, rule, due

    def snapshot(self) -> bytes:
        """Return the whole state, for `restore`."""
        houses = [save_house(house) for house in self.houses.values()]
        return msgspec.msgpack.encode({"format": FORMAT, "ticked": self.ticked, "houses": houses})

    @classmethod
    def restore(
        cls, snapshot: bytes, homes: Iterable[Home], since: int | None = None, trace: Tracer | None = None
    ) -> Engine:
        """Return the engine that `snapshot` described, with the homes as they are now.

        The log of a home that the snapshot does not know begins at `since`. Raise ValueError for another format.
        """
        saved: dict[str, Any] = msgspec.msgpack.decode(snapshot, strict=False)
        if saved.get("format") != FORMAT:
            raise ValueError(f"expected a snapshot of format {FORMAT}, found {saved.get('format')!r}")
        engine = cls(homes, since, trace)
        engine.ticked = saved["ticked"]
        for state in saved["houses"]:
            house = engine.houses.get(state["home"])
            if house is not None:
                load_house(house, state)
        return engine
