"""Meant: which of several devices that one name could be of, as the words say it and not as a model picks.

"The doors" and "any door" are all that can be so; "the door" of several is asked about, whichever a model chose.
"""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.compiler.form import COMPARED
from proactive.language.compiler.roster import Listed, Roster
from proactive.language.local.detour import ask_which
from proactive.language.local.reading import is_plural
from proactive.language.local.slots import Slots
from proactive.language.local.span import Span
from rules.home import Home


def meant(found: Slots, roster: Roster, home: Home, chosen: Sequence[Listed], does: str) -> list[Listed]:
    """Return the devices meant by those chosen: all of a plural. Raise DetourError to ask which of several is meant."""
    kept = list(chosen)
    for span in found.inside if found.english else ():
        fitting = _fitting(span, roster, does)
        picked = [entry for entry in chosen if entry in fitting]
        if len(fitting) < 2 or not picked:
            continue
        if is_plural(span) or _is_any(span, found):
            kept += [entry for entry in fitting if entry not in kept]
        elif len(picked) > 1 or not _named_elsewhere(picked[0], span, found):
            raise ask_which("device", f"Which {span.text} do you mean:", [e.id for e in fitting], home, several=True)
    return kept


def _fitting(span: Span, roster: Roster, does: str) -> list[Listed]:
    """Return the devices that a piece may name and that report what is said, names before kinds."""
    refs = [ref for ref in span.refs if ref.kind == "device"]
    refs = [ref for ref in refs if not ref.generic] or refs
    ids = {ref.id for ref in refs}
    return [entry for entry in roster.of("what") if entry.id in ids and _can(entry, does)]


def _can(entry: Listed, does: str) -> bool:
    if does in COMPARED:
        return any(report.is_number for report in entry.reports.values())
    return does in entry.reports


def _is_any(span: Span, found: Slots) -> bool:
    """Say whether a word before a name says that it is of any or all: "one of my doors", "any door", "both"."""
    near = [other for other in found.inside if 0 <= span.start - other.end <= 2]
    return any(other.is_("quantifier") and other.text not in ("a", "an") for other in near)


def _named_elsewhere(entry: Listed, span: Span, found: Slots) -> bool:
    """Say whether another piece names just this one: "motion is detected in the hallway"."""
    others = (other for other in found.inside if other is not span)
    return any({ref.id for ref in other.refs if not ref.generic} == {entry.id} for other in others)
