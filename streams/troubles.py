"""What an engine could not use, told without end and without noise: each fault of a rule once, the others counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from rules.failure import Failure
from rules.problem import Problem

SHOWN = 100  # problems that are no faults, such as records that put no rule


class Troubles:
    """Hears of problems; `say` is called with a text for each fault of each rule the first time, and for the first other ones.

    `failed` counts faults by home and rule (None: of a record, for all rules); `problems` counts the others.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.failed: Counter[tuple[str, str | None]] = Counter()
        self.problems = 0
        self._say = say
        self._said: set[tuple[str, str | None, str]] = set()

    def __call__(self, problem: Problem) -> None:
        """Hear of one."""
        if isinstance(problem, Failure):
            self.failed[problem.home, problem.rule] += 1
            self._once(problem)
            return
        self.problems += 1
        if self.problems <= SHOWN:
            self._say(f"Not used: {problem}")

    def hear(self, problems: Iterable[Problem]) -> list[Failure]:
        """Hear of some, and return the faults among them."""
        faults = []
        for problem in problems:
            self(problem)
            if isinstance(problem, Failure):
                faults.append(problem)
        return faults

    def close(self) -> None:
        """Say how often each rule failed, and how much was not shown."""
        for (home, rule), count in sorted(self.failed.items(), key=str):
            if count > 1:
                self._say(f"{home}{'/' + rule if rule else ''} failed {count:,} times.")
        if self.problems > SHOWN:
            self._say(f"Not used: {self.problems - SHOWN:,} more.")

    def _once(self, failure: Failure) -> None:
        key = failure.home, failure.rule, failure.fault
        if key not in self._said:
            self._said.add(key)
            self._say(str(failure))
