"""What commands about the past share: a rule, its home and the records, from the data folder or from files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from proactive.cli.desk import chosen_home, opened, settings, warn
from rules.home import Home
from rules.problem import InputError, Problem, nearest
from rules.record import Record
from rules.rule import Rule, parse_rule

if TYPE_CHECKING:
    from proactive.settings import Settings


@dataclass(frozen=True, slots=True)
class Given:
    """What was given on the command line: ids, or files."""

    rule: str | None
    home: str | None
    rules: str | None
    log: str | None
    rule_file: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A rule, its home, and the home's records in the order of their arrival; `live` where they are the data folder's."""

    rule: Rule
    home: Home
    records: Iterable[Record]
    live: bool


def of_the_past(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options by which the past is found."""
    for option in (
        click.option("--log", help="Records as JSON lines, instead of the data folder's; - is the standard input."),
        click.option("--rules", help="Rules as JSON lines, instead of the data folder's."),
        click.option("--home", help="The home's id, where there are several; with --log its home.yaml."),
    ):
        command = option(command)
    return command


@contextmanager
def past(given: Given) -> Iterator[Past]:
    """Find the rule, the home and the records; the records can be read while the block runs. Raise InputError."""
    with _from_files(given) if given.log is not None else _from_folder(given) as found:
        yield found


# --- the data folder --------------------------------------------------------------------------------------------


@contextmanager
def _from_folder(given: Given) -> Iterator[Past]:
    own = settings()
    with opened(own) as store:
        named = given.rule_file or given.rules
        if named is not None:
            rule = _rule_in(named, given.rule)
            home = store.export_home(rule.home)
        else:
            home = store.export_home(chosen_home(store, given.home))
            # One that is dropped has a past too.
            rule = store.last_rule(home.home, _id(given)) or store.rule(home.home, _id(given))
    with _stored(own) as records:
        yield Past(rule, home, records, live=True)


@contextmanager
def _stored(own: Settings) -> Iterator[Iterable[Record]]:
    """Yield the records of the data folder's log, also while `serve` appends to it; none where nothing ran yet."""
    from proactive import app
    from rules.record import decode

    if not own.log.exists():
        yield ()
        return
    with app.open_log(own) as log:
        yield map(decode, log.lines())


# --- files ------------------------------------------------------------------------------------------------------


@contextmanager
def _from_files(given: Given) -> Iterator[Past]:
    from proactive.home_file import load_homes
    from streams.dead_letters import DeadLetters
    from streams.lines import read_lines

    assert given.log is not None
    named = given.rule_file or given.rules
    if given.home is None or named is None:
        problem = Problem("missing", "--log", "needs the home and the rule as files too.", "Give --home and --rules.")
        raise InputError([problem])
    rule = _rule_in(named, given.rule)
    homes = {home.home: home for home in load_homes([given.home], warn)}
    if rule.home not in homes:
        message = f"rule {rule.id!r} is of home {rule.home!r}, which is not there."
        raise InputError([Problem("unknown_home", given.home, message, nearest(rule.home, homes))])
    with DeadLetters(None, lambda text: click.echo(text, err=True)) as letters:
        batches = read_lines(given.log, letters)
        yield Past(rule, homes[rule.home], (record for batch in batches for record in batch), live=False)


def _rule_in(file: str, id: str | None) -> Rule:
    """Return the rule of a file with an id, or the only one of the file."""
    found = {rule.id: rule for rule in rules_in(file)}
    if id is None and len(found) == 1:
        return next(iter(found.values()))
    if id is None:
        message = f"expected one rule, found {len(found)}: {', '.join(list(found)[:10])}."
        raise InputError([Problem("which_rule", file, message, "Name one.")])
    if id not in found:
        hint = nearest(id, found) or f"It has {', '.join(list(found)[:10])}."
        raise InputError([Problem("unknown_rule", file, f"has no rule {id!r}.", hint)])
    return found[id]


def rules_in(file: str) -> Iterator[Rule]:
    """Yield the rules of a file: one JSON object, or one a line. Raise InputError with file and line."""
    try:
        text = Path(file).read_bytes()
    except OSError as error:
        raise InputError(
            [Problem("unreadable", file, f"cannot be read: {error.strerror}.", "Check the path.")]
        ) from error
    try:
        yield parse_rule(msgspec.json.decode(text), file)
        return
    except msgspec.DecodeError:
        lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _rule(line, f"{file}:{number}")


def _rule(line: bytes, where: str) -> Rule:
    try:
        return parse_rule(msgspec.json.decode(line), where)
    except msgspec.DecodeError as error:
        message = f"expected one rule as a JSON object: {error}."
        raise InputError([Problem("not_json", where, message)]) from error


def _id(given: Given) -> str:
    if given.rule is None:
        raise InputError([Problem("missing", "RULE", "expected the id of a rule.", "See: proactive rules list")])
    return given.rule
