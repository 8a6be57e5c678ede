"""`proactive say`: words become a rule, which is read back and saved on a yes; what is said next may change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from proactive import clock
from proactive.cli.desk import chosen_home, opened, settings
from proactive.cli.talk import Desk, talk_of
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store
    from rules.home import Home


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--audio", type=click.Path(), help="Take the words from a recording (wav, webm, ogg, mp4) instead of TEXT."
)
@click.option("--as", "who", help="Who says it, as person.greg; default: the home's default speaker.")
@click.option(
    "--yes",
    is_flag=True,
    help="Save the rule, or do what was understood, without asking; not where a recording was hard to hear.",
)
@click.option("--home", "wanted", help="A home.yaml, which is imported first, or a home's id; not needed for one home.")
@click.option("--new", "anew", is_flag=True, help="Begin a new conversation: TEXT refers to nothing said before.")
@click.option("--ask/--no-ask", "asking", default=None, help="Ask until it is settled; default: on a terminal.")
@click.option("--debug", is_flag=True, help="Show how a language model read it, and what that took.")
def say(
    text: tuple[str, ...],
    audio: str | None,
    who: str | None,
    yes: bool,
    wanted: str | None,
    anew: bool,
    asking: bool | None,
    debug: bool,
) -> None:
    """Make a rule from TEXT, or change one: it is read back, and saved when you say yes.

    What is said within ten minutes goes on with the conversation: "make it ten instead", "the black one", "yes".
    """
    own = _debugged(settings()) if debug else settings()
    if bool(text) == (audio is not None):
        raise click.UsageError("Expected words, or --audio with a recording: one of the two.")
    with opened(own) as store:
        talk = talk_of(own, store, _home(store, wanted), who)
        if anew:
            talk.begin_anew(clock.now())
        words, sure = (" ".join(text), True) if audio is None else _heard(audio, own, talk.listing())
        Desk(own, talk, yes=yes and sure, asking=asking).settle(words)


def _heard(path: str, own: Settings, home: Home) -> tuple[str, bool]:
    """Return what is said in a recording, and whether that is sure; show both, since it may have been misheard."""
    from proactive.voice.hearing import DOUBTFUL, load_hearing
    from proactive.voice.recording import words_of

    heard = words_of(path, load_hearing(own), home)
    sure = heard.sure >= DOUBTFUL
    click.echo(f"Heard: {heard.text}" if sure else f"Heard, but I am not sure: {heard.text}", err=True)
    return heard.text, sure


def _debugged(own: Settings) -> Settings:
    return replace(own, llm_options={**own.llm_options, "PROACTIVE_LLM_DEBUG": "1"})


def _home(store: Store, wanted: str | None) -> Home:
    """Return the home that is meant; a home file is imported first, so that its rules have a home to live in."""
    from pathlib import Path

    if wanted is not None and Path(wanted).is_file():
        from proactive.home_file import load_homes

        homes = load_homes([wanted])
        if len(homes) != 1:
            raise InputError([Problem("which_home", wanted, f"expected one home, found {len(homes)}.")])
        store.import_homes(homes)
        return store.export_home(homes[0].home)
    return store.export_home(chosen_home(store, wanted))
