"""Laws of zigbee2mqtt's messages: what is retained tells how it is, only an action happens, and a command is its own words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rules.home import Device
from streams.source import Command, SourceError
from streams.sources.listing import Listing
from streams.sources.reach import Reach
from streams.sources.zigbee2mqtt import Zigbee2Mqtt, failure
from tests.streams.sources.house import NOON, later, maple, told

LAMP = {
    "ieee_address": "0x01", "friendly_name": "hall lamp", "type": "Router",
    "definition": {"exposes": [{"type": "light", "features": [
        {"type": "binary", "name": "state", "property": "state", "value_on": "ON", "value_off": "OFF", "access": 7},
        {"type": "numeric", "name": "brightness", "property": "brightness", "value_min": 0, "value_max": 254, "access": 7},
    ]}, {"type": "numeric", "name": "linkquality", "property": "linkquality", "access": 1, "unit": "lqi"}]},
}  # fmt: skip
SENSOR = {
    "ieee_address": "0x02", "friendly_name": "attic/climate", "type": "EndDevice",
    "definition": {"exposes": [
        {"type": "numeric", "name": "temperature", "property": "temperature", "unit": "°C", "access": 1},
        {"type": "numeric", "name": "humidity", "property": "humidity", "unit": "%", "access": 1},
    ]},
}  # fmt: skip
SIREN = {"ieee_address": "0x03", "friendly_name": "Coordinator", "type": "Coordinator", "definition": None}


def network(**more: Any) -> Zigbee2Mqtt:
    zigbee = Zigbee2Mqtt(Listing(maple(**more), "zigbee2mqtt", (Device,)), Reach("maple", "mqtt"))
    zigbee.begin(NOON)
    zigbee.receive("bridge/devices", json.dumps([LAMP, SENSOR, SIREN]).encode(), NOON, retained=True)
    return zigbee


def say(zigbee: Zigbee2Mqtt, name: str, retained: bool = False, **payload: Any) -> list[tuple[Any, ...]]:
    return told(zigbee.receive(name, json.dumps(payload).encode(), later(1), retained=retained))


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("hall/front door", {"contact": False, "battery": 97, "linkquality": 80}, [("contact.front", "state", "state", "open")]),
        ("hall/front door", {"contact": True}, [("contact.front", "state", "state", "closed")]),
        ("bath leak", {"water_leak": True}, [("leak.bath", "state", "state", "wet")]),
        ("bath leak", {"water_leak": False, "tamper": False}, [("leak.bath", "state", "state", "dry")]),
        ("freezer", {"temperature": -18.5, "battery": 80}, [("sensor.freezer", "state", "state", -18.5)]),
        ("freezer", {"temperature": None}, []),
        ("hall lamp", {"state": "ON", "brightness": 127}, [("light.hall", "state", "state", "on"), ("light.hall", "state", "brightness", 50)]),
        ("feeder", {"action": "dispensed"}, [("feeder.daisy", "event", "dispensed")]),
        ("feeder", {"action": "single"}, [("feeder.daisy", "event", "dispensed")]),
        ("bed", {"action": "double"}, [("button.bed", "event", "double")]),
        ("bed", {"action": "hold"}, []),
        ("bed", {"action": ""}, []),
        ("0x01", {"state": "OFF"}, []),
    ],
)  # fmt: skip
def test_what_a_device_says_is_told_in_the_words_of_the_home(name: str, payload: Any, expected: Any) -> None:
    assert say(network(), name, **payload) == expected


def test_a_device_that_is_named_by_its_address_is_meant_under_its_friendly_name_too() -> None:
    lamp = {"id": "light.hall", "type": "light", "attributes": {"state": ["on", "off"]}, "known_as": {"zigbee2mqtt": "0x01"}}  # fmt: skip
    assert say(network(devices=[lamp]), "hall lamp", state="ON") == [("light.hall", "state", "state", "on")]


def test_a_retained_action_did_not_happen_now() -> None:
    assert say(network(), "bed", retained=True, action="double") == []
    assert say(network(), "hall/front door", retained=True, contact=False) == [
        ("contact.front", "state", "state", "open")
    ]


def test_a_temperature_is_told_in_the_unit_of_the_home() -> None:
    attic = {"id": "sensor.attic", "type": "temperature", "attributes": {"value": "number"}, "unit": "F", "known_as": {"zigbee2mqtt": "attic/climate"}}  # fmt: skip
    records = network(devices=[attic]).receive("attic/climate", b'{"temperature": 20, "humidity": 40}', NOON)
    assert [(r.data["value"], r.data["unit"]) for r in records] == [(68.0, "F")]


@pytest.mark.parametrize("offline", [b"offline", b'{"state": "offline"}'])
def test_availability_is_health_in_both_of_its_forms(offline: bytes) -> None:
    zigbee = network()
    gone = zigbee.receive("hall/front door/availability", offline, later(1))
    back = zigbee.receive("hall/front door/availability", b'{"state":"online"}', later(2), retained=True)
    assert told([*gone, *back]) == [
        ("contact.front", "health", "offline", "device_offline"),
        ("contact.front", "health", "online"),
    ]
    down = zigbee.receive("bridge/state", offline, later(3))
    assert {record.source for record in down} == {d.id for d in maple().devices if "zigbee2mqtt" in d.known_as}


def test_what_the_home_does_not_list_is_counted() -> None:
    zigbee = network()
    assert say(zigbee, "attic/climate", temperature=20) == []
    assert zigbee.listing.left_out == {"attic/climate": 1}


def test_discovery_offers_what_is_not_listed_with_what_it_can_tell() -> None:
    (found,) = network().discover()
    assert (found.id, found.type, found.name) == ("temperature.attic_climate", "temperature", "attic climate")
    assert (found.attributes, found.unit, found.known_as) == (
        {"value": "number"},
        "C",
        {"zigbee2mqtt": ("attic/climate",)},
    )


@pytest.mark.parametrize(
    ("command", "value", "payload"),
    [
        ("turn_on", None, {"state": "ON"}),
        ("turn_off", None, {"state": "OFF"}),
        ("set_brightness", 40, {"brightness": 102}),
        ("brightness_down", 10, {"brightness_step": -25}),
    ],
)
def test_a_command_is_said_in_the_words_of_the_device(command: str, value: Any, payload: Any) -> None:
    order = network().order("light.hall", Command("maple", "light.hall", command, value))
    assert (order.name, order.payload) == ("hall lamp", payload)


def test_a_command_that_nothing_of_the_device_does_is_refused_with_its_name() -> None:
    with pytest.raises(SourceError, match=r"light\.hall cannot be told to 'dock'"):
        network().order("light.hall", Command("maple", "light.hall", "dock"))


def test_a_command_is_taken_once_the_device_says_so_and_failed_once_the_bridge_says_so() -> None:
    order = network().order("light.hall", Command("maple", "light.hall", "turn_on"))
    assert order.is_taken(b'{"state": "ON", "brightness": 3}')
    assert not order.is_taken(b'{"state": "OFF"}')
    line = {"level": "error", "message": "z2m: Publish 'set' 'state' to 'hall lamp' failed: 'Error: no answer'"}
    assert failure(json.dumps(line).encode(), "hall lamp") == "'Error: no answer'"
    assert failure(json.dumps(line).encode(), "bed") == ""


def test_a_color_is_taken_once_the_device_says_it_in_its_own_form() -> None:
    strip = {"type": "composite", "name": "color_xy", "property": "color", "access": 7}
    lamp = {**LAMP, "definition": {"exposes": [{"type": "light", "features": [strip]}]}}
    zigbee = network()
    zigbee.receive("bridge/devices", json.dumps([lamp]).encode(), NOON, retained=True)
    order = zigbee.order("light.hall", Command("maple", "light.hall", "set_color", "#ff8800"))
    assert order.payload == {"color": "#ff8800"}
    assert order.is_taken(b'{"color": {"x": 0.5, "y": 0.4}}')
