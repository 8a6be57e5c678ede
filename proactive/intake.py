"""The intake: the one way into the log while `serve` runs, whoever tells. Floods are shed, then what two cameras see is joined."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from proactive.joined import Joined
from rules.record import Record
from streams.embedded import Ingested
from streams.log import Log
from streams.runtime import Runtime
from streams.valve import Valve

SHED, REFUSED = "shed", "refused"  # what becomes of a record of a source that floods; of what is no record


class Intake:
    """Takes records for a started runtime, whose homes it follows. Any thread may call it.

    `counts` says what became of records since it began. `meet` is called before records of a home that the runtime does not
    know are taken: a home that was listed a moment ago may be told of before anybody looked.
    """

    def __init__(self, runtime: Runtime, log: Log, meet: Callable[[], None] = lambda: None) -> None:
        self._runtime, self._log, self._meet = runtime, log, meet
        self.counts: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._valve = Valve(Joined(lambda: runtime.homes, runtime.ingest))

    def __call__(self, records: Sequence[Record]) -> Ingested:
        """Take records and say what became of each. Raise LogFull when none of them could be kept: offer them again."""
        if any(record.home not in self._runtime.homes for record in records if record.home is not None):
            self._meet()
        let = self._valve(records)
        answers = [answer for answer in let.answers if isinstance(answer, Ingested)]
        taken = chain.from_iterable(answer.fates for answer in answers)
        fates = tuple(next(taken) if passes else SHED for passes in let.through)
        appended, repeated, aside = (
            sum(getattr(answer, name) for answer in answers) for name in ("appended", "repeated", "aside")
        )
        self.count(fates)
        return Ingested(appended, repeated, aside, fates)

    def count(self, fates: Iterable[str]) -> None:
        """Count what became of records; what was refused before it came here counts as `refused`."""
        with self._counting:
            self.counts.update(fates)

    def settle(self) -> None:
        """Tell what is owed of sources that flooded, and keep what was shed. Raise LogError: the next call does it."""
        self._valve.settle()
        if shed := self._valve.take_shed():
            self._log.keep_shed(shed)
