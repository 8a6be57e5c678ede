"""Edits: what a follow-up changes about a rule, as values. `followup` reads them from words, `revise` makes the rule of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from proactive.language.local.clock import Clock, PartName
from proactive.language.local.predicate import Json
from rules.rule import Urgency
from rules.units import Weekday

Side = Literal["", "from", "until"]


@dataclass(frozen=True, slots=True)
class NewClock:
    """Another time of day; `side` where the words say which end of a window. Two times where am or pm is open.

    `was` are the times, as `HH:MM`, one of which it takes the place of; empty where the words do not say.
    """

    clock: Clock
    side: Side = ""
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewWindow:
    """Another time of day from which, and until which."""

    start: Clock
    until: Clock


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part of the day: the half of the day of the time that there is, else the only hours that count."""

    part: PartName


@dataclass(frozen=True, slots=True)
class Shift:
    """Earlier or later, shorter or longer, by so many seconds."""

    seconds: int
    what: Literal["clock", "length"]


@dataclass(frozen=True, slots=True)
class NewLength:
    """Another length, as a duration text."""

    duration: str


@dataclass(frozen=True, slots=True)
class NewAmount:
    """Another limit of a number, with its unit where one was said."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class NewCount:
    """Another number of times."""

    times: int


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number alone, "make it ten": a time, a length, a limit or a number of times, whichever the rule has."""

    value: float


@dataclass(frozen=True, slots=True)
class NewDays:
    """Other days: only these, also these, or all but these; all seven are every day."""

    days: tuple[Weekday, ...]
    how: Literal["only", "also", "except"] = "only"


@dataclass(frozen=True, slots=True)
class Swap:
    """Another entity in the place of one: each of `options` is an id with its zone, if it is a place of a camera.

    Without `options` nothing here fits the words; `said` are those. `out` are the only ids that it takes the place of, else all
    of its kind.
    """

    options: tuple[tuple[str, str | None], ...]
    said: str
    out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """Other people who are told."""

    people: tuple[str, ...]
    how: Literal["also", "only", "not"] = "only"


@dataclass(frozen=True, slots=True)
class Escalated:
    """Other people who are told where nobody reacts within a while, a duration text; None: not said within which."""

    people: tuple[str, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Weigh:
    """Another urgency; "more" and "less" are one step."""

    urgency: Urgency | Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name of the rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard more, as JSON of the rule language."""

    guards: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Restated:
    """Another condition about the same thing, "when it closes", as JSON; what is said when it comes true; and a name for it."""

    when: Json
    message: str
    name: str


@dataclass(frozen=True, slots=True)
class Rest:
    """At most once in a while."""

    cooldown: str


@dataclass(frozen=True, slots=True)
class Once:
    """Only the next time, or every time."""

    once: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """Remind again so often until it is over; None: not again."""

    every: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """With a picture, or without."""

    wanted: bool


Edit = (
    NewClock | NewWindow | NewPart | Shift | NewLength | NewAmount | NewCount | NewNumber | NewDays | Swap | Tell | Weigh | Rename | Guarded | Restated | Rest | Once
    | Repeat | Picture | Escalated
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edits:
    """All that one follow-up changes; with `copy` a second rule is made so, and the first stays ("same for dinner")."""

    edits: tuple[Edit, ...]
    copy: bool = False
    meal: str = ""
