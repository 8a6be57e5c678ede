"""Laws of the source `mqtt`, against a real broker that is killed and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules.home import Home
from rules.problem import InputError
from streams.source import Command, NotMine, Place, SourceError, Tap, Unsure, check_source, open_source
from streams.sources.mqtt import Mqtt
from tests.streams.sources.brokers import KINDS, MOSQUITTO, Broker
from tests.streams.sources.house import NOON, change, maple, tracked
from tests.streams.sources.running import PATIENCE, Bridge, Told, running

OPEN = ("contact.front", "state", "state", "open")
LAMP_ON = {"state": "ON", "brightness": 254}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    # amqtt hands what is retained to subscribers of other topics, so it serves for what needs one subscription only.
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    made = Broker(tmp_path_factory.mktemp("broker"))
    yield made
    made.kill()


@pytest.fixture
def bridge(broker: Broker) -> Iterator[Bridge]:
    made = Bridge(broker.port)
    yield made
    made.close()


def source(broker: Broker, options: str = "", home: Home | None = None, **more: Any) -> Mqtt:
    made = Mqtt(f"mqtt://127.0.0.1:{broker.port}{options}", pauses=(0.05,), **more)
    made.settle(Place((home or maple(),)))
    return made


def online(bridge: Bridge, heard: Told) -> None:
    """Say what Frigate and zigbee2mqtt say when they begin, and wait until it was heard."""
    bridge.publish("frigate/available", "online", retain=True)
    bridge.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    heard.has("contact.front", "health", "online")
    heard.has("cam.kitchen", "health", "online")


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_out_of_reach_until_its_bridge_is_heard_and_then_it_is_told_of(kind: str, tmp_path: Path) -> None:
    broker = Broker(tmp_path, kind)
    bridge = Bridge(broker.port)
    with running(source(broker)) as heard:
        heard.has("light.hall", "health", "offline", "connecting")
        online(bridge, heard)
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False, "linkquality": 90})
        heard.has(*OPEN)
        bridge.publish("frigate/events", change("new", tracked("a", "kitchen", "dog", 1, 2, ("food_bowls",))))
        rows = heard.has("cam.kitchen", "detection", "entered", "start", "food_bowls")
        assert rows.index(("cam.kitchen", "health", "offline", "connecting")) < rows.index(("cam.kitchen", "health", "online"))  # fmt: skip
    bridge.close()
    broker.kill()


def test_the_source_keeps_the_obligations_of_one(broker: Broker, bridge: Bridge) -> None:
    devices = [{"id": "contact.front", "type": "door", "attributes": {"state": ["open", "closed"]}, "known_as": {"mqtt": "plain/door"}}]  # fmt: skip
    bridge.publish("plain/door", "open", retain=True)
    alone = maple(devices=devices, cameras=[], people=[])
    check_source(lambda: source(broker, home=alone, clock=lambda: NOON), records=3)
    bridge.publish("plain/door", b"", retain=True)


@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed: apt-get install mosquitto")
def test_a_broker_that_is_killed_makes_everything_blind_and_its_return_makes_nothing_happen(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    bridge = Bridge(broker.port)
    with running(source(broker)) as heard:
        online(bridge, heard)
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": True})
        bridge.publish("frigate/events", change("new", tracked("a", "front_door", "person", 1, 2)))
        heard.has("cam.front", "detection", "entered", "start")
        bridge.close()
        broker.kill()
        rows = heard.until(lambda rows: ("contact.front", "health", "offline", "broker_away") in rows)
        assert ("cam.front", "detection", "at", "end") in rows
        heard.forget()
        broker.start()
        bridge = Bridge(broker.port)
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False}, retain=True)
        online(bridge, heard)
        rows = heard.has(*OPEN)
        assert rows.index(("contact.front", "health", "online")) < rows.index(OPEN) or rows.count(OPEN) == 1
        assert not [row for row in rows if row[1] in ("event", "detection")]
    bridge.close()
    broker.kill()


def test_a_light_is_switched_and_the_command_is_taken_once_it_says_so(broker: Broker, bridge: Bridge) -> None:
    bridge.answer("zigbee2mqtt/hall lamp/set", "zigbee2mqtt/hall lamp", LAMP_ON)
    own = source(broker)
    with running(own) as heard:
        online(bridge, heard)
        own.send(Command("maple", "light.hall", "turn_on"))
        assert bridge.got == [("zigbee2mqtt/hall lamp/set", {"state": "ON"})]
        heard.has("light.hall", "state", "state", "on")


def test_a_command_that_fails_or_is_not_answered_is_told_from_one_that_was_refused(broker: Broker, bridge: Bridge) -> None:  # fmt: skip
    bridge.answer("zigbee2mqtt/hall lamp/set", "", {})
    own = source(broker, taken=0.3)
    with running(own) as heard:
        with pytest.raises(SourceError, match="cannot be reached"):
            heard.has("light.hall", "health", "offline", "connecting")
            own.send(Command("maple", "light.hall", "turn_on"))
        online(bridge, heard)
        with pytest.raises(Unsure, match="has not said within"):
            own.send(Command("maple", "light.hall", "turn_on"))
        failed = {"level": "error", "message": "z2m: Publish 'set' 'state' to 'hall lamp' failed: 'no route'"}
        bridge.answer("zigbee2mqtt/hall lamp/set", "zigbee2mqtt/bridge/logging", failed)
        with pytest.raises(SourceError, match="no route"):
            own.send(Command("maple", "light.hall", "turn_on"))
        with pytest.raises(NotMine):
            own.send(Command("maple", "lock.front", "unlock"))


def test_a_flood_from_one_device_is_shed_and_the_others_are_heard(broker: Broker, bridge: Bridge) -> None:
    own = source(broker)
    with running(own) as heard:
        online(bridge, heard)
        bridge.flood("zigbee2mqtt/freezer", b'{"temperature": 4}', 3_000)
        heard.has("sensor.freezer", "health", "offline", "flooding")
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False})
        heard.has(*OPEN)
        assert len([r for r in heard.records if r.source == "sensor.freezer"]) < 1_000
        assert own.shedding.shed["sensor.freezer"] > 0


def test_what_cannot_be_read_is_counted_and_stops_nothing(broker: Broker, bridge: Bridge) -> None:
    own = source(broker)
    with running(own) as heard:
        online(bridge, heard)
        for payload in (b"{", b"[]", b'{"type": "new", "after": 3}', b"\xff\xfe"):
            bridge.publish("frigate/events", payload)
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False})
        heard.has(*OPEN)
        assert own.dropped == 4


def test_a_log_that_is_full_gets_everything_once_it_has_room(broker: Broker, bridge: Bridge) -> None:
    with running(source(broker)) as heard:
        online(bridge, heard)
        heard.refuse = True
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False})
        time.sleep(0.2)
        heard.refuse = False
        heard.has(*OPEN)


def test_a_tap_is_handed_on_unless_it_is_retained(broker: Broker, bridge: Bridge) -> None:
    taps: list[Tap] = []
    own = Mqtt(f"mqtt://127.0.0.1:{broker.port}", pauses=(0.05,))
    own.settle(Place((maple(),), taps.append))
    bridge.publish("proactive/taps", {"action": "confirm:OLD"}, retain=True)
    with running(own) as heard:
        online(bridge, heard)
        bridge.publish("proactive/taps", {"action": "confirm:ABCDEF@person.greg", "person": "person.greg"})
        bridge.publish("zigbee2mqtt/hall/front door", {"contact": False})
        heard.has(*OPEN)
    bridge.publish("proactive/taps", b"", retain=True)
    assert taps == [Tap("confirm:ABCDEF@person.greg", "person.greg")]


def test_people_come_and_go_by_their_phones(broker: Broker, bridge: Bridge) -> None:
    with running(source(broker, "?away_after=0s")) as heard:
        online(bridge, heard)
        for latitude, state in ((41.8801, "home"), (41.95, "away")):
            bridge.publish("owntracks/greg/phone", {"_type": "location", "lat": latitude, "lon": -87.63, "acc": 10})
            heard.has("person.greg", "state", "state", state)


def test_statestream_tells_states_and_takes_commands_through_an_automation(broker: Broker, bridge: Bridge) -> None:
    bridge.publish("hass/lock/front/state", '"locked"', retain=True)
    bridge.answer("hass/lock/front/set", "hass/lock/front/state", "unlocked")
    own = source(broker, "?statestream=hass")
    with running(own) as heard:
        online(bridge, heard)
        heard.has("lock.front", "state", "state", "locked")
        own.send(Command("maple", "lock.front", "unlock"))
        heard.has("lock.front", "state", "state", "unlocked")
        bridge.publish("hass/lock/front/state", '"unavailable"')
        heard.has("lock.front", "health", "offline", "unavailable")


def test_discovery_lists_what_is_there_and_not_in_the_home(broker: Broker, bridge: Bridge) -> None:
    exposes = [{"type": "binary", "name": "contact", "property": "contact", "access": 1}]
    device = {"ieee_address": "0x9", "friendly_name": "shed", "type": "EndDevice", "definition": {"exposes": exposes}}
    bridge.publish("zigbee2mqtt/bridge/devices", [device], retain=True)
    found = source(broker).discover(0.5)
    assert [(each.id, each.known_as) for each in found] == [("door.shed", {"zigbee2mqtt": ("shed",)})]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("mqtt://broker?hoem=maple", "unknown_option"),
        ("mqtt://user:hunter2@broker:99999", "bad_address"),
        ("mqtt:broker", "bad_address"),
        ("mqtt://broker?home=oak", "which_home"),
        ("mqtt://user:hunter2@broker?away_after=soon", "bad_duration"),
    ],
)
def test_an_address_that_is_wrong_is_refused_without_its_secrets(address: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        open_source(address, Place((maple(),)))
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "hunter2" not in str(caught.value)


def test_a_broker_that_nobody_can_reach_is_named_without_its_password(caplog: pytest.LogCaptureFixture) -> None:
    own = Mqtt("mqtt://greg:hunter2@127.0.0.1:9", pauses=(0.05,))
    own.settle(Place((maple(),)))
    with running(own) as heard:
        heard.has("light.hall", "health", "offline", "connecting")
        with pytest.raises(SourceError, match=r"mqtt://127\.0\.0\.1:9 cannot be reached"):
            own.discover(2)
    assert "hunter2" not in caplog.text + repr(own.address)


@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed: apt-get install mosquitto")
def test_a_password_that_is_refused_is_said_as_that_with_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker(tmp_path, "mosquitto", open=False)
    own = Mqtt(f"mqtt://greg:hunter2@127.0.0.1:{broker.port}", pauses=(60.0,))
    own.settle(Place((maple(),)))
    try:
        with running(own):
            until = time.monotonic() + PATIENCE
            while "trying again" not in caplog.text and time.monotonic() < until:
                time.sleep(0.02)
    finally:
        broker.kill()
    said = f"127.0.0.1:{broker.port} is away (not authorised); trying again. Check the user and the password in its address."
    assert said in caplog.text
    assert "hunter2" not in caplog.text
