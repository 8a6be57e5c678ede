"""What a rule would have done: days, totals, advice, and the little calendar."""

from __future__ import annotations

import json
from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.backtest import Backtest, backtest, backtest_text
from rules.engine import Engine
from rules.home import parse_home
from rules.record import Record, from_json
from rules.rule import Rule, parse_rule
from rules.units import instant, rfc3339
from tests.reference.worlds import world
from tests.rules.days import BELL, FED, HOME, camera, eats, person, puts, rings, rule, tick
from tests.rules.test_why_laws import few

HOME_PEOPLE = [entry.id for entry in HOME.people]
RINGS = {"op": "occurs", "of": [BELL]}
WEEK = [tick("9 00:00"), eats("9 08:12"), eats("10 12:20"), camera("11 10:40", "offline"), camera("11 13:00", "online")]


def tried(asked: Rule, *records: Record, days: int = 14) -> Backtest:
    return backtest(asked, HOME, records, days)


def lines(asked: Rule, *records: Record, days: int = 14) -> list[str]:
    return backtest_text(tried(asked, *records, days=days), asked, HOME).splitlines()


def test_each_local_date_has_its_line_and_the_last_says_what_they_come_to() -> None:
    assert lines(rule(FED), *WEEK, tick("12 09:00")) == [
        "Mon 9 Mar   quiet",
        "Tue 10 Mar  fired at noon; settled at 12:20 pm",
        "Wed 11 Mar  could not tell at noon. "
        "The kitchen camera could not see from 10:40 am to noon (1 hour and 20 minutes in all).",
        "Thu 12 Mar  not over: it decides at noon",
        "",
        "In 4 days it would have fired once, and once it could not have told whether to.",
        "There is no history before midnight on Monday, 9 March 2026.",
    ]


def test_only_the_last_days_are_shown_but_all_are_lived_through() -> None:
    log = [
        tick("9 00:00"),
        *(person("9 07:00", who, "away") for who in HOME_PEOPLE),
        rings("12 09:00"),
        tick("12 20:00"),
    ]
    shown = tried(rule(RINGS, while_=[{"home": "nobody"}]), *log, days=2)
    assert [day.day for day in shown.days] == [date(2026, 3, 11), date(2026, 3, 12)]
    assert shown.total("fired") == 1


def test_a_rule_that_fires_all_day_is_told_so_with_what_to_do() -> None:
    log = [rings(f"9 {hour:02d}:{minute}") for hour in range(20) for minute in (10, 40)]
    assert lines(rule(RINGS), tick("9 00:00"), *log, days=1) == [
        "Mon 9 Mar   fired 40 times: at 12:10 am, 12:40 am, 1:10 am, 1:40 am, ...",
        "",
        "In 1 day it would have fired 40 times.",
        'That is 40 times on Mon 9 Mar. Give it a cooldown ("at most once in 30 minutes"), or say when it matters '
        '("while nobody is home").',
    ]
    assert not tried(rule(RINGS | {"cooldown": "12h"}), tick("9 00:00"), *log).too_often


def test_what_a_guard_or_a_cooldown_stopped_is_counted() -> None:
    log = [tick("9 00:00"), *(rings(f"9 09:{minute}") for minute in (10, 20, 30))]
    (day,) = tried(rule(RINGS | {"cooldown": "1h"}), *log).days
    assert (len(day.fired), day.stopped) == (1, {"cooldown": 2})
    assert lines(rule(RINGS, while_=[{"home": "nobody"}]), *log)[0] == "Mon 9 Mar   quiet: a guard stopped it 3 times"


def test_a_window_that_began_before_the_records_is_not_known() -> None:
    assert lines(rule(FED), tick("9 09:13"), tick("10 13:00"))[:2] == [
        "Mon 9 Mar   not known: the records begin later",
        "Tue 10 Mar  fired at noon",
    ]


def test_without_records_there_is_no_history_yet() -> None:
    assert lines(rule(FED)) == [
        "No history yet: there are no records of this home, so nobody can say what the rule would have done."
    ]


def test_records_that_never_match_are_told() -> None:
    assert "Nothing in these records comes near it" in lines(rule(RINGS), tick("9 00:00"), tick("11 00:00"))[-2]


def test_what_the_log_says_of_the_rule_and_whether_it_is_paused_counts_for_nothing() -> None:
    log = [tick("9 00:00"), puts("9 08:00", rule(FED), enabled=False), tick("9 13:00")]
    assert tried(rule(FED, enabled=False), *log).total("fired") == 1


def test_it_can_be_had_as_json() -> None:
    told = tried(rule(FED), *WEEK).as_json()
    assert json.loads(json.dumps(told)) == told
    assert told["totals"] == {"fired": 1, "unknown": 1, "corrected": 0, "resolved": 1}
    assert told["days"][1] == {
        "day": "2026-03-10",
        "known": True,
        "fired": ["2026-03-10T17:00:00Z"],
        "unknown": [],
        "corrected": [],
        "resolved": ["2026-03-10T17:20:00Z"],
        "quiet": 0,
        "stopped": {},
        "due": None,
    }


@few
@given(st.integers(0, 2**40))
def test_the_days_have_every_firing_of_the_engine_once(seed: int) -> None:
    made = world(seed)
    home = parse_home(made.homes[0])
    puts_ = [r for r in made.log if r["type"] == "rule.put" and r["home"] == home.home]
    asked = parse_rule(Random(seed).choice(puts_)["data"]["rule"])
    records = [record for record in map(from_json, made.log) if record.home in (None, home.home)]
    told = backtest(asked, home, records, days=3660)
    assert told.began is not None
    engine = Engine([home], since=told.began)
    found = engine.receive([put_at(told.began, asked), *map(without_rules, records)])
    found += engine.finish(max(instant(record.time) for record in records))
    assert sorted(f.id for day in told.days for f in day.firings) == sorted(f.id for f in found)


def without_rules(record: Record) -> Record:
    """Return a record that changes a rule as the mere passing of time."""
    if record.type not in ("rule.put", "rule.drop"):
        return record
    return Record(id=record.id, type="tick", time=record.time, home=record.home)


def put_at(time: int, asked: Rule) -> Record:
    data = {"rule": asked.as_json() | {"enabled": True}}
    return from_json({"id": " put", "type": "rule.put", "time": rfc3339(time), "home": asked.home, "data": data})
