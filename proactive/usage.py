"""What language models used on one day: a value that is kept in the store and shown by `proactive usage`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from proactive.language.model import Usage

_DAY = 86_400 * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Sums of one day (UTC, as providers bill), one model and one role.

    `cost` is in US dollars, of the calls whose price is known; `unpriced` are those that used tokens at an unknown price.
    """

    day: str
    model: str
    role: str
    calls: int = 0
    failures: int = 0
    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0
    took_ms: float = 0.0
    cost: float = 0.0
    unpriced: int = 0

    @property
    def cost_known(self) -> str:
        """Return the cost in words, as far as it is known."""
        if not self.unpriced:
            return f"${self.cost:.4f}"
        return f"at least ${self.cost:.4f}" if self.cost else "unknown"


SUMS = tuple(field.name for field in fields(Spent) if field.name not in {"day", "model", "role"})


def spent(usage: Usage, role: str, *, failed: bool, now: int) -> Spent:
    """Return one call as a sum, on the day of an instant in microseconds."""
    unpriced = usage.cost is None and usage.tokens_in + usage.tokens_out > 0
    return Spent(
        day=day_of(now),
        model=usage.model,
        role=role,
        calls=1,
        failures=int(failed),
        tokens_in=usage.tokens_in,
        cached=usage.cached,
        tokens_out=usage.tokens_out,
        took_ms=usage.took_ms,
        cost=usage.cost or 0.0,
        unpriced=int(unpriced),
    )


def day_of(now: int, back: int = 0) -> str:
    """Return the UTC day of an instant, or so many days before it, as `2026-03-09`."""
    return (datetime.fromtimestamp(now // _DAY * 86_400, UTC) - timedelta(days=back)).date().isoformat()


def total(rows: Iterable[Spent], *, model: str = "", role: str = "") -> Spent:
    """Return the sum of rows under a name."""
    sums = dict.fromkeys(SUMS, 0)
    for row in rows:
        sums = {name: value + getattr(row, name) for name, value in sums.items()}
    return Spent(day="", model=model, role=role, **sums)
