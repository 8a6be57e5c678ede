"""Records as English: what one report said, as a sentence about the past."""

from __future__ import annotations

from rules.home import Home
from rules.record import Record
from rules.rule import Pattern
from rules.units import SECOND
from rules.words.clauses import SAID, Clause, clause
from rules.words.times import length

_UNKNOWN = "unknown"
_TOLD = {"detection": SAID, "state": ("value", "attribute"), "event": ("name",)}


def record_text(record: Record, home: Home, edge: bool = True) -> str:
    """Return `Daisy was seen eating at the food bowls by the kitchen camera`; a state as a change, or without `edge` as it is."""
    return record_clause(record, home, edge).happened


def record_clause(record: Record, home: Home, edge: bool = True) -> Clause:
    """Return what a report said as a clause, so that it can be told in other tenses: `the back door has been open`."""
    told = {key: record.data[key] for key in _TOLD.get(record.type, ()) if _is_told(record, key)} | as_seen(record)
    said = {"type": record.type, "source": record.source, "subject": record.subject, "where": told}
    found, stayed = clause(Pattern.model_validate(said), home, edge), how_long(record)
    return Clause(found.subject, found.present + stayed, found.past + stayed, found.participle + stayed)


def as_seen(record: Record) -> dict[str, str]:
    """Return the activity as it is told to people where it was only inferred: who eats was seen at the bowl, no more."""
    return {"activity": "at"} if record.data.get("basis") == "at_bowl" else {}


def how_long(record: Record) -> str:
    """Return ` for 20 seconds` where that is what an inference rests on, else nothing."""
    lasted = record.data.get("lasted")
    if not as_seen(record) or isinstance(lasted, bool) or not isinstance(lasted, int | float) or lasted < 1:
        return ""
    return f" for {length(round(lasted) * SECOND)}"


def _is_told(record: Record, key: str) -> bool:
    """Tell whether a value is worth a word: who it was says more than a label, and must be a scalar; of a stranger a label says more."""
    if key == "label" and record.subject not in (None, _UNKNOWN):
        return False
    return isinstance(record.data.get(key), str | int | float | bool)
