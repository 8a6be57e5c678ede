"""Times, limits and counts of a rule, put in the place of those that it has."""

from __future__ import annotations

import re

from proactive.language.local import phrase
from proactive.language.local.clock import Clock, PartName, in_part, span
from proactive.language.local.detour import DetourError, cannot
from proactive.language.local.number import plain
from proactive.language.local.predicate import Json
from proactive.language.local.when import MORNING, part_window
from proactive.language.outcome import Choice
from proactive.language.talk.draft import Draft
from proactive.language.talk.edit import NewAmount, NewClock, NewDays, NewWindow, Shift, Side
from proactive.language.talk.places import ClockRole, Place, amounts, clocks, counts, guards, leaves, lengths
from proactive.language.talk.words import is_length
from rules.home import Device
from rules.units import SECOND, WEEKDAYS, Weekday, duration_text, microseconds, seconds_of_day

_DAY = 86_400
_MEALS = {"breakfast": "morning", "lunch": "day", "dinner": "evening", "supper": "evening"}

# --- times of day -----------------------------------------------------------------------------------------------


def set_clock(edit: NewClock, draft: Draft) -> None:
    """Put another time of day where the rule decides, or at the end of its window that was named. Raise DetourError."""
    _must_be_known(edit.clock)
    clock = in_part(edit.clock, _MEALS.get(draft.meal)) if draft.meal in _MEALS else edit.clock  # type: ignore[arg-type]  # parts of the day
    places = _named_places(edit, draft) if edit.was else _clock_places(edit.side, draft)
    if not places:
        _confine(clock, edit.side, draft)
    for place in places:
        begins = edit.side == "from" and place.key == "from" and "until" in place.holder
        _put_clock(place, _before(clock, place.holder["until"]) if begins else clock, draft)


def _named_places(edit: NewClock, draft: Draft) -> list[Place]:
    """Return the places that hold the time that was named. Raise DetourError where the rule has no such time."""
    places = [place for _, place in clocks(draft.value) if place.value in edit.was]
    if not places:
        named = " or ".join(phrase.clock(time) for time in edit.was)
        raise cannot("edit", f"There is no {named} in this rule to change.", "Say only the new time.")
    return places


def _must_be_known(clock: Clock) -> None:
    """Raise DetourError for a time that is called by what people do then, and that nobody told: "until dinner"."""
    if not clock.times:
        raise cannot("edit", f"I do not know when {clock.name} is here.", f"Say a time, or '{clock.name} is at seven'.")


def _put_clock(place: Place, clock: Clock, draft: Draft) -> None:
    before = place.value
    place.put(_nearest(clock, before, draft))
    draft.say(phrase.clock(before), phrase.clock(place.value))


def _clock_places(side: Side, draft: Draft) -> list[Place]:
    """Return the places that a time may be meant for; several only where they hold the same time."""
    found = clocks(draft.value)
    roles: tuple[ClockRole, ...] = (
        ("from", "since") if side == "from" else ("main", "until") if side == "until" else ("main",)
    )
    places = [place for role, place in found if role in roles] or [place for _, place in found]
    if side == "" and not any(role == "main" for role, _ in found) and len(places) > 1:
        return [_which_time(places, draft)]
    if len({place.value for place in places}) > 1 and side != "from":
        return [_which_time(places, draft)]
    return places


def _which_time(places: list[Place], draft: Draft) -> Place:
    choices = [Choice(place.value, f"the one that is {phrase.clock(place.value)} now") for place in places]
    chosen = draft.chosen("Which time shall I change:", choices)
    return next(place for place in places if place.value == chosen)


def _nearest(clock: Clock, before: str, draft: Draft) -> str:
    """Return the time that is meant: of two, morning or evening, the nearer to what it was. Raise DetourError to ask."""
    if len(clock.times) == 1:
        return clock.times[0]
    by_distance = sorted(clock.times, key=lambda time: _apart(time, before))
    if _apart(by_distance[0], before) < _apart(by_distance[1], before):
        return by_distance[0]
    return draft.chosen("Do you mean", [Choice(time, phrase.clock(time)) for time in clock.times])


def _apart(one: str, other: str) -> int:
    """Return the seconds between two times of day, the shorter way round."""
    distance = abs(seconds_of_day(one) - seconds_of_day(other)) % _DAY
    return min(distance, _DAY - distance)


def set_window(edit: NewWindow, draft: Draft) -> None:
    """Put another window in the place of the one that there is, or keep the rule to it as a guard."""
    for clock in (edit.start, edit.until):
        _must_be_known(clock)
    found = dict(reversed(clocks(draft.value)))
    absent = [leaf["window"] for leaf in leaves(draft.value) if "window" in leaf]
    start, until = span(edit.start, edit.until)
    if absent:
        for window in absent:
            _put_clock(Place(window, "until"), until, draft)
            _put_clock(Place(window, "from"), _before(start, window["until"]), draft)
    elif "from" in found and "until" in found:
        _put_clock(found["from"], start, draft)
        _put_clock(found["until"], until, draft)
    else:
        _add_guard({"between": [_only(start), _only(until)]}, draft)


def set_part(part: PartName, draft: Draft) -> None:
    """Move the time of day to a part of the day, eight to the evening; a rule without one counts only in that part."""
    places = [place for role, place in clocks(draft.value) if role == "main"]
    for place in places:
        hour = int(place.value[:2]) % 12
        both = Clock((f"{hour:02d}{place.value[2:5]}", f"{hour + 12:02d}{place.value[2:5]}"))
        _put_clock(place, in_part(both, part), draft)
    if not places:
        draft.value["while"] = [guard for guard in draft.value.get("while", ()) if "between" not in guard]
        _add_guard({"between": list(part_window(part, draft.home))}, draft)


def shift(edit: Shift, draft: Draft) -> None:
    """Move the time of day at which a rule decides, or its length. Raise DetourError where it has none."""
    if edit.what == "length":
        for place in lengths(draft.value)[:1]:
            longer = microseconds(place.value) + edit.seconds * SECOND
            if not is_length(duration_text(longer)):
                raise cannot("edit", f"It is {phrase.spoken(place.value)} now, and cannot be that.")
            set_length(duration_text(longer), draft)
            return
    places = [place for role, place in clocks(draft.value) if role == "main"]
    if not places or edit.what == "length":
        raise cannot("edit", "There is no time in this rule to move.", "Say which time you mean.")
    for place in places:
        moved = (seconds_of_day(place.value) + edit.seconds) % _DAY
        _put_clock(place, Clock((f"{moved // 3600:02d}:{moved // 60 % 60:02d}",)), draft)


def _before(clock: Clock, until: str) -> Clock:
    """Return the time that is the last before another one: eight, of "between eight and eleven in the morning", is 8 am."""
    back = {time: (seconds_of_day(until) - seconds_of_day(time)) % _DAY or _DAY for time in clock.times}
    return Clock((min(clock.times, key=lambda time: back[time]),))


def _only(clock: Clock) -> str:
    """Return the only time of a clock. Raise DetourError where morning or evening is open."""
    if len(clock.times) > 1:
        raise _morning_or_evening(clock)
    return clock.times[0]


def _morning_or_evening(clock: Clock) -> DetourError:
    said = phrase.clock(clock.times[0]).rsplit(" ", 1)[0]
    return cannot("edit", f"I do not know whether {said} is in the morning or the evening.", "Say am or pm.")


def _confine(clock: Clock, side: Side, draft: Draft) -> None:
    """Keep a rule without a time of day to the time after or before one; after ten at night lasts until the morning."""
    if not side:
        raise cannot("edit", "There is no time of day in this rule to change.", "Say 'only between ... and ...'.")
    time = _only(clock)
    _add_guard({"between": [time, MORNING] if side == "from" else ["00:00", time]}, draft)


def _add_guard(guard: Json, draft: Draft) -> None:
    draft.value.setdefault("while", []).append(guard)


# --- lengths, limits and counts ---------------------------------------------------------------------------------


def set_length(duration: str, draft: Draft) -> None:
    """Put another length in the place of the one that there is, or give one to what may last. Raise DetourError."""
    places = lengths(draft.value)
    if len({place.value for place in places}) > 1:
        choices = [Choice(place.value, f"the {phrase.spoken(place.value)}") for place in places]
        chosen = draft.chosen("Which length shall I change:", choices)
        places = [place for place in places if place.value == chosen]
    for place in places:
        draft.say(phrase.spoken(place.value), phrase.spoken(duration))
        draft.say(place.value, duration)
        place.put(duration)
    if not places:
        _let_last(duration, draft)


def _let_last(duration: str, draft: Draft) -> None:
    lasting = [leaf for leaf in leaves(draft.value) if leaf["op"] in ("holds", "occurs")]
    if not lasting:
        raise cannot("edit", "There is no length of time in this rule to change.", "Say which time or number you mean.")
    for leaf in lasting:
        state = _state_of(leaf)
        if state is not None:
            _stay(leaf, state, duration, draft)
        else:
            leaf["lasting"] = duration


def _state_of(leaf: Json) -> Json | None:
    """Return as a guard what one device's report says, where a condition is about that: "the back door opens" is open."""
    pattern = leaf["of"][0] if len(leaf.get("of", ())) == 1 else {}
    where = pattern.get("where", {})
    if (
        pattern.get("type") != "state"
        or not isinstance(pattern.get("source"), str)
        or set(where) - {"value", "attribute"}
    ):
        return None
    if isinstance(where.get("value"), dict) or "value" not in where or leaf.get("after"):
        return None
    attribute = {"attribute": where["attribute"]} if "attribute" in where else {}
    return {"state": pattern["source"], **attribute, "is": where["value"]}


def _stay(leaf: Json, state: Json, duration: str, draft: Draft) -> None:
    """Make of what a device reports what it is for so long: a report has no length, a state has."""
    leaf.clear()
    leaf.update({"op": "holds", "state": state, "lasting": duration})
    notify = draft.value.get("notify", {})
    if notify.get("message"):
        notify["message"] += f" {phrase.spoken(duration)} ago, and it is still so"


def set_amount(edit: NewAmount, draft: Draft) -> None:
    """Put another limit in the place of the one that there is. Raise DetourError where there are several, or in another unit."""
    places = amounts(draft.value)
    if not places:
        raise cannot("edit", "There is no limit of a number in this rule to change.")
    if len({place.value for _, place in places}) > 1:
        choices = [Choice(str(place.value), f"{place.value:g}") for _, place in places]
        chosen = draft.chosen("Which limit shall I change:", choices)
        places = [(source, place) for source, place in places if str(place.value) == chosen]
    for source, place in places:
        _same_unit(edit.unit, source, draft)
        draft.say(f"{place.value:g}", f"{edit.value:g}")
        place.put(plain(edit.value))


def _same_unit(unit: str | None, source: str, draft: Draft) -> None:
    device = draft.home.by_id.get(source)
    own = device.unit if isinstance(device, Device) else None
    if unit and own and unit != own:
        raise cannot("edit", f"This rule measures in {own}, not in {unit}.", f"Say the limit in {own}.")


def set_count(times: int, draft: Draft) -> None:
    """Put another number of times in the place of the one that there is. Raise DetourError."""
    places = counts(draft.value)
    if not places:
        raise cannot("edit", "This rule counts nothing.", "Say what should happen how often, within which time.")
    for place in places:
        draft.say(_times(place.value), _times(times))
        place.put(times)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


# --- a number alone ---------------------------------------------------------------------------------------------


def set_number(value: float, draft: Draft) -> None:
    """Put a number where the rule has one of its kind: a time, a length, a limit or a count. Raise DetourError to ask which."""
    meanings = _meanings(value, draft)
    if not meanings:
        raise cannot("edit", f"There is nothing in this rule that {value:g} could change.", "Say what you mean by it.")
    chosen = meanings[0].id if len(meanings) == 1 else draft.chosen("Do you mean", meanings)
    match chosen:
        case "clock":
            set_clock(NewClock(on_the_hour(value)), draft)
        case "length":
            set_length(in_same_unit(value, lengths(draft.value)[0].value), draft)
        case "amount":
            set_amount(NewAmount(value), draft)
        case _:
            set_count(int(value), draft)


def _meanings(value: float, draft: Draft) -> list[Choice]:
    whole = value == int(value) and value >= 0
    found = []
    if whole and value <= 24 and any(role == "main" for role, _ in clocks(draft.value)):
        found.append(Choice("clock", f"{value:g} o'clock"))
    if whole and (places := lengths(draft.value)) and is_length(in_same_unit(value, places[0].value)):
        found.append(Choice("length", phrase.spoken(in_same_unit(value, places[0].value))))
    if amounts(draft.value):
        found.append(Choice("amount", f"the limit {value:g}"))
    if whole and value and counts(draft.value):
        found.append(Choice("count", f"{value:g} times"))
    return found


def on_the_hour(value: float) -> Clock:
    """Return the time of day that a number alone says: both halves of the day for one up to twelve."""
    hour = int(value) % 24
    return Clock((f"{hour:02d}:00",) if hour > 12 or hour == 0 else (f"{hour % 12:02d}:00", f"{hour % 12 + 12:02d}:00"))


def in_same_unit(value: float, length: str) -> str:
    """Return so many of the smallest unit that a length has: ten, of "15m", is "10m"."""
    return f"{int(value)}{re.findall('[dhms]', length)[-1]}"


# --- days -------------------------------------------------------------------------------------------------------


def set_days(edit: NewDays, draft: Draft) -> None:
    """Keep the rule to other days: those of its window or its time of day where it has one, else as a guard."""
    holders = [leaf.get("window", leaf) for leaf in leaves(draft.value) if _dated(leaf)]
    if any("rrule" in holder for holder in holders):
        raise cannot("edit", "This rule recurs in a way whose days I cannot change.", "Say the whole rule again.")
    if not holders or len(holders) < len(leaves(draft.value)):
        _guard_days(edit, draft)
        return
    for holder in holders:
        days = _days(edit, tuple(holder.pop("days", WEEKDAYS)))
        holder.pop("date", None)
        if days != WEEKDAYS:
            holder["days"] = list(days)
    _drop_days_guards(draft)


def _dated(leaf: Json) -> bool:
    return "window" in leaf or leaf["op"] == "at"


def _guard_days(edit: NewDays, draft: Draft) -> None:
    before = [tuple(guard["days"]) for guard in guards(draft.value) if "days" in guard]
    _drop_days_guards(draft)
    days = _days(edit, before[0] if before else WEEKDAYS)
    if days != WEEKDAYS:
        _add_guard({"days": list(days)}, draft)


def _drop_days_guards(draft: Draft) -> None:
    kept = [guard for guard in draft.value.get("while", ()) if "days" not in guard]
    draft.value["while"] = kept


def _days(edit: NewDays, before: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    wanted = {"only": set(edit.days), "also": {*before, *edit.days}, "except": set(before) - set(edit.days)}[edit.how]
    if not wanted:
        raise cannot("edit", "Then it would never be watched.", "Say 'pause it' to stop it for a while.")
    return tuple(day for day in WEEKDAYS if day in wanted)
