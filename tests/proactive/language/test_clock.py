"""Times as people say them."""

from __future__ import annotations

import pytest

from proactive.language.local.clock import Clock, Date, Days, Length, Part, TimeSlot, in_part, span, time_at
from proactive.language.local.token import tokens_of

ROWS: list[tuple[str, TimeSlot]] = [
    ("noon", Clock(("12:00",))),
    ("midnight", Clock(("00:00",))),
    ("half past eight", Clock(("08:30", "20:30"))),
    ("quarter to nine", Clock(("08:45", "20:45"))),
    ("7.30pm", Clock(("19:30",), said=True)),
    ("7:30 p.m.", Clock(("19:30",), said=True)),
    ("12am", Clock(("00:00",), said=True)),
    ("12 pm", Clock(("12:00",), said=True)),
    ("by 930", Clock(("09:30", "21:30"))),
    ("at 2130", Clock(("21:30",))),
    ("07:30", Clock(("07:30",))),
    ("9:30", Clock(("09:30", "21:30"))),
    ("at ten", Clock(("10:00", "22:00"))),
    ("six o'clock", Clock(("06:00", "18:00"))),
    ("ten minutes", Length("10m")),
    ("12h", Length("12h")),
    ("half an hour", Length("30m")),
    ("an hour and a half", Length("1h30m")),
    ("1h30m", Length("1h30m")),
    ("a couple of days", Length("2d")),
    ("90 seconds", Length("1m30s")),
    ("a while", Length(None)),
    ("too long", Length(None)),
    ("xxx minutes", Length(None)),
    ("weekdays", Days(("mon", "tue", "wed", "thu", "fri"))),
    ("every monday and friday", Days(("mon", "fri"))),
    ("on weekends", Days(("sat", "sun"))),
    ("at night", Part("night")),
    ("every morning", Part("morning", every=True)),
    ("tomorrow", Date(ahead=1)),
    ("fifth of march", Date(month=3, day=5)),
]


@pytest.mark.parametrize(("said", "meant"), ROWS, ids=[row[0] for row in ROWS])
def test_a_time_means_what_people_mean_by_it(said: str, meant: TimeSlot) -> None:
    tokens = tokens_of(said)
    found = time_at(tokens, 1 if tokens[0].text in ("by", "at") and not said.startswith("at night") else 0)
    assert found == (meant, len(tokens))


def test_the_words_around_a_bare_hour_settle_it() -> None:
    assert in_part(Clock(("10:00", "22:00")), "night") == Clock(("22:00",))
    assert in_part(Clock(("08:30", "20:30")), "morning") == Clock(("08:30",))
    assert in_part(Clock(("08:30", "20:30")), None) == Clock(("08:30", "20:30"))


def test_the_end_of_a_range_settles_its_start() -> None:
    assert span(Clock(("04:45", "16:45")), Clock(("18:30",), said=True))[0] == Clock(("16:45",))
    assert span(Clock(("07:00", "19:00")), Clock(("22:00",)))[0] == Clock(("07:00",))
