"""Laws of rereading: the part of a log that a rule rests on tells the same about it as the whole log."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from proactive import app
from proactive.rereading import reread, sources_of
from proactive.settings import Settings
from rules.backtest import backtest
from rules.home import Home
from rules.record import Kind, Record, decode
from rules.rule import Rule
from rules.units import moment
from rules.why import why
from streams.log import Log
from tests.proactive.conftest import FED, at, make_rule

BEGAN = at("2026-03-09T00:30:00-05:00")
RING = {"type": "event", "source": "doorbell.front", "where": {"name": "pressed"}}
OPEN = {"state": "cover.garage", "is": "open"}
CONDITIONS: list[dict[str, object]] = [
    {"op": "absent", "of": [FED], "window": {"from": "00:00", "until": "12:00"}},
    {"op": "absent", "of": [FED], "duration": "5h"},
    {"op": "occurs", "of": [RING], "cooldown": "2h"},
    {"op": "sequence", "first": [RING], "then": [FED], "within": "1h", "missing": True},
    {"op": "holds", "state": OPEN, "lasting": "10m"},
    {"op": "count", "of": [RING], "at_least": 2, "within": "4h"},
    {"op": "at", "time": "10:00"},
]


def life(seed: int) -> list[Record]:
    """Return three days of a home, some of it out of order and some late."""
    random = Random(seed)
    found = []
    for number in range(400):
        time = BEGAN + number * 600_000_000 + random.randrange(-3_000_000, 3_000_000)
        choices: list[tuple[Kind, str, dict[str, object]]] = [
            ("detection", "cam.kitchen", {"activity": "eating", "zone": "food_bowls", "label": "dog"}),
            ("event", "doorbell.front", {"name": "pressed"}),
            ("state", "cover.garage", {"value": random.choice(["open", "closed"])}),
            ("state", "light.hall", {"value": random.choice(["on", "off"])}),
            ("health", "cam.kitchen", {"status": random.choice(["online", "offline"])}),
        ]
        kind, source, data = random.choice(choices)
        late = timedelta(hours=3) if random.random() < 0.03 else timedelta()
        subject = "pet.daisy" if kind == "detection" else None
        found.append(
            Record(id=f"{seed}-{number}", type=kind, source=source, subject=subject, home="maple", time=moment(time) - late, data=data)
        )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("when", CONDITIONS, ids=lambda when: str(when["op"]))
def test_the_part_tells_what_the_whole_log_tells(
    tmp_path: Path, maple: Home, when: dict[str, object], seed: int
) -> None:
    rule = make_rule(when=when, **{"while": [{"not": {"state": "light.hall", "is": "on"}}]} if seed == 1 else {})
    with app.open_log(Settings(data=tmp_path)) as log:
        log.append(life(seed))
        part, whole = list(reread(log, maple, [rule])), [decode(line) for line in log.lines()]
        assert len(part) <= len(whole) * 3 and backtest(rule, maple, part) == backtest(rule, maple, whole)
        for day in (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)):
            assert why(rule, maple, day, part) == why(rule, maple, day, whole)


def test_a_rule_that_changed_rests_on_what_it_named_before_too(maple: Home) -> None:
    before = make_rule(when={"op": "occurs", "of": [RING]})
    assert sources_of([before, make_rule()], maple) == {"doorbell.front", "cam.kitchen"}


def test_a_rule_that_names_no_source_rests_on_everything(tmp_path: Path, maple: Home) -> None:
    anywhere: Rule = make_rule(when={"op": "occurs", "of": [{"type": "detection", "subject": "pet.daisy"}]})
    assert sources_of([anywhere], maple) is None
    with Log(tmp_path / "log.db") as log:
        log.append(life(5))
        assert len(list(reread(log, maple, [anywhere]))) == 400
