"""`proactive ask`: a question about now or the past, answered from what was recorded, decided and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import click

from proactive import clock
from proactive.cli.desk import chosen_home, opened, settings, warn, write_json
from rules.problem import InputError, Problem, nearest
from rules.units import instant, moment

if TYPE_CHECKING:
    from proactive.answer.answer import Answer
    from proactive.answer.archive import Archive
    from proactive.language.answerer.answerer import Answerer
    from proactive.language.fact import Fact
    from proactive.language.outcome import Outcome
    from proactive.notification import Notification
    from proactive.settings import Settings
    from proactive.store import Store
    from rules.home import Home
    from rules.rule import Rule

FAR = 1_000_000  # notifications that are looked through, the last ones


@dataclass(frozen=True, slots=True)
class Known:
    """What a question is asked of: a home, its archive and rules, what was notified (None: not known), when it is now, told facts.

    `answerer` reads what nobody else can; `shown` says what owners showed to a person, or hid from them.
    """

    home: Home
    archive: Archive
    now: int
    rules: tuple[Rule, ...] = ()
    notices: tuple[Notification, ...] | None = None
    facts: tuple[Fact, ...] = ()
    answerer: Answerer | None = None
    shown: Callable[[str], Mapping[str, bool]] = lambda _: {}


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--as", "who", help="Who asks, as person.greg; default: the home's default speaker.")
@click.option("--home", "wanted", help="The home's id, where there are several; with --log its home.yaml.")
@click.option(
    "--log", help="Records as JSON lines, instead of the data folder's; - is the standard input. Now is its end."
)
@click.option("--rules", "rule_file", help="With --log: the rules as JSON lines, for questions such as why.")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON: the answer, its evidence, and the query that was understood."
)
def ask(
    text: tuple[str, ...], who: str | None, wanted: str | None, log: str | None, rule_file: str | None, as_json: bool
) -> None:
    """Answer a question about now or the past, such as "did someone let the dog out today?".

    What could not be seen, because a camera was off or nobody was watching, is said with the answer.
    """
    with _files(wanted, log, rule_file) if log is not None else _folder(wanted) as known:
        speaker = who or known.home.speaker
        _check_speaker(speaker, known.home)
        outcome = understood(" ".join(text), speaker, known)
        answer = answered(outcome, speaker, known) if outcome.query is not None else None
    if as_json:
        write_json(shown(outcome, answer))
    elif answer is None:
        click.echo(outcome.reply)
        for choice in (choice for ask in outcome.asks for choice in ask.choices):
            click.echo(f"  {choice.label}")
    else:
        tell(answer, outcome)


def tell(answer: Answer, outcome: Outcome) -> None:
    """Show an answer, what was left out of its question, and the picture that its evidence has."""
    click.echo(answer.text)
    for note in outcome.notes:
        click.echo(f"Note: {note}")
    if answer.picture is not None:
        click.echo(f"Picture: {answer.picture}")


def understood(text: str, speaker: str | None, known: Known) -> Outcome:
    """Return what was understood of a question: its query, or why there is none. What is refused is so here too."""
    from proactive.language.answerer.answerer import question_of
    from proactive.language.policy.gate import refusal
    from proactive.language.request import Request

    request = Request(text, known.home, speaker, now=moment(known.now), rules=known.rules)
    return refusal(request) or question_of(request, known.answerer)


def answered(outcome: Outcome, speaker: str | None, known: Known) -> Answer:
    """Return the answer to what was understood."""
    from proactive.access.access import Access
    from proactive.answer.answering import answer

    access = Access(known.home, speaker, known.shown(speaker or ""))
    assert outcome.query is not None, "only a question with a query is answered"
    return answer(
        outcome.query,
        known.archive,
        known.home,
        known.now,
        asker=speaker,
        access=access,
        rules=access.rules(known.rules),
        notices=known.notices,
        facts=known.facts,
    )


def shown(outcome: Outcome, answer: Answer | None) -> dict[str, object]:
    """Return the JSON object of `ask` (`docs/formats.md`, "Commands")."""
    query = None if outcome.query is None else outcome.query.as_json()
    asks = [ask.as_json() for ask in outcome.asks]
    read: dict[str, list[object]] = {
        "notes": [*outcome.notes],
        "usage": [asdict(usage) for usage in outcome.usage],
        "debug": [*outcome.debug],
    }
    more = {name: value for name, value in read.items() if value}
    if answer is None:
        return {"outcome": outcome.outcome, "answer": outcome.reply, "asks": asks, "query": query, **more}
    return {"outcome": outcome.outcome, **answer.as_json(), "query": query, **more}


# --- where it is kept -------------------------------------------------------------------------------------------


@contextmanager
def _folder(wanted: str | None) -> Iterator[Known]:
    """Yield what the data folder knows."""
    from proactive import app

    own = settings()
    with opened(own) as store, kept(own, store, chosen_home(store, wanted)) as known:
        yield replace(known, answerer=app.load_answerer(own, store))


@contextmanager
def kept(own: Settings, store: Store, home: str) -> Iterator[Known]:
    """Yield what an open store and the log of its data folder know of a home, also while `serve` appends to the log."""
    from proactive import app
    from proactive.answer.archive import Recorded
    from proactive.answer.kept import Kept
    from proactive.language.talk.facts import enriched

    now = clock.now()
    facts = tuple(store.facts(home))
    listing = enriched(store.export_home(home), facts)
    rules, notices = tuple(store.rules(home)), tuple(reversed(store.notifications(home, limit=FAR)))

    def shown(person: str) -> Mapping[str, bool]:
        return store.shown(home, person)

    if not own.log.exists():
        yield Known(listing, Recorded((), home), now, rules, notices, facts, shown=shown)
        return
    with app.open_log(own) as log:
        yield Known(listing, Kept(log, home), now, rules, notices, facts, shown=shown)


@contextmanager
def _files(wanted: str | None, log: str, rule_file: str | None) -> Iterator[Known]:
    """Yield what files know: now is the time of their last record."""
    from proactive import app
    from proactive.answer.archive import Recorded
    from proactive.cli.past import rules_in
    from proactive.home_file import load_homes
    from streams.dead_letters import DeadLetters
    from streams.lines import read_lines

    if wanted is None:
        raise InputError([Problem("missing", "--log", "needs the home as a file too.", "Give --home.")])
    homes = load_homes([wanted], warn)
    if len(homes) != 1:
        raise InputError([Problem("which_home", wanted, f"expected one home, found {len(homes)}.")])
    with DeadLetters(None, lambda text: click.echo(text, err=True)) as letters:
        records = [record for batch in read_lines(log, letters) for record in batch]
    archive = Recorded(records, homes[0].home)
    now = max((instant(record.time) for record in records), default=clock.now())
    rules = tuple(rules_in(rule_file)) if rule_file is not None else ()
    yield Known(homes[0], archive, now, rules, answerer=app.load_answerer(settings()))


def _check_speaker(who: str | None, home: Home) -> None:
    people = [person.id for person in home.people]
    if who is not None and who not in people:
        message = f"expected one of {', '.join(people) or 'nobody'}; found {who!r}."
        raise InputError([Problem("unknown_person", "--as", message, nearest(who, people))])
