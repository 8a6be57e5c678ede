"""Scene devices: the things of a home whose state is read off a camera's zone, as they are taught from photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rules.home import Camera, Device, Home
from rules.problem import InputError, Problem, nearest

STATE = "state"


def camera_of(home: Home, camera: str, zone: str) -> Camera:
    """Return the camera of a home. Raise InputError unless it has that id and zone."""
    found = home.by_id.get(camera)
    if not isinstance(found, Camera):
        known = [each.id for each in home.cameras]
        message = f"expected a camera of {home.home} ({', '.join(known) or 'it has none'}), found {camera!r}."
        raise InputError([Problem("no_such_camera", "CAMERA", message, nearest(camera, known))])
    if zone not in found.zones:
        message = f"expected a zone of {camera} ({', '.join(found.zones) or 'it has none'}), found {zone!r}."
        raise InputError([Problem("unknown_zone", "ZONE", message, nearest(zone, found.zones) or "Draw it first.")])
    return found


def device_at(home: Home, camera: str, zone: str) -> Device:
    """Return the device that is read off a camera's zone: the one that is listed, else a new one named as the zone."""
    listed = [each for each in home.devices if (each.camera, each.zone) == (camera, zone)]
    name = f"scene.{zone}" if f"scene.{zone}" not in home.by_id else f"scene.{camera.removeprefix('cam.')}_{zone}"
    return listed[0] if listed else Device(id=name, name=zone.replace("_", " "), type="scene", camera=camera, zone=zone)


def with_photos(device: Device, value: str, photos: Sequence[Path]) -> Device:
    """Return the device with these photos, whole pictures of its camera, as what it looks like at a value."""
    added = [str(photo.resolve()) for photo in photos]
    known = [photo for photo in device.photos.get(value, ()) if photo not in added]
    taught = {**device.photos, value: (*known, *added)}
    values = device.attributes.get(STATE, ())
    listed = (*(values if isinstance(values, tuple) else ()), *(each for each in taught if each not in values))
    return device.model_copy(update={"photos": taught, "attributes": {**device.attributes, STATE: listed}})


def with_device(home: Home, device: Device) -> Home:
    """Return the home with the device in the place of the one with its id, or as its last."""
    others = [device if each.id == device.id else each for each in home.devices]
    return home.model_copy(update={"devices": (*others, *(() if device.id in home.by_id else (device,)))})
