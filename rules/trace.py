"""Traces: what a rule decided that was not a firing, and why. `explain` turns them into words.

Traces are derived from the log like firings are: nothing is traced unless somebody asks (`Engine(trace=...)`), and a
replay of the same records gives the same traces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from rules.units import rfc3339

What = Literal[
    "put",  # the rule was put; `enabled` is false where that paused it
    "dropped",  # the rule was dropped; `once`: because it had fired
    "matched",  # a record matched a pattern of the rule
    "repeat",  # a record matched, and counted for nothing: no edge, the same episode, or one is pending already
    "waiting",  # a deadline was started, for `due`
    "ended",  # the episode or the state that began at `since` did; `due` was its deadline, None if it was decided
    "quiet",  # decided, and all was well: the awaited had happened, `last` at that time
    "guard",  # would have fired, but `while` did not hold: `guards` says which and why (`rules.stopped`)
    "cooldown",  # would have fired, but had fired a short while before, at `last_fired`
    "blind",  # could not be decided, and the rule ignores that; `coverage` as in a firing
    "expired",  # would have fired, but the rule had expired
]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a rule at `time` (microseconds since the epoch), with what is needed to explain it.

    `position` is that of the condition below `any`, `key` the `per` key that has its own state. `detail` is as `What`
    says; instants in it are microseconds since the epoch.
    """

    home: str
    rule: str
    time: int
    what: What
    position: int = 0
    key: str | None = None
    evidence: tuple[str, ...] = ()
    detail: dict[str, Any] = {}

    def as_json(self) -> dict[str, Any]:
        """Return the trace as a JSON object."""
        return {**msgspec.structs.asdict(self), "time": rfc3339(self.time), "evidence": list(self.evidence)}


Tracer = Callable[[Trace], None]
