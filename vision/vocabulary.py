"""Words that records of cameras have whatever they tell of, for those who read them without a camera library."""

from __future__ import annotations

UNKNOWN = "unknown"  # the subject that was looked at and is nobody the home knows
VISIT = "at"
MOVES = frozenset({"entered", "left"})  # how the start and the end of being `at` are told
