"""What commands share at the desk of a person: the settings and the store, the home that is meant, and warnings."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from proactive.settings import Settings, load, unknown_settings
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.store import Store


def settings() -> Settings:
    """Return the settings in force, with a warning on stderr for each that is misspelt."""
    found = load()
    for problem in unknown_settings(found):
        warn(problem)
    return found


@contextmanager
def opened(own: Settings | None = None) -> Iterator[Store]:
    """Open the store of the settings."""
    from proactive import app

    with app.open_store(own or settings()) as store:
        yield store


def enforced(settings: Settings, store: Store) -> None:
    """Bring the log in line with the rules that changed in the store, and say on stderr who watches from now on."""
    from proactive.standing import enforce, in_force

    click.echo(in_force(enforce(settings, store)), err=True)


def chosen_home(store: Store, wanted: str | None) -> str:
    """Return the id of the home that is meant: the one named, or the only one there is. Raise InputError."""
    known = store.home_ids()
    if wanted is not None:
        return store.export_home(wanted).home
    if len(known) == 1:
        return known[0]
    if not known:
        hint = "Import one with: proactive home import home.yaml"
        raise InputError([Problem("no_home", "", "the store has no home yet.", hint)])
    some = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
    raise InputError([Problem("which_home", "", f"the store has {len(known)} homes: {some}.", "Name one.")])


@contextmanager
def until_told(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGTERM and SIGINT while the block runs."""
    before = {name: signal.signal(name, lambda *_: stop()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def warn(problem: Problem) -> None:
    """Show a problem that stops nothing."""
    click.echo(f"Warning: {problem}", err=True)


def write_json(value: Any) -> None:
    """Write a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `1 home`, `2 homes`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
