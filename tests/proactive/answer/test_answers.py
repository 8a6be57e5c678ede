"""Answers over three days that were told by hand, each read and judged, and the laws that every answer keeps.

`answers.jsonl` holds what Nora is answered on Wednesday, 11 March 2026 at three in the afternoon. A row that changes has to
be read again before it is written down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proactive.answer.answer import Answer
from proactive.answer.answering import answer
from proactive.answer.archive import Archive, Recorded
from proactive.answer.said import Telling
from proactive.language.fact import Fact
from proactive.language.query import Query
from proactive.notification import Notification
from rules.record import Record, from_json
from rules.rule import Pattern, parse_rule
from rules.units import MINUTE, instant, moment
from tests.proactive.answer.conftest import HARBOR, THREE_DAYS, Ask, at, told
from tests.proactive.language.test_judged import HOMES

LINES = Path(__file__).with_name("answers.jsonl").read_text(encoding="utf-8").splitlines()
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def found(answered: Answer) -> list[str]:
    return [record.id for record in answered.evidence]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_judged_question_is_answered_from_what_was_recorded(row: dict[str, Any], ask: Ask) -> None:
    answered = ask(row["text"])
    assert (answered.verdict, answered.text, found(answered)) == (row["verdict"], row["answer"], row["evidence"])


# --- what could not be seen -------------------------------------------------------------------------------------


def test_a_no_needs_the_camera_to_have_seen_all_of_the_time(ask: Ask) -> None:
    assert ask("was Biscuit fed today?").verdict == "unknown"
    assert ask("was Biscuit fed today?", now="2026-03-11 10:30", of=until("2026-03-11 10:30")).verdict == "no"


def test_an_outage_after_what_was_seen_leaves_a_yes_a_yes(ask: Ask) -> None:
    answered = ask("was Biscuit fed this week?")
    assert (answered.verdict, answered.blind) == ("yes", ())


def test_a_log_that_nobody_writes_any_more_knows_nothing_of_what_came_after_it(ask: Ask) -> None:
    answered = ask("did the doorbell ring since noon?", now="2026-03-11 18:00")
    assert answered.verdict == "unknown"
    assert "nobody was watching from 3 pm until now" in answered.text
    assert ask("is the garage open?", now="2026-03-11 18:00").verdict == "unknown"


def test_an_empty_log_answers_nothing(ask: Ask) -> None:
    for text in (
        "is the garage open?",
        "did the doorbell ring today?",
        "who is home?",
        "when did the front door last open?",
    ):
        assert ask(text, of=Recorded((), "harbor")).verdict == "unknown"


def test_a_source_that_never_reported_says_nothing_by_its_silence(ask: Ask) -> None:
    answered = ask("did the dishwasher finish yesterday?")
    assert (answered.verdict, [stretch.why for stretch in answered.blind]) == ("unknown", ["silent"])


def test_outages_that_touch_are_one_and_a_short_one_is_a_moment() -> None:
    lines = """
        2026-03-10 00:00 tick
        2026-03-11 08:00 contact.front closed
        2026-03-11 09:00 contact.front offline
        2026-03-11 10:00 contact.front online
        2026-03-11 10:00 contact.front offline
        2026-03-11 11:00 contact.front online
        2026-03-11 12:00 contact.front offline
        2026-03-11 12:00:00.400 contact.front online
        2026-03-11 13:00 tick"""
    answered = _asked("did the front door open today?", Recorded(told(HARBOR, lines), "harbor"), at("2026-03-11 13:00"))
    assert "from 9 am to 11 am" in answered.text and "for a moment at noon" in answered.text
    assert len(answered.blind) == 2


def test_what_was_before_the_records_is_not_denied(ask: Ask) -> None:
    answered = ask("did the front door open on March 3?")
    assert (answered.verdict, [stretch.why for stretch in answered.blind]) == ("unknown", ["before"])


def test_an_absence_that_only_was_told_is_believed_and_said_to_be_told(ask: Ask) -> None:
    away = Fact("away", "harbor", "away", since=moment(at("2026-03-11 09:00")), until=moment(at("2026-03-11 12:30")))
    answered = ask("what happened while we were away?", facts=[away])
    assert "as I was told" in answered.text and "from 9 am to 12:30 pm" in answered.text
    seen = ask("what happened while I was away?", facts=[away])
    assert ("as I was told" in seen.text, seen.text) == (True, answered.text)


def until(time: str) -> Archive:
    """Return the three days as far as a time, with a tick at its end."""
    records = [record for record in told(HARBOR, THREE_DAYS) if instant(record.time) < at(time)]
    return Recorded(
        [*records, from_json({"id": "end", "type": "tick", "time": moment(at(time)).isoformat()})], "harbor"
    )


# --- happenings -------------------------------------------------------------------------------------------------


def test_an_episode_is_one_however_many_records_tell_of_it(ask: Ask) -> None:
    assert ask("how often was Biscuit fed on Monday?").value == 1


def test_the_first_report_of_a_source_is_no_change(ask: Ask) -> None:
    lines = "2026-03-11 08:00 contact.front open\n2026-03-11 09:00 contact.front closed\n2026-03-11 15:00 tick"
    archive = Recorded(told(HARBOR, lines), "harbor")
    assert ask("how often did the front door open since 8 this morning?", of=archive).value == 0


def test_a_report_after_an_outage_is_no_change(ask: Ask) -> None:
    lines = """
    2026-03-11 00:00 contact.front closed
    2026-03-11 08:00 contact.front offline
    2026-03-11 09:00 contact.front online
    2026-03-11 09:00 contact.front open
    2026-03-11 15:00 tick
    """
    answered = ask("did the front door open today?", of=Recorded(told(HARBOR, lines), "harbor"))
    assert (answered.verdict, answered.evidence) == ("unknown", ())
    assert "offline from 8 am to 9 am" in answered.text


def test_a_picture_goes_along_where_the_evidence_has_one(ask: Ask) -> None:
    assert ask("was Biscuit fed on Monday?").picture == "pictures/k1.jpg"


def test_a_window_is_as_long_as_the_wall_clock_makes_it(ask: Ask) -> None:
    lines = """
    2026-03-08 00:00 doorbell.front online
    2026-03-08 03:30 doorbell.front pressed
    2026-03-08 23:00 doorbell.front pressed
    2026-03-09 00:00 tick
    """
    archive = Recorded(told(HARBOR, lines), "harbor")  # clocks go from two to three that night
    answered = ask("how often did the doorbell ring yesterday?", now="2026-03-09 00:00", of=archive)
    assert answered.value == 2
    assert "at 3:30 am" in answered.text
    night = ask("did the doorbell ring between 2 and 4 am yesterday?", now="2026-03-09 00:00", of=archive)
    assert found(night) == ["r1"]


# --- rules, and what was told -----------------------------------------------------------------------------------

WARM = parse_rule(
    {
        "id": "freezer-warm",
        "home": "harbor",
        "owner": "person.nora",
        "said": "tell me when the freezer is above -12 for an hour",
        "when": {"op": "holds", "state": {"state": "sensor.freezer", "above": -12}, "lasting": "1h"},
        "notify": {"to": ["person.nora"], "message": "The freezer is too warm"},
    }
)


def test_what_is_too_warm_is_for_a_rule_to_say(ask: Ask) -> None:
    assert ask("was the freezer too warm yesterday?").verdict == "unknown"
    yes = ask("was the freezer too warm yesterday?", rules=[WARM])
    assert (yes.verdict, found(yes)) == ("yes", ["r44"])
    assert "your rule freezer-warm is -12" in yes.text
    assert ask("is the freezer too warm?", rules=[WARM]).verdict == "no"


def test_why_tells_what_the_rule_that_is_meant_decided(ask: Ask) -> None:
    answered = ask("why did you tell me about the freezer yesterday?", rules=[WARM])
    assert answered.rules == ("freezer-warm",)
    assert "it fired at 1 pm" in answered.text


def test_where_no_rule_watches_nobody_is_told(ask: Ask) -> None:
    answered = ask("why didn't you tell me about the doorbell?", rules=[WARM])
    assert (answered.rules, answered.evidence) == ((), ())
    assert "I was not watching for that" in answered.text


def notice(**changes: Any) -> Notification:
    values: dict[str, Any] = {
        "id": "n1", "home": "harbor", "firing": "f1", "rule": "freezer-warm", "person": "person.nora", "urgency": "normal",
        "title": "Freezer", "body": "The freezer is too warm.", "time": at("2026-03-10 13:00"), "created_at": at("2026-03-10 13:00"),
        "due_at": at("2026-03-10 13:00"), "state": "sent", "sent_at": at("2026-03-10 13:01"),
    }  # fmt: skip
    return Notification(**(values | changes))


def test_what_was_told_is_told_again_from_the_notifications(ask: Ask) -> None:
    answered = ask("what did you tell me yesterday?", notices=[notice()], rules=[WARM])
    assert (answered.text, answered.notices) == (
        "I told you once yesterday:\n- Yesterday at 1:01 pm: The freezer is too warm.", ("n1",)
    )  # fmt: skip
    assert ask("did you tell me about the freezer yesterday?", notices=[notice()], rules=[WARM]).verdict == "yes"
    assert ask("did you tell me about the garage yesterday?", notices=[notice()], rules=[WARM]).verdict == "no"
    assert ask("did you tell Tom yesterday?", notices=[notice()], rules=[WARM]).verdict == "no"


def test_what_waits_or_failed_was_not_told(ask: Ask) -> None:
    held = notice(state="waiting", sent_at=None, reason="quiet hours until 6:30 am")
    answered = ask("did you tell me yesterday?", notices=[held])
    assert (answered.verdict, answered.notices) == ("no", ("n1",))
    assert "quiet hours until 6:30 am" in answered.text


def test_records_alone_do_not_tell_what_was_told(ask: Ask) -> None:
    assert ask("did you tell Tom?", notices=None).verdict == "unknown"


# --- who may know -----------------------------------------------------------------------------------------------


def test_a_child_is_told_of_pets_and_devices_and_not_of_where_others_are(ask: Ask) -> None:
    assert ask("was Biscuit fed yesterday?", who="person.ivy").verdict == "yes"
    assert ask("is the garage open?", who="person.ivy").verdict == "yes"
    assert ask("when did I come home yesterday?", who="person.ivy").verdict == "known"
    for text in (
        "where is Tom?",
        "who is home?",
        "when did Sam come home?",
        "did you see a stranger this week?",
        "did you tell Tom?",
    ):
        assert ask(text, who="person.ivy").verdict in ("denied", "unknown"), text


def test_what_happened_is_told_to_a_child_without_the_comings_and_goings_of_others(ask: Ask) -> None:
    everything = {*found(ask("what happened yesterday?"))}
    own = {*found(ask("what happened yesterday?", who="person.ivy"))}
    assert own < everything
    assert {"r37", "r38", "r40", "r49"} & everything and not {"r37", "r38", "r40", "r49"} & own


def test_a_guest_is_told_how_things_stand_and_not_the_past() -> None:
    ridge = HOMES["ridge"]
    archive = Recorded((), "ridge")
    pump = Query("whether", (Pattern.model_validate({"type": "state", "source": "switch.pump"}),), stands=True)
    now = at("2026-03-11 15:00")
    assert answer(pump, archive, ridge, now, asker="person.wes").verdict == "denied"


def test_a_part_of_what_was_asked_is_never_answered_for_all_of_it(ask: Ask) -> None:
    for text in ("is anybody home?", "is everyone home?", "who opened the back door yesterday?", "are the kids home?"):
        assert ask(text, who="person.ivy").verdict == "denied", text
    assert ask("am I home?", who="person.ivy").verdict == "yes"


# --- laws -------------------------------------------------------------------------------------------------------

_SOURCES = (
    "contact.front",
    "contact.back",
    "cam.kitchen",
    "cam.yard",
    "doorbell.front",
    "person.tom",
    "sensor.freezer",
)
_SAID = {
    "contact.front": ("open", "closed"), "contact.back": ("open", "closed"), "doorbell.front": ("pressed",),
    "person.tom": ("home", "away"), "sensor.freezer": ("-18", "-3"),
    "cam.kitchen": ("pet.biscuit activity=eating zone=food_bowls", "pet.biscuit zone=counter", "person.tom"),
    "cam.yard": ("pet.pepper zone=lawn", "unknown zone=lawn", "person zone=lawn"),
}  # fmt: skip
_QUESTIONS = (
    "did the front door open today?", "was Biscuit fed today?", "is the back door open?", "how long was the back door open today?",
    "when did the front door last open?", "how often did the doorbell ring yesterday?", "what happened today?", "is Tom home?",
    "was the freezer above -10 today?", "what is the freezer temperature?", "who came home today?", "did someone let the dog out?",
    "what happened while Tom was away?", "is Pepper in the backyard?", "where is Biscuit?", "was the front door open at noon?",
    "is anything open?", "which doors are open?", "did you see a stranger since yesterday?", "how long has the front door been open?",
)  # fmt: skip


@st.composite
def _lines(draw: st.DrawFn) -> str:
    """Return a line of what one source reported, at a full minute of two days."""
    source = draw(st.sampled_from(_SOURCES))
    said = draw(st.sampled_from((*_SAID[source], "offline", "online")))
    minute = draw(st.integers(0, 2 * 24 * 60 - 1))
    time = moment(at("2026-03-10 00:00") + minute * MINUTE) - timedelta(hours=4)
    return f"{time:%Y-%m-%d %H:%M} {source} {said}"


@settings(max_examples=150, deadline=None)
@example(["2026-03-11 23:57 contact.front offline"], "did the front door open today?", False)
@given(st.lists(_lines(), max_size=25), st.sampled_from(_QUESTIONS), st.booleans())
def test_an_answer_names_no_time_that_is_not_in_the_log_and_a_no_has_seen_all_of_it(
    lines: Sequence[str], text: str, watched: bool
) -> None:
    ends = ("2026-03-10 00:00 tick", *(("2026-03-11 23:59 tick",) if watched else ()))
    records = told(HARBOR, "\n".join(sorted((*lines, *ends))))
    now = at("2026-03-11 23:59")
    answered = _asked(text, Recorded(records, "harbor"), now)
    assert answered.text and {record.id for record in answered.evidence} <= {record.id for record in records}
    assert not (answered.verdict == "no" and answered.blind)
    assert answered.verdict != "no" or "today" not in text or not _offline_today(records, text)
    assert _times(answered.text) <= _allowed(records, answered, now)


_EYES = {
    "front door": "contact.front",
    "Biscuit fed": "cam.kitchen",
    "freezer": "sensor.freezer",
    "back door": "contact.back",
}


def _offline_today(records: Sequence[Record], text: str) -> bool:
    """Say, minute by minute, whether the source that a question needs was ever offline on the day."""
    source = next((source for words, source in _EYES.items() if words in text), None)
    day, down = at("2026-03-11 00:00"), False
    for record in (record for record in records if record.source == source and record.type == "health"):
        if down and instant(record.time) > day:
            return True
        down = record.data["status"] == "offline"
    return down


def _asked(text: str, archive: Archive, now: int) -> Answer:
    from proactive.language.local.question.reading import query_of
    from proactive.language.request import Request

    query = query_of(Request(text, HARBOR, "person.nora", now=moment(now))).query
    assert query is not None
    return answer(query, archive, HARBOR, now, asker="person.nora", notices=())


_CLOCK = re.compile(
    r"\b(?:at|since|from|to) (?:(?:yesterday|today|Monday|Tuesday) at )?(\d{1,2}(?::\d\d)* [ap]m|noon|midnight)"
)


def _times(text: str) -> set[str]:
    return set(_CLOCK.findall(text))


def _allowed(records: Sequence[Record], answered: Answer, now: int) -> set[str]:
    """Return the clock times of records, of blind stretches, and of the days' bounds that a period may have."""
    tell = Telling(HARBOR, now)
    times = [instant(record.time) for record in records] + [t for s in answered.blind for t in (s.since, s.until)]
    return {"noon", "midnight", tell.clock(now), *map(tell.clock, times)}


@settings(max_examples=60, deadline=None)
@given(st.lists(_lines(), max_size=25), st.sampled_from(_QUESTIONS))
def test_the_same_log_asked_the_same_question_gives_the_same_answer(lines: Sequence[str], text: str) -> None:
    records, now = told(HARBOR, "\n".join(sorted(lines))), at("2026-03-11 23:59")
    assert _asked(text, Recorded(records, "harbor"), now) == _asked(text, Recorded(records[::-1], "harbor"), now)
