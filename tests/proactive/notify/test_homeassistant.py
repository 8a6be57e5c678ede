"""The channel `homeassistant`, against a real MQTT broker on this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from proactive.notify.channel import ChannelError, Choice, Message
from proactive.notify.conformance import check_channel
from proactive.notify.homeassistant import HomeAssistant


@dataclass
class Listener:
    """Home Assistant: hears what is published under `proactive/`."""

    port: int
    got: list[dict[str, Any]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    ready: threading.Event = field(default_factory=threading.Event)


async def serve(listener: Listener, stop: asyncio.Event) -> None:
    import aiomqtt
    from amqtt.broker import Broker

    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    config = {"listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{listener.port}"}}, "plugins": plugins}
    broker = Broker(config)
    await broker.start()
    async with aiomqtt.Client("127.0.0.1", listener.port) as client:
        await client.subscribe("proactive/#", qos=1)
        hearing = asyncio.create_task(hear(client, listener))
        listener.ready.set()
        await stop.wait()
        hearing.cancel()
    await broker.shutdown()


async def hear(client: Any, listener: Listener) -> None:
    async for message in client.messages:
        listener.got.append(json.loads(message.payload) | {"topic": str(message.topic), "retain": message.retain})
        listener.arrived.set()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listener = Listener(free.getsockname()[1])
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(listener, stop)), daemon=True)
    thread.start()
    assert listener.ready.wait(20)
    yield listener
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)


def test_home_assistant_keeps_its_obligations(listener: Listener) -> None:
    here = f"homeassistant+mqtt://127.0.0.1:{listener.port}/proactive/greg"
    check_channel(HomeAssistant(), here, "homeassistant+mqtt://greg:hunter2@127.0.0.1:9/proactive/greg")


def test_what_is_published_is_what_the_app_takes(listener: Listener) -> None:
    listener.got.clear()
    listener.arrived.clear()
    message = Message(
        tag="t",
        to="Maya",
        title="Maple",
        body="Not fed",
        urgency="critical",
        choices=(Choice("confirm:X", "Yes", guarded=True), Choice("refuse:X", "No")),
        silent=True,
    )
    HomeAssistant().send(message, f"homeassistant+mqtt://127.0.0.1:{listener.port}/proactive/maya")
    assert listener.arrived.wait(20)
    got = listener.got[-1]
    assert (got["topic"], got["retain"], got["title"], got["message"]) == ("proactive/maya", False, "Maple", "Not fed")
    assert (got["data"]["tag"], got["data"]["alert_once"]) == ("t", True)
    assert got["data"]["actions"] == [
        {"action": "confirm:X", "title": "Yes", "authenticationRequired": True},
        {"action": "refuse:X", "title": "No"},
    ]
    assert got["data"]["push"] == {"interruption-level": "critical"}


def test_a_phone_that_reconnects_does_not_hear_of_yesterday(listener: Listener) -> None:
    here = f"homeassistant+mqtt://127.0.0.1:{listener.port}/yesterday/maya"
    HomeAssistant().send(Message(tag="t", to="Maya", title="", body="Not fed"), here)
    assert asyncio.run(first_heard(listener.port, "yesterday/#", "yesterday/now")) == "yesterday/now"


async def first_heard(port: int, topics: str, now: str) -> str:
    """Return the topic of the first message that somebody gets who subscribes, and then publishes to `now`."""
    import aiomqtt

    async with asyncio.timeout(20), aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe(topics, qos=1)
        await client.publish(now, b"", qos=1)
        async for message in client.messages:
            return str(message.topic)
    raise AssertionError("the broker hung up")


def test_an_address_that_is_none_of_mqtt_says_what_is_expected() -> None:
    with pytest.raises(ChannelError, match=r"expected homeassistant\+mqtt://user:password@host:1883/topic"):
        HomeAssistant().send(Message(tag="t", to="Greg", title="", body="x"), "homeassistant+mqtt://host")
