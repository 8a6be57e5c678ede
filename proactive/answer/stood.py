"""Answers about how things stand or stood: a state now with its since, a state over a period, readings, and how long."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.answer.answer import Answer, Verdict
from proactive.answer.blindness import Blind, blind
from proactive.answer.inquiry import Inquiry, answered, not_so, reading_text, unsure
from proactive.answer.standing import Stood, Stretch, keys_of, stood, stretches
from rules.match import is_number
from rules.record import Record
from rules.units import instant
from rules.words.clauses import clause
from rules.words.names import all_of, called
from rules.words.records import record_clause, record_text
from rules.words.times import joined, length


def is_now(inquiry: Inquiry) -> bool:
    """Say whether the question is about one instant: now, or one that was named."""
    return inquiry.query.period.now or inquiry.since == inquiry.until


def standing(inquiry: Inquiry) -> list[Stood]:
    """Return how each state that is asked about stands at the instant that is asked about."""
    now = inquiry.query.period.now
    keys = keys_of(inquiry.query.of, inquiry.asked)
    found = [stood(inquiry.archive, inquiry.asked, key, inquiry.until, now=now) for key in keys]
    return [each for each in found if each.record is None or inquiry.may(each.record)]


# --- at an instant ----------------------------------------------------------------------------------------------


def whether_now(inquiry: Inquiry) -> Answer:
    """Answer "is the garage open?": how it stands, since when, and whether it can be known."""
    found = standing(inquiry)
    decided = _judged([each.true for each in found], every=inquiry.query.every)
    telling = _that_decide(found, decided)
    text = joined(_line(each, inquiry) for each in telling) or "nothing here reports that"
    evidence = _evidence(telling)
    if decided is None:
        unknown = [each for each in found if each.true is None]
        text = joined(_line(each, inquiry) for each in unknown) or text
        return answered("unknown", f"I can't tell: {text}.", _evidence(unknown), _lost(unknown, inquiry))
    if decided:
        return answered("yes", f"Yes: {text}.", evidence, value=True)
    return answered("no", f"No: {text}.", evidence, value=False)


def _judged(values: Sequence[bool | None], *, every: bool) -> bool | None:
    """Return any (or all) of some three-valued answers; of none it is not known."""
    deciding = not every
    if deciding in values:
        return deciding
    return None if None in values or not values else not deciding


def _that_decide(found: Sequence[Stood], decided: bool | None) -> list[Stood]:
    """Return those states that make the answer what it is; all of them where none alone does."""
    return [each for each in found if each.true is decided] if decided is not None else list(found)


def _lost(found: Sequence[Stood], inquiry: Inquiry) -> list[Blind]:
    stretches = [
        stretch
        for each in found
        for stretch in blind(
            inquiry.archive, [each.key[0]], instant(each.record.time) if each.record else inquiry.since, inquiry.now
        )
    ]
    return list(dict.fromkeys(stretches))


def _line(each: Stood, inquiry: Inquiry) -> str:
    """Return how one state stands: `the back door is open since 3:10 pm`."""
    if each.record is None:
        return f"{called(each.key[0], inquiry.home)} has never reported it"
    words = record_clause(each.record, inquiry.home, edge=False)
    if is_number(each.record.data.get("value")) and not each.lost:
        past = not inquiry.query.period.now
        return f"{reading_text(each.record, inquiry.home, past=past)}, reported {inquiry.tell.at(instant(each.record.time))}"
    if each.lost:
        lost = inquiry.tell.blind(_lost([each], inquiry)) or "it has not been heard of since"
        return f"{words.happened} {inquiry.tell.at(instant(each.record.time))}, but {lost}"
    has = words.has("has" if inquiry.query.period.now else "had")
    if each.since is None:
        return f"{has}, as last reported {inquiry.tell.at(instant(each.record.time))}"
    return f"{has} since {inquiry.tell.since(instant(each.since.time))}"


def _evidence(found: Sequence[Stood]) -> list[Record]:
    return [record for each in found for record in (each.since, each.record) if record is not None]


def which_now(inquiry: Inquiry) -> Answer:
    """Answer "which doors are open?", "who is home?": those that are, those that cannot be told, or that none is."""
    found = standing(inquiry)
    are = [each for each in found if each.true]
    unknown = [each for each in found if each.true is None]
    if not found:
        return answered("unknown", "I can't tell: nothing here reports that.")
    verdict: Verdict = "known" if are or not unknown else "unknown"
    number = f"{len(are)} of {len(found)}: " if inquiry.query.wanted == "count" and are else ""
    text = f"{number}{_which(are, unknown, found, inquiry)}"
    return answered(verdict, text, _evidence(found), _lost(unknown, inquiry), len(are))


def _which(are: Sequence[Stood], unknown: Sequence[Stood], found: Sequence[Stood], inquiry: Inquiry) -> str:
    if are:
        parts = [joined(_line(each, inquiry) for each in are)]
    elif unknown:
        parts = ["None that I know of"]
    else:
        parts = [f"None: {joined(_line(each, inquiry) for each in found)}"]
    if unknown:
        names = all_of((each.key[0] for each in unknown), inquiry.home)
        parts.append(f"I can't tell of {names}: {joined(_line(each, inquiry) for each in unknown)}")
    return f"{'. '.join(_capital(part) for part in parts)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- over a period ----------------------------------------------------------------------------------------------


def runs(inquiry: Inquiry) -> list[Stretch]:
    """Return when the states were so in the period, of what may be told, for as long as was asked."""
    keys = keys_of(inquiry.query.of, inquiry.asked)
    found = stretches(inquiry.archive, inquiry.asked, keys, inquiry.since, inquiry.until)
    return [run for run in found if inquiry.may(run.first) and _length(run, inquiry) >= inquiry.query.lasting]


def _length(run: Stretch, inquiry: Inquiry) -> int:
    return (inquiry.until if run.until is None else run.until) - run.since


def whether_then(inquiry: Inquiry) -> Answer:
    """Answer "was the back door open yesterday?": whether it was at any time of it."""
    found = runs(inquiry)
    if found:
        text = joined(_run(run, inquiry) for run in found[-3:])
        more = f", {len(found)} times. The last: " if len(found) > 3 else ": "
        return answered("yes", f"Yes{more}{text}.", _run_records(found), value=True)
    if holes := _holes(inquiry):
        return unsure(inquiry, holes, f"I know of no such time{inquiry.when}")
    words = (clause(pattern, inquiry.home, edge=False) for pattern in inquiry.query.of[:2])
    patterns = joined(not_so(each, over=inquiry.until < inquiry.now) for each in words)
    lasting = f" for as long as {length(inquiry.query.lasting)}" if inquiry.query.lasting else ""
    return answered("no", f"No: {patterns}{lasting}{inquiry.when}.", _known(inquiry), value=False)


def which_then(inquiry: Inquiry) -> Answer:
    """Answer "which doors were open last night?", "who was home yesterday?"."""
    found, holes = runs(inquiry), _holes(inquiry)
    if not found:
        answer = whether_then(inquiry)
        return answered("unknown" if holes else "known", answer.text, answer.evidence, answer.blind, value=0)
    tail = f" But {inquiry.tell.blind(holes)}, so there may be more." if holes else ""
    text = joined(_run(run, inquiry) for run in found[-8:])
    number = len({run.key for run in found})
    return answered("known", f"{text}.{tail}", _run_records(found), holes, number)


def how_long(inquiry: Inquiry) -> Answer:
    """Answer "how long was the back door open today?": the whole of it, and each stretch."""
    if inquiry.query.period.now:
        return _so_far(inquiry)
    found = runs(inquiry)
    holes = _holes(inquiry)
    if not found:
        if holes:
            return unsure(inquiry, holes, f"I know of no such time{inquiry.when}")
        return answered("known", f"Not at all{inquiry.when}.", _known(inquiry), value=0)
    total = sum(_length(run, inquiry) for run in found)
    shown = joined(_run(run, inquiry) for run in found[-5:])
    text = f"{length(total)}{inquiry.when}: {shown}."
    if holes:
        text += f" But {inquiry.tell.blind(holes)}, so it may have been otherwise then."
    return answered("known", text, _run_records(found), holes, total // 1_000_000)


def _so_far(inquiry: Inquiry) -> Answer:
    """Answer "how long has the back door been open?"."""
    found = standing(inquiry)
    are = [each for each in found if each.true and each.since is not None]
    if not are:
        return whether_now(inquiry)
    longest = min(are, key=lambda each: instant(each.since.time) if each.since else inquiry.now)
    assert longest.since is not None, "of those that have one"
    passed = inquiry.now - instant(longest.since.time)
    text = joined(_line(each, inquiry) for each in are)
    return answered("known", f"For {length(passed)}: {text}.", _evidence(are), value=passed // 1_000_000)


def _run(run: Stretch, inquiry: Inquiry) -> str:
    text = _was(run, inquiry)
    if instant(run.first.time) < inquiry.since and run.until is None:
        return f"{text} all of the time"
    return f"{text} {inquiry.tell.span(run.since, inquiry.until if run.until is None else run.until)}"


def _was(run: Stretch, inquiry: Inquiry) -> str:
    """Return how it was in a stretch: a reading that goes up and down is said as the limit that it was beyond."""
    if is_number(run.first.data.get("value")):
        pattern = next(each for each in inquiry.query.of if run.key[0] in (each.source or ()))
        return clause(pattern.model_copy(update={"source": (run.key[0],)}), inquiry.home, edge=False).happened
    return record_text(run.first, inquiry.home, edge=False)


def _run_records(found: Sequence[Stretch]) -> list[Record]:
    return [record for run in found for record in (run.first, run.last) if record is not None]


def _holes(inquiry: Inquiry) -> list[Blind]:
    """Return what could not be seen, and the states of which nothing is known before the period's end."""
    keys = keys_of(inquiry.query.of, inquiry.asked)
    never = [
        Blind(key[0], inquiry.since, inquiry.until, "silent")
        for key in keys
        if next(inquiry.archive.states_back(key[0], inquiry.until), None) is None
    ]
    return list(dict.fromkeys([*inquiry.blind(), *never]))


def _known(inquiry: Inquiry) -> list[Record]:
    """Return the reports that say how the states stood when the period began."""
    keys = keys_of(inquiry.query.of, inquiry.asked)
    return [
        each.record
        for key in keys
        if (each := stood(inquiry.archive, inquiry.asked, key, inquiry.until)).record is not None
    ]
