"""A house: the running state of one home, and the fold of its log.

The fold in one paragraph. A record waits until the watermark (the greatest time seen less the lateness) has passed
it; then records are folded in the order of `(time, id)`, and a deadline due at D is decided before every record with
`time >= D`. Folding a record first updates what is known (states, coverage, episodes), then offers it to the
conditions that the index finds, then to the `seen` guards, which so never count the record being judged. A record
that comes later than the lateness allows is folded as it arrives, at its own time, after everything before the
watermark. Nothing here reads a clock, and how the log was cut into batches changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from rules import calendar
from rules.conditions.base import Evidence, Of, Running, Slot
from rules.conditions.holds import RunningHolds
from rules.conditions.occurs import RunningLasting
from rules.coverage import MIN_KEEP, Coverage, default_tolerance, survey
from rules.firing import Firing, Verdict, firing_id, occurrence_id
from rules.guard import named
from rules.home import Home
from rules.index import Fan, Index, Members
from rules.match import MAIN, Names
from rules.plan import Plan, Terms, read_rule, same_when
from rules.problem import InputError, Problem
from rules.record import Record, history
from rules.stopped import stopped_by
from rules.trace import Trace, Tracer, What
from rules.units import DAY, EPOCH, MICROSECOND, instant, microseconds
from rules.watch import SeenTrack, Watch

NEVER = -(1 << 62)  # before every instant
SWEEP = 1024  # episodes kept before the forgotten ones are looked for


class House:
    """The state of one home. `firings` is where it puts what it derives."""

    __slots__ = (
        *(
            "began",
            "by_source",
            "coverages",
            "deciding",
            "ends",
            "episodes",
            "firings",
            "greatest",
            "heap",
            "id",
            "ids",
            "ids_until",
        ),
        *("index", "keep", "late", "lateness", "main", "newer", "older_ids", "people", "place", "previous", "problems"),
        *("reporters", "states", "sweep_at", "trace", "waiting", "watches", "watermark", "zone"),
    )

    def __init__(
        self, home: Home, firings: list[Firing], began: int | None = None, trace: Tracer | None = None
    ) -> None:
        self.id = home.home
        self.zone = calendar.zone_of(home)
        self.place = home.location
        self.people = tuple(person.id for person in home.people)
        self.lateness = microseconds(home.lateness)
        self.main = {
            device.id: ("state", next(iter(device.attributes)))
            for device in home.devices
            if len(device.attributes) == 1 and "state" not in device.attributes
        }
        self.firings, self.trace = firings, trace
        self.problems: list[Problem] = []
        # arrival
        self.began = began
        self.greatest = NEVER
        self.watermark = NEVER
        self.late = False
        self.waiting: list[tuple[int, str, Record]] = []
        self.ids_until = NEVER
        self.ids: set[str] = set()
        self.older_ids: set[str] = set()
        # what is known
        self.states: dict[Any, tuple[int, Record]] = {}
        self.previous: tuple[int, Record] | None = None  # the report before the one that is folded
        self.newer = True
        self.coverages: dict[str, Coverage] = {}
        self.keep = MIN_KEEP
        self.episodes: dict[Any, list[Any]] = {}  # [time of the last record, who matched it already]
        self.sweep_at = SWEEP
        self.ends: dict[Any, set[RunningLasting]] = {}
        # the rules at work
        self.watches: dict[str, Watch] = {}
        self.index = Index()
        self.by_source = self.index.by_source
        self.reporters: dict[str, tuple[RunningHolds, ...]] = {}
        self.heap: list[tuple[int, str, Running]] = []
        self.deciding = False

    # --- arrival ------------------------------------------------------------------------------------------------

    def receive(self, records: Iterable[Record]) -> None:
        """Take records in the order of their arrival, and fold and decide what the watermark has passed."""
        lateness, waiting, ids, older_ids = self.lateness, self.waiting, self.ids, self.older_ids
        greatest, watermark = self.greatest, self.greatest - self.lateness
        for record in records:
            time, id = (record.time - EPOCH) // MICROSECOND, record.id
            happened = record.type != "tick"
            if happened and (id in ids or id in older_ids):
                continue
            if time > greatest:
                self.greatest = greatest = time
                if time >= self.ids_until:
                    ids, older_ids = self._forget_ids(time)
            elif happened and time < watermark:
                ids.add(id)
                self._receive_late(time, record)
                continue
            watermark = greatest - lateness
            if happened:
                ids.add(id)
                waiting.append((time, id, record))
        self.settle()

    def _forget_ids(self, now: int) -> tuple[set[str], set[str]]:
        """Forget the ids of the day before yesterday: an id is remembered for 24 to 48 h."""
        self.older_ids = self.ids if now < self.ids_until + DAY else set()
        self.ids = set()
        self.ids_until = (now // DAY + 1) * DAY
        return self.ids, self.older_ids

    def _receive_late(self, time: int, record: Record) -> None:
        self.settle()
        self.late = True
        try:
            self.fold(time, record)
        finally:
            self.late = False

    def tick(self, time: int) -> None:
        """Take the passing of time."""
        if time > self.greatest:
            self.greatest = time
            self.settle()

    def settle(self) -> None:
        """Fold every record below the watermark and decide every deadline at or below it."""
        self.watermark = watermark = self.greatest - self.lateness
        waiting = self.waiting
        if waiting:
            waiting.sort()
            self._begin_log()
            done = 0
            fold = self.fold
            for time, _, record in waiting:
                if time >= watermark:
                    break
                done += 1
                fold(time, record)
            del waiting[:done]
        if self.heap and self.heap[0][0] <= watermark:
            self.decide_until(watermark)

    def _begin_log(self) -> None:
        if self.began is None:
            self.began = self.waiting[0][0]

    def finish(self, until: int) -> None:
        """Fold every record and decide every deadline up to and including an instant: the end of a replay."""
        self.settle()
        for time, _, record in self.waiting:
            if time <= until:
                self.fold(time, record)
        self.waiting = []
        self.decide_until(until)

    # --- the fold -----------------------------------------------------------------------------------------------

    def fold(self, time: int, record: Record) -> None:
        """Take one record in its place: first the deadlines due at or before it."""
        if self.heap and self.heap[0][0] <= time and not self.late:
            self.decide_until(time)
        kind = record.type
        if kind == "detection" or kind == "event":  # noqa: PLR1714  # the hottest line here: no set is built
            data = record.data
            episode = data.get("episode")
            if episode is None:
                self._offer(record, time, None)
            else:
                if episode in self.episodes:
                    self._touch(episode, time)
                self._offer(record, time, None)
                if data.get("phase") == "end":
                    self._end(episode, time)
        elif kind == "state":
            self._report(record, time)
        elif kind == "health":
            self._health(record, time)
        elif kind == "rule.put":
            self._put(record, time)
        elif kind == "rule.drop":
            if self.trace is not None:
                self._trace(str(record.data["rule"]), "dropped", max(time, self.watermark) if self.late else time)
            self.drop(str(record.data["rule"]))

    def _offer(self, record: Record, time: int, names: Names) -> None:
        """Offer a record to the conditions it may match, then to what waits to have seen it."""
        if self.index.anywhere:
            self._offer_to(self.index.anywhere, record, time, names)
        members = self.by_source.get(record.source)  # type: ignore[arg-type]  # reports have a source
        if members is not None:
            self._offer_to(members, record, time, names)
        if self.index.seen_anywhere:
            self._offer_to(self.index.seen_anywhere, record, time, names)

    def _offer_to(self, members: Members, record: Record, time: int, names: Names) -> None:
        if members.__class__ is Fan:
            members = members.of(record)
        for target, slot, of in members:  # type: ignore[union-attr]  # a fan gave its members
            for matcher in of:
                if matcher.matches(record, names):
                    target.match(self, slot, record, time, of.index(matcher), of)
                    break

    def _report(self, record: Record, time: int) -> None:
        """Take a state: edges look at the report before it."""
        source, names = record.source, self.names_of(record)
        assert names is not None
        key = source if names[0] == "state" else (source, names[0])
        previous = self.states.get(key)
        self.newer = previous is None or not self.late or (time, record.id) > (previous[0], previous[1].id)
        self.previous = previous if self.newer else None
        if self.newer:
            self.states[key] = (time, record)
        self._offer(record, time, names)
        if self.newer:
            for holds in self.reporters.get(source, ()):  # type: ignore[arg-type]
                holds.report(self, record, time)

    def _health(self, record: Record, time: int) -> None:
        assert record.source is not None
        coverage = self.coverages.get(record.source)
        if coverage is None:
            coverage = self.coverages[record.source] = Coverage()
        coverage.report(time, record.id, record.data.get("status"), self.keep)

    def _touch(self, episode: Any, time: int) -> None:
        """Note that an episode goes on, or forget it after a day of silence."""
        entry, time = self.episodes[episode], self._as_of(time)
        if time - entry[0] > DAY:
            del self.episodes[episode]
        elif time > entry[0]:
            entry[0] = time

    def _as_of(self, time: int) -> int:
        """Return when a record counts for the life of its episode: a late one counts when it arrives."""
        return max(time, self.watermark) if self.late else time

    def _end(self, episode: Any, time: int) -> None:
        self.episodes.pop(episode, None)
        for running in self.ends.pop(episode, ()):
            running.end(self, episode, time)

    def decide_until(self, limit: int) -> None:
        """Decide every deadline due at or before an instant, in order."""
        heap = self.heap
        self.deciding = True
        while heap and heap[0][0] <= limit:
            due, _, running = heappop(heap)
            if not running.watch.gone:
                running.come_up(self, due)
        self.deciding = False

    # --- what conditions ask (conditions.base.Ground) -------------------------------------------------------------

    def value_of(self, source: str, attribute: str | None) -> tuple[Any] | None:
        main = attribute is None or attribute in self.main.get(source, MAIN)
        found = self.states.get(source if main else (source, attribute))
        return None if found is None else (found[1].data.get("value"),)

    def schedule(self, due: int, running: Running) -> None:
        heappush(self.heap, (due, running.order, running))

    def happens(self, running: Running, slot: Slot, record: Record, of: Of) -> bool:
        if self.late and instant(record.time) < running.watch.put:
            return False
        if record.type == "state":
            edge = self._is_edge(record, of)
            if not edge and self.trace is not None:
                self.note(running, "repeat", instant(record.time), (record.id,), edge=False)
            return edge
        episode = record.data.get("episode")
        if episode is None:
            return True
        who = (running, slot)
        entry = self.episodes.get(episode)
        if entry is None:
            self._sweep()
            self.episodes[episode] = [self._as_of(instant(record.time)), {who}]
            return True
        if who in entry[1]:
            if self.trace is not None:
                self.note(running, "repeat", instant(record.time), (record.id,), episode=episode)
            return False
        entry[1].add(who)
        return True

    def _is_edge(self, record: Record, of: Of) -> bool:
        if self.previous is None:
            return False
        time, before = self.previous
        coverage = self.coverages.get(record.source)  # type: ignore[arg-type]
        if coverage is not None and coverage.down is not None and coverage.down > (time, before.id):
            return False
        names = self.names_of(before)
        return not any(matcher.matches(before, names) for matcher in of)

    def _sweep(self) -> None:
        """Forget the episodes that never ended, when there are many."""
        if len(self.episodes) < self.sweep_at:
            return
        # The watermark of a batch may be ahead of the record being folded: the records waiting still count.
        now = min(self.watermark, self.waiting[0][0] if self.waiting else self.watermark)
        self.episodes = {id: entry for id, entry in self.episodes.items() if now - entry[0] <= DAY}
        self.sweep_at = max(SWEEP, 2 * len(self.episodes))

    def await_end(self, running: RunningLasting, episode: Any) -> None:
        """Tell `running` when an episode ends."""
        self.ends.setdefault(episode, set()).add(running)

    def forget_end(self, running: RunningLasting, episode: Any) -> None:
        """Take back `await_end`."""
        waiting = self.ends.get(episode)
        if waiting is not None:
            waiting.discard(running)
            if not waiting:
                del self.ends[episode]

    def permits(self, running: Running, time: int, evidence: Evidence) -> bool:
        watch = running.watch
        if not watch.plan.guards.tests:
            return True
        truth = watch.plan.guards.hold(self, watch.tracks, time)
        if truth is not True and self.trace is not None:
            self.note(running, "guard", time, evidence, guards=stopped_by(watch.plan.spec, self, watch.tracks, time))
        return truth is True

    def judge(
        self, running: Running, sources: tuple[str, ...], start: int, due: int, evidence: Evidence
    ) -> tuple[Verdict | None, dict[str, Any]]:
        watch = running.watch
        plan = watch.plan
        if plan.guards.sources:
            sources = tuple(dict.fromkeys((*sources, *plan.guards.sources)))
        tolerance = default_tolerance(due - start) if plan.tolerance is None else plan.tolerance
        clear, coverage = survey(self.coverages, named(sources, self.people), start, due, tolerance)
        if clear or plan.unknown == "fire":
            return "fired", coverage
        if plan.unknown == "tell":
            return "unknown", coverage
        self.note(running, "blind", due, evidence, coverage=coverage)
        return None, coverage

    def fire(
        self,
        running: Running,
        about: str,
        verdict: Verdict,
        time: int,
        evidence: Evidence,
        pattern: int | None = None,
        coverage: dict[str, Any] | None = None,
    ) -> bool:
        watch = running.watch
        if watch.gone or time < watch.put or self._decided_already(watch, running, about, verdict, time):
            return False
        if watch.expires is not None and time >= watch.expires:
            self.note(running, "expired", time, evidence)
            return False
        occurrence = occurrence_id(self.id, watch.id, about)
        self.firings.append(
            Firing(
                id=firing_id(occurrence, verdict),
                occurrence=occurrence,
                rule=watch.id,
                home=self.id,
                time=time,
                verdict=verdict,
                evidence=evidence,
                pattern=pattern,
                coverage=coverage or {},
            )
        )
        if watch.once and verdict == "fired":
            self.note(running, "dropped", time, once=True)
            self.drop(watch.id)
        return True

    def _decided_already(self, watch: Watch, running: Running, about: str, verdict: Verdict, time: int) -> bool:
        """Tell whether another condition of an `any` decided about the same record or deadline."""
        if len(watch.plan.leaves) < 2 or verdict not in ("fired", "unknown"):
            return False
        what = "" if self.deciding else about
        if watch.decided is None or watch.decided[0] != time:
            watch.decided = [time, []]
        decided = watch.decided[1]
        if any(other == what and position != running.position for other, position in decided):
            return True
        decided.append([what, running.position])
        return False

    def note(self, running: Running, what: What, time: int, evidence: Evidence = (), **detail: Any) -> None:
        if self.trace is not None:
            self._trace(running.watch.id, what, time, evidence, running.position, running.key, **detail)

    def _trace(
        self,
        rule: str,
        what: What,
        time: int,
        evidence: Evidence = (),
        position: int = 0,
        key: str | None = None,
        **detail: Any,
    ) -> None:
        """Leave a trace of a rule. Whoever calls has looked whether somebody asked for it."""
        assert self.trace is not None
        self.trace(
            Trace(
                home=self.id,
                rule=rule,
                time=time,
                what=what,
                position=position,
                key=key,
                evidence=evidence,
                detail=detail,
            )
        )

    # --- rules ----------------------------------------------------------------------------------------------------

    def _put(self, record: Record, time: int) -> None:
        try:
            terms, plan = read_rule(record.data["rule"], f"record {record.id}")
            if terms.home != self.id:
                raise InputError(
                    [Problem("other_home", record.id, f"expected a rule of {self.id!r}, found {terms.home!r}.")]
                )
            earlier = history(record.data.get("history", ()))
        except InputError as error:
            self.problems.extend(error.problems)
            return
        self.put(terms, plan, max(time, self.watermark) if self.late else time, earlier)

    def put(self, terms: Terms, plan: Plan, put: int, earlier: Iterable[Record] = ()) -> None:
        """Put a rule: keep what is pending where its conditions are unchanged, else start anew."""
        if self.trace is not None:
            self._trace(terms.id, "put", put, enabled=terms.enabled)
        old = self.watches.get(terms.id)
        unchanged = old is not None and same_when(old.plan.spec, plan.spec)
        if old is not None and unchanged and old.enabled and terms.enabled:
            self._adopt(old, terms, plan, put, earlier)
            return
        watch = Watch(terms, plan, put)
        if old is not None:
            self.drop(terms.id)
            if unchanged:
                watch.cool(old.cooldowns())
        self.install(watch)
        self._remember(watch, earlier, put)
        for running in list(watch.running()):
            running.begin(self, put)

    def _adopt(self, watch: Watch, terms: Terms, plan: Plan, put: int, earlier: Iterable[Record]) -> None:
        self.index.remove_seen(watch)
        watch.adopt(terms, plan)
        self.index.add_seen(watch)
        self._remember(watch, earlier, put)

    def install(self, watch: Watch) -> None:
        """Make a watch find its records."""
        self.watches[watch.id] = watch
        self.index.add(watch)
        self.keep = max(self.keep, watch.plan.span + DAY)
        for source, holds in watch.reports_to(self.people):
            self.reporters[source] = (*self.reporters.get(source, ()), holds)

    def _remember(self, watch: Watch, earlier: Iterable[Record], put: int) -> None:
        """Give a watch the evidence from before it was put."""
        members = [*watch.members(), *watch.seen_members()]
        for record in earlier:
            time = instant(record.time)
            if time <= put:
                names = self.names_of(record)
                for target, _, of in members:
                    if any(matcher.matches(record, names) for matcher in of):
                        target.remember(record, time)
                        if self.trace is not None and target.__class__ is not SeenTrack:
                            self._trace(watch.id, "matched", time, (record.id,))

    def names_of(self, record: Record) -> Names:
        """Return the attributes that a state reports: its only listed attribute and `state` are the same one."""
        if record.type != "state":
            return None
        name = record.data.get("attribute")
        main = self.main.get(record.source, MAIN)  # type: ignore[arg-type]  # reports have a source
        return main if name is None or name in main else (str(name),)

    def drop(self, id: str) -> None:
        """Drop a rule and everything that is pending of it."""
        watch = self.watches.pop(id, None)
        if watch is None:
            return
        watch.gone = True
        self.index.remove(watch)
        for source, holds in watch.reports_to(self.people):
            left = tuple(other for other in self.reporters.get(source, ()) if other is not holds)
            self.reporters[source] = left

    # --- what is next -----------------------------------------------------------------------------------------------

    def next_deadline(self) -> int | None:
        """Return the earliest instant at which a tick would fold or decide something, or None."""
        while self.heap:
            due, _, running = self.heap[0]
            if not running.watch.gone and running.due == due:
                break
            heappop(self.heap)
            if not running.watch.gone:
                running.look_again(self, due)
        soonest = [self.heap[0][0]] if self.heap else []
        if self.waiting:
            soonest.append(min(self.waiting)[0] + 1)
        return min(soonest) + self.lateness if soonest else None

    def deadlines(self) -> Iterator[tuple[str, int]]:
        """Yield the rule and the instant of every pending deadline."""
        for watch in self.watches.values():
            for running in watch.running():
                if running.due is not None:
                    yield watch.id, running.due
