"""Services of Home Assistant: which one carries out a command on an entity, and with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rules.rule import Scalar

STEP = 10.0  # percent
Data = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Service:
    """A service as it is called: `light.turn_on` with its data."""

    domain: str
    name: str
    data: Data = field(default_factory=dict)


# What carries out a command without a value, by the domain of the entity; `*` is any domain.
_PLAIN: dict[str, dict[str, str]] = {
    "turn_on": {"*": "turn_on", "cover": "open_cover", "vacuum": "start", "lawn_mower": "start_mowing"},
    "turn_off": {"*": "turn_off", "cover": "close_cover", "vacuum": "return_to_base", "lawn_mower": "dock"},
    "toggle": {"*": "toggle"},
    "open": {"cover": "open_cover", "valve": "open_valve", "lock": "open"},
    "close": {"cover": "close_cover", "valve": "close_valve"},
    "lock": {"lock": "lock"},
    "unlock": {"lock": "unlock"},
    "start": {"vacuum": "start", "lawn_mower": "start_mowing", "timer": "start", "*": "turn_on"},
    "stop": {"vacuum": "stop", "cover": "stop_cover", "valve": "stop_valve", "media_player": "media_stop", "*": "turn_off"},
    "pause": {"vacuum": "pause", "lawn_mower": "pause", "media_player": "media_pause", "timer": "pause"},
    "dock": {"vacuum": "return_to_base", "lawn_mower": "dock"},
    "arm": {"alarm_control_panel": "alarm_arm_away"},
    "arm_away": {"alarm_control_panel": "alarm_arm_away"},
    "arm_home": {"alarm_control_panel": "alarm_arm_home"},
    "disarm": {"alarm_control_panel": "alarm_disarm"},
    "press": {"button": "press", "input_button": "press"},
    "volume_up": {"media_player": "volume_up"},
    "volume_down": {"media_player": "volume_down"},
}  # fmt: skip
# What takes a value: the service, and its data.
_VALUED: dict[str, dict[str, tuple[str, Callable[[Scalar], Data]]]] = {
    "set_brightness": {"light": ("turn_on", lambda value: {"brightness_pct": value})},
    "set_volume": {"media_player": ("volume_set", lambda value: {"volume_level": _hundredth(value)})},
    "set_temperature": {
        "climate": ("set_temperature", lambda value: {"temperature": value}),
        "water_heater": ("set_temperature", lambda value: {"temperature": value}),
    },
    "set_mode": {"climate": ("set_hvac_mode", lambda value: {"hvac_mode": value})},
    "set_preset": {"climate": ("set_preset_mode", lambda value: {"preset_mode": value})},
    "set_position": {"cover": ("set_cover_position", lambda value: {"position": value})},
    "set_channel": {
        "media_player": ("play_media", lambda value: {"media_content_type": "channel", "media_content_id": str(value)})
    },
}
# What turns on and off under the domain of every entity that can be.
_SWITCHABLE = frozenset("light switch fan media_player input_boolean climate humidifier siren remote automation water_heater".split())  # fmt: skip


def service_of(entity: str, command: str, value: Scalar) -> Service | None:
    """Return the service that carries out a command on an entity, or None where none does."""
    domain = entity.partition(".")[0]
    if value is not None and domain in _VALUED.get(command, {}):
        name, data = _VALUED[command][domain]
        return Service(domain, name, data(value))
    if command == "mute" and domain == "media_player":
        return Service(domain, "volume_mute", {"is_volume_muted": True})
    if command in {"brightness_up", "brightness_down"} and domain == "light":
        step = value if isinstance(value, int | float) else STEP
        return Service(domain, "turn_on", {"brightness_step_pct": step if command.endswith("up") else -step})
    named = _PLAIN.get(command, {})
    if domain in named:
        return Service(domain, named[domain])
    return Service(domain, named["*"]) if "*" in named and domain in _SWITCHABLE else None


def _hundredth(value: Scalar) -> Scalar:
    return value / 100 if isinstance(value, int | float) else value
