"""The clock of this machine, for the borders that need one: commands, and what serves. Nothing below reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from rules.units import instant


def now() -> int:
    """Return the time of this machine as microseconds since the epoch."""
    return instant(datetime.now(UTC))
