"""`proactive home teach-state`: what a bowl looks like when it is full, and a gate when it is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from proactive.cli.desk import chosen_home, counted, opened
from proactive.error import ProactiveError

if TYPE_CHECKING:
    from rules.home import Camera, Device


@click.command("teach-state")
@click.argument("camera")
@click.argument("zone")
@click.argument("value")
@click.argument("photos", nargs=-1, required=True, type=Path, metavar="PHOTO...")
@click.option("--home", help="The home's id; not needed where there is one home only.")
def teach_state(camera: str, zone: str, value: str, photos: tuple[Path, ...], home: str | None) -> None:
    """Teach that ZONE of CAMERA looks as in each PHOTO when it is VALUE: food_bowls full, gate open.

    A PHOTO is a whole picture of that camera. The first time, a device of type `scene` is made of the zone; with photos of two
    values it reports its state, and rules can ask for it. Photos stay where they are.
    """
    from proactive.scene_device import camera_of, device_at, with_device, with_photos

    with opened() as store:
        own = store.export_home(chosen_home(store, home))
        seen_by = camera_of(own, camera, zone)
        device = with_photos(device_at(own, camera, zone), value, photos)
        told = _how_well(device, seen_by)
        store.import_homes([with_device(own, device)])
    taught = ", ".join(f"{each} ({counted(len(own), 'photo')})" for each, own in device.photos.items())
    click.echo(f"{device.id}: {taught}. {told}")


def _how_well(device: Device, camera: Camera) -> str:
    """Return how well the values can be told apart. Raise InputError for a photo that cannot be used."""
    try:
        from vision.scene_state import Alike, Untaught, learn
    except ImportError as error:
        raise ProactiveError(f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'") from error
    try:
        judge = learn(device, camera)
    except Untaught:
        return "It also needs photos of another value before it can be told."
    except Alike as error:
        return f"They cannot be told apart yet: {error.problems[0].message} Draw the zone closer, or take others."
    return f"They can be told apart: they differ by {judge.apart:.0f} grey levels at least."
