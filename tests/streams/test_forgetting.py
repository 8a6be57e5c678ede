"""Laws of forgetting: the log stops growing, and nothing that a start, a rule or an answer needs is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from proactive.settings import load
from rules.problem import InputError
from rules.record import Record
from rules.units import instant
from streams.embedded import Embedded
from streams.log import Log
from tests.streams.logs import at, home, record, ring

BEGAN = at("00:00")


def lived(log: Log, days: int = 10) -> None:
    """Let ten days pass: a ring and an opening of the garage each day at noon, a battery only on the first."""
    now = [BEGAN]
    runtime = Embedded(log, [home(lateness="0s")], clock=lambda: now[0], on_firings=lambda _: None, lapse=None)
    runtime.start()
    runtime.put_rule(ring())
    for day in range(days):
        now[0] = BEGAN + timedelta(days=day, hours=12)
        battery = {"attribute": "battery", "value": 5}
        told = [record(f"ring-{day}", now[0], "event", source="doorbell.front", data={"name": "pressed"})]
        told += [record(f"garage-{day}", now[0], "state", source="cover.garage", data={"value": "open"})]
        told += [record("battery", now[0], "state", source="cover.garage", data=battery)] if day == 0 else []
        runtime.ingest(told)
        now[0] += timedelta(seconds=5)
        runtime.wake()
        runtime.stop()


def ids(log: Log) -> list[str]:
    return [each.id for _, each in log.after(0, 1000) if each.type not in ("tick", "health")]


def forget_all(log: Log, before: int) -> None:
    while log.forget(before, limit=7):
        pass


def test_what_is_old_goes_but_for_rules_and_the_newest_report_of_each_attribute(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        lived(log)
        forget_all(log, instant(BEGAN + timedelta(days=6)))
        kept = [f"{what}-{day}" for day in range(6, 10) for what in ("ring", "garage")]
        assert ids(log) == [" put ring " + str(instant(BEGAN)), "battery", *kept]
        assert [firing.evidence for firing in log.firings()][-1] == ("ring-9",)
        assert len(list(log.firings())) <= 5
        began = log.beginning()
        assert began is not None and instant(BEGAN + timedelta(days=5)) < began <= instant(BEGAN + timedelta(days=6))
        assert not log.forget(instant(BEGAN + timedelta(days=6)))


def test_what_came_after_the_older_snapshot_stays_however_old_it_is(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        lived(log)
        forget_all(log, instant(BEGAN + timedelta(days=1000)))
        (_, _), (older, _) = log.snapshots()
        assert all(each.type in ("rule.put", "state") for seq, each in log.after(0, 1000) if seq <= older)
        assert "ring-9" in ids(log)


def test_a_start_after_forgetting_goes_on_as_before(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        lived(log)
        forget_all(log, instant(BEGAN + timedelta(days=9)))
        before = len(list(log.firings()))
        now = [BEGAN + timedelta(days=9, hours=13)]
        runtime = Embedded(log, [home(lateness="0s")], clock=lambda: now[0], lapse=None)
        runtime.start()
        assert [rule.id for rule in runtime.rules().values()] == ["ring"]
        runtime.ingest([Record(id="new", type="event", time=now[0], source="doorbell.front", home="maple")])
        now[0] += timedelta(seconds=5)
        runtime.wake()
        assert len(list(log.firings())) == before + 1


def test_what_is_forgotten_is_not_said_to_be_known_where_the_last_of_it_came_late(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append([record("door", BEGAN, "state", source="contact.front", data={"value": "open"})])
        log.append([record(f"a{n}", BEGAN + timedelta(seconds=n)) for n in (9, 5, 100)])
        log.store_snapshot(4, b"")
        assert not log.forget(instant(BEGAN + timedelta(seconds=50)))
        assert ids(log) == ["door", "a100"]
        assert log.beginning() == instant(BEGAN + timedelta(seconds=9)) + 1


def test_a_log_without_a_snapshot_forgets_nothing(tmp_path: Path) -> None:
    with Log(tmp_path / "log.db") as log:
        log.append([record("a")])
        assert not log.forget(1 << 60)
        assert ids(log) == ["a"]


def test_the_log_is_kept_for_long_enough_or_for_ever() -> None:
    assert load({}).keep_days == 400
    assert load({"PROACTIVE_KEEP_DAYS": "0"}).keep_days == 0
    with pytest.raises(InputError, match="at least 30 days, or 0 for ever; found '7'"):
        load({"PROACTIVE_KEEP_DAYS": "7"})
