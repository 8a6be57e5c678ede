"""Sources, served: a real broker, a rule that switches a light over it, a tap that comes back, and a day that is decided."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proactive import app
from proactive.deed import DeedState
from proactive.serving import Serving
from proactive.settings import Settings, load
from proactive.sources import answer, follow_sources, open_sources
from proactive.store import Store
from rules.problem import InputError
from rules.rule import Rule, parse_rule
from streams.embedded import Embedded
from streams.source import Command, DeviceSource, Tap
from streams.sources.calendar import CalendarSource
from streams.sources.homeassistant import HomeAssistant
from streams.sources.mqtt import Mqtt
from tests.proactive.conftest import at, make_firing, make_rule
from tests.streams.sources.brokers import MOSQUITTO, Broker
from tests.streams.sources.house import MAPLE, maple
from tests.streams.sources.hub import TOKEN, Hub
from tests.streams.sources.running import Bridge, running

needs_mosquitto = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed: apt-get install mosquitto")
ENDED: list[DeedState] = ["done", "failed", "unsure", "expired"]
OPENED = {"op": "occurs", "of": [{"type": "state", "source": "contact.front", "where": {"value": "open"}}]}


def rule(**more: Any) -> Rule:
    given = {"id": "welcome", "home": "maple", "owner": "person.greg", "when": OPENED}
    return parse_rule(given | more)


@contextmanager
def serving(store: Store, settings: Settings, sources: list[DeviceSource]) -> Iterator[Embedded]:
    made, started, found = Serving(store, settings, sources, None, app.open_notifier(settings, store, io.StringIO())), threading.Event(), list[Embedded]()  # fmt: skip

    def ready(runtime: Embedded) -> None:
        found.append(runtime)
        started.set()

    thread = threading.Thread(target=made.serve, args=(ready,), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield found[0]
    finally:
        made.stop.set()
        thread.join(20)


def until(holds: Callable[[], Any]) -> Any:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    settings.data.mkdir()
    with Store(settings.database_url) as made:
        yield made


@needs_mosquitto
def test_a_door_that_opens_switches_a_light_over_the_same_broker_and_the_result_is_kept(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    broker = Broker(tmp_path)
    bridge = Bridge(broker.port)
    store.import_home(maple())
    store.put_rule(rule(do=[{"device": "light.hall", "command": "turn_on"}]), at=0)
    bridge.answer("zigbee2mqtt/hall lamp/set", "zigbee2mqtt/hall lamp", {"state": "ON"})
    sources = open_sources(replace(settings, sources={"broker": f"mqtt://127.0.0.1:{broker.port}"}), store)
    bridge.publish("zigbee2mqtt/bridge/state", "online", retain=True)
    bridge.publish("zigbee2mqtt/hall/front door", {"contact": True}, retain=True)
    with serving(store, settings, sources) as runtime:
        until(runtime.rules)
        until(lambda: [s for s in sources if isinstance(s, Mqtt) and not s.reach.is_down("contact.front")])
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False})
        [deed] = until(lambda: [deed for deed in store.deeds("maple", ENDED) if deed.ended_at is not None])
    assert (deed.state, deed.result) == ("done", "")
    assert bridge.got == [("zigbee2mqtt/hall lamp/set", {"state": "ON"})]
    bridge.close()
    broker.kill()


def test_a_door_that_opens_switches_a_light_over_home_assistant_and_a_refusal_is_kept(store: Store, settings: Settings) -> None:  # fmt: skip
    hub = Hub()
    hub.set("binary_sensor.front", "off")
    hub.set("light.hall", "off")
    known = {"contact.front": {"ha": "binary_sensor.front"}, "light.hall": {"ha": "light.hall"}}
    devices = [each | {"known_as": known[each["id"]]} for each in MAPLE["devices"] if each["id"] in known]
    store.import_home(maple(devices=devices))
    store.put_rule(rule(do=[{"device": "light.hall", "command": "set_brightness", "value": 40}]), at=0)
    sources = open_sources(settings, store, [f"ha:http://:{TOKEN}@127.0.0.1:{hub.port}"])
    with serving(store, settings, sources) as runtime:
        until(runtime.rules)
        until(lambda: [s for s in sources if isinstance(s, HomeAssistant) and not s.reach.is_down("contact.front")])
        hub.set("binary_sensor.front", "on")
        until(lambda: store.deeds("maple", ["done"]))
        hub.refuses = "the bulb is gone"
        hub.set("binary_sensor.front", "off")
        hub.set("binary_sensor.front", "on")
        # It is tried again twice before it is told.
        [failing] = until(lambda: [deed for deed in store.deeds("maple", ["waiting"]) if deed.attempts])
    assert hub.called[0] == ("light", "turn_on", {"brightness_pct": 40}, "light.hall")
    assert failing.result == "Home Assistant refused it: the bulb is gone"
    hub.stop()


def test_a_tap_says_yes_for_whom_the_message_was_sent_to_unless_it_is_known_who_tapped(store: Store, settings: Settings) -> None:  # fmt: skip
    store.import_home(maple())
    unlock = {"device": "lock.front", "command": "unlock"}
    store.put_rule(make_rule(do=[unlock], notify={"to": ["person.greg"], "message": "Not fed"}), at=0)
    now = at("2026-03-09T12:00:00-05:00")
    app.open_notifier(settings, store, io.StringIO()).receive(make_firing(), now=now)
    [deed] = store.deeds("maple")
    assert "expected a person of the home" in answer(store, Tap(f"confirm:{deed.code}"), now)
    assert "expected a person of the home" in answer(
        store, Tap(f"confirm:{deed.code}@person.greg", "person.nobody"), now
    )
    assert answer(store, Tap(f"confirm:{deed.code}@person.greg"), now) == "I will unlock the front door lock."
    assert "answered with yes already" in answer(store, Tap(f"refuse:{deed.code}@person.maya"), now)


def test_a_tap_that_means_nothing_here_stops_nothing(store: Store) -> None:
    assert "there is nothing that waits for this code" in answer(store, Tap("confirm:NOSUCH@person.greg"), 0)
    assert "expected acknowledge, false, snooze" in answer(store, Tap("URI"), 0)


def test_a_calendar_is_read_from_the_address_in_the_settings_since_that_may_be_a_secret(store: Store, settings: Settings) -> None:  # fmt: skip
    store.import_home(maple(calendars=[{"id": "calendar.work", "name": "work"}]))
    assert open_sources(settings, store) == []
    [source] = open_sources(replace(settings, calendars={"calendar_work": "/hunter2.ics"}), store)
    assert isinstance(source, CalendarSource)


def test_what_is_listed_while_it_runs_is_told_of_without_a_restart(store: Store, settings: Settings) -> None:
    hub = Hub()
    hub.set("light.hall", "on")
    bare = maple(devices=[], cameras=[], people=[])
    [source, calendars] = follow_sources(settings, store, [f"ha:http://:{TOKEN}@127.0.0.1:{hub.port}"])
    assert source != calendars
    with running(source) as heard:
        store.import_home(bare)
        store.import_home(
            maple(devices=[{"id": "light.hall", "type": "light", "attributes": {"state": ["on", "off"]}}])
        )
        heard.has("light.hall", "state", "state", "on")
        source.send(Command("maple", "light.hall", "turn_off"))
    assert hub.called == [("light", "turn_off", {}, "light.hall")]
    hub.stop()


def test_a_wrong_address_is_said_before_anything_runs(store: Store, settings: Settings) -> None:
    store.import_home(maple())
    with pytest.raises(InputError, match="found 'hoem'"):
        follow_sources(settings, store, ["mqtt://broker?hoem=maple"])


def test_addresses_of_sources_and_calendars_are_secrets_of_the_settings(tmp_path: Path) -> None:
    given = {
        "HOME": str(tmp_path),
        "PROACTIVE_SOURCE_BROKER": "mqtt://greg:hunter2@broker",
        "PROACTIVE_CALENDAR_CALENDAR_WORK": "https://calendar/hunter2.ics",
    }
    found = load(given, tmp_path / ".env")
    assert (found.unknown, found.sources["broker"]) == ((), "mqtt://greg:hunter2@broker")
    assert found.calendars == {"calendar_work": "https://calendar/hunter2.ics"}
    assert "hunter2" not in repr(found)
