"""`proactive detectors`: which detectors are known here, what each still needs, and which of them looks, at what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from proactive.capability import Capability
from proactive.capability import detectors as known
from proactive.cli.desk import write_json
from proactive.error import ProactiveError
from proactive.home_file import load_homes
from proactive.settings import Settings, load
from rules.home import Home
from rules.problem import InputError


@dataclass(frozen=True, slots=True)
class Looking:
    """The detector that looks here: its name, all its labels, and those that become sightings of somebody; or why not."""

    name: str = ""
    labels: tuple[str, ...] = ()
    sighted: tuple[str, ...] = ()
    trouble: str = ""


@click.command()
@click.option("--home", "homes", multiple=True, type=Path, help="Say for a home.yaml whether its pets can be seen.")
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")
def detectors(*, homes: tuple[Path, ...], as_json: bool) -> None:
    """List the detectors that are known here, what each still needs, and which one looks at what.

    The one that looks is that of PROACTIVE_DETECTOR, else the one that reads PROACTIVE_DETECTOR_MODEL, else the one whose
    model comes in a wheel. It is loaded to ask it for its labels.
    """
    settings = load()
    looking = look(settings)
    for each in known(settings.detector_model):
        if as_json:
            write_json(_row(each, looking))
        else:
            click.echo(_line(each))
    if not as_json:
        click.echo(f"\n{_told(looking)}")
        for home in load_homes(homes):
            click.echo(_pets(home, looking))


def look(settings: Settings) -> Looking:
    """Return the detector that looks here with these settings, loaded for its labels, or what keeps it from looking."""
    from proactive import app

    try:
        from vision.detector import NotInstalled
        from vision.track import group_of
    except ImportError as error:
        return Looking(trouble=f"Seeing needs {error.name}. Install it with: pip install 'proactive[vision]'")
    try:
        name, detector = app.choose_detector(settings)
    except (NotInstalled, InputError, ProactiveError) as error:
        return Looking(trouble=str(error))
    labels = tuple(sorted(detector.labels))
    return Looking(name, labels, tuple(label for label in labels if group_of(label)))


def _row(each: Capability, looking: Looking) -> dict[str, object]:
    row: dict[str, object] = {
        "name": each.name,
        "from": each.source,
        "ready": not each.missing,
        "missing": list(each.missing),
        "advice": each.advice,
        "licence": each.licence,
        "looks": each.name == looking.name,
    }
    return row | ({"labels": list(looking.labels)} if each.name == looking.name else {})


def _line(each: Capability) -> str:
    state = f"needs {', '.join(each.missing)}: {each.advice}" if each.missing else "ready"
    licence = f"\n{'':<12} licence: {each.licence}" if each.licence else ""
    return f"{each.name:<12} {state}{licence}"


def _told(looking: Looking) -> str:
    if looking.trouble:
        return f"Nothing looks here. {looking.trouble}"
    others = len(looking.labels) - len(looking.sighted)
    sighted = ", ".join(looking.sighted) or "nobody"
    return f"Here looks {looking.name}. It sees {sighted}" + (
        f", and names {others} other thing{'s' * (others > 1)}." if others else "."
    )


def _pets(home: Home, looking: Looking) -> str:
    """Say which pets of a home the detector has a label for."""
    seen = [pet.name or pet.id for pet in home.pets if pet.species.lower() in looking.labels]
    unseen = [f"{pet.name or pet.id} ({pet.species})" for pet in home.pets if pet.species.lower() not in looking.labels]
    parts = [f"it has a label for {', '.join(seen)}"] if seen else []
    parts += [f"it has none for {', '.join(unseen)}"] if unseen else []
    return f"{home.home}: {'; '.join(parts) or 'no pets'}."
