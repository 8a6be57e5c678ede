"""The demo's screen: what happened, as it happens, in plain text. Every line is rendered from what was computed."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

import click

from proactive.demo.morning import SAID
from proactive.demo.sighting import Sighting
from proactive.demo.story import Began, Decided, Event, Explained, Understood, Watched
from rules.home import Home
from rules.units import WEEKDAYS
from rules.words.names import called, plain
from rules.words.times import clock_of, day_name, joined, length, on_date

WIDEST = 96
_LABEL = 12  # columns for what stands at the left


class Screen:
    """Writes events of the story in one home, whose pictures are in `data`."""

    def __init__(self, home: Home, data: Path) -> None:
        self._home, self._data, self._zone = home, data, ZoneInfo(home.time_zone)
        self._width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
        self._explaining = False

    def opening(self, rows: dict[str, str]) -> None:
        """Write the title, and what is real and what is made."""
        click.secho("The Daisy story: words, a film, a rule, a notification", bold=True)
        for label, text in rows.items():
            self._row(label, text)

    def show(self, event: Event) -> None:
        """Write one event."""
        match event:
            case Understood():
                self._understood(event)
            case Began():
                self._heading(f"{_day(event.morning.day)}: {event.morning.title}")
            case Watched():
                self._watched(event)
            case Decided():
                self._decided(event)
            case Explained():
                self._explained(event)
            case _:
                assert_never(event)

    def _understood(self, event: Understood) -> None:
        self._heading(f"{_day(SAID.date())}, {clock_of(SAID)}")
        speaker = called(event.rule.owner or "", self._home)
        self._row("words", f'{speaker} says: "{event.said}"')
        took = f"{event.outcome.took_ms:.0f} ms"
        self._row(
            "rule", f"{event.rule.id}, by the {event.outcome.model} compiler in {took}, read back from what is stored:"
        )
        self._row("", event.outcome.reply)

    def _watched(self, event: Watched) -> None:
        span = round((event.ends - event.begins).total_seconds())
        film = f"{event.scene.film.name}, {span} s: {event.frames} frames looked at in {event.took:.0f} s"
        self._row(self._clock(event.begins), film)
        for sighting in event.sightings:
            self._row("", self._seen(sighting))
            if sighting.picture:
                click.echo(" " * (_LABEL + 2) + sighting.picture)
        if not event.sightings:
            self._row("", "Nobody was seen.")
        if event.scene.then_off:
            self._row(self._clock(event.ends), f"{_capital(called(self._home.cameras[0].id, self._home))} goes off.")

    def _seen(self, sighting: Sighting) -> str:
        who = called(sighting.subject, self._home) if sighting.subject else f"a {sighting.label}"
        who = f"an unknown {sighting.label}" if sighting.subject == "unknown" else who
        doing = "was seen eating" if sighting.told == "eating" else "was seen"
        place = f" at the {plain(sighting.zone)}" if sighting.zone else ""
        lasted = (sighting.end - sighting.start).total_seconds()
        sure = f"{sighting.label}, {sighting.confidence:.0%}"
        return f"{_capital(who)} {doing}{place} from {self._clock(sighting.start)}, for {lasted:.1f} s ({sure})."

    def _decided(self, event: Decided) -> None:
        if not event.notifications:
            verdicts = ", ".join(firing.verdict for firing in event.firings)
            self._row("noon", f"Nobody is told anything{f' ({verdicts})' if verdicts else ''}.")
            return
        told = joined(dict.fromkeys(called(sent.person, self._home) for sent in event.notifications))
        self._row("noon", f"{told} gets:")
        for line in _wrapped(event.written, self._width - _LABEL - 4):
            click.echo(f"  {'':{_LABEL}}| {line}")

    def _explained(self, event: Explained) -> None:
        if self._explaining:
            click.echo()
        else:
            self._explaining = True
            self._heading("Why?")
        for line in event.text.splitlines():
            item = line.startswith("- ")
            for part in textwrap.wrap(
                line,
                self._width,
                initial_indent="    " if item else "  ",
                subsequent_indent="      " if item else "  ",
                break_long_words=False,
                break_on_hyphens=False,
            ):
                click.echo(part)

    def note(self, text: str) -> None:
        """Write advice under what was shown last."""
        self._row("", text)

    def closing(self, seconds: float) -> None:
        """Write where everything is kept and how long it took."""
        click.echo()
        took = length(round(seconds) * 1_000_000)
        self._row("kept", f"{self._data}: the log, the store and the pictures; it took {took}.")

    def _heading(self, text: str) -> None:
        click.echo()
        click.secho(text, bold=True)

    def _row(self, label: str, text: str) -> None:
        room = max(self._width - _LABEL - 2, 20)
        for number, line in enumerate(_lines(text, room)):
            click.echo(f"  {label if number == 0 else '':{_LABEL}}{line}")

    def _clock(self, time: datetime) -> str:
        return clock_of(time.astimezone(self._zone).replace(microsecond=0))


def _day(day: date) -> str:
    return f"{day_name(WEEKDAYS[day.weekday()])}, {on_date(day)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wrapped(written: str, width: int) -> Iterator[str]:
    """Yield the lines of a message, long ones broken at words under the same margin; a path stays whole."""
    for line in written.splitlines():
        margin = " " * (len(line) - len(line.lstrip()))
        yield from _lines(line.strip(), width, margin)


def _lines(text: str, width: int, margin: str = "") -> list[str]:
    if " " not in text:
        return [margin + text]
    return textwrap.wrap(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
