"""Clauses: what a pattern matches, as a sentence in the forms that rules need.

`Daisy is seen eating at the food bowls by the kitchen camera` has the past `was seen ...`, and the participle of
`has not been seen ...`. States are said as the change that matches (`opens`), for absences as the state (`been open`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.home import Camera, Home, Person
from rules.rule import Comparison, Pattern, ValueTest
from rules.words.names import any_of, called, plain
from rules.words.times import joined
from rules.words.values import Attribute, attribute, tested

SAID = ("label", "activity", "zone", "with")  # the keys of a detection that a clause has words for
_PLAIN = Attribute("")
_CHANGES = {
    "open": ("opens", "opened", "opened"),
    "closed": ("closes", "closed", "closed"),
    "locked": ("is locked", "was locked", "been locked"),
    "unlocked": ("is unlocked", "was unlocked", "been unlocked"),
    "on": ("turns on", "turned on", "turned on"),
    "off": ("turns off", "turned off", "turned off"),
    "running": ("starts running", "started running", "started running"),
    "finished": ("finishes", "finished", "finished"),
    "wet": ("gets wet", "got wet", "got wet"),
    "dry": ("gets dry", "got dry", "got dry"),
    "home": ("comes home", "came home", "come home"),
    "away": ("leaves home", "left home", "left home"),
}
_MOVES = {"entered": "entering", "left": "leaving", "at": "at", "in": "in"}
# One lies on these, and at or in anything else.
_FURNITURE = frozenset(
    "bed sofa couch chair armchair rug mat carpet cushion blanket bench table counter stairs".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence about one happening: its subject, and the predicate in the present, past and perfect."""

    subject: str
    present: str
    past: str
    participle: str

    @property
    def happens(self) -> str:
        """Return `Daisy is seen eating`."""
        return f"{self.subject} {self.present}"

    @property
    def happened(self) -> str:
        """Return `Daisy was seen eating`."""
        return f"{self.subject} {self.past}"

    def has(self, auxiliary: str = "has") -> str:
        """Return `Daisy has been seen eating`, also with `has not`, `had` or `had not`."""
        return f"{self.subject} {auxiliary} {self.participle}"


def clause(pattern: Pattern, home: Home, edge: bool = True) -> Clause:
    """Return the sentence of a pattern; `edge` says that a state matches only when it changes."""
    match _kind(pattern, home):
        case "detection":
            return _detection(pattern, home)
        case "state":
            return _state(pattern, home, edge)
        case "event":
            return _event(pattern, home)
        case _:
            return _anything(pattern, home)


def _kind(pattern: Pattern, home: Home) -> str | None:
    """Return the one type of record that the pattern is about, by its type, its sources or its keys."""
    if pattern.type is not None:
        return pattern.type[0] if len(pattern.type) == 1 else None
    entries = [home.by_id.get(source) for source in pattern.source or ()]
    if entries and all(isinstance(entry, Camera) for entry in entries):
        return "detection"
    if "value" in pattern.where or (entries and all(isinstance(entry, Person) for entry in entries)):
        return "state"
    if "name" in pattern.where:
        return "event"
    return "detection" if not entries and pattern.where.keys() & {"label", "activity", "zone"} else None


# --- detections -------------------------------------------------------------------------------------------------


def _detection(pattern: Pattern, home: Home) -> Clause:
    by = any_of(pattern.source, home) if pattern.source else "any camera"
    seen = " ".join(filter(None, ["seen", _doing(pattern, home), f"by {by}", _rest(pattern, SAID)]))
    return Clause(_who(pattern, home), f"is {seen}", f"was {seen}", f"been {seen}")


def _who(pattern: Pattern, home: Home) -> str:
    label = pattern.where.get("label")
    if pattern.subject is None:
        return "something" if label is None else _of_label(label)
    strange = "somebody I don't know" if label is None else f"{_of_label(label)} I don't know"
    who = joined((strange if name == "unknown" else called(name, home) for name in pattern.subject), "or")
    return who if label is None or "unknown" in pattern.subject else f"{who} (as {tested(label, _PLAIN)})"


def _of_label(label: ValueTest) -> str:
    if isinstance(label, Comparison):
        return f"something that is {tested(label, _PLAIN)}"
    given = label if isinstance(label, tuple) else (label,)
    return joined((_article(plain(one)) for one in given), "or")


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].casefold() in tuple('aeiou') else 'a'} {noun}"


def _doing(pattern: Pattern, home: Home) -> str:
    activity, zone = pattern.where.get("activity"), pattern.where.get("zone")
    where = "" if zone is None else "the " + tested(zone, _PLAIN)
    if isinstance(activity, str) and activity in _MOVES:
        return f"{_MOVES[activity]} {where or 'somewhere'}"
    doing = "" if activity is None else tested(activity, _PLAIN)
    return " ".join(filter(None, [doing, _company(pattern, home), where and f"{_by(activity, zone)} {where}"]))


def _company(pattern: Pattern, home: Home) -> str:
    """Return `with Max`, or `with a person` where only the label of the other is known."""
    other = pattern.where.get("with")
    if other is None or isinstance(other, Comparison):
        return ""
    given = other if isinstance(other, tuple) else (other,)
    return "with " + joined((_other(str(one), home) for one in given), "or")


def _other(one: str, home: Home) -> str:
    if one in home.by_id:
        return called(one, home)
    return "somebody I don't know" if one == "unknown" else _article(plain(one))


def _by(activity: ValueTest | None, zone: ValueTest | None) -> str:
    lies_on = activity == "lying" and isinstance(zone, str) and _FURNITURE.intersection(zone.lower().split("_"))
    return "on" if lies_on else "at"


# --- states and events ------------------------------------------------------------------------------------------


def _state(pattern: Pattern, home: Home, edge: bool) -> Clause:
    named = pattern.where.get("attribute")
    about = attribute(pattern.source or (), named if isinstance(named, str) else None, home)
    subject = about.called if pattern.source else "any device" + about.called
    rest = _rest(pattern, ("value", "attribute") if named is None or isinstance(named, str) else ("value",))
    tail = _tail(_about(pattern, home), rest)
    present, past, participle = _change(pattern.where.get("value", ...), about, edge)
    return Clause(subject, present + tail, past + tail, participle + tail)


def _change(test: ValueTest | object, about: Attribute, edge: bool) -> tuple[str, str, str]:
    if test is ...:
        return "reports a state", "reported a state", "reported a state"
    assert test is None or isinstance(test, str | int | float | tuple | Comparison)
    words = tested(test, about)
    if not edge:
        return f"is {words}", f"was {words}", f"been {words}"
    if isinstance(test, bool) and about.flag is not None:
        now = f"{'now' if test else 'no longer'} {about.flag}"
        return f"is {now}", f"was {now}", f"been {now}"
    if isinstance(test, str) and test in _CHANGES:
        return _CHANGES[test]
    if words.startswith("above "):
        return f"rises {words}", f"rose {words}", f"risen {words}"
    if words.startswith("below "):
        return f"falls {words}", f"fell {words}", f"fallen {words}"
    return f"becomes {words}", f"became {words}", f"become {words}"


def _event(pattern: Pattern, home: Home) -> Clause:
    subject = any_of(pattern.source, home) if pattern.source else "any device"
    name = pattern.where.get("name")
    tail = _tail(_about(pattern, home), _rest(pattern, ("name",)))
    if name == "pressed":
        return Clause(subject, f"is pressed{tail}", f"was pressed{tail}", f"been pressed{tail}")
    what = f'"{tested(name, _PLAIN)}"' if name is not None else "something"
    return Clause(subject, f"reports {what}{tail}", f"reported {what}{tail}", f"reported {what}{tail}")


def _anything(pattern: Pattern, home: Home) -> Clause:
    subject = any_of(pattern.source, home) if pattern.source else "anything"
    kinds = joined((f"{_article(kind)}" for kind in pattern.type or ()), "or") or "something"
    tail = _tail(_about(pattern, home), _rest(pattern, ()))
    return Clause(subject, f"reports {kinds}{tail}", f"reported {kinds}{tail}", f"reported {kinds}{tail}")


def _tail(*words: str) -> str:
    """Return the words that are there, each after a space."""
    return "".join(f" {word}" for word in words if word)


def _about(pattern: Pattern, home: Home) -> str:
    if pattern.subject is None:
        return ""
    return "about " + joined(("a stranger" if n == "unknown" else called(n, home) for n in pattern.subject), "or")


def _rest(pattern: Pattern, said: tuple[str, ...]) -> str:
    """Return what else `where` asks for: `with confidence at least 0.8`."""
    others = [f"{plain(key)} {tested(test, _PLAIN)}" for key, test in pattern.where.items() if key not in said]
    return f"with {joined(others)}" if others else ""
