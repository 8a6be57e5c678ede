"""Records as English: what one report said, as a sentence about the past."""

from __future__ import annotations

from rules.home import Home
from rules.record import Record
from rules.rule import Pattern
from rules.words.clauses import Clause, clause

_TOLD = {"detection": ("label", "activity", "zone"), "state": ("value", "attribute"), "event": ("name",)}


def record_text(record: Record, home: Home, edge: bool = True) -> str:
    """Return `Daisy was seen eating at the food bowls by the kitchen camera`; a state as a change, or without `edge` as it is."""
    return record_clause(record, home, edge).happened


def record_clause(record: Record, home: Home, edge: bool = True) -> Clause:
    """Return what a report said as a clause, so that it can be told in other tenses: `the back door has been open`."""
    told = {key: record.data[key] for key in _TOLD.get(record.type, ()) if _is_told(record, key)}
    said = {"type": record.type, "source": record.source, "subject": record.subject, "where": told}
    return clause(Pattern.model_validate(said), home, edge)


def _is_told(record: Record, key: str) -> bool:
    """Tell whether a value is worth a word: who it was says more than a label, and must be a scalar."""
    if key == "label" and record.subject is not None:
        return False
    return isinstance(record.data.get(key), str | int | float | bool)
