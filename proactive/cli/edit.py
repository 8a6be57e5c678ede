"""`proactive rules edit`: a rule that stands is changed in words, read back, and saved as its next version on a yes."""

from __future__ import annotations

import click

from proactive import clock
from proactive.cli.desk import chosen_home, opened, settings
from proactive.cli.talk import Desk, talk_of


@click.command()
@click.argument("rule")
@click.argument("text", nargs=-1, required=True)
@click.option("--as", "who", help="Who says it, as person.greg; default: the home's default speaker.")
@click.option("--yes", is_flag=True, help="Save what was understood, without asking.")
@click.option("--home", help="The home's id; not needed where there is one home only.")
def edit(rule: str, text: tuple[str, ...], who: str | None, yes: bool, home: str | None) -> None:
    """Change RULE as TEXT says: "make it one o'clock", "only on weekdays", "tell Maya too".

    It is read back, with what it would have done lately, and saved as the rule's next version when you say yes.
    """
    own = settings()
    with opened(own) as store:
        known = store.export_home(chosen_home(store, home))
        talk = talk_of(own, store, known, who)
        talk.speak_of(store.rule(known.home, rule), clock.now())
        Desk(own, talk, yes=yes, only=rule).settle(" ".join(text))
