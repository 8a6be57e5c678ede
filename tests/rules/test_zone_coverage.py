"""Coverage by zone: an absence rests on the zones that its patterns name, and on their source."""

from __future__ import annotations

from typing import Any

import pytest

from rules.coverage import Coverage
from rules.engine import Engine
from rules.firing import Firing
from rules.record import Record
from rules.units import instant, microseconds
from tests.rules.days import EATING, HOME, eats, record, rule, tick

BOWLS = EATING | {"where": {"activity": "eating", "zone": "food_bowls"}}
DOOR = EATING | {"where": {"zone": "back_door"}}
NOON = {"from": "00:00", "until": "12:00"}


def health(local: str, status: str, zone: str | None = None, reason: str | None = None) -> Record:
    data = {"status": status, "zone": zone, "reason": reason}
    return record(local, "health", "cam.kitchen", **{key: value for key, value in data.items() if value})


def decided(*log: Record, of: Any = BOWLS, **more: Any) -> list[Firing]:
    """Return the firings of a rule "absent until noon" on 9 March over a log."""
    engine = Engine([HOME])
    absent = rule({"op": "absent", "of": of if isinstance(of, list) else [of], "window": NOON} | more)
    began = instant(tick("9 00:00").time)
    engine.put(absent.as_json(), began)
    return engine.receive(list(log)) + engine.finish(began + microseconds("13h"))


COVERED = health("9 10:40", "offline", "food_bowls", "covered")


def verdicts(*log: Record, **more: Any) -> list[str]:
    return [firing.verdict for firing in decided(*log, **more)]


def test_a_rule_about_a_zone_cannot_tell_while_only_that_zone_is_covered() -> None:
    assert verdicts(COVERED) == ["unknown"]


@pytest.mark.parametrize("of", [DOOR, EATING, EATING | {"where": {"zone": {"ne": "food_bowls"}}}])
def test_a_rule_about_another_zone_or_the_whole_picture_still_decides(of: Any) -> None:
    assert verdicts(COVERED, of=of) == ["fired"]


def test_a_rule_about_a_zone_cannot_tell_while_the_whole_source_is_offline() -> None:
    assert verdicts(health("9 10:40", "offline")) == ["unknown"]


def test_what_is_said_of_the_source_ends_no_blindness_of_a_zone() -> None:
    assert verdicts(COVERED, health("9 10:50", "offline"), health("9 10:55", "online")) == ["unknown"]


def test_a_zone_that_was_seen_again_in_time_lets_the_rule_decide() -> None:
    assert verdicts(COVERED, health("9 10:45", "online", "food_bowls")) == ["fired"]


def test_a_pattern_that_names_several_zones_rests_on_each_of_them() -> None:
    both = EATING | {"where": {"zone": ["back_door", "food_bowls"]}}
    assert verdicts(COVERED, of=both) == ["unknown"]


def test_of_several_patterns_each_rests_on_its_own_zone() -> None:
    assert verdicts(COVERED, of=[DOOR, BOWLS]) == ["unknown"]


def test_a_missing_then_rests_on_its_zones() -> None:
    engine = Engine([HOME])
    follows = {"op": "sequence", "first": [DOOR], "then": [BOWLS], "within": "1h", "missing": True}
    engine.put(rule(follows).as_json(), instant(tick("9 00:00").time))
    came = record("9 11:00", "detection", "cam.kitchen", "pet.daisy", zone="back_door")
    found = engine.receive([COVERED, came, tick("9 12:30")])
    assert [firing.verdict for firing in found] == ["unknown"]


def test_per_source_an_absence_rests_on_the_zones_of_its_own_source() -> None:
    of = [BOWLS | {"source": ["cam.kitchen", "cam.yard"]}]
    assert sorted(verdicts(COVERED, of=of, per="source")) == ["fired", "unknown"]


def test_what_a_zone_and_its_source_share_of_their_blindness_counts_once() -> None:
    def blind(since: str, until: str, zone: str | None = None) -> list[Record]:
        return [health(since, "offline", zone), health(until, "online", zone)]

    overlapping = [*blind("9 08:00", "9 08:08"), *blind("9 08:04", "9 08:10", "food_bowls")]
    apart = [*blind("9 08:00", "9 08:08"), *blind("9 09:00", "9 09:03", "food_bowls")]
    assert (verdicts(*overlapping), verdicts(*apart)) == (["fired"], ["unknown"])


def test_the_coverage_of_a_firing_says_which_zone_was_blind_when_and_why() -> None:
    (firing,) = decided(health("9 08:00", "offline"), health("9 08:05", "online"), COVERED)
    assert firing.coverage == {
        "cam.kitchen": {
            "online": True,
            "offline_s": 300,
            "intervals": [["2026-03-09T13:00:00Z", "2026-03-09T13:05:00Z"]],
            "zones": {
                "food_bowls": {
                    "online": False,
                    "offline_s": 4800,
                    "intervals": [["2026-03-09T15:40:00Z", "2026-03-09T17:00:00Z"]],
                    "reasons": ["covered"],
                }
            },
        }
    }


def test_a_blindness_that_turns_into_another_is_two_stretches() -> None:
    (firing,) = decided(COVERED, health("9 11:00", "offline", "food_bowls", "too_dark"))
    zone = firing.coverage["cam.kitchen"]["zones"]["food_bowls"]
    assert (zone["reasons"], zone["offline_s"], len(zone["intervals"])) == (["covered", "too_dark"], 4800, 2)


def test_a_zone_that_is_covered_makes_no_edge_of_what_its_source_reports_next() -> None:
    engine = Engine([HOME])
    opens = {"op": "occurs", "of": [{"type": "state", "source": "cover.garage", "where": {"value": "open"}}]}
    engine.put(rule(opens).as_json(), instant(tick("9 00:00").time))
    shut, hidden, opened = (
        record("9 08:00", "state", "cover.garage", value="closed"),
        record("9 08:01", "health", "cover.garage", status="offline", zone="left"),
        record("9 08:02", "state", "cover.garage", value="open"),
    )
    assert [firing.verdict for firing in engine.receive([shut, hidden, opened, tick("9 09:00")])] == ["fired"]


def test_a_meal_at_a_zone_that_is_covered_is_a_meal() -> None:
    assert verdicts(COVERED, eats("9 11:00", zone="food_bowls")) == []


def test_coverage_that_was_kept_before_reasons_were_is_read() -> None:
    old = Coverage.load([None, 50, [40, "h"], [[10, 20], [30, 50]]])
    assert [tuple(stretch) for stretch in old.blind(15, 40)] == [(15, 20, None), (30, 40, None)]
    assert Coverage.load(old.save()).blind(0, 99) == old.blind(0, 99)
