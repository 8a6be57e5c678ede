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
    "put",  # the rule was put: nothing before this counts
    "matched",  # a record matched a pattern of the rule
    "waiting",  # a deadline was started
    "ended",  # a deadline was cancelled: the episode ended, the state changed, the awaited came
    "quiet",  # decided, and all was well: the awaited had happened
    "guard",  # would have fired, but `while` did not hold
    "cooldown",  # would have fired, but had fired a short while before
    "blind",  # could not be decided, and the rule ignores that
    "expired",  # would have fired, but the rule had expired
]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a rule at `time` (microseconds since the epoch), with what is needed to explain it."""

    home: str
    rule: str
    time: int
    what: What
    evidence: tuple[str, ...] = ()
    detail: dict[str, Any] = {}

    def as_json(self) -> dict[str, Any]:
        """Return the trace as a JSON object."""
        return {**msgspec.structs.asdict(self), "time": rfc3339(self.time), "evidence": list(self.evidence)}


Tracer = Callable[[Trace], None]
