"""Failures: what the engine could not do because of a fault in it, and what it was about.

A fault in one rule, or at one record, must not stop the others. So what raised is given up at the smallest border (one rule at
one record or deadline, else one record), told as a `Failure`, and everything else goes on. The rule keeps its state and
is offered what comes next. The same log gives the same failures.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.problem import Problem
from rules.record import Record
from rules.units import rfc3339

ADVICE = "This is a fault of the program: keep the record and the rule, and report both."


@dataclass(frozen=True, slots=True)
class Failure(Problem):
    """A problem that is nobody's mistake. `rule` is None where the record failed for all of them; `record` None at a deadline."""

    home: str = ""
    rule: str | None = None
    record: Record | None = None
    time: int = 0
    fault: str = ""  # the kind of error, and where in the program it was raised: the same for each time it happens

    def as_json(self) -> dict[str, str]:
        """Return the problem as a flat JSON object."""
        return {name: getattr(self, name) for name in ("code", "where", "message", "hint")}


def failure(error: Exception, home: str, rule: str | None, record: Record | None, time: int) -> Failure:
    """Return the failure of a rule (None: of the record itself) at a record, or at a deadline."""
    what = f"record {record.id!r}" if record is not None else f"the deadline of {rfc3339(time)}"
    kind, origin = type(error).__name__, _origin(error)
    where = home if rule is None else f"{home}/{rule}"
    message = f"failed at {what}: {kind}: {error} (in {origin}). It counts for nothing there; the rest goes on."
    code = "record_failed" if rule is None else "rule_failed"
    return Failure(code, where, message, ADVICE, home, rule, record, time, f"{kind} in {origin}")


def _origin(error: Exception) -> str:
    """Return the module and line that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "unknown" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
