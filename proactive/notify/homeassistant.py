"""The channel `homeassistant`: notifications to a phone with Home Assistant's app, through a topic of MQTT.

`homeassistant+mqtt://user:password@host:1883/topic` (`+mqtts` over TLS). What is published is what the service `notify.mobile_app_...`
takes, `title`, `message` and `data` with `tag`, `actions` and `image`, so that an automation only hands it on; the app puts
a message in the place of one with the same tag, and a tap comes back as the event `mobile_app_notification_action`.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from proactive.notify.channel import ChannelError, Choice, Message

SECONDS = 20.0  # for the broker to take it


class HomeAssistant:
    """Publishes messages once each (QoS 1), and never retained: a phone must not hear of yesterday when it reconnects."""

    replaces = True
    linked = True
    clears = True

    def send(self, message: Message, address: str) -> None:
        """Publish the message. Raise ChannelError when the broker did not take it."""
        parts = urlsplit(address)
        if (
            parts.scheme not in {"homeassistant+mqtt", "homeassistant+mqtts"}
            or not parts.hostname
            or len(parts.path) < 2
        ):
            raise ChannelError(
                "The address is none of MQTT: expected homeassistant+mqtt://user:password@host:1883/topic."
            )
        asyncio.run(_publish(parts, encode(message)))


def encode(message: Message) -> bytes:
    """Return what `notify.mobile_app_...` takes."""
    critical = {"ttl": 0, "priority": "high", "push": {"interruption-level": "critical"}}
    to = f"@{message.person}" if message.person else ""
    data: dict[str, Any] = {
        "tag": message.tag,
        # Whose phone it is comes back with the tap, which itself says nothing of that.
        "actions": [_action(choice, to) for choice in message.choices],
        **({"image": message.link} if message.link else {}),
        **({"alert_once": True} if message.silent else {}),
        **(critical if message.urgency == "critical" else {}),
    }
    words = "clear_notification" if message.clears else message.body  # what the app takes a message away at
    value = {"title": message.title, "message": words, "person": message.person, "id": message.id, "data": data}
    return json.dumps(value, ensure_ascii=False).encode()


def _action(choice: Choice, to: str) -> dict[str, Any]:
    """Return a button; the app on an iPhone lets a guarded one count only once the phone is unlocked."""
    guard = {"authenticationRequired": True} if choice.guarded else {}
    return {"action": f"{choice.id}{to}", "title": choice.label, **guard}


async def _publish(parts: SplitResult, payload: bytes) -> None:
    import aiomqtt

    secure = parts.scheme.endswith("mqtts")
    try:
        async with asyncio.timeout(SECONDS):
            async with aiomqtt.Client(
                parts.hostname or "",
                parts.port or (8883 if secure else 1883),
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                tls_context=ssl.create_default_context() if secure else None,
            ) as broker:
                await broker.publish(unquote(parts.path[1:]), payload, qos=1, retain=False)
    except (aiomqtt.MqttError, OSError, ValueError, TimeoutError) as error:
        raise ChannelError(f"The MQTT broker did not take it: {type(error).__name__}.") from error
