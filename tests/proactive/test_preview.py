"""Before a rule is saved a person reads what it would have done, how often, and where nobody could see."""

from __future__ import annotations

from proactive.preview import NO_HISTORY, preview
from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from rules.units import DAY, HOUR, MINUTE, moment
from tests.proactive.conftest import at, make_rule

START = at("2026-03-02T00:00:00-06:00")


def ate(day: int, hour: int, **data: object) -> Record:
    """Return Daisy eating on a day, counted from Monday 2 March."""
    time = START + day * DAY + hour * HOUR
    given = {"label": "dog", "activity": "eating", "zone": "food_bowls", **data}
    return Record(
        id=f"d{day}-{hour}",
        type="detection",
        source="cam.kitchen",
        subject="pet.daisy",
        home="maple",
        time=moment(time),
        data=given,
    )


def garage(number: int, minutes: int) -> Record:
    """Return the garage door opening or closing, so many minutes after Monday begins."""
    value = "open" if number % 2 else "closed"
    return Record(
        id=f"g{number:04d}",
        type="state",
        source="cover.garage",
        home="maple",
        time=moment(START + minutes * MINUTE),
        data={"value": value},
    )


def opened() -> Rule:
    """Return the rule that tells when the garage opens."""
    pattern = {"type": "state", "source": "cover.garage", "where": {"value": "open"}}
    return make_rule(id="garage-open", when={"op": "occurs", "of": [pattern]})


def test_a_home_without_history_says_so_and_how_to_get_one(maple: Home) -> None:
    assert preview(make_rule(), maple, []) == NO_HISTORY
    tick = Record(id="t", type="tick", time=moment(START), home="maple")
    assert preview(make_rule(), maple, [tick]) == NO_HISTORY


def test_it_says_when_it_would_have_fired_in_the_homes_time(maple: Home) -> None:
    text = preview(make_rule(), maple, [ate(0, 7), ate(1, 13), ate(2, 8)])
    assert "In 3 days it would have fired once." in text
    assert "Tue 3 Mar   fired at noon; settled at 1 pm" in text


def test_it_says_where_nobody_could_see(maple: Home) -> None:
    off = Record(
        id="h1",
        type="health",
        source="cam.kitchen",
        home="maple",
        time=moment(START + DAY + 8 * HOUR),
        data={"status": "offline"},
    )
    on = Record(
        id="h2",
        type="health",
        source="cam.kitchen",
        home="maple",
        time=moment(START + DAY + 13 * HOUR),
        data={"status": "online"},
    )
    text = preview(make_rule(), maple, [ate(0, 7), off, on, ate(2, 8)])
    assert "once it could not have told whether to" in text
    assert "could not see" in text


def test_one_that_fires_often_says_so_and_offers_a_cooldown(maple: Home) -> None:
    text = preview(opened(), maple, [garage(number, number * 10) for number in range(82)])
    assert "would have fired 41 times" in text
    assert 'Give it a cooldown ("at most once in 30 minutes")' in text


def test_pictures_of_what_it_would_have_fired_at_are_named(maple: Home) -> None:
    shown = opened().model_copy(
        update={"when": make_rule(when={"op": "occurs", "of": [{"type": "detection", "source": "cam.kitchen"}]}).when}
    )
    text = preview(shown, maple, [ate(0, 7, snapshot="pictures/a.jpg"), ate(1, 7)])
    assert "Picture: pictures/a.jpg" in text


def test_a_check_that_is_true_each_time_says_so(maple: Home) -> None:
    rule = make_rule(when={"op": "at", "time": "22:00"}, **{"while": [{"state": "cover.garage", "is": "open"}]})
    text = preview(rule, maple, [garage(1, 5), *(ate(day, 7) for day in range(8))])
    assert "true every time" in text


def test_a_state_that_never_ended_says_so(maple: Home) -> None:
    rule = make_rule(when={"op": "holds", "state": {"state": "cover.garage", "is": "open"}, "lasting": "10m"})
    text = preview(rule, maple, [garage(1, 5), *(ate(day, 7) for day in range(3))])
    assert "true all the time" in text
