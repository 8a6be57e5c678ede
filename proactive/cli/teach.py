"""`proactive home teach`: photos from which cameras tell a home's pets apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proactive import clock
from proactive.cli.desk import chosen_home, counted, opened, settings, write_json
from proactive.error import ProactiveError
from proactive.teaching import Lesson, advice, learn, looks_of, photos_in, told_apart, who_is_taught
from rules.home import Home
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store
    from vision.lineup import Row

_NOTHING = Lesson((), ())


@click.command()
@click.argument("who", required=False)
@click.argument("photos", nargs=-1, type=Path, metavar="[PHOTO...]")
@click.option("--home", help="The home's id; not needed where there is one home only.")
@click.option("--detector", "name", help="Which detector finds the animal in a photo.")
@click.option("--forget", is_flag=True, help="Delete what photos taught of WHO.")
@click.option("--json", "as_json", is_flag=True, help="JSON, one object for each pet.")
def teach(
    who: str | None, *, photos: tuple[Path, ...], home: str | None, name: str | None, forget: bool, as_json: bool
) -> None:
    """Teach what a pet looks like, by PHOTOs that show it alone: teach pet.daisy a.jpg b.jpg c.jpg.

    Without PHOTOs those that the home file lists for WHO are taken; without WHO only the table is shown: each photo judged by
    all the others, as a camera would judge. Of a photo its coat's colour is kept, and not the photo.
    """
    own = settings()
    with opened(own) as store:
        listing = store.export_home(chosen_home(store, home))
        try:
            lesson = _change(own, store, listing, who, photos, name, forget=forget)
            rows = told_apart(listing, looks_of(store, listing.home))
        except ImportError as error:
            hint = "Install it with: pip install 'proactive[vision]'"
            raise ProactiveError(f"Seeing needs {error.name}. {hint}") from error
    _show(listing, lesson, rows, as_json=as_json)


def _change(
    own: Settings, store: Store, home: Home, who: str | None, photos: Sequence[Path], name: str | None, *, forget: bool
) -> Lesson:
    """Do what was asked for and return what photos taught."""
    if who is None:
        return _NOTHING
    pet = who_is_taught(home, who)
    if forget:
        click.echo(f"Forgot {counted(store.unteach(home.home, pet.id), 'photo')} of {pet.name or pet.id}.", err=True)
        return _NOTHING
    given = photos or tuple(map(Path, pet.photos))
    if not given:
        message = "expected photos, found none here or in the home file."
        raise InputError(
            [Problem("no_photos", pet.id, message, f"Give some: proactive home teach {pet.id} a.jpg b.jpg")]
        )
    from proactive.app import choose_detector

    _, detector = choose_detector(own, name)
    lesson = learn(pet.id, photos_in(given), detector)
    store.teach(home.home, lesson.kept, at=clock.now())
    click.echo(f"{pet.name or pet.id}: {counted(len(lesson.kept), 'photo')} of {len(given)} learnt.", err=True)
    return lesson


def _show(home: Home, lesson: Lesson, rows: Sequence[Row], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            write_json(
                {
                    "who": row.subject,
                    "photos": row.photos,
                    "right": row.right,
                    "unknown": row.unsure,
                    "wrong": row.wrong,
                }
            )
    if rows and not as_json:
        click.echo(f"{'':16}{'photos':>8}{'right':>8}{'unknown':>9}{'wrong':>7}")
        for row in rows:
            counts = f"{row.photos:8}{row.right:8}{sum(row.unsure.values()):9}{sum(row.wrong.values()):7}"
            click.echo(f"{(home.by_id[row.subject].name or row.subject)[:16]:16}{counts}")
    if not rows and lesson is _NOTHING:
        click.echo("No pet has photos yet. For example: proactive home teach pet.daisy a.jpg b.jpg c.jpg", err=True)
    for line in advice(home, lesson, rows):
        click.echo(line, err=True)
