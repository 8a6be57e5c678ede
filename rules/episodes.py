"""Episodes: who has matched a continuous happening already, and who waits for its end.

An episode is known from its first match until a record ends it, or until a day has passed since its last record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules.conditions.base import Running, Slot, Waiting
from rules.units import DAY

SWEEP = 1024  # episodes kept before the forgotten ones are looked for

Who = tuple[Running, Slot]


class Episodes:
    """The episodes of one home: `known` maps an id to the time of its last record and who matched it."""

    __slots__ = ("ends", "known", "sweep_at")

    def __init__(self) -> None:
        self.known: dict[Any, tuple[int, set[Who]]] = {}
        self.ends: dict[Any, dict[Waiting, None]] = {}
        self.sweep_at = SWEEP

    def go_on(self, episode: Any, time: int) -> None:
        """Note that a known episode goes on, or forget it after a day of silence."""
        last, who = self.known[episode]
        if time - last > DAY:
            del self.known[episode]
        elif time > last:
            self.known[episode] = (time, who)

    def is_first(self, episode: Any, time: int, who: Who) -> bool:
        """Note a match; return whether it is the first of an episode by `who`."""
        found = self.known.get(episode)
        if found is None:
            self.known[episode] = (time, {who})
            return True
        if who in found[1]:
            return False
        found[1].add(who)
        return True

    def end(self, episode: Any) -> Iterable[Waiting]:
        """Forget an episode; return who waited for its end."""
        self.known.pop(episode, None)
        return self.ends.pop(episode, ())

    def await_end(self, who: Waiting, episode: Any) -> None:
        """Let somebody wait for the end of an episode."""
        self.ends.setdefault(episode, {})[who] = None

    def forget_end(self, who: Waiting, episode: Any) -> None:
        """Take back `await_end`."""
        waiting = self.ends.get(episode)
        if waiting is not None:
            waiting.pop(who, None)
            if not waiting:
                del self.ends[episode]

    def sweep(self, now: int) -> None:
        """Forget, when there are many, the episodes that were silent for a day at `now` or before."""
        if len(self.known) >= self.sweep_at:
            self.known = {id: entry for id, entry in self.known.items() if now - entry[0] <= DAY}
            self.sweep_at = max(SWEEP, 2 * len(self.known))
