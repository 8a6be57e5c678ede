"""A house: the running state of one home, and the fold of its log.

Folding a record first updates what is known (states, coverage, episodes), then offers it to the conditions that the
index finds, then to the `seen` guards, which so never count the record being judged. The order of the fold is that of
`arrival`; how rules are put and dropped is in `change`. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any

from rules import calendar, change
from rules.arrival import Arrivals
from rules.conditions.base import Evidence, Of, Running, Slot, Waiting
from rules.conditions.holds import RunningHolds
from rules.coverage import MIN_KEEP, Coverage, Spot, default_tolerance, spot_told, survey
from rules.episodes import Episodes
from rules.failure import failure
from rules.firing import Firing, Verdict, firing_id, occurrence_id
from rules.guard import named
from rules.home import Home
from rules.index import Fan, Index, Members
from rules.match import MAIN, Names
from rules.problem import Problem
from rules.record import Record
from rules.stopped import stopped_by
from rules.trace import Trace, Tracer, What
from rules.units import instant, microseconds
from rules.watch import Watch


class House(Arrivals):
    """The state of one home. `firings` is where it puts what it derives."""

    __slots__ = (
        *("by_source", "coverages", "deciding", "episodes", "firings", "heap", "id", "index", "keep", "main", "newer"),
        *("people", "place", "previous", "problems", "reporters", "states", "trace", "watches", "zone"),
    )

    def __init__(
        self, home: Home, firings: list[Firing], began: int | None = None, trace: Tracer | None = None
    ) -> None:
        super().__init__(microseconds(home.lateness), began)
        self.id = home.home
        self.zone = calendar.zone_of(home)
        self.place = home.location
        self.people = tuple(person.id for person in home.people)
        self.main = {
            device.id: ("state", next(iter(device.attributes)))
            for device in home.devices
            if len(device.attributes) == 1 and "state" not in device.attributes
        }
        self.firings, self.trace = firings, trace
        self.problems: list[Problem] = []
        # what is known
        self.states: dict[Any, tuple[int, Record]] = {}
        self.previous: tuple[int, Record] | None = None  # the report before the one that is folded
        self.newer = True
        self.coverages: dict[Spot, Coverage] = {}
        self.keep = MIN_KEEP
        self.episodes = Episodes()
        # the rules at work
        self.watches: dict[str, Watch] = {}
        self.index = Index()
        self.by_source = self.index.by_source
        self.reporters: dict[str, tuple[RunningHolds, ...]] = {}
        self.heap: list[tuple[int, str, Running]] = []
        self.deciding = False

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
                if episode in self.episodes.known:
                    self.episodes.go_on(episode, self._as_of(time))
                self._offer(record, time, None)
                if data.get("phase") == "end":
                    self._end(episode, record, time)
        elif kind == "state":
            self._report(record, time)
        elif kind == "health":
            self._health(record, time)
        else:  # a change to the rules
            change.take(self, record, self._as_of(time))

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
            try:
                for matcher in of:
                    if matcher.matches(record, names):
                        target.match(self, slot, record, time, of.index(matcher), of)
                        break
            except Exception as error:  # noqa: BLE001  whatever is wrong with one rule, the others are offered it
                self.fail(error, target.watch.id, record, time)

    def _end(self, episode: Any, record: Record, time: int) -> None:
        """Tell the conditions that wait for the end of an episode."""
        for running, id in self.episodes.end(episode):
            try:
                running.end(self, id, time)
            except Exception as error:  # noqa: BLE001  the others are told all the same
                self.fail(error, running.watch.id, record, time)

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
                try:
                    holds.report(self, record, time)
                except Exception as error:  # noqa: BLE001  the others judge it all the same
                    self.fail(error, holds.watch.id, record, time)

    def _health(self, record: Record, time: int) -> None:
        spot = spot_told(record)
        coverage = self.coverages.get(spot)
        if coverage is None:
            coverage = self.coverages[spot] = Coverage()
        coverage.receive(record, time, self.keep)

    def _as_of(self, time: int) -> int:
        """Return when a record counts for the life of its episode: a late one counts when it arrives."""
        return max(time, self.watermark) if self.late else time

    def decide_until(self, limit: int) -> None:
        """Decide every deadline due at or before an instant, in order."""
        heap = self.heap
        if not heap or heap[0][0] > limit:
            return
        self.deciding = True
        while heap and heap[0][0] <= limit:
            due, _, running = heappop(heap)
            if not running.watch.gone:
                try:
                    running.come_up(self, due)
                except Exception as error:  # noqa: BLE001  what else is due is decided
                    self.fail(error, running.watch.id, None, due)
        self.deciding = False

    def fail(self, error: Exception, rule: str | None, record: Record | None, time: int) -> None:
        """Note what could not be done because of a fault. Memory that is used up is no fault of a rule: raise that."""
        if isinstance(error, MemoryError):
            raise error
        self.problems.append(failure(error, self.id, rule, record, time))

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
        # The watermark of a batch may be ahead of what is folded; what waits is not.
        self.episodes.sweep(min(self.watermark, self.waiting[0][0] if self.waiting else self.watermark))
        first = self.episodes.is_first(episode, self._as_of(instant(record.time)), (running, slot))
        if not first and self.trace is not None:
            self.note(running, "repeat", instant(record.time), (record.id,), episode=episode)
        return first

    def _is_edge(self, record: Record, of: Of) -> bool:
        if self.previous is None:
            return False
        time, before = self.previous
        coverage = self.coverages.get(record.source)  # type: ignore[arg-type]
        if coverage is not None and coverage.down is not None and coverage.down > (time, before.id):
            return False
        names = self.names_of(before)
        return not any(matcher.matches(before, names) for matcher in of)

    def await_end(self, who: Waiting, episode: Any) -> None:
        self.episodes.await_end(who, episode)

    def forget_end(self, who: Waiting, episode: Any) -> None:
        self.episodes.forget_end(who, episode)

    def permits(self, running: Running, time: int, evidence: Evidence) -> bool:
        watch = running.watch
        if not watch.plan.guards.tests:
            return True
        truth = watch.plan.guards.hold(self, watch.tracks, time)
        if truth is not True and self.trace is not None:
            self.note(running, "guard", time, evidence, guards=stopped_by(watch.plan.spec, self, watch.tracks, time))
        return truth is True

    def judge(
        self, running: Running, spots: tuple[Spot, ...], start: int, due: int, evidence: Evidence
    ) -> tuple[Verdict | None, dict[str, Any]]:
        watch = running.watch
        plan = watch.plan
        if plan.guards.spots:
            spots = tuple(dict.fromkeys((*spots, *plan.guards.spots)))
        tolerance = default_tolerance(due - start) if plan.tolerance is None else plan.tolerance
        clear, coverage = survey(self.coverages, named(spots, self.people), start, due, tolerance)
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
            change.drop(self, watch.id)
        return True

    def _decided_already(self, watch: Watch, running: Running, about: str, verdict: Verdict, time: int) -> bool:
        """Tell whether another condition of an `any` said the same about the same record or deadline."""
        if len(watch.plan.leaves) < 2 or verdict not in ("fired", "unknown"):
            return False
        what = ["" if self.deciding else about, verdict]
        if watch.decided is None or watch.decided[0] != time:
            watch.decided = [time, []]
        decided = watch.decided[1]
        if any(other == what and position != running.position for other, position in decided):
            return True
        decided.append([what, running.position])
        return False

    def note(self, running: Running, what: What, time: int, evidence: Evidence = (), **detail: Any) -> None:
        if self.trace is not None:
            self.leave_trace(running.watch.id, what, time, evidence, running.position, running.key, **detail)

    def leave_trace(
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

    def names_of(self, record: Record) -> Names:
        """Return the attributes that a state reports: its only listed attribute and `state` are the same one."""
        if record.type != "state":
            return None
        name = record.data.get("attribute")
        main = self.main.get(record.source, MAIN)  # type: ignore[arg-type]  # reports have a source
        return main if name is None or name in main else (str(name),)

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
