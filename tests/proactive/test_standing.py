"""Rules in force: what a person changes counts at once where nothing runs, and soon where `serve` does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from proactive import app
from proactive.intake import Intake
from proactive.lock import DataLock, InUse
from proactive.settings import Settings
from proactive.standing import Follower, enforce, follow
from proactive.store import Store
from rules.home import Home
from rules.record import Record
from rules.units import moment
from streams.log import Log
from tests.proactive.conftest import FED, at, make_rule

ELEVEN = at("2026-03-09T11:00:00-05:00")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def log(settings: Settings) -> Iterator[Log]:
    with app.open_log(settings) as log:
        yield log


def changes(settings: Settings) -> list[tuple[str, object]]:
    with app.open_log(settings) as log:
        return [(record.type, record.data["rule"]) for record in log.rule_changes()]


def test_a_rule_that_is_saved_while_nothing_runs_stands_in_the_log(settings: Settings, store: Store) -> None:
    saved = store.put_rule(make_rule(), at=0)
    assert enforce(settings, store) is None
    assert changes(settings) == [("rule.put", saved.as_json())]


def test_what_stands_already_is_not_put_again(settings: Settings, store: Store) -> None:
    store.put_rule(make_rule(), at=0)
    enforce(settings, store)
    enforce(settings, store)
    assert len(changes(settings)) == 1


def test_a_pause_and_a_drop_reach_the_log(settings: Settings, store: Store) -> None:
    store.put_rule(make_rule(), at=0)
    enforce(settings, store)
    store.pause_rule("maple", "daisy-fed", at=1)
    enforce(settings, store)
    store.drop_rule("maple", "daisy-fed", at=2)
    enforce(settings, store)
    put, paused, dropped = changes(settings)
    assert (put[0], paused[0], dropped) == ("rule.put", "rule.put", ("rule.drop", "daisy-fed"))
    assert isinstance(paused[1], dict)
    assert paused[1]["enabled"] is False


def test_while_serve_runs_the_store_alone_is_changed_and_its_process_is_named(settings: Settings, store: Store) -> None:
    store.put_rule(make_rule(), at=0)
    with DataLock(settings.data):
        assert enforce(settings, store) == os.getpid()
    assert changes(settings) == []


def test_a_folder_that_a_lock_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    with DataLock(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_whoever_holds_the_folder_for_a_moment_is_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proactive.lock.PATIENCE", 0.1)
    with DataLock(settings.data, brief=True), pytest.raises(InUse), DataLock(settings.data):
        raise AssertionError("two hold it")
    with DataLock(settings.data):
        pass


def test_a_rule_that_is_made_at_eleven_knows_what_the_log_saw_at_eight(store: Store, log: Log, maple: Home) -> None:
    times = [at("2026-03-09T00:00:00-05:00")]
    runtime = app.open_runtime(log, [maple], clock=lambda: moment(times[-1]))
    runtime.start()
    times.append(at("2026-03-09T08:00:00-05:00"))
    where = FED["where"]
    assert isinstance(where, dict)
    meal = Record(
        id="meal",
        type="detection",
        time=moment(times[-1]),
        source="cam.kitchen",
        subject="pet.daisy",
        home="maple",
        data=dict(where),
    )
    runtime.ingest([meal])
    times.append(ELEVEN)
    store.put_rule(make_rule(), at=ELEVEN)
    assert follow(store, runtime, {}).keys() == {("maple", "daisy-fed")}
    put = log.rule_changes()[0]
    assert [record["id"] for record in put.data["history"]] == ["meal"]
    times.append(at("2026-03-09T12:00:02-05:00"))
    runtime.wake()
    assert list(log.firings()) == []


def test_a_home_that_another_process_lists_counts_from_the_first_record_that_tells_of_it(
    settings: Settings, store: Store, log: Log, maple: Home
) -> None:
    runtime = app.open_runtime(log, store.export_homes(), clock=lambda: moment(ELEVEN))
    runtime.start()
    intake = Intake(runtime, log, Follower(store, runtime).meet)
    with Store.open(settings) as another:
        another.import_home(maple.model_copy(update={"home": "oak"}))
    rung = Record(id="k-1", type="event", time=moment(ELEVEN), home="oak", source="doorbell.front", data={"name": "x"})
    assert intake([rung]).fates == ("taken",)
    assert sorted(runtime.homes) == ["maple", "oak"]
