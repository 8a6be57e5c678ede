"""What is written of firings, all at once and before anything is sent: who is told of each, what is done, who is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from proactive.deed import Deed
from proactive.notification import Notification
from proactive.notify import happening, plan
from proactive.notify.deeds import Draw, deeds_of, questions, results
from proactive.notify.text import Picture, picture_of, render
from proactive.store import Store
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Rule

OVER = frozenset({"resolved", "corrected"})
Shown = Callable[[Firing, Sequence[Record]], Picture | None]


@dataclass
class Writing:
    """Collects the rows of firings that are kept together; `made` are those of this round, which no store has yet."""

    store: Store
    homes: Mapping[str, Home]
    now: int
    draw: Draw
    written: list[tuple[Firing, Sequence[Notification]]] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    made: dict[tuple[str, str], list[Notification]] = field(default_factory=dict)

    def add(self, firing: Firing, rule: Rule | None, proof: Sequence[Record], picture: Picture | None = None) -> None:
        """Write what comes of one firing. Without its rule there is nobody to tell."""
        rows = [] if rule is None else self._rows(firing, rule, proof, picture or picture_of(firing, proof))
        self.written.append((firing, rows))
        for row in rows:
            self.made.setdefault((row.rule, row.person), []).append(row)

    def _rows(self, firing: Firing, rule: Rule, proof: Sequence[Record], picture: Picture | None) -> list[Notification]:
        home = self.homes[firing.home]
        before = self.store.told_before(firing.occurrence) if firing.verdict == "corrected" else []
        text = render(firing, rule, home, proof, next((f for f in before if f.id != firing.id), None))
        rows = [
            plan.notice(firing, rule, home, text, person, picture=picture, now=self.now)
            for person in self._people(firing, rule, home)
        ]
        told = [self._folded(happening.about(row, proof)) for row in rows]
        alert = plan.notice(firing, rule, home, text, "", now=self.now)
        return [*told, *self._acts(firing, rule, home, alert)]

    def _people(self, firing: Firing, rule: Rule, home: Home) -> list[str]:
        """Return who is told: of what is over, those who heard of it, and none of those who did not want to."""
        people = plan.recipients(rule, home)
        if firing.verdict not in OVER:
            return people
        thread = self.store.about(firing.occurrence)
        heard = [each.person for each in thread if each.state == "sent"]
        spared = {each.person for each in thread if each.state in {"snoozed", "dropped"}} - set(heard)
        return [person for person in dict.fromkeys([*people, *heard]) if person not in spared]

    def _folded(self, row: Notification) -> Notification:
        if not row.episode and not row.about:
            return row
        kept = self.store.alerts(row.home, row.rule, row.person, row.time - happening.LONGEST)
        return happening.folded(row, [*kept, *self.made.get((row.rule, row.person), [])])

    def _acts(self, firing: Firing, rule: Rule, home: Home, alert: Notification) -> Iterator[Notification]:
        if not rule.do:
            return
        deeds = deeds_of(firing, rule, home, now=self.now, draw=self.draw)
        self.deeds += deeds
        yield from questions(deeds, alert, rule, home)
        for deed in (each for each in deeds if each.ended_at is not None):
            yield from results(deed, deed.state, deed.result, rule, home, self.now)
