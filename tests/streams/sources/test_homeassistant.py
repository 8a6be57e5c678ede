"""Laws of the source `ha`, against a small Home Assistant that goes down and comes back."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.home import Home, parse_home
from streams.source import Command, NotMine, Place, SourceError, Tap, Unsure, check_source
from streams.sources.homeassistant import HomeAssistant
from streams.sources.services import service_of
from tests.streams.sources.house import NOON
from tests.streams.sources.hub import TOKEN, Hub
from tests.streams.sources.running import running

DOOR, OPEN, CLOSED = "contact.front", ["open", "closed"], ("contact.front", "state", "state", "closed")


def oak(**more: Any) -> Home:
    given: dict[str, Any] = {
        "home": "oak",
        "time_zone": "America/Chicago",
        "people": [{"id": "person.greg", "name": "Greg", "role": "owner"}],
        "devices": [
            {"id": DOOR, "type": "door", "attributes": {"state": OPEN}, "known_as": {"ha": "binary_sensor.front"}},
            {"id": "light.hall", "type": "light", "attributes": {"state": ["on", "off"], "brightness": "number"}},
            {"id": "sensor.attic", "type": "temperature", "attributes": {"value": "number"}, "unit": "C"},
            {"id": "doorbell.front", "type": "doorbell", "events": ["pressed"], "known_as": {"ha": "event.doorbell"}},
            {"id": "climate.main", "type": "thermostat", "attributes": {"current_temperature": "number", "mode": ["heat", "off"], "setpoint": "number"}, "unit": "C"},
            {"id": "tv.den", "type": "tv", "attributes": {"state": ["on", "off"], "volume": "number"}, "known_as": {"ha": "media_player.den"}},
            {"id": "car.ev", "type": "car", "attributes": {"battery": "number", "charging": "boolean"}, "known_as": {"ha": ["sensor.ev_battery=battery", "binary_sensor.ev=charging"]}},
        ],
    }  # fmt: skip
    return parse_home(given | more)


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    made.set("binary_sensor.front", "off", device_class="door")
    made.set("light.hall", "off")
    yield made
    made.stop()


def source(hub: Hub, home: Home | None = None, token: str = TOKEN, **more: Any) -> HomeAssistant:
    made = HomeAssistant(f"http://:{token}@127.0.0.1:{hub.port}?away_after=0s", pauses=(0.05,), **more)
    made.settle(Place((home or oak(),)))
    return made


def test_what_stands_is_told_once_and_then_every_change_in_the_words_of_the_home(hub: Hub) -> None:
    hub.set("sensor.attic", "68", unit_of_measurement="°F")
    hub.set("climate.main", "heat", current_temperature=19.5, temperature=21)
    hub.set("media_player.den", "playing", volume_level=0.3)
    hub.set("sensor.ev_battery", "81", unit_of_measurement="%")
    hub.set("binary_sensor.ev", "on", device_class="battery_charging")
    with running(source(hub)) as heard:
        rows = heard.has("car.ev", "state", "charging", True)
        assert CLOSED in rows
        assert ("sensor.attic", "state", "state", 20.0) in rows
        assert {row[2:] for row in rows if row[:2] == ("climate.main", "state")} == {("current_temperature", 19.5), ("mode", "heat"), ("setpoint", 21)}  # fmt: skip
        assert {row[2:] for row in rows if row[:2] == ("tv.den", "state")} == {("state", "on"), ("volume", 30.0)}
        assert ("car.ev", "state", "battery", 81) in rows
        hub.set("binary_sensor.front", "on", device_class="door")
        hub.set("light.hall", "on", brightness=128)
        rows = heard.has("light.hall", "state", "brightness", 50.2)
        assert (DOOR, "state", "state", "open") in rows


def test_the_source_keeps_the_obligations_of_one(hub: Hub) -> None:
    alone = oak(devices=[oak().devices[0]], people=[])
    check_source(lambda: source(hub, alone, clock=lambda: NOON), records=3)


def test_unavailable_and_unknown_are_health_and_no_states(hub: Hub) -> None:
    with running(source(hub)) as heard:
        heard.has(*CLOSED)
        hub.set("binary_sensor.front", "unavailable")
        hub.set("binary_sensor.front", "unknown")
        hub.set("binary_sensor.front", "on")
        rows = heard.has(DOOR, "state", "state", "open")
        assert (DOOR, "health", "offline", "unavailable") in rows
        assert not [row for row in rows if row[-1] in ("unknown", "unavailable") and row[1] == "state"]
        assert rows.index((DOOR, "health", "offline", "unavailable")) < len(rows) - 2


def test_an_entity_that_is_not_there_cannot_be_heard_and_what_is_not_listed_is_counted(hub: Hub) -> None:
    own = source(hub)
    with running(own) as heard:
        heard.has("doorbell.front", "health", "offline", "not_found")
        hub.set("sensor.moon", "full")
        hub.set("binary_sensor.front", "on")
        heard.has(DOOR, "state", "state", "open")
        assert own.entities.listing.left_out["sensor.moon"] == 1
        hub.set("event.doorbell", "unknown")
        heard.has("doorbell.front", "health", "online")


def test_what_is_not_listed_is_said_with_what_to_do(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.sources.session.SETTLED", 0.0)
    said, lines = threading.Event(), list[str]()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())
            said.set()

    ear = Ear()
    logging.getLogger("streams.sources.session").addHandler(ear)
    hub.set("sensor.moon", "full")
    with running(source(hub)):
        assert said.wait(20)
    logging.getLogger("streams.sources.session").removeHandler(ear)
    assert "tells of 1 that the home does not list: sensor.moon. To see them: proactive home discover" in lines[0]


def test_a_doorbell_rings_once_however_often_it_is_told_and_never_for_a_reconnect(hub: Hub) -> None:
    hub.set("event.doorbell", "unknown", event_types=["pressed"])
    with running(source(hub)) as heard:
        heard.has(*CLOSED)
        rung = datetime.now(UTC).isoformat()
        hub.set("event.doorbell", rung, event_type="pressed")
        hub.again("event.doorbell")
        hub.set("event.doorbell", "unavailable")
        hub.set("event.doorbell", rung, event_type="pressed")
        hub.set("event.doorbell", (datetime.now(UTC) - timedelta(hours=1)).isoformat(), event_type="pressed")
        hub.set("light.hall", "on")
        heard.has("light.hall", "state", "state", "on")
        hub.stop()
        heard.has("light.hall", "health", "offline", "connection_lost")
        hub.start()
        heard.until(lambda rows: rows.count(("light.hall", "state", "state", "on")) == 2)
        assert len([record for record in heard.records if record.type == "event"]) == 1


def test_a_change_that_is_told_twice_is_the_same_record(hub: Hub) -> None:
    with running(source(hub)) as heard:
        heard.has(*CLOSED)
        hub.set("binary_sensor.front", "on")
        hub.again("binary_sensor.front")
        hub.set("light.hall", "on")
        heard.has("light.hall", "state", "state", "on")
        opened = [record.id for record in heard.records if record.source == DOOR and record.data.get("value") == "open"]
        assert len(opened) == 2
        assert len(set(opened)) == 1


def test_a_hub_that_goes_down_makes_everything_blind_until_it_is_back(hub: Hub) -> None:
    with running(source(hub)) as heard:
        heard.has(*CLOSED)
        hub.stop()
        heard.has(DOOR, "health", "offline", "connection_lost")
        heard.forget()
        hub.start()
        rows = heard.has(*CLOSED)
        assert rows.index((DOOR, "health", "online")) < rows.index(CLOSED)


def test_a_hub_that_answers_nothing_any_more_is_given_up(hub: Hub) -> None:
    with running(source(hub, beat=0.1)) as heard:
        heard.has(*CLOSED)
        hub.deaf = True
        heard.has(DOOR, "health", "offline", "no_answer")


def test_a_light_is_switched_by_the_service_and_the_answer_counts(hub: Hub) -> None:
    own = source(hub, answer=0.3)
    with running(own) as heard:
        heard.has(*CLOSED)
        own.send(Command("oak", "light.hall", "set_brightness", 40))
        assert hub.called == [("light", "turn_on", {"brightness_pct": 40}, "light.hall")]
        hub.refuses = "light is on fire"
        with pytest.raises(SourceError, match="light is on fire"):
            own.send(Command("oak", "light.hall", "turn_on"))
        hub.silent = True
        with pytest.raises(Unsure, match="not answered within"):
            own.send(Command("oak", "light.hall", "turn_on"))
        with pytest.raises(SourceError, match="no service for it"):
            own.send(Command("oak", "light.hall", "dock"))
        with pytest.raises(NotMine):
            own.send(Command("oak", "light.attic", "turn_on"))
        with pytest.raises(SourceError, match="cannot be reached: not found"):
            own.send(Command("oak", "tv.den", "turn_on"))


def test_a_tap_comes_back_with_who_tapped(hub: Hub) -> None:
    taps: list[Tap] = []
    hub.set("person.greg", "home", user_id="u1")
    own = HomeAssistant(f"http://:{TOKEN}@127.0.0.1:{hub.port}", pauses=(0.05,))
    own.settle(Place((oak(),), taps.append))
    with running(own) as heard:
        heard.has("person.greg", "state", "state", "home")
        hub.tap("confirm:ABCDEF@person.maya", "u1")
        hub.tap("snooze:n:1h@person.maya", "u2")
        hub.set("light.hall", "on")
        heard.has("light.hall", "state", "state", "on")
    assert taps == [Tap("confirm:ABCDEF@person.maya", "person.greg"), Tap("snooze:n:1h@person.maya", None)]


def test_people_are_home_in_no_zone_but_home(hub: Hub) -> None:
    hub.set("person.greg", "home")
    with running(source(hub)) as heard:
        heard.has("person.greg", "state", "state", "home")
        hub.set("person.greg", "Work")
        heard.has("person.greg", "state", "state", "away")
        hub.set("person.greg", "unavailable")
        heard.has("person.greg", "health", "offline", "unavailable")


class Mute(HomeAssistant):
    """A source that meets a fault when it asks whether the hub is there."""

    async def _ask(self, message: dict[str, Any]) -> asyncio.Future[dict[str, Any]]:
        if message["type"] == "ping":
            raise ZeroDivisionError
        return await super()._ask(message)


def test_a_connection_on_which_nobody_can_ask_whether_it_stands_is_made_anew_at_once(hub: Hub) -> None:
    own = Mute(f"http://:{TOKEN}@127.0.0.1:{hub.port}", pauses=(0.05,), beat=1.0)
    own.settle(Place((oak(),)))
    with running(own) as heard:
        heard.has(*CLOSED)
        heard.has(DOOR, "health", "offline", "connection_lost")  # not `no_answer`, after nothing came for a while


def test_an_event_that_cannot_be_read_stops_nothing_and_is_said_once(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    own = source(hub)
    with running(own) as heard:
        heard.has(*CLOSED)
        for event in (
            {},
            {"event_type": "state_changed", "data": None},
            "x",
            {"event_type": "state_changed", "data": {}},
        ):
            hub.say(event)
        hub.set("binary_sensor.front", None)
        heard.has(DOOR, "health", "offline", "removed")
        assert own.dropped == 4
        assert caplog.text.count("could not be read") == 1


def test_a_wrong_token_ends_the_source_and_is_not_shown(hub: Hub) -> None:
    own = source(hub, token="s3cret")
    with pytest.raises(SourceError, match="did not take the token") as caught:
        own.run(lambda _: None, threading.Event())
    assert "s3cret" not in str(caught.value) + repr(own.address)


def test_discovery_offers_what_is_not_listed(hub: Hub) -> None:
    hub.set("binary_sensor.shed", "off", device_class="door", friendly_name="Shed door")
    hub.set("sun.sun", "above_horizon")
    found = source(hub).discover(5)
    assert [(each.id, each.name, each.known_as) for each in found] == [
        ("binary_sensor.shed", "Shed door", {"ha": ("binary_sensor.shed",)})
    ]


@pytest.mark.parametrize(
    ("entity", "command", "value", "expected"),
    [
        ("cover.garage", "close", None, ("cover", "close_cover", {})),
        ("lock.front", "unlock", None, ("lock", "unlock", {})),
        ("vacuum.dusty", "dock", None, ("vacuum", "return_to_base", {})),
        ("climate.main", "set_temperature", 21, ("climate", "set_temperature", {"temperature": 21})),
        ("media_player.den", "set_volume", 30, ("media_player", "volume_set", {"volume_level": 0.3})),
        ("media_player.den", "mute", None, ("media_player", "volume_mute", {"is_volume_muted": True})),
        ("light.hall", "brightness_down", None, ("light", "turn_on", {"brightness_step_pct": -10.0})),
        ("alarm_control_panel.home", "arm_home", None, ("alarm_control_panel", "alarm_arm_home", {})),
        ("sensor.attic", "turn_on", None, None),
    ],
)
def test_a_command_is_a_service_of_its_entity(entity: str, command: str, value: Any, expected: Any) -> None:
    made = service_of(entity, command, value)
    assert (made and (made.domain, made.name, dict(made.data))) == expected
