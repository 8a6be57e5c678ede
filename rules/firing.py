"""Firings: what the engine derives from the log, each a frozen value with its evidence and verdict."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Literal

import msgspec

from rules.units import rfc3339

Verdict = Literal["fired", "unknown", "corrected", "resolved"]


class Firing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A decision of a rule at `time` (microseconds since the epoch; RFC 3339 in JSON).

    `occurrence` names what it is about and is the same for `fired`, `unknown`, `corrected` and `resolved` of one
    noon; `id` adds the verdict, so a repeat is recognised. `evidence` are record ids. `pattern` is the index in `of`
    of the pattern that the last of them matched, where one did. `coverage` maps each source that an absence rests on
    to `{"online", "offline_s", "intervals"}`, the stretches of the decided span in which it could not be seen; `reasons`
    say why, where that was told, and `zones` the same of each of its zones that the absence rests on.
    """

    id: str
    occurrence: str
    rule: str
    home: str
    time: int
    verdict: Verdict
    evidence: tuple[str, ...] = ()
    pattern: int | None = None
    coverage: dict[str, Any] = {}

    def as_json(self) -> dict[str, Any]:
        """Return the firing's JSON object (`docs/formats.md`, "Firings")."""
        value: dict[str, Any] = {
            "id": self.id,
            "occurrence": self.occurrence,
            "rule": self.rule,
            "home": self.home,
            "time": rfc3339(self.time),
            "verdict": self.verdict,
            "evidence": list(self.evidence),
            "coverage": self.coverage,
        }
        if self.pattern is not None:
            value["pattern"] = self.pattern
        return value

    def encode(self) -> bytes:
        """Return the firing as one JSON line without its line break."""
        return msgspec.json.encode(self.as_json())


def occurrence_id(home: str, rule: str, about: str) -> str:
    """Return the hash that names one occurrence of a rule: `about` is a date, a deadline or a record id."""
    return digest(home, rule, about)


def firing_id(occurrence: str, verdict: Verdict) -> str:
    """Return the hash that names one verdict of an occurrence."""
    return digest(occurrence, verdict)


def digest(*parts: str) -> str:
    """Return 20 hexadecimal digits of BLAKE2b over the parts."""
    return blake2b("\x00".join(parts).encode(), digest_size=10).hexdigest()
