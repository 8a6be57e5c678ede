"""Times as people say them: clocks, lengths, days and parts of the day, each found where its words stand.

A bare hour ("by nine", "930") is two times; the words around it or the person decide which, never this module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from proactive.language.local.dialogue import told_time
from proactive.language.local.number import ORDINALS, number_at, ordinal
from proactive.language.local.token import Token
from rules.units import DAY, HOUR, MINUTE, SECOND, WEEKDAYS, Weekday, duration_text

PartName = Literal["night", "morning", "afternoon", "evening", "day"]


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time as a duration text; None where it was said but not how long ("a while")."""

    duration: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as `HH:MM`; two where the words leave morning or evening open. `said` with am or pm.

    A time with a `name` ("bedtime") has none where nobody has told when it is.
    """

    times: tuple[str, ...]
    said: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays, or every day when all seven are there."""

    days: tuple[Weekday, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day; the home says what "night" is. `every` where it recurs in the words ("every night")."""

    name: PartName
    every: bool = False
    today: bool = False
    moment: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A single day, counted from today, or a month and day."""

    ahead: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Sun:
    """Sunrise or sunset with a signed offset such as `-30m`; an empty offset is the moment itself."""

    event: Literal["sunrise", "sunset"]
    offset: str = ""


TimeSlot = Length | Clock | Days | Part | Date | Sun

_UNITS = {
    "second": SECOND, "sec": SECOND, "s": SECOND, "minute": MINUTE, "min": MINUTE, "m": MINUTE,
    "hour": HOUR, "hr": HOUR, "h": HOUR, "day": DAY, "d": DAY, "week": 7 * DAY,
}  # fmt: skip
_VAGUE = (
    "a while", "too long", "a long time", "some time", "an amount of time", "a period of time", "long", "a bit",
    "a certain time", "a certain amount of time", "some adjustable period of time",
)  # fmt: skip
_WHOLE = frozenset(("-", "full", "whole", "entire", "solid", "good", "straight"))
_OR_MORE = (("or", "more"), ("or", "longer"), ("or", "over"), ("or", "so"), ("and", "more"))
_VAGUE_COUNTS = ("n", "x", "xx", "xxx", "some", "few", "several", "many")
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = dict(zip(_WEEKDAY_NAMES, WEEKDAYS, strict=True)) | {
    "tue": "tue", "tues": "tue", "thu": "thu", "thur": "thu", "thurs": "thu", "fri": "fri",
}  # fmt: skip


def _ranges() -> dict[str, tuple[Weekday, ...]]:
    """Return the ranges of days as people say them: "monday to saturday", "friday through sunday"."""
    found: dict[str, tuple[Weekday, ...]] = {}
    for i, one in enumerate(_WEEKDAY_NAMES):
        for j, other in enumerate(_WEEKDAY_NAMES):
            days = WEEKDAYS[i : j + 1] if i < j else (*WEEKDAYS[: j + 1], *WEEKDAYS[i:])
            found |= {f"{one} {to} {other}": days for to in ("to", "through", "till", "until", "-") if i != j}
    return found


_DAYS: dict[str, tuple[Weekday, ...]] = {
    **_ranges(),
    "every day": WEEKDAYS, "each day": WEEKDAYS, "daily": WEEKDAYS, "everyday": WEEKDAYS, "all day": WEEKDAYS,
    "weekday": WEEKDAYS[:5], "week day": WEEKDAYS[:5], "workday": WEEKDAYS[:5], "weekend": WEEKDAYS[5:],
    "monday to friday": WEEKDAYS[:5], "monday through friday": WEEKDAYS[:5], "any day": WEEKDAYS,
    "school day": WEEKDAYS[:5], "weeknight": WEEKDAYS[:5], "week night": WEEKDAYS[:5], "work day": WEEKDAYS[:5], "business day": WEEKDAYS[:5],
    "school night": (*WEEKDAYS[:4], WEEKDAYS[6]), "weekend day": WEEKDAYS[5:],
}  # fmt: skip
_PARTS: dict[str, Part] = {
    "at night": Part("night"), "during the night": Part("night"), "overnight": Part("night"), "in the night": Part("night"),
    "every night": Part("night", every=True), "each night": Part("night", every=True), "nightly": Part("night", every=True),
    "tonight": Part("night", today=True), "night": Part("night"),
    "this evening": Part("evening", today=True), "in the evening": Part("evening"), "every evening": Part("evening", every=True),
    "evening": Part("evening"), "in the morning": Part("morning"), "every morning": Part("morning", every=True),
    "this morning": Part("morning", today=True), "morning": Part("morning"), "in the afternoon": Part("afternoon"),
    "every afternoon": Part("afternoon", every=True), "this afternoon": Part("afternoon", today=True),
    "afternoon": Part("afternoon"), "during the day": Part("day"), "in the daytime": Part("day"),
    "during quiet hour": Part("night"),
}  # fmt: skip
_DATES = {"today": Date(ahead=0), "tomorrow": Date(ahead=1)}
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00", "lunchtime": "12:00"}
_MONTHS = ("january february march april may june july august september october november december").split()
_MERIDIEM = {"am": 0, "pm": 12}
# Every word that may tell a time, for whoever asks whether a word is one.
TIME_WORDS = (
    *_UNITS,
    *_WEEKDAY,
    *_DAYS,
    *_PARTS,
    *_NAMED,
    *_MONTHS,
    *ORDINALS,
    *_WHOLE,
    "half",
    "quarter",
    "hundred",
    "today",
    "tomorrow",
)
_BEFORE_CLOCK = frozenset(
    ("at", "by", "until", "till", "before", "after", "from", "since", "past", "and", "to", "between", "around", "-")
)


def time_at(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    """Return the time said at a position and the position after it, or None: the longest reading there."""
    found = [slot for read in _READERS if (slot := read(tokens, at)) is not None]
    return max(found, key=lambda slot: slot[1], default=None)


def _phrase(tokens: Sequence[Token], at: int, phrases: Sequence[str]) -> tuple[str, int] | None:
    for size in (5, 4, 3, 2, 1):
        words = tokens[at : at + size]
        for text in (" ".join(t.text for t in words), " ".join(t.stem for t in words)):
            if len(words) == size and text in phrases:
                return text, at + size
    return None


# --- lengths ----------------------------------------------------------------------------------------------------


def _length(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    total, position, last = 0.0, at, float("inf")
    while (part := _one_length(tokens, position)) is not None and part[0] < last:  # "an hour a day" is two lengths
        last = part[0]
        total, position = total + part[0], part[1]
        if position + 1 < len(tokens) and tokens[position].text == "and" and _one_length(tokens, position + 1):
            position += 1
    if position == at:
        return _vague_length(tokens, at)
    if [t.text for t in tokens[position : position + 3]] == ["and", "a", "half"]:
        total, position = total + _UNITS[tokens[position - 1].stem] / 2, position + 3
    position += 2 * (tuple(t.text for t in tokens[position : position + 2]) in _OR_MORE)
    return (Length(duration_text(round(total))), position) if total >= SECOND else None


def _one_length(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    words = [t.text for t in tokens[at : at + 4]]
    if words[:1] == ["a"] and len(words) > 2 and words[1] in _WHOLE and number_at(tokens, at + 2):
        return _one_length(tokens, at + 2)  # "a full three hours"
    if words[:3] in (["half", "an", "hour"], ["a", "half", "hour"]):
        return HOUR / 2, at + 3
    if words[:2] == ["half", "a"] and words[2:] and _unit(tokens, at + 2):
        return (_unit(tokens, at + 2) or 0) / 2, at + 3
    if words[:2] == ["half", "hour"]:
        return HOUR / 2, at + 2
    if words[:3] == ["quarter", "of", "an"] and words[3:] == ["hour"]:
        return HOUR / 4, at + 4
    if words[:1] and _unit_alone(tokens, at):
        return _UNITS[tokens[at].stem], at + 1
    if words[:3] == ["a", "couple", "of"]:
        number: tuple[float, int] | None = (2.0, at + 3)
    elif words[:1] in (["a"], ["an"], ["one"]):
        number = (1.0, at + 1)
    else:
        number = number_at(tokens, at)
    if number is None or number[0] < 0:
        return None
    value, after = number
    after += after < len(tokens) and tokens[after].text in _WHOLE
    unit = _unit(tokens, after)
    if unit is None and words[:1] not in (["a"], ["an"]):
        return None
    return (value * unit, after + 1) if unit is not None else None


def _unit_alone(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a unit stands for one of it: "every minute", "in the next hour"."""
    return (
        at > 0
        and tokens[at - 1].text in ("every", "each", "next", "per", "last", "past")
        and len(tokens[at].text) > 2
        and tokens[at].stem in _UNITS
        and (tokens[at - 1].text != "next" or (at > 1 and tokens[at - 2].text == "the"))  # "next week" is not now
    )


def _unit(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens):
        return None
    return _UNITS.get(tokens[at].stem) or _UNITS.get(tokens[at].text)


def _vague_length(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    found = _phrase(tokens, at, _VAGUE)
    if found and not (found[0] == "long" and at and tokens[at - 1].text in ("how", "as")):
        return Length(None), found[1]
    start = at + (tokens[at].text == "a")
    if start < len(tokens) and tokens[start].text in _VAGUE_COUNTS and _unit(tokens, start + 1):
        return Length(None), start + 2
    return None


# --- clocks -----------------------------------------------------------------------------------------------------


def _clock(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    found = _named_clock(tokens, at) or _told_clock(tokens, at) or _past_clock(tokens, at) or _digit_clock(tokens, at)
    return _settled(found, tokens) if found else None


def _settled(found: tuple[TimeSlot, int], tokens: Sequence[Token]) -> tuple[TimeSlot, int]:
    """Return a clock with the part of the day right behind it, which is about no other: "nine at night and six in the morning"."""
    clock, after = found
    part = _part(tokens, after) if after < len(tokens) else None
    if part is None or not isinstance(clock, Clock) or not isinstance(part[0], Part) or len(clock.times) < 2:
        return found
    times = in_part(clock, part[0].name).times
    plain = not (part[0].every or part[0].today or part[0].moment)
    return (Clock(times, said=True), part[1]) if len(times) == 1 and plain else found


def _named_clock(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    name = _NAMED.get(tokens[at].text)
    return (Clock((name,)), at + 1) if name else None


# Times that people call by what they do then, with the part of the day in which it is.
NAMED_TIMES: dict[str, PartName] = {
    "bedtime": "night", "breakfast": "morning", "lunch": "day", "dinner": "evening", "supper": "evening", "wake up": "morning",
    "feeding time": "day", "nap time": "day", "school": "day", "work": "day",
}  # fmt: skip
_CALLED = {
    "bedtime": "bedtime", "bed time": "bedtime", "bed": "bedtime", "we go to bed": "bedtime", "i go to bed": "bedtime",
    "wake up": "wake up", "wake up time": "wake up", "i wake up": "wake up", "we wake up": "wake up", "i get up": "wake up", "we get up": "wake up",
    "feeding time": "feeding time", "nap time": "nap time", "naptime": "nap time", "school": "school", "work": "work",
    **{f"{meal}{time}": meal for meal in ("breakfast", "lunch", "dinner", "supper") for time in ("", " time", "time") if meal + time != "lunchtime"},
}  # fmt: skip
_BEFORE_NAMED = frozenset(("by", "before", "after", "until", "till", "at", "since", "from", "past", "between"))


def _told_clock(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    """Read "by bedtime", "since breakfast": the time that was told, or a clock of that name without one."""
    start = at + (tokens[at].text in ("my", "our", "the"))
    found = _phrase(tokens, start, tuple(_CALLED))
    if found is None or not at or tokens[at - 1].text not in _BEFORE_NAMED:
        return None
    name = _CALLED[found[0]]
    told = told_time(name)
    if name in ("school", "work") and (told is None or tokens[at - 1].text == "from"):
        return None  # "home from work" is no time
    return Clock((told,) if told else (), said=True, name=name), found[1]


def _past_clock(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    """Read "half past eight", "quarter to nine", "twenty past seven"."""
    words = [t.text for t in tokens[at : at + 2]]
    if words and words[0] in ("half", "quarter"):
        minutes, after = (30.0 if words[0] == "half" else 15.0), at + 1
    elif (number := number_at(tokens, at)) is not None:
        minutes, after = number
        after += after < len(tokens) and tokens[after].stem == "minute"
    else:
        return None
    if after >= len(tokens) or tokens[after].text not in ("past", "to") or not 0 < minutes < 60 or minutes % 1:
        return None
    hour = number_at(tokens, after + 1)
    if hour is None or not 0 < hour[0] <= 12 or hour[0] % 1:
        return None
    if tokens[after].text == "to" and words[0] != "quarter" and _meant_as_range(tokens, at):
        return None
    total = int(hour[0]) * 60 + (int(minutes) if tokens[after].text == "past" else -int(minutes))
    return _meridiem(tokens, total // 60, total % 60, hour[1], bare=True)


def _meant_as_range(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].text in ("from", "between")


def _digit_clock(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    text = tokens[at].text
    split = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
    if split:
        return _meridiem(tokens, int(split[1]), int(split[2]), at + 1, bare=split[1][0] != "0")
    run = re.fullmatch(r"(\d{1,2})(\d\d)", text)
    if run and (_after_clock_word(tokens, at) or _is_meridiem(tokens, at + 1)):
        alone = len(text) == 3 or tokens[at - 1].text != "-"  # "555-1234" is no time that somebody left open
        return _meridiem(tokens, int(run[1]), int(run[2]), at + 1, bare=alone and text[0] != "0")
    number = number_at(tokens, at)
    if number is None or number[0] % 1 or not 0 <= number[0] <= 24:
        return None
    hour, after = int(number[0]), number[1]
    minute = number_at(tokens, after)  # "seven thirty"
    if minute and minute[0] in (15, 30, 45) and 0 < hour <= 12 and not text.isdigit():
        return _meridiem(tokens, hour, int(minute[0]), minute[1], bare=True)
    return _hour(tokens, at, hour, after)


def _hour(tokens: Sequence[Token], at: int, hour: int, after: int) -> tuple[TimeSlot, int] | None:
    if after < len(tokens) and tokens[after].text == "o'clock":
        return _meridiem(tokens, hour, 0, after + 1, bare=True)
    if _is_meridiem(tokens, after):
        return _meridiem(tokens, hour, 0, after, bare=True)
    unit_follows = after < len(tokens) and (
        tokens[after].text in ("%", "degrees", "percent", "times", "-") or _unit(tokens, after) is not None
    )
    if _after_clock_word(tokens, at) and not unit_follows and not _begins_amounts(tokens, after):
        return _meridiem(tokens, hour, 0, after, bare=True)
    return None


_AMOUNTS = ("%", "degree", "percent", "ppm", "fahrenheit", "celsius", "f", "c", "watt")


def _begins_amounts(tokens: Sequence[Token], after: int) -> bool:
    """Say whether "18" of "between 18 and 22 degrees" is no clock since what it goes up to is none."""
    if after >= len(tokens) or tokens[after].text not in ("and", "to", "-"):
        return False
    number = number_at(tokens, after + 1)
    return number is not None and number[1] < len(tokens) and tokens[number[1]].stem in _AMOUNTS


def _after_clock_word(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].text in _BEFORE_CLOCK


def _is_meridiem(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].text in _MERIDIEM


def _meridiem(
    tokens: Sequence[Token], hour: int, minute: int, after: int, *, bare: bool
) -> tuple[TimeSlot, int] | None:
    """Return the clock of an hour and minute: one time where am, pm or the hour itself settles it, else two."""
    after_oclock = after + (after < len(tokens) and tokens[after].text == "o'clock")
    if _is_meridiem(tokens, after_oclock):
        if not 1 <= hour <= 12 or minute > 59:
            return None
        hour = hour % 12 + _MERIDIEM[tokens[after_oclock].text]
        return Clock((_hhmm(hour, minute),), said=True), after_oclock + 1
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if hour == 24:
        return Clock(("00:00",)), after_oclock
    if not bare or hour == 0 or hour > 12:
        return Clock((_hhmm(hour, minute),)), after_oclock
    return Clock((_hhmm(hour % 12, minute), _hhmm(hour % 12 + 12, minute))), after_oclock


def _hhmm(hour: int, minute: int) -> str:
    return f"{hour % 24:02d}:{minute:02d}"


def span(start: Clock, end: Clock) -> tuple[Clock, Clock]:
    """Return a range with its start settled by its end: "4:45 and 6:30 pm" is in the afternoon, "7:00 and 22:00" is not."""
    if len(start.times) == 2 and len(end.times) == 1:
        evening = end.said and end.times[0] >= "12:00" and start.times[1] < end.times[0]
        start = Clock((start.times[1] if evening else start.times[0],))
    return start, end


def in_part(clock: Clock, part: PartName | None) -> Clock:
    """Return the clock with its open half settled by a part of the day: "at ten" with "night" is 22:00."""
    if len(clock.times) == 1 or part is None:
        return clock
    wanted = _HOURS[part]
    fitting = tuple(time for time in clock.times if int(time[:2]) in wanted)
    return Clock(fitting) if fitting else clock


_HOURS: dict[PartName, frozenset[int]] = {
    "morning": frozenset(range(3, 12)),
    "afternoon": frozenset(range(12, 19)),
    "evening": frozenset(range(15, 24)),
    "night": frozenset((*range(18, 24), *range(6))),
    "day": frozenset(range(7, 19)),
}

# --- days -------------------------------------------------------------------------------------------------------


def _days(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    start = at + (tokens[at].text in ("every", "each", "on", "only") and at + 1 < len(tokens))
    start += start < len(tokens) - 1 and tokens[start].text in ("a", "the") and start > at
    named = _phrase(tokens, at, tuple(_DAYS)) or _phrase(tokens, start, tuple(_DAYS))
    if named:
        return Days(_DAYS[named[0]]), named[1]
    found: list[Weekday] = []
    position, end = start, at
    while position < len(tokens) and (day := _weekday(tokens[position])) is not None:
        found.append(day)
        end = position = position + 1
        while position < len(tokens) and tokens[position].text in (",", "and", "or") and found:
            position += 1
    return (Days(tuple(d for d in WEEKDAYS if d in found)), end) if found else None


def _weekday(token: Token) -> Weekday | None:
    day = _WEEKDAY.get(token.stem)
    return next((known for known in WEEKDAYS if known == day), None)


def _part(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    found = _phrase(tokens, at, tuple(_PARTS))
    return (_PARTS[found[0]], found[1]) if found else None


def _date(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    if tokens[at].text in _DATES:
        return _DATES[tokens[at].text], at + 1
    words = [t.text for t in tokens[at : at + 4] if t.text not in ("of", "the")]
    after = at + len(tokens[at : at + 4])
    if len(words) < 2:
        return None
    for day, month in ((words[0], words[1]), (words[1], words[0])):
        number = _ordinal(day)
        if month in _MONTHS and number:
            last = max(i for i in range(at, after) if tokens[i].text in (day, month))
            return Date(month=_MONTHS.index(month) + 1, day=number), last + 1
    return None


def _ordinal(word: str) -> int | None:
    found = ordinal(word)
    return found if found is not None and 1 <= found <= 31 else None


_SUN: dict[str, Literal["sunrise", "sunset"]] = {
    "sunset": "sunset", "sundown": "sunset", "dusk": "sunset", "dark": "sunset", "nightfall": "sunset", "sunrise": "sunrise", "dawn": "sunrise",
}  # fmt: skip


def _sun(tokens: Sequence[Token], at: int) -> tuple[TimeSlot, int] | None:
    """Read "at sunset", "by dark", "half an hour before sunrise"."""
    word = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if tokens[at].text in ("at", "by") and word in _SUN:
        return Sun(_SUN[word]), at + 2
    found = _length(tokens, at)
    before = tokens[at - 1].text if at else ""
    before = tokens[at - 2].text if at > 1 and before in ("a", "an") else before
    if before in ("for", "in"):
        return None  # "for an hour after dark" lasts; it is no moment
    if found is None or not isinstance(found[0], Length) or found[0].duration is None or found[1] + 1 >= len(tokens):
        return None
    side, word = tokens[found[1]].text, tokens[found[1] + 1].text
    if before in ("within", "inside") and word == "dark":
        return None  # "within ten minutes, after dark"
    if side not in ("before", "after") or word not in _SUN:
        return None
    return Sun(_SUN[word], f"{'-' if side == 'before' else ''}{found[0].duration}"), found[1] + 2


_READERS = (_length, _clock, _days, _part, _date, _sun)
