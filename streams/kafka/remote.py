"""The homes of an installation whose rules are decided by workers: records and rules go to the topic, firings come back.

It keeps a copy of the log here, and hands firings on until they are taken: at least once, so whoever takes them must
know them by their ids.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from types import TracebackType
from typing import Self

from rules.firing import Firing
from rules.home import Home
from rules.problem import InputError
from rules.record import Record
from rules.rule import Rule
from rules.units import MINUTE, instant, moment
from streams.changes import drop_record, put_record, read_put
from streams.embedded import AHEAD, TAKEN, Clock, Ingested, system_clock
from streams.history import history
from streams.kafka.archive import Archive
from streams.kafka.binding import to_message
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.firings import FiringReader, Take
from streams.kafka.producer import Producer, Sent
from streams.kafka.reader import GroupReader
from streams.kafka.rulebook import forget_rules, read_rules
from streams.kafka.topics import Names
from streams.log import Log, LogError, LogFull
from streams.runtime import Rules

PATIENCE = 10.0  # seconds that the broker has to take what is told
EVIDENCE = 2.0  # seconds that a firing waits for the records that it rests on
LOOK = 60.0  # seconds between two looks at whether the rules are in force
_log = logging.getLogger(__name__)


class Remote:
    """Records, rules and firings of the homes, through a broker. Any thread may call any method.

    `name` is this copy of the log's own: under the same name it goes on where it was. Firings are handed to `take` while
    the block runs: `with Remote(...)`.
    """

    def __init__(
        self,
        brokers: Brokers,
        names: Names,
        log: Log,
        homes: Iterable[Home],
        take: Take | None,
        *,
        name: str,
        clock: Clock = system_clock,
        idempotent: bool = True,
    ) -> None:
        self.homes = {home.home: home for home in homes}
        self.log, self._names, self._clock, self._take = log, names, clock, take
        self._brokers = brokers
        self._producer = Producer(brokers, idempotent=idempotent, patience=PATIENCE)
        self._archive = Archive(log, lambda: self.homes)
        self._copies = GroupReader(brokers, names.records, f"{names.prefix}-archive-{name}")
        self._firings = FiringReader(brokers, names)
        self._known: Rules = {}
        self._erased: set[str] = set()
        self._changed = log.last_change() or 0
        self._one = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.refresh()
        if self._take is not None:
            self._begin(self._copies.run, self._archive.take, self._stop)
            self._begin(self._firings.run, self._hand_on, self._stop)
            self._begin(self._look_after_rules)
        return self

    def _begin(self, work: Callable[..., None], *given: object) -> None:
        self._threads.append(threading.Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5.0)
        self._producer.close()

    # --- what comes in ------------------------------------------------------------------------------------------

    def ingest(self, records: Sequence[Record]) -> Ingested:
        """Put records on the topic; on return every replica has them. What may not count is set aside, and not put there.

        That is a record more than 60 s ahead of the clock, of an unknown home, or with a rule that is none. Whether
        one was there before only the workers know. Of a home that was erased nothing is kept. Raise LogFull when the broker does not take them: offer them again.
        """
        now = instant(self._clock())
        whys = [self._objection(record, now) for record in records]
        judged = zip(records, whys, strict=True)
        bad = [(record, why) for record, why in judged if why and record.home not in self._erased]
        good = [record for record, why in zip(records, whys, strict=True) if not why]
        if bad:
            self.log.set_aside(bad, now)
        self._send(good)
        return Ingested(len(good), 0, len(bad), tuple(why or TAKEN for why in whys))

    def _objection(self, record: Record, now: int) -> str:
        """Return why a record may not count, or an empty text."""
        if record.home is not None and record.home not in self.homes:
            return "unknown_home"
        if instant(record.time) > now + AHEAD:
            return "ahead_of_clock"
        if record.type == "tick":
            return "workers_tick"
        if record.type == "rule.put":
            try:
                read_put(record)
            except InputError:
                return "not_a_rule"
        return ""

    def put_rule(self, rule: Rule) -> None:
        """Put a rule, with the earlier records it may rest on. Raise KeyError for a home that is not here, or LogFull."""
        home = self.homes[rule.home]
        self._change(lambda time: put_record(rule, moment(time), history(self.log, home, rule, time)))
        self._known[rule.home, rule.id] = rule

    def drop_rule(self, home: str, rule: str) -> None:
        """Drop a rule and what is pending of it. Raise LogFull."""
        self._change(lambda time: drop_record(home, rule, moment(time)))
        self._known.pop((home, rule), None)

    def _change(self, change: Callable[[int], Record]) -> None:
        """Put a change of rules on the topic at an instant of its own, after that of the change before it."""
        with self._one:
            self._changed = max(instant(self._clock()), self._changed + 1)
            record = change(self._changed)
        self._send([record])

    def _send(self, records: Sequence[Record]) -> None:
        messages = [to_message(record) for record in records]
        sent = [Sent(self._names.records, message.value, message.key, None, message.headers) for message in messages]
        try:
            with self._one:
                self._producer.send(sent)
        except BrokerError as error:
            raise LogFull(str(error)) from error

    # --- what comes back ----------------------------------------------------------------------------------------

    def _hand_on(self, firings: Sequence[Firing]) -> None:
        """Hand firings on, when the log has what they rest on: it is read beside them, and may be a moment behind."""
        assert self._take is not None
        until = monotonic() + EVIDENCE
        recent = [each for each in firings if each.time > instant(self._clock()) - MINUTE]
        while monotonic() < until and any(self._lacks(each) for each in recent):
            self._stop.wait(0.1)
        self._take(firings)

    def _lacks(self, firing: Firing) -> bool:
        return len(self.log.records(firing.home, firing.evidence)) < len(firing.evidence)

    def _look_after_rules(self) -> None:
        """Put again what no worker has taken: the broker may have come back empty."""
        missed: set[tuple[str, str]] = set()
        while not self._stop.wait(LOOK):
            try:
                missing = self._known.keys() - read_rules(self._brokers, self._names.rules).keys()
                for key in missing & missed:
                    _log.warning("Rule %s of %s is not on the topic of rules: it is put again.", key[1], key[0])
                    self.put_rule(self._known[key])
                missed = missing - missed
            except (BrokerError, LogError, KeyError) as error:
                _log.warning("The rules in force cannot be looked at (%s); trying again.", error)

    # --- what is known ------------------------------------------------------------------------------------------

    def rules(self) -> Rules:
        """Return the rules that are in force: those of the last `refresh`, and what was put and dropped here since."""
        return dict(self._known)

    def refresh(self) -> None:
        """Read again which rules are in force, from their topic. Raise BrokerError."""
        found = read_rules(self._brokers, self._names.rules)
        self._known = {key: rule for key, rule in found.items() if key[0] in self.homes}

    def adopt(self, homes: Iterable[Home]) -> bool:
        """Go on with homes as they are listed now, and say whether that is news. Workers find homes by themselves."""
        listed = {home.home: home for home in homes}
        news, self.homes = listed != self.homes, listed
        self._erased -= listed.keys()
        return news

    def erase(self, home: str) -> None:
        """Delete what this process has of a home, and its rules from their topic; it can be asked again. Raise LogError.

        What is on the other topics stays there until their retention is over.
        """
        self._erased.add(home)
        self._known = {key: rule for key, rule in self._known.items() if key[0] != home}
        self.log.erase(home)
        self.log.overwrite_deleted()
        try:
            with self._one:
                forget_rules(self._producer, self._names.rules, home)
        except BrokerError as error:
            raise LogFull(str(error)) from error
