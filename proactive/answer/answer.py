"""An answer as a value: what was found, on which evidence, and what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from proactive.answer.blindness import Blind
from rules.record import Record
from rules.units import instant, rfc3339

# `known` answers what is no yes or no; `denied` is what the asker may not know.
Verdict = Literal["yes", "no", "known", "unknown", "denied"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    `evidence` are the records that it rests on, in order of time; `notices` the ids of notifications that were found, `rules`
    of rules that it is about. `value` is a count, or seconds of how long. `blind` are the stretches that could not be seen:
    a `no` has none. `text` names no time but those of evidence, notices, the period and `blind`.
    """

    verdict: Verdict
    text: str
    evidence: tuple[Record, ...] = ()
    blind: tuple[Blind, ...] = ()
    value: int | float | str | bool | None = None
    notices: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.verdict != "no" or not self.blind, "a no with a blind stretch"

    @property
    def picture(self) -> str | None:
        """Return the path of the last picture that the evidence has, or None."""
        pictures = [str(record.data["snapshot"]) for record in self.evidence if record.data.get("snapshot")]
        return pictures[-1] if pictures else None

    def as_json(self) -> dict[str, Any]:
        """Return the answer's JSON object (`docs/formats.md`, "Commands")."""
        evidence = [
            {"id": record.id, "source": record.source, "time": rfc3339(instant(record.time))}
            for record in self.evidence
        ]
        return {
            "verdict": self.verdict,
            "answer": self.text,
            "value": self.value,
            "evidence": evidence,
            "picture": self.picture,
            "blind": [stretch.as_json() for stretch in self.blind],
            "notifications": list(self.notices),
            "rules": list(self.rules),
        }
