"""Answers about what happened: whether, when, how often, and what all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from proactive.answer.answer import Answer, Verdict
from proactive.answer.happening import Asked, Happening, happenings
from proactive.answer.inquiry import Inquiry, answered, denied, unsure
from proactive.answer.who import seen_near
from rules.calendar import local
from rules.match import is_number
from rules.record import Record
from rules.units import DAY
from rules.words.names import called
from rules.words.records import record_text
from rules.words.times import joined, often

MOST_TIMES = 5  # instants that are told one by one
MOST_LINES = 12
LOOKED_BACK = (DAY, 8 * DAY, 60 * DAY, 400 * DAY)


def found_in(inquiry: Inquiry, since: int, until: int) -> list[Happening]:
    """Return what happened in a stretch and may be told."""
    found = happenings(inquiry.archive, inquiry.asked, inquiry.sources, since, until)
    return [happening for happening in found if inquiry.may(happening.first)]


def whether(inquiry: Inquiry) -> Answer:
    """Answer "did the front door open today?"."""
    if inquiry.query.every and len(each := apart(inquiry)) > 1:
        return _whether_each(each)
    found = found_in(inquiry, inquiry.since, inquiry.until)
    if found:
        last = found[-1]
        many = f", {often(len(found))}. The last time, " if len(found) > 1 else ": "
        return answered("yes", f"Yes{many}{_told(last, inquiry)}.", _records(found), value=True)
    seen = denied(inquiry)
    if stretches := inquiry.blind():
        return unsure(inquiry, stretches, f"I saw nothing of that{inquiry.when}")
    before = _last_before(inquiry, inquiry.since)
    text = f"No: {seen}{inquiry.when}."
    if before is not None:
        text += f" The last time was {inquiry.tell.at(before.time)}."
    return answered("no", text, _records([before] if before else []), value=False)


def apart(inquiry: Inquiry) -> list[Inquiry]:
    """Return the question for each subject (or source) by itself: "were the dogs fed" is asked of both."""
    subjects = [name for pattern in inquiry.query.of for name in pattern.subject or ()]
    sources = [name for pattern in inquiry.query.of for name in pattern.source or ()]
    key = "subject" if subjects else "source"
    return [_of_one(inquiry, key, name) for name in dict.fromkeys(subjects or sources)]


def _of_one(inquiry: Inquiry, key: str, name: str) -> Inquiry:
    meant = [pattern for pattern in inquiry.query.of if name in (getattr(pattern, key) or (name,))]
    of = tuple(pattern.model_copy(update={key: (name,)}) for pattern in meant)
    return replace(inquiry, query=replace(inquiry.query, of=of, every=False), asked=Asked.of(of, inquiry.home))


def _whether_each(each: Sequence[Inquiry]) -> Answer:
    """Answer of several, of all of whom it is asked: no where one of them did not."""
    answers = [whether(one) for one in each]
    verdicts = {answer.verdict for answer in answers}
    verdict: Verdict = "no" if "no" in verdicts else "unknown" if "unknown" in verdicts else "yes"
    lines = [_of_each(one, answer) for one, answer in zip(each, answers, strict=True)]
    text = f"{_ALL[verdict]} {' '.join(_capital(line) for line in lines)}"
    evidence = [record for answer in answers for record in answer.evidence]
    stretches = [] if verdict == "no" else [stretch for answer in answers for stretch in answer.blind]
    return answered(verdict, text, evidence, dict.fromkeys(stretches), value=verdict == "yes")


def _of_each(one: Inquiry, answer: Answer) -> str:
    """Return what is answered of one of several; where it is not known, with the name of whom."""
    text = answer.text.removeprefix("Yes: ").removeprefix("No: ")
    names = [name for pattern in one.query.of for name in pattern.subject or pattern.source or ()]
    return f"{called(names[0], one.home)}: {text}" if answer.verdict == "unknown" and names else text


_ALL: dict[Verdict, str] = {
    "yes": "Yes, all of them.",
    "no": "No, not all of them.",
    "unknown": "I can't be sure of all.",
}


def _last_before(inquiry: Inquiry, until: int) -> Happening | None:
    """Return the last that happened before an instant, looked for in ever longer stretches."""
    began = inquiry.archive.began
    if began is None:
        return None
    for back in LOOKED_BACK:
        since = max(began, until - back)
        if found := found_in(inquiry, since, until):
            return found[-1]
        if since == began:
            return None
    return None


def last(inquiry: Inquiry) -> Answer:
    """Answer "when did the front door last open?": what came after it that could not be seen is said with it."""
    found = found_in(inquiry, inquiry.since, inquiry.until) if inquiry.query.period.since is not None else []
    one = found[-1] if found else None
    if inquiry.query.period.since is None:
        one = _last_before(inquiry, inquiry.until)
    if one is None:
        return _never(inquiry)
    stretches = inquiry.blind(since=one.time)
    text = f"{_told(one, inquiry)}."
    if stretches:
        text = f"The last that I know of: {text} Since then, {inquiry.tell.blind(stretches)}."
    return answered("known", text, _records([one]), stretches)


def first(inquiry: Inquiry) -> Answer:
    """Answer "when did Daisy first eat today?"."""
    found = found_in(inquiry, inquiry.since, inquiry.until)
    if not found:
        return _never(inquiry)
    stretches = inquiry.blind(until=found[0].time)
    text = f"{_told(found[0], inquiry)}."
    if stretches:
        text = f"The first that I know of: {text} Before that, {inquiry.tell.blind(stretches)}."
    return answered("known", text, _records(found[:1]), stretches)


def when(inquiry: Inquiry) -> Answer:
    """Answer "when did the front door open today?": every time."""
    found = found_in(inquiry, inquiry.since, inquiry.until)
    if not found:
        return _never(inquiry)
    stretches = inquiry.blind()
    text = f"{_told(found[0], inquiry)}." if len(found) == 1 else f"{_times(found, inquiry)}."
    return answered("known", text + _caveat(inquiry, stretches), _records(found), stretches)


def count(inquiry: Inquiry) -> Answer:
    """Answer "how often was Daisy fed this week?": a number, of at least where not all could be seen."""
    found = found_in(inquiry, inquiry.since, inquiry.until)
    if not found:
        return _never(inquiry, value=0)
    stretches = inquiry.blind()
    number = f"at least {often(len(found))}" if stretches else often(len(found))
    text = f"{number}{inquiry.when}: {_times(found, inquiry)}."
    return answered("known", text + _caveat(inquiry, stretches), _records(found), stretches, len(found))


def everything(inquiry: Inquiry) -> Answer:
    """Answer "what happened while I was away?": each happening a line, the same ones that follow each other together."""
    found = [each for each in found_in(inquiry, inquiry.since, inquiry.until) if _is_news(each.first)]
    stretches = inquiry.blind()
    if not found:
        if stretches:
            return unsure(inquiry, stretches, f"I know of nothing{inquiry.when}")
        return answered("known", f"{_head(inquiry)}: nothing.", (), (), 0)
    lines = [_line(some, inquiry) for some in _runs(found)]
    shown = lines if len(lines) <= MOST_LINES else [*lines[-MOST_LINES:]]
    left_out = f" The last {MOST_LINES} of {len(lines)}:" if len(lines) > MOST_LINES else ""
    head = f"{_head(inquiry)}:{left_out}"
    text = "\n".join([head, *(f"- {line}" for line in shown)])
    if stretches:
        text += f"\nBut {inquiry.tell.blind(stretches)}."
    return answered("known", text, _records(found), stretches, len(found))


def who(inquiry: Inquiry) -> Answer:
    """Answer "who came home last night?": who it was that was seen, or reported as there."""
    found = found_in(inquiry, inquiry.since, inquiry.until)
    if not found:
        return _never(inquiry)
    stretches = inquiry.blind()
    recent = found[-MOST_TIMES:]
    lines = [line for each in recent for line in _who_line(each, inquiry)]
    more = f" (the last {MOST_TIMES} of {len(found)})" if len(found) > MOST_TIMES else ""
    evidence = [record for each in recent for record in (each.first, *seen_near(inquiry, each.first))]
    text = joined(dict.fromkeys(lines))
    return answered("known", f"{text}{more}." + _caveat(inquiry, stretches), evidence, stretches)


def _who_line(each: Happening, inquiry: Inquiry) -> Iterable[str]:
    record = each.first
    text = f"{record_text(record, inquiry.home)} {inquiry.tell.at(each.time)}"
    person = record.subject is not None or record.source in {p.id for p in inquiry.home.people}
    if person:
        return [text]
    near = seen_near(inquiry, record)
    if near:
        seen = joined(dict.fromkeys(record_text(one, inquiry.home) for one in near))
        return [f"{text}, and about then {seen}"]
    return [f"{text}, but nothing here tells who it was"]


# --- words ------------------------------------------------------------------------------------------------------


def _never(inquiry: Inquiry, value: int | None = None) -> Answer:
    stretches = inquiry.blind()
    if inquiry.query.period.since is None and inquiry.archive.began is not None:
        since = f" since my records began, {inquiry.tell.at(inquiry.archive.began)}"
    else:
        since = inquiry.when
    if stretches:
        return unsure(inquiry, stretches, f"I saw nothing of that{since}", ())
    return answered("no", f"{_capital(denied(inquiry))}{since}.", (), (), value)


def _told(each: Happening, inquiry: Inquiry) -> str:
    return f"{record_text(each.first, inquiry.home)} {inquiry.tell.at(each.time)}"


def _times(found: Sequence[Happening], inquiry: Inquiry) -> str:
    """Return what happened with its times: `the front door opened at 7 am and at 9 am`."""
    groups: dict[str, list[str]] = {}
    for each in found[-MOST_TIMES:]:
        groups.setdefault(record_text(each.first, inquiry.home), []).append(inquiry.tell.at(each.time))
    shown = joined(f"{text} {joined(dict.fromkeys(times))}" for text, times in groups.items())
    return f"the last {MOST_TIMES}: {shown}" if len(found) > MOST_TIMES else shown


def _caveat(inquiry: Inquiry, stretches: Sequence[object]) -> str:
    return f" But {inquiry.tell.blind(inquiry.blind())}, so there may be more." if stretches else ""


def _head(inquiry: Inquiry) -> str:
    """Return the period in words, with its bounds where the words alone do not say them."""
    called = _capital(inquiry.when.strip()) or "In that time"
    whole = all(
        local(inquiry.tell.zone, time)[1] == 0 or time == inquiry.now for time in (inquiry.since, inquiry.until)
    )
    return called if whole else f"{called}, {inquiry.tell.span(inquiry.since, inquiry.until)}"


def _is_news(record: Record) -> bool:
    """Say whether a report is worth a line where nothing was asked in particular: a reading is not."""
    return not (record.type == "state" and is_number(record.data.get("value")))


def _runs(found: Sequence[Happening]) -> list[list[Happening]]:
    """Return what follows each other and is said alike, together."""

    def same(each: Happening) -> tuple[object, ...]:
        data = each.first.data
        told = tuple(data.get(key) for key in ("label", "activity", "zone", "value", "name"))
        return (each.first.type, each.first.source, each.first.subject, *told)

    return [list(some) for _, some in groupby(found, key=same)]


def _line(some: Sequence[Happening], inquiry: Inquiry) -> str:
    text = _capital(record_text(some[0].first, inquiry.home))
    if len(some) == 1:
        return f"{_capital(inquiry.tell.at(some[0].time))}: {text}."
    return f"{_capital(inquiry.tell.at(some[0].time))}: {text}, {often(len(some))}, the last time {inquiry.tell.at(some[-1].time)}."


def _records(found: Iterable[Happening]) -> list[Record]:
    return [each.first for each in found]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
